#include "privacy/cells.h"
#include "base/memory.h"
#include "data/majority.h"
#include "data/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECURRING 4 /* rows for each of a few values, on average */

/* The counts that are checked. `set` is NULL where the rows are not at hand, and `subject` where
 * rows are counted. */
struct cells {
	const struct flp_site *site;
	const struct flp_record *stats;
	const struct flp_dataset *set;
	struct flp_majority *majority; /* of each column of `set` */
	const uint32_t *subject;
	uint32_t *seen[2]; /* for each person: the last count it was out of, or in */
	uint32_t counts;   /* how many counts there were */
	struct flp_texts names;
	struct flp_schema schema;
	int refused;             /* 1: a column was refused, */
	struct flp_texts others; /* and further columns after it */
	uint64_t rows;
	size_t d;
};

/* The sides on which a row may be: outside the count but in its total, in the count, or neither. */
enum side { OUT, IN, NEITHER };

/* A count: a function that says on which side of it a row is, and the column or class, or the
 * first of n columns, or the column and its majority. */
struct count {
	enum side (*side)(const struct flp_dataset *set, const struct count *count, size_t row);
	size_t of, n;
	double majority; /* or the value that is counted */
};

static double
value(const struct flp_dataset *set, size_t column, size_t row)
{
	size_t i = row * set->d + column;

	return set->x_f32 != NULL ? (double)set->x_f32[i] : set->x_u8[i];
}

static enum side
in_all(const struct flp_dataset *set, const struct count *count, size_t row)
{
	(void)set, (void)count, (void)row;
	return IN;
}

static enum side
has_value(const struct flp_dataset *set, const struct count *count, size_t row)
{
	return set->missing != NULL && set->missing[row * set->d + count->of] ? OUT : IN;
}

static enum side
has_one(const struct flp_dataset *set, const struct count *count, size_t row)
{
	if (has_value(set, count, row) == OUT)
		return NEITHER;
	return value(set, count->of, row) == 1 ? IN : OUT;
}

static enum side
has_same(const struct flp_dataset *set, const struct count *count, size_t row)
{
	return has_value(set, count, row) == OUT || value(set, count->of, row) != count->majority ?
	    NEITHER : IN;
}

static enum side
has_other(const struct flp_dataset *set, const struct count *count, size_t row)
{
	return has_value(set, count, row) == OUT || value(set, count->of, row) == count->majority ?
	    NEITHER : IN;
}

/* Whether none of the columns has a one. */
static enum side
has_none(const struct flp_dataset *set, const struct count *count, size_t row)
{
	if (has_value(set, count, row) == OUT)
		return NEITHER;
	for (size_t j = count->of; j < count->of + count->n; j++)
		if (value(set, j, row) == 1)
			return OUT;
	return IN;
}

static enum side
has_class(const struct flp_dataset *set, const struct count *count, size_t row)
{
	return set->classes[row] == count->of ? IN : OUT;
}

/* Checks how many people are in a count, and how many are outside it. */
static int
check_people(struct cells *c, const struct count *count, struct flp_error *e)
{
	uint64_t people[2] = { 0, 0 };

	c->counts++;
	for (size_t i = 0; i < c->set->n; i++) {
		enum side side = count->side(c->set, count, i);
		uint32_t *seen = side == NEITHER ? NULL : &c->seen[side][c->subject[i]];

		if (seen != NULL && *seen != c->counts) {
			*seen = c->counts;
			people[side]++;
		}
	}
	return flp_site_cell(c->site, people[IN], people[IN] + people[OUT], e);
}

static int
check_count(struct cells *c, struct count count, uint64_t rows, uint64_t total,
    struct flp_error *e)
{
	return c->subject != NULL ? check_people(c, &count, e) :
	    flp_site_cell(c->site, rows, total, e);
}

/* 1 for values that recur, as codes do; measured values are as many as rows. */
static int
recur(const struct flp_majority *m)
{
	uint64_t n = 0;

	for (unsigned k = 0; m->distinct <= FLP_MAJORITY_FEW && k < m->distinct; k++)
		n += m->few[k].n;
	return m->distinct <= FLP_MAJORITY_FEW && n >= RECURRING * (uint64_t)m->distinct;
}

/* Of up to three values, the number of rows, the sum and the sum of squares tell how many rows have
 * each, so these are counts. Otherwise the rows that have another value than most are one. */
static int
check_values(struct cells *c, size_t j, struct flp_error *e)
{
	const struct flp_majority *m = c->majority == NULL ? NULL : &c->majority[j];
	int status = 0;

	if (m == NULL)
		return 0;
	for (unsigned k = 0; status == 0 && recur(m) && k < m->distinct; k++)
		status = check_count(c, (struct count){ .side = has_same, .of = j,
		    .majority = m->few[k].value }, m->few[k].n, m->few[k].n, e);
	if (status == 0 && m->others != UINT64_MAX)
		status = check_count(c, (struct count){ .side = has_other, .of = j,
		    .majority = m->value }, m->others, m->others, e);
	return status == 0 ? 0 : flp_error_add(e, "the count is of rows that have another value than "
	    "most; leave out these rows or the column");
}

static int
check_column(struct cells *c, size_t j, struct flp_error *e)
{
	uint64_t count = ((const uint64_t *)flp_record_values(c->stats, "count", NULL))[j], ones;

	if (check_count(c, (struct count){ .side = has_value, .of = j }, count, c->rows, e) < 0)
		return flp_error_add(e, "the count is of rows that have a value; leave out the few rows "
		    "that differ, or all values of the column");
	if (!flp_stats_ones(c->stats, j, &ones))
		return check_values(c, j, e);
	return check_count(c, (struct count){ .side = has_one, .of = j }, ones, count, e);
}

/* The rows that have none of the n levels from column j on: those of the reference or, without
 * one, those where zeros stand for a missing level. Whoever has the statistics can subtract. Data
 * that fl-import did not make may hold other values in a column without a reference, which then
 * counts nothing. */
static int
check_none(struct cells *c, size_t j, size_t n, int reference, struct flp_error *e)
{
	const uint64_t *count = flp_record_values(c->stats, "count", NULL);
	uint64_t others = 0, ones;

	for (size_t k = j; k < j + n; k++) {
		if (count[k] != count[j] || !flp_stats_ones(c->stats, k, &ones) ||
		    ones > count[j] - others)
			return !reference ? 0 : flp_error_bad(e, "expected a row to have one level at most, "
			    "found other counts");
		others += ones;
	}
	return n == 0 ? 0 : check_count(c, (struct count){ .side = has_none, .of = j, .n = n },
	    count[j] - others, count[j], e);
}

/* Column x of the schema, with n features from j on. */
static int
check_levels(struct cells *c, const struct flp_column *x, size_t j, size_t n, struct flp_error *e)
{
	for (size_t k = j; k < j + n; k++)
		if (check_column(c, k, e) < 0)
			return -1;
	return x->kind != FLP_COLUMN_LEVEL ? 0 :
	    check_none(c, j, n, flp_schema_reference(&c->schema, x) >= 0, e);
}

/* Takes what was found in a column. The first refusal is kept, and the columns of others are
 * named in it, so that a site sees at once what to leave out. */
static int
take(struct cells *c, const char *name, int status, struct flp_error *found, struct flp_error *e)
{
	if (status == 0)
		return 0;
	if (found->code == FLP_ERROR_BAD && c->refused)
		return flp_texts_add(&c->others, name, strlen(name), UINT32_MAX, e);
	c->refused = 1;
	flp_error_at(found, "column %s", name);
	*e = *found;
	return found->code == FLP_ERROR_BAD ? 0 : -1;
}

static int
check_columns(struct cells *c, struct flp_error *e)
{
	char number[FLP_TEXTS_NUMBER];
	struct flp_error found;
	size_t j = 0, n;

	for (size_t i = 0; i < c->schema.columns; i++, j += n) {
		const struct flp_column *x = &c->schema.x[i];

		n = flp_schema_width(&c->schema, x);
		if (take(c, x->name, check_levels(c, x, j, n, &found), &found, e) < 0)
			return -1;
	}
	for (; j < c->d; j++)
		if (take(c, flp_texts_name(&c->names, j, number), check_column(c, j, &found), &found,
		    e) < 0)
			return -1;
	return 0;
}

static int
check_classes(struct cells *c, struct flp_error *e)
{
	const struct flp_tensor *t;
	const uint64_t *class = flp_record_values(c->stats, "class", &t);
	struct flp_error found;

	int status = 0;

	for (size_t k = 0; status == 0 && class != NULL && k < t->count; k++)
		status = check_count(c, (struct count){ .side = has_class, .of = k }, class[k],
		    c->rows, &found);
	return take(c, c->schema.y.name != NULL ? c->schema.y.name : "of the classes", status, &found,
	    e);
}

static int
name_others(struct cells *c, struct flp_error *e)
{
	char list[512], more[600];

	flp_texts_list(&c->others, list, sizeof list);
	snprintf(more, sizeof more, "also refused: column%s %s",
	    c->others.n == 1 ? "" : "s", list);
	return c->others.n == 0 ? -1 : flp_error_add(e, more);
}

static int
check_all(struct cells *c, struct flp_error *e)
{
	if (check_count(c, (struct count){ .side = in_all }, c->rows, c->rows, e) < 0)
		return flp_error_at(e, "rows");
	if (check_columns(c, e) < 0 || check_classes(c, e) < 0)
		return -1;
	return c->refused ? name_others(c, e) : 0;
}

static int
check(struct cells *c, struct flp_error *e)
{
	struct flp_texts classes = { 0 }, lines = { 0 };
	int status = -1;

	if (flp_stats_check(c->stats, e) < 0 ||
	    flp_stats_columns(c->stats, &c->d, &c->names, e) < 0)
		return -1;
	if (flp_meta_u64(&c->stats->header.meta, "examples", 0, UINT64_MAX, &c->rows, e) >= 0 &&
	    flp_description_names(&classes, c->stats, ":classes", e) == 0 &&
	    flp_description_schema(&lines, c->stats, c->d, &c->names, &classes, e) == 0 &&
	    flp_schema_take(&c->schema, &lines, ":schema", e) == 0)
		status = check_all(c, e);
	flp_texts_free(&classes);
	flp_texts_free(&lines);
	flp_schema_free(&c->schema);
	flp_texts_free(&c->names);
	flp_texts_free(&c->others);
	return status;
}

/* Finds what most rows of each column have, where the rows are at hand. */
static int
check_set(struct cells *c, struct flp_error *e)
{
	int status = 0;

	if (c->set != NULL && c->set->d > 0 && c->site->min_count.set) {
		if ((c->majority = flp_memory_new(c->set->d, sizeof *c->majority, e)) == NULL)
			return -1;
		status = flp_majority_of(c->majority, c->set, e);
	}
	if (status == 0)
		status = check(c, e);
	free(c->majority);
	return status;
}

int
flp_cells_check(const struct flp_site *site, const struct flp_record *stats,
    const struct flp_dataset *set, struct flp_error *e)
{
	struct cells c = { .site = site, .stats = stats, .set = set };

	return check_set(&c, e);
}

int
flp_cells_people(const struct flp_site *site, const struct flp_record *stats,
    const struct flp_dataset *set, const uint32_t *subject, size_t subjects,
    struct flp_error *e)
{
	struct cells c = { .site = site, .stats = stats, .set = set, .subject = subject };
	int status = -1;

	if ((c.seen[OUT] = flp_memory_new(subjects, sizeof *c.seen[OUT], e)) != NULL &&
	    (c.seen[IN] = flp_memory_new(subjects, sizeof *c.seen[IN], e)) != NULL)
		status = check_set(&c, e);
	free(c.seen[OUT]);
	free(c.seen[IN]);
	return status;
}

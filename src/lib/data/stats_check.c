#include "base/memory.h"
#include "data/schema.h"
#include "data/stats.h"
#include "kernel/digits.h"

#include <stdlib.h>
#include <string.h>

#define FLOAT_DIGITS ((int64_t)0xffffff) /* FLT_MAX is this times 2^104 */
#define FLOAT_EXPONENT 104

/* The statistics of one column: over `count` rows, the sum in units of 2^-160, and the sum of
 * squares in units of 2^-320. */
struct column {
	uint64_t count;
	struct flp_wide sum, sumsq;
};

static struct column
column_of(const struct flp_record *stats, size_t j)
{
	const uint64_t *count = flp_record_values(stats, "count", NULL);
	const int64_t *sum = flp_record_values(stats, "sum", NULL);
	const int64_t *sumsq = flp_record_values(stats, "sumsq", NULL);

	return (struct column){ count[j], flp_digits_wide(sum + j * FLP_DIGITS_SUM, FLP_DIGITS_SUM),
		flp_digits_wide(sumsq + j * FLP_DIGITS_SUMSQ, FLP_DIGITS_SUMSQ) };
}

/* count * sumsq - sum^2, in units of 2^-320. */
static struct flp_wide
spread(const struct column *c)
{
	struct flp_wide s = c->sumsq, square;

	flp_wide_multiply(&s, c->count);
	flp_wide_square(&square, &c->sum);
	flp_wide_subtract(&s, &square);
	return s;
}

/* Whether w is at most count * most * 2^shift. */
static int
within(const struct flp_wide *w, uint64_t count, int64_t most, unsigned shift)
{
	struct flp_wide limit = { { 0 } };

	flp_wide_add(&limit, most, shift);
	flp_wide_multiply(&limit, count);
	return flp_wide_compare(w, &limit) <= 0;
}

static int
check_column(const struct column *c, uint64_t examples, struct flp_error *e)
{
	struct flp_wide size = c->sum, s;

	if (c->count > examples)
		return flp_error_bad(e, "count: expected at most the %llu examples, found %llu",
		    (unsigned long long)examples, (unsigned long long)c->count);
	flp_wide_magnitude(&size);
	if (!within(&size, c->count, FLOAT_DIGITS, FLOAT_EXPONENT + 160))
		return flp_error_bad(e, "sum: expected a sum of %llu f32 values, found a greater one",
		    (unsigned long long)c->count);
	if (flp_wide_sign(&c->sumsq) < 0 ||
	    !within(&c->sumsq, c->count, FLOAT_DIGITS * FLOAT_DIGITS, 2 * FLOAT_EXPONENT + 320))
		return flp_error_bad(e, "sumsq: expected a sum of squares of %llu f32 values, found %s",
		    (unsigned long long)c->count, flp_wide_sign(&c->sumsq) < 0 ? "a negative number" :
		    "a greater one");
	s = spread(c);
	if (flp_wide_sign(&s) < 0)
		return flp_error_bad(e, "sumsq: expected count * sumsq of at least sum^2, found less");
	return 0;
}

/* Whether the sum and the sum of squares of a column are whole numbers, here *sum. */
static void
whole_sums(const struct column *c, uint64_t *sum, int *of_x, int *of_squares)
{
	struct flp_wide rows = { { 0 } }, sumsq = { { 0 } };

	*sum = c->sum.word[2] >> 32 | c->sum.word[3] << 32;
	/* In units of 2^-160 the sum is a whole number only if it equals this. */
	flp_wide_add(&rows, 1, 160);
	flp_wide_multiply(&rows, *sum);
	flp_wide_add(&sumsq, 1, 320);
	flp_wide_multiply(&sumsq, *sum);
	*of_x = flp_wide_compare(&rows, &c->sum) == 0;
	*of_squares = flp_wide_compare(&sumsq, &c->sumsq) == 0;
}

int
flp_stats_ones(const struct flp_record *stats, size_t column, uint64_t *ones)
{
	struct column c = column_of(stats, column);
	int of_x, of_squares;

	whole_sums(&c, ones, &of_x, &of_squares);
	return of_x && of_squares;
}

/* Checks a column whose values are 0 or 1. A sum beyond the count has a negative spread, so it
 * is found elsewhere. */
static int
check_level(const struct column *c, struct flp_error *e)
{
	int of_x, of_squares;
	uint64_t sum;

	whole_sums(c, &sum, &of_x, &of_squares);
	if (!of_x)
		return flp_error_bad(e, "sum: expected the number of rows that have the level, found "
		    "another value (were missing levels filled in? see --missing keep)");
	if (!of_squares)
		return flp_error_bad(e, "sum, sumsq: expected the same number for a level, found two");
	return 0;
}

/* Each site's digits are below 2^32, so those of a sum are below 2^32 for each row. Greater
 * ones may cancel here, but make the sum of all too large for its type. */
static int
check_digits(const struct flp_record *stats, const char *name, size_t j, size_t digits,
    uint64_t examples, struct flp_error *e)
{
	const int64_t *digit = (const int64_t *)flp_record_values(stats, name, NULL) + j * digits;
	int64_t most = examples < (uint64_t)1 << 21 ? (int64_t)(examples << 32) : (int64_t)1 << 53;

	for (size_t k = 0; k < digits; k++)
		if (digit[k] > most || digit[k] < -most)
			return flp_error_bad(e, "%s: expected digits of at most 2^32 for each of the "
			    "examples, and 2^53, found a greater one", name);
	return 0;
}

static int
check_classes(const struct flp_record *stats, const struct flp_texts *names, uint64_t examples,
    struct flp_error *e)
{
	const struct flp_tensor *t;
	const uint64_t *class = flp_record_values(stats, "class", &t);
	unsigned __int128 rows = 0;

	if (class == NULL)
		return 0;
	if (t->dtype != FLP_DTYPE_U64 || t->rank != 1)
		return flp_error_bad(e, "class: expected u64 of rank 1, found %s of rank %u",
		    flp_dtype_name(t->dtype), t->rank);
	if (names->n > 0 && names->n != t->count)
		return flp_error_bad(e, "class: expected %zu classes, the names, found %llu", names->n,
		    (unsigned long long)t->count);
	for (size_t i = 0; i < t->count; i++)
		rows += class[i];
	if (rows != examples)
		return flp_error_bad(e, "class: expected as many rows in all as the %llu examples, "
		    "found %s", (unsigned long long)examples, rows > examples ? "more" : "fewer");
	return 0;
}

static int
at_column(const struct flp_texts *names, size_t j, struct flp_error *e)
{
	return names->n > 0 ? flp_error_at(e, "column %s", flp_texts_get(names, j)) :
	    flp_error_at(e, "column %zu", j);
}

/* Checks n columns from `from` on, which are levels or not. */
static int
check_columns(const struct flp_record *stats, size_t from, size_t n, int levels,
    const struct flp_texts *names, uint64_t examples, struct flp_error *e)
{
	for (size_t j = from; j < from + n; j++) {
		struct column c = column_of(stats, j);

		if (check_digits(stats, "sum", j, FLP_DIGITS_SUM, examples, e) < 0 ||
		    check_digits(stats, "sumsq", j, FLP_DIGITS_SUMSQ, examples, e) < 0 ||
		    check_column(&c, examples, e) < 0 || (levels && check_level(&c, e) < 0))
			return at_column(names, j, e);
	}
	return 0;
}

/* The schema, whose lines these are, has as many features as there are columns, or none. */
static int
check_all(const struct flp_record *stats, size_t d, const struct flp_texts *names,
    const struct flp_texts *lines, uint64_t examples, struct flp_error *e)
{
	struct flp_schema s = { 0 };
	size_t at = 0;
	int status = flp_schema_take(&s, lines, ":schema", e);

	for (size_t i = 0; status == 0 && i < s.columns; i++) {
		size_t width = flp_schema_width(&s, &s.x[i]);

		status = check_columns(stats, at, width, s.x[i].kind == FLP_COLUMN_LEVEL, names,
		    examples, e);
		at += width;
	}
	if (status == 0 && s.columns == 0)
		status = check_columns(stats, 0, d, 0, names, examples, e);
	flp_schema_free(&s);
	return status;
}

int
flp_stats_check(const struct flp_record *stats, struct flp_error *e)
{
	struct flp_texts names, classes = { 0 }, schema = { 0 };
	uint64_t examples = 0;
	size_t d;
	int has, status = -1;

	if (flp_stats_columns(stats, &d, &names, e) < 0)
		return -1;
	has = flp_meta_u64(&stats->header.meta, "examples", 0, UINT64_MAX, &examples, e);
	if (has == 0)
		flp_error_bad(e, "metadata: examples: expected in statistics, found nothing");
	else if (has > 0 && flp_description_names(&classes, stats, ":classes", e) == 0 &&
	    flp_description_schema(&schema, stats, d, &names, &classes, e) == 0 &&
	    check_classes(stats, &classes, examples, e) == 0)
		status = check_all(stats, d, &names, &schema, examples, e);
	flp_texts_free(&schema);
	flp_texts_free(&classes);
	flp_texts_free(&names);
	return status;
}

static int
scale_column(const struct column *c, double *center, double *scale, struct flp_error *e)
{
	struct flp_wide s;

	if (c->count < 2)
		return flp_error_bad(e, "count: expected at least 2 rows that have a value, found fewer");
	s = spread(c);
	*center = flp_wide_quotient(&c->sum, c->count, -160);
	*scale = flp_wide_sign(&s) > 0 ? flp_wide_root(&s, c->count, c->count - 1, -320) : 1;
	return 0;
}

int
flp_stats_scaling(const struct flp_record *stats, double *center, double *scale,
    struct flp_error *e)
{
	struct flp_texts names;
	size_t d;
	int status = 0;

	if (flp_stats_check(stats, e) < 0 || flp_stats_columns(stats, &d, &names, e) < 0)
		return -1;
	for (size_t j = 0; status == 0 && j < d; j++) {
		struct column c = column_of(stats, j);

		if (scale_column(&c, &center[j], &scale[j], e) < 0)
			status = at_column(&names, j, e);
	}
	flp_texts_free(&names);
	return status;
}

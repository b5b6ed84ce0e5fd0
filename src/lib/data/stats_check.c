#include "base/memory.h"
#include "data/stats.h"
#include "kernel/digits.h"

#include <stdlib.h>
#include <string.h>

#define FLOAT_DIGITS ((int64_t)0xffffff) /* FLT_MAX is this times 2^104 */
#define FLOAT_EXPONENT 104

/* The statistics of one column: of `count` rows the sum in unit 2^-160, and that of
 * squares in unit 2^-320. */
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

/* count * sumsq - sum^2, in unit 2^-320. */
static struct flp_wide
spread(const struct column *c)
{
	struct flp_wide s = c->sumsq, square;

	flp_wide_multiply(&s, c->count);
	flp_wide_square(&square, &c->sum);
	flp_wide_subtract(&s, &square);
	return s;
}

/* w is at most count * most * 2^shift. */
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
		return flp_error_bad(e, "count: expected at most %llu, the examples, found %llu",
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

/* Of values that are 0 or 1. A sum beyond the count has too small a spread. */
static int
check_level(const struct column *c, struct flp_error *e)
{
	struct flp_wide rows = { { 0 } }, sumsq = { { 0 } };
	uint64_t sum = c->sum.word[2] >> 32 | c->sum.word[3] << 32;

	/* The sum is the whole number above, in unit 2^-160, only if it is this one. */
	flp_wide_add(&rows, 1, 160);
	flp_wide_multiply(&rows, sum);
	flp_wide_add(&sumsq, 1, 320);
	flp_wide_multiply(&sumsq, sum);
	if (flp_wide_compare(&rows, &c->sum) != 0)
		return flp_error_bad(e, "sum: expected a whole number of rows of a level, found another");
	if (flp_wide_compare(&sumsq, &c->sumsq) != 0)
		return flp_error_bad(e, "sum, sumsq: expected the same of a level, found two numbers");
	return 0;
}

static int
check_classes(const struct flp_record *stats, uint64_t examples, struct flp_error *e)
{
	const struct flp_tensor *t;
	const uint64_t *class = flp_record_values(stats, "class", &t);
	unsigned __int128 rows = 0;

	if (class == NULL)
		return 0;
	if (t->dtype != FLP_DTYPE_U64 || t->rank != 1)
		return flp_error_bad(e, "class: expected u64 of rank 1, found %s of rank %u",
		    flp_dtype_name(t->dtype), t->rank);
	for (size_t i = 0; i < t->count; i++)
		rows += class[i];
	if (rows != examples)
		return flp_error_bad(e, "class: expected %llu rows together, the examples, found %s",
		    (unsigned long long)examples, rows > examples ? "more" : "fewer");
	return 0;
}

/* Which of d columns are levels, from the lines of the schema that are features. A schema
 * of unnamed columns has none. */
static int
find_levels(const struct flp_record *stats, size_t d, unsigned char *level, struct flp_error *e)
{
	const struct flp_tensor *t;
	const char *text = flp_record_values(stats, ":schema", &t), *end, *next;
	size_t n = 0;

	if (text == NULL)
		return 0;
	if (t->dtype != FLP_DTYPE_U8)
		return flp_error_bad(e, ":schema: expected u8, found %s", flp_dtype_name(t->dtype));
	for (end = text + t->bytes; text < end; text = next) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		next = newline != NULL ? newline + 1 : end;
		if (next - text < 2 || memcmp(text, "x\t", 2) != 0)
			continue;
		if (n < d)
			level[n] = next - text >= 8 && memcmp(text, "x\tlevel\t", 8) == 0;
		n++;
	}
	return n == 0 || n == d ? 0 : flp_error_bad(e, ":schema: expected %zu features, found %zu",
	    d, n);
}

static int
at_column(const struct flp_texts *names, size_t j, struct flp_error *e)
{
	return names->n > 0 ? flp_error_at(e, "column %s", flp_texts_get(names, j)) :
	    flp_error_at(e, "column %zu", j);
}

static int
check_columns(const struct flp_record *stats, size_t d, const struct flp_texts *names,
    uint64_t examples, struct flp_error *e)
{
	unsigned char *level = flp_memory_new(d, 1, e);
	int status = level == NULL ? -1 : find_levels(stats, d, level, e);

	for (size_t j = 0; status == 0 && j < d; j++) {
		struct column c = column_of(stats, j);

		if (check_column(&c, examples, e) < 0 || (level[j] && check_level(&c, e) < 0))
			status = at_column(names, j, e);
	}
	free(level);
	return status;
}

int
flp_stats_check(const struct flp_record *stats, struct flp_error *e)
{
	struct flp_texts names;
	uint64_t examples = 0;
	size_t d;
	int status;

	if (flp_stats_columns(stats, &d, &names, e) < 0)
		return -1;
	status = stats->header.privacy == FLP_PRIVACY_NOISED ? 1 :
	    flp_meta_u64(&stats->header.meta, "examples", 0, UINT64_MAX, &examples, e);
	if (status == 0)
		status = flp_error_bad(e, "metadata: examples: missing in statistics");
	else if (status > 0 && stats->header.privacy != FLP_PRIVACY_NOISED)
		status = check_classes(stats, examples, e) < 0 ? -1 :
		    check_columns(stats, d, &names, examples, e);
	flp_texts_free(&names);
	return status < 0 ? -1 : 0;
}

static int
scale_column(const struct column *c, double *center, double *scale, struct flp_error *e)
{
	struct flp_wide s;

	if (c->count < 2)
		return flp_error_bad(e, "count: expected 2 rows or more that have a value, found %llu",
		    (unsigned long long)c->count);
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

/* data/stats: sums that do not depend on the order of rows, moments that do
 * not suffer from cancellation, and statistics that cannot be. */
#include "data/stats.h"
#include "kernel/digits.h"
#include "kernel/random.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A data set of n rows and d columns named a, b, ...; x is f32 or u8. */
static void
make(struct flp_dataset *set, size_t n, size_t d, const float *x, int bytes)
{
	uint64_t dims[2] = { n, d }, text = 2 * d, classes = 4;
	struct flp_record record;
	struct flp_header h;
	struct flp_error e;
	void *to;

	flp_header_init(&h, FLP_KIND_DATA);
	CHECK(flp_header_add(&h, "x", bytes ? FLP_DTYPE_U8 : FLP_DTYPE_F32, 2, dims, &e) == 0 &&
	    flp_header_add(&h, "y", FLP_DTYPE_U32, 1, dims, &e) == 0 &&
	    flp_header_add(&h, ":features", FLP_DTYPE_U8, 1, &text, &e) == 0 &&
	    flp_header_add(&h, ":classes", FLP_DTYPE_U8, 1, &classes, &e) == 0 &&
	    flp_meta_set_text(&h.meta, "client", "a", &e) == 0 &&
	    flp_record_new(&record, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	to = flp_record_values(&record, "x", NULL);
	for (size_t i = 0; i < n * d; i++)
		if (bytes)
			((uint8_t *)to)[i] = (uint8_t)x[i];
		else
			((float *)to)[i] = x[i];
	for (size_t i = 0; i < n; i++)
		((uint32_t *)flp_record_values(&record, "y", NULL))[i] = i % 3 == 0;
	for (size_t j = 0; j < d; j++)
		memcpy((char *)flp_record_values(&record, ":features", NULL) + 2 * j,
		    (char[]){ (char)('a' + j), '\n' }, 2);
	memcpy(flp_record_values(&record, ":classes", NULL), "p\nq\n", 4);
	CHECK(flp_dataset_from(set, &record, &e) == 0, "%s", e.text);
}

static void
test_moments(void)
{
	enum { ROWS = 70000, COLUMNS = 3 };
	float *x = malloc(sizeof *x * ROWS * COLUMNS);
	double center[COLUMNS], scale[COLUMNS];
	struct flp_record stats, again;
	struct flp_dataset set;
	struct flp_random r;
	struct flp_error e;
	uint32_t row[ROWS];

	flp_random_init(&r, 1, 0, 0, FLP_PURPOSE_INIT);
	for (size_t i = 0; i < ROWS; i++) {
		x[i * COLUMNS] = (float)flp_random_unit(&r);
		x[i * COLUMNS + 1] = 4000 + 500 * (float)flp_random_unit(&r);
		x[i * COLUMNS + 2] = 1e6f + (float)(i % 2); /* variance 1/4 n / (n - 1) */
	}
	make(&set, ROWS, COLUMNS, x, 0);
	CHECK(flp_stats_record(&stats, &set, &e) == 0, "%s", e.text);
	CHECK(flp_stats_scaling(&stats, center, scale, &e) == 0, "%s", e.text);
	for (size_t j = 0; j < COLUMNS; j++) {
		long double mean = 0, v = 0;

		for (size_t i = 0; i < ROWS; i++)
			mean += x[i * COLUMNS + j];
		mean /= ROWS;
		for (size_t i = 0; i < ROWS; i++)
			v += (x[i * COLUMNS + j] - mean) * (x[i * COLUMNS + j] - mean);
		v = sqrtl(v / (ROWS - 1));
		CHECK(fabs(center[j] - (double)mean) <= 1e-15 * center[j], "column %zu: %.17g", j,
		    center[j]);
		CHECK(fabs(scale[j] - (double)v) <= 1e-14 * scale[j], "column %zu: %.17g, expected %.17Lg",
		    j, scale[j], v);
	}
	for (size_t i = 0; i < ROWS; i++)
		row[i] = (uint32_t)i;
	flp_random_shuffle(&r, row, ROWS);
	{
		struct flp_dataset shuffled;
		struct flp_record record;

		CHECK(flp_dataset_gather(&record, &set, row, ROWS, &e) == 0, "%s", e.text);
		CHECK(flp_dataset_from(&shuffled, &record, &e) == 0, "%s", e.text);
		CHECK(flp_stats_record(&again, &shuffled, &e) == 0, "%s", e.text);
		for (size_t i = 0; i < stats.header.tensors; i++)
			CHECK(memcmp(stats.values[i], again.values[i],
			    stats.header.tensor[i].bytes) == 0, "tensor %zu", i);
		flp_dataset_free(&shuffled);
	}
	CHECK(((uint64_t *)flp_record_values(&stats, "class", NULL))[1] == (ROWS + 2) / 3, "class");
	flp_record_free(&stats);
	flp_record_free(&again);
	flp_dataset_free(&set);
	free(x);
}

static void
test_bytes(void)
{
	static const float x[] = { 0, 255, 3, 7, 7, 255, 255, 255 };
	struct flp_record as_u8, as_f32;
	struct flp_dataset set;
	struct flp_error e;

	make(&set, 4, 2, x, 1);
	CHECK(flp_stats_record(&as_u8, &set, &e) == 0, "%s", e.text);
	flp_dataset_free(&set);
	make(&set, 4, 2, x, 0);
	CHECK(flp_stats_record(&as_f32, &set, &e) == 0, "%s", e.text);
	flp_dataset_free(&set);
	for (size_t i = 0; i < as_u8.header.tensors; i++)
		CHECK(memcmp(as_u8.values[i], as_f32.values[i], as_u8.header.tensor[i].bytes) == 0,
		    "%s", as_u8.header.tensor[i].name);
	flp_record_free(&as_u8);
	flp_record_free(&as_f32);
}

static void
test_constant(void)
{
	float x[300];
	struct flp_record stats;
	struct flp_dataset set;
	struct flp_error e;
	double center[3], scale[3];

	for (size_t i = 0; i < 100; i++) {
		x[3 * i] = 0.1f;
		x[3 * i + 1] = 0;
		x[3 * i + 2] = 12345.678f;
	}
	make(&set, 100, 3, x, 0);
	CHECK(flp_stats_record(&stats, &set, &e) == 0, "%s", e.text);
	CHECK(flp_stats_scaling(&stats, center, scale, &e) == 0, "%s", e.text);
	CHECK(center[0] == 0.1f && center[1] == 0, "%.17g %.17g", center[0], center[1]);
	CHECK(scale[0] == 1 && scale[1] == 1 && scale[2] == 1, "%g %g %g", scale[0], scale[1],
	    scale[2]);
	flp_record_free(&stats);
	flp_dataset_free(&set);
}

/* Columns of any magnitude: mean and deviation of a, b are exact. */
static void
test_magnitudes(void)
{
	static const float pairs[][2] = { { 3e38f, -3e38f }, { FLT_MAX, FLT_MAX }, { 1e-9f, 3e-9f },
		{ FLT_TRUE_MIN, 0 }, { FLT_TRUE_MIN, -FLT_TRUE_MIN }, { 1.7e9f, 1.7e9f + 128 },
		{ FLT_MAX, FLT_TRUE_MIN } };

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		double a = (double)pairs[i][0], b = (double)pairs[i][1], center, scale;
		struct flp_record stats;
		struct flp_dataset set;
		struct flp_error e;

		make(&set, 2, 1, pairs[i], 0);
		CHECK(flp_stats_record(&stats, &set, &e) == 0, "%s", e.text);
		CHECK(flp_stats_scaling(&stats, &center, &scale, &e) == 0, "%s", e.text);
		CHECK(center == (a + b) / 2, "%g %g: %.17g", a, b, center);
		CHECK(fabs(scale - (a == b ? 1 : fabs(a - b) / sqrt(2))) <= 1e-15 * scale,
		    "%g %g: %.17g", a, b, scale);
		flp_record_free(&stats);
		flp_dataset_free(&set);
	}
}

/* Statistics of four rows, two columns of which the second is 0 or 1, and two classes. With a
 * schema they are called a and c=b, else a and b. */
static void
make_stats(struct flp_record *stats, const char *schema)
{
	static const float x[] = { 5, 1, -2, 0, 5, 1, 7, 1 };
	static const char names[] = "a\nc=b\n";
	uint64_t length = schema != NULL ? strlen(schema) : 0, named = sizeof names - 1;
	struct flp_record plain;
	struct flp_dataset set;
	struct flp_header h;
	struct flp_error e;

	make(&set, 4, 2, x, 0);
	CHECK(flp_stats_record(&plain, &set, &e) == 0, "%s", e.text);
	flp_header_init(&h, FLP_KIND_STATS);
	CHECK(flp_meta_copy(&h.meta, &plain.header.meta, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < plain.header.tensors; i++) {
		const struct flp_tensor *t = &plain.header.tensor[i];
		int rename = schema != NULL && strcmp(t->name, ":features") == 0;

		CHECK(flp_header_add(&h, t->name, t->dtype, t->rank, rename ? &named : t->dims, &e) == 0,
		    "%s", e.text);
	}
	CHECK(schema == NULL || flp_header_add(&h, ":schema", FLP_DTYPE_U8, 1, &length, &e) == 0,
	    "%s", e.text);
	CHECK(flp_record_new(stats, &h, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < plain.header.tensors; i++)
		memcpy(stats->values[i], plain.values[i], (size_t)plain.header.tensor[i].bytes);
	if (schema != NULL)
		memcpy(flp_record_values(stats, ":features", NULL), names, (size_t)named);
	if (schema != NULL)
		memcpy(flp_record_values(stats, ":schema", NULL), schema, length);
	flp_header_free(&h);
	flp_record_free(&plain);
	flp_dataset_free(&set);
}

static const char with_level[] = "x\tnumber\ta\nx\tlevel\tc\tb\ny\tclass\tk\tp\n"
    "y\tclass\tk\tq\n";

/* A changed value of a tensor, and the message about it, which names a level only if there is a
 * schema. */
static void
test_impossible(void)
{
	static const struct {
		const char *tensor;
		size_t at;
		int64_t add;
		int level;
		const char *text;
	} cases[] = {
		{ "count", 0, 1, 0, "column a: count: expected at most the 4 examples" },
		{ "count", 1, -4, 0, "column b: sum: expected a sum of 0 f32" },
		{ "class", 1, 1, 0, "class: expected as many rows in all as the 4 examples, found more" },
		{ "class", 0, -1, 0, "class: expected as many rows in all as the 4 examples, found fewer" },
		{ "sum", 3, ((int64_t)4 << 32) + 1, 0, "column a: sum: expected digits of at most 2^32" },
		{ "sumsq", 20, -((int64_t)4 << 32) - 1, 0, "column b: sumsq: expected digits of at" },
		{ "sum", 9, 4, 0, "column a: sum: expected a sum of 4 f32 values" },
		{ "sum", 9, -4, 0, "column a: sum: expected a sum of 4 f32 values" },
		{ "sum", 11 + 5, 1, 0, "column b: sumsq: expected count * sumsq" },
		{ "sumsq", 10, -47, 0, "column a: sumsq: expected count * sumsq" },
		{ "sumsq", 19, -1, 0, "column a: sumsq: expected a sum of squares of 4 f32 values, "
		    "found a negative" },
		{ "sumsq", 20 + 19, 1, 0, "column b: sumsq: expected a sum of squares of 4 f32" },
		{ "sum", 11 + 5, -1, 1, "column b: sum, sumsq: expected the same" },
		{ "sumsq", 20 + 10, 1, 1, "column b: sum, sumsq: expected the same" },
		{ "sum", 11 + 4, -1, 1, "column b: sum: expected the number of rows that have the level" },
		{ "sum", 11 + 5, -4, 1, "column b: sum: expected the number of rows that have the level" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int level = 0; level < 2; level++) {
			double center[2], scale[2];
			struct flp_record stats;
			struct flp_error e = { 0 };
			int bad = level || !cases[i].level;
			const char *text;

			make_stats(&stats, level ? with_level : NULL);
			CHECK(flp_stats_check(&stats, &e) == 0, "case %zu: %s", i, e.text);
			((int64_t *)flp_record_values(&stats, cases[i].tensor, NULL))[cases[i].at] +=
			    cases[i].add;
			CHECK((flp_stats_check(&stats, &e) < 0) == bad, "case %zu", i);
			text = cases[i].text + (level && strncmp(cases[i].text, "column b", 8) == 0 ? 8 : 0);
			CHECK(!bad || (e.code == FLP_ERROR_BAD && strstr(e.text, text) != NULL),
			    "%s, expected %s", e.text, cases[i].text);
			CHECK((flp_stats_scaling(&stats, center, scale, &e) < 0) == bad, "case %zu", i);
			stats.header.privacy = FLP_PRIVACY_NOISED; /* excuses nothing */
			CHECK((flp_stats_check(&stats, &e) < 0) == bad, "case %zu: %s", i, e.text);
			flp_record_free(&stats);
		}
}

/* A level with more rows than its column has. */
static void
test_level(void)
{
	struct flp_record stats;
	struct flp_error e = { 0 };

	make_stats(&stats, with_level);
	((uint64_t *)flp_record_values(&stats, "count", NULL))[1] = 2;
	CHECK(flp_stats_check(&stats, &e) < 0, "3 rows of 2");
	flp_record_free(&stats);
	make_stats(&stats, "y\tclass\tk\tp\ny\tclass\tk\tq\n");
	CHECK(flp_stats_check(&stats, &e) == 0, "%s", e.text);
	flp_record_free(&stats);
	make_stats(&stats, "x\tnumber\ta\n");
	CHECK(flp_stats_check(&stats, &e) < 0 &&
	    strcmp(e.text, ":schema: expected 2 features, found 1") == 0, "%s", e.text);
	flp_record_free(&stats);
	make_stats(&stats, "x\tgarbage");
	CHECK(flp_stats_check(&stats, &e) < 0 && e.code == FLP_ERROR_BAD, "garbage");
	flp_record_free(&stats);
}

static void
test_refusals(void)
{
	struct flp_record stats;
	struct flp_dataset set;
	struct flp_error e = { 0 };
	double center[2], scale[2];
	size_t d;

	make(&set, 0, 2, NULL, 0);
	CHECK(flp_stats_record(&stats, &set, &e) < 0, "no rows");
	flp_dataset_free(&set);

	make(&set, 1, 2, (const float[]){ 1, 2 }, 0);
	CHECK(flp_stats_record(&stats, &set, &e) == 0, "%s", e.text);
	CHECK(flp_stats_columns(&stats, &d, NULL, &e) == 0 && d == 2, "%zu columns", d);
	CHECK(flp_stats_check(&stats, &e) == 0, "%s", e.text);
	CHECK(flp_stats_scaling(&stats, center, scale, &e) < 0 && strcmp(e.text,
	    "column a: count: expected at least 2 rows that have a value, found fewer") == 0, "%s", e.text);
	flp_meta_drop(&stats.header.meta, "examples");
	CHECK(flp_stats_check(&stats, &e) < 0, "examples");
	stats.header.kind = FLP_KIND_PARAMS;
	CHECK(flp_stats_columns(&stats, &d, NULL, &e) < 0, "kind");
	flp_record_free(&stats);
	flp_dataset_free(&set);
}

int
main(void)
{
	test_moments();
	test_bytes();
	test_constant();
	test_magnitudes();
	test_impossible();
	test_level();
	test_refusals();
	return unit_done();
}

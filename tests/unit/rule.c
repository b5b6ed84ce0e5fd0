/* rule: totals, bounds on values, sets of ids, steps, the stack of records, and files that
 * change between two readings. unit/policy.c has which records are taken. */
#include "rule/aggregate.h"
#include "base/memory.h"
#include "format/record.h"
#include "kernel/exact.h"
#include "kernel/random.h"
#include "rule/stack.h"
#include "rule/total.h"
#include "rule/values.h"
#include "rule/step.h"
#include "unit.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int
says(const struct flp_error *e, const char *text)
{
	return strstr(e->text, text) != NULL;
}

static void
digest(const struct flp_idset *set, char text[2 * FLP_IDSET_DIGEST + 1])
{
	unsigned char d[FLP_IDSET_DIGEST];

	flp_idset_digest(set, d);
	for (int i = 0; i < FLP_IDSET_DIGEST; i++)
		sprintf(text + 2 * i, "%02x", d[i]);
}

/* The digests come from another implementation of BLAKE2b and ChaCha20. */
static void
test_idset(void)
{
	struct flp_idset a = { 0 }, b = { 0 }, all = { 0 };
	unsigned char one[FLP_IDSET_ID], two[FLP_IDSET_ID];
	char text[2 * FLP_IDSET_DIGEST + 1], other[sizeof text];

	for (int i = 0; i < FLP_IDSET_ID; i++)
		one[i] = (unsigned char)i;
	memset(two, 0xff, sizeof two);
	digest(&a, text);
	CHECK(strcmp(text, "6b388b264f7a0fd2be5a45e0b4c1c1a3") == 0, "empty: %s", text);
	flp_idset_add(&a, one);
	digest(&a, text);
	CHECK(strcmp(text, "2285737d6fa5847c852c60df842db245") == 0, "one: %s", text);
	flp_idset_add(&b, two);
	flp_idset_add(&b, two);
	flp_idset_join(&a, b.word);
	digest(&a, text);
	CHECK(strcmp(text, "993f0cd96bddbb22ee4d311c1b7006c8") == 0, "three: %s", text);
	flp_idset_add(&all, two);
	flp_idset_add(&all, one);
	digest(&all, other);
	CHECK(strcmp(text, other) != 0, "one id once or twice: the same");
	flp_idset_add(&all, two);
	digest(&all, other);
	CHECK(strcmp(text, other) == 0, "another order: %s", other);
}

static void
test_step(void)
{
	const double model[3] = { 1, -2, 0.1 }, other[3] = { 0.5, 1e300, 0.3 };
	double next[3];

	flp_step_update(next, model, other, 3, 0.25, 1);
	for (int i = 0; i < 3; i++)
		CHECK(next[i] == model[i] + 0.25 * other[i], "update %d: %g", i, next[i]);
	flp_step_params(next, model, other, 3, 0.25, 1);
	for (int i = 0; i < 3; i++)
		CHECK(next[i] == model[i] + 0.25 * (other[i] - model[i]), "params %d: %g", i, next[i]);
	flp_step_params(next, model, other, 3, 1, 1);
	CHECK(memcmp(next, other, sizeof next) == 0, "rate 1: not the mean itself");
	flp_step_update(next, model, other, 3, 0.25, 3);
	for (int i = 0; i < 3; i++)
		CHECK(next[i] == model[i] + 0.25 * (other[i] / 3), "a sum %d: %g", i, next[i]);
	flp_step_params(next, model, other, 3, 0.25, 3);
	for (int i = 0; i < 3; i++)
		CHECK(next[i] == model[i] + 0.25 * (other[i] / 3 - model[i]), "a sum %d: %g", i, next[i]);
	flp_step_params(next, model, other, 3, 1, 3);
	CHECK(next[0] == 0.5 / 3 && next[1] == 1e300 / 3, "%g %g", next[0], next[1]);
}

/* One tensor's row, in a header of its own. */
static struct flp_tensor *
tensor(struct flp_header *h, const char *name, enum flp_dtype dtype, uint64_t n)
{
	struct flp_error e;

	CHECK(flp_header_add(h, name, dtype, 1, &n, &e) == 0, "%s", e.text);
	return &h->tensor[h->tensors - 1];
}

/* Reads a rule that must be one. */
static struct flp_rule
rule(const char *text)
{
	struct flp_rule r = { 0 };
	struct flp_error e;

	CHECK(flp_rule_parse(&r, text, &e) == 0, "%s: %s", text, e.text);
	return r;
}

/* A merged record of one tensor, and a total of its n values from `first` on. */
struct fixture {
	struct flp_rule rule;
	struct flp_merged merged;
	struct flp_total *total;
};

static void
begin(struct fixture *f, const char *name, enum flp_dtype dtype, size_t n, const char *by, uint64_t first,
    uint64_t records)
{
	struct flp_header h = { 0 };
	struct flp_error e;

	*f = (struct fixture){ .rule = rule(by) };
	CHECK(flp_merged_add(&f->merged, &f->rule, tensor(&h, name, dtype, n), &e) == 0, "%s", e.text);
	flp_header_free(&h);
	CHECK((f->total = flp_total_new(&e)) != NULL, "%s", e.text);
	CHECK(flp_total_begin(f->total, &f->rule, &f->merged, 0, first, n, records, &e) == 0, "%s",
	    e.text);
}

static void
end(struct fixture *f)
{
	flp_total_free(f->total);
	flp_merged_free(&f->merged);
}

/* For each integer type the greatest, the least and what cancels on the way;
 * little-endian, so that low bytes of an int64_t are a narrower one. */
static void
test_total_integers(void)
{
	for (enum flp_dtype dtype = FLP_DTYPE_I8; dtype <= FLP_DTYPE_U64; dtype++) {
		size_t size = flp_dtype_size(dtype), sum[1] = { 0 };
		int is_signed = dtype <= FLP_DTYPE_I64;
		uint64_t most = UINT64_MAX >> (64 - 8 * size + (size_t)is_signed);
		uint64_t terms[] = { most, is_signed ? (uint64_t)-1 : 0, 1, 1 };
		int n = is_signed ? 3 : 2;
		struct fixture f;
		struct flp_error e;

		begin(&f, "n", dtype, 1, "sum", 0, 0);
		for (int i = 0; i < n; i++)
			CHECK(flp_total_add(f.total, 0, 1, &terms[n - 1 - i], dtype, 1, &e) == 0, "%s",
			    e.text);
		CHECK(flp_total_result(f.total, 0, 1, sum, dtype, 1, &e) == 0 && sum[0] == most,
		    "%s: %zu", flp_dtype_name(dtype), sum[0]);
		CHECK(flp_total_add(f.total, 0, 1, &terms[2], dtype, 1, &e) == 0, "%s", e.text);
		CHECK(flp_total_result(f.total, 0, 1, sum, dtype, 1, &e) < 0 &&
		    says(&e, "does not fit"), "%s beyond its greatest", flp_dtype_name(dtype));
		if (is_signed) {
			uint64_t least = most + 1;

			CHECK(flp_total_begin(f.total, &f.rule, &f.merged, 0, 0, 1, 0, &e) == 0 &&
			    flp_total_add(f.total, 0, 1, &least, dtype, 1, &e) == 0 &&
			    flp_total_result(f.total, 0, 1, sum, dtype, 1, &e) == 0, "%s", e.text);
			CHECK(flp_total_add(f.total, 0, 1, &terms[1], dtype, 1, &e) == 0 &&
			    flp_total_result(f.total, 0, 1, sum, dtype, 1, &e) < 0,
			    "%s beyond its least", flp_dtype_name(dtype));
		}
		end(&f);
	}
}

static void
test_total(void)
{
	const float x[2] = { 1, 0.1f }, y[2] = { 2, -0.1f };
	unsigned char partial[2 * FLP_EXACT_SIZE];
	struct fixture f, again;
	float mean[2] = { 9, 9 };
	struct flp_error e;

	begin(&f, "w", FLP_DTYPE_F32, 2, "mean", 0, 0);
	begin(&again, "w", FLP_DTYPE_F32, 2, "mean", 0, 0);
	CHECK(flp_total_result(f.total, 0, 2, mean, FLP_DTYPE_F32, 0, &e) == 0 && mean[0] == 0 &&
	    mean[1] == 0, "nothing: %g %g", mean[0], mean[1]);
	CHECK(flp_total_add(f.total, 0, 2, x, FLP_DTYPE_F32, 3, &e) == 0 &&
	    flp_total_add(f.total, 0, 2, y, FLP_DTYPE_F32, 1, &e) == 0 &&
	    flp_total_result(f.total, 0, 2, partial, FLP_DTYPE_SUM_F32, 4, &e) == 0, "%s", e.text);
	CHECK(flp_total_add(again.total, 0, 2, partial, FLP_DTYPE_SUM_F32, 99, &e) == 0 &&
	    flp_total_result(again.total, 0, 1, mean, FLP_DTYPE_F32, 4, &e) == 0 &&
	    flp_total_result(again.total, 1, 1, mean + 1, FLP_DTYPE_F32, 4, &e) == 0, "%s", e.text);
	CHECK(mean[0] == 1.25f && mean[1] == 0.05f, "mean: %g %g", mean[0], mean[1]);
	end(&f);
	end(&again);
	begin(&f, "w", FLP_DTYPE_F32, 2, "median", 0, 2);
	CHECK(flp_total_add(f.total, 0, 1, x, FLP_DTYPE_F32, 1, &e) == 0 &&
	    flp_total_add(f.total, 1, 1, x + 1, FLP_DTYPE_F32, 1, &e) == 0 &&
	    flp_total_add(f.total, 0, 2, y, FLP_DTYPE_F32, 1, &e) == 0, "%s", e.text);
	CHECK(flp_total_add(f.total, 1, 2, y, FLP_DTYPE_F32, 1, &e) < 0 && says(&e, "total of 2"),
	    "%s", e.text);
	CHECK(flp_total_add(f.total, 0, 2, y, FLP_DTYPE_F32, 1, &e) < 0 && says(&e, "found more"),
	    "a column too many: %s", e.text);
	CHECK(flp_total_result(f.total, 0, 1, mean, FLP_DTYPE_F32, 2, &e) < 0, "half a column");
	CHECK(flp_total_result(f.total, 0, 2, mean, FLP_DTYPE_F32, 2, &e) == 0 && mean[0] == 1.5f &&
	    mean[1] == 0, "median: %g %g", mean[0], mean[1]);
	end(&f);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x != y ? (x > y) - (x < y) : (signbit(y) != 0) - (signbit(x) != 0);
}

/* Plain twins, of one column. The values below are multiples of 2^-64 under 2^6: their
 * sum is exact in 128 bits, and so is its quotient to 40 bits more, of which the last says
 * whether something is left. */
static double
plain(const struct flp_rule *r, double *x, size_t n)
{
	__int128 sum = 0, quotient;
	size_t cut = (size_t)r->argument;

	qsort(x, n, sizeof *x, by_value);
	if (r->kind == &flp_rule_median)
		return (x[(n - 1) / 2] + x[n / 2]) / 2;
	for (size_t i = cut; i < n - cut; i++)
		sum += (__int128)ldexp(x[i], 64);
	sum *= (__int128)1 << 40;
	quotient = sum / (__int128)(n - 2 * cut);
	if (sum % (__int128)(n - 2 * cut) != 0 && quotient % 2 == 0)
		quotient += sum < 0 ? -1 : 1;
	return ldexp((double)quotient, -104);
}

/* Every number of records, with ties, both zeros and great differences. */
static void
test_combine(void)
{
	static const enum flp_dtype dtypes[] = { FLP_DTYPE_F64, FLP_DTYPE_F32, FLP_DTYPE_F16,
		FLP_DTYPE_BF16 };
	static const char *const rules[] = { "median", "trimmed:0", "trimmed:1", "trimmed:3" };
	enum { N = 19, MOST = 40 };
	double values[MOST * N], sorted[MOST * N], column[MOST], out;
	struct flp_random r;
	struct flp_error e;

	flp_random_init(&r, 7, 0, 0, FLP_PURPOSE_INIT);
	for (int turn = 0; turn < 16 * MOST; turn++) {
		struct flp_rule by = rule(rules[turn % 4]);
		enum flp_dtype dtype = dtypes[turn / 4 % 4];
		size_t n = (size_t)turn / 16 + 1, size = flp_dtype_size(dtype);
		unsigned char raw[N * sizeof(double)], want[sizeof(double)];

		for (size_t i = 0; i < n * N; i++) {
			double x = ldexp(flp_random_unit(&r) - 0.5, (int)flp_random_below(&r, 12) - 6);

			x = flp_random_below(&r, 8) ? x : flp_random_below(&r, 2) ? 0.0 : -0.0;
			flp_dtype_from_f64(&x, 1, dtype, raw);
			flp_dtype_to_f64(raw, dtype, 1, &values[i]);
		}
		memcpy(sorted, values, sizeof values);
		if (by.kind->check != NULL && by.kind->check(&by, n, &e) < 0) {
			CHECK(n <= 2 * by.argument && e.code == FLP_ERROR_BAD, "%zu: %s", n, e.text);
			CHECK(by.kind->combine(&by, sorted, n, N, dtype, raw, &e) < 0, "%zu", n);
			continue;
		}
		CHECK(by.kind->combine(&by, sorted, n, N, dtype, raw, &e) == 0, "%s", e.text);
		for (size_t j = 0; j < N; j++) {
			for (size_t i = 0; i < n; i++)
				column[i] = values[i * N + j];
			out = plain(&by, column, n);
			flp_dtype_from_f64(&out, 1, dtype, want);
			CHECK(memcmp(raw + j * size, want, size) == 0, "%s of %zu, %s: expected %g",
			    rules[turn % 4], n, flp_dtype_name(dtype), out);
		}
	}
}

/* The order of the records must not show, under any rule that sees them together. */
static void
test_order(void)
{
	enum { N = 3, RECORDS = 9 };
	static const double column[RECORDS] = { 0.0, -0.0, 1.5, -1.5, 0.0, 3e-5, -0.0, 1.5, -7 };
	char first[N * sizeof(double)], out[sizeof first], text[64];
	double values[RECORDS * N];
	struct flp_error e;

	for (unsigned k = 0; flp_rule_name(k) != NULL; k++) {
		size_t n = strcspn(flp_rule_name(k), ":");
		struct flp_rule by;

		snprintf(text, sizeof text, "%.*s%s", (int)n, flp_rule_name(k),
		    flp_rule_name(k)[n] ? ":2" : "");
		by = rule(text);
		for (size_t turn = 0; turn < RECORDS && !flp_rule_adds(&by); turn++) {
			for (size_t i = 0; i < RECORDS * N; i++)
				values[i] = column[(i / N * 4 + turn) % RECORDS] * (double)(i % N + 1);
			CHECK(by.kind->combine(&by, values, RECORDS, N, FLP_DTYPE_F64,
			    turn == 0 ? first : out, &e) == 0, "%s: %s", text, e.text);
			CHECK(turn == 0 || memcmp(first, out, sizeof first) == 0, "%s: turn %zu", text, turn);
		}
	}
}

/* The middle two of an even number: at the ends of what a dtype holds. */
static void
test_halfway(void)
{
	const double f64[][3] = { { 0x1.fffffffffffffp1023, 0x1.ffffffffffffep1023,
		0x1.ffffffffffffep1023 }, { -0x1p1023, 0x1.8p1023, 0x1p1021 },
		{ 0x1p-1074, 0, 0 }, { 0x1.8p-1073, 0x1p-1074, 0x1p-1073 },
		{ 1, 0x1.0000000000001p0, 1 }, { 0x1.0000000000001p0, 0x1.0000000000002p0,
		0x1.0000000000002p0 }, { -0.0, -0.0, -0.0 }, { 0.0, -0.0, 0.0 } };
	struct flp_rule by = rule("median");
	struct flp_error e;

	for (size_t i = 0; i < sizeof f64 / sizeof *f64; i++)
		for (int swap = 0; swap < 2; swap++) {
			double x[2] = { f64[i][swap], f64[i][1 - swap] }, out;

			CHECK(by.kind->combine(&by, x, 2, 1, FLP_DTYPE_F64, &out, &e) == 0 &&
			    memcmp(&out, &f64[i][2], sizeof out) == 0, "%zu: expected %a, found %a", i,
			    f64[i][2], out);
		}
}

static void
test_parse(void)
{
	static const char *const bad[] = { "", "men", "mean:1", "median:", "trimmed", "trimmed:",
		"trimmed:-1", "trimmed:1.5", "trimmed:0.1", "trimmed:9223372036854775808", "trimmed:1:2" };
	struct flp_rule r;
	struct flp_error e;
	char text[64], again[64];
	unsigned i = 0;

	for (; flp_rule_name(i) != NULL; i++) {
		size_t n = strcspn(flp_rule_name(i), ":");
		int takes = flp_rule_name(i)[n] == ':';

		snprintf(text, sizeof text, "%.*s%s", (int)n, flp_rule_name(i), takes ? ":12" : "");
		r = rule(text);
		CHECK(strcmp(r.kind->name, flp_rule_name(i)) == 0 && r.argument == (takes ? 12 : 0), "%s",
		    text);
		flp_rule_print(&r, again, sizeof again);
		CHECK(strcmp(text, again) == 0, "%s, printed %s", text, again);
	}
	CHECK(i > 0, "no rules");
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(flp_rule_parse(&r, bad[i], &e) < 0 && e.code == FLP_ERROR_USAGE, "%s", bad[i]);
}

/* Values within the bounds are below 2^60 with their weight, and can be added, near the limit and
 * far from it. */
static void
test_bounds_floats(void)
{
	static const enum flp_dtype dtypes[] = { FLP_DTYPE_F64, FLP_DTYPE_F32, FLP_DTYPE_F16, FLP_DTYPE_BF16 };
	struct flp_error e, other;
	struct flp_exact *sums = flp_exact_new(3, &e);
	struct flp_random r;
	int passed = 0, refused = 0;

	flp_random_init(&r, 1, 0, 0, FLP_PURPOSE_INIT);
	for (int i = 0; i < 20000; i++) {
		enum flp_dtype dtype = dtypes[i % 4];
		int bits = (int)flp_random_below(&r, 54);
		uint64_t weight = ((uint64_t)1 << bits) - (bits > 0 && flp_random_below(&r, 2));
		double x[3] = { 0.25, 0, -0.5 };
		unsigned char values[3 * sizeof(double)];
		struct flp_rule by = rule("mean");
		size_t where;
		int want, got;

		x[1] = ldexp(1 + flp_random_unit(&r), FLP_VALUES_BITS - bits -
		    (int)flp_random_below(&r, 4));
		x[1] = flp_random_below(&r, 2) ? -x[1] : x[1];
		x[1] = flp_random_below(&r, 4) ? x[1] : ldexp(-1, FLP_VALUES_BITS - bits);
		flp_dtype_from_f64(x, 3, dtype, values);
		flp_dtype_to_f64(values, dtype, 3, x);
		if (flp_dtype_finite(values, dtype, 3, &where)) {
			flp_exact_reset(sums, 0);
			want = fabs(x[1]) < ldexp(1, FLP_VALUES_BITS) / (double)weight ? 0 : -1;
			CHECK(flp_exact_add(sums, 0, values, dtype, 3, weight, &e) == 0 || want < 0,
			    "%s", e.text);
			got = flp_values_bounds(&by, dtype, 0, values, 3, weight, 1, &other);
			CHECK(want == got, "%s %a times %llu: %d", flp_dtype_name(dtype), x[1],
			    (unsigned long long)weight, got);
			passed += got == 0;
			refused += got < 0;
		}
	}
	CHECK(passed > 1000 && refused > 1000, "%d passed, %d refused", passed, refused);
	flp_exact_free(sums);
}

/* Sums of so many clients, and counts: at the limit, and beyond. */
static void
test_bounds_sums(void)
{
	static const uint64_t clients[] = { 0, 1, 3, 7, 8, 15, 16, (uint64_t)1 << 62 };
	struct flp_rule by = rule("sum");
	struct flp_error e;

	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
		uint64_t n = clients[i], u[2] = { 0, n < 16 ? n << 60 : UINT64_MAX };
		__int128 most = (__int128)(~(unsigned __int128)0 >> 1), sum[2] = { 0 };
		int64_t v[2] = { 0, n < 8 ? (int64_t)u[1] : INT64_MAX };

		for (int sign = 1; sign >= -1; sign -= 2) {
			sum[1] = sign * (n < 8 ? (__int128)n << 124 : most);
			CHECK(flp_values_bounds(&by, FLP_DTYPE_SUM_F32, 0, sum, 2, n, n, &e) == 0,
			    "%s", e.text);
			sum[1] += n < 8 ? sign : 0;
			CHECK((flp_values_bounds(&by, FLP_DTYPE_SUM_F32, 5, sum, 2, n, n, &e) < 0 &&
			    says(&e, "value 6: ")) == (n < 8), "sum of %zu", i);
			v[1] = sign * (n < 8 ? (int64_t)u[1] : INT64_MAX);
			CHECK(flp_values_bounds(&by, FLP_DTYPE_I64, 0, v, 2, n, n, &e) == 0,
			    "%s", e.text);
			v[1] += n < 8 ? sign : 0;
			CHECK((flp_values_bounds(&by, FLP_DTYPE_I64, 0, v, 2, n, n, &e) < 0) ==
			    (n < 8), "i64 of %zu", i);
		}
		CHECK(flp_values_bounds(&by, FLP_DTYPE_U64, 0, u, 2, n, n, &e) == 0, "%s", e.text);
		u[1] += n < 16;
		CHECK((flp_values_bounds(&by, FLP_DTYPE_U64, 0, u, 2, n, n, &e) < 0) ==
		    (n < 16), "u64 of %zu", i);
	}
}

static void
test_equal(void)
{
	const uint8_t a[4] = { 1, 2, 3, 4 }, b[4] = { 1, 2, 3, 5 };
	const float far[1] = { 1e30f };
	struct flp_rule median = rule("median"), trimmed = rule("trimmed:1");
	struct flp_kept kept = { 0 };
	struct flp_header h = { 0 };
	struct flp_error e;

	tensor(&h, ":d", FLP_DTYPE_U8, 4);
	tensor(&h, "n", FLP_DTYPE_U8, 4);
	CHECK(flp_values_equal(&kept, &h.tensor[1], 0, a, 2, &e) == 0 &&
	    flp_values_equal(&kept, &h.tensor[1], 0, b, 2, &e) == 0 &&
	    flp_values_equal(&kept, &h.tensor[1], 2, a + 2, 2, &e) == 0 && kept.n == 4, "%s", e.text);
	CHECK(flp_values_equal(&kept, &h.tensor[1], 0, a, 4, &e) == 0, "%s", e.text);
	CHECK(flp_values_equal(&kept, &h.tensor[1], 2, b + 2, 2, &e) < 0 &&
	    says(&e, "value 3: expected the same integer"), "%s", e.text);
	CHECK(flp_values_equal(&kept, &h.tensor[0], 0, b, 4, &e) < 0 &&
	    says(&e, "line 1: expected \""), "%s", e.text);
	CHECK(flp_values_bounds(&median, FLP_DTYPE_F32, 0, far, 1, 1, 1, &e) == 0 &&
	    flp_values_bounds(&trimmed, FLP_DTYPE_F32, 0, far, 1, 1, 1, &e) < 0, "%s", e.text);
	free(kept.values);
	flp_header_free(&h);
}

enum { VALUES = 40000 }; /* three windows */

static void
save(const char *path, float value, uint64_t n)
{
	struct flp_header h = { .kind = FLP_KIND_PARAMS };
	struct flp_writer *w = NULL;
	struct flp_record rec;
	struct flp_error e;
	struct flp_out out;

	tensor(&h, "w", FLP_DTYPE_F32, n);
	CHECK(flp_record_new(&rec, &h, &e) == 0, "%s", e.text);
	for (uint64_t i = 0; i < n; i++)
		((float *)rec.values[0])[i] = value;
	CHECK(flp_out_create(&out, path, &e) == 0 && (w = flp_writer_new(&out, &e)) != NULL &&
	    flp_record_write(&rec, w, &e) == 0 && flp_out_commit(&out, 0, &e) == 0, "%s", e.text);
	flp_writer_free(w);
	flp_record_free(&rec);
	flp_header_free(&h);
}

static void
change_values(void)
{
	save("a", 3, VALUES);
}

static void
change_size(void)
{
	save("a", 1, VALUES + 1);
}

static void
cut(void)
{
	CHECK(truncate("a", 1000) == 0, "truncate");
}

static void
take_away(void)
{
	CHECK(unlink("a") == 0, "unlink");
}

static void
change_in_place(void)
{
	FILE *f = fopen("a", "r+");

	CHECK(f != NULL && fseek(f, 1000, SEEK_SET) == 0 && fputc(7, f) == 7 && fclose(f) == 0,
	    "change");
}

/* A value that can't be added. */
static void
make_large(void)
{
	const float large = 1e30f;
	FILE *f = fopen("a", "r+");

	CHECK(f != NULL && fseek(f, 1000, SEEK_SET) == 0 && fwrite(&large, sizeof large, 1, f) == 1 &&
	    fclose(f) == 0, "change");
}

static void
put_fifo(void)
{
	CHECK(unlink("a") == 0 && mkfifo("a", 0600) == 0, "fifo");
}

/* Calls out of turn, which read nothing. */
static void
test_stack_misuse(void)
{
	char *paths[] = { "a", NULL };
	const struct flp_header *h = NULL;
	struct flp_entry *entry;
	struct flp_inputs in;
	struct flp_stack s;
	struct flp_error e;
	float value[2];

	save("a", 1, 2);
	flp_stack_init(&s);
	flp_inputs_init(&in, paths);
	CHECK(flp_stack_values(&s, 0, 1, value, &e) < 0 && says(&e, "no record 0"), "%s", e.text);
	CHECK(flp_inputs_next(&in, &h, &e) == 1 && flp_stack_begin(&s, &in, &h, &entry, &e) == 0,
	    "%s", e.text);
	CHECK(flp_stack_finish(&s, 0, &e) < 0 && says(&e, "tensor w: not all"), "%s", e.text);
	CHECK(flp_stack_values(&s, 0, 3, value, &e) < 0 && says(&e, "8 are left"), "%s", e.text);
	CHECK(flp_stack_values(&s, 0, ((size_t)1 << 62) + 1, value, &e) < 0 && says(&e, "8 are left"),
	    "%s", e.text);
	CHECK(flp_stack_push(&s, &e) < 0 && says(&e, "no record at hand"), "%s", e.text);
	CHECK(flp_stack_values(&s, 0, 2, value, &e) == 0 && value[1] == 1, "%s", e.text);
	CHECK(flp_stack_values(&s, 0, 1, value, &e) < 0 && says(&e, "after the last"), "%s", e.text);
	CHECK(flp_stack_finish(&s, 0, &e) == 0 && flp_stack_push(&s, &e) == 0, "%s", e.text);
	CHECK(flp_stack_push(&s, &e) < 0 && says(&e, "no record at hand"), "%s", e.text);
	CHECK(flp_stack_values(&s, 1, 1, value, &e) < 0 && says(&e, "no record 1"), "%s", e.text);
	CHECK(flp_stack_values(&s, 0, 1, value, &e) == 0 && value[0] == 1, "%s", e.text);
	flp_inputs_close(&in);
	flp_stack_free(&s);
	unlink("a");
}

/* A file that is not a record. */
static void
save_text(const char *path)
{
	FILE *f = fopen(path, "w");

	CHECK(f != NULL && fputs("not a record", f) >= 0 && fclose(f) == 0, "%s", path);
}

static void (*change)(void);

static void
left_out(const struct flp_error *e)
{
	CHECK(says(e, "bad: "), "%s", e->text);
	change();
}

/* From here on flp_in_keep finds that descriptors are running out. 0 under valgrind, which
 * lets nobody lower the hard limit. */
static int
limit_descriptors(void)
{
	const struct rlimit limit = { 16, 16 };
	int status = setrlimit(RLIMIT_NOFILE, &limit);

	CHECK(status == 0 || errno == EPERM, "setrlimit: %s", strerror(errno));
	return status == 0;
}

/* File a changes after it was looked at, while a later bad file is being reported. If its
 * descriptor was kept, another file that takes its name makes no difference. */
static void
test_changes(int few)
{
	static const struct {
		void (*change)(void);
		enum flp_code kept, named; /* by descriptor, by name */
		const char *text;
	} cases[] = {
		{ change_in_place, FLP_ERROR_SYSTEM, FLP_ERROR_SYSTEM, "a: changed while it was read" },
		{ make_large, FLP_ERROR_SYSTEM, FLP_ERROR_SYSTEM, "a: changed while it was read" },
		{ change_values, FLP_ERROR_NONE, FLP_ERROR_SYSTEM, "a: changed while it was read" },
		{ put_fifo, FLP_ERROR_NONE, FLP_ERROR_SYSTEM, "a: changed while it was read" },
		/* The values that are read are still those of the id. */
		{ change_size, FLP_ERROR_NONE, FLP_ERROR_NONE, "" },
		{ cut, FLP_ERROR_SYSTEM, FLP_ERROR_SYSTEM, "a: changed while it was read" },
		{ take_away, FLP_ERROR_NONE, FLP_ERROR_SYSTEM, "a: open" },
	};
	static char *const rules[] = { "mean", "median" };

	for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
		enum flp_code want = few ? cases[i / 2].named : cases[i / 2].kept;
		char *paths[] = { "a", "b", "b", "bad", NULL };
		struct flp_aggregation a = { .bad.tell = left_out, .counted = 1,
			.admit.policy.max_examples = FLP_POLICY_EXAMPLES };
		struct flp_rule by = rule(rules[i % 2]);
		struct flp_error e = { .code = FLP_ERROR_NONE };
		struct flp_out out;
		int status;

		unlink("a");
		save("a", 1, VALUES);
		save("b", 2, VALUES);
		save_text("bad");
		change = cases[i / 2].change;
		flp_admit_begin(&a.admit, &by);
		CHECK(flp_out_temporary(&out, &e) == 0, "%s", e.text);
		status = flp_aggregate(&a, paths, &out, &e);
		CHECK(want == FLP_ERROR_NONE ? status == 0 : status < 0 && e.code == want &&
		    says(&e, cases[i / 2].text), "%zu: %d, %d: %s", i, status, (int)e.code, e.text);
		flp_out_discard(&out);
		flp_admit_free(&a.admit);
	}
	unlink("a");
	unlink("b");
	unlink("bad");
}

/* Changes byte `at` of file a, from its end where that is negative. */
static void
flip(long at)
{
	FILE *f = fopen("a", "r+");

	CHECK(f != NULL && fseek(f, at, at < 0 ? SEEK_END : SEEK_SET) == 0 && fputc(77, f) == 77 &&
	    fclose(f) == 0, "flip");
}

/* Under `strict` file a changes once its header and tail were read, while the tool waits for
 * a pipe: values that do not match the id are damaged, all else has changed. */
static void
test_strict_changes(void)
{
	static const struct {
		long at;
		enum flp_code code;
		const char *text;
	} cases[] = {
		{ 20, FLP_ERROR_SYSTEM, "a: changed while it was read" },
		{ -20, FLP_ERROR_SYSTEM, "a: changed while it was read" },
		{ 1000, FLP_ERROR_BAD, "a: values are damaged: expected id" },
	};
	char *paths[] = { "a", "pipe", NULL };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct flp_aggregation a = { .bad.strict = 1,
			.admit.policy.max_examples = FLP_POLICY_EXAMPLES };
		struct flp_rule median = rule("median");
		struct flp_error e = { .code = FLP_ERROR_NONE };
		struct flp_out out;
		pid_t child = -1;

		unlink("a");
		save("a", 1, VALUES);
		save("b", 1, VALUES);
		CHECK(mkfifo("pipe", 0600) == 0 && (child = fork()) >= 0, "fork");
		if (child == 0) {
			FILE *from = fopen("b", "r"), *to = fopen("pipe", "w"); /* waits until a was
			                                                           looked at */

			flip(cases[i].at);
			for (int c; (c = fgetc(from)) != EOF;)
				fputc(c, to);
			fclose(to);
			_exit(0);
		}
		flp_admit_begin(&a.admit, &median);
		CHECK(flp_out_temporary(&out, &e) == 0, "%s", e.text);
		CHECK(flp_aggregate(&a, paths, &out, &e) < 0 && e.code == cases[i].code &&
		    says(&e, cases[i].text), "%zu: %d: %s", i, (int)e.code, e.text);
		flp_out_discard(&out);
		flp_admit_free(&a.admit);
		CHECK(waitpid(child, NULL, 0) == child && unlink("pipe") == 0, "child");
	}
	unlink("a");
	unlink("b");
}

int
main(void)
{
	char folder[] = "/tmp/rule-XXXXXX";

	test_idset();
	test_step();
	test_total_integers();
	test_total();
	test_parse();
	test_combine();
	test_halfway();
	test_order();
	test_bounds_floats();
	test_bounds_sums();
	test_equal();
	CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0, "%s", folder);
	test_stack_misuse();
	test_changes(0);
	test_strict_changes();
	if (limit_descriptors())
		test_changes(1);
	CHECK(rmdir(folder) == 0, "%s", folder);
	return unit_done();
}

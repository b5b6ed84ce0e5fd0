/* rule: what is merged with what weight, totals, the look at values before
 * they count, sets of ids, steps, and files that change between two passes. */
#include "rule/aggregate.h"
#include "base/memory.h"
#include "format/record.h"
#include "kernel/exact.h"
#include "kernel/random.h"
#include "rule/screen.h"
#include "rule/step.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint64_t parents = FLP_IDSET_WORDS;

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

	flp_step_update(next, model, other, 3, 0.25);
	for (int i = 0; i < 3; i++)
		CHECK(next[i] == model[i] + 0.25 * other[i], "update %d: %g", i, next[i]);
	flp_step_params(next, model, other, 3, 0.25);
	for (int i = 0; i < 3; i++)
		CHECK(next[i] == model[i] + 0.25 * (other[i] - model[i]), "params %d: %g", i, next[i]);
	flp_step_params(next, model, other, 3, 1);
	CHECK(memcmp(next, other, sizeof next) == 0, "rate 1: not the mean itself");
}

/* One tensor's row, in a header of its own. */
static struct flp_tensor *
tensor(struct flp_header *h, const char *name, enum flp_dtype dtype, uint64_t n)
{
	struct flp_error e;

	CHECK(flp_header_add(h, name, dtype, 1, &n, &e) == 0, "%s", e.text);
	return &h->tensor[h->tensors - 1];
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
		struct flp_header h = { 0 };
		struct flp_tensor *t = tensor(&h, "n", dtype, 1);
		struct flp_error e;
		struct flp_total *total = flp_total_new(1, &e);
		int n = is_signed ? 3 : 2;

		CHECK(flp_total_begin(total, t, FLP_RULE_SUM, 0, 1, &e) == 0, "%s", e.text);
		for (int i = 0; i < n; i++)
			CHECK(flp_total_add(total, &terms[n - 1 - i], dtype, 1, &e) == 0, "%s", e.text);
		CHECK(flp_total_result(total, 0, 1, sum, dtype, 1, &e) == 0 && sum[0] == most,
		    "%s: %zu", flp_dtype_name(dtype), sum[0]);
		CHECK(flp_total_add(total, &terms[2], dtype, 1, &e) == 0, "%s", e.text);
		CHECK(flp_total_result(total, 0, 1, sum, dtype, 1, &e) < 0 && says(&e, "does not fit"),
		    "%s beyond its greatest", flp_dtype_name(dtype));
		if (is_signed) {
			uint64_t least = most + 1;

			CHECK(flp_total_begin(total, t, FLP_RULE_SUM, 0, 1, &e) == 0 &&
			    flp_total_add(total, &least, dtype, 1, &e) == 0 &&
			    flp_total_result(total, 0, 1, sum, dtype, 1, &e) == 0, "%s", e.text);
			CHECK(flp_total_add(total, &terms[1], dtype, 1, &e) == 0 &&
			    flp_total_result(total, 0, 1, sum, dtype, 1, &e) < 0,
			    "%s beyond its least", flp_dtype_name(dtype));
		}
		flp_total_free(total);
		flp_header_free(&h);
	}
}

static void
test_total(void)
{
	const float x[2] = { 1, 0.1f }, y[2] = { 2, -0.1f };
	unsigned char partial[2 * FLP_EXACT_SIZE];
	struct flp_header h = { 0 };
	struct flp_error e;
	struct flp_total *total = flp_total_new(2, &e), *again = flp_total_new(2, &e);
	float mean[2] = { 9, 9 };
	int32_t n[2] = { 1, 2 }, m[2] = { 1, 3 }, out[2];

	tensor(&h, "w", FLP_DTYPE_F32, 2);
	tensor(&h, "n", FLP_DTYPE_I32, 2);
	CHECK(flp_total_begin(total, &h.tensor[0], FLP_RULE_MEAN, 0, 2, &e) == 0 &&
	    flp_total_result(total, 0, 2, mean, FLP_DTYPE_F32, 1, &e) == 0 && mean[0] == 0 && mean[1] == 0,
	    "nothing: %g %g", mean[0], mean[1]);
	CHECK(flp_total_add(total, x, FLP_DTYPE_F32, 3, &e) == 0 &&
	    flp_total_add(total, y, FLP_DTYPE_F32, 1, &e) == 0 &&
	    flp_total_result(total, 0, 2, partial, FLP_DTYPE_SUM_F32, 1, &e) == 0, "%s", e.text);
	CHECK(flp_total_begin(again, &h.tensor[0], FLP_RULE_MEAN, 0, 2, &e) == 0 &&
	    flp_total_add(again, partial, FLP_DTYPE_SUM_F32, 99, &e) == 0 &&
	    flp_total_result(again, 0, 1, mean, FLP_DTYPE_F32, 4, &e) == 0 &&
	    flp_total_result(again, 1, 1, mean + 1, FLP_DTYPE_F32, 4, &e) == 0, "%s", e.text);
	CHECK(mean[0] == 1.25f && mean[1] == 0.05f, "mean: %g %g", mean[0], mean[1]);

	CHECK(flp_total_begin(total, &h.tensor[1], FLP_RULE_MEAN, 7, 2, &e) == 0 &&
	    flp_total_add(total, n, FLP_DTYPE_I32, 3, &e) == 0 &&
	    flp_total_add(total, n, FLP_DTYPE_I32, 1, &e) == 0, "%s", e.text);
	CHECK(flp_total_add(total, m, FLP_DTYPE_I32, 1, &e) < 0 && says(&e, "value 8: expected the same"),
	    "%s", e.text);
	CHECK(flp_total_result(total, 0, 2, out, FLP_DTYPE_I32, 4, &e) == 0 && out[1] == 2, "%d", out[1]);
	flp_total_free(total);
	flp_total_free(again);
	flp_header_free(&h);
}

/* What the look lets pass is below 2^60 with its weight and can be added, near
 * the limit and far. */
static void
test_screen_floats(void)
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
		struct flp_header h = { 0 };
		struct flp_screen *s = flp_screen_new(FLP_RULE_MEAN, &e);
		size_t where;
		int want, got;

		x[1] = ldexp(1 + flp_random_unit(&r), FLP_SCREEN_BITS - bits -
		    (int)flp_random_below(&r, 4));
		x[1] = flp_random_below(&r, 2) ? -x[1] : x[1];
		x[1] = flp_random_below(&r, 4) ? x[1] : ldexp(-1, FLP_SCREEN_BITS - bits);
		flp_dtype_from_f64(x, 3, dtype, values);
		flp_dtype_to_f64(values, dtype, 3, x);
		if (flp_dtype_finite(values, dtype, 3, &where)) {
			tensor(&h, "w", dtype, 3);
			flp_exact_reset(sums, 0);
			want = fabs(x[1]) < ldexp(1, FLP_SCREEN_BITS) / (double)weight ? 0 : -1;
			CHECK(flp_exact_add(sums, 0, values, dtype, 3, weight, &e) == 0 || want < 0,
			    "%s", e.text);
			got = flp_screen_values(s, 0, h.tensor, dtype, 0, values, 3, weight, &other);
			CHECK(want == got, "%s %a times %llu: %d", flp_dtype_name(dtype), x[1],
			    (unsigned long long)weight, got);
			passed += got == 0;
			refused += got < 0;
		}
		flp_screen_free(s);
		flp_header_free(&h);
	}
	CHECK(passed > 1000 && refused > 1000, "%d passed, %d refused", passed, refused);
	flp_exact_free(sums);
}

/* Sums of so many clients, and counts: at the limit, and beyond. */
static void
test_screen_sums(void)
{
	static const uint64_t clients[] = { 0, 1, 3, 7, 8, 15, 16, (uint64_t)1 << 62 };
	struct flp_header h = { 0 };
	struct flp_error e;
	struct flp_screen *s = flp_screen_new(FLP_RULE_SUM, &e);

	tensor(&h, "w", FLP_DTYPE_F32, 2);
	tensor(&h, "i", FLP_DTYPE_I64, 2);
	tensor(&h, "u", FLP_DTYPE_U64, 2);
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
		uint64_t n = clients[i], u[2] = { 0, n < 16 ? n << 60 : UINT64_MAX };
		__int128 most = (__int128)(~(unsigned __int128)0 >> 1), sum[2] = { 0 };
		int64_t v[2] = { 0, n < 8 ? (int64_t)u[1] : INT64_MAX };

		for (int sign = 1; sign >= -1; sign -= 2) {
			sum[1] = sign * (n < 8 ? (__int128)n << 124 : most);
			CHECK(flp_screen_values(s, 0, h.tensor, FLP_DTYPE_SUM_F32, 0, sum, 2, n, &e) == 0,
			    "%s", e.text);
			sum[1] += n < 8 ? sign : 0;
			CHECK((flp_screen_values(s, 0, h.tensor, FLP_DTYPE_SUM_F32, 5, sum, 2, n, &e) < 0 &&
			    says(&e, "tensor w: value 6: ")) == (n < 8), "sum of %zu", i);
			v[1] = sign * (n < 8 ? (int64_t)u[1] : INT64_MAX);
			CHECK(flp_screen_values(s, 1, h.tensor + 1, FLP_DTYPE_I64, 0, v, 2, n, &e) == 0,
			    "%s", e.text);
			v[1] += n < 8 ? sign : 0;
			CHECK((flp_screen_values(s, 1, h.tensor + 1, FLP_DTYPE_I64, 0, v, 2, n, &e) < 0) ==
			    (n < 8), "i64 of %zu", i);
		}
		CHECK(flp_screen_values(s, 2, h.tensor + 2, FLP_DTYPE_U64, 0, u, 2, n, &e) == 0, "%s", e.text);
		u[1] += n < 16;
		CHECK((flp_screen_values(s, 2, h.tensor + 2, FLP_DTYPE_U64, 0, u, 2, n, &e) < 0) ==
		    (n < 16), "u64 of %zu", i);
	}
	flp_screen_free(s);
	flp_header_free(&h);
}

static void
test_screen_equal(void)
{
	const uint8_t a[4] = { 1, 2, 3, 4 }, b[4] = { 1, 2, 3, 5 };
	struct flp_header h = { 0 };
	struct flp_error e;
	struct flp_screen *mean = flp_screen_new(FLP_RULE_MEAN, &e), *add = flp_screen_new(FLP_RULE_SUM, &e);

	tensor(&h, ":d", FLP_DTYPE_U8, 4);
	tensor(&h, "n", FLP_DTYPE_U8, 4);
	/* A record that is not taken is forgotten; the first taken one is kept. */
	CHECK(flp_screen_values(mean, 1, &h.tensor[1], FLP_DTYPE_U8, 0, b, 4, 1, &e) == 0 &&
	    flp_screen_values(mean, 1, &h.tensor[1], FLP_DTYPE_U8, 0, a, 2, 1, &e) == 0 &&
	    flp_screen_values(mean, 1, &h.tensor[1], FLP_DTYPE_U8, 2, a + 2, 2, 1, &e) == 0, "%s", e.text);
	flp_screen_done(mean);
	CHECK(flp_screen_values(mean, 1, &h.tensor[1], FLP_DTYPE_U8, 0, a, 4, 1, &e) == 0, "%s", e.text);
	CHECK(flp_screen_values(mean, 1, &h.tensor[1], FLP_DTYPE_U8, 2, b + 2, 2, 1, &e) < 0 &&
	    says(&e, "tensor n: value 3: expected the same integer"), "%s", e.text);
	CHECK(flp_screen_values(add, 0, &h.tensor[0], FLP_DTYPE_U8, 0, a, 4, 1, &e) == 0 &&
	    flp_screen_values(add, 1, &h.tensor[1], FLP_DTYPE_U8, 0, a, 4, 1, &e) == 0, "%s", e.text);
	flp_screen_done(add);
	CHECK(flp_screen_values(add, 1, &h.tensor[1], FLP_DTYPE_U8, 0, b, 4, 1, &e) == 0, "%s", e.text);
	CHECK(flp_screen_values(add, 0, &h.tensor[0], FLP_DTYPE_U8, 0, b, 4, 1, &e) < 0 &&
	    says(&e, "tensor :d: value 3: expected the same description"), "%s", e.text);
	flp_screen_free(mean);
	flp_screen_free(add);
	flp_header_free(&h);
}

/* Lines of metadata and a tensor w, with its parents in a partial. */
static struct flp_header
header(enum flp_kind kind, const char *meta)
{
	struct flp_header h;
	struct flp_error e;

	flp_header_init(&h, kind);
	CHECK(flp_meta_parse(&h.meta, meta, strlen(meta), &e) == 0, "%s", e.text);
	tensor(&h, "w", kind == FLP_KIND_PARTIAL ? FLP_DTYPE_SUM_F32 : FLP_DTYPE_F32, 2);
	if (kind == FLP_KIND_PARTIAL)
		tensor(&h, FLP_MERGE_PARENTS, FLP_DTYPE_U16, parents);
	return h;
}

/* Takes a record of that header, or says why not; *weight as it counts. */
static int
take(struct flp_merger *m, enum flp_kind kind, const char *meta, uint64_t *weight,
    struct flp_error *e)
{
	static const struct flp_id id = { { 1, 2, 3 } };
	struct flp_header h = header(kind, meta);
	struct flp_merger before = *m;
	struct flp_candidate c;
	int status = flp_merger_check(m, &h, &c, e);

	*weight = c.weight;
	CHECK(memcmp(&before, m, sizeof before) == 0, "a check changed the merger");
	if (status == 0)
		flp_merger_take(m, &c, kind, &id);
	flp_candidate_free(&c);
	flp_header_free(&h);
	return status;
}

static void
test_merger(void)
{
	const struct {
		enum flp_kind kind;
		const char *meta, *why; /* why it is refused, NULL where it is not */
		uint64_t weight;
	} records[] = {
		{ FLP_KIND_UPDATE, "examples=0\n", "examples: expected", 0 },
		{ FLP_KIND_UPDATE, "clients=7\nexamples=5\n", NULL, 5 },
		{ FLP_KIND_UPDATE, "", "examples: missing", 0 },
		{ FLP_KIND_UPDATE, "examples=9007199254740992\nnote=x\n", NULL, (uint64_t)1 << 53 },
		{ FLP_KIND_PARAMS, "examples=1\n", "expected kind update", 0 },
		{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nrule=mean\nweight=3\n"
		    "weighting=examples\n", NULL, 2 },
		{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nrule=mean\nweight=3\n"
		    "weighting=uniform\n", "weighting: expected examples, found uniform", 2 },
		{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nrule=sum\nweight=3\n"
		    "weighting=examples\n", "rule: expected mean, found sum", 2 },
		{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nweight=3\nweighting=examples\n",
		    "rule: expected mean, found nothing", 2 },
		{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nrule=mean\nweight=3\nweighting=examples\n",
		    "of: missing", 0 },
		{ FLP_KIND_PARTIAL, "examples=3\nof=update\nrule=mean\nweight=3\nweighting=examples\n",
		    "expected clients and weight", 0 },
		{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nrule=mean\nweight=0\n"
		    "weighting=examples\n", "expected clients and weight", 0 },
		{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nrule=mean\n"
		    "weight=18446744073709551615\nweighting=examples\n", "weight: expected a whole "
		    "number from 0 to 4611686018427387904", 0 },
		{ FLP_KIND_PARTIAL, "clients=4611686018427387905\nexamples=3\nof=update\nrule=mean\n"
		    "weight=4611686018427387905\nweighting=examples\n", "clients: expected", 0 },
		{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nrule=mean\n"
		    "weight=18014398509481985\nweighting=examples\n", "weight: expected a whole "
		    "number from 2 to 18014398509481984", 2 },
		{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nrule=mean\nweight=1\n"
		    "weighting=examples\n", "weight: expected a whole number from 2", 2 },
		{ FLP_KIND_PARTIAL, "clients=1\nexamples=9007199254740993\nof=update\nrule=mean\nweight=3\n"
		    "weighting=examples\n", "examples: expected", 1 },
		{ FLP_KIND_PARTIAL, "clients=1\nexamples=3\nof=update\nrule=mean\nsteps=9007199254740993\n"
		    "weight=3\nweighting=examples\n", "steps: expected", 1 },
		{ FLP_KIND_SUM, "of=update\n", "sums have no mean", 0 },
		{ FLP_KIND_PARTIAL, "clients=1\nexamples=3\nof=sum\nrule=mean\nweight=3\n"
		    "weighting=examples\n", "found sum", 0 },
		{ FLP_KIND_PARTIAL, "clients=0\nof=update\nrule=mean\nweight=0\n", NULL, 0 },
		{ FLP_KIND_PARTIAL, "clients=0\nof=params\nrule=mean\nweight=0\n", "expected kind update", 0 },
		{ FLP_KIND_PARTIAL, "base=aa\nclients=0\nof=update\nrule=mean\nweight=0\n",
		    "base: expected aa, found nothing", 0 },
	};
	struct flp_merger m;
	struct flp_error e;
	struct flp_header h;
	uint64_t weight, value = 0;

	flp_merger_init(&m, FLP_RULE_MEAN, FLP_WEIGHTING_AUTO);
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		int status = take(&m, records[i].kind, records[i].meta, &weight, &e);

		CHECK(records[i].why == NULL ? status == 0 : status < 0 && says(&e, records[i].why),
		    "%zu: %d, %s", i, status, e.text);
		CHECK(weight == records[i].weight, "%zu: %llu", i, (unsigned long long)weight);
	}
	CHECK(m.records == 3 && m.clients == 4 && m.weight == ((uint64_t)1 << 53) + 8,
	    "%llu records, %llu clients, weight %llu", (unsigned long long)m.records,
	    (unsigned long long)m.clients, (unsigned long long)m.weight);
	CHECK(flp_merger_result(&m, 0, &h, &e) == 0 && h.kind == FLP_KIND_UPDATE && h.tensors == 1 &&
	    h.tensor[0].dtype == FLP_DTYPE_F32, "%s", e.text);
	CHECK(flp_meta_u64(&h.meta, "examples", 0, UINT64_MAX, &value, &e) == 1 && value == m.weight,
	    "%llu examples", (unsigned long long)value);
	CHECK(flp_meta_get(&h.meta, "note", &value) == NULL && flp_meta_get(&h.meta, "of", &value) ==
	    NULL, "more metadata than there should be");
	flp_header_free(&h);
	CHECK(flp_merger_result(&m, 1, &h, &e) == 0 && h.kind == FLP_KIND_PARTIAL && h.tensors == 2 &&
	    h.tensor[0].dtype == FLP_DTYPE_SUM_F32 && flp_merger_check_parents(&h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	flp_merger_free(&m);
}

/* A count of all that is too large is not the newcomer's fault. */
static void
test_overflow(void)
{
	static const char *const most = "clients=4611686018427387904\nof=update\nrule=mean\n"
	    "weight=4611686018427387904\nweighting=uniform\n";
	struct flp_header partial = header(FLP_KIND_PARTIAL, most), plain = header(FLP_KIND_UPDATE, "");
	struct flp_candidate c;
	struct flp_merger m;
	struct flp_error e;
	uint64_t weight;

	flp_merger_init(&m, FLP_RULE_MEAN, FLP_WEIGHTING_AUTO);
	CHECK(take(&m, FLP_KIND_PARTIAL, most, &weight, &e) == 0, "%s", e.text);
	CHECK(flp_merger_check(&m, &plain, &c, &e) < 0 && c.over && e.code == FLP_ERROR_BAD &&
	    says(&e, "metadata: clients: with what was before it the sum is 4611686018427387905"),
	    "%s", e.text);
	flp_candidate_free(&c);
	CHECK(flp_merger_check(&m, &partial, &c, &e) < 0 && c.over, "%s", e.text);
	flp_candidate_free(&c);
	flp_header_free(&partial);
	flp_header_free(&plain);
	flp_merger_free(&m);
}

/* A partial of nothing, then what it must go with, under either weighting. */
static void
test_empty_partial(void)
{
	static const char *const empty = "base=aa\nclients=0\nof=update\nround=3\nrule=mean\nweight=0\n";
	struct flp_merger m;
	struct flp_error e;
	uint64_t weight;

	flp_merger_init(&m, FLP_RULE_MEAN, FLP_WEIGHTING_AUTO);
	CHECK(take(&m, FLP_KIND_PARTIAL, empty, &weight, &e) == 0 && m.records == 0, "%s", e.text);
	CHECK(take(&m, FLP_KIND_PARTIAL, empty, &weight, &e) == 0 && m.records == 0, "%s", e.text);
	CHECK(take(&m, FLP_KIND_UPDATE, "base=bb\nround=3\n", &weight, &e) < 0 &&
	    says(&e, "base: expected aa, found bb"), "%s", e.text);
	CHECK(take(&m, FLP_KIND_UPDATE, "base=aa\nround=3\n", &weight, &e) == 0 &&
	    m.weighting == FLP_WEIGHTING_UNIFORM && m.clients == 1, "%s", e.text);
	CHECK(take(&m, FLP_KIND_PARTIAL, empty, &weight, &e) == 0 && m.clients == 1, "%s", e.text);
	flp_merger_free(&m);
}

enum { VALUES = 40000 }; /* three stretches */

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

static void (*change)(void);

static void
left_out(const struct flp_error *e)
{
	CHECK(says(e, "left out"), "%s", e->text);
	change();
}

/* Files a and, in its place, a bad one; while that is named, a changes. */
static void
test_changes(void)
{
	static const struct {
		void (*change)(void);
		enum flp_code code;
		const char *text;
	} cases[] = {
		{ change_values, FLP_ERROR_SYSTEM, "a: changed while it was read" },
		{ change_size, FLP_ERROR_SYSTEM, "a: changed while it was read" },
		{ cut, FLP_ERROR_BAD, "a: tensor w: values: cut off" },
		{ take_away, FLP_ERROR_SYSTEM, "a: open" },
	};

	for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
		int many = i % 2; /* more than are read at once */
		char *paths[FLP_AGGREGATE_OPEN + 4];
		struct flp_aggregation a = { .left_out = left_out };
		struct flp_error e;
		struct flp_out out;
		int n = 0, status;

		save("a", 1, VALUES);
		save("b", 2, VALUES);
		save("bad", 1, 1);
		paths[n++] = "a";
		while (n < (many ? FLP_AGGREGATE_OPEN + 2 : 2))
			paths[n++] = "b";
		paths[n++] = "bad";
		paths[n] = NULL;
		change = cases[i / 2].change;
		flp_merger_init(&a.merger, FLP_RULE_MEAN, FLP_WEIGHTING_AUTO);
		CHECK(flp_out_temporary(&out, &e) == 0, "%s", e.text);
		status = flp_aggregate(&a, paths, &out, &e);
		CHECK(status < 0 && e.code == cases[i / 2].code && says(&e, cases[i / 2].text),
		    "%zu: %d, %d: %s", i, status, (int)e.code, e.text);
		flp_out_discard(&out);
		flp_merger_free(&a.merger);
	}
	unlink("a");
	unlink("b");
	unlink("bad");
}

int
main(void)
{
	char folder[] = "/tmp/rule-XXXXXX";

	test_idset();
	test_step();
	test_total_integers();
	test_total();
	test_screen_floats();
	test_screen_sums();
	test_screen_equal();
	test_merger();
	test_overflow();
	test_empty_partial();
	CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0, "%s", folder);
	test_changes();
	CHECK(rmdir(folder) == 0, "%s", folder);
	return unit_done();
}

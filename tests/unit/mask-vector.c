/* mask-vector: vectors to be masked are compared with steps that are computed plainly, and opened
 * sums with plain sums; rings that are just large enough; and what is refused. */
#include "format/keys.h"
#include "kernel/random.h"
#include "kernel/ring.h"
#include "mask/shape.h"
#include "mask/vector.h"
#include "unit.h"

#include <math.h>
#include <string.h>

enum { COUNT = 2500 }; /* values of the tensor w: more than a block, but not a multiple of it */

static struct flp_random dice;
static struct flp_error e;

/* A model of w, b and an integer n, with a name and a round. */
static struct flp_record
model(void)
{
	struct flp_record rec;
	struct flp_header h;
	const uint64_t w = COUNT, two = 2, one = 1;

	flp_header_init(&h, FLP_KIND_PARAMS);
	h.privacy = FLP_PRIVACY_PUBLIC;
	CHECK(flp_header_add(&h, "w", FLP_DTYPE_F32, 1, &w, &e) == 0 &&
	    flp_header_add(&h, "b", FLP_DTYPE_F64, 1, &two, &e) == 0 &&
	    flp_header_add(&h, "n", FLP_DTYPE_I32, 1, &one, &e) == 0 &&
	    flp_header_add(&h, ":features", FLP_DTYPE_U8, 1, &two, &e) == 0 &&
	    flp_meta_set_u64(&h.meta, "round", 7, &e) == 0 &&
	    flp_record_new(&rec, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	*(int32_t *)rec.values[2] = 5;
	memcpy(rec.values[3], "x\n", 2);
	return rec;
}

static struct flp_vector
vector(const struct flp_record *of)
{
	struct flp_vector v = { .clients = 3, .model = of, .grid = 16 };

	CHECK(flp_record_digest(of, &v.base, &e) == 0, "%s", e.text);
	return v;
}

static void
set(struct flp_record *rec, const char *key, const char *value)
{
	if (value == NULL)
		flp_meta_drop(&rec->header.meta, key);
	else
		CHECK(flp_meta_set(&rec->header.meta, key, value, strlen(value), &e) == 0, "%s", e.text);
}

/* An update of the model, of zeros; clipped to 1 with K = 16 or, if `vote` is not 0, with one. */
static struct flp_record
update(const struct flp_vector *v, int clipped, int vote)
{
	struct flp_record rec;
	struct flp_header h;
	char base[FLP_DIGEST_TEXT];
	const uint64_t one = 1;

	flp_header_init(&h, FLP_KIND_UPDATE);
	for (size_t i = 0; i < v->model->header.tensors; i++) {
		const struct flp_tensor *t = &v->model->header.tensor[i];

		if (!flp_tensor_describes(t))
			CHECK(flp_header_add(&h, t->name, t->dtype, t->rank, t->dims, &e) == 0, "%s", e.text);
	}
	if (vote != 0)
		CHECK(flp_header_add(&h, "clip/below", FLP_DTYPE_I32, 1, &one, &e) == 0, "%s", e.text);
	h.privacy = clipped ? FLP_PRIVACY_CLIPPED : FLP_PRIVACY_RAW;
	CHECK(flp_record_new(&rec, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	flp_digest_text(&v->base, base);
	set(&rec, "base", base);
	set(&rec, "round", "7");
	if (clipped) {
		set(&rec, "clip", "1");
		set(&rec, "grid", "16");
	}
	if (vote != 0)
		*(int32_t *)rec.values[3] = vote * (1 << 20);
	return rec;
}

/* Random steps of 2^-16 of a norm below 1, kept in steps[COUNT + 2]. */
static void
fill(struct flp_record *rec, int64_t *steps)
{
	float *w = rec->values[0];
	double *b = rec->values[1];

	for (size_t i = 0; i < COUNT + 2; i++) {
		steps[i] = (int64_t)flp_random_below(&dice, 2001) - 1000;
		if (i < COUNT)
			w[i] = (float)ldexp((double)steps[i], -16);
		else
			b[i - COUNT] = ldexp((double)steps[i], -16);
	}
}

/* Adds the values of a vector to *sum, which takes over the first one. */
static void
add(struct flp_record *sum, struct flp_record *more, unsigned bits)
{
	if (sum->values == NULL) {
		*sum = *more;
		*more = (struct flp_record){ 0 };
		return;
	}
	for (size_t i = 0; i < sum->header.tensors; i++)
		flp_ring_add(sum->values[i], more->values[i], (size_t)sum->header.tensor[i].count, bits);
	flp_record_free(more);
}

/* Three clipped updates, with weights or votes: each value of the sum is that of plain
 * arithmetic. */
static void
test_sum(uint64_t weight, int votes, unsigned bits)
{
	static int64_t want[COUNT + 2], steps[COUNT + 2];
	struct flp_record m = model(), sum = { 0 }, one, opened;
	struct flp_vector v = vector(&m);
	uint64_t total = 0;
	size_t n;

	v.weight = weight;
	memset(want, 0, sizeof want);
	for (uint64_t k = 1; k <= 3; k++) {
		struct flp_record u = update(&v, 1, votes ? k == 2 ? -1 : 1 : 0);
		uint64_t own = weight > 0 ? k * weight / 3 : 1;
		char examples[32];

		snprintf(examples, sizeof examples, "%llu", (unsigned long long)own);
		set(&u, "examples", examples);
		fill(&u, steps);
		for (size_t i = 0; i < COUNT + 2; i++)
			want[i] += steps[i] * (int64_t)own;
		total += own;
		CHECK(flp_vector_make(&v, &one, &u, &e) == 0, "%s", e.text);
		CHECK(v.fit.bits == bits, "%u", v.fit.bits);
		CHECK(flp_meta_get(&one.header.meta, "examples", &n) == NULL, "examples in clear");
		add(&sum, &one, bits);
		flp_record_free(&u);
	}
	CHECK(flp_vector_open(&v, &opened, &sum, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < COUNT + 2; i++) {
		const double *at = opened.values[i < COUNT ? 0 : 1];

		CHECK(at[i < COUNT ? i : i - COUNT] == ldexp((double)want[i], -16), "value %zu", i);
	}
	CHECK(*(int32_t *)opened.values[2] == 0, "n");
	CHECK(opened.header.kind == FLP_KIND_SUM, "kind");
	CHECK(opened.header.privacy == FLP_PRIVACY_CLIPPED, "state");
	CHECK(flp_meta_u64(&opened.header.meta, "weight", total, total, &total, &e) == 1, "%s", e.text);
	CHECK((flp_meta_get(&opened.header.meta, "clip", &n) != NULL) == (weight == 0), "clip");
	CHECK(opened.header.tensors == (votes ? 4 : 3), "tensors");
	if (votes)
		CHECK(*(int64_t *)opened.values[3] == 1 << 20, "%lld",
		    (long long)*(int64_t *)opened.values[3]);
	flp_record_free(&opened);
	flp_record_free(&sum);
	flp_record_free(&m);
}

/* A ring that just holds the sum, and one that is just too small for it. */
static void
test_fit(void)
{
	static const struct {
		uint64_t clients, weight, steps;
		unsigned bits; /* 0: refused */
	} known[] = {
		{ 1, 1, 1, 16 }, { 1, 1, 32767, 16 }, { 1, 1, 32768, 24 }, { 3, 1, 10922, 16 },
		{ 3, 1, 10923, 24 }, { 1, 1, (1 << 23) - 1, 24 }, { 1, 1, 1 << 23, 32 },
		{ 127, 1, 65536, 24 }, { 128, 1, 65536, 32 }, { 79, 1, 104858, 24 },
		{ 80, 1, 104858, 32 }, { 1, 1, ((uint64_t)1 << 31) - 1, 32 },
		{ 1, 1, (uint64_t)1 << 31, 48 }, { 1, 2, ((uint64_t)1 << 46), 64 },
		{ 1, 1, ((uint64_t)1 << 47) - 1, 48 }, { 1, 1, (uint64_t)1 << 53, 64 },
		{ 1, 1, ((uint64_t)1 << 53) + 1, 0 }, { 2, 1, (uint64_t)1 << 52, 64 },
		{ (uint64_t)1 << 40, (uint64_t)1 << 40, 1, 0 }, { UINT64_MAX, 2, 3, 0 },
		{ 3, UINT64_MAX, 3, 0 },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		struct flp_fit f = { known[i].clients, known[i].weight, known[i].steps, 0 };
		int status = flp_fit_bits(&f, &e);

		CHECK(known[i].bits == 0 ? status < 0 && e.code == FLP_ERROR_BAD :
		    status == 0 && f.bits == known[i].bits, "row %zu: %u", i, f.bits);
	}
}

/* The lattices that 24 bits allow for so many clients. */
static void
test_choose(void)
{
	static const struct {
		double most;
		uint64_t clients;
		unsigned bits, grid;
	} known[] = {
		{ 1, 3, 16, 13 }, { 1, 4, 24, 20 }, { 1, 100, 24, 16 }, { 1, 127, 24, 16 },
		{ 1, 128, 24, 15 }, { 1, 1023, 24, 13 }, { 1, 1024, 32, 20 }, { 0.8, 79, 24, 16 },
		{ 0.8, 80, 24, 15 }, { 0.8, 639, 24, 13 }, { 0.8, 640, 32, 20 },
	};
	struct flp_lattice l;
	struct flp_fit f;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		f = (struct flp_fit){ .clients = known[i].clients, .weight = 1 };
		CHECK(flp_fit_choose(&f, &l, known[i].most, 0, &e) == 0, "%s", e.text);
		CHECK(f.bits == known[i].bits && l.grid == known[i].grid, "row %zu: %u %u", i, f.bits,
		    l.grid);
		CHECK(flp_fit_headroom(&f) >= 1, "row %zu: %g", i, flp_fit_headroom(&f));
	}
	/* g sqrt(d) / 2 < C / 10: with d = 1e8 and C = 1, 2^-K < 2e-5, so K is 16 or more */
	f = (struct flp_fit){ .clients = 1023, .weight = 1 };
	CHECK(flp_fit_choose(&f, &l, 1, 100000000, &e) == 0 && l.grid >= 16 && f.bits == 32,
	    "%u %u", l.grid, f.bits);
	f = (struct flp_fit){ .clients = 3, .weight = 1 };
	CHECK(flp_fit_choose(&f, &l, 1, (uint64_t)1 << 45, &e) < 0 && e.code == FLP_ERROR_BAD, "d");
}

/* One value among zeros, under a range of .75: its steps, or that it is refused. */
static void
test_range(void)
{
	static const struct {
		double value;
		int64_t steps; /* of 2^-17 */
		int beyond;
	} known[] = {
		{ 0, 0, 0 }, { 0.75, 98304, 0 }, { -0.75, -98304, 0 }, { 0x1p-18, 0, 0 },
		{ 0x1.8p-17, 2, 0 }, { -0x1.4p-17, -1, 0 }, { 0x1.8000002p-1, 98304, 1 },
		{ 1e300, 98304, 1 }, { -1e300, -98304, 1 },
	};
	struct flp_record m = model(), one;
	struct flp_vector v = vector(&m);
	struct flp_record u = update(&v, 0, 0);

	v.range = 0.75;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		((double *)u.values[1])[1] = known[i].value;
		for (v.saturate = 0; v.saturate < 2; v.saturate++) {
			int status = flp_vector_make(&v, &one, &u, &e);

			CHECK(status == (known[i].beyond && !v.saturate ? -1 : 0), "%g", known[i].value);
			CHECK(v.cut == (uint64_t)(known[i].beyond && v.saturate), "%g", known[i].value);
			if (status < 0) {
				CHECK(strcmp(e.text, "tensor b: value 1: expected a magnitude of at most 0.75 "
				    "(--range), found more") == 0, "%s", e.text);
				continue;
			}
			CHECK(((uint64_t *)one.values[1])[1] == flp_ring_reduce((uint64_t)known[i].steps,
			    v.fit.bits), "%g", known[i].value);
			flp_record_free(&one);
		}
	}
	flp_record_free(&u);
	flp_record_free(&m);
}

/* A bad update, and what the message says. */
static void
refuse(struct flp_vector *v, const struct flp_record *u, const char *message)
{
	struct flp_record one;

	CHECK(flp_vector_make(v, &one, u, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strstr(e.text, message) != NULL, "expected %s, found %s", message, e.text);
}

static void
test_refused(void)
{
	struct flp_record m = model();
	struct flp_vector v = vector(&m);
	struct flp_record u = update(&v, 1, 0), raw = update(&v, 0, 0), vote = update(&v, 1, 1);

	refuse(&v, &raw, "expected a clipped record, found one that is raw");
	((float *)u.values[0])[3] = 0x1p-17f;
	refuse(&v, &u, "tensor w: value 3: expected a multiple of the step 2^-16");
	((float *)u.values[0])[3] = 1;
	((double *)u.values[1])[0] = 0x1p-16;
	refuse(&v, &u, "expected a norm of at most 1 (clip), found more");
	((double *)u.values[1])[0] = 0;
	*(int32_t *)u.values[2] = 1;
	refuse(&v, &u, "tensor n: value 0: expected 0");
	*(int32_t *)u.values[2] = 0;
	set(&u, "round", "8");
	refuse(&v, &u, "metadata: round: expected 7, found 8");
	set(&u, "round", "7");
	set(&u, "clients", "2");
	refuse(&v, &u, "expected one client's record");
	set(&u, "clients", NULL);
	set(&u, "grid", NULL);
	refuse(&v, &u, "metadata: grid: expected with clip, found nothing");
	set(&u, "grid", "16");
	v.weight = 10;
	refuse(&v, &u, "metadata: examples: expected a number as the weight, found nothing");
	set(&u, "examples", "11");
	refuse(&v, &u, "metadata: examples: expected a weight of 1 to 10 (--max-weight), found "
	    "another");
	set(&u, "examples", "10");
	refuse(&v, &vote, "tensor clip/below: expected no weights with a vote, found weights of at "
	    "most 10 (--max-weight)");
	u.header.privacy = FLP_PRIVACY_NOISED;
	refuse(&v, &u, "expected no weights for a record with noise");
	v.weight = 0;
	refuse(&v, &u, "metadata: noise: expected in a noised record, found nothing");
	set(&u, "noise", "100");
	set(&u, "mechanism", "gaussian");
	((float *)u.values[0])[3] = 65536 / 65536.f + 1201 / 65536.f;
	refuse(&v, &u, "tensor w: value 3: expected at most 66736 steps, found more");
	vote.header.tensor[3].count = vote.header.tensor[3].dims[0] = 2;
	refuse(&v, &vote, "tensor clip/below: expected i32 of dims 1, found i32 of dims 2");
	vote.header.tensor[3].count = vote.header.tensor[3].dims[0] = 1;
	vote.header.privacy = FLP_PRIVACY_RAW;
	refuse(&v, &vote, "tensor clip/below: expected only in a clipped update, found in one that is "
	    "raw");
	vote.header.privacy = FLP_PRIVACY_CLIPPED;
	strcpy(vote.header.tensor[3].name, "clip/above");
	refuse(&v, &vote, "tensor clip/above: expected only tensors of the model and a vote, found "
	    "another, which can't be added up");
	strcpy(vote.header.tensor[3].name, "clip/below");
	*(int32_t *)vote.values[3] = 1;
	refuse(&v, &vote, "tensor clip/below: expected i32 of value 2^20 or -2^20");
	v.range = 1;
	refuse(&v, &vote, "expected a record that is not clipped under --range");
	set(&raw, "base", "0");
	refuse(&v, &raw, "metadata: base");
	set(&raw, "base", NULL);
	refuse(&v, &raw, "expected an update of the model, or parameters trained from it, found a "
	    "record without base");
	m.header.privacy = FLP_PRIVACY_RAW;
	refuse(&v, &m, "expected an update of the model, or parameters trained from it, found a "
	    "record without base");
	flp_record_free(&vote);
	flp_record_free(&raw);
	flp_record_free(&u);
	flp_record_free(&m);
}

/* A sum that no three such vectors can have: it has one step too many, as if masks had not
 * cancelled. */
static void
test_no_sum(void)
{
	struct flp_record m = model(), sum, opened;
	struct flp_vector v = vector(&m);
	struct flp_record u = update(&v, 1, 0);
	uint64_t *w;

	CHECK(flp_vector_make(&v, &sum, &u, &e) == 0, "%s", e.text);
	w = sum.values[0];
	w[9] = 3 * 65536;
	CHECK(flp_vector_open(&v, &opened, &sum, &e) == 0, "%s", e.text);
	flp_record_free(&opened);
	w[9]++;
	CHECK(flp_vector_open(&v, &opened, &sum, &e) < 0, "above");
	CHECK(strstr(e.text, "tensor w: value 9: expected a sum of values within") != NULL, "%s",
	    e.text);
	w[9] = flp_ring_reduce((uint64_t)-3 * 65536, 24);
	CHECK(flp_vector_open(&v, &opened, &sum, &e) == 0, "%s", e.text);
	flp_record_free(&opened);
	w[9]--;
	CHECK(flp_vector_open(&v, &opened, &sum, &e) < 0, "below");
	w[9] = 0;
	((uint64_t *)sum.values[2])[0] = 1;
	CHECK(flp_vector_open(&v, &opened, &sum, &e) < 0, "an integer that is not 0");
	((uint64_t *)sum.values[2])[0] = 0;
	set(&sum, "bits", "32");
	CHECK(flp_vector_open(&v, &opened, &sum, &e) < 0 &&
	    strstr(e.text, "metadata: bits: expected 24") != NULL, "%s", e.text);
	set(&sum, "bits", "24");
	sum.header.tensor[0].encoding = FLP_ENCODING_DENSE;
	CHECK(flp_vector_open(&v, &opened, &sum, &e) < 0 &&
	    strstr(e.text, "expected encoding modular, found dense") != NULL, "%s", e.text);
	flp_record_free(&u);
	flp_record_free(&sum);
	flp_record_free(&m);
}

int
main(void)
{
	flp_random_init(&dice, 11, 0, 0, FLP_PURPOSE_INIT);
	test_fit();
	test_choose();
	test_sum(0, 0, 24);
	test_sum(0, 1, 24);
	test_sum(3, 0, 24);
	test_sum(300000, 0, 48);
	test_range();
	test_refused();
	test_no_sum();
	return unit_done();
}

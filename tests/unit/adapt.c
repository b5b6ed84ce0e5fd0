/* adapt: the arithmetic of adaptive clipping, held to the published sequence; the noise of the
 * votes; what an update says of its norm; headers that are refused. */
#include "kernel/lattice.h"
#include "privacy/adapt.h"
#include "privacy/clip.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct flp_digest digest;

static int
near(double found, double want, double within)
{
	return fabs(found - want) <= within;
}

/* Records of 5 and -2.5 under gamma = 0 and eta = ln 2, as the quantile query of TensorFlow
 * Privacy tests it: C halves while both are below. */
static void
test_sequence(void)
{
	const double record[] = { 5, -2.5 }, next[] = { 8, 4, 2 * M_SQRT2, 2, 2 };
	const double sums[] = { 2.5, 2.5, 1.5, 2 * M_SQRT2 - 2.5, 0 };
	double clip = 16;

	for (size_t i = 0; i < 5; i++) {
		int64_t votes = 0;
		double sum = 0;

		for (size_t k = 0; k < 2; k++) {
			votes += fabs(record[k]) <= clip ? FLP_ADAPT_VOTE : -FLP_ADAPT_VOTE;
			sum += copysign(fmin(fabs(record[k]), clip), record[k]);
		}
		CHECK(near(sum, sums[i], 1e-12), "%zu: %g", i, sum);
		clip = flp_adapt_next(clip, flp_adapt_share(votes, 2), 0, M_LN2);
		CHECK(near(clip, next[i], 1e-12), "%zu: %g", i, clip);
	}
}

static void
test_share(void)
{
	CHECK(flp_adapt_share(0, 7) == 0.5, "nobody");
	CHECK(flp_adapt_share(7 * (int64_t)FLP_ADAPT_VOTE, 7) == 1, "all below");
	CHECK(flp_adapt_share(-7 * (int64_t)FLP_ADAPT_VOTE, 7) == 0, "all above");
	CHECK(flp_adapt_share(-5 * (int64_t)FLP_ADAPT_VOTE, 10) == 0.25, "5 of 10, and above");
	CHECK(flp_adapt_share((int64_t)1 << 53, (uint64_t)1 << 33) == 1, "many");
}

/* Both parts together cost what was asked for, never more, and at most a step's worth less. */
static void
test_noise(void)
{
	static const struct {
		uint64_t clients;
		double z, update;
		uint64_t sigma;
	} all[] = {
		{ 100, 1, 1.0050378, 10485760 }, { 100, 9.99, 0, 10485760 }, { 11, 1, 2.4003928, 1153434 },
		{ 3, 0.25, 0, 314573 }, { 2559, 1, 0, 268330599 }, { 2560, 1, 0, 268435456 },
		{ 1000000, 1, 1.0000076, 268435456 }, { 1000000, 255.9, 0, 268435456 },
		{ 12, 1.1999999, 0, 1258292 },
	};
	struct flp_adapt a = { 0 };
	struct flp_error e;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		long double s = (long double)all[i].sigma / FLP_ADAPT_VOTE, z;
		double update = 0;

		CHECK(flp_adapt_noise(&a, all[i].clients, all[i].z, &update, &e) == 0, "%s", e.text);
		CHECK(a.sigma == all[i].sigma && s >= fmin((double)all[i].clients / 10, 256), "%zu: %llu", i,
		    (unsigned long long)a.sigma);
		CHECK(all[i].update == 0 || near(update, all[i].update, 5e-7), "%zu: %.9g", i, update);
		z = 1 / sqrtl(1 / ((long double)update * update) + 1 / (s * s));
		CHECK(z >= all[i].z && z <= all[i].z * (1 + 1e-13L), "%zu: %.17Lg", i, z);
	}
	CHECK(flp_adapt_noise(&a, 10, 1, &(double){ 0 }, &e) < 0 && e.code == FLP_ERROR_USAGE &&
	    strcmp(e.text, "option --adapt-clients: expected more than 10 clients, 10 times --noise, "
	    "found 10") == 0, "%s", e.text);
	CHECK(flp_adapt_noise(&a, 10, 0.99, &(double){ 0 }, &e) == 0, "%s", e.text);
	CHECK(flp_adapt_noise(&a, 9999, 256, &(double){ 0 }, &e) < 0 && e.code == FLP_ERROR_USAGE &&
	    strstr(e.text, "option --noise: expected less than 256") == e.text, "%s", e.text);
	CHECK(flp_adapt_noise(&a, 10, NAN, &(double){ 0 }, &e) < 0, "not a number");
}

static int
range(const char *text, double clip, struct flp_adapt *a)
{
	struct flp_error e = { 0 };

	*a = (struct flp_adapt){ 0 };
	if (flp_adapt_range(a, text, clip, &e) == 0)
		return a->on;
	CHECK(e.code == FLP_ERROR_USAGE && strncmp(e.text, "option --", 9) == 0, "%s", e.text);
	return -1;
}

static void
test_range(void)
{
	static const char *const bad[] = { "", ":", "1", "1:", ":1", "2:1", "0:1", "-1:1", "1:inf",
		"nan:1", "1:2:3", "1:1e13", "1e-13:1", "1 :2", "1:2 ", "0.1:0.9", "1.1:2" };
	struct flp_adapt a;

	CHECK(range("0.5:2", 1, &a) == 1 && a.least == 0.5 && a.most == 2, "%g %g", a.least, a.most);
	CHECK(range("1:1", 1, &a) == 1 && range("1e-12:1e12", 1, &a) == 1, "bounds");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(range(bad[i], 1, &a) == -1, "%s", bad[i]);
}

/* The C that a model's keys give; 0 if the model is bad. */
static double
model(const char *meta)
{
	struct flp_adapt a;
	struct flp_error e = { 0 };
	struct flp_meta m = { 0 };
	double clip = 1;

	CHECK(range("0.5:2", 1, &a) == 1 && flp_meta_parse(&m, meta, strlen(meta), &e) == 0, "%s", meta);
	if (flp_adapt_model(&a, &m, &digest, &clip, &e) < 0) {
		CHECK(e.code == FLP_ERROR_BAD && strstr(e.text, "metadata: clip.next: expected 0.5 to 2") ==
		    e.text, "%s", e.text);
		clip = 0;
	}
	flp_meta_free(&m);
	return clip;
}

static void
test_model(void)
{
	CHECK(model("") == 1 && model("clip=9\n") == 1, "none yet");
	CHECK(model("clip.next=0.75\n") == 0.75 && model("clip.next=2\n") == 2, "clip.next");
	CHECK(model("clip.next=2.1\n") == 0 && model("clip.next=0\n") == 0, "beyond the range");
	CHECK(model("clip.next=x\n") == 0, "not a number");
}

/* clip.next for a sum of votes: the mean of log(next / clip) over many draws, and its standard
 * deviation. */
static void
test_looked(void)
{
	enum { DRAWS = 20000, CLIENTS = 40 };
	double mean = 0, squares = 0, scatter, next;
	struct flp_stream s;
	struct flp_meta m = { 0 };
	struct flp_adapt a;
	struct flp_error e;
	size_t n;

	CHECK(range("1e-6:1e6", 3, &a) == 1 && flp_adapt_noise(&a, CLIENTS, 1, &next, &e) == 0 &&
	    flp_stream_seeded(&s, 5, &e) == 0, "%s", e.text);
	a.sum = 20 * (int64_t)FLP_ADAPT_VOTE; /* 30 of 40 are below */
	for (int i = 0; i < DRAWS; i++) {
		const char *text;

		CHECK(flp_adapt_looked(&a, 3, &s, &m, &e) == 0, "%s", e.text);
		text = flp_meta_get(&m, "clip.next", &n);
		CHECK(text != NULL && n <= 11, "%zu bytes", n);
		next = text != NULL ? log(strtod(text, NULL) / 3) : 0;
		mean += next / DRAWS;
		squares += next * next / DRAWS;
	}
	/* sigma_b / n = 1 / 20, so it scatters by eta / 20 = 1 % */
	scatter = sqrt(squares - mean * mean);
	CHECK(near(mean, -0.2 * 0.25, 6 * 0.01 / sqrt(DRAWS)), "%g", mean);
	CHECK(near(scatter, 0.01, 6 * 0.01 / sqrt(2.0 * DRAWS)), "%g", scatter);
	/* the result is in the range, even after rounding */
	CHECK(range("2.99999999999:3", 3, &a) == 1 && flp_adapt_noise(&a, 4000, 1, &next, &e) == 0, "%s",
	    e.text);
	for (int i = -1; i <= 1; i += 2) {
		a.sum = i * 4000 * (int64_t)FLP_ADAPT_VOTE;
		CHECK(flp_adapt_looked(&a, 3, &s, &m, &e) == 0, "%s", e.text);
		next = strtod(flp_meta_get(&m, "clip.next", &n), NULL);
		CHECK(next == (i < 0 ? 3 : 2.99999999999), "%.17g", next);
	}
	flp_stream_end(&s);
	flp_meta_free(&m);
}

/* Returns 1 if these values are within C = 5 before they are clipped. */
static int
below(const double *value, size_t n)
{
	struct flp_record rec = { 0 };
	const uint64_t dims = n;
	struct flp_blocks b;
	struct flp_header h;
	struct flp_error e;
	struct flp_clip c;
	int is;

	flp_header_init(&h, FLP_KIND_UPDATE);
	CHECK(flp_header_add(&h, "w", FLP_DTYPE_F64, 1, &dims, &e) == 0 &&
	    flp_record_new(&rec, &h, &e) == 0 && flp_clip_init(&c, 5, 20, 0, &e) == 0 &&
	    flp_clip_begin(&c, &h, 0, &e) == 0, "%s", e.text);
	memcpy(rec.values[0], value, n * sizeof *value);
	do {
		CHECK(flp_blocks_of(&b, &rec, &e) == 0 && flp_blocks_raw(&b, 0, &e) > 0 &&
		    flp_clip_look(&c, &b, &e) == 0, "%s", e.text);
		flp_blocks_free(&b);
	} while (flp_clip_looked(&c, &e) > 0);
	is = flp_clip_below(&c);
	flp_clip_free(&c);
	flp_record_free(&rec);
	flp_header_free(&h);
	return is;
}

static void
test_below(void)
{
	CHECK(below((double[]){ 0, -0.0 }, 2), "zeros");
	CHECK(below((double[]){ 3, 4 }, 2), "just C, which is scaled down nonetheless");
	CHECK(!below((double[]){ 3, nextafter(4, 5), 1e-7 }, 3), "above");
	CHECK(!below((double[]){ DBL_MAX, DBL_MAX }, 2), "far above");
	CHECK(below((double[]){ 4.999999999999, 0 }, 2), "below");
}

/* Edits the header of a record of a tensor w and, if dtype is not 0, votes. Returns 0, or the
 * error's code. */
static int
edit(struct flp_adapt *a, enum flp_kind kind, enum flp_privacy privacy, enum flp_dtype dtype,
    uint64_t n, const char *base, struct flp_header *h)
{
	const uint64_t four = 4;
	struct flp_error e = { 0 };

	flp_header_init(h, kind);
	h->privacy = privacy;
	CHECK(flp_meta_parse(&h->meta, base, strlen(base), &e) == 0 &&
	    flp_header_add(h, "w", FLP_DTYPE_F32, 1, &four, &e) == 0 && (dtype == 0 ||
	    flp_header_add(h, FLP_ADAPT_TENSOR, dtype, 1, &n, &e) == 0), "%s", e.text);
	return flp_adapt_edit(a, h, &e) == 0 ? 0 : (int)e.code;
}

#define BASE "base=0000000000000000000000000000000000000000000000000000000000000000\n"

static void
test_edit(void)
{
	static const struct {
		enum flp_kind kind;
		enum flp_privacy privacy;
		enum flp_dtype dtype;
		uint64_t n;
		const char *base;
		size_t tensors; /* of the result, 0: refused */
		size_t off;     /* the same where clipping does not adapt */
	} all[] = {
		{ FLP_KIND_UPDATE, FLP_PRIVACY_RAW, 0, 0, BASE, 2, 1 },
		{ FLP_KIND_UPDATE, FLP_PRIVACY_PUBLIC, 0, 0, "", 2, 1 },
		{ FLP_KIND_UPDATE, FLP_PRIVACY_RAW, 0, 0, "base=1\n", 0, 1 },
		{ FLP_KIND_UPDATE, FLP_PRIVACY_CLIPPED, 0, 0, BASE, 0, 1 },
		{ FLP_KIND_UPDATE, FLP_PRIVACY_RAW, FLP_DTYPE_I32, 1, BASE, 0, 0 },
		{ FLP_KIND_UPDATE, FLP_PRIVACY_CLIPPED, FLP_DTYPE_I32, 1, BASE, 0, 0 },
		{ FLP_KIND_SUM, FLP_PRIVACY_CLIPPED, FLP_DTYPE_I64, 1, BASE, 1, 0 },
		{ FLP_KIND_SUM, FLP_PRIVACY_PUBLIC, FLP_DTYPE_I64, 1, BASE, 1, 0 },
		{ FLP_KIND_SUM, FLP_PRIVACY_CLIPPED, FLP_DTYPE_I32, 1, BASE, 0, 0 },
		{ FLP_KIND_SUM, FLP_PRIVACY_CLIPPED, FLP_DTYPE_I64, 2, BASE, 0, 0 },
		{ FLP_KIND_SUM, FLP_PRIVACY_CLIPPED, FLP_DTYPE_I64, 1, "base=1\n", 0, 0 },
		{ FLP_KIND_SUM, FLP_PRIVACY_CLIPPED, 0, 0, BASE, 0, 1 },
		{ FLP_KIND_SUM, FLP_PRIVACY_PUBLIC, 0, 0, BASE, 1, 1 },
	};
	struct flp_adapt a, off = { 0 };
	struct flp_header h;
	double clip = 1;
	struct flp_error e;

	CHECK(range("1:1", 1, &a) == 1 && flp_adapt_model(&a, &(struct flp_meta){ 0 }, &digest, &clip,
	    &e) == 0, "%s", e.text);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (int on = 0; on < 2; on++) {
			size_t want = on ? all[i].tensors : all[i].off;
			int code = edit(on ? &a : &off, all[i].kind, all[i].privacy, all[i].dtype, all[i].n,
			    all[i].base, &h);

			CHECK(want > 0 ? code == 0 && h.tensors == want : code == FLP_ERROR_BAD, "%zu %d: %d %zu",
			    i, on, code, h.tensors);
			CHECK(want < 2 || (h.tensor[1].dtype == FLP_DTYPE_I32 && h.tensor[1].count == 1), "vote");
			flp_header_free(&h);
		}
}

int
main(void)
{
	test_sequence();
	test_share();
	test_noise();
	test_range();
	test_model();
	test_looked();
	test_below();
	test_edit();
	return unit_done();
}

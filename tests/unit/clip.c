/* clip: ten thousand random updates, whose norm must come out at most C in whole numbers, held
 * to a plain computation in long doubles; groups, ties, norms that doubles get wrong, and what is
 * refused. */
#include "format/record.h"
#include "kernel/random.h"
#include "privacy/clip.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 10000000, RECORDS = 10000 };

typedef unsigned __int128 u128;

static struct flp_random dice;
static double value[MANY], steps[MANY]; /* of all floats of a record, one after the other */

/* A tensor of a record that is to be made. Its values come from value[]. */
struct piece {
	const char *name;
	enum flp_dtype dtype;
	uint64_t n;
};

/* Makes a record of these tensors. value[] becomes the values as the record stores them. */
static void
make(struct flp_record *rec, const struct piece *piece, size_t pieces)
{
	struct flp_header h;
	struct flp_error e;
	size_t at = 0;

	flp_header_init(&h, FLP_KIND_UPDATE);
	for (size_t i = 0; i < pieces; i++)
		CHECK(flp_header_add(&h, piece[i].name, piece[i].dtype, 1, &piece[i].n, &e) == 0, "%s",
		    e.text);
	CHECK(flp_record_new(rec, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	for (size_t i = 0; i < pieces; at += piece[i++].n) {
		flp_dtype_from_f64(value + at, piece[i].n, piece[i].dtype, rec->values[i]);
		flp_dtype_to_f64(rec->values[i], piece[i].dtype, piece[i].n, value + at);
	}
}

static int
look(struct flp_clip *c, const struct flp_record *rec, struct flp_error *e)
{
	struct flp_blocks b;
	int more = flp_blocks_of(&b, rec, e);

	for (size_t i = 0; more >= 0 && i < rec->header.tensors; i++)
		while ((more = flp_blocks_raw(&b, i, e)) > 0)
			if ((more = flp_clip_look(c, &b, e)) < 0)
				break;
	flp_blocks_free(&b);
	return more;
}

/* Fills steps[] from the record. */
static void
take_steps(const struct flp_clip *c, const struct flp_record *rec)
{
	struct flp_blocks b;
	struct flp_error e;
	size_t at = 0;
	int more;

	CHECK(flp_blocks_of(&b, rec, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < rec->header.tensors; i++)
		for (; (more = flp_blocks_raw(&b, i, &e)) != 0; at += b.n) {
			CHECK(more > 0, "%s", e.text);
			flp_clip_steps(c, &b, steps + at);
		}
	flp_blocks_free(&b);
}

/* Calls the functions as clip.h says. With `clipped` the record is only checked. */
static int
clip(struct flp_clip *c, const struct flp_record *rec, int clipped, struct flp_error *e)
{
	int again;

	if (flp_clip_begin(c, &rec->header, clipped, e) < 0)
		return -1;
	do
		if (look(c, rec, e) < 0)
			return -1;
	while ((again = flp_clip_looked(c, e)) > 0);
	if (again == 0 && !clipped)
		take_steps(c, rec);
	return again;
}

/* floor((C / g)^2) or floor(C / g). C is a whole number of units of 2^-52 of its power of two. */
static u128
most_of(const struct flp_clip *c, double norm)
{
	int own = ilogb(norm), bits = 52 - own + c->lattice.exponent;
	u128 whole = (u128)(norm / ldexp(1, own - 52));

	return bits > 63 ? 0 : c->l1 ? whole >> bits : whole * whole >> 2 * bits;
}

/* Checks that steps[from..to] are whole, and that their norm is at most this. */
static int
within(const struct flp_clip *c, size_t from, size_t to, double norm)
{
	u128 size = 0;

	for (size_t i = from; i < to; i++) {
		__int128 k = (__int128)steps[i];

		if ((double)k != steps[i] || k > 1 << 24 || k < -(1 << 24))
			return 0;
		size += c->l1 ? (u128)(k < 0 ? -k : k) : (u128)(k * k);
	}
	return size <= most_of(c, norm);
}

/* The same steps by a plain reckoning: each within half a step (one, toward zero, under L1) of
 * the value, which is scaled if it must be. */
static int
near_plain(const struct flp_clip *c, size_t from, size_t to, double norm)
{
	long double g = c->lattice.step, most, sum = 0, largest = 0;
	int scaled;

	/* By the largest value, so that the squares are in range where long doubles are doubles,
	 * as they are under valgrind. */
	for (size_t i = from; i < to; i++)
		largest = fmaxl(largest, fabsl(value[i]));
	for (size_t i = from; i < to && largest > 0; i++)
		sum += c->l1 ? fabsl(value[i] / largest) : powl(value[i] / largest, 2);
	sum = c->l1 ? sum : sqrtl(sum);
	most = c->l1 ? norm : norm - g * sqrtl((long double)(to - from)) / 2;
	scaled = largest / most * sum > 1;
	for (size_t i = from; i < to; i++) {
		long double want = (scaled ? value[i] / largest * (most / sum) : value[i]) / g;
		long double room = (c->l1 ? 1 : 0.5L) + 1e-6L;

		if (!(fabsl(steps[i] - want) <= room) || (c->l1 && fabs(steps[i]) > fabsl(want) + 1e-6L))
			return 0;
		if (!c->l1 && !scaled && largest * sum < most * (1 - 1e-9L) &&
		    steps[i] != rint(value[i] / c->lattice.step))
			return 0;
	}
	return 1;
}

static const double norms[] = { 0.3, 1, 1e-3, 1e12, 1e-12, 0.7071, 4096 };
enum { NORMS = sizeof norms / sizeof *norms };

/* Values of a kind by number, of about the norm; the most that a float of 32 bits holds. */
static void
fill(unsigned kind, size_t n, double norm)
{
	double scale = norm / sqrt((double)n) * ldexp(1, (int)flp_random_below(&dice, 5) - 2);

	for (size_t i = 0; i < n; i++) {
		double x = 2 * flp_random_unit(&dice) - 1;

		switch (kind) {
		case 0: value[i] = x * scale; break;
		case 1: value[i] = x * DBL_MIN; break; /* denormal */
		case 2: value[i] = 0; break;
		case 3: value[i] = ldexp(x, (int)flp_random_below(&dice, 200) - 100); break;
		case 4: value[i] = x * 3e38; break;
		case 5: value[i] = i % 2 ? scale : -scale; break; /* all roundings alike */
		case 6: value[i] = x * 1e300; break;
		default: value[i] = x * norm * 0.1 / sqrt((double)n); break; /* below the norm */
		}
	}
	if (kind == 2) {
		static const double huge[] = { 3e38, -1e300, DBL_MAX, 1, -DBL_TRUE_MIN, -0.0 };

		value[flp_random_below(&dice, n)] = huge[flp_random_below(&dice, 6)];
	}
}

/* A number from 1 to most, small ones as often as large ones. */
static size_t
some_size(unsigned bits)
{
	return 1 + flp_random_below(&dice, (uint64_t)1 << flp_random_below(&dice, bits + 1));
}

/* One or two tensors of one group. */
static void
clip_one(unsigned turn, size_t n, double norm, unsigned grid, int l1)
{
	static const enum flp_dtype dtypes[] = { FLP_DTYPE_F64, FLP_DTYPE_F32, FLP_DTYPE_BF16,
		FLP_DTYPE_F16, FLP_DTYPE_F64, FLP_DTYPE_F32 };
	enum flp_dtype dtype = dtypes[turn % 6];
	size_t first = flp_random_below(&dice, n + 1);
	struct piece piece[] = { { "a", dtype, first }, { "b", dtype, n - first } };
	struct flp_record rec;
	struct flp_clip c;
	struct flp_error e = { .text = "" };
	double most = dtype == FLP_DTYPE_F64 ? DBL_MAX : dtype == FLP_DTYPE_F16 ? 65504 : 3e38;

	fill(turn / 6 % 8, n, norm);
	for (size_t i = 0; i < n; i++)
		value[i] = fmax(-most, fmin(most, value[i]));
	make(&rec, piece, 2);
	CHECK(flp_clip_init(&c, norm, grid, l1, &e) == 0, "%s", e.text);
	if (!l1 && c.lattice.step * sqrt((double)n) / 2 >= norm / 10) {
		CHECK(clip(&c, &rec, 0, &e) < 0 && e.code == FLP_ERROR_BAD &&
		    strstr(e.text, "too coarse") != NULL, "turn %u: %s", turn, e.text);
	} else {
		CHECK(clip(&c, &rec, 0, &e) == 0, "turn %u: %s", turn, e.text);
		CHECK(within(&c, 0, n, norm), "turn %u: %zu values, C %g: norm", turn, n, norm);
		CHECK(near_plain(&c, 0, n, norm), "turn %u: %zu values, C %g", turn, n, norm);
	}
	flp_clip_free(&c);
	flp_record_free(&rec);
}

static void
test_random(void)
{
	for (unsigned turn = 0; turn < RECORDS; turn++)
		clip_one(turn, some_size(turn % 100 == 0 ? 16 : 9), norms[turn % NORMS],
		    10 + (unsigned)flp_random_below(&dice, 14), 0);
	clip_one(0, 1000000, 0.3, 20, 0);
	clip_one(1, MANY, 1e-3, 20, 0);
}

static void
test_l1(void)
{
	for (unsigned turn = 0; turn < 2000; turn++)
		clip_one(turn, some_size(9), norms[turn % NORMS],
		    10 + (unsigned)flp_random_below(&dice, 14), 1);
}

/* Groups by the first letters of names, in any order. */
static void
clip_groups(const char *text, const double norm[2], unsigned turn)
{
	size_t n = some_size(8), other = some_size(8);
	struct piece piece[] = { { "dense.w", FLP_DTYPE_F64, n }, { "bias", FLP_DTYPE_F32, other } };
	struct flp_record rec;
	struct flp_clip c;
	struct flp_error e = { .text = "" };

	fill(turn % 8, n + other, norm[0]);
	for (size_t i = n; i < n + other; i++)
		value[i] = fmax(-3e38, fmin(3e38, value[i]));
	make(&rec, piece, 2);
	CHECK(flp_clip_init_by(&c, text, 20, &e) == 0, "%s", e.text);
	CHECK(c.groups == 2 && c.lattice.clip >= hypot(norm[0], norm[1]) * (1 - 1e-15) &&
	    c.lattice.clip <= hypot(norm[0], norm[1]) * (1 + 1e-15), "%.17g", c.lattice.clip);
	CHECK(clip(&c, &rec, 0, &e) == 0, "%s", e.text);
	CHECK(within(&c, 0, n, norm[0]) && within(&c, n, n + other, norm[1]) &&
	    within(&c, 0, n + other, c.lattice.clip), "turn %u", turn);
	CHECK(near_plain(&c, 0, n, norm[0]) && near_plain(&c, n, n + other, norm[1]), "turn %u", turn);
	flp_clip_free(&c);
	flp_record_free(&rec);
}

static void
test_groups(void)
{
	static const struct {
		const char *text;
		double norm[2];
	} all[] = {
		{ "dense*=1,bias=1", { 1, 1 } },
		{ "bias=0.1,*.w=0.7", { 0.7, 0.1 } },
		{ "d*=3e-3,[a-c]*=.001", { 0.003, 0.001 } },
		{ "dense.w=1e11,b?as=3e11", { 1e11, 3e11 } },
	};

	for (unsigned turn = 0; turn < 800; turn++)
		clip_groups(all[turn % 4].text, all[turn % 4].norm, turn / 4);
}

static void
test_bad_groups(void)
{
	static const struct {
		const char *text, *message;
	} all[] = {
		{ "", "expected PATTERN=NORM with a norm of 1e-12 to 1e+12, found \"\"" },
		{ "a", "expected PATTERN=NORM with a norm of 1e-12 to 1e+12, found \"a\"" },
		{ "=1", "expected PATTERN=NORM" }, { "a=", "expected PATTERN=NORM" },
		{ "a=1,", "expected PATTERN=NORM" }, { "a=0", "expected PATTERN=NORM" },
		{ "a=-1", "expected PATTERN=NORM" }, { "a=nan", "expected PATTERN=NORM" },
		{ "a=inf", "expected PATTERN=NORM" }, { "a=1e400", "expected PATTERN=NORM" },
		{ "a=1x", "expected PATTERN=NORM" }, { "a=9e-13", "expected PATTERN=NORM" },
		{ "a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1", "expected at most 9 groups" },
		{ "a=1e12,b=1e12", "clip: expected 1e-12 to 1e+12, found 1.41421356e+12" },
	};
	struct flp_clip c;
	struct flp_error e;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		CHECK(flp_clip_init_by(&c, all[i].text, 20, &e) < 0 && e.code == FLP_ERROR_USAGE &&
		    strncmp(e.text, all[i].message, strlen(all[i].message)) == 0, "%s: %s", all[i].text,
		    e.text);
	CHECK(flp_clip_init(&c, 1, 9, 0, &e) < 0 && e.code == FLP_ERROR_USAGE, "%s", e.text);
	CHECK(flp_clip_init(&c, NAN, 20, 0, &e) < 0 && e.code == FLP_ERROR_USAGE, "%s", e.text);
}

/* Half a step goes to the even number, and -0 becomes 0. */
static void
test_ties(void)
{
	static const double in[] = { 0.5, 1.5, 2.5, -0.5, -1.5, -0.0, 3, -7 };
	static const double want[] = { 0, 2, 2, 0, -2, 0, 3, -7 };
	struct piece piece = { "w", FLP_DTYPE_F64, 8 };
	struct flp_record rec;
	struct flp_clip c;
	struct flp_error e;

	for (int i = 0; i < 8; i++)
		value[i] = in[i] * 0x1p-20;
	make(&rec, &piece, 1);
	CHECK(flp_clip_init(&c, 1, 20, 0, &e) == 0 && clip(&c, &rec, 0, &e) == 0, "%s", e.text);
	for (int i = 0; i < 8; i++)
		CHECK(steps[i] == want[i] && !signbit(steps[i]) == (want[i] >= 0), "%g: %g", in[i],
		    steps[i]);
	flp_clip_free(&c);
	flp_record_free(&rec);
}

/* With C one bit below 1 the greatest norm is not quite 2^21 steps, and a single value is
 * scaled to half a step less. The rounding of doubles makes that exactly half a step for some
 * values, which then come out at 2^21: the whole numbers tell it, and the factor is lowered. */
static void
test_lowered(void)
{
	const double norm = nextafter(1, 0);
	struct piece piece = { "w", FLP_DTYPE_F64, 1 };
	struct flp_record rec;
	struct flp_clip c;
	struct flp_error e;
	unsigned lowered = 0;

	CHECK(flp_clip_init(&c, norm, 20, 0, &e) == 0, "%s", e.text);
	for (int turn = 0; turn < 2000; turn++) {
		value[0] = 1 + 8 * flp_random_unit(&dice);
		make(&rec, &piece, 1);
		CHECK(clip(&c, &rec, 0, &e) == 0, "%s", e.text);
		CHECK(within(&c, 0, 1, norm) && steps[0] == 0x1p21 - 1, "%a: %.17g", value[0], steps[0]);
		lowered += c.tries > 0;
		flp_record_free(&rec);
	}
	CHECK(lowered > 50, "%u", lowered);
	flp_clip_free(&c);
}

/* A factor that is far too high is lowered until the norm fits. At last it is 0. */
static void
test_lowered_far(void)
{
	static const double factors[] = { 1.0001, 1.01, 1.5, 1e9, 1e300 };
	struct piece piece = { "w", FLP_DTYPE_F64, 50 };
	struct flp_record rec;
	struct flp_clip c;
	struct flp_error e;
	double right;

	fill(0, 50, 4);
	make(&rec, &piece, 1);
	CHECK(flp_clip_init(&c, 0.3, 20, 0, &e) == 0 && clip(&c, &rec, 0, &e) == 0, "%s", e.text);
	right = c.group[0].factor;
	for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
		unsigned looks = 0;

		CHECK(flp_clip_begin(&c, &rec.header, 0, &e) == 0, "%s", e.text);
		c.measured = 1;
		c.group[0].factor = factors[i] * right;
		do {
			CHECK(look(&c, &rec, &e) == 0, "%s", e.text);
			looks++;
		} while (flp_clip_looked(&c, &e) > 0 && looks < 100);
		take_steps(&c, &rec);
		CHECK(looks <= 22 && c.tries > 0 && within(&c, 0, 50, 0.3), "%g: %u", factors[i], looks);
	}
	flp_clip_free(&c);
	flp_record_free(&rec);
}

/* A record that is clipped already passes unchanged, or is refused. */
static void
test_clipped(void)
{
	static const struct {
		double first, second;
		const char *message;
	} all[] = {
		{ 0.6, -0.8, NULL }, /* rounded to steps below */
		{ 1, 0, NULL }, { 0, -1, NULL }, { 0, 0, NULL }, { -0.0, -0.0, NULL },
		{ 1, 0x1p-20, "expected a norm of at most 1 (clip)" },
		{ 0, 1 + 0x1p-20, "expected a norm of at most 1 (clip)" },
		{ 0, 1e300, "tensor w: value 1: expected a multiple of the step 2^-20 (clip, grid)" },
		{ 0, 0x1p-21, "tensor w: value 1: expected a multiple of the step 2^-20 (clip, grid)" },
		{ 0x1p-1074, 0, "tensor w: value 0: expected a multiple of the step 2^-20 (clip, grid)" },
	};
	struct piece piece = { "w", FLP_DTYPE_F64, 2 };
	struct flp_record rec;
	struct flp_clip c;
	struct flp_error e;

	CHECK(flp_clip_init(&c, 1, 20, 0, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		value[0] = i == 0 ? floor(all[i].first * 0x1p20) * 0x1p-20 : all[i].first;
		value[1] = i == 0 ? ceil(all[i].second * 0x1p20) * 0x1p-20 : all[i].second;
		make(&rec, &piece, 1);
		e.text[0] = '\0';
		if (all[i].message == NULL)
			CHECK(clip(&c, &rec, 1, &e) == 0, "%zu: %s", i, e.text);
		else
			CHECK(clip(&c, &rec, 1, &e) < 0 && e.code == FLP_ERROR_BAD &&
			    strcmp(e.text, all[i].message) == 0, "%zu: %s", i, e.text);
		flp_record_free(&rec);
	}
	flp_clip_free(&c);
}

/* A record of one more tensor is refused. */
static void
refused(const char *by, const struct piece *second, const char *message)
{
	struct piece piece[] = { { "w", FLP_DTYPE_F32, 3 }, *second };
	struct flp_record rec;
	struct flp_clip c;
	struct flp_error e = { .text = "" };

	fill(0, 3 + second->n, 1);
	make(&rec, piece, 2);
	if (second->n > 0 && !flp_dtype_is_float(second->dtype))
		((unsigned char *)rec.values[1])[second->n * flp_dtype_size(second->dtype) - 1] = 1;
	CHECK((by != NULL ? flp_clip_init_by(&c, by, 20, &e) : flp_clip_init(&c, 1, 20, 0, &e)) == 0,
	    "%s", e.text);
	CHECK(clip(&c, &rec, 0, &e) < 0 && e.code == FLP_ERROR_BAD && strcmp(e.text, message) == 0,
	    "%s", e.text);
	flp_clip_free(&c);
	flp_record_free(&rec);
}

static void
test_refused(void)
{
	static const struct piece b = { "b", FLP_DTYPE_F32, 1 }, scale = { ":scale", FLP_DTYPE_F64, 2 },
		count = { "n", FLP_DTYPE_I32, 2 }, byte = { "n", FLP_DTYPE_U8, 5 };

	refused("w=1", &b, "tensor b: expected in a group of --clip-by, found in none");
	refused("w=1,[bc]=1,b*=2", &b,
	    "tensor b: expected in one group of --clip-by, found in [bc] and b*");
	refused(NULL, &scale, "tensor :scale: a description has no norm");
	refused(NULL, &count, "tensor n: value 1: expected 0, since i32 has no norm");
	refused(NULL, &byte, "tensor n: value 4: expected 0, since u8 has no norm");
}

/* Values whose squares are beyond doubles, of each power of ten: none is lost on the way. */
static void
test_huge(void)
{
	static const struct piece w = { "w", FLP_DTYPE_F64, 4 };

	for (int l1 = 0; l1 < 2; l1++)
		for (int power = 150; power <= 307; power++) {
			double huge = strtod((char[]){ '1', 'e', (char)('0' + power / 100),
			    (char)('0' + power / 10 % 10), (char)('0' + power % 10), '\0' }, NULL);
			struct flp_record rec;
			struct flp_clip c;
			struct flp_error e;

			value[0] = huge, value[1] = -huge, value[2] = huge / 4, value[3] = 0;
			make(&rec, &w, 1);
			CHECK(flp_clip_init(&c, 1, 20, l1, &e) == 0 && clip(&c, &rec, 0, &e) == 0,
			    "1e%d", power);
			CHECK(within(&c, 0, 4, 1), "1e%d", power);
			CHECK(fabs(steps[0]) > 0.4 * 0x1p20 && steps[1] == -steps[0], "1e%d: %g", power,
			    steps[0]);
			flp_clip_free(&c);
			flp_record_free(&rec);
		}
}

int
main(void)
{
	flp_random_init(&dice, 10, 0, 0, FLP_PURPOSE_INIT);
	test_random();
	test_l1();
	test_groups();
	test_bad_groups();
	test_ties();
	test_lowered();
	test_lowered_far();
	test_huge();
	test_clipped();
	test_refused();
	return unit_done();
}

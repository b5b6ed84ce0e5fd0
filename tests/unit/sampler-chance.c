/* sampler: its decisions, at chosen random numbers. The first digits nearly always decide, so
 * ordinary draws would hardly ever reach the later ones. */
#include "privacy/sampler.c"
#include "kernel/random.h"
#include "unit.h"

static struct flp_random dice;

/* A stream that begins with these bytes and goes on at random. */
static struct flp_stream
scripted(const void *bytes, size_t n)
{
	struct flp_stream s;
	struct flp_error e;

	CHECK(flp_stream_seeded(&s, flp_random_u64(&dice), &e) == 0, "%s", e.text);
	flp_stream_more(&s);
	s.at = FLP_STREAM_BYTES - n;
	memcpy(s.byte + s.at, bytes, n);
	return s;
}

static size_t
left(const struct flp_stream *s)
{
	return FLP_STREAM_BYTES - s->at;
}

/* Any whole number of at most so many bits, but for 0. */
static u128
any_of(unsigned bits)
{
	u128 x = (u128)flp_random_u64(&dice) << 64 | flp_random_u64(&dice);

	x &= ((u128)1 << flp_random_below(&dice, bits)) * 2 - 1;
	return x > 0 ? x : 1;
}

/* The next digit of the fraction *num / den in base 2^bits, which is taken from it. */
static uint32_t
next_digit(u128 *num, u128 den, int bits)
{
	uint32_t digit = 0;

	for (int i = 0; i < bits; i++) {
		*num *= 2;
		digit = digit * 2 + (*num >= den);
		*num -= *num >= den ? den : 0;
	}
	return digit;
}

/* A random number whose first digits are those of the fraction, and the next one is above
 * (1) or below (-1) it. Returns how many digits there are, or 0 if there is no such number. */
static size_t
near(u128 num, u128 den, int bits, size_t same, int side, uint32_t digit[])
{
	for (size_t i = 0; i <= same; i++)
		digit[i] = next_digit(&num, den, bits);
	if (side < 0 && digit[same] == 0)
		return 0;
	if (side > 0 && (digit[same] == (uint32_t)(((uint64_t)1 << bits) - 1) || num == 0))
		return 0;
	digit[same] += (uint32_t)side;
	return same + 1;
}

/* Chances of fractions below 1, decided by the first to the fourth digit. */
static void
test_chance(void)
{
	int reached[4] = { 0 };

	for (int turn = 0; turn < 200000; turn++) {
		uint64_t den = (uint64_t)any_of(63), num = flp_random_below(&dice, den);
		int side = turn % 2 ? 1 : -1;
		uint32_t digit[4];
		size_t n = near(num, den, 32, (size_t)turn / 2 % 4, side, digit);
		struct flp_stream s = scripted(digit, n * sizeof *digit);

		if (n == 0)
			continue;
		CHECK(chance(num, den, &s) == (side < 0), "%llu / %llu", (unsigned long long)num,
		    (unsigned long long)den);
		reached[n - 1]++;
	}
	for (int i = 0; i < 4; i++)
		CHECK(reached[i] > 1000, "digit %d: %d", i, reached[i]);
}

/* Fractions whose digits end, and 0 and 1. A random number that begins with them is not below
 * them. */
static void
test_chance_ends(void)
{
	static const struct {
		uint64_t num, den;
		uint32_t digit;
		int is;
	} all[] = {
		{ 0, 1, 0, 0 }, { 0, 7, 0, 0 }, { 1, 1, UINT32_MAX, 1 }, { 5, 5, UINT32_MAX, 1 },
		{ 1, 2, 0x80000000, 0 }, { 1, 2, 0x7fffffff, 1 }, { 3, 12, 0x40000000, 0 },
		{ 3, 12, 0x3fffffff, 1 }, { 1, (uint64_t)1 << 32, 1, 0 },
		{ 1, (uint64_t)1 << 32, 0, 1 }, { INT64_MAX, INT64_MAX, UINT32_MAX, 1 },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct flp_stream s = scripted(&all[i].digit, sizeof all[i].digit);

		CHECK(chance(all[i].num, all[i].den, &s) == all[i].is && left(&s) == 0, "%zu", i);
	}
}

/* The same with digits of 8 bits, of which the first four are known. */
static void
test_chance_wide(void)
{
	int reached[9] = { 0 };

	for (int turn = 0; turn < 200000; turn++) {
		u128 den = any_of(120), num = any_of(120) % den;
		int side = turn % 2 ? 1 : -1;
		uint32_t digit[9], first = 0;
		size_t n = near(num, den, 8, (size_t)turn / 2 % 9, side, digit);
		unsigned char more[9];
		struct flp_stream s;

		if (n == 0)
			continue;
		for (size_t i = 0; i < 4; i++)
			first = first << 8 | (i < n ? digit[i] : (unsigned)turn & 255);
		for (size_t i = 4; i < n; i++)
			more[i - 4] = (unsigned char)digit[i];
		s = scripted(more, n > 4 ? n - 4 : 0);
		CHECK(chance_wide(num, den, first, &s) == (side < 0), "turn %d", turn);
		CHECK(left(&s) == 0, "turn %d: %zu bytes", turn, left(&s));
		reached[n - 1]++;
	}
	for (int i = 0; i < 9; i++)
		CHECK(reached[i] > 1000, "digit %d: %d", i, reached[i]);
}

/* A Gaussian of random variance, which may be a fraction. */
static struct flp_gaussian
any_gaussian(int turn)
{
	struct flp_gaussian g;

	if (turn % 3 == 0)
		flp_gaussian_begin(&g, (uint64_t)any_of(28));
	else
		flp_gaussian_variance(&g, (uint64_t)any_of(56), (uint64_t)any_of(8));
	return g;
}

/* The fast decision agrees with the slow one for the digits of the fraction and those next to
 * them. */
static void
test_chance_of(void)
{
	for (int turn = 0; turn < 200000; turn++) {
		struct flp_gaussian g = any_gaussian(turn);
		u128 num = any_of(120) % g.den, rest = num;
		uint32_t digit = next_digit(&rest, g.den, 32) + (uint32_t)flp_random_below(&dice, 5) - 2;
		struct flp_stream s = scripted(&digit, sizeof digit), other = s;

		CHECK(flp_stream_u32(&other) == digit, "the digit");
		CHECK(chance_of(&g, num, &s) == chance_wide(num, g.den, digit, &other), "turn %d", turn);
	}
}

/* The numbers that a Gaussian is drawn with, for its variance. */
static void
test_begin(void)
{
	for (int turn = 0; turn < 20000; turn++) {
		struct flp_gaussian g = any_gaussian(turn);
		u128 scale = g.scale;

		CHECK(scale * scale * g.of > g.variance && (scale - 1) * (scale - 1) * g.of <= g.variance,
		    "scale %llu", (unsigned long long)g.scale);
		CHECK(g.den == 2 * (u128)g.variance * g.of * scale * scale && g.den >> 120 == 0, "den");
		CHECK(g.den >> g.shift == g.den_high && g.den_high >> 63 == 0, "its first bits");
	}
}

/* K of u = digits / 2^32 + w / 2^64: the first k with u >= 1 / k!, by whole numbers. */
static unsigned
first_k(uint32_t digits, uint32_t w)
{
	u128 u = (u128)digits << 32 | w;
	uint64_t factorial = 1;
	unsigned k = 1;

	while (u * factorial < (u128)1 << 64)
		factorial *= ++k;
	return k;
}

/* exp(-1) by one number: next to each 1 / k!, and just below 1 and just above 0. */
static void
test_exp_1(void)
{
	uint64_t factorial = 1;

	for (unsigned k = 1; k <= 12; factorial *= ++k)
		for (int off = -2; off <= 2; off++) {
			uint64_t digits = ((uint64_t)1 << 32) / factorial + (uint64_t)off;
			uint32_t word[2] = { (uint32_t)digits, (uint32_t)flp_random_u64(&dice) };
			struct flp_stream s = scripted(word, sizeof word);

			if (digits >> 32 != 0 || (factorial > 2 && off == 0))
				continue;
			CHECK(chance_exp_1(&s) == (int)(first_k(word[0], word[1]) & 1), "k %u, %d", k, off);
			CHECK(left(&s) == 4, "k %u, %d: %zu bytes", k, off, left(&s));
		}
}

/* The digits of 1 / k! itself: then the next word decides whether u is below it. */
static void
test_exp_1_same(void)
{
	uint64_t factorial = 2;

	for (unsigned k = 2; k <= 12; factorial *= ++k) {
		u128 num = 1;
		uint32_t digit = next_digit(&num, factorial, 32), next = next_digit(&num, factorial, 32);

		for (int side = -1; side <= 1 && factorial > 2; side += 2) {
			uint32_t word[2] = { digit, next + (uint32_t)side };
			struct flp_stream s = scripted(word, sizeof word);
			unsigned want = side < 0 ? k + 1 : k;

			CHECK(first_k(word[0], word[1]) == want, "k %u", k);
			CHECK(chance_exp_1(&s) == (int)(want & 1) && left(&s) == 0, "k %u, %d", k, side);
		}
	}
}

/* Digits of 0: u is below 2^-32, and 13! is above 2^32. The words after them decide K = 13, 14 and
 * so on: 2^32 / 13! first, then 1 / 14, 1 / 15. */
static void
test_exp_1_least(void)
{
	static const struct {
		uint32_t word[5];
		size_t n;
		unsigned k;
	} all[] = {
		{ { 0, UINT32_MAX }, 2, 13 },
		{ { 0, 0, UINT32_MAX }, 3, 14 },
		{ { 0, 0, 0, UINT32_MAX }, 4, 15 },
		{ { 0, 0, 0, 0, UINT32_MAX }, 5, 16 },
		/* 2^32 * 2^32 / 13! = 2962370717.3, and 2^32 / 14 = 306783378.3 */
		{ { 0, 2962370716, UINT32_MAX }, 3, 14 },
		{ { 0, 2962370718 }, 2, 13 },
		{ { 0, 0, 306783377, UINT32_MAX }, 4, 15 },
		{ { 0, 0, 306783379 }, 3, 14 },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct flp_stream s = scripted(all[i].word, all[i].n * sizeof *all[i].word);

		CHECK(chance_exp_1(&s) == (int)(all[i].k & 1) && left(&s) == 0, "%zu: %zu bytes", i,
		    left(&s));
	}
}

/* Each number comes from the same number of words: Lemire's method leaves out the first few, since
 * 2^32 mod n words are left over. */
static void
test_uniform(void)
{
	static const uint32_t all[] = { 1, 2, 3, 7, 1000003, 1 << 20, (1 << 20) + 1, 1 << 28,
		(1 << 28) + 1 };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (int turn = 0; turn < 200 && all[i] > 1000; turn++) {
			uint64_t n = all[i], x = turn == 0 ? n - 1 : flp_random_below(&dice, n);
			uint64_t from = ((x << 32) + n - 1) / n, to = (((x + 1) << 32) + n - 1) / n, count = 0;

			for (uint64_t w = from; w < to; w++) {
				uint32_t word = (uint32_t)w;
				struct flp_stream s = { .at = FLP_STREAM_BYTES - sizeof word };

				memcpy(s.byte + s.at, &word, sizeof word);
				count += uniform((uint32_t)n, &s) == x && left(&s) == 0;
			}
			CHECK(count == ((uint64_t)1 << 32) / n, "%llu of %llu: %llu words",
			    (unsigned long long)x, (unsigned long long)n, (unsigned long long)count);
		}
}

int
main(void)
{
	flp_random_init(&dice, 9, 0, 0, FLP_PURPOSE_INIT);
	test_chance();
	test_chance_ends();
	test_chance_wide();
	test_chance_of();
	test_begin();
	test_exp_1();
	test_exp_1_same();
	test_exp_1_least();
	test_uniform();
	return unit_done();
}

#include "kernel/wide.h"

#include <math.h>
#include <string.h>

#define WORDS FLP_WIDE_WORDS

void
flp_wide_add(struct flp_wide *w, int64_t value, unsigned shift)
{
	__int128 carry = (__int128)value * ((__int128)1 << shift % 32);

	/* 32 bits at a time, so that the product and a carry fit 128 bits. */
	for (size_t i = shift / 32; carry != 0 && i < 2 * WORDS; i++) {
		unsigned at = i % 2 * 32;

		carry += (uint32_t)(w->word[i / 2] >> at);
		w->word[i / 2] &= ~((uint64_t)UINT32_MAX << at);
		w->word[i / 2] |= (uint64_t)(uint32_t)carry << at;
		carry >>= 32;
	}
}

void
flp_wide_subtract(struct flp_wide *w, const struct flp_wide *other)
{
	uint64_t borrow = 0;

	for (size_t i = 0; i < WORDS; i++) {
		unsigned __int128 take = (unsigned __int128)other->word[i] + borrow;

		borrow = w->word[i] < take;
		w->word[i] -= (uint64_t)take;
	}
}

void
flp_wide_multiply(struct flp_wide *w, uint64_t factor)
{
	unsigned __int128 carry = 0;

	for (size_t i = 0; i < WORDS; i++) {
		carry += (unsigned __int128)w->word[i] * factor;
		w->word[i] = (uint64_t)carry;
		carry >>= 64;
	}
}

void
flp_wide_square(struct flp_wide *to, const struct flp_wide *w)
{
	struct flp_wide a = *w;

	flp_wide_magnitude(&a);
	memset(to, 0, sizeof *to);
	for (size_t i = 0; i < WORDS; i++) {
		unsigned __int128 carry = 0;

		for (size_t j = 0; i + j < WORDS; j++) {
			carry += (unsigned __int128)a.word[i] * a.word[j] + to->word[i + j];
			to->word[i + j] = (uint64_t)carry;
			carry >>= 64;
		}
	}
}

int
flp_wide_sign(const struct flp_wide *w)
{
	uint64_t any = 0;

	for (size_t i = 0; i < WORDS; i++)
		any |= w->word[i];
	return (int64_t)w->word[WORDS - 1] < 0 ? -1 : any != 0;
}

void
flp_wide_magnitude(struct flp_wide *w)
{
	struct flp_wide zero = { { 0 } };

	if (flp_wide_sign(w) >= 0)
		return;
	flp_wide_subtract(&zero, w);
	*w = zero;
}

int
flp_wide_compare(const struct flp_wide *a, const struct flp_wide *b)
{
	struct flp_wide difference = *a;

	flp_wide_subtract(&difference, b);
	return flp_wide_sign(&difference);
}

unsigned
flp_wide_bits(const struct flp_wide *w)
{
	for (size_t i = WORDS; i > 0; i--)
		if (w->word[i - 1] != 0)
			return 64 * (unsigned)i - (unsigned)__builtin_clzll(w->word[i - 1]);
	return 0;
}

static unsigned
bits_of(uint64_t u)
{
	return u == 0 ? 0 : 64 - (unsigned)__builtin_clzll(u);
}

uint64_t
flp_wide_divide(struct flp_wide *w, uint64_t divisor)
{
	unsigned __int128 rest = 0;

	for (size_t i = WORDS; i > 0; i--) {
		rest = rest << 64 | w->word[i - 1];
		w->word[i - 1] = (uint64_t)(rest / divisor);
		rest %= divisor;
	}
	return (uint64_t)rest;
}

void
flp_wide_shift_left(struct flp_wide *w, unsigned n)
{
	unsigned words = n / 64, bits = n % 64;

	for (size_t i = WORDS; i > 0; i--) {
		uint64_t high = i > words ? w->word[i - 1 - words] : 0;
		uint64_t low = i > words + 1 ? w->word[i - 2 - words] : 0;

		w->word[i - 1] = bits == 0 ? high : high << bits | low >> (64 - bits);
	}
}

int
flp_wide_shift_right(struct flp_wide *w, unsigned n)
{
	unsigned words = n / 64, bits = n % 64;
	uint64_t lost = 0;

	for (size_t i = 0; i < words; i++)
		lost |= w->word[i];
	lost |= w->word[words] & (((uint64_t)1 << bits) - 1);
	for (size_t i = 0; i < WORDS; i++) {
		uint64_t low = i + words < WORDS ? w->word[i + words] : 0;
		uint64_t high = i + words + 1 < WORDS ? w->word[i + words + 1] : 0;

		w->word[i] = bits == 0 ? low : low >> bits | high << (64 - bits);
	}
	return lost != 0;
}

/* Rounds (m + rest) * 2^exponent, where rest is 0 or, if `inexact`, lies between 0 and 1. m
 * has 56 to 63 bits, so the rest matters only where m alone would be a tie, which it breaks. */
static double
rounded(uint64_t m, int inexact, int exponent)
{
	return ldexp((double)(m << 1 | (uint64_t)(inexact != 0)), exponent - 1);
}

double
flp_wide_quotient(const struct flp_wide *w, uint64_t divisor, int exponent)
{
	struct flp_wide q = *w;
	unsigned have, want = 64 + bits_of(divisor), left, right;
	int inexact;
	double value;

	flp_wide_magnitude(&q);
	have = flp_wide_bits(&q);
	if (have == 0)
		return 0;
	left = have < want ? want - have : 0;
	flp_wide_shift_left(&q, left);
	inexact = flp_wide_divide(&q, divisor) != 0;
	right = flp_wide_bits(&q) - 63;
	inexact |= flp_wide_shift_right(&q, right);
	value = rounded(q.word[0], inexact, exponent - (int)left + (int)right);
	return flp_wide_sign(w) < 0 ? -value : value;
}

/* floor(sqrt(x)), bit by bit. */
static uint64_t
root_of(unsigned __int128 x)
{
	uint64_t root = 0;

	for (int bit = 63; bit >= 0; bit--) {
		uint64_t next = root | (uint64_t)1 << bit;

		if ((unsigned __int128)next * next <= x)
			root = next;
	}
	return root;
}

/* The root of a quotient of 112 to 126 bits has 56 to 63, and floor(sqrt(floor(x))) is
 * floor(sqrt(x)). */
double
flp_wide_root(const struct flp_wide *w, uint64_t a, uint64_t b, int exponent)
{
	struct flp_wide q = *w;
	unsigned have = flp_wide_bits(&q), want = 112 + bits_of(a) + bits_of(b), left, right, bits;
	unsigned __int128 x;
	uint64_t root;
	int inexact;

	if (have == 0)
		return 0;
	left = have < want ? (want - have + 1) / 2 * 2 : 0;
	flp_wide_shift_left(&q, left);
	inexact = flp_wide_divide(&q, a) != 0;
	inexact |= flp_wide_divide(&q, b) != 0;
	bits = flp_wide_bits(&q);
	right = bits > 126 ? (bits - 126 + 1) / 2 * 2 : 0;
	inexact |= flp_wide_shift_right(&q, right);
	x = (unsigned __int128)q.word[1] << 64 | q.word[0];
	root = root_of(x);
	inexact |= (unsigned __int128)root * root != x;
	return rounded(root, inexact, (exponent - (int)left + (int)right) / 2);
}

#include "kernel/wide.h"

#include <stdio.h>
#include <string.h>

#define BITS (64 * FLP_WIDE_WORDS)
#define TEN_19 UINT64_C(10000000000000000000) /* the greatest power of ten in a word */
#define FIGURES 17 /* decimal digits that are printed */

/* The decimal digits of w * 2^-places >= 0, the first of them not 0, and the place of the
 * point: after `point` digits, or before the first digit if `point` is 0 or less. */
struct decimal {
	char digit[288]; /* 250 before the point, or 17 and those that come with them */
	int n, point;
	int rest; /* 1: the digits are followed by something other than 0 */
};

/* Appends 19 digits, but no zeros before the first digit that is not 0. */
static void
put_19(struct decimal *d, uint64_t value, int after_point)
{
	char text[20];

	snprintf(text, sizeof text, "%019llu", (unsigned long long)value);
	for (int i = 0; i < 19; i++) {
		if (d->n > 0 || text[i] != '0')
			d->digit[d->n++] = text[i];
		d->point += after_point ? -(d->n == 0) : d->n > 0;
	}
}

static void
make_decimal(struct decimal *d, const struct flp_wide *w, unsigned places)
{
	struct flp_wide whole = *w, fraction = *w;
	uint64_t part[FLP_WIDE_WORDS + 1]; /* of 63 bits each, and more */
	int parts = 0;

	memset(d, 0, sizeof *d);
	flp_wide_shift_right(&whole, places);
	while (flp_wide_sign(&whole) > 0)
		part[parts++] = flp_wide_divide(&whole, TEN_19);
	while (parts > 0)
		put_19(d, part[--parts], 0);
	flp_wide_shift_left(&fraction, BITS - places);
	flp_wide_shift_right(&fraction, BITS - places);
	while (flp_wide_sign(&fraction) > 0 && d->n <= FIGURES) {
		flp_wide_multiply(&fraction, TEN_19);
		whole = fraction;
		flp_wide_shift_right(&whole, places);
		put_19(d, whole.word[0], 1);
		flp_wide_shift_left(&fraction, BITS - places);
		flp_wide_shift_right(&fraction, BITS - places);
	}
	d->rest = flp_wide_sign(&fraction) > 0;
}

/* Rounds to at most FIGURES digits, without zeros at the end. */
static void
round_decimal(struct decimal *d)
{
	int above = d->rest, up, i = FIGURES;

	if (d->n > FIGURES) {
		for (int k = FIGURES + 1; k < d->n; k++)
			above |= d->digit[k] != '0';
		up = d->digit[FIGURES] > '5' || (d->digit[FIGURES] == '5' &&
		    (above || (d->digit[FIGURES - 1] - '0') % 2 == 1));
		d->n = FIGURES;
		while (up && i > 0 && d->digit[i - 1] == '9')
			d->digit[--i] = '0';
		if (up && i > 0)
			d->digit[i - 1]++;
		if (up && i == 0) {
			d->digit[0] = '1';
			d->point++;
		}
	}
	while (d->n > 1 && d->digit[d->n - 1] == '0')
		d->n--;
}

size_t
flp_wide_print(char text[FLP_WIDE_TEXT], const struct flp_wide *w, unsigned places)
{
	const char *sign = flp_wide_sign(w) < 0 ? "-" : "";
	struct flp_wide magnitude = *w;
	struct decimal d;
	int exponent, whole;

	flp_wide_magnitude(&magnitude);
	make_decimal(&d, &magnitude, places);
	if (d.n == 0)
		return (size_t)snprintf(text, FLP_WIDE_TEXT, "0");
	round_decimal(&d);
	exponent = d.point - 1;
	whole = d.point < d.n ? d.point : d.n;
	if (exponent < -4 || exponent >= FIGURES)
		return (size_t)snprintf(text, FLP_WIDE_TEXT, "%s%c%s%.*se%c%02d", sign, d.digit[0],
		    d.n > 1 ? "." : "", d.n - 1, d.digit + 1, exponent < 0 ? '-' : '+',
		    exponent < 0 ? -exponent : exponent);
	if (d.point <= 0)
		return (size_t)snprintf(text, FLP_WIDE_TEXT, "%s0.%.*s%.*s", sign, -d.point, "000",
		    d.n, d.digit);
	return (size_t)snprintf(text, FLP_WIDE_TEXT, "%s%.*s%.*s%s%.*s", sign, whole, d.digit,
	    d.point - whole, "0000000000000000", d.n > whole ? "." : "", d.n - whole,
	    d.digit + whole);
}

#include "learn/schedule.h"
#include "base/number.h"

#include <math.h>
#include <string.h>

/* If text begins with "name:", returns what comes after it, otherwise NULL. */
static const char *
after(const char *text, const char *name)
{
	size_t n = strlen(name);

	return strncmp(text, name, n) == 0 && text[n] == ':' ? text + n + 1 : NULL;
}

static int
parse_rounds(struct flp_schedule *s, const char *text, size_t n)
{
	return flp_number_u64(text, n, &s->rounds) < 0 || s->rounds < 1 ? -1 : 0;
}

int
flp_schedule_parse(struct flp_schedule *s, const char *text, struct flp_error *e)
{
	const char *rest;
	size_t n;

	memset(s, 0, sizeof *s);
	if (strcmp(text, "constant") == 0)
		return 0;
	if ((rest = after(text, "inverse")) != NULL) {
		s->kind = FLP_SCHEDULE_INVERSE;
		if (flp_number_f64(rest, strlen(rest), &s->factor) == 0 && s->factor >= 0)
			return 0;
	} else if ((rest = after(text, "step")) != NULL) {
		s->kind = FLP_SCHEDULE_STEP;
		n = strcspn(rest, ":");
		if (parse_rounds(s, rest, n) == 0 && rest[n] == ':' &&
		    flp_number_f64(rest + n + 1, strlen(rest + n + 1), &s->factor) == 0 &&
		    s->factor > 0 && s->factor <= 1)
			return 0;
	} else if ((rest = after(text, "cosine")) != NULL) {
		s->kind = FLP_SCHEDULE_COSINE;
		if (parse_rounds(s, rest, strlen(rest)) == 0)
			return 0;
	}
	return flp_error_usage(e, "expected constant, inverse:DECAY, "
	    "step:ROUNDS:FACTOR or cosine:ROUNDS, found \"%s\"", text);
}

/* By multiplications only: pow differs from one libm to the next. */
static double
power(double base, uint64_t n)
{
	double result = 1;

	for (; n > 0; n /= 2, base *= base)
		if (n % 2 == 1)
			result *= base;
	return result;
}

double
flp_schedule_factor(const struct flp_schedule *s, uint32_t round)
{
	switch (s->kind) {
	case FLP_SCHEDULE_CONSTANT:
		break;
	case FLP_SCHEDULE_INVERSE:
		return 1 / (1 + s->factor * round);
	case FLP_SCHEDULE_STEP:
		return power(s->factor, round / s->rounds);
	case FLP_SCHEDULE_COSINE:
		if (round >= s->rounds)
			return 0;
		return (1 + cos(M_PI * (double)round / (double)s->rounds)) / 2;
	}
	return 1;
}

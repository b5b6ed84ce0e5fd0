#include "privacy/calibrate.h"
#include "base/number.h"

#include <math.h>

#define CLOSE 3e-8   /* relative width of the bracket at the end */
#define TRIES 40     /* of rounding: at first by one unit of the last digit, then by more */
#define NUDGE 1e-12  /* enough to reach the next unit */
#define LONGEST (4 * M_LN2) /* step on the way to the bracket */
#define STEEP 2      /* |ln(cost / epsilon)| above which a secant would mislead */

/* The search is along t, which is ln of the quantity or its negative, so that the cost rises
 * with t. */
struct search {
	struct flp_spent *spent;
	size_t n;
	enum flp_quantity quantity;
	double epsilon, delta;
	double sign; /* t = sign * ln of the quantity */
};

struct point {
	double t, excess; /* ln(cost / epsilon) */
};

static void
set(const struct search *s, double t)
{
	double value = exp(s->sign * t);

	if (s->quantity == FLP_QUANTITY_NOISE)
		s->spent->noise = value;
	else if (s->quantity == FLP_QUANTITY_RATE)
		s->spent->rate = fmin(value, 1);
	else
		s->spent->steps = (uint64_t)fmin(fmax(round(value), 1), FLP_CALIBRATE_STEPS);
}

/* Computes the excess of the quantity that is set. */
static int
evaluate(const struct search *s, struct point *p, struct flp_error *e)
{
	struct flp_cost cost;

	if (flp_account_epsilon(&cost, s->spent, s->n, s->delta, e) < 0)
		return -1;
	/* A cost that equals the target must count as meeting it, whatever the logarithm rounds to. */
	p->excess = cost.epsilon <= s->epsilon ? fmin(log(cost.epsilon / s->epsilon), 0) :
	    fmax(log(cost.epsilon / s->epsilon), 1e-300);
	return 0;
}

static int
try(const struct search *s, double t, struct point *p, struct flp_error *e)
{
	p->t = t;
	set(s, t);
	return evaluate(s, p, e);
}

/* Searches from t = 0 in growing steps, as far as the two ends, for a point `good` that meets the
 * target and a point `bad` that does not. Returns 1 if even the dearest end, which is then
 * `good`, meets it, and 2 if even the cheapest end does not. */
static int
bracket(const struct search *s, double cheapest, double dearest, struct point *good,
    struct point *bad, struct flp_error *e)
{
	double step = M_LN2;
	struct point p;

	if (try(s, 0, &p, e) < 0)
		return -1;
	*good = *bad = p;
	for (; good->excess > 0; step = fmin(2 * step, LONGEST)) {
		*bad = *good;
		if (good->t <= cheapest)
			return 2;
		if (try(s, fmax(good->t - step, cheapest), good, e) < 0)
			return -1;
	}
	for (; bad->excess <= 0; step = fmin(2 * step, LONGEST)) {
		*good = *bad;
		if (bad->t >= dearest)
			return 1;
		if (try(s, fmin(bad->t + step, dearest), bad, e) < 0)
			return -1;
	}
	return 0;
}

static int
apart(const struct search *s, const struct point *good, const struct point *bad)
{
	if (s->quantity == FLP_QUANTITY_STEPS)
		return round(exp(bad->t)) - round(exp(good->t)) > 1;
	return bad->t - good->t > CLOSE;
}

/* A point between the two, by the secant, or in the middle where the secant would mislead or if
 * `middle` is 1. A number of steps is whole, and differs from both ends. */
static double
between(const struct search *s, const struct point *good, const struct point *bad, int middle)
{
	double width = bad->t - good->t, share = 0.5, t, least, most;

	if (!middle && bad->excess < STEEP && good->excess > -STEEP)
		share = fmin(fmax(-good->excess / (bad->excess - good->excess), 1e-3), 1 - 1e-3);
	t = good->t + share * width;
	if (s->quantity != FLP_QUANTITY_STEPS)
		return t;
	least = round(exp(good->t)) + 1;
	most = round(exp(bad->t)) - 1;
	return log(fmin(fmax(round(exp(t)), least), most));
}

/* Every third point is in the middle, so that both ends move. */
static int
narrow(const struct search *s, struct point *good, struct point *bad, struct flp_error *e)
{
	struct point p;

	for (int i = 1; apart(s, good, bad); i++) {
		if (try(s, between(s, good, bad, i % 3 == 0), &p, e) < 0)
			return -1;
		*(p.excess > 0 ? bad : good) = p;
	}
	return 0;
}

/* Rounds to few digits, towards what costs less, until the account meets the target. It begins
 * a little on the other side, so that a limit that has few digits itself is found. */
static int
round_off(const struct search *s, double t, struct flp_error *e)
{
	double *to = s->quantity == FLP_QUANTITY_NOISE ? &s->spent->noise : &s->spent->rate;
	struct point p;

	set(s, s->quantity == FLP_QUANTITY_STEPS ? t : t + 2 * CLOSE);
	if (s->quantity == FLP_QUANTITY_STEPS)
		return 0;
	for (int i = 0; i < TRIES; i++) {
		*to = s->sign < 0 ? flp_number_above(*to, FLP_CALIBRATE_DIGITS) :
		    -flp_number_above(-*to, FLP_CALIBRATE_DIGITS);
		if (evaluate(s, &p, e) < 0)
			return -1;
		if (p.excess <= 0)
			return 0;
		*to *= 1 - s->sign * ldexp(NUDGE, i);
	}
	return flp_error_misuse(e, "expected a cost that falls, found one that does not");
}

static int
refuse(const struct search *s, int dear, struct flp_error *e)
{
	static const char *const nothing[] = {
		[FLP_QUANTITY_NOISE] = "no noise",
		[FLP_QUANTITY_RATE] = "no sampling rate",
		[FLP_QUANTITY_STEPS] = "not even one step",
	};

	if (dear)
		return flp_error_bad(e, "expected a target that needs noise: even the least noise "
		    "meets epsilon %g at delta %g", s->epsilon, s->delta);
	return flp_error_bad(e, "expected a target that can be met: %s meets epsilon %g at delta %g",
	    nothing[s->quantity], s->epsilon, s->delta);
}

int
flp_calibrate(struct flp_spent *spent, size_t n, enum flp_quantity quantity, double epsilon,
    double delta, struct flp_error *e)
{
	static const double most[] = {
		[FLP_QUANTITY_NOISE] = 1e9,
		[FLP_QUANTITY_RATE] = 1e12,
		[FLP_QUANTITY_STEPS] = FLP_CALIBRATE_STEPS,
	};
	int falls = quantity == FLP_QUANTITY_NOISE && !spent->mechanism->rises;
	struct search s = { spent, n, quantity, epsilon, delta, falls ? -1 : 1 };
	double cheapest = quantity == FLP_QUANTITY_STEPS ? 0 : -log(most[quantity]);
	double dearest = quantity == FLP_QUANTITY_RATE ? 0 : log(most[quantity]);
	struct point good, bad;
	int status;

	if (!(epsilon > 0 && epsilon < INFINITY))
		return flp_error_bad(e, "epsilon: expected a finite number above 0, found %g", epsilon);
	status = bracket(&s, cheapest, dearest, &good, &bad, e);
	if (status < 0 || status == 2 || (status == 1 && quantity == FLP_QUANTITY_NOISE))
		return status < 0 ? -1 : refuse(&s, status == 1, e);
	if (status == 0 && narrow(&s, &good, &bad, e) < 0)
		return -1;
	return round_off(&s, good.t, e);
}

/* For tests/slow/privacy.bats: accounts for releases at random.
 *
 * usage: account-random CASES SEED
 *
 * Epsilon falls with noise and delta, and rises with the rate and the steps, but for 4e-5 of
 * itself; the delta of an epsilon gives it back to 1e-6; what is calibrated never costs more
 * than it may, and not much less. */
#include "privacy/calibrate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MONOTONE 4e-5
#define BACK 1e-6
#define CLOSE 1e-3

static uint64_t state;
static int failures;
static double worst_turn, worst_back;

static double
roll(double least, double most)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return least + (most - least) * (double)(state >> 11) * 0x1p-53;
}

static void
fail(const struct flp_spent *s, double delta, const char *why, double a, double b)
{
	printf("%s z=%.17g q=%.17g T=%llu, %s, delta %.17g: %s: %.12g and %.12g\n",
	    s->mechanism->name, s->noise, s->rate, (unsigned long long)s->steps,
	    flp_adjacency_name(s->adjacency), delta, why, a, b);
	failures++;
}

static double
cost(const struct flp_spent *s, double delta)
{
	struct flp_error e;
	struct flp_cost c;

	if (flp_account_epsilon(&c, s, 1, delta, &e) < 0) {
		printf("%s\n", e.text);
		exit(1);
	}
	return c.epsilon;
}

static void
check_less(const struct flp_spent *s, double delta, const char *why, double less, double more)
{
	worst_turn = fmax(worst_turn, more > 0 ? less / more - 1 : less > 0 ? 1 : 0);
	if (!(less <= more * (1 + MONOTONE)))
		fail(s, delta, why, less, more);
}

static void
check_calibrated(const struct flp_spent *spent, double epsilon, double delta)
{
	enum flp_quantity quantity = (enum flp_quantity)roll(0, 3);
	struct flp_spent s = *spent;
	struct flp_error e;
	double found;

	if (flp_calibrate(&s, 1, quantity, epsilon, delta, &e) < 0) {
		fail(spent, delta, e.text, epsilon, 0);
		return;
	}
	found = cost(&s, delta);
	if (!(found <= epsilon))
		fail(&s, delta, "calibrated, costs more", found, epsilon);
	if (quantity != FLP_QUANTITY_STEPS && !(found >= epsilon * (1 - CLOSE)) && s.rate < 1)
		fail(&s, delta, "calibrated, costs less", found, epsilon);
}

static void
check_case(int i)
{
	struct flp_spent s = { &flp_mechanism_gaussian, exp(roll(log(0.5), log(20))),
		roll(0, 1) < 0.1 ? 1 : exp(roll(log(1e-4), 0)), (uint64_t)exp(roll(0, log(1e4))),
		roll(0, 1) < 0.3, 0, 0 }, other;
	double delta = exp(roll(log(1e-9), log(1e-4))), times = exp(roll(1e-4, 0.3)), back;
	struct flp_error e;
	struct flp_cost c;
	double epsilon;

	if (roll(0, 1) < 0.15)
		s.mechanism = &flp_mechanism_laplace;
	epsilon = cost(&s, delta);
	other = s, other.noise *= times;
	check_less(&s, delta, "more noise", cost(&other, delta), epsilon);
	other = s, other.rate = fmin(s.rate * times, 1);
	check_less(&s, delta, "a greater rate", epsilon, cost(&other, delta));
	other = s, other.steps = (uint64_t)ceil((double)s.steps * times);
	check_less(&s, delta, "more steps", epsilon, cost(&other, delta));
	check_less(&s, delta, "a greater delta", cost(&s, delta * times), epsilon);
	if (epsilon == 0)
		return;
	if (flp_account_delta(&c, &s, 1, epsilon, &e) < 0) {
		fail(&s, delta, e.text, 0, 0);
		return;
	}
	back = cost(&s, c.delta);
	worst_back = fmax(worst_back, fabs(back - epsilon));
	if (!(fabs(back - epsilon) <= BACK) && c.delta > 0)
		fail(&s, delta, "epsilon of its delta", back, epsilon);
	if (i % 4 == 0)
		check_calibrated(&s, epsilon, delta);
}

int
main(int argc, char **argv)
{
	int cases = argc == 3 ? atoi(argv[1]) : 0;

	state = argc == 3 ? (uint64_t)atoi(argv[2]) : 0;
	for (int i = 0; i < cases; i++)
		check_case(i);
	printf("%d cases, %d failures; turned back by at most %.2g, back within %.2g\n", cases,
	    failures, worst_turn, worst_back);
	return failures > 0 || cases == 0;
}

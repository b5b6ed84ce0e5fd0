/* privacy: accounts against figures that others have published or computed. tests/privacy.tsv
 * has more for one kind of release, and tests/accountant.py compares with another accountant. */
#include "kernel/normal.h"
#include "privacy/calibrate.h"
#include "privacy/divergence.h"
#include "privacy/exact.h"
#include "privacy/loss.h"
#include "privacy/pure.h"
#include "unit.h"

#include <math.h>
#include <string.h>

#define GROUPS 3

static int
near(double found, double expected, double relative)
{
	return fabs(found - expected) <= relative * fabs(expected);
}

static size_t
parse(struct flp_spent spent[GROUPS], const char *const text[GROUPS],
    enum flp_adjacency adjacency, enum flp_sampling sampling)
{
	struct flp_error e;
	size_t n = 0;

	for (; n < GROUPS && text[n] != NULL; n++) {
		spent[n] = (struct flp_spent){ .adjacency = adjacency, .sampling = sampling };
		CHECK(flp_spent_parse(&spent[n], text[n], &e) == 0, "%s: %s", text[n], e.text);
	}
	return n;
}

/* The expected RDP is an upper bound. If an order is given, it must be the best one. */
struct row {
	const char *group[GROUPS];
	enum flp_adjacency adjacency;
	enum flp_sampling sampling;
	double delta, rdp, order, rdp_within, pld, pld_within;
};

#define PLAIN FLP_ADJACENCY_ADD_REMOVE, FLP_SAMPLING_POISSON
#define REPLACE FLP_ADJACENCY_REPLACE, FLP_SAMPLING_POISSON
#define FIXED FLP_ADJACENCY_REPLACE, FLP_SAMPLING_FIXED

/* From the tests of TF Privacy, dp_accounting and Opacus, or computed by them. */
static const struct row rows[] = {
	{ { "gaussian z=1.3 q=0.0025 T=6000" }, PLAIN, 1e-5, 0.7242234026, 19, 1e-6, 0, 0 },
	{ { "gaussian z=1 q=0.001 T=30000" }, PLAIN, 1e-7, 1.4154988495, 13, 1e-6, 0, 0 },
	{ { "gaussian z=0.7 T=2" }, PLAIN, 1e-5, 10.8602036, 0, 1e-6, 10.1224946, 1e-6 },
	{ { "gaussian z=0.7 q=0.01 T=120" }, PLAIN, 1e-5, 3.2392676, 0, 1e-4, 2.4612381, 1e-4 },
	{ { "gaussian z=0.35 T=2" }, PLAIN, 1e-5, 26.2880374, 0, 1e-3, 24.7160779, 1e-6 },
	{ { "gaussian z=0.35 q=0.01 T=120" }, PLAIN, 1e-5, 22.6248601, 0, 1e-2, 18.6977407, 1e-4 },
	{ { "gaussian z=1 q=0.0064 T=782" }, PLAIN, 1e-6, 1.617, 0, 1e-2, 1.199, 2e-3 },
	{ { "gaussian z=1.5 q=0.04 T=2250" }, PLAIN, 1e-5, 7.32911117143, 0, 1e-3, 6.7688, 1e-4 },
	{ { "gaussian z=1.5 q=0.04 T=2249" }, PLAIN, 1e-5, 7.33, 0, 1e-2, 6.7673, 2e-4 },
	{ { "gaussian z=4.530877117" }, PLAIN, 1e-6, 1.000001, 0, 2e-3, 0.9273923, 1e-6 },
	{ { "gaussian z=4 q=0.01 T=10000" }, PLAIN, 1e-5, 1.0354901, 0, 1e-6, 0.9469993, 2e-4 },
	{ { "gaussian z=1 q=0.01 T=500", "gaussian z=1.5 q=0.02 T=500", "laplace z=50 T=10" },
		PLAIN, 1e-5, 2.1635038, 0, 1e-6, 1.9142343, 1e-5 },
	{ { "gaussian z=1" }, PLAIN, 1e-5, 4.73, 0, 1e-2, 4.377178096, 1e-9 },
	{ { "gaussian z=2" }, FLP_ADJACENCY_REPLACE, FLP_SAMPLING_NONE, 1e-5, 4.73, 0, 1e-2,
		4.377178096, 1e-9 },
	{ { "gaussian z=8 q=0.01 T=1000" }, FIXED, 1e-5, 0.6389707, 25, 1e-6, INFINITY, 0 },
	{ { "gaussian z=4 q=0.01 T=1000" }, FIXED, 1e-5, 1.4452982, 13, 1e-6, INFINITY, 0 },
	{ { "gaussian z=2 q=0.1 T=100" }, FIXED, 1e-5, 14.0537503, 3, 1e-6, INFINITY, 0 },
	{ { "gaussian z=1 q=0.1 T=10" }, REPLACE, 1e-5, 5, 0, 1, 3.43426, 1e-5 },
	{ { "gaussian z=2 q=0.01 T=1000" }, REPLACE, 1e-5, 2, 0, 1, 1.20520, 1e-5 },
	{ { "zcdp rho=0.81" }, PLAIN, 1e-10, 8.93, 0, 2e-3, INFINITY, 0 },
};

static void
test_rows(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct flp_spent spent[GROUPS];
		size_t n = parse(spent, r->group, r->adjacency, r->sampling);
		struct flp_error e;
		struct flp_cost cost;

		CHECK(flp_account_epsilon(&cost, spent, n, r->delta, &e) == 0, "%s", e.text);
		CHECK(cost.rdp <= r->rdp * (1 + 1e-6) && cost.rdp >= r->rdp * (1 - r->rdp_within),
		    "%s: rdp %.10g", r->group[0], cost.rdp);
		CHECK(r->order == 0 || cost.order == r->order, "%s: order %g", r->group[0], cost.order);
		CHECK(r->pld == 0 || cost.pld == r->pld || near(cost.pld, r->pld, r->pld_within),
		    "%s: pld %.10g", r->group[0], cost.pld);
		CHECK(cost.epsilon == fmin(cost.rdp, cost.pld), "%s: %g", r->group[0], cost.epsilon);
	}
}

static void
test_delta(void)
{
	static const struct { const char *group[GROUPS]; double epsilon, delta, within; } cases[] = {
		{ { "gaussian z=0.5 q=0.2 T=3" }, 1, 0.15594, 1e-3 },
		{ { "gaussian z=1.7320508075688772 T=3" }, 1, 0.126936, 1e-5 },
	};
	struct flp_spent spent[GROUPS];
	struct flp_error e;
	struct flp_cost cost;

	for (size_t i = 0; i < 2; i++) {
		size_t n = parse(spent, cases[i].group, PLAIN);

		CHECK(flp_account_delta(&cost, spent, n, cases[i].epsilon, &e) == 0, "%s", e.text);
		CHECK(near(cost.delta, cases[i].delta, cases[i].within), "%.10g", cost.delta);
		CHECK(flp_account_epsilon(&cost, spent, n, cost.delta, &e) == 0 &&
		    fabs(cost.epsilon - cases[i].epsilon) < 1e-6, "back: %.10g", cost.epsilon);
	}
}

/* Mechanisms that hold with a delta of 0. */
static void
test_pure(void)
{
	static const char *const laplace[GROUPS] = { "laplace z=1 T=3", "laplace z=2 T=2" };
	static const char *const sampled[GROUPS] = { "laplace z=0.5 q=0.2 T=3" };
	static const char *const gaussian[GROUPS] = { "laplace z=1", "gaussian z=1" };
	struct flp_spent spent[GROUPS];
	struct flp_error e;
	struct flp_cost cost;

	CHECK(flp_account_epsilon(&cost, spent, parse(spent, laplace, PLAIN), 0, &e) == 0 &&
	    near(cost.epsilon, 4, 1e-12), "%g", cost.epsilon);
	CHECK(flp_account_epsilon(&cost, spent, parse(spent, sampled, PLAIN), 1e-14, &e) == 0 &&
	    near(cost.epsilon, 2.46964, 3e-6), "%.9g", cost.epsilon);
	CHECK(flp_account_delta(&cost, spent, 1, 2.47, &e) == 0 && cost.delta == 0, "%g",
	    cost.delta);
	CHECK(flp_account_epsilon(&cost, spent, parse(spent, gaussian, PLAIN), 0, &e) < 0 &&
	    strstr(e.text, "delta: expected above 0 with gaussian, found 0") != NULL, "%s", e.text);
}

/* The tests of dp_accounting, at z 2.5, rate 0.01, 50 steps, where the order of 1.5 is a bound,
 * and at z 0.1, where an order of 1.25 is the best of few; and its conversion. */
static void
test_divergence(void)
{
	static const double order[] = { 1.5, 2.5, 5, 50, 100 };
	static const double want[] = { 6.70579741e-4, 1.08548710e-3, 2.18075656e-3, 2.38460375e-2,
		167.416308 };
	double least = INFINITY;

	for (int i = 0; i < 5; i++) {
		double found = 50 * flp_divergence_sampled(0.01, 2.5, order[i]);

		CHECK(near(found, want[i], 1e-4) || (i == 0 && near(found, 6.50070897e-4, 1e-8)),
		    "order %g: %.9g", order[i], found);
	}
	CHECK(near(flp_divergence_epsilon(976562.5 * flp_divergence_sampled(1.024e-5, 0.1, 1.25),
	    1.25, 1e-7), 5907982.3113984, 1e-6), "1.25: %.12g",
	    976562.5 * flp_divergence_sampled(1.024e-5, 0.1, 1.25));
	for (double alpha = 2; alpha <= 32; alpha++)
		least = fmin(least, flp_divergence_epsilon(1.1, alpha, 1e-5));
	CHECK(near(least, 1.32783806176, 1e-9), "%.12g", least);
	CHECK(near(flp_divergence_delta(1.1, 32, least), 1e-5, 1e-9), "back");
	CHECK(flp_divergence_order(FLP_DIVERGENCE_ORDERS - 1) == 1024, "the last order");
}

/* The sum for whole orders and the integral for others must agree near a whole order. */
static void
test_orders(void)
{
	static const double sigma[] = { 0.05, 0.3, 1, 4, 30 }, rate[] = { 1e-4, 0.01, 0.3, 0.9 };

	for (int i = 0; i < 5; i++)
		for (int j = 0; j < 4; j++)
			for (double order = 2; order < 10; order++) {
				double at = flp_divergence_sampled(rate[j], sigma[i], order);
				double above = flp_divergence_sampled(rate[j], sigma[i], order + 1e-7);

				CHECK(near(above * (order - 1 + 1e-7), at * (order - 1), 1e-4) ||
				    fabs(above - at) < 1e-12, "%g %g %g: %g and %g", rate[j], sigma[i],
				    order, at, above);
			}
}

/* For pure releases the exact divergence is that of randomised response. */
static void
test_response(void)
{
	for (double epsilon = 0.01; epsilon < 20; epsilon *= 3) {
		double p = 1 / (1 + exp(-epsilon)), q = 1 - p;

		for (double order = 1.5; order < 12; order += 0.7)
			CHECK(near(flp_divergence_pure(epsilon, order), log(pow(p, order) *
			    pow(q, 1 - order) + pow(q, order) * pow(p, 1 - order)) / (order - 1), 1e-9),
			    "%g %g", epsilon, order);
		CHECK(near(flp_pure_delta(epsilon, 0), p - q, 1e-12), "%g", epsilon);
		CHECK(flp_pure_delta(epsilon, epsilon) == 0, "%g", epsilon);
	}
}

/* The profile by its definition: the integral of the part of one density that is above
 * e^epsilon times the other. */
static double
profile_ref(const struct flp_spent *s, enum flp_direction direction, double epsilon)
{
	int replace = s->adjacency == FLP_ADJACENCY_REPLACE;
	int laplace = s->mechanism == &flp_mechanism_laplace;
	double b = s->noise, step = b / 1000, sum = 0;

	for (double x = -1 - 40 * b + step / 2; x < 1 + 40 * b; x += step) {
		double density[3];

		for (int i = 0; i < 3; i++) {
			double away = (x - (i - 1)) / b;

			density[i] = laplace ? exp(-fabs(away)) / (2 * b) :
			    exp(-away * away / 2) / (b * sqrt(2 * M_PI));
		}
		double with = (1 - s->rate) * density[1] + s->rate * density[2];
		double without = replace ? (1 - s->rate) * density[1] + s->rate * density[0] :
		    density[1];
		double first = direction == FLP_DIRECTION_REMOVE ? with : without;
		double second = direction == FLP_DIRECTION_REMOVE ? without : with;

		sum += fmax(first - exp(epsilon) * second, 0) * step;
	}
	return sum;
}

static void
test_profiles(void)
{
	static const char *const group[] = { "gaussian z=0.7 q=0.1", "gaussian z=2 q=0.5",
		"gaussian z=1 q=1", "laplace z=0.8 q=0.3", "laplace z=2" };
	struct flp_error e;

	for (size_t i = 0; i < sizeof group / sizeof *group; i++)
		for (int adjacency = 0; adjacency < 2; adjacency++) {
			struct flp_spent s = { .adjacency = (enum flp_adjacency)adjacency };

			CHECK(flp_spent_parse(&s, group[i], &e) == 0, "%s", e.text);
			if (adjacency == FLP_ADJACENCY_REPLACE && s.mechanism == &flp_mechanism_laplace)
				continue;
			for (int d = 0; d < 2; d++)
				for (double epsilon = 0; epsilon < 4; epsilon += 0.61) {
					double want = profile_ref(&s, d, epsilon);
					double found = s.mechanism->profile(&s)->delta(&s, d, epsilon);

					CHECK(fabs(found - want) < 1e-6, "%s %d %d %g: %.9g and %.9g", group[i],
					    adjacency, d, epsilon, found, want);
				}
		}
}

/* A bound by the pure epsilon alone is above what the densities give. */
static void
test_laplace_replace(void)
{
	struct flp_spent s = { &flp_mechanism_laplace, 1.3, 0.2, 1, REPLACE, 0 };

	for (double epsilon = 0; epsilon < 2; epsilon += 0.1)
		CHECK(s.mechanism->profile(&s)->delta(&s, 0, epsilon) >= profile_ref(&s, 0, epsilon) -
		    1e-6, "%g", epsilon);
}

/* Without sampling the account is exact; the grid comes close to it from above. */
static void
test_exact(void)
{
	for (double z = 0.5; z < 20; z *= 2)
		for (double delta = 1e-3; delta > 1e-10; delta /= 100) {
			struct flp_spent s = { &flp_mechanism_gaussian, z, 1, 3, PLAIN, 0 };
			double exact = flp_exact_epsilon(3 / (z * z), delta), found;
			struct flp_loss loss;
			struct flp_error e;

			CHECK(near(flp_exact_delta(3 / (z * z), exact), delta, 1e-9), "%g %g", z, delta);
			CHECK(flp_loss_init(&loss, &s, 1, NULL, 0, 0x1p-11, exact, delta, &e) == 0, "%s",
			    e.text);
			flp_loss_read(&loss, 0);
			found = flp_loss_epsilon(&loss, delta);
			CHECK(found >= exact * (1 - 1e-7) && found <= exact * (1 + 1e-5) + 1e-5,
			    "%g %g: %.10g and %.10g", z, delta, exact, found);
			CHECK(near(flp_loss_delta(&loss, found), delta, 1e-9), "back");
			flp_loss_free(&loss);
		}
	CHECK(near(flp_normal_log_tail(30), -454.3212439, 1e-9), "%.12g", flp_normal_log_tail(30));
	CHECK(near(flp_normal_log_erfc(25.0000001), flp_normal_log_erfc(25), 1e-7), "the two forms");
}

static void
test_calibrate(void)
{
	struct flp_spent s = { &flp_mechanism_gaussian, 0, 0.01, 1, PLAIN, 0 }, last;
	struct flp_spent both[2] = { s, { &flp_mechanism_pure, 1, 1, 1, PLAIN, 0 } };
	struct flp_cost cost;
	struct flp_error e;

	CHECK(flp_calibrate(&s, 1, FLP_QUANTITY_NOISE, 1, 1e-5, &e) == 0 &&
	    near(s.noise, 0.67379294682, 2e-5), "%.9g", s.noise);
	s.steps = 2250, s.rate = 0.04;
	CHECK(flp_calibrate(&s, 1, FLP_QUANTITY_NOISE, 8, 1e-5, &e) == 0 &&
	    near(s.noise, 1.3459, 1e-4), "%.9g", s.noise);
	CHECK(flp_account_epsilon(&cost, &s, 1, 1e-5, &e) == 0 && cost.epsilon <= 8 &&
	    cost.epsilon > 7.9998, "%.9g", cost.epsilon);
	CHECK(flp_calibrate(&s, 1, FLP_QUANTITY_STEPS, 8, 1e-5, &e) == 0 && s.steps >= 2250 &&
	    s.steps < 2252, "%llu", (unsigned long long)s.steps);
	last = s, last.steps++;
	CHECK(flp_account_epsilon(&cost, &last, 1, 1e-5, &e) == 0 && cost.epsilon > 8, "one more");
	CHECK(flp_calibrate(&s, 1, FLP_QUANTITY_RATE, 8, 1e-5, &e) == 0 && near(s.rate, 0.04, 1e-3),
	    "%.9g", s.rate);
	s = (struct flp_spent){ &flp_mechanism_gaussian, 0, 1, 1, PLAIN, 0 };
	CHECK(flp_calibrate(&s, 1, FLP_QUANTITY_NOISE, 1, 1e-5, &e) == 0 &&
	    near(s.noise, 3.730631635, 1e-7) && s.noise >= 3.730631635, "%.10g", s.noise);
	CHECK(flp_calibrate(both, 2, FLP_QUANTITY_NOISE, 0.5, 1e-5, &e) < 0 &&
	    e.code == FLP_ERROR_BAD && strstr(e.text, "no noise meets") != NULL, "%s", e.text);
	s.rate = 1e-7;
	CHECK(flp_calibrate(&s, 1, FLP_QUANTITY_NOISE, 1, 0.1, &e) < 0 &&
	    strstr(e.text, "even the least noise meets") != NULL, "%s", e.text);
	s = (struct flp_spent){ &flp_mechanism_pure, 0, 1, 4, PLAIN, 0 };
	CHECK(flp_calibrate(&s, 1, FLP_QUANTITY_NOISE, 2, 0, &e) == 0 && near(s.noise, 0.5, 1e-6) &&
	    s.noise <= 0.5, "%.9g", s.noise);
}

static int
traced(void *context, uint64_t step, const struct flp_cost *cost, struct flp_error *e)
{
	const struct flp_spent *spent = context;
	struct flp_spent then[2] = { spent[0], spent[1] };
	struct flp_cost alone;

	then[1].steps = step;
	if (flp_account_epsilon(&alone, then, 2, 1e-5, e) < 0)
		return -1;
	CHECK(near(cost->epsilon, alone.epsilon, 2e-5) && near(cost->rdp, alone.rdp, 1e-12) &&
	    cost->order == alone.order, "%llu: %.9g and %.9g", (unsigned long long)step,
	    cost->epsilon, alone.epsilon);
	return 0;
}

static void
test_trace(void)
{
	struct flp_spent spent[] = { { &flp_mechanism_laplace, 20, 1, 3, PLAIN, 0 },
		{ &flp_mechanism_gaussian, 1.2, 0.05, 40, PLAIN, 0 } };
	struct flp_error e;

	CHECK(flp_account_trace(spent, 1, &spent[1], 1e-5, traced, spent, &e) == 0, "%s", e.text);
}

static void
test_proved(void)
{
	struct flp_spent s = { &flp_mechanism_gaussian, 2, 0.05, 100, PLAIN, 1 };
	struct flp_cost cost, fixed;
	struct flp_error e;

	CHECK(flp_account_epsilon(&cost, &s, 1, 1e-5, &e) == 0 && cost.pld == INFINITY &&
	    cost.order == floor(cost.order) && cost.epsilon == cost.rdp, "%g", cost.order);
	s.adjacency = FLP_ADJACENCY_REPLACE;
	CHECK(flp_account_epsilon(&cost, &s, 1, 1e-5, &e) == 0 && isfinite(cost.epsilon), "%g",
	    cost.epsilon);
	s.proved = 0;
	s.sampling = FLP_SAMPLING_FIXED;
	CHECK(flp_account_epsilon(&fixed, &s, 1, 1e-5, &e) == 0 && fixed.epsilon <= cost.epsilon,
	    "%g and %g", fixed.epsilon, cost.epsilon);
	s = (struct flp_spent){ &flp_mechanism_laplace, 10, 1, 50, PLAIN, 1 };
	CHECK(flp_account_epsilon(&cost, &s, 1, 1e-5, &e) == 0 && cost.pld == INFINITY &&
	    near(cost.rdp, flp_divergence_epsilon(50 * flp_divergence_pure(0.1, cost.order), cost.order,
	    1e-5), 1e-12), "%g", cost.rdp);
}

/* M reveals one bit of a client by randomised response, but nothing if no client was drawn. */
static void
test_pure_replaced(void)
{
	struct flp_spent s = { &flp_mechanism_pure, 2, 0.1, 1, REPLACE, 0 };
	struct flp_cost cost;
	struct flp_error e;

	CHECK(flp_account_epsilon(&cost, &s, 1, 0, &e) == 0 && cost.epsilon == 2, "%g", cost.epsilon);
	s.sampling = FLP_SAMPLING_FIXED;
	CHECK(flp_account_epsilon(&cost, &s, 1, 0, &e) == 0 &&
	    near(cost.epsilon, log1p(0.1 * expm1(2)), 1e-12), "%g", cost.epsilon);
}

static void
refused(struct flp_spent s, double delta, const char *text)
{
	struct flp_error e = { 0 };
	struct flp_cost cost;

	CHECK(flp_account_epsilon(&cost, &s, 1, delta, &e) < 0 && strstr(e.text, text) != NULL,
	    "%s: %s", text, e.text);
}

static void
test_refused(void)
{
	struct flp_spent good = { &flp_mechanism_gaussian, 1, 0.1, 1, PLAIN, 0 }, bad = good;
	struct flp_spent mixed[2] = { good, good };
	struct flp_error e;
	struct flp_cost cost;

	for (int i = 0; i < 4; i++) {
		bad.noise = (double[]){ 0, -1, INFINITY, NAN }[i];
		refused(bad, 1e-5, "z: expected a finite number above 0");
		bad = good, bad.rate = (double[]){ 0, -1, 1.01, NAN }[i];
		refused(bad, 1e-5, "rate: expected a number above 0 and at most 1");
		bad = good;
		refused(bad, (double[]){ -1, 1, INFINITY, NAN }[i], "delta: expected at least 0");
	}
	bad.steps = 0;
	refused(bad, 1e-5, "steps: expected at least 1");
	refused(good, 0, "delta: expected above 0 with gaussian");
	bad = good, bad.sampling = FLP_SAMPLING_NONE;
	refused(bad, 1e-5, "rate: expected 1 without sampling");
	bad = good, bad.sampling = FLP_SAMPLING_FIXED;
	refused(bad, 1e-5, "adjacency: expected replace with fixed samples, found add-remove");
	bad = good, bad.mechanism = &flp_mechanism_zcdp;
	refused(bad, 1e-5, "rate: expected 1 with zcdp");
	bad = good, bad.mechanism = NULL;
	refused(bad, 1e-5, "a program error");
	mixed[1].adjacency = FLP_ADJACENCY_REPLACE;
	CHECK(flp_account_epsilon(&cost, mixed, 2, 1e-5, &e) < 0 &&
	    strstr(e.text, "group 2: adjacency: expected add-remove as before, found replace") != NULL,
	    "%s", e.text);
	CHECK(flp_account_delta(&cost, &good, 1, NAN, &e) < 0 &&
	    strstr(e.text, "epsilon: expected a finite number of at least 0") != NULL, "%s", e.text);
	CHECK(flp_account_epsilon(&cost, NULL, 0, 1e-5, &e) == 0 && cost.epsilon == 0, "nothing");
}

int
main(void)
{
	test_rows();
	test_delta();
	test_pure();
	test_divergence();
	test_orders();
	test_response();
	test_profiles();
	test_laplace_replace();
	test_exact();
	test_calibrate();
	test_trace();
	test_proved();
	test_pure_replaced();
	test_refused();
	return unit_done();
}

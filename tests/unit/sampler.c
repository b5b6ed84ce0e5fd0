/* sampler: a million draws at fixed seeds against the exact distributions, each statistic at
 * the significance 1e-6; and the same statistics of a sampler of floating point, which they
 * must tell from the right one where the standard deviation is small. */
#include "privacy/sampler.h"
#include "kernel/random.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

enum { N = 1000000, FEW = 5000, EDGES = 128, TABLE = 1 << 16 };

/* A distribution over the whole numbers that is symmetric. */
struct law {
	const char *name;
	double variance; /* of a Gaussian: of the curve, not of the whole numbers on it */
	double scale;    /* of a Laplace distribution; 0: a Gaussian */
	double mass[TABLE]; /* P(|X| <= k) of a Gaussian of a small variance */
};

static struct law law;
static int64_t draw[N], sorted[N];

static int
tabulated(void)
{
	return law.scale == 0 && law.variance <= 0x1p20;
}

static void
choose_law(const char *name, double variance, double scale)
{
	double total = 1;

	law.name = name;
	law.variance = variance;
	law.scale = scale;
	if (!tabulated())
		return;
	law.mass[0] = 1;
	for (int k = 1; k < TABLE; k++)
		law.mass[k] = total += 2 * exp(-0.5 * k * k / variance);
	for (int k = 0; k < TABLE; k++)
		law.mass[k] /= total;
}

/* P(|X| > k), k >= 0. Beyond a standard deviation of 2^10, the curve's mass up to halfway
 * between two whole numbers is the same to 1e-7. */
static double
beyond(int64_t k)
{
	if (law.scale > 0)
		return 2 * exp(-(double)(k + 1) / law.scale) / (1 + exp(-1 / law.scale));
	if (!tabulated())
		return erfc(((double)k + 0.5) / sqrt(2 * law.variance));
	return k < TABLE ? 1 - law.mass[k] : 0;
}

/* P(X <= k) */
static double
at_most(int64_t k)
{
	return k >= 0 ? 1 - beyond(k) / 2 : beyond(-k - 1) / 2;
}

static double
mass_of(int64_t k)
{
	return k == 0 ? 1 - beyond(0) : (beyond(labs(k) - 1) - beyond(labs(k))) / 2;
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The greatest distance of the distribution functions (Kolmogorov and Smirnov). */
static double
distance(size_t n)
{
	double most = 0;

	memcpy(sorted, draw, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, compare);
	for (size_t i = 0, next; i < n; i = next) {
		for (next = i; next < n && sorted[next] == sorted[i]; next++)
			;
		most = fmax(most, fabs((double)i / (double)n - at_most(sorted[i] - 1)));
		most = fmax(most, fabs((double)next / (double)n - at_most(sorted[i])));
	}
	return most;
}

/* P(chi^2 > x) for an even number of degrees of freedom. */
static double
chi_square_tail(double x, int df)
{
	double term = exp(-x / 2), sum = 0;

	for (int i = 0; i < df / 2; i++, term *= x / 2 / i)
		sum += term;
	return sum;
}

/* The least k >= from with P(|X| > k) <= p. */
static int64_t
find_edge(int64_t from, double p)
{
	int64_t low = from - 1, high = from + 1;

	if (beyond(from) <= p)
		return from;
	while (beyond(high) > p)
		high = 2 * high + 1;
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (beyond(middle) > p)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* Bins: |x| up to the first edge; then, on each side by itself, up to the next, ... and beyond
 * the last. Each expects at least 5. With df > 0 the bins are df + 1 of equal size, as far as
 * whole numbers allow; with 0 each half has half of what is left. */
static int
choose_edges(int64_t edge[EDGES], int df)
{
	int edges = 0;

	for (int i = 0; edges < EDGES && (df == 0 || i < df / 2); i++) {
		double left = df == 0 ? ldexp(1, -i - 1) : 1 - (2 * i + 1) / (df + 1.0);
		int64_t k = find_edge(edges == 0 ? 0 : edge[edges - 1] + 1, left);

		if (beyond(k) * N / 2 < 5)
			break;
		if (edges == 0 || (beyond(edge[edges - 1]) - beyond(k)) * N / 2 >= 5)
			edge[edges++] = k;
	}
	return edges;
}

static double
chi_square(int df, int *found)
{
	int64_t edge[EDGES];
	static double count[2 * EDGES];
	int edges = choose_edges(edge, df);
	double sum = 0;

	*found = 2 * edges;
	if (edges == 0) /* all but one value are too rare */
		return 1;
	memset(count, 0, sizeof count);
	for (size_t i = 0; i < N; i++) {
		int bin = 0;

		while (bin < edges && labs(draw[i]) > edge[bin])
			bin++;
		count[bin + (bin > 0 && draw[i] < 0 ? EDGES : 0)]++;
	}
	for (int bin = 0; bin <= edges; bin++) {
		double p = bin == 0 ? 1 - beyond(edge[0]) : (beyond(edge[bin - 1]) -
		    (bin < edges ? beyond(edge[bin]) : 0)) / 2;
		double off = count[bin] - N * p, other = count[bin + EDGES] - N * p;

		sum += (off * off + (bin > 0 ? other * other : 0)) / (N * p);
	}
	return chi_square_tail(sum, 2 * edges);
}

/* 1 if |x| is a chance below 1e-6 of a normal variable of that standard deviation. */
static int
far(double x, double deviation)
{
	return !(fabs(x) <= 4.8916 * deviation);
}

/* Variance, symmetry, and that one draw does not depend on the one before. */
static int
moments(double variance, double fourth)
{
	double squares = 0, products = 0, signs = 0, none = 0;

	for (size_t i = 0; i < N; i++) {
		double x = (double)draw[i];

		squares += x * x;
		signs += (draw[i] > 0) - (draw[i] < 0);
		none += draw[i] == 0;
		products += i > 0 ? x * (double)draw[i - 1] : 0;
	}
	return far(squares / N - variance, sqrt((fourth - variance * variance) / N)) << 0 |
	    far(products / N, variance / sqrt(N)) << 1 | far(signs, sqrt(N - none)) << 2 |
	    far(none / N - mass_of(0), sqrt(mass_of(0) / N)) << 3;
}

/* The variance and the fourth moment of the law. */
static void
law_moments(double *variance, double *fourth)
{
	*variance = law.variance;
	*fourth = 3 * law.variance * law.variance;
	if (law.scale > 0) {
		*variance = 0.5 / pow(sinh(0.5 / law.scale), 2); /* 2q / (1 - q)^2 */
		*fourth = *variance * (1 + 6 * *variance);
	}
	if (!tabulated())
		return;
	*variance = *fourth = 0;
	for (int k = 1; k < TABLE; k++) {
		*variance += 2 * mass_of(k) * pow(k, 2);
		*fourth += 2 * mass_of(k) * pow(k, 4);
	}
}

/* The statistics that are wrong, as bits; 0 if the draws follow the law. */
static int
judge(int loud)
{
	static const int wanted[] = { 20, 40, 100, 0 };
	double variance, fourth, ks[2] = { distance(FEW), distance(N) };
	int wrong, df;

	law_moments(&variance, &fourth);
	wrong = moments(variance, fourth) | (ks[0] >= 0.038052) << 4 | (ks[1] >= 0.0026932) << 5;
	for (int i = 0; i < 4; i++)
		wrong |= (chi_square(wanted[i], &df) < 1e-6) << (6 + i);
	if (loud && wrong != 0)
		fprintf(stderr, "%s: %x: KS %g %g\n", law.name, (unsigned)wrong, ks[0], ks[1]);
	return wrong;
}

static void
begin(struct flp_stream *s, uint64_t seed)
{
	struct flp_error e;

	CHECK(flp_stream_seeded(s, seed, &e) == 0, "%s", e.text);
}

static void
test_gaussian(void)
{
	static const struct {
		const char *name;
		uint64_t variance, of;
	} all[] = {
		{ "variance 1/32", 1, 32 },
		{ "variance 1/4", 1, 4 },
		{ "variance 1", 1, 1 },
		{ "variance 100/99", 100, 99 },
		{ "variance 10", 10, 1 },
		{ "variance 2^20", (uint64_t)1 << 20, 1 },
		{ "variance 2^40 - 1", ((uint64_t)1 << 40) - 1, 1 },
		{ "variance 2^56", (uint64_t)1 << 56, 1 },
		{ "variance 2^56 / 255", (uint64_t)1 << 56, 255 },
	};
	struct flp_gaussian g;
	struct flp_stream s;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		begin(&s, 100 + i);
		flp_gaussian_variance(&g, all[i].variance, all[i].of);
		for (size_t j = 0; j < N; j++)
			draw[j] = flp_gaussian_draw(&g, &s);
		choose_law(all[i].name, (double)all[i].variance / (double)all[i].of, 0);
		CHECK(judge(1) == 0, "Gaussian of %s", all[i].name);
	}
}

static void
test_sigma(void)
{
	static const uint64_t sigma[] = { 2, 1100000, FLP_SIGMA_MOST };
	struct flp_gaussian g;
	struct flp_stream s;

	for (size_t i = 0; i < sizeof sigma / sizeof *sigma; i++) {
		begin(&s, 200 + i);
		flp_gaussian_begin(&g, sigma[i]);
		for (size_t j = 0; j < N; j++)
			draw[j] = flp_gaussian_draw(&g, &s);
		choose_law("sigma", (double)sigma[i] * (double)sigma[i], 0);
		CHECK(judge(1) == 0, "sigma %llu", (unsigned long long)sigma[i]);
	}
}

static void
test_laplace(void)
{
	static const uint64_t scale[] = { 1, 2, 3, 10, 1000, 1 << 20, FLP_SIGMA_MOST + 1 };
	struct flp_stream s;

	for (size_t i = 0; i < sizeof scale / sizeof *scale; i++) {
		begin(&s, 300 + i);
		for (size_t j = 0; j < N; j++)
			draw[j] = flp_laplace_draw(scale[i], &s);
		choose_law("Laplace", 0, (double)scale[i]);
		CHECK(judge(1) == 0, "scale %llu", (unsigned long long)scale[i]);
	}
}

/* Known values of the laws themselves, and of chi-square. */
static void
test_oracles(void)
{
	double variance, fourth;

	choose_law("1/4", 0.25, 0);
	law_moments(&variance, &fourth);
	CHECK(fabs(variance - 0.2150126751) < 1e-10, "%.10f", variance);
	CHECK(fabs(mass_of(0) - 0.7865707070) < 1e-10, "%.10f", mass_of(0));
	choose_law("1", 1, 0);
	law_moments(&variance, &fourth);
	CHECK(fabs(variance - 0.9999997888) < 1e-10, "%.10f", variance);
	CHECK(fabs(mass_of(0) - 0.3989422783) < 1e-10, "%.10f", mass_of(0));
	CHECK(fabs(mass_of(1) - 0.2419707232) < 1e-10, "%.10f", mass_of(1));
	CHECK(fabs(mass_of(-1) - mass_of(1)) < 1e-16, "%g", mass_of(-1));
	choose_law("Laplace", 0, 2);
	CHECK(fabs(mass_of(3) - (1 - exp(-0.5)) / (1 + exp(-0.5)) * exp(-1.5)) < 1e-15, "%g",
	    mass_of(3));
	CHECK(fabs(chi_square_tail(65.42, 20) / 1e-6 - 1) < 0.01, "20");
	CHECK(fabs(chi_square_tail(97.65, 40) / 1e-6 - 1) < 0.01, "40");
	CHECK(fabs(chi_square_tail(182.13, 100) / 1e-6 - 1) < 0.01, "100");
}

/* There are bins of the numbers for which thresholds are known. */
static void
test_bins(void)
{
	static const int wanted[] = { 20, 40, 100 };
	int64_t edge[EDGES];

	choose_law("2^20", 0x1p20, 0);
	for (int i = 0; i < 3; i++)
		CHECK(2 * choose_edges(edge, wanted[i]) == wanted[i], "%d", wanted[i]);
	CHECK(choose_edges(edge, 0) > 12, "halves");
}

/* A normal variable, rounded: what a program of floating point takes for the noise. */
static int64_t
rounded_normal(double sigma, struct flp_random *r)
{
	double radius = sqrt(-2 * log(1 - flp_random_unit(r)));

	return llrint(sigma * radius * cos(6.283185307179586 * flp_random_unit(r)));
}

/* The statistics tell it from the right one, unless the standard deviation is large: then
 * only the source can, which tests/tree.bats looks at. */
static void
test_float(void)
{
	static const double sigma[] = { 0.5, 1, 0x1p20 };
	struct flp_random r;

	for (size_t i = 0; i < sizeof sigma / sizeof *sigma; i++) {
		flp_random_init(&r, 400 + i, 0, 0, FLP_PURPOSE_INIT);
		for (size_t j = 0; j < N; j++)
			draw[j] = rounded_normal(sigma[i], &r);
		choose_law("rounded", sigma[i] * sigma[i], 0);
		CHECK((judge(0) != 0) == (sigma[i] <= 1), "a rounded normal variable of %g", sigma[i]);
	}
}

/* Other faults that the statistics must tell: a sign that comes too often, a 0 that is drawn
 * twice as often, a tail that is cut. */
static void
test_faults(void)
{
	struct flp_gaussian g;
	struct flp_stream s;

	for (int fault = 0; fault < 4; fault++) {
		begin(&s, 500);
		flp_gaussian_begin(&g, 3);
		for (size_t j = 0; j < N; j++)
			do
				draw[j] = flp_gaussian_draw(&g, &s);
			while ((fault == 1 && draw[j] < 0 && j % 128 == 0) ||
			    (fault == 2 && draw[j] != 0 && j % 64 == 0) ||
			    (fault == 3 && labs(draw[j]) > 10));
		choose_law("fault", 9, 0);
		CHECK((judge(0) != 0) == (fault > 0), "fault %d", fault);
	}
}

int
main(void)
{
	test_oracles();
	test_bins();
	test_gaussian();
	test_sigma();
	test_laplace();
	test_float();
	test_faults();
	return unit_done();
}

/* Deviations of columns against a plain computation in two passes. */
#include "learn/spread.h"
#include "unit.h"

#include <math.h>
#include <string.h>

/* The standard deviation of a column, up to a factor that all columns share. */
static double
deviation(const struct flp_view *v, size_t column)
{
	double mean = 0, sum = 0;

	for (size_t i = 0; i < v->rows; i++)
		mean += (double)v->f32[i * v->columns + column] / (double)v->rows;
	for (size_t i = 0; i < v->rows; i++) {
		double from = (double)v->f32[i * v->columns + column] - mean;

		sum += from * from;
	}
	return sqrt(sum);
}

static struct flp_spread
find(const struct flp_view *v)
{
	struct flp_spread s;
	struct flp_error e;

	CHECK(flp_spread_find(&s, v, &e) == 0, "%s", e.text);
	return s;
}

static void
against_reference(void)
{
	static const float size[] = { 1, 0.001f, 40, 0, 3e5f, 0.001f };
	float x[50 * 6];
	struct flp_view v = { .rows = 50, .columns = 6, .f32 = x };
	struct flp_spread s;
	double expected;

	for (size_t i = 0; i < 50 * 6; i++)
		x[i] = 7 + size[i % 6] * (float)(i / 6 * 37 % 50);
	s = find(&v);
	expected = deviation(&v, 4) / deviation(&v, s.narrow);
	CHECK(s.wide == 4 && (s.narrow == 1 || s.narrow == 5), "%zu %zu", s.wide, s.narrow);
	CHECK(fabs(s.factor / expected - 1) < 1e-9, "%g, expected %g", s.factor, expected);
	v.rows = 1;
	s = find(&v);
	CHECK(s.wide == 0 && s.narrow == 0 && s.factor == 1, "one row");
}

/* Equal values make no deviation, whatever they are rounded to on the way. */
static void
constant(void)
{
	float x[3000];
	struct flp_view v = { .rows = 1000, .columns = 3, .f32 = x };
	struct flp_spread s;

	for (size_t i = 0; i < 3000; i++)
		x[i] = i % 3 == 1 ? (float)(i % 2) : 0.1f * (float)(1 + i % 3);
	s = find(&v);
	CHECK(s.wide == 1 && s.narrow == 1 && s.factor == 1, "%zu %zu %g", s.wide, s.narrow, s.factor);
	for (size_t i = 0; i < 3000; i++)
		x[i] = 3.4e38f;
	s = find(&v);
	CHECK(s.factor == 1, "%g", s.factor);
	v.f32 = NULL;
	s = find(&v);
	CHECK(s.factor == 1, "no f32");
}

/* The ends of the range of an f32. */
static void
extremes(void)
{
	static const float x[] = { -3.4e38f, 0, 3.4e38f, 1e-45f };
	struct flp_view v = { .rows = 2, .columns = 2, .f32 = x };
	struct flp_spread s = find(&v);

	CHECK(s.wide == 0 && s.narrow == 1 && s.factor > 1e82 && isfinite(s.factor), "%g", s.factor);
}

int
main(void)
{
	against_reference();
	constant();
	extremes();
	return unit_done();
}

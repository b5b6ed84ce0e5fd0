/* kernel/sort: columns that are sorted together are the same as columns sorted one by one. */
#include "kernel/sort.h"
#include "kernel/random.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double
draw(struct flp_random *r)
{
	static const double odd[] = { 0.0, -0.0, DBL_MAX, -DBL_MAX, DBL_TRUE_MIN, -DBL_TRUE_MIN, 1,
		-1 };

	return flp_random_below(r, 3) == 0 ? odd[flp_random_below(r, 8)] :
	    ldexp(flp_random_unit(r) - 0.5, (int)flp_random_below(r, 200) - 100);
}

/* Every number of rows to 70 and some above, columns around a tile. */
static void
test_twin(void)
{
	static const size_t large[] = { 127, 128, 129, 1000 };
	struct flp_random r;
	struct flp_error e;

	flp_random_init(&r, 3, 0, 0, FLP_PURPOSE_INIT);
	for (size_t turn = 0; turn < 75; turn++) {
		size_t rows = turn <= 70 ? turn : large[turn - 71], n = 1 + turn % 19;
		double *x = calloc(rows * n + 1, sizeof *x), *y = calloc(rows * n + 1, sizeof *y);

		for (size_t i = 0; i < rows * n; i++)
			x[i] = draw(&r);
		memcpy(y, x, rows * n * sizeof *x);
		CHECK(flp_sort_columns(x, rows, n, &e) == 0 && flp_sort_columns_ref(y, rows, n, &e) == 0,
		    "%s", e.text);
		CHECK(memcmp(x, y, rows * n * sizeof *x) == 0, "%zu rows of %zu", rows, n);
		for (size_t i = n; i < rows * n; i++)
			CHECK(x[i - n] <= x[i] && !(x[i] == 0 && signbit(x[i]) && !signbit(x[i - n])),
			    "%a before %a", x[i - n], x[i]);
		free(x);
		free(y);
	}
}

int
main(void)
{
	test_twin();
	return unit_done();
}

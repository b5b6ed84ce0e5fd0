#include "learn/spread.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* Means and sums of squared differences from them, row by row (Welford 1962): in a column of
 * equal values the differences are exactly 0. mean[columns], sum[columns] */
static void
add_rows(const struct flp_view *v, double *mean, double *sum)
{
	for (size_t i = 0; i < v->rows; i++) {
		const float *x = v->f32 + i * v->columns;

		for (size_t j = 0; j < v->columns; j++) {
			double from = (double)x[j] - mean[j];

			mean[j] += from / (double)(i + 1);
			sum[j] += from * ((double)x[j] - mean[j]);
		}
	}
}

int
flp_spread_find(struct flp_spread *s, const struct flp_view *v, struct flp_error *e)
{
	double *mean, *sum, most = 0, least = INFINITY;

	*s = (struct flp_spread){ .factor = 1 };
	if (v->f32 == NULL)
		return 0;
	if ((mean = flp_memory_new(v->columns, 2 * sizeof *mean, e)) == NULL)
		return -1;
	sum = mean + v->columns;
	add_rows(v, mean, sum);
	for (size_t j = 0; j < v->columns; j++) {
		if (sum[j] > most)
			most = sum[j], s->wide = j;
		if (sum[j] > 0 && sum[j] < least)
			least = sum[j], s->narrow = j;
	}
	if (most > 0)
		s->factor = sqrt(most) / sqrt(least);
	free(mean);
	return 0;
}

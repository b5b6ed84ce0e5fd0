#include "kernel/summary.h"

#include <math.h>

void
flp_summary_add(struct flp_summary *s, const double *value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double v = value[i];

		if (!isfinite(v)) {
			s->nonfinite++;
			s->count++;
			continue;
		}
		if (s->count == s->nonfinite)
			s->min = s->max = v;
		s->min = v < s->min ? v : s->min;
		s->max = v > s->max ? v : s->max;
		s->sum += v;
		s->squares += v * v;
		s->count++;
	}
}

double
flp_summary_mean(const struct flp_summary *s)
{
	uint64_t n = s->count - s->nonfinite;

	return n ? s->sum / (double)n : 0;
}

double
flp_summary_norm(const struct flp_summary *s)
{
	return sqrt(s->squares);
}

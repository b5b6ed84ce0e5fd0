#include "learn/worst.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int
flp_worst_add(struct flp_worst *w, double value, int better, const char *client,
    struct flp_error *e)
{
	char *copy;

	if (isnan(value))
		return 0;
	if (w->n == 0 || better * value < better * w->worst) {
		if ((copy = flp_memory_text(client, strlen(client), e)) == NULL)
			return -1;
		free(w->client);
		w->client = copy;
		w->worst = value;
	}
	w->n++;
	w->sum += value;
	return 0;
}

void
flp_worst_free(struct flp_worst *w)
{
	free(w->client);
	memset(w, 0, sizeof *w);
}

double
flp_worst_mean(const struct flp_worst *w)
{
	return w->n > 0 ? w->sum / (double)w->n : NAN;
}

double
flp_worst_value(const struct flp_worst *w)
{
	return w->n > 0 ? w->worst : NAN;
}

#include "learn/evaluate.h"

#include <string.h>

#define ROWS 256 /* that are measured at a time */
#define STEP 24  /* a multiple of the rows that a product takes at a time */
#define BYTES ((size_t)64 << 20) /* of a batch in the widest layer, if more than STEP rows fit */

/* The rows of a batch: `most` or, if the network is so wide that these would take gigabytes, fewer.
 * They depend on the network alone, so that a row's outputs do too. */
static size_t
rows_of(const struct flp_network *net, size_t most)
{
	const struct flp_arch *arch = flp_network_arch(net);
	size_t widest = arch->inputs, rows;

	for (size_t i = 0; i < arch->layers; i++)
		if (arch->layer[i].out > widest)
			widest = arch->layer[i].out;
	rows = BYTES / sizeof(float) / widest;
	return rows >= most ? most : rows < STEP ? STEP : rows / STEP * STEP;
}

/* Batches of at most `limit` rows; with `full`, rows of zeros fill the last one up. The order in
 * which a product sums depends on the number of rows, and for the last few rows that are not a
 * multiple of 6 or 8 on their place among them. */
static int
each_batch(struct flp_network *net, const float *params, const struct flp_view *v,
    enum flp_loss loss, size_t limit, int full, flp_take_outputs *take, void *context,
    struct flp_error *e)
{
	size_t most = rows_of(net, limit), room = full || v->rows > most ? most : v->rows;
	struct flp_loader loader;
	int status = 0;

	if (flp_network_reserve(net, room, e) < 0 ||
	    flp_loader_open(&loader, v, flp_network_arch(net), loss, room, e) < 0)
		return -1;
	for (size_t from = 0; from < v->rows && status >= 0; from += room) {
		size_t b = v->rows - from < room ? v->rows - from : room;
		float *x = flp_network_input(net);
		struct flp_truth truth = flp_loader_take(&loader, NULL, from, b, x);

		if (full)
			memset(x + b * v->columns, 0, (room - b) * v->columns * sizeof *x);
		status = take(context, from, b, flp_network_forward(net, params, full ? room : b),
		    truth, e);
	}
	flp_loader_close(&loader);
	return status;
}

int
flp_outputs(struct flp_network *net, const float *params, const struct flp_view *v,
    enum flp_loss loss, flp_take_outputs *take, void *context, struct flp_error *e)
{
	return each_batch(net, params, v, loss, FLP_OUTPUTS_ROWS, 1, take, context, e);
}

static int
measure(void *metrics, size_t from, size_t b, const float *output, struct flp_truth truth,
    struct flp_error *e)
{
	return flp_metrics_add(metrics, output, truth, b, e) < 0 ?
	    flp_error_at(e, "rows %zu to %zu", from + 1, from + b) : 0;
}

int
flp_evaluate(struct flp_network *net, const float *params, const struct flp_view *v,
    struct flp_metrics *m, struct flp_error *e)
{
	return each_batch(net, params, v, m->loss, ROWS, 0, measure, m, e);
}

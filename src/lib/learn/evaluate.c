#include "learn/evaluate.h"

#define ROWS 256 /* that go through the network at a time */

int
flp_outputs(struct flp_network *net, const float *params, const struct flp_view *v,
    enum flp_loss loss, flp_take_outputs *take, void *context, struct flp_error *e)
{
	size_t room = v->rows < ROWS ? v->rows : ROWS;
	struct flp_loader loader;
	int status = 0;

	if (flp_network_reserve(net, room, e) < 0 ||
	    flp_loader_open(&loader, v, flp_network_arch(net), loss, room, e) < 0)
		return -1;
	for (size_t from = 0; from < v->rows && status >= 0; from += room) {
		size_t b = v->rows - from < room ? v->rows - from : room;
		struct flp_truth truth = flp_loader_take(&loader, NULL, from, b,
		    flp_network_input(net));

		status = take(context, from, b, flp_network_forward(net, params, b), truth, e);
	}
	flp_loader_close(&loader);
	return status;
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
	return flp_outputs(net, params, v, m->loss, measure, m, e);
}

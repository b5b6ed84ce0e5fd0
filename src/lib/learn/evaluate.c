#include "learn/evaluate.h"

#define ROWS 256 /* that go through the network at a time */

int
flp_evaluate(struct flp_network *net, const float *params, const struct flp_view *v,
    struct flp_metrics *m, struct flp_error *e)
{
	size_t room = v->rows < ROWS ? v->rows : ROWS;
	struct flp_loader loader;
	int status = 0;

	if (flp_network_reserve(net, room, e) < 0 ||
	    flp_loader_open(&loader, v, flp_network_arch(net), m->loss, room, e) < 0)
		return -1;
	for (size_t from = 0; from < v->rows && status == 0; from += room) {
		size_t b = v->rows - from < room ? v->rows - from : room;
		struct flp_truth truth = flp_loader_take(&loader, NULL, from, b,
		    flp_network_input(net));
		const float *output = flp_network_forward(net, params, b);

		status = flp_metrics_add(m, output, truth, b, e);
		if (status < 0)
			flp_error_at(e, "rows %zu to %zu", from + 1, from + b);
	}
	flp_loader_close(&loader);
	return status;
}

#include "model/measure.h"
#include "base/memory.h"
#include "base/text.h"
#include "learn/evaluate.h"

#include <stdlib.h>
#include <string.h>

static char *
client_of(const struct flp_record *rec, const char *place, struct flp_error *e)
{
	size_t n, room = 4 * strlen(place) + 1;
	char *shown;
	const char *client = flp_meta_get(&rec->header.meta, "client", &n);

	if (client != NULL)
		return flp_memory_text(client, n, e);
	if ((shown = flp_memory_new(room, 1, e)) != NULL)
		flp_text_escape(shown, room, place, strlen(place));
	return shown;
}

static int
evaluate(const struct flp_model *m, struct flp_network *net, const struct flp_dataset *set,
    struct flp_metrics *to, struct flp_error *e)
{
	struct flp_view view;
	double *owned;
	int status;

	if (flp_model_view(m, set, &view, &owned, e) < 0)
		return -1;
	status = flp_metrics_init(to, m->loss, m->arch.outputs, e);
	if (status == 0 && (status = flp_evaluate(net, m->params, &view, to, e)) < 0)
		flp_metrics_free(to);
	free(owned);
	return status;
}

int
flp_measure_record(const struct flp_model *m, struct flp_network *net, struct flp_record *rec,
    const char *place, struct flp_metrics *to, char **client, struct flp_error *e)
{
	struct flp_dataset set;
	int status = -1;

	*client = client_of(rec, place, e);
	if (*client != NULL && flp_dataset_from(&set, rec, e) == 0) {
		status = evaluate(m, net, &set, to, e);
		flp_dataset_free(&set);
	}
	flp_record_free(rec);
	if (status < 0)
		free(*client);
	return status;
}

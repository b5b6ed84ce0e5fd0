#include "model/measure.h"
#include "base/memory.h"
#include "base/text.h"
#include "learn/evaluate.h"

#include <stdlib.h>
#include <string.h>

char *
flp_measure_client(const struct flp_header *h, const char *place, struct flp_error *e)
{
	size_t n, room = 4 * strlen(place) + 1;
	char *shown;
	const char *client = flp_meta_get(&h->meta, "client", &n);

	if (client != NULL)
		return flp_memory_text(client, n, e);
	if ((shown = flp_memory_new(room, 1, e)) != NULL)
		flp_text_escape(shown, room, place, strlen(place));
	return shown;
}

int
flp_measure(const struct flp_model *m, struct flp_network *net, const struct flp_dataset *set,
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

/* How many classes a model tells apart, 0 if it predicts a number. */
static size_t
count_classes(const struct flp_model *m)
{
	return flp_loss_classes(m->loss, m->arch.outputs);
}

static int
check_classes(const struct flp_model *local, const struct flp_model *m, struct flp_error *e)
{
	size_t found = count_classes(local), expected = count_classes(m);

	if (found != expected && (found == 0 || expected == 0))
		return flp_error_bad(e, "expected a model that predicts %s, as the measured one does, "
		    "found one of %s", expected == 0 ? "a number" : "classes",
		    found == 0 ? "a number" : "classes");
	if (found != expected)
		return flp_error_bad(e, "classes: expected %zu, as in the measured model, found %zu",
		    expected, found);
	if (m->classes.n == 0 || local->classes.n == 0 ||
	    flp_texts_same(&m->classes, &local->classes, e) == 0)
		return 0;
	return flp_error_at(e, "classes are not the measured model's");
}

static int
check_client(const struct flp_model *local, const struct flp_dataset *set, struct flp_error *e)
{
	size_t expected, found;
	const char *data = flp_meta_get(&set->record.header.meta, "client", &expected);
	const char *own = flp_meta_get(&local->record.header.meta, "client", &found);

	if (data == NULL || own == NULL ||
	    (found == expected && memcmp(data, own, expected) == 0))
		return 0;
	return flp_error_bad(e, "client: expected %.*s, whose data these are, found %.*s",
	    (int)expected, data, (int)found, own);
}

int
flp_measure_local(const char *path, const struct flp_model *m, const struct flp_dataset *set,
    struct flp_metrics *to, struct flp_error *e)
{
	struct flp_network *net = NULL;
	struct flp_model local;
	int status = -1;

	if (flp_model_load(&local, NULL, path, e) < 0)
		return -1;
	if (check_classes(&local, m, e) == 0 && check_client(&local, set, e) == 0 &&
	    (net = flp_network_new(&local.arch, FLP_LAYOUT_ARCH, e)) != NULL)
		status = flp_measure(&local, net, set, to, e);
	flp_network_free(net);
	flp_model_free(&local);
	return status < 0 ? flp_error_at(e, "%s", flp_in_name(path)) : 0;
}

/* fl-mask apply --graph: the third turn of a round of fleet mode, for one client or for many. */
#include "fl-mask/apply.h"
#include "loop/inputs.h"
#include "mask/masking.h"

struct fleet_apply {
	const struct mask_apply_options *o;
	char **paths;
	struct mask_fleet fleet;
	struct flp_site site;
};

static int
take(void *context, size_t i, struct flp_journal *j, struct flp_record *message,
    struct flp_error *e)
{
	struct fleet_apply *a = context;
	struct flp_masking m = { .gathering = &a->fleet.gathering, .site = &a->site,
		.vector = mask_apply_vector(a->o, &a->fleet.vector) };
	struct flp_record update, inbox;
	int status;

	if (flp_inputs_load(&update, NULL, a->paths[i], 0, e) < 0)
		return -1;
	status = flp_message_open(&inbox, a->o->inbox.text[i], FLP_MESSAGE_DELIVER, e);
	if (status == 0) {
		status = flp_masking_apply(&m, j, &inbox, &update, message, e);
		if (status < 0)
			flp_error_at(e, "%s", flp_in_name(m.bad_inbox ? a->o->inbox.text[i] : a->paths[i]));
		flp_record_free(&inbox);
	}
	flp_record_free(&update);
	if (status == 0)
		mask_apply_report(a->o, &m.vector, a->paths[i]);
	return status;
}

static size_t
count(char **paths)
{
	size_t n = 0;

	while (paths[n] != NULL)
		n++;
	return n;
}

void
mask_apply_fleet(struct mask_apply_options *o, char **paths)
{
	struct fleet_apply a = { .o = o, .paths = paths };
	struct flp_out out;

	if (count(paths) != o->clients.key.n || o->inbox.n != o->clients.key.n)
		cli_usage("expected a --key, an --inbox and a file for each client, found %zu, %zu and %zu",
		    o->clients.key.n, o->inbox.n, count(paths));
	cli_records(&out);
	cli_policy(&a.site, o->policy);
	mask_fleet_begin(&a.fleet, &o->round);
	mask_fleet_graph(&a.fleet, &o->rule, o->graph);
	mask_fleet_terms(&a.fleet, &a.site, a.fleet.gathering.n);
	mask_clients_each(&o->clients, &(struct mask_turn){ take, &a }, &out);
}

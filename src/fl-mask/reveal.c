/* fl-mask reveal: give the server the shares that open the sum of the survivors.
 *
 * The last turn of a round of fleet mode. It reveals one share for each client that has sent it
 * shares: for a survivor, a share that helps to remove the survivor's own mask; for a client that
 * has dropped out, a share that helps to remove the masks that others have in common with it. A
 * confirmation that can't be used is named and left out. */
#include "mask/reveal.h"
#include "fl-mask/fleet.h"
#include "fl-mask/server.h"
#include "fl-mask/verbs.h"

struct options {
	struct mask_clients clients;
	struct mask_round_options round;
	struct mask_rule_options rule;
	const char *graph, *survivors;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_CLIENT_OPTIONS(clients),
	MASK_ROUND_OPTIONS(round),
	MASK_RULE_OPTIONS(rule),
	MASK_GRAPH_OPTION(graph),
	CLI_INPUT(0, "survivors", TO(survivors), "SURVIVORS", cli_required,
		"the list of survivors, which this client has confirmed"),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_reveal_tool = { "fl-mask reveal",
	"Give the server the shares that open the sum of the survivors.", "[CONFIRM]...", 0, -1,
	options };

static int
add(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_confirmed *c = context;
	struct flp_record confirm;
	int status;

	if (flp_message_load(&confirm, in->reader, h, FLP_MESSAGE_CONFIRM, &c->g->round, e) < 0)
		return -1;
	status = flp_confirmed_add(c, &confirm, e);
	flp_record_free(&confirm);
	return status;
}

static int
take(void *context, size_t i, struct flp_journal *j, struct flp_record *message,
    struct flp_error *e)
{
	const struct flp_confirmed *c = context;

	(void)i;
	return flp_reveal(message, j, c, e);
}

int
mask_reveal(int argc, char **argv)
{
	struct options o = { .clients.bad.tell = cli_tell };
	char **paths = cli_start(argc, argv, &mask_reveal_tool, &o);
	struct flp_survivors survivors;
	struct flp_confirmed c;
	struct mask_fleet f;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	cli_records(&out);
	mask_fleet_begin(&f, &o.round);
	mask_fleet_graph(&f, &o.rule, o.graph);
	mask_fleet_survivors(&survivors, &f, o.survivors);
	cli_check(flp_confirmed_begin(&c, &f.gathering, &survivors, &e), &e, NULL);
	cli_inputs_init(&in, paths);
	mask_each_record(&in, &o.clients.bad, add, &c, &out);
	mask_clients_each(&o.clients, &(struct mask_turn){ take, &c }, &out);
}

/* fl-mask confirm: sign the server's list of the clients whose updates are to be added.
 *
 * The fourth turn of a round of fleet mode. A client signs one set of survivors in a round. */
#include "mask/confirm.h"
#include "fl-mask/fleet.h"
#include "fl-mask/verbs.h"

struct options {
	struct mask_clients clients;
	struct mask_round_options round;
	struct mask_rule_options rule;
	const char *graph, *policy;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_CLIENT_OPTIONS(clients),
	MASK_ROUND_OPTIONS(round),
	MASK_RULE_OPTIONS(rule),
	MASK_GRAPH_OPTION(graph),
	CLI_POLICY(TO(policy)),
	{ 0 },
};

const struct cli_tool mask_confirm_tool = { "fl-mask confirm",
	"Sign the server's list of the clients whose updates are to be added.", "[SURVIVORS]", 0, 1,
	options };

struct confirm {
	struct mask_fleet fleet;
	struct flp_survivors survivors;
};

static int
take(void *context, size_t i, struct flp_journal *j, struct flp_record *message,
    struct flp_error *e)
{
	const struct confirm *c = context;

	(void)i;
	return flp_confirm(message, j, &c->fleet.gathering, &c->survivors, e);
}

int
mask_confirm(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &mask_confirm_tool, &o);
	struct confirm c;
	struct flp_site site;
	struct flp_out out;

	cli_records(&out);
	cli_policy(&site, o.policy);
	mask_fleet_begin(&c.fleet, &o.round);
	mask_fleet_graph(&c.fleet, &o.rule, o.graph);
	mask_fleet_survivors(&c.survivors, &c.fleet, paths[0]);
	mask_fleet_terms(&c.fleet, &site, c.survivors.n);
	mask_clients_each(&o.clients, &(struct mask_turn){ take, &c }, &out);
}

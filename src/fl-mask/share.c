/* fl-mask share: share the secrets of a client's masks among its neighbours.
 *
 * The second turn of a round of fleet mode. The client computes from the graph record who its
 * neighbours are, and asks its policy whether it may take part on these terms. It answers only one
 * graph in a round. */
#include "mask/share.h"
#include "fl-mask/fleet.h"
#include "fl-mask/verbs.h"

struct options {
	struct mask_clients clients;
	struct mask_round_options round;
	struct mask_rule_options rule;
	const char *policy;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_CLIENT_OPTIONS(clients),
	MASK_ROUND_OPTIONS(round),
	MASK_RULE_OPTIONS(rule),
	CLI_POLICY(TO(policy)),
	{ 0 },
};

const struct cli_tool mask_share_tool = { "fl-mask share",
	"Share the secrets of a client's masks among its neighbours.", "[GRAPH]", 0, 1, options };

static int
take(void *context, size_t i, struct flp_journal *j, struct flp_record *message,
    struct flp_error *e)
{
	const struct mask_fleet *f = context;

	(void)i;
	return flp_share(message, j, &f->gathering, e);
}

int
mask_share(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &mask_share_tool, &o);
	struct mask_fleet f;
	struct flp_site site;
	struct flp_out out;

	cli_records(&out);
	cli_policy(&site, o.policy);
	mask_fleet_begin(&f, &o.round);
	mask_fleet_graph(&f, &o.rule, paths[0]);
	mask_fleet_terms(&f, &site, f.gathering.n);
	mask_clients_each(&o.clients, &(struct mask_turn){ take, &f }, &out);
}

/* fl-mask graph: list the clients of a round, from what they have advertised.
 *
 * The server's first step in a round of fleet mode. Nobody chooses the graph: each party computes
 * from the list who is whose neighbour, the degree and the threshold. */
#include "fl-mask/fleet.h"
#include "fl-mask/server.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"
#include "mask/advertised.h"

struct options {
	struct mask_server server;
	struct mask_round_options round;
	struct mask_rule_options rule;
	int verbose;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_ROUND_OPTIONS(round),
	MASK_RULE_OPTIONS(rule),
	MASK_SERVER_OPTIONS(server),
	CLI_FLAG('v', "verbose", TO(verbose),
		"print the number of clients, the degree and the threshold"),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_graph_tool = { "fl-mask graph",
	"List the clients of a round, from what they have advertised.", "[ADVERTISEMENT]...", 0, -1,
	options };

static int
add(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_advertised *a = context;
	struct flp_record message;
	int status;

	if (flp_message_load(&message, in->reader, h, FLP_MESSAGE_ADVERTISE, a->round, e) < 0)
		return -1;
	status = flp_advertised_add(a, &message, e);
	flp_record_free(&message);
	return status;
}

int
mask_graph(int argc, char **argv)
{
	struct options o = { .server.bad.tell = cli_tell };
	char **paths = cli_start(argc, argv, &mask_graph_tool, &o);
	struct flp_advertised a;
	struct flp_record graph;
	struct flp_finder rule;
	struct mask_fleet f;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	if (o.round.roster == NULL)
		cli_usage("option --roster is required: it says whose advertisements count");
	cli_records(&out);
	mask_fleet_begin(&f, &o.round);
	mask_fleet_rule(&rule, &o.rule);
	flp_advertised_begin(&a, &f.round, &f.trust);
	cli_inputs_init(&in, paths);
	mask_each_record(&in, &o.server.bad, add, &a, &out);
	cli_check(flp_advertised_graph(&a, &graph, &rule, &o.server.bad, &e), &e, NULL);
	mask_server_enough(&o.server, rule.n);
	if (o.verbose)
		cli_warn("%llu clients, each with %llu neighbours, any %llu of whom open a secret",
		    (unsigned long long)rule.n, (unsigned long long)rule.degree,
		    (unsigned long long)rule.threshold);
	cli_write(&out, &graph);
	flp_record_free(&graph);
	flp_advertised_end(&a);
	mask_fleet_end(&f);
	cli_finish(&out, 0);
}

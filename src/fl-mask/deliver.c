/* fl-mask deliver: sort the boxes that clients have sent into an inbox for each client.
 *
 * The server's second step in a round of fleet mode. The set of clients that have sent their shares
 * must not change once a client has its inbox. So the messages that count are written to standard
 * output, for survivors and unmask. */
#include "fl-mask/fleet.h"
#include "fl-mask/inboxes.h"
#include "fl-mask/server.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"

struct options {
	struct mask_server server;
	struct mask_round_options round;
	struct mask_rule_options rule;
	const char *graph, *folder;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_ROUND_OPTIONS(round),
	MASK_RULE_OPTIONS(rule),
	MASK_GRAPH_OPTION(graph),
	CLI_PATH('o', "output", TO(folder), "DIR", cli_required,
		"folder for the inboxes, made if it does not exist"),
	MASK_SERVER_OPTIONS(server),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_deliver_tool = { "fl-mask deliver",
	"Sort the boxes that clients have sent into an inbox for each client.", "[SHARE]...", 0, -1,
	options };

int
mask_deliver(int argc, char **argv)
{
	struct options o = { .server.bad.tell = cli_tell };
	char **paths = cli_start(argc, argv, &mask_deliver_tool, &o);
	struct flp_dealing d;
	struct mask_fleet f;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	cli_records(&out);
	mask_fleet_begin(&f, &o.round);
	mask_fleet_graph(&f, &o.rule, o.graph);
	cli_check(flp_dealing_begin(&d, &f.gathering, 1, &e), &e, NULL);
	cli_inputs_init(&in, paths);
	mask_each_record(&in, &o.server.bad, mask_server_share, &d, &out);
	mask_server_enough(&o.server, flp_dealing_count(&d));
	cli_check(flp_dealing_enough(&d, &e), &e, NULL);
	mask_inboxes_write(&d, o.folder, &out);
	flp_dealing_end(&d);
	mask_fleet_end(&f);
	cli_finish(&out, 0);
}

/* fl-mask survivors: list the clients whose masked updates are to be added.
 *
 * The server's third step in a round of fleet mode. The clients confirm this list before any of
 * them reveals a share, so it is made only once: a masked update that comes later can't be used. */
#include "fl-mask/fleet.h"
#include "fl-mask/server.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"
#include "mask/opening.h"
#include "mask/turnout.h"

#include <stdlib.h>

struct options {
	struct mask_server server;
	struct mask_round_options round;
	struct mask_rule_options rule;
	const char *graph;
	struct cli_list shares;
	uint64_t max_weight;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_ROUND_OPTIONS(round),
	MASK_RULE_OPTIONS(rule),
	MASK_GRAPH_OPTION(graph),
	MASK_SHARES_OPTION(shares),
	CLI_COUNT(0, "max-weight", TO(max_weight), "W", 1, CLI_COUNT_MOST, NULL,
		"the greatest weight, if the updates are weighted"),
	MASK_SERVER_OPTIONS(server),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_survivors_tool = { "fl-mask survivors",
	"List the clients whose masked updates are to be added.", "[MASKED]...", 0, -1, options };

static int
note(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_turnout *t = context;
	struct flp_record masked;
	int status;

	if (flp_turnout_load(t, &masked, in->reader, h, e) < 0)
		return -1;
	status = flp_turnout_note(t, &masked, e);
	flp_record_free(&masked);
	return status;
}

/* Refuses survivors whose sum could not be opened. */
static void
check_possible(const struct flp_dealing *d, const uint32_t *survivor, size_t n)
{
	struct flp_opening opening;
	struct flp_error e;

	cli_check(flp_opening_begin(&opening, d, survivor, n, &e), &e, NULL);
	cli_check(flp_opening_possible(&opening, &e), &e, NULL);
	flp_opening_end(&opening);
}

int
mask_survivors(int argc, char **argv)
{
	struct options o = { .server.bad.tell = cli_tell };
	char **paths = cli_start(argc, argv, &mask_survivors_tool, &o);
	struct flp_turnout t;
	struct flp_dealing d;
	struct flp_record record;
	struct mask_fleet f;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	uint32_t *survivor;
	size_t n;

	cli_records(&out);
	mask_fleet_begin(&f, &o.round);
	mask_fleet_graph(&f, &o.rule, o.graph);
	mask_server_shares(&d, &f.gathering, &o.shares);
	cli_check(flp_turnout_begin(&t, &d, &e), &e, NULL);
	t.vector = f.vector;
	t.vector.weight = o.max_weight;
	cli_inputs_init(&in, paths);
	mask_each_record(&in, &o.server.bad, note, &t, &out);
	cli_check(flp_turnout_survivors(&t, &survivor, &n, &o.server.bad, &e), &e, NULL);
	mask_server_enough(&o.server, n);
	if (n == 0)
		cli_check(flp_error_bad(&e, "expected masked records of clients, found none that counts"),
		    &e, NULL);
	check_possible(&d, survivor, n);
	cli_check(flp_gathering_list(&f.gathering, survivor, n, &record, &e), &e, NULL);
	cli_write(&out, &record);
	flp_record_free(&record);
	free(survivor);
	flp_turnout_end(&t);
	flp_dealing_end(&d);
	mask_fleet_end(&f);
	cli_finish(&out, 0);
}

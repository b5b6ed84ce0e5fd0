/* fl-mask unmask: open the sum of the masked records of all sites of a roster, or of the survivors
 * of a round.
 *
 * In silo mode the masks cancel in the sum of all, so no secret is needed, and no smaller sum can
 * be opened. Each record that can't be added is named, and then nothing is opened. Fleet mode is in
 * unmask_fleet.c. */
#include "fl-mask/model.h"
#include "fl-mask/unmask.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"
#include "mask/silo.h"
#include "privacy/cells.h"

#include <stdlib.h>

#define TO(field) struct mask_unmask_options, field
static const struct cli_option options[] = {
	MASK_ROUND_OPTIONS(round),
	CLI_COUNT(0, "max-weight", TO(max_weight), "W", 1, CLI_COUNT_MOST, NULL,
		"the greatest weight, if the updates are weighted"),
	CLI_INPUT(0, "graph", TO(graph), "GRAPH", NULL, "fleet mode: the clients of the round"),
	CLI_INPUT(0, "survivors", TO(survivors), "SURVIVORS", NULL,
		"with --graph: the clients whose updates are to be added"),
	MASK_SHARES_OPTION(shares),
	CLI_INPUTS(0, "reveals", TO(reveals), "REVEALS",
		"with --graph: the survivors' reveal messages; may be repeated"),
	MASK_RULE_OPTIONS(rule),
	CLI_FLAG(0, "trust-partials", TO(trust),
		"with --graph: take sums of masked records, which nobody has signed"),
	MASK_SERVER_OPTIONS(server),
	CLI_POLICY(TO(policy)),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_unmask_tool = { "fl-mask unmask",
	"Open the sum of masked records.", "[FILE]...", 0, -1, options };

static int
add(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_silo *silo = context;
	struct flp_record masked;
	int status;

	if (flp_record_load(&masked, in->reader, h, e) < 0)
		return -1;
	status = flp_silo_add(silo, &masked, e);
	flp_record_free(&masked);
	return status;
}

static void
open_sum(struct flp_silo *silo, const struct flp_bad *bad, struct flp_record *sum)
{
	struct flp_error e;

	if (bad->n > 0)
		cli_check(flp_error_bad(&e, "expected good records only, found %llu bad, so nothing is "
		    "opened", (unsigned long long)bad->n), &e, NULL);
	cli_check(flp_silo_open(silo, sum, &e), &e, NULL);
}

void
mask_unmask_write(const struct mask_unmask_options *o, struct flp_record *sum,
    struct flp_out *out)
{
	struct flp_site site;
	struct flp_error e;

	cli_policy(&site, o->policy);
	if (sum->header.kind == FLP_KIND_STATS)
		cli_check(flp_cells_check(&site, sum, NULL, &e), &e, "sum");
	cli_write(out, sum);
	flp_record_free(sum);
	cli_finish(out, 0);
}

static void
check_silo(const struct mask_unmask_options *o)
{
	static const char *const fleet[] = { "authority", "session", "survivors", "shares", "reveals",
		"corrupt", "dropout", "security", "insecure", "trust-partials", "min-clients",
		"strict", NULL };

	cli_only_with("graph", fleet);
	if (o->round.roster == NULL)
		cli_usage("option --roster is required");
}

int
mask_unmask(int argc, char **argv)
{
	struct mask_unmask_options o = { .server.bad.tell = cli_tell };
	char **paths = cli_start(argc, argv, &mask_unmask_tool, &o);
	struct flp_silo silo = { 0 };
	struct flp_record model, sum;
	struct flp_roster roster;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	if (o.graph != NULL)
		mask_unmask_fleet(&o, paths);
	check_silo(&o);
	cli_records(&out);
	cli_check(flp_roster_load(&roster, o.round.roster, NULL, &e), &e, NULL);
	silo.roster = &roster;
	silo.vector.weight = o.max_weight;
	mask_model_load(&silo.vector, &model, &silo.round, o.round.model, o.round.number);
	cli_check(flp_silo_begin(&silo, &e), &e, NULL);
	cli_inputs_init(&in, paths);
	mask_each_record(&in, &o.server.bad, add, &silo, &out);
	open_sum(&silo, &o.server.bad, &sum);
	flp_silo_end(&silo);
	flp_record_free(&model);
	flp_roster_free(&roster);
	mask_unmask_write(&o, &sum, &out);
}

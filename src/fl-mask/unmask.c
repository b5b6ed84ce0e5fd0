/* fl-mask unmask: open the sum of what all sites of a roster have sent.
 *
 * The masks cancel in the sum of all, so no secret is needed, and nothing less can be opened.
 * Each record that can't be added is named, and then nothing is opened. */
#include "fl-mask/model.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"
#include "mask/silo.h"
#include "privacy/cells.h"

#include <stdlib.h>

struct options {
	struct flp_bad bad;
	const char *roster, *model, *policy;
	uint64_t round, max_weight;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_INPUT(0, "roster", TO(roster), "ROSTER", cli_required, "the members, as all sites hold it"),
	CLI_INPUT('m', "model", TO(model), "MODEL", cli_required,
		"the model of the updates; for statistics a schema or a data record"),
	CLI_COUNT('r', "round", TO(round), "N", 0, CLI_COUNT_MOST, NULL,
		"the round, if the model does not say it [0]"),
	CLI_COUNT(0, "max-weight", TO(max_weight), "W", 1, CLI_COUNT_MOST, NULL,
		"the greatest weight, if the updates are weighted"),
	CLI_POLICY(TO(policy)),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_unmask_tool = { "fl-mask unmask",
	"Open the sum of the records of all members of a roster.", "[FILE]...", 0, -1, options };

struct unmask {
	const struct options *o;
	struct flp_silo silo;
	struct flp_record model;
	int begun;
};

/* The first record of a member says whether the model is one, or the columns of statistics. */
static int
begin(struct unmask *u, const struct flp_header *h, struct flp_error *e)
{
	if (u->begun)
		return 0;
	u->begun = 1;
	mask_model_load(&u->silo.vector, &u->model, u->o->model, flp_meta_is(&h->meta, "of", "stats"));
	cli_check(flp_silo_round(&u->silo.round, &u->model.header.meta,
	    cli_given("round") ? &u->o->round : NULL, e), e, NULL);
	return flp_silo_begin(&u->silo, e);
}

static int
add(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct unmask *u = context;
	struct flp_record masked;
	size_t member;
	int status;

	if (flp_record_load(&masked, in->reader, h, e) < 0)
		return -1;
	status = flp_silo_sender(&u->silo, &masked, &member, e);
	if (status == 0 && (status = begin(u, &masked.header, e)) == 0)
		status = flp_silo_add(&u->silo, &masked, e);
	flp_record_free(&masked);
	return status;
}

/* Opens the sum; the policy of whoever opens statistics binds what they count together. */
static void
open_sum(struct unmask *u, const struct flp_site *site, struct flp_record *sum)
{
	struct flp_error e;

	if (u->o->bad.n > 0)
		cli_check(flp_error_bad(&e, "%llu %s left out, so nothing is opened",
		    (unsigned long long)u->o->bad.n, u->o->bad.n == 1 ? "record was" : "records were"), &e,
		    NULL);
	cli_check(flp_silo_open(&u->silo, sum, &e), &e, NULL);
	if (sum->header.kind == FLP_KIND_STATS)
		cli_check(flp_cells_check(site, sum, &e), &e, "sum");
}

int
mask_unmask(int argc, char **argv)
{
	struct options o = { .bad.tell = cli_left_out };
	char **paths = cli_start(argc, argv, &mask_unmask_tool, &o);
	struct unmask u = { .o = &o };
	struct flp_roster roster;
	struct flp_record sum;
	struct flp_inputs in;
	struct flp_site site;
	struct flp_error e;
	struct flp_out out;

	cli_policy(&site, o.policy);
	cli_records(&out);
	cli_check(flp_roster_load(&roster, o.roster, NULL, &e), &e, NULL);
	u.silo.roster = &roster;
	u.silo.vector.weight = o.max_weight;
	flp_inputs_init(&in, paths);
	cli_check(flp_each_record(&in, &o.bad, add, &u, &e), &e, NULL);
	open_sum(&u, &site, &sum);
	flp_silo_end(&u.silo);
	flp_roster_free(&roster);
	flp_record_free(&u.model);
	cli_write(&out, &sum);
	flp_record_free(&sum);
	cli_finish(&out, 0);
}

/* fl-mask apply: mask one record of a site, and sign it.
 *
 * Without --graph it masks for all members of a roster (apply_silo.c), with --graph for the clients
 * of a round of fleet mode (apply_fleet.c). The message is in the site's journal, on the disk,
 * before its first byte leaves. If it is called again with the same record, it sends the same
 * bytes; it refuses another record. */
#include "fl-mask/apply.h"
#include "fl-mask/verbs.h"

/* The names of the weightings, by the value of `weighting` in the options. */
static const char *
weighting_name(unsigned weighting)
{
	static const char *const names[] = { "uniform", "examples" };

	return weighting < sizeof names / sizeof *names ? names[weighting] : NULL;
}

#define TO(field) struct mask_apply_options, field
static const struct cli_option options[] = {
	MASK_CLIENT_OPTIONS(clients),
	MASK_ROUND_OPTIONS(round),
	CLI_INPUT(0, "graph", TO(graph), "GRAPH", NULL, "fleet mode: the clients of the round"),
	CLI_INPUTS(0, "inbox", TO(inbox), "INBOX",
		"with --graph: the boxes for a client, one for each --key"),
	MASK_RULE_OPTIONS(rule),
	CLI_REAL(0, "range", TO(vector.range), "R", FLP_LATTICE_CLIP_LEAST, FLP_LATTICE_CLIP_MOST,
		NULL, "largest magnitude of a value, for an update that is not clipped"),
	CLI_COUNT(0, "grid", TO(grid), "K", FLP_LATTICE_GRID_LEAST, FLP_LATTICE_GRID_MOST, "16",
		"with --range: round values to steps of about 2^-K of it"),
	CLI_FLAG(0, "saturate", TO(vector.saturate),
		"with --range: cut values beyond it, and count them"),
	CLI_CHOICE('w', "weight", TO(weighting), weighting_name, "uniform",
		"what an update is multiplied by: 1, or the number of its examples"),
	CLI_COUNT(0, "max-weight", TO(max_weight), "W", 1, CLI_COUNT_MOST, NULL,
		"the greatest weight that any site may have"),
	CLI_INPUT(0, "instead", TO(instead), "ROSTER", NULL,
		"the larger roster that this one replaces"),
	CLI_INPUTS(0, "left", TO(left), "LEAVE", "with --instead: the leave of a member that is gone"),
	CLI_POLICY(TO(policy)),
	CLI_FLAG('v', "verbose", TO(verbose),
		"print how many values were cut, and the size of the ring"),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_apply_tool = { "fl-mask apply",
	"Mask one record of a site, so that only the sum of all can be opened.", "[FILE]...", 0, -1,
	options };

static void
check_options(const struct mask_apply_options *o)
{
	static const char *const fleet[] = { "inbox", "authority", "session", "corrupt", "dropout",
		"security", "insecure", NULL };
	static const char *const range[] = { "grid", "saturate", NULL };
	static const char *const instead[] = { "left", NULL };

	cli_only_with("range", range);
	cli_only_with("graph", fleet);
	cli_only_with("instead", instead);
	if ((o->weighting > 0) != cli_given("max-weight"))
		cli_usage("options --weight examples and --max-weight: expected both or neither");
	if (o->clients.key.n == 0)
		cli_usage("option --key is required");
	cli_none_with("graph", CLI_NAMES("instead"));
}

struct flp_vector
mask_apply_vector(const struct mask_apply_options *o, const struct flp_vector *v)
{
	struct flp_vector vector = o->vector;

	vector.grid = (unsigned)o->grid;
	vector.weight = o->weighting > 0 ? o->max_weight : 0;
	vector.model = v->model;
	vector.base = v->base;
	return vector;
}

void
mask_apply_report(const struct mask_apply_options *o, const struct flp_vector *v,
    const char *path)
{
	if (v->cut > 0 && !o->verbose)
		cli_warn("%s: values beyond the range were cut; -v says how many", flp_in_name(path));
	if (!o->verbose)
		return;
	if (v->cut > 0)
		cli_warn("%s: %llu %s beyond the range %s cut", flp_in_name(path),
		    (unsigned long long)v->cut, v->cut == 1 ? "value" : "values",
		    v->cut == 1 ? "was" : "were");
	cli_warn("%s: modulo 2^%u, for %llu members", flp_in_name(path), v->fit.bits,
	    (unsigned long long)v->clients);
}

int
mask_apply(int argc, char **argv)
{
	struct mask_apply_options o = { 0 };
	char **paths = cli_start(argc, argv, &mask_apply_tool, &o);

	check_options(&o);
	if (o.graph != NULL)
		mask_apply_fleet(&o, paths);
	mask_apply_silo(&o, paths);
}

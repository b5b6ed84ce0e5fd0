/* fl-mask apply: mask one record of a site, and sign it.
 *
 * The message is in the site's journal, on the disk, before the first byte leaves. Called again
 * with the same record it sends the same bytes; with another it refuses. */
#include "fl-mask/model.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"
#include "mask/silo.h"

#include <stdlib.h>

struct options {
	struct mask_key key;
	struct flp_vector vector;
	const char *roster, *model, *instead, *policy;
	struct cli_list left;
	uint64_t grid, round, max_weight;
	unsigned weighting;
	int verbose;
};

/* Whether values are multiplied by the examples. */
static const char *
weighting_name(unsigned weighting)
{
	static const char *const names[] = { "uniform", "examples" };

	return weighting < sizeof names / sizeof *names ? names[weighting] : NULL;
}

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_KEY_OPTIONS(key),
	CLI_INPUT(0, "roster", TO(roster), "ROSTER", cli_required, "the members, as all sites hold it"),
	CLI_INPUT('m', "model", TO(model), "MODEL", cli_required,
		"the model of the update; for statistics a schema or a data record"),
	CLI_COUNT('r', "round", TO(round), "N", 0, CLI_COUNT_MOST, NULL,
		"the round, if the model does not say it [0]"),
	CLI_REAL(0, "range", TO(vector.range), "R", FLP_LATTICE_CLIP_LEAST, FLP_LATTICE_CLIP_MOST,
		NULL, "largest magnitude of a value, for an update that is not clipped"),
	CLI_COUNT(0, "grid", TO(grid), "K", FLP_LATTICE_GRID_LEAST, FLP_LATTICE_GRID_MOST, "16",
		"with --range: round values to steps of about 2^-K of it"),
	CLI_FLAG(0, "saturate", TO(vector.saturate),
		"with --range: cut values beyond it, and count them"),
	CLI_CHOICE('w', "weight", TO(weighting), weighting_name, "uniform",
		"what an update is multiplied by: 1, or its examples"),
	CLI_COUNT(0, "max-weight", TO(max_weight), "W", 1, CLI_COUNT_MOST, NULL,
		"the greatest weight that any site may have"),
	CLI_INPUT(0, "instead", TO(instead), "ROSTER", NULL,
		"the larger roster that this one takes the place of"),
	CLI_INPUTS(0, "left", TO(left), "LEAVE", "with --instead: the leave of a member that is gone"),
	CLI_POLICY(TO(policy)),
	CLI_FLAG('v', "verbose", TO(verbose), "say how many values were cut, and the ring"),
	{ 0 },
};

const struct cli_tool mask_apply_tool = { "fl-mask apply",
	"Mask one record of a site, so that only the sum of all opens.", "[FILE]", 0, 1, options };

static void
check_options(const struct options *o)
{
	static const char *const with_range[] = { "grid", "saturate" };

	for (size_t i = 0; i < sizeof with_range / sizeof *with_range && !cli_given("range"); i++)
		if (cli_given(with_range[i]))
			cli_usage("option --%s: expected --range with it", with_range[i]);
	if ((o->weighting > 0) != cli_given("max-weight"))
		cli_usage("options --weight examples and --max-weight: expected both or neither");
	if (cli_given("left") && !cli_given("instead"))
		cli_usage("option --left: expected --instead with it");
}

/* What the message is made of. */
struct apply {
	struct flp_silo silo;
	struct flp_roster roster, old;
	struct flp_record update, model;
	struct flp_site site;
};

/* Checks that those who are not in the roster any more have left. */
static void
check_instead(struct apply *a, const struct options *o)
{
	struct flp_record *left;
	struct flp_error e;

	if (o->instead == NULL)
		return;
	cli_check(flp_roster_load(&a->old, o->instead, NULL, &e), &e, NULL);
	left = cli_new(o->left.n, sizeof *left);
	for (size_t i = 0; i < o->left.n; i++)
		cli_check(flp_inputs_load(&left[i], NULL, o->left.text[i], FLP_KIND_KEY, &e), &e, NULL);
	cli_check(flp_silo_replaces(&a->roster, &a->old, a->silo.round, left, o->left.n, &e), &e,
	    flp_in_name(o->roster));
	for (size_t i = 0; i < o->left.n; i++)
		flp_record_free(&left[i]);
	free(left);
	a->silo.instead = &a->old;
}

static void
prepare(struct apply *a, const struct options *o, const char *path)
{
	struct flp_silo *s = &a->silo;
	struct flp_error e;

	cli_policy(&a->site, o->policy);
	cli_check(flp_roster_load(&a->roster, o->roster, NULL, &e), &e, NULL);
	cli_check(flp_inputs_load(&a->update, NULL, path, 0, &e), &e, NULL);
	s->roster = &a->roster;
	s->site = &a->site;
	s->vector = o->vector;
	s->vector.grid = (unsigned)o->grid;
	s->vector.weight = o->weighting > 0 ? o->max_weight : 0;
	mask_model_load(&s->vector, &a->model, o->model, a->update.header.kind == FLP_KIND_STATS);
	cli_check(flp_silo_round(&s->round, &a->model.header.meta,
	    cli_given("round") ? &o->round : NULL, &e), &e, NULL);
	check_instead(a, o);
}

/* The message is in the journal when this returns. */
static void
mask(struct apply *a, const struct options *o, const char *path, struct flp_record *message)
{
	char *folder = mask_state(o->key.path);
	struct flp_journal journal;
	struct flp_identity id;
	struct flp_error e;

	mask_key_load(&id, &o->key);
	cli_check(flp_journal_open(&journal, folder, &id, &e), &e, NULL);
	cli_check(flp_silo_apply(&a->silo, &id, &journal, &a->update, message, &e), &e,
	    flp_in_name(path));
	flp_journal_close(&journal);
	flp_identity_free(&id);
	free(folder);
}

/* What was cut changes the sum, so it is said without being asked for. */
static void
report(const struct apply *a, const struct options *o, const char *path)
{
	const struct flp_vector *v = &a->silo.vector;

	if (v->cut > 0 && !o->verbose)
		cli_warn("%s: values beyond the range were cut; -v says how many", flp_in_name(path));
	if (!o->verbose)
		return;
	if (v->cut > 0)
		cli_warn("%s: %llu values beyond the range were cut", flp_in_name(path),
		    (unsigned long long)v->cut);
	cli_warn("%s: modulo 2^%u, for %zu members", flp_in_name(path), v->fit.bits, a->roster.n);
}

int
mask_apply(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &mask_apply_tool, &o);
	struct apply a = { 0 };
	struct flp_record message;
	struct flp_out out;

	check_options(&o);
	cli_records(&out);
	prepare(&a, &o, paths[0]);
	mask(&a, &o, paths[0], &message);
	report(&a, &o, paths[0]);
	cli_write(&out, &message);
	flp_record_free(&message);
	flp_record_free(&a.update);
	flp_record_free(&a.model);
	flp_roster_free(&a.roster);
	flp_roster_free(&a.old);
	cli_finish(&out, 0);
}

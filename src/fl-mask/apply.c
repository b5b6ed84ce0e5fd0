/* fl-mask apply: mask one record of a site, and sign it.
 *
 * Without --graph it masks for all members of a roster (silo mode); with --graph for the clients
 * of a round of fleet mode. The message is in the site's journal, on the disk, before its first
 * byte leaves. Called again with the same record, it sends the same bytes; with another record it
 * refuses. */
#include "fl-mask/apply.h"
#include "fl-mask/model.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"
#include "mask/silo.h"

#include <stdlib.h>

/* Whether values are multiplied by the examples. */
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
	CLI_FLAG('v', "verbose", TO(verbose), "print how many values were cut, and the size of the ring"),
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
	if (cli_given("instead") && o->graph != NULL)
		cli_usage("option --instead: expected none with --graph");
}

/* Silo mode: one site and one record. */
static void
check_silo(const struct mask_apply_options *o, char **paths)
{
	if (o->clients.key.n != 1)
		cli_usage("option --key: expected one without --graph, found %zu", o->clients.key.n);
	if (o->round.roster == NULL)
		cli_usage("option --roster is required without --graph");
	if (paths[0] == NULL || paths[1] != NULL)
		cli_usage("expected one file without --graph");
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
		cli_warn("%s: %llu values beyond the range were cut", flp_in_name(path),
		    (unsigned long long)v->cut);
	cli_warn("%s: modulo 2^%u, for %llu members", flp_in_name(path), v->fit.bits,
	    (unsigned long long)v->clients);
}

/* What the message is made of. */
struct apply {
	struct flp_silo silo;
	struct flp_roster roster, old;
	struct flp_record update, model;
	struct flp_site site;
};

/* Checks that the members who are no longer in the roster have left. */
static void
check_instead(struct apply *a, const struct mask_apply_options *o)
{
	struct flp_record *left;
	struct flp_error e;

	if (o->instead == NULL)
		return;
	cli_check(flp_roster_load(&a->old, o->instead, NULL, &e), &e, NULL);
	left = cli_new(o->left.n, sizeof *left);
	for (size_t i = 0; i < o->left.n; i++)
		cli_check(flp_inputs_load(&left[i], NULL, o->left.text[i], FLP_KIND_KEY, &e), &e, NULL);
	cli_check(flp_silo_replaces(&a->silo, &a->old, left, o->left.n, &e), &e,
	    flp_in_name(o->round.roster));
	for (size_t i = 0; i < o->left.n; i++)
		flp_record_free(&left[i]);
	free(left);
	a->silo.instead = &a->old;
}

static void
prepare(struct apply *a, const struct mask_apply_options *o, const char *path)
{
	struct flp_silo *s = &a->silo;
	struct flp_error e;

	cli_policy(&a->site, o->policy);
	cli_check(flp_roster_load(&a->roster, o->round.roster, NULL, &e), &e, NULL);
	cli_check(flp_inputs_load(&a->update, NULL, path, 0, &e), &e, NULL);
	s->roster = &a->roster;
	s->site = &a->site;
	mask_model_load(&s->vector, &a->model, o->round.model,
	    a->update.header.kind == FLP_KIND_STATS);
	s->vector = mask_apply_vector(o, &s->vector);
	cli_check(flp_round_number(&s->round, &a->model.header.meta,
	    cli_given("round") ? &o->round.number : NULL, &e), &e, NULL);
	check_instead(a, o);
}

/* The message is in the journal when this returns. */
static void
mask(struct apply *a, const struct mask_apply_options *o, const char *path,
    struct flp_record *message)
{
	const struct mask_key key = { o->clients.key.text[0], o->clients.passphrase };
	char *folder = mask_state(key.path);
	struct flp_journal journal = { 0 };
	struct flp_identity id;
	struct flp_error e;
	size_t self;
	int status;

	mask_key_load(&id, &key);
	if ((status = flp_roster_self(&a->roster, &id, &self, &e)) < 0)
		flp_error_at(&e, "%s", flp_in_name(o->round.roster));
	else if ((status = flp_journal_open(&journal, folder, &id, &e)) == 0 &&
	    (status = flp_silo_apply(&a->silo, &id, &journal, &a->update, message, &e)) < 0)
		flp_error_at(&e, "%s", flp_in_name(path));
	flp_journal_close(&journal);
	flp_identity_free(&id);
	free(folder);
	cli_check(status, &e, NULL);
}

int
mask_apply(int argc, char **argv)
{
	struct mask_apply_options o = { 0 };
	char **paths = cli_start(argc, argv, &mask_apply_tool, &o);
	struct apply a = { 0 };
	struct flp_record message;
	struct flp_out out;

	check_options(&o);
	if (o.graph != NULL)
		mask_apply_fleet(&o, paths);
	check_silo(&o, paths);
	cli_records(&out);
	prepare(&a, &o, paths[0]);
	mask(&a, &o, paths[0], &message);
	mask_apply_report(&o, &a.silo.vector, paths[0]);
	cli_write(&out, &message);
	flp_record_free(&message);
	flp_record_free(&a.update);
	flp_record_free(&a.model);
	flp_roster_free(&a.roster);
	flp_roster_free(&a.old);
	cli_finish(&out, 0);
}

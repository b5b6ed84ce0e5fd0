/* fl-mask apply without --graph: the one message of a round of silo mode, for one site. */
#include "fl-mask/apply.h"
#include "fl-mask/model.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"
#include "mask/silo.h"

#include <stdlib.h>

struct silo_apply {
	struct flp_silo silo;
	struct flp_roster roster, old;
	struct flp_record update, model;
	struct flp_site site;
};

/* Checks that the members who are no longer in the roster have signed a leave. */
static void
check_instead(struct silo_apply *a, const struct mask_apply_options *o)
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
prepare(struct silo_apply *a, const struct mask_apply_options *o, const char *path)
{
	struct flp_silo *s = &a->silo;
	struct flp_error e;

	cli_policy(&a->site, o->policy);
	cli_check(flp_roster_load(&a->roster, o->round.roster, NULL, &e), &e, NULL);
	cli_check(flp_inputs_load(&a->update, NULL, path, 0, &e), &e, NULL);
	s->roster = &a->roster;
	s->site = &a->site;
	mask_model_load(&s->vector, &a->model, &s->round, o->round.model, o->round.number);
	s->vector = mask_apply_vector(o, &s->vector);
	check_instead(a, o);
}

/* The message is in the journal when this returns. */
static void
mask(struct silo_apply *a, const struct mask_apply_options *o, const char *path,
    struct flp_record *message)
{
	const struct mask_key key = { o->clients.key.text[0], o->clients.passphrase };
	struct mask_party party;
	struct flp_error e;
	size_t self;
	int status;

	if ((status = mask_party_open(&party, &key, &e)) == 0) {
		if ((status = flp_roster_self(&a->roster, &party.id, &self, &e)) < 0)
			flp_error_at(&e, "%s", flp_in_name(o->round.roster));
		else if ((status = flp_silo_apply(&a->silo, &party.journal, &a->update, message,
		    &e)) < 0)
			flp_error_at(&e, "%s", flp_in_name(path));
	}
	mask_party_close(&party);
	cli_check(status, &e, NULL);
}

static void
check_options(const struct mask_apply_options *o, char **paths)
{
	if (o->clients.key.n != 1)
		cli_usage("option --key: expected one without --graph, found %zu", o->clients.key.n);
	if (o->round.roster == NULL)
		cli_usage("option --roster is required");
	if (paths[0] == NULL || paths[1] != NULL)
		cli_usage("expected one file without --graph");
}

void
mask_apply_silo(const struct mask_apply_options *o, char **paths)
{
	struct silo_apply a = { 0 };
	struct flp_record message;
	struct flp_out out;

	check_options(o, paths);
	cli_records(&out);
	prepare(&a, o, paths[0]);
	mask(&a, o, paths[0], &message);
	mask_apply_report(o, &a.silo.vector, paths[0]);
	cli_write(&out, &message);
	flp_record_free(&message);
	flp_record_free(&a.update);
	flp_record_free(&a.model);
	flp_roster_free(&a.roster);
	flp_roster_free(&a.old);
	cli_finish(&out, 0);
}

#include "fl-mask/fleet.h"
#include "base/in.h"
#include "fl-mask/model.h"
#include "fl-mask/verbs.h"
#include "mask/terms.h"

static void
load_trust(struct mask_fleet *f, const struct mask_round_options *o)
{
	struct flp_error e;

	if (o->roster == NULL && (o->authority == NULL || o->session == NULL))
		cli_usage("expected --roster, or --authority and --session");
	if (o->roster != NULL && o->session != NULL)
		cli_usage("option --session: not allowed with --roster, which holds it");
	if (o->authority != NULL) {
		cli_check(flp_identity_public_load(&f->authority, o->authority, &e), &e, NULL);
		f->trust.authority = f->authority.sign;
	}
	f->round.session = o->session;
	if (o->roster == NULL)
		return;
	cli_check(flp_roster_load(&f->roster, o->roster, f->trust.authority, &e), &e, NULL);
	f->trust.roster = &f->roster;
	f->round.session = f->roster.session;
	f->round.roster = f->roster.digest;
	f->round.has_roster = o->authority == NULL;
}

void
mask_fleet_begin(struct mask_fleet *f, const struct mask_round_options *o)
{
	*f = (struct mask_fleet){ 0 };
	load_trust(f, o);
	mask_model_load(&f->vector, &f->model, &f->round.number, o->model, o->number);
	f->round.base = f->vector.base;
	f->round.stats = f->model.header.kind == FLP_KIND_STATS;
}

void
mask_fleet_rule(struct flp_finder *rule, const struct mask_rule_options *o)
{
	*rule = (struct flp_finder){ .corrupt = o->corrupt, .dropout = o->dropout,
		.security = (unsigned)o->security, .curious = o->insecure };
}

void
mask_fleet_graph(struct mask_fleet *f, const struct mask_rule_options *o, const char *path)
{
	struct flp_error e;

	mask_fleet_rule(&f->rule, o);
	cli_check(flp_gathering_load(&f->gathering, path, &f->round, &f->trust, &f->rule, &e), &e,
	    NULL);
}

void
mask_fleet_end(struct mask_fleet *f)
{
	flp_gathering_free(&f->gathering);
	flp_roster_free(&f->roster);
	flp_record_free(&f->model);
}

void
mask_fleet_terms(const struct mask_fleet *f, const struct flp_site *site, uint64_t clients)
{
	const struct flp_terms terms = { clients, f->gathering.threshold, f->rule.security, f->trust };
	struct flp_error e;

	cli_check(flp_terms_check(&terms, site, &e), &e, NULL);
}

void
mask_fleet_survivors(struct flp_survivors *s, const struct mask_fleet *f, const char *path)
{
	struct flp_record record;
	struct flp_error e;

	cli_check(flp_message_open(&record, path, FLP_MESSAGE_SURVIVORS, &e), &e, NULL);
	cli_check(flp_survivors_take(s, &f->gathering, &record, &e), &e, flp_in_name(path));
	flp_record_free(&record);
}

/* Takes the turn of one client. The message is in the journal, on the disk, before it is
 * written. */
static int
take_turn(const struct mask_clients *clients, size_t i, const struct mask_turn *turn,
    struct flp_out *out, struct flp_error *e)
{
	const struct mask_key key = { clients->key.text[i], clients->passphrase };
	struct mask_party party;
	struct flp_record message;
	int status = mask_party_open(&party, &key, e);

	if (status == 0) {
		status = turn->take(turn->context, i, &party.journal, &message, e);
		if (status < 0)
			flp_error_at(e, "%s", key.path);
	}
	mask_party_close(&party);
	if (status == 0) {
		cli_write(out, &message);
		flp_record_free(&message);
	}
	return status;
}

void
mask_clients_each(struct mask_clients *clients, const struct mask_turn *turn, struct flp_out *out)
{
	struct flp_error e;
	int status = 0;

	if (clients->key.n == 0)
		cli_usage("option --key is required");
	for (size_t i = 0; i < clients->key.n; i++)
		mask_party_check(clients->key.text[i]);
	clients->bad.tell = cli_tell;
	for (size_t i = 0; status == 0 && i < clients->key.n; i++) {
		cli_progress("clients", i, clients->key.n);
		if (take_turn(clients, i, turn, out, &e) < 0)
			status = flp_bad_left_out(&clients->bad, &e);
	}
	cli_progress("clients", clients->key.n, clients->key.n);
	cli_end(out, status, &e, &clients->bad);
}

/* A round of fleet mode of four clients, of whom the last stops when it has sent its shares.
 * Client 0 is the product's, with a journal in the current folder; the others are those of
 * fleet.h. */
#ifndef FLP_TESTS_FUZZ_FLEET_WORLD_H
#define FLP_TESTS_FUZZ_FLEET_WORLD_H

#include "../unit/fleet.h"
#include "edits.h"
#include "mask/advertise.h"
#include "mask/confirm.h"
#include "mask/inbox.h"
#include "mask/masking.h"
#include "mask/reveal.h"
#include "mask/share.h"
#include "mask/turn.h"
#include "mask/turnout.h"

#include <unistd.h>

enum { N = 4, VALUES = 9, GONE = N - 1, POOL = 5 * N + 5 };

static struct fleet f, certified; /* the second under an authority */
static struct flp_gathering g, h; /* of these */
static struct flp_journal journal;
static struct flp_dealing dealing;
static struct flp_survivors survivors;
static struct flp_record shared[N], inbox, survived, confirm[GONE], reveal[GONE];
static struct flp_record secrets, opened; /* what client 0 keeps of advertise and of apply */
static const struct flp_record *pool[POOL];
static size_t pooled;

static void
know(struct flp_record *to, const char *verb)
{
	struct flp_turn t;

	flp_turn_begin(&t, &journal, "reveal", &g.round);
	MUST(flp_turn_kept(&t, verb, to, &fleet_e));
}

static void
keep_graph(struct flp_gathering *to, struct fleet *fleet)
{
	const unsigned char on[N] = { 1, 1, 1, 1 };

	must(fleet_gather(fleet, to, on));
	pool[pooled++] = &to->record;
}

static void
make_certified(void)
{
	static struct flp_identity authority;

	MUST(flp_identity_make(&authority, "authority", &fleet_e));
	fleet_begin(&certified, N, VALUES, &authority);
	for (size_t i = 0; i < N; i++)
		fleet_advertise(&certified, i);
	keep_graph(&h, &certified);
}

static void
make_journal(void)
{
	static char folder[] = "journal-XXXXXX";

	must(mkdtemp(folder) != NULL && rmdir(folder) == 0);
	MUST(flp_journal_make(folder, &f.client[0].id, &fleet_e));
	MUST(flp_journal_open(&journal, folder, &f.client[0].id, &fleet_e));
}

static void
advertise_and_share(void)
{
	MUST(flp_advertise(&f.client[0].advertised, &journal, &f.round, 0, &fleet_e));
	for (size_t i = 1; i < N; i++)
		fleet_advertise(&f, i);
	keep_graph(&g, &f);
	MUST(flp_dealing_begin(&dealing, &g, 1, &fleet_e));
	MUST(flp_share(&f.client[0].shared, &journal, &g, &fleet_e));
	for (size_t i = 0; i < N; i++) {
		f.client[i].at = (long)i;
		if (i > 0)
			fleet_share(&f, &g, i);
		copy_record(&shared[i], &f.client[i].shared);
		MUST(flp_dealing_add(&dealing, &shared[i], &fleet_e));
		pool[pooled++] = &shared[i];
		pool[pooled++] = &f.client[i].advertised;
	}
}

static void
apply(void)
{
	struct flp_masking m = { .gathering = &g, .vector = fleet_vector(&f, &g) };
	struct flp_record update, other;

	MUST(flp_dealing_inbox(&dealing, 0, &inbox, &fleet_e));
	fleet_update(&f, 0, &update);
	know(&secrets, "advertise");
	MUST(flp_masking_apply(&m, &journal, &inbox, &update, &f.client[0].masked, &fleet_e));
	know(&opened, "apply");
	flp_record_free(&update);
	for (size_t i = 1; i < GONE; i++) {
		MUST(flp_dealing_inbox(&dealing, i, &other, &fleet_e));
		must(fleet_open(&f, &g, i, &other));
		fleet_mask(&f, &g, i);
		flp_record_free(&other);
	}
	for (size_t i = 0; i < GONE; i++)
		pool[pooled++] = &f.client[i].masked;
	pool[pooled++] = &inbox;
}

static void
make_survivors(void)
{
	const char names[] = "client00000\nclient00001\nclient00002\n";

	MUST(flp_message_new(&survived, FLP_MESSAGE_SURVIVORS, &g.round, 0, sizeof names - 1,
	    &fleet_e));
	memcpy(survived.values[0], names, sizeof names - 1);
	MUST(flp_survivors_take(&survivors, &g, &survived, &fleet_e));
	pool[pooled++] = &survived;
}

static void
confirm_and_reveal(void)
{
	struct flp_confirmed c;

	MUST(flp_confirm(&confirm[0], &journal, &g, &survivors, &fleet_e));
	MUST(flp_confirmed_begin(&c, &g, &survivors, &fleet_e));
	for (size_t i = 0; i < GONE; i++) {
		if (i > 0) {
			MUST(flp_message_new(&confirm[i], FLP_MESSAGE_CONFIRM, &g.round, 0, 0, &fleet_e));
			MUST(flp_meta_set_text(&confirm[i].header.meta, "survivors", survivors.digest,
			    &fleet_e));
			fleet_sign(&f.client[i], &confirm[i]);
			fleet_reveal(&f, &g, i, survivors.client, survivors.n, &reveal[i]);
		}
		MUST(flp_confirmed_add(&c, &confirm[i], &fleet_e));
		pool[pooled++] = &confirm[i];
		pool[pooled++] = &reveal[i];
	}
	MUST(flp_reveal(&reveal[0], &journal, &c, &fleet_e));
	flp_confirmed_end(&c);
}

static void
make_world(void)
{
	edits_begin();
	fleet_begin(&f, N, VALUES, NULL);
	make_certified();
	make_journal();
	advertise_and_share();
	apply();
	make_survivors();
	confirm_and_reveal();
	edits_hide();
	must(pooled <= POOL);
}

#endif

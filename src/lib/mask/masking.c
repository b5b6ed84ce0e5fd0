#include "mask/masking.h"
#include "mask/derive.h"
#include "mask/hidden.h"
#include "mask/inbox.h"
#include "mask/journal_digest.h"
#include "mask/permit.h"
#include "mask/prg.h"
#include "mask/shape.h"
#include "mask/turn.h"
#include "privacy/outgoing.h"

#include <stdlib.h>
#include <string.h>

/* The secrets that earlier turns have kept, and those that came in the inbox. */
struct secrets {
	struct flp_record advertised, shared, inbox;
};

/* Makes the keys of all masks of client `self`: its own mask, and one for each other sender. */
static int
make_keys(struct flp_prg_key *key, const struct flp_masking *m, uint32_t self,
    const struct secrets *s, struct flp_error *e)
{
	const struct flp_gathering *g = m->gathering;
	const struct flp_derive d = flp_gathering_derive(g, flp_round_purpose(g->round.stats));
	const struct flp_tensor *t;
	const uint32_t *from = flp_record_values(&s->inbox, "from", &t);
	unsigned char secret[FLP_KDF_BYTES], public[FLP_KDF_BYTES];
	size_t n = 0;
	int status = 0;

	flp_derive_mask(secret, public, flp_record_values(&s->advertised, "seed", NULL));
	flp_derive_self(key[n++].key, &d, flp_record_values(&s->shared, "self", NULL));
	for (uint64_t i = 0; status == 0 && i < t->count; i++) {
		if (from[i] == self)
			continue;
		key[n].subtract = self < from[i];
		status = flp_derive_pair(key[n++].key, &d, secret, public, g->mask[from[i]], e);
		if (status < 0)
			flp_error_at(e, "client %s", flp_gathering_name(g, from[i]));
	}
	sodium_memzero(secret, sizeof secret);
	return status < 0 ? -1 : (int)n;
}

static int
add_masks(struct flp_record *vector, const struct flp_masking *m, uint32_t self,
    const struct secrets *s, struct flp_error *e)
{
	const struct flp_tensor *t;
	struct flp_prg_key *key;
	int keys, status;

	flp_record_values(&s->inbox, "from", &t);
	if ((key = flp_hidden_new((size_t)t->count + 1, sizeof *key, e)) == NULL)
		return -1;
	keys = make_keys(key, m, self, s, e);
	status = keys < 0 ? -1 :
	    flp_prg_add_record(vector, m->vector.fit.bits, key, (size_t)keys, e);
	flp_hidden_free(key);
	return status;
}

static int
open_inbox(struct flp_turn *t, struct flp_masking *m, const struct flp_record *inbox,
    uint32_t *self, struct secrets *s, struct flp_error *e)
{
	if (flp_turn_kept(t, "share", &s->shared, e) < 0 ||
	    flp_turn_kept(t, "advertise", &s->advertised, e) < 0 ||
	    flp_turn_self(t, m->gathering, self, e) < 0)
		return -1;
	m->bad_inbox = flp_inbox_open(&s->inbox, m->gathering, *self,
	    flp_record_values(&s->advertised, "encrypt", NULL), inbox, e) < 0;
	return m->bad_inbox ? -1 : 0;
}

/* Masks and stores a vector that was not sent before. */
static int
send(struct flp_turn *t, struct flp_masking *m, const struct flp_record *inbox,
    struct flp_record *vector, const struct flp_record *update, struct flp_error *e)
{
	struct secrets s = { 0 };
	uint32_t self;
	int status = -1;

	if (open_inbox(t, m, inbox, &self, &s, e) == 0 &&
	    add_masks(vector, m, self, &s, e) == 0)
		status = flp_turn_send(t, vector, &s.inbox, update, e);
	flp_journal_wipe(&s.inbox);
	flp_journal_wipe(&s.shared);
	flp_journal_wipe(&s.advertised);
	return status;
}

/* Makes the message of a vector; the vector itself becomes the message. */
static int
mask_weights(struct flp_masking *m, struct flp_journal *j, const struct flp_record *inbox,
    struct flp_record *vector, const struct flp_record *update, const char *weights,
    struct flp_record *message, struct flp_error *e)
{
	const struct flp_round *round = &m->gathering->round;
	struct flp_digest of_input;
	struct flp_turn t;
	int again;

	if (flp_journal_input(&of_input, vector, j->id, e) < 0 ||
	    flp_round_set(&vector->header.meta, round, e) < 0)
		return -1;
	flp_turn_begin(&t, j, "apply", round);
	flp_turn_input(&t, &of_input);
	t.entry.members = t.graph;
	t.entry.weights = weights;
	if ((again = flp_turn_again(&t, message, e)) < 0 ||
	    (again == 0 && send(&t, m, inbox, vector, update, e) < 0))
		return -1;
	if (again == 0) {
		*message = *vector;
		memset(vector, 0, sizeof *vector);
	}
	/* After this, nothing can be masked under these keys again. */
	if (flp_turn_forget(&t, "advertise", e) == 0 && flp_turn_forget(&t, "share", e) == 0)
		return 0;
	flp_record_free(message);
	return -1;
}

static int
mask(struct flp_masking *m, struct flp_journal *j, const struct flp_record *inbox,
    struct flp_record *vector, const struct flp_record *update, struct flp_record *message,
    struct flp_error *e)
{
	char *weights = flp_permit_weights(m->vector.model, update, j->id, e);
	int status = weights == NULL ? -1 :
	    mask_weights(m, j, inbox, vector, update, weights, message, e);

	free(weights);
	return status;
}

int
flp_masking_apply(struct flp_masking *m, struct flp_journal *j, const struct flp_record *inbox,
    const struct flp_record *update, struct flp_record *message, struct flp_error *e)
{
	struct flp_record vector;
	int status = 0;

	m->vector.clients = m->gathering->n;
	if (memcmp(&m->vector.base, &m->gathering->round.base, sizeof m->vector.base) != 0 ||
	    flp_shape_stats(&m->vector) != m->gathering->round.stats)
		return flp_error_misuse(e, "a model that is not that of the round");
	if (flp_vector_make(&m->vector, &vector, update, e) < 0)
		return -1;
	if (m->site != NULL)
		status = flp_outgoing_learnt(m->site, &vector.header, e);
	if (status == 0)
		status = mask(m, j, inbox, &vector, update, message, e);
	flp_record_free(&vector);
	return status;
}

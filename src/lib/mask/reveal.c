#include "mask/reveal.h"
#include "base/memory.h"
#include "mask/derive.h"
#include "mask/turn.h"

#include <stdlib.h>
#include <string.h>

int
flp_confirmed_begin(struct flp_confirmed *c, const struct flp_gathering *g,
    const struct flp_survivors *s, struct flp_error *e)
{
	*c = (struct flp_confirmed){ .g = g, .survivors = s };
	return (c->by = flp_memory_new(g->n, 1, e)) != NULL ? 0 : -1;
}

void
flp_confirmed_end(struct flp_confirmed *c)
{
	free(c->by);
	memset(c, 0, sizeof *c);
}

int
flp_confirmed_add(struct flp_confirmed *c, const struct flp_record *confirm,
    struct flp_error *e)
{
	size_t i;

	if (flp_message_check(confirm, FLP_MESSAGE_CONFIRM, &c->g->round, e) < 0 ||
	    flp_gathering_sender(c->g, confirm, &i, e) < 0)
		return -1;
	if (!flp_meta_is(&confirm->header.meta, "survivors", c->survivors->digest))
		return flp_error_bad(e, "client %s: expected a signature of the survivors in --survivors, "
		    "found one of other survivors: the client lies, or the server has sent it another "
		    "list", flp_gathering_name(c->g, i));
	if (!flp_survivors_has(c->survivors, (uint32_t)i))
		return flp_error_bad(e, "client %s: expected a signature by a survivor, found one by a "
		    "client that is not in the sum", flp_gathering_name(c->g, i));
	c->by[i] = 1;
	return 0;
}

/* Checks that this client has confirmed these survivors. */
static int
check_own(const struct flp_turn *t, const struct flp_survivors *s, struct flp_error *e)
{
	const char *confirmed;
	size_t entry;

	if (flp_turn_before(t, "confirm", &entry, e) < 0)
		return -1;
	confirmed = t->journal->entry[entry].survivors;
	return confirmed != NULL && strcmp(confirmed, s->digest) == 0 ? 0 :
	    flp_error_bad(e, "survivors: expected those that this client has confirmed, found others");
}

/* Checks that enough holders of this client's shares have confirmed the survivors. Some may have
 * confirmed another set, which does not stop the round: the threshold is so high that two sets
 * can't both be confirmed by enough holders (mask/finder.h). */
static int
check_holders(const struct flp_turn *t, const struct flp_confirmed *c, struct flp_error *e)
{
	const struct flp_gathering *g = c->g;
	uint32_t self, *holder;
	uint64_t n = 0;

	if (flp_turn_self(t, g, &self, e) < 0 ||
	    (holder = flp_memory_new(g->holders, sizeof *holder, e)) == NULL)
		return -1;
	flp_gathering_holders(g, self, holder);
	for (size_t i = 0; i < g->holders; i++)
		n += c->by[holder[i]];
	free(holder);
	return n >= g->threshold ? 0 : flp_error_bad(e, "survivors: expected signatures of at least "
	    "%llu holders of this client's shares, found %llu: if no more will come, begin a round of "
	    "a model with other parameters", (unsigned long long)g->threshold, (unsigned long long)n);
}

/* Chooses one of the two shares from each box. */
static void
choose(struct flp_record *message, const struct flp_confirmed *c, const struct flp_record *kept,
    size_t n)
{
	const uint32_t *from = flp_record_values(kept, "from", NULL);
	const unsigned char (*seed)[32] = flp_record_values(kept, "seed", NULL);
	const unsigned char (*self)[32] = flp_record_values(kept, "self", NULL);
	unsigned char *secret = flp_record_values(message, "secret", NULL);
	unsigned char (*share)[32] = flp_record_values(message, "share", NULL);

	memcpy(flp_record_values(message, "of", NULL), from, n * sizeof *from);
	for (size_t i = 0; i < n; i++) {
		int stays = flp_survivors_has(c->survivors, from[i]);

		secret[i] = stays ? FLP_DERIVE_SELF : FLP_DERIVE_SEED;
		memcpy(share[i], stays ? self[i] : seed[i], sizeof share[i]);
	}
}

static int
make(struct flp_record *message, struct flp_turn *t, const struct flp_confirmed *c,
    const struct flp_record *kept, struct flp_error *e)
{
	const struct flp_tensor *from;

	flp_record_values(kept, "from", &from);
	if (flp_message_new(message, FLP_MESSAGE_REVEAL, &c->g->round, (size_t)from->count, 0, e) < 0)
		return -1;
	choose(message, c, kept, (size_t)from->count);
	if (flp_meta_set_text(&message->header.meta, "survivors", c->survivors->digest, e) == 0 &&
	    flp_turn_send(t, message, NULL, NULL, e) == 0)
		return 0;
	flp_record_free(message);
	return -1;
}

int
flp_reveal(struct flp_record *message, struct flp_journal *j, const struct flp_confirmed *c,
    struct flp_error *e)
{
	struct flp_record kept;
	struct flp_turn t;
	int status;

	flp_turn_begin(&t, j, "reveal", &c->g->round);
	t.entry.survivors = t.entry.input = c->survivors->digest;
	if ((status = flp_turn_again(&t, message, e)) < 0)
		return -1;
	if (status == 0) {
		if (check_own(&t, c->survivors, e) < 0 || check_holders(&t, c, e) < 0 ||
		    flp_turn_kept(&t, "apply", &kept, e) < 0)
			return -1;
		status = make(message, &t, c, &kept, e);
		flp_journal_wipe(&kept);
		if (status < 0)
			return -1;
	}
	if (flp_turn_forget(&t, "apply", e) == 0)
		return 0;
	flp_record_free(message);
	return -1;
}

#include "mask/reveal.h"
#include "base/memory.h"
#include "mask/derive.h"
#include "mask/turn.h"

#include <stdlib.h>
#include <string.h>

static void
begin_turn(struct flp_turn *t, const struct flp_reveal *r, const char *verb)
{
	flp_turn_begin(t, r->journal, verb, &r->gathering->round);
	t->entry.survivors = t->entry.input = r->survivors->digest;
}

/* Whether this client has confirmed these survivors. */
static int
check_own(const struct flp_turn *t, const struct flp_survivors *s, struct flp_error *e)
{
	size_t entry;
	const char *confirmed;

	if (flp_turn_before(t, "confirm", &entry, e) < 0)
		return -1;
	confirmed = t->journal->entry[entry].survivors;
	return confirmed != NULL && strcmp(confirmed, s->digest) == 0 ? 0 :
	    flp_error_bad(e, "expected the survivors that this client has confirmed, found others");
}

int
flp_reveal_begin(struct flp_reveal *r, struct flp_journal *j, const struct flp_gathering *g,
    const struct flp_survivors *s, struct flp_error *e)
{
	struct flp_turn t;

	*r = (struct flp_reveal){ .journal = j, .gathering = g, .survivors = s };
	begin_turn(&t, r, "reveal");
	if (check_own(&t, s, e) < 0 || flp_turn_self(&t, g, &r->self, e) < 0)
		return -1;
	if ((r->holder = flp_memory_new(g->holders, sizeof *r->holder, e)) == NULL ||
	    (r->confirmed = flp_memory_new(g->n, 1, e)) == NULL) {
		flp_reveal_end(r);
		return -1;
	}
	flp_gathering_holders(g, r->self, r->holder);
	return 0;
}

int
flp_reveal_add(struct flp_reveal *r, const struct flp_record *confirm, struct flp_error *e)
{
	const struct flp_gathering *g = r->gathering;
	size_t i;

	if (flp_message_check(confirm, FLP_MESSAGE_CONFIRM, &g->round, e) < 0 ||
	    flp_gathering_sender(g, confirm, &i, e) < 0)
		return -1;
	if (!flp_meta_is(&confirm->header.meta, "survivors", r->survivors->digest)) {
		r->torn = 1;
		return flp_error_bad(e, "client %s: expected a signature of the survivors that this client "
		    "has confirmed, found one of others: clients were told different things",
		    flp_gathering_name(g, i));
	}
	if (!flp_survivors_has(r->survivors, (uint32_t)i))
		return flp_error_bad(e, "client %s: expected a signature of a survivor, found one of a "
		    "client that is none", flp_gathering_name(g, i));
	r->confirmed[i] = 1;
	return 0;
}

static int
check_confirmed(const struct flp_reveal *r, struct flp_error *e)
{
	const struct flp_gathering *g = r->gathering;
	uint64_t n = 0;

	if (r->torn)
		return flp_error_bad(e, "expected signatures of the same survivors, found some of others: "
		    "nothing is revealed");
	for (size_t i = 0; i < g->holders; i++)
		n += r->confirmed[r->holder[i]];
	return n >= g->threshold ? 0 : flp_error_bad(e, "expected signatures of at least %llu holders "
	    "of this client's shares, found %llu", (unsigned long long)g->threshold,
	    (unsigned long long)n);
}

/* Takes of each box that came one share. */
static void
choose(struct flp_record *message, const struct flp_reveal *r, const struct flp_record *kept,
    size_t n)
{
	const uint32_t *from = flp_record_values(kept, "from", NULL);
	const unsigned char (*seed)[32] = flp_record_values(kept, "seed", NULL);
	const unsigned char (*self)[32] = flp_record_values(kept, "self", NULL);
	unsigned char *secret = flp_record_values(message, "secret", NULL);
	unsigned char (*share)[32] = flp_record_values(message, "share", NULL);

	memcpy(flp_record_values(message, "of", NULL), from, n * sizeof *from);
	for (size_t i = 0; i < n; i++) {
		int gone = !flp_survivors_has(r->survivors, from[i]);

		secret[i] = (unsigned char)gone;
		memcpy(share[i], gone ? seed[i] : self[i], sizeof share[i]);
	}
}

static int
make(struct flp_reveal *r, struct flp_turn *t, struct flp_record *message, struct flp_error *e)
{
	const struct flp_tensor *from;
	struct flp_record kept;
	int status;

	if (check_confirmed(r, e) < 0 || flp_turn_kept(t, "apply", &kept, e) < 0)
		return -1;
	flp_record_values(&kept, "from", &from);
	status = flp_message_new(message, FLP_MESSAGE_REVEAL, &r->gathering->round,
	    (size_t)from->count, 0, e);
	if (status == 0) {
		choose(message, r, &kept, (size_t)from->count);
		if (flp_meta_set_text(&message->header.meta, "survivors", r->survivors->digest, e) < 0 ||
		    flp_turn_send(t, message, NULL, NULL, e) < 0) {
			flp_record_free(message);
			status = -1;
		}
	}
	flp_journal_wipe(&kept);
	return status;
}

int
flp_reveal_make(struct flp_reveal *r, struct flp_record *message, struct flp_error *e)
{
	struct flp_turn t;
	int again;

	begin_turn(&t, r, "reveal");
	if ((again = flp_turn_again(&t, message, e)) < 0 || (again == 0 && make(r, &t, message, e) < 0))
		return -1;
	if (flp_turn_forget(&t, "apply", e) == 0)
		return 0;
	flp_record_free(message);
	return -1;
}

void
flp_reveal_end(struct flp_reveal *r)
{
	free(r->holder);
	free(r->confirmed);
	memset(r, 0, sizeof *r);
}

#include "mask/confirm.h"
#include "base/memory.h"
#include "mask/turn.h"

#include <stdlib.h>
#include <string.h>

int
flp_survivors_take(struct flp_survivors *s, const struct flp_gathering *g,
    const struct flp_record *message, struct flp_error *e)
{
	struct flp_digest digest;

	memset(s, 0, sizeof *s);
	if (flp_message_check(message, FLP_MESSAGE_SURVIVORS, &g->round, e) < 0 ||
	    flp_gathering_survivors(g, message, &s->client, &s->n, e) < 0)
		return -1;
	flp_gathering_set(g, s->client, s->n, &digest);
	flp_digest_text(&digest, s->digest);
	return 0;
}

void
flp_survivors_free(struct flp_survivors *s)
{
	free(s->client);
	memset(s, 0, sizeof *s);
}

int
flp_survivors_has(const struct flp_survivors *s, uint32_t client)
{
	return flp_graph_find(s->client, s->n, client) != NULL;
}

/* Each holder of this client's shares that survives must have sent it a box: this client has masked
 * only with those, and the masks of the others would not cancel. At least the threshold of the
 * holders must survive, or the sum could be opened only with shares that must not be revealed. */
static int
check_holders(const struct flp_gathering *g, const struct flp_survivors *s, uint32_t self,
    const struct flp_record *kept, struct flp_error *e)
{
	const struct flp_tensor *t;
	const uint32_t *from = flp_record_values(kept, "from", &t);
	uint32_t *holder = flp_memory_new(g->holders, sizeof *holder, e);
	uint64_t staying = 0;
	int status = holder == NULL ? -1 : 0;

	if (status == 0)
		flp_gathering_holders(g, self, holder);
	for (size_t i = 0; status == 0 && i < g->holders; i++) {
		if (!flp_survivors_has(s, holder[i]))
			continue;
		staying++;
		if (flp_graph_find(from, (size_t)t->count, holder[i]) == NULL)
			status = flp_error_bad(e, "client %s: expected a survivor that has sent a box, found "
			    "one that has not", flp_gathering_name(g, holder[i]));
	}
	free(holder);
	if (status == 0 && staying < g->threshold)
		return flp_error_bad(e, "expected at least %llu survivors among the holders of this "
		    "client's shares, found %llu", (unsigned long long)g->threshold,
		    (unsigned long long)staying);
	return status;
}

static int
check(struct flp_turn *t, const struct flp_gathering *g, const struct flp_survivors *s,
    struct flp_error *e)
{
	struct flp_record kept;
	uint32_t self;
	int status;

	if (flp_turn_kept(t, "apply", &kept, e) < 0)
		return -1;
	status = flp_turn_self(t, g, &self, e);
	if (status == 0 && !flp_survivors_has(s, self))
		status = flp_error_bad(e, "client %s: expected it among the survivors, found it left out",
		    flp_gathering_name(g, self));
	if (status == 0)
		status = check_holders(g, s, self, &kept, e);
	flp_journal_wipe(&kept);
	return status;
}

int
flp_confirm(struct flp_record *message, struct flp_journal *j, const struct flp_gathering *g,
    const struct flp_survivors *s, struct flp_error *e)
{
	struct flp_turn t;
	int again;

	flp_turn_begin(&t, j, "confirm", &g->round);
	t.entry.survivors = t.entry.input = s->digest;
	if ((again = flp_turn_again(&t, message, e)) != 0)
		return again < 0 ? -1 : 0;
	if (check(&t, g, s, e) < 0 ||
	    flp_message_new(message, FLP_MESSAGE_CONFIRM, &g->round, 0, 0, e) < 0)
		return -1;
	if (flp_meta_set_text(&message->header.meta, "survivors", s->digest, e) == 0 &&
	    flp_turn_send(&t, message, NULL, NULL, e) == 0)
		return 0;
	flp_record_free(message);
	return -1;
}

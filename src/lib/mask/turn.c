#include "mask/turn.h"
#include "mask/hidden.h"
#include "mask/permit.h"
#include "mask/signed.h"

#include <string.h>

/* The tensors that each turn keeps. */
static const struct {
	const char *verb, *tensor;
	enum flp_dtype dtype;
	unsigned width; /* 0: none */
	int rows;
} kept[] = {
	{ "advertise", "seed", FLP_DTYPE_U8, 32, 0 },
	{ "advertise", "encrypt", FLP_DTYPE_U8, 32, 0 },
	{ "share", "self", FLP_DTYPE_U8, 32, 0 },
	{ "apply", "from", FLP_DTYPE_U32, 0, 1 },
	{ "apply", "seed", FLP_DTYPE_U8, 32, 1 },
	{ "apply", "self", FLP_DTYPE_U8, 32, 1 },
};
#define KEPT (sizeof kept / sizeof *kept)

void
flp_turn_begin(struct flp_turn *t, struct flp_journal *j, const char *verb,
    const struct flp_round *round)
{
	*t = (struct flp_turn){ .journal = j, .round = round };
	flp_digest_text(&round->base, t->base);
	flp_digest_text(&round->roster, t->roster);
	flp_digest_text(&round->graph, t->graph);
	t->entry = (struct flp_journal_entry){ .verb = verb, .session = round->session,
		.purpose = flp_round_purpose(round->stats),
		.roster = round->has_roster ? t->roster : NULL, .round = round->number, .base = t->base,
		.graph = round->has_graph ? t->graph : NULL };
}

void
flp_turn_input(struct flp_turn *t, const struct flp_digest *digest)
{
	flp_digest_text(digest, t->input);
	t->entry.input = t->input;
}

int
flp_turn_again(const struct flp_turn *t, struct flp_record *message, struct flp_error *e)
{
	size_t index;
	int again = flp_permit_message(t->journal, &t->entry, &index, e);

	if (again <= 0)
		return again;
	return flp_journal_message(t->journal, index, message, e) < 0 ? -1 : 1;
}

/* The index of the entry of a turn of this round, or -1. */
static long
find(const struct flp_turn *t, const char *verb)
{
	return flp_journal_find(t->journal, verb, t->entry.session, t->entry.purpose,
	    t->entry.round);
}

static int
at_round(const struct flp_turn *t, struct flp_error *e)
{
	return flp_error_at(e, "session %s, round %llu", t->round->session,
	    (unsigned long long)t->round->number);
}

int
flp_turn_before(const struct flp_turn *t, const char *verb, size_t *entry, struct flp_error *e)
{
	long found = find(t, verb);
	const struct flp_journal_entry *old = found < 0 ? NULL : &t->journal->entry[found];

	if (old == NULL)
		flp_error_bad(e, "expected this client's %s message, which comes before this step, found "
		    "none: run fl-mask %s first", verb, verb);
	else if (!flp_journal_same(old->base, t->base))
		flp_error_bad(e, "base: expected that of this client's %s message, found another", verb);
	else if (strcmp(verb, "advertise") != 0 && !flp_journal_same(old->graph, t->graph))
		flp_error_bad(e, "graph: expected that of this client's %s message, found another", verb);
	else {
		*entry = (size_t)found;
		return 0;
	}
	return at_round(t, e);
}

int
flp_turn_keep(struct flp_record *secret, const char *verb, size_t rows, struct flp_error *e)
{
	struct flp_header h;
	int status = 0;

	flp_header_init(&h, FLP_KIND_STATE);
	for (size_t i = 0; status == 0 && i < KEPT; i++) {
		const uint64_t dims[] = { rows, kept[i].width };
		int one = !kept[i].rows;

		if (strcmp(kept[i].verb, verb) == 0)
			status = flp_header_add(&h, kept[i].tensor, kept[i].dtype,
			    one || kept[i].width == 0 ? 1 : 2, dims + one, e);
	}
	if (status == 0)
		status = flp_hidden_record(secret, &h, e);
	flp_header_free(&h);
	return status;
}

/* Checks the form of a record that was sealed, since another version may have sealed it. */
static int
check_kept(const struct flp_record *secret, const char *verb, struct flp_error *e)
{
	struct flp_record want;
	const struct flp_tensor *t;
	size_t rows = flp_record_values(secret, "from", &t) != NULL && t->rank == 1 ?
	    (size_t)t->dims[0] : 0;
	int status;

	if (flp_turn_keep(&want, verb, rows, e) < 0)
		return -1;
	status = flp_header_same_tensors(&want.header, &secret->header, e);
	flp_journal_wipe(&want);
	return status;
}

int
flp_turn_kept(const struct flp_turn *t, const char *verb, struct flp_record *secret,
    struct flp_error *e)
{
	size_t entry;

	memset(secret, 0, sizeof *secret);
	if (flp_turn_before(t, verb, &entry, e) < 0)
		return -1;
	if (t->journal->entry[entry].forgotten) {
		flp_error_bad(e, "expected the secrets that this client kept for its %s message, found "
		    "them erased: the round is over for this client", verb);
		return at_round(t, e);
	}
	if (flp_journal_secret(t->journal, entry, secret, e) < 0)
		return -1;
	if (check_kept(secret, verb, e) == 0)
		return 0;
	flp_journal_wipe(secret);
	return flp_error_at(e, "what was kept of %s", verb);
}

int
flp_turn_send(struct flp_turn *t, struct flp_record *message, const struct flp_record *secret,
    const struct flp_record *inside, struct flp_error *e)
{
	const struct flp_identity *id = t->journal->id;

	if (flp_meta_set_text(&message->header.meta, "client", id->name, e) < 0 ||
	    flp_signed_sign(message, id, e) < 0)
		return -1;
	return flp_journal_send(t->journal, &t->entry, message, secret, inside, e);
}

int
flp_turn_forget(struct flp_turn *t, const char *verb, struct flp_error *e)
{
	long found = find(t, verb);

	return found < 0 || t->journal->entry[found].forgotten ? 0 :
	    flp_journal_forget(t->journal, (size_t)found, e);
}

/* Returns 1 if entry i is of a turn that may have kept secrets, in an earlier round or before this
 * one began anew. `last` is the entry of the last advertise message of this round. */
static int
is_earlier(const struct flp_turn *t, size_t i, size_t last)
{
	const struct flp_journal_entry *old = &t->journal->entry[i];

	return (old->graph != NULL || strcmp(old->verb, "advertise") == 0) && !old->forgotten &&
	    (old->round < t->entry.round || (old->round == t->entry.round && i < last)) &&
	    strcmp(old->session, t->entry.session) == 0 && old->purpose != NULL &&
	    strcmp(old->purpose, t->entry.purpose) == 0;
}

int
flp_turn_forget_earlier(struct flp_turn *t, struct flp_error *e)
{
	struct flp_journal *j = t->journal;
	size_t last;

	if (flp_turn_before(t, "advertise", &last, e) < 0)
		return -1;
	for (size_t i = 0; i < j->n; i++)
		if (is_earlier(t, i, last) && flp_journal_forget(j, i, e) < 0)
			return -1;
	return 0;
}

/* Returns 1 if the row of a client has the keys of its advertise message. */
static int
is_row(const struct flp_gathering *g, size_t i, const struct flp_record *advertised)
{
	return memcmp(flp_record_values(advertised, "encrypt", NULL), g->encrypt[i], 32) == 0 &&
	    memcmp(flp_record_values(advertised, "mask", NULL), g->mask[i], 32) == 0 &&
	    memcmp(flp_record_values(advertised, "nonce", NULL), g->nonce[i], 32) == 0;
}

int
flp_turn_self(const struct flp_turn *t, const struct flp_gathering *g, uint32_t *self,
    struct flp_error *e)
{
	const struct flp_identity *id = t->journal->id;
	long i = flp_gathering_find(g, id->name);
	struct flp_record advertised;
	size_t entry;
	int own;

	if (i < 0)
		return flp_error_bad(e, "graph: expected client %s in it, found it left out", id->name);
	if (flp_turn_before(t, "advertise", &entry, e) < 0 ||
	    flp_journal_message(t->journal, entry, &advertised, e) < 0)
		return -1;
	own = memcmp(g->sign[i], id->sign_public, sizeof id->sign_public) == 0 &&
	    is_row(g, (size_t)i, &advertised);
	flp_record_free(&advertised);
	if (!own)
		return flp_error_bad(e, "graph: client %s: expected the keys that it has advertised, found "
		    "others", id->name);
	*self = (uint32_t)i;
	return 0;
}

#include "mask/turnout.h"
#include "base/memory.h"
#include "format/names.h"
#include "kernel/ring.h"
#include "mask/making.h"
#include "mask/signed.h"

#include <stdlib.h>
#include <string.h>

int
flp_turnout_begin(struct flp_turnout *t, const struct flp_dealing *d, struct flp_error *e)
{
	size_t n = d->g->n;

	*t = (struct flp_turnout){ .d = d };
	if ((t->sent = flp_memory_new(n, sizeof *t->sent, e)) != NULL &&
	    (t->terms = flp_memory_new(n, sizeof *t->terms, e)) != NULL &&
	    (t->signature = flp_memory_new(n, sizeof *t->signature, e)) != NULL)
		return 0;
	flp_turnout_end(t);
	return -1;
}

void
flp_turnout_end(struct flp_turnout *t)
{
	free(t->sent);
	free(t->terms);
	free(t->signature);
	flp_record_free(&t->sum);
	memset(t, 0, sizeof *t);
}

/* Checks the header of a record, or, for a sum, the header that its senders' records must have. */
static int
check_vector(struct flp_turnout *t, const struct flp_header *h, struct flp_error *e)
{
	struct flp_header own = *h;

	int summed = h->tensors > 0 && strcmp(h->tensor[h->tensors - 1].name, FLP_NAMES_SENDERS) == 0;

	if (summed && !t->trust)
		return flp_error_bad(e, "expected the record of one client, found a sum of several, which "
		    "no client has signed (see fl-mask unmask --trust-partials)");
	if (summed)
		own.tensors--;
	t->vector.clients = t->d->g->n;
	return flp_vector_check(&t->vector, &own, e);
}

int
flp_turnout_load(struct flp_turnout *t, struct flp_record *masked, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e)
{
	memset(masked, 0, sizeof *masked);
	if (check_vector(t, h, e) < 0 || flp_record_load(masked, r, h, e) < 0)
		return -1;
	if (flp_round_check(&masked->header.meta, &t->d->g->round, e) == 0)
		return 0;
	flp_record_free(masked);
	return -1;
}

/* Finds the sender of a record. Checks that the sender has signed it and that it belongs to this
 * round. */
static int
find_sender(const struct flp_turnout *t, const struct flp_record *masked, size_t *i,
    struct flp_error *e)
{
	const char *name;

	if (flp_gathering_sender(t->d->g, masked, i, e) < 0)
		return -1;
	name = flp_gathering_name(t->d->g, *i);
	if (flp_vector_keys(&masked->header.meta, e) < 0)
		return flp_error_at(e, "client %s", name);
	if (!flp_dealing_shared(t->d, *i))
		return flp_error_bad(e, "client %s: expected a client that has sent its shares, "
		    "found one that has not", name);
	return 0;
}

/* Returns 1 if the record of client i is new, 0 if the same record was noted before, and -1 if a
 * different one was. */
static int
note(struct flp_turnout *t, const struct flp_record *masked, size_t i, struct flp_error *e)
{
	unsigned char signature[FLP_SIGNED_BYTES];

	if (flp_signed_bytes(masked, signature, e) < 0)
		return -1;
	if (t->sent[i])
		return memcmp(signature, t->signature[i], sizeof signature) == 0 ? 0 :
		    flp_error_bad(e, "client %s: expected one masked record, found a second that "
		    "differs from the first", flp_gathering_name(t->d->g, i));
	memcpy(t->signature[i], signature, sizeof signature);
	flp_making_digest(&masked->header, &t->terms[i]);
	t->sent[i] = 1;
	t->taken++;
	return 1;
}

int
flp_turnout_note(struct flp_turnout *t, const struct flp_record *masked, struct flp_error *e)
{
	size_t i;

	if (find_sender(t, masked, &i, e) < 0 || check_vector(t, &masked->header, e) < 0)
		return -1;
	return note(t, masked, i, e) < 0 ? -1 : 0;
}

struct vote {
	struct flp_digest terms;
	uint32_t client;
};

static int
by_terms(const void *a, const void *b)
{
	const struct vote *x = a, *y = b;
	int order = memcmp(&x->terms, &y->terms, sizeof x->terms);

	return order != 0 ? order : (x->client > y->client) - (x->client < y->client);
}

/* The most common terms. If two are equally common, it takes the one whose first client comes
 * first. */
static const struct flp_digest *
choose(const struct vote *vote, size_t n)
{
	size_t best = 0, most = 0;

	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n; to++)
			if (memcmp(&vote[from].terms, &vote[to].terms, sizeof vote->terms) != 0)
				break;
		if (to - from > most ||
		    (to - from == most && vote[from].client < vote[best].client)) {
			best = from;
			most = to - from;
		}
	}
	return &vote[best].terms;
}

static int
leave_others(const struct flp_turnout *t, const struct flp_digest *terms, uint32_t *client,
    size_t *n, struct flp_bad *bad, struct flp_error *e)
{
	*n = 0;
	for (size_t i = 0; i < t->d->g->n; i++) {
		if (!t->sent[i])
			continue;
		if (memcmp(&t->terms[i], terms, sizeof *terms) == 0) {
			client[(*n)++] = (uint32_t)i;
			continue;
		}
		flp_error_bad(e, "client %s: expected the clip, grid, range, noise, weighting and bits "
		    "that most clients have, found others", flp_gathering_name(t->d->g, i));
		if (flp_bad_left_out(bad, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_turnout_survivors(struct flp_turnout *t, uint32_t **client, size_t *n, struct flp_bad *bad,
    struct flp_error *e)
{
	struct vote *vote = flp_memory_new(t->taken, sizeof *vote, e);
	size_t votes = 0;
	int status = -1;

	*n = 0;
	*client = flp_memory_new(t->taken, sizeof **client, e);
	if (vote != NULL && *client != NULL) {
		for (size_t i = 0; i < t->d->g->n; i++)
			if (t->sent[i])
				vote[votes++] = (struct vote){ t->terms[i], (uint32_t)i };
		qsort(vote, votes, sizeof *vote, by_terms);
		status = votes == 0 ? 0 : leave_others(t, choose(vote, votes), *client, n, bad, e);
	}
	free(vote);
	if (status < 0) {
		free(*client);
		*client = NULL;
	}
	return status;
}

/* Notes the senders of a sum. */
static int
take_senders(struct flp_turnout *t, const struct flp_record *masked, const uint32_t *survivor,
    size_t n, struct flp_error *e)
{
	struct flp_texts names = { 0 };
	int status = flp_names_take(&names, FLP_NAMES_SENDERS, masked, e);

	for (size_t k = 0; status == 0 && k < names.n; k++) {
		const char *name = flp_texts_get(&names, k);
		long i = flp_gathering_find(t->d->g, name);

		if (i < 0 || flp_graph_find(survivor, n, (uint32_t)i) == NULL || t->sent[i])
			status = flp_error_bad(e, "client %s: expected a survivor whose record was not "
			    "added before, found %s", name, i >= 0 && t->sent[i] ? "one that was" :
			    "a client that is not a survivor");
	}
	for (size_t k = 0; status == 0 && k < names.n; k++)
		t->sent[flp_gathering_find(t->d->g, flp_texts_get(&names, k))] = 1;
	t->taken += status == 0 ? names.n : 0;
	flp_texts_free(&names);
	return status;
}

/* Returns 1 if the record is to be added, 0 if it is in the sum already. */
static int
take_own(struct flp_turnout *t, const struct flp_record *masked, const uint32_t *survivor,
    size_t n, struct flp_error *e)
{
	size_t i;

	if (find_sender(t, masked, &i, e) < 0)
		return -1;
	if (flp_graph_find(survivor, n, (uint32_t)i) == NULL)
		return flp_error_bad(e, "client %s: expected a survivor, found a client whose record "
		    "came too late", flp_gathering_name(t->d->g, i));
	return note(t, masked, i, e);
}

static int
check_same(const struct flp_turnout *t, const struct flp_header *h, struct flp_error *e)
{
	char name[FLP_IDENTITY_NAME + 1];
	struct flp_error other;

	if (t->sum.values == NULL || flp_making_same(&t->sum.header, h, e) == 0)
		return 0;
	flp_error_at(e, "does not agree with the first record");
	return flp_identity_client(name, &h->meta, &other) < 0 ? -1 :
	    flp_error_at(e, "client %s", name);
}

/* Adds the values to the sum. The sum begins with the header of the first record, without the keys
 * of its sender. */
static int
add(struct flp_turnout *t, const struct flp_header *h, void *const *values, struct flp_error *e)
{
	if (t->sum.values == NULL) {
		if (flp_record_new(&t->sum, h, e) < 0)
			return -1;
		flp_making_drop_sender(&t->sum.header.meta);
	}
	for (size_t i = 0; i < h->tensors; i++)
		flp_ring_add(t->sum.values[i], values[i], (size_t)h->tensor[i].count,
		    t->vector.fit.bits);
	return 0;
}

int
flp_turnout_add(struct flp_turnout *t, const struct flp_record *masked, const uint32_t *survivor,
    size_t n, struct flp_error *e)
{
	struct flp_header own = masked->header; /* without the names of senders */
	int summed = t->trust && flp_record_values(masked, FLP_NAMES_SENDERS, NULL) != NULL;
	int status;

	own.tensors -= summed ? 1 : 0;
	if (check_vector(t, &masked->header, e) < 0 || check_same(t, &own, e) < 0)
		return -1;
	status = summed ? take_senders(t, masked, survivor, n, e) :
	    take_own(t, masked, survivor, n, e);
	if (status < 0 || (status == 0 && !summed))
		return status;
	return add(t, &own, masked->values, e);
}

int
flp_turnout_whole(const struct flp_turnout *t, const uint32_t *survivor, size_t n,
    struct flp_error *e)
{
	for (size_t i = 0; i < n; i++)
		if (!t->sent[survivor[i]])
			return flp_error_bad(e, "client %s: expected the masked record of each of %zu "
			    "survivors, found none", flp_gathering_name(t->d->g, survivor[i]), n);
	return 0;
}

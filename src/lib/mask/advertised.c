#include "mask/advertised.h"
#include "base/memory.h"
#include "format/names.h"
#include "mask/kdf.h"
#include "mask/message.h"
#include "mask/signed.h"
#include "mask/twice.h"

#include <stdlib.h>
#include <string.h>

struct flp_advertised_row {
	unsigned char encrypt[32], mask[32], nonce[32], signature[64];
	struct flp_digest digest; /* of what was signed */
	long member;              /* of the roster */
	int out;                  /* 1: it does not count */
};

void
flp_advertised_begin(struct flp_advertised *a, const struct flp_round *round,
    const struct flp_trust *trust)
{
	*a = (struct flp_advertised){ .round = round, .trust = trust };
}

void
flp_advertised_end(struct flp_advertised *a)
{
	flp_texts_free(&a->clients);
	free(a->row);
	memset(a, 0, sizeof *a);
}

static int
read_row(struct flp_advertised_row *row, const struct flp_advertised *a,
    const struct flp_record *message, const char *name, struct flp_error *e)
{
	if ((row->member = flp_roster_find(a->trust->roster, name)) < 0)
		return flp_error_bad(e, "expected a member of the roster, found a client that is not");
	if (flp_signed_check(message, a->trust->roster->sign[row->member], e) < 0 ||
	    flp_record_digest(message, &row->digest, e) < 0 ||
	    flp_signed_bytes(message, row->signature, e) < 0)
		return -1;
	memcpy(row->encrypt, flp_record_values(message, "encrypt", NULL), 32);
	memcpy(row->mask, flp_record_values(message, "mask", NULL), 32);
	memcpy(row->nonce, flp_record_values(message, "nonce", NULL), 32);
	/* A point of small order would give everyone the same secret. */
	if (flp_kdf_check(row->encrypt, e) < 0)
		return flp_error_at(e, "tensor encrypt");
	return flp_kdf_check(row->mask, e) < 0 ? flp_error_at(e, "tensor mask") : 0;
}

int
flp_advertised_add(struct flp_advertised *a, const struct flp_record *message,
    struct flp_error *e)
{
	struct flp_advertised_row row = { 0 };
	char name[FLP_IDENTITY_NAME + 1];
	long before;

	if (flp_identity_client(name, &message->header.meta, e) < 0)
		return -1;
	if (read_row(&row, a, message, name, e) < 0)
		return flp_error_at(e, "client %s", name);
	if ((before = flp_texts_find(&a->clients, name, strlen(name))) >= 0) {
		if (memcmp(&row.digest, &a->row[before].digest, sizeof row.digest) == 0)
			return 0;
		a->row[before].out = 1;
		return flp_error_bad(e, "client %s: expected one advertisement, found two that "
		    "differ, so neither counts", name);
	}
	if (flp_memory_grow(&a->row, &a->room, a->clients.n + 1, sizeof *a->row, e) < 0 ||
	    flp_texts_add(&a->clients, name, strlen(name), FLP_FINDER_MOST, e) < 0)
		return -1;
	a->row[a->clients.n - 1] = row;
	return 0;
}

/* Leaves out all clients that have a key in common. */
static int
leave_copies(struct flp_advertised *a, struct flp_bad *bad, struct flp_error *e)
{
	struct flp_twice *key = flp_memory_new(2 * a->clients.n, sizeof *key, e);
	size_t n = 0;
	int status = 0;

	if (key == NULL)
		return -1;
	for (size_t i = 0; i < a->clients.n; i++) {
		if (a->row[i].out)
			continue;
		key[n++] = (struct flp_twice){ a->row[i].encrypt, (uint32_t)i };
		key[n++] = (struct flp_twice){ a->row[i].mask, (uint32_t)i };
	}
	flp_twice_sort(key, n);
	for (size_t at = 1; status == 0 && flp_twice_next(key, n, &at); at++) {
		uint32_t x = key[at - 1].client, y = key[at].client;

		flp_error_bad(e, "clients %s and %s: expected keys that differ, found the same, so "
		    "neither counts", flp_texts_get(&a->clients, x),
		    flp_texts_get(&a->clients, y));
		a->row[x].out = a->row[y].out = 1;
		status = flp_bad_left_out(bad, e);
	}
	free(key);
	return status;
}

/* The clients that count, sorted by name. */
static int
sort_names(const struct flp_advertised *a, struct flp_texts *names, struct flp_error *e)
{
	for (size_t i = 0; i < a->clients.n; i++) {
		const char *name = flp_texts_get(&a->clients, i);

		if (!a->row[i].out &&
		    flp_texts_add(names, name, strlen(name), FLP_FINDER_MOST, e) < 0)
			return -1;
	}
	return flp_texts_sort(names, e);
}

static void
put(struct flp_record *to, const char *tensor, size_t i, const void *from, size_t bytes)
{
	unsigned char *values = flp_record_values(to, tensor, NULL);

	if (values != NULL)
		memcpy(values + i * bytes, from, bytes);
}

static void
fill(const struct flp_advertised *a, struct flp_record *to, const struct flp_texts *names)
{
	const struct flp_roster *roster = a->trust->roster;

	flp_texts_lines(names, flp_record_values(to, FLP_NAMES_CLIENTS, NULL));
	for (size_t i = 0; i < names->n; i++) {
		const char *name = flp_texts_get(names, i);
		const struct flp_advertised_row *row =
		    &a->row[flp_texts_find(&a->clients, name, strlen(name))];

		put(to, "encrypt", i, row->encrypt, 32);
		put(to, "mask", i, row->mask, 32);
		put(to, "nonce", i, row->nonce, 32);
		put(to, "signature", i, row->signature, 64);
		if (roster->certificate == NULL)
			continue;
		put(to, "member/sign", i, roster->sign[row->member], 32);
		put(to, "member/mask", i, roster->mask[row->member], 32);
		put(to, "member/certificate", i, roster->certificate[row->member], 64);
	}
}

static int
make(const struct flp_advertised *a, struct flp_record *graph, const struct flp_texts *names,
    struct flp_finder *rule, struct flp_error *e)
{
	rule->n = names->n;
	if (flp_finder_find(rule, e) < 0 ||
	    flp_message_new(graph, FLP_MESSAGE_GRAPH, a->round, names->n, names->used, e) < 0)
		return -1;
	fill(a, graph, names);
	if (flp_meta_set_u64(&graph->header.meta, "degree", rule->degree, e) == 0 &&
	    flp_meta_set_u64(&graph->header.meta, "threshold", rule->threshold, e) == 0)
		return 0;
	flp_record_free(graph);
	return -1;
}

int
flp_advertised_graph(struct flp_advertised *a, struct flp_record *graph,
    struct flp_finder *rule, struct flp_bad *bad, struct flp_error *e)
{
	struct flp_texts names = { 0 };
	int status = -1;

	if (a->round->has_roster != (a->trust->authority == NULL))
		return flp_error_misuse(e, "a round has a roster or an authority");
	if (a->trust->authority != NULL && a->trust->roster->certificate == NULL)
		return flp_error_bad(e, "the roster: expected certificates by an authority, found "
		    "none");
	if (leave_copies(a, bad, e) == 0 && sort_names(a, &names, e) == 0)
		status = make(a, graph, &names, rule, e);
	flp_texts_free(&names);
	return status;
}

#include "mask/gathering.h"
#include "base/memory.h"
#include "format/names.h"
#include "base/in.h"
#include "mask/kdf.h"
#include "mask/message.h"
#include "mask/signed.h"
#include "mask/twice.h"

#include <stdlib.h>
#include <string.h>

const char *
flp_gathering_name(const struct flp_gathering *g, size_t i)
{
	return flp_texts_get(&g->clients, i);
}

long
flp_gathering_find(const struct flp_gathering *g, const char *name)
{
	return flp_texts_find(&g->clients, name, strlen(name));
}

static int
take_rows(struct flp_gathering *g, struct flp_error *e)
{
	size_t rows = flp_message_rows(&g->record);

	if (flp_names_take(&g->clients, FLP_NAMES_CLIENTS, &g->record, e) < 0)
		return -1;
	g->n = g->clients.n;
	if (rows != g->n)
		return flp_error_bad(e, "expected a row for each of %zu clients, found %zu", g->n,
		    rows);
	g->encrypt = flp_record_values(&g->record, "encrypt", NULL);
	g->mask = flp_record_values(&g->record, "mask", NULL);
	g->nonce = flp_record_values(&g->record, "nonce", NULL);
	return 0;
}

static int
check_distinct(const struct flp_gathering *g, struct flp_error *e)
{
	const unsigned char (*const all[])[32] = { g->encrypt, g->mask,
		(const unsigned char (*)[32])g->sign };
	struct flp_twice *key = flp_memory_new(3 * g->n, sizeof *key, e);
	size_t n = 0, at = 1;
	int status = 0;

	if (key == NULL)
		return -1;
	for (size_t which = 0; which < 3; which++)
		for (size_t i = 0; i < g->n; i++)
			key[n++] = (struct flp_twice){ all[which][i], (uint32_t)i };
	flp_twice_sort(key, n);
	if (flp_twice_next(key, n, &at))
		status = flp_error_bad(e, "clients %s and %s: expected keys that differ, found the "
		    "same", flp_gathering_name(g, key[at - 1].client),
		    flp_gathering_name(g, key[at].client));
	free(key);
	return status;
}

/* Finds the long-term keys of client i: those in the roster, or those that the authority has
 * signed. */
static int
find_member(struct flp_gathering *g, size_t i, const struct flp_trust *trust,
    struct flp_error *e)
{
	const unsigned char (*sign)[32] = flp_record_values(&g->record, "member/sign", NULL);
	const unsigned char (*mask)[32] = flp_record_values(&g->record, "member/mask", NULL);
	const unsigned char (*proof)[64] = flp_record_values(&g->record, "member/certificate", NULL);
	const char *name = flp_gathering_name(g, i);
	struct flp_identity_public member = { 0 };

	if (strlen(name) > FLP_IDENTITY_NAME)
		return flp_error_bad(e, "expected a name of at most %d bytes, found %zu",
		    FLP_IDENTITY_NAME, strlen(name));
	if (trust->authority == NULL) {
		long at = flp_roster_find(trust->roster, name);

		if (at < 0)
			return flp_error_bad(e, "expected a member of the roster, found a client that is "
			    "not");
		memcpy(g->sign[i], trust->roster->sign[at], 32);
		return 0;
	}
	strcpy(member.name, name);
	memcpy(member.sign, sign[i], 32);
	memcpy(member.mask, mask[i], 32);
	memcpy(g->sign[i], sign[i], 32);
	return flp_roster_certified(proof[i], trust->authority, g->round.session, &member, e);
}

/* Rebuilds the advertisement of client i, as it was signed, from its row. */
static int
rebuild(struct flp_record *to, const struct flp_gathering *g, size_t i, struct flp_error *e)
{
	const unsigned char (*signature)[64] = flp_record_values(&g->record, "signature", NULL);

	memcpy(flp_record_values(to, "encrypt", NULL), g->encrypt[i], 32);
	memcpy(flp_record_values(to, "mask", NULL), g->mask[i], 32);
	memcpy(flp_record_values(to, "nonce", NULL), g->nonce[i], 32);
	return flp_signed_again(to, flp_gathering_name(g, i), signature[i], e);
}

static int
check_members(struct flp_gathering *g, const struct flp_trust *trust, struct flp_error *e)
{
	struct flp_record advertisement;
	int status = 0;

	if ((g->sign = flp_memory_new(g->n, sizeof *g->sign, e)) == NULL ||
	    flp_message_new(&advertisement, FLP_MESSAGE_ADVERTISE, &g->round, 0, 0, e) < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < g->n; i++) {
		status = find_member(g, i, trust, e);
		if (status == 0 && (status = rebuild(&advertisement, g, i, e)) == 0)
			status = flp_signed_check(&advertisement, g->sign[i], e);
		if (status < 0)
			flp_error_at(e, "client %s", flp_gathering_name(g, i));
	}
	flp_record_free(&advertisement);
	return status;
}

static int
check_size(const struct flp_gathering *g, const char *key, uint64_t want, struct flp_error *e)
{
	uint64_t found;

	if (flp_meta_u64(&g->record.header.meta, key, 0, UINT32_MAX, &found, e) < 0)
		return -1;
	if (found != want)
		return flp_error_bad(e, "metadata: %s: expected %llu for %zu clients, found %llu", key,
		    (unsigned long long)want, g->n, (unsigned long long)found);
	return 0;
}

static int
find_sizes(struct flp_gathering *g, const struct flp_finder *rule, struct flp_error *e)
{
	struct flp_finder f = *rule;

	f.n = g->n;
	if (flp_finder_find(&f, e) < 0 || check_size(g, "degree", f.degree, e) < 0)
		return -1;
	g->degree = f.degree;
	g->threshold = f.threshold;
	g->holders = f.degree + 1 == g->n ? g->n : f.degree;
	return check_size(g, "threshold", f.threshold, e);
}

/* Computes the record's digest, by which later messages name it, and the graph that follows from
 * it. */
static int
find_graph(struct flp_gathering *g, struct flp_error *e)
{
	unsigned char seed[FLP_GRAPH_SEED];
	struct flp_kdf k;

	if (flp_record_digest(&g->record, &g->round.graph, e) < 0)
		return -1;
	g->round.has_graph = 1;
	flp_kdf_begin(&k, NULL, "graph");
	flp_kdf_bytes(&k, g->round.graph.byte, sizeof g->round.graph.byte);
	flp_kdf_end(&k, seed);
	return flp_graph_begin(&g->graph, seed, g->n, g->degree, e);
}

int
flp_gathering_take(struct flp_gathering *g, struct flp_record *record,
    const struct flp_round *round, const struct flp_trust *trust, const struct flp_finder *rule,
    struct flp_error *e)
{
	*g = (struct flp_gathering){ .record = *record, .round = *round };
	memset(record, 0, sizeof *record);
	g->round.has_graph = 0;
	if (round->has_roster != (trust->authority == NULL))
		flp_error_misuse(e, "a round has a roster or an authority");
	else if (flp_message_check(&g->record, FLP_MESSAGE_GRAPH, &g->round, e) == 0 &&
	    take_rows(g, e) == 0 && find_sizes(g, rule, e) == 0 &&
	    check_members(g, trust, e) == 0 && check_distinct(g, e) == 0 &&
	    find_graph(g, e) == 0)
		return 0;
	flp_gathering_free(g);
	return -1;
}

int
flp_gathering_load(struct flp_gathering *g, const char *path, const struct flp_round *round,
    const struct flp_trust *trust, const struct flp_finder *rule, struct flp_error *e)
{
	struct flp_record record;

	memset(g, 0, sizeof *g);
	if (flp_message_open(&record, path, FLP_MESSAGE_GRAPH, e) < 0)
		return -1;
	if (flp_gathering_take(g, &record, round, trust, rule, e) == 0)
		return 0;
	return flp_error_at(e, "%s", flp_in_name(path));
}

void
flp_gathering_free(struct flp_gathering *g)
{
	flp_record_free(&g->record);
	flp_texts_free(&g->clients);
	free(g->sign);
	flp_graph_end(&g->graph);
	memset(g, 0, sizeof *g);
}

static int
find_client(const struct flp_gathering *g, const char *name, size_t *i, struct flp_error *e)
{
	long found = flp_gathering_find(g, name);

	*i = (size_t)found;
	return found >= 0 ? 0 : flp_error_bad(e, "client %s: expected a client of the graph, found one "
	    "that is not in it", name);
}

int
flp_gathering_sender(const struct flp_gathering *g, const struct flp_record *message, size_t *i,
    struct flp_error *e)
{
	char name[FLP_IDENTITY_NAME + 1];

	if (flp_identity_client(name, &message->header.meta, e) < 0 ||
	    find_client(g, name, i, e) < 0)
		return -1;
	return flp_signed_check(message, g->sign[*i], e) < 0 ? flp_error_at(e, "client %s", name) : 0;
}

struct flp_derive
flp_gathering_derive(const struct flp_gathering *g, const char *purpose)
{
	return (struct flp_derive){ .session = g->round.session, .purpose = purpose,
		.round = g->round.number, .base = g->round.base, .graph = g->round.graph };
}

void
flp_gathering_holders(const struct flp_gathering *g, size_t i, uint32_t *holder)
{
	if (g->holders == g->degree) {
		flp_graph_neighbours(&g->graph, i, holder);
		return;
	}
	for (uint32_t h = 0; h < g->n; h++)
		holder[h] = h;
}

void
flp_gathering_set(const struct flp_gathering *g, const uint32_t *client, size_t n,
    struct flp_digest *digest)
{
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "survivors");
	flp_kdf_bytes(&k, g->round.graph.byte, sizeof g->round.graph.byte);
	for (size_t i = 0; i < n; i++)
		flp_kdf_text(&k, flp_gathering_name(g, client[i]));
	flp_kdf_end(&k, digest->byte);
}

int
flp_gathering_list(const struct flp_gathering *g, const uint32_t *client, size_t n,
    struct flp_record *to, struct flp_error *e)
{
	size_t bytes = 0;
	char *at;

	for (size_t i = 0; i < n; i++)
		bytes += strlen(flp_gathering_name(g, client[i])) + 1;
	if (flp_message_new(to, FLP_MESSAGE_SURVIVORS, &g->round, 0, bytes, e) < 0)
		return -1;
	at = flp_record_values(to, FLP_NAMES_CLIENTS, NULL);
	for (size_t i = 0; i < n; i++)
		at = flp_texts_line(at, flp_gathering_name(g, client[i]));
	return 0;
}

int
flp_gathering_survivors(const struct flp_gathering *g, const struct flp_record *survivors,
    uint32_t **client, size_t *n, struct flp_error *e)
{
	struct flp_texts names = { 0 };
	int status = flp_names_take(&names, FLP_NAMES_CLIENTS, survivors, e);

	*client = NULL;
	*n = names.n;
	if (status == 0 && (*client = flp_memory_new(names.n, sizeof **client, e)) == NULL)
		status = -1;
	for (size_t i = 0, found; status == 0 && i < names.n; i++) {
		status = find_client(g, flp_texts_get(&names, i), &found, e);
		(*client)[i] = (uint32_t)found;
	}
	flp_texts_free(&names);
	if (status < 0) {
		free(*client);
		*client = NULL;
	}
	return status;
}

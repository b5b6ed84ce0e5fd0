/* Any bytes as the values of the messages that a server sends to a client: the graph, an inbox,
 * survivors, signatures of them. The first byte says which, the second how many rows, the third
 * which key of the metadata is another. */
#include "mask/hidden.h"
#include "mask/inbox.h"
#include "mask/journal.h"
#include "mask/reveal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { CLIENTS = 5 };

static struct flp_error e;

static const enum flp_message messages[] = { FLP_MESSAGE_GRAPH, FLP_MESSAGE_DELIVER,
	FLP_MESSAGE_SURVIVORS, FLP_MESSAGE_CONFIRM };

/* Clients a to e, all neighbours, with keys of which only the encryption keys are real. */
static struct flp_gathering *
gathering(void)
{
	static unsigned char key[CLIENTS][32];
	static struct flp_gathering g;

	if (g.n > 0)
		return &g;
	if (flp_hidden_begin(&e) < 0)
		abort();
	for (size_t i = 0; i < CLIENTS; i++) {
		unsigned char secret[32] = { (unsigned char)(i + 1) };

		flp_kdf_public(key[i], secret);
		if (flp_texts_add(&g.clients, (const char[]){ (char)('a' + i) }, 1, CLIENTS, &e) < 0)
			abort();
	}
	g.encrypt = g.mask = g.nonce = (const unsigned char (*)[32])key;
	g.sign = key;
	g.degree = CLIENTS - 1;
	g.holders = CLIENTS;
	g.threshold = 4;
	g.round = (struct flp_round){ .session = "s", .number = 1, .has_roster = 1, .has_graph = 1 };
	g.n = CLIENTS;
	return &g;
}

/* Fills the values of a message, tensor after tensor, with what is left of the bytes. */
static void
fill(struct flp_record *message, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < message->header.tensors; i++) {
		size_t own = (size_t)message->header.tensor[i].bytes, got = own < n ? own : n;

		memcpy(message->values[i], bytes, got);
		bytes += got;
		n -= got;
	}
}

static int
set(struct flp_record *message, unsigned which)
{
	static const char *const keys[] = { "session", "graph", "client", "survivors", "signature",
		"threshold", "degree", "round" };
	struct flp_meta *meta = &message->header.meta;
	int status = flp_meta_set_text(meta, "client", "a", &e);

	for (size_t i = 3; status == 0 && i < 7; i++)
		status = flp_meta_set_text(meta, keys[i], i < 5 ? "0" : "4", &e);
	if (which % 16 < 8)
		status = flp_meta_set_text(meta, keys[which % 8], "7", &e);
	else if (which % 16 < 12)
		flp_meta_drop(meta, keys[which % 8]);
	return status;
}

static void
take(struct flp_record *message, enum flp_message m)
{
	const struct flp_finder rule = { .corrupt = .1, .dropout = .1, .security = 80 };
	static const struct flp_roster roster;
	const struct flp_trust trust = { &roster, NULL };
	const unsigned char secret[32] = { 1 };
	struct flp_gathering *g = gathering(), other;
	struct flp_survivors s = { 0 };
	struct flp_confirmed c;
	struct flp_record opened;

	if (m == FLP_MESSAGE_GRAPH && flp_gathering_take(&other, message, &g->round, &trust, &rule,
	    &e) == 0)
		flp_gathering_free(&other);
	if (m == FLP_MESSAGE_DELIVER && flp_inbox_open(&opened, g, 0, secret, message, &e) == 0)
		flp_journal_wipe(&opened);
	if (m == FLP_MESSAGE_SURVIVORS && flp_survivors_take(&s, g, message, &e) == 0)
		flp_survivors_free(&s);
	if (m == FLP_MESSAGE_CONFIRM && flp_confirmed_begin(&c, g, &s, &e) == 0) {
		if (flp_confirmed_add(&c, message, &e) == 0)
			abort();
		flp_confirmed_end(&c);
	}
}

/* Drops the keys that the message does not have, or leaves them. */
static void
drop(struct flp_record *message, enum flp_message m, unsigned which)
{
	struct flp_meta *meta = &message->header.meta;

	if (which & 16)
		return;
	if (m != FLP_MESSAGE_CONFIRM) {
		flp_meta_drop(meta, "survivors");
		flp_meta_drop(meta, "signature");
	}
	if (m == FLP_MESSAGE_GRAPH || m == FLP_MESSAGE_SURVIVORS)
		flp_meta_drop(meta, "client");
	if (m != FLP_MESSAGE_GRAPH) {
		flp_meta_drop(meta, "threshold");
		flp_meta_drop(meta, "degree");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct flp_record message;
	enum flp_message m;

	if (n < 3)
		return 0;
	m = messages[bytes[0] % (sizeof messages / sizeof *messages)];
	if (flp_message_new(&message, m, &gathering()->round, bytes[1], n - 3 < 16 ? n - 3 : 16,
	    &e) < 0)
		abort();
	fill(&message, bytes + 3, n - 3);
	if (set(&message, bytes[2]) < 0)
		abort();
	drop(&message, m, bytes[2]);
	take(&message, m);
	flp_record_free(&message);
	return 0;
}

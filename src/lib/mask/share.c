#include "mask/share.h"
#include "base/memory.h"
#include "base/secret.h"
#include "mask/derive.h"
#include "mask/hidden.h"
#include "mask/shamir.h"
#include "mask/turn.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_Static_assert(NONCE + 2 * FLP_SHAMIR_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES ==
    FLP_MESSAGE_BOX, "nonce, two shares, tag");

struct dealer {
	const struct flp_gathering *g;
	struct flp_derive derive;
	uint32_t self;
	const unsigned char *encrypt; /* the secret key */
	uint32_t *holder;
	unsigned char (*seed)[FLP_SHAMIR_BYTES], (*own)[FLP_SHAMIR_BYTES]; /* shares, hidden */
};

/* Shares the two secrets. The share of client i is at x = i + 1. */
static int
split(struct dealer *d, const unsigned char *seed, const unsigned char *b, struct flp_error *e)
{
	size_t n = d->g->holders;
	uint32_t *x;
	int status = -1;

	d->seed = flp_hidden_new(n, sizeof *d->seed, e);
	d->own = d->seed != NULL ? flp_hidden_new(n, sizeof *d->own, e) : NULL;
	if (d->own == NULL || (d->holder = flp_memory_new(n, sizeof *d->holder, e)) == NULL ||
	    (x = flp_memory_new(n, sizeof *x, e)) == NULL)
		return -1;
	flp_gathering_holders(d->g, d->self, d->holder);
	for (size_t i = 0; i < n; i++)
		x[i] = d->holder[i] + 1;
	if (flp_shamir_split(seed, (unsigned)d->g->threshold, x, n, d->seed, e) == 0)
		status = flp_shamir_split(b, (unsigned)d->g->threshold, x, n, d->own, e);
	free(x);
	return status;
}

/* Fills the box for holder number i, and what tells its shares. */
static int
fill(const struct dealer *d, size_t i, unsigned char *box, unsigned char *check,
    struct flp_error *e)
{
	uint32_t to = d->holder[i];
	unsigned char key[FLP_KDF_BYTES], bound[FLP_KDF_BYTES], plain[2 * FLP_SHAMIR_BYTES];

	if (flp_secret_bytes(box, NONCE, e) < 0 ||
	    flp_derive_box(key, &d->derive, d->encrypt, d->g->encrypt[to],
	    d->g->encrypt[d->self], d->g->encrypt[to], e) < 0)
		return flp_error_at(e, "client %s", flp_gathering_name(d->g, to));
	flp_derive_box_bound(bound, &d->derive, d->self, to);
	memcpy(plain, d->seed[i], FLP_SHAMIR_BYTES);
	memcpy(plain + FLP_SHAMIR_BYTES, d->own[i], FLP_SHAMIR_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, NULL, plain, sizeof plain, bound,
	    sizeof bound, NULL, box, key);
	flp_derive_check(check, &d->derive, d->self, to, FLP_DERIVE_SEED, d->seed[i]);
	flp_derive_check(check + FLP_DERIVE_CHECK, &d->derive, d->self, to, FLP_DERIVE_SELF,
	    d->own[i]);
	sodium_memzero(key, sizeof key);
	sodium_memzero(plain, sizeof plain);
	return 0;
}

static int
fill_all(struct flp_record *message, const struct dealer *d, const unsigned char *b,
    struct flp_error *e)
{
	unsigned char *box = flp_record_values(message, "box", NULL);
	unsigned char *check = flp_record_values(message, "check", NULL);

	memcpy(flp_record_values(message, "to", NULL), d->holder, d->g->holders * sizeof *d->holder);
	for (size_t i = 0; i < d->g->holders; i++)
		if (fill(d, i, box + i * FLP_MESSAGE_BOX, check + i * FLP_MESSAGE_CHECK, e) < 0)
			return -1;
	flp_derive_commit(flp_record_values(message, "commit", NULL), &d->derive, d->self, b);
	return 0;
}

/* Makes the message, of the secrets of the turn before and a new b. */
static int
deal(struct flp_record *message, struct flp_turn *t, const struct flp_gathering *g,
    const struct flp_record *advertised, struct flp_record *secret, struct flp_error *e)
{
	struct dealer d = { .g = g, .encrypt = flp_record_values(advertised, "encrypt", NULL),
		.derive = flp_gathering_derive(g, NULL) };
	unsigned char *b = flp_record_values(secret, "self", NULL);
	int status = -1;

	if (flp_turn_self(t, g, &d.self, e) == 0 && flp_shamir_random(b, e) == 0 &&
	    split(&d, flp_record_values(advertised, "seed", NULL), b, e) == 0 &&
	    flp_message_new(message, FLP_MESSAGE_SHARE, &g->round, g->holders, 0, e) == 0) {
		status = fill_all(message, &d, b, e);
		if (status == 0)
			status = flp_turn_send(t, message, secret, NULL, e);
		if (status < 0)
			flp_record_free(message);
	}
	flp_hidden_free(d.seed);
	flp_hidden_free(d.own);
	free(d.holder);
	return status;
}

int
flp_share(struct flp_record *message, struct flp_journal *j, const struct flp_gathering *g,
    struct flp_error *e)
{
	struct flp_record advertised, secret;
	struct flp_turn t;
	int status;

	flp_turn_begin(&t, j, "share", &g->round);
	flp_turn_input(&t, &g->round.graph);
	if ((status = flp_turn_again(&t, message, e)) != 0)
		return status < 0 ? -1 : 0;
	if (flp_turn_kept(&t, "advertise", &advertised, e) < 0)
		return -1;
	status = flp_turn_keep(&secret, "share", 0, e);
	if (status == 0) {
		status = deal(message, &t, g, &advertised, &secret, e);
		flp_journal_wipe(&secret);
	}
	flp_journal_wipe(&advertised);
	return status;
}

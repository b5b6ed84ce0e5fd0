#include "mask/inbox.h"
#include "base/memory.h"
#include "mask/derive.h"
#include "mask/journal.h"
#include "mask/shamir.h"
#include "mask/turn.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

struct inbox {
	const struct flp_gathering *g;
	struct flp_derive derive;
	uint32_t self;
	const unsigned char *encrypt; /* the secret key */
	size_t n;
	const uint32_t *from;
	const unsigned char (*box)[FLP_MESSAGE_BOX], (*check)[FLP_MESSAGE_CHECK];
};

/* Two clients either share with each other or not at all, so the senders must be holders of this
 * client's own shares. */
static int
check_senders(const struct inbox *in, const uint32_t *holder, struct flp_error *e)
{
	size_t h = 0;

	for (size_t i = 0; i < in->n; i++) {
		uint32_t from = in->from[i];

		if (from >= in->g->n)
			return flp_error_bad(e, "tensor from: value %zu: expected a client below %zu, "
			    "found %lu", i, in->g->n, (unsigned long)from);
		if (i > 0 && from <= in->from[i - 1])
			return flp_error_bad(e, "client %s: expected each sender once, in order, found it "
			    "after %s", flp_gathering_name(in->g, from),
			    flp_gathering_name(in->g, in->from[i - 1]));
		while (h < in->g->holders && holder[h] < from)
			h++;
		if (h == in->g->holders || holder[h] != from)
			return flp_error_bad(e, "client %s: expected boxes from neighbours only, found one "
			    "from a client that is not", flp_gathering_name(in->g, from));
	}
	return 0;
}

/* In a complete graph a client holds a share of its own secrets, so its own box must come back.
 * That shows that the server has taken its message. */
static int
check_enough(const struct inbox *in, struct flp_error *e)
{
	int own = in->g->holders == in->g->degree;

	for (size_t i = 0; !own && i < in->n; i++)
		own = in->from[i] == in->self;
	if (!own)
		return flp_error_bad(e, "client %s: expected its own box among the others, found none",
		    flp_gathering_name(in->g, in->self));
	return in->n >= in->g->threshold ? 0 : flp_error_bad(e, "expected boxes from at least %llu "
	    "clients, found %zu", (unsigned long long)in->g->threshold, in->n);
}

static int
is_false(const struct inbox *in, size_t i, enum flp_derive_share what,
    const unsigned char *share, size_t at)
{
	unsigned char check[FLP_DERIVE_CHECK];

	flp_derive_check(check, &in->derive, in->from[i], in->self, what, share);
	return sodium_memcmp(check, in->check[i] + at, sizeof check) != 0;
}

static int
open_box(const struct inbox *in, size_t i, unsigned char seed[32], unsigned char self[32],
    struct flp_error *e)
{
	uint32_t from = in->from[i];
	const unsigned char *box = in->box[i];
	unsigned char key[FLP_KDF_BYTES], bound[FLP_KDF_BYTES], plain[64];
	int status;

	if (flp_derive_box(key, &in->derive, in->encrypt, in->g->encrypt[from],
	    in->g->encrypt[from], in->g->encrypt[in->self], e) < 0)
		return -1;
	flp_derive_box_bound(bound, &in->derive, from, in->self);
	status = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, box + NONCE,
	    FLP_MESSAGE_BOX - NONCE, bound, sizeof bound, box, key);
	sodium_memzero(key, sizeof key);
	if (status < 0)
		return flp_error_bad(e, "expected a box that opens, found one that does not");
	memcpy(seed, plain, 32);
	memcpy(self, plain + 32, 32);
	sodium_memzero(plain, sizeof plain);
	if (is_false(in, i, FLP_DERIVE_SEED, seed, 0) ||
	    is_false(in, i, FLP_DERIVE_SELF, self, FLP_DERIVE_CHECK))
		return flp_error_bad(e, "expected the shares that its message announces, found others");
	if (!flp_shamir_is_scalar(seed) || !flp_shamir_is_scalar(self))
		return flp_error_bad(e, "expected shares below the order of Ed25519, found another number");
	return 0;
}

static int
open_all(struct flp_record *secret, const struct inbox *in, struct flp_error *e)
{
	unsigned char (*seed)[32], (*self)[32];

	if (flp_turn_keep(secret, "apply", in->n, e) < 0)
		return -1;
	seed = flp_record_values(secret, "seed", NULL);
	self = flp_record_values(secret, "self", NULL);
	memcpy(flp_record_values(secret, "from", NULL), in->from, in->n * sizeof *in->from);
	for (size_t i = 0; i < in->n; i++)
		if (open_box(in, i, seed[i], self[i], e) < 0) {
			flp_error_at(e, "client %s", flp_gathering_name(in->g, in->from[i]));
			flp_journal_wipe(secret);
			return -1;
		}
	return 0;
}

/* Checks that the server has addressed the inbox to this client. */
static int
check_receiver(const struct inbox *in, const struct flp_record *inbox, struct flp_error *e)
{
	const char *own = flp_gathering_name(in->g, in->self);

	return flp_meta_expect(&inbox->header.meta, "client", own, strlen(own), e);
}

int
flp_inbox_open(struct flp_record *secret, const struct flp_gathering *g, uint32_t self,
    const unsigned char encrypt[32], const struct flp_record *inbox, struct flp_error *e)
{
	struct inbox in = { .g = g, .derive = flp_gathering_derive(g, NULL), .self = self,
		.encrypt = encrypt };
	uint32_t *holder;
	int status = -1;

	if (flp_message_check(inbox, FLP_MESSAGE_DELIVER, &g->round, e) < 0 ||
	    check_receiver(&in, inbox, e) < 0)
		return -1;
	in.n = flp_message_rows(inbox);
	in.from = flp_record_values(inbox, "from", NULL);
	in.box = flp_record_values(inbox, "box", NULL);
	in.check = flp_record_values(inbox, "check", NULL);
	if ((holder = flp_memory_new(g->holders, sizeof *holder, e)) == NULL)
		return -1;
	flp_gathering_holders(g, self, holder);
	if (check_senders(&in, holder, e) == 0 && check_enough(&in, e) == 0)
		status = open_all(secret, &in, e);
	free(holder);
	return status;
}

#include "mask/advertise.h"
#include "base/secret.h"
#include "mask/derive.h"
#include "mask/shamir.h"
#include "mask/turn.h"

/* Draws the secrets, and puts the public keys into the message. */
static int
draw(struct flp_record *message, struct flp_record *secret, struct flp_error *e)
{
	unsigned char *seed = flp_record_values(secret, "seed", NULL);
	unsigned char *encrypt = flp_record_values(secret, "encrypt", NULL);
	unsigned char key[FLP_KDF_BYTES];

	if (flp_shamir_random(seed, e) < 0 || flp_secret_bytes(encrypt, FLP_KDF_BYTES, e) < 0 ||
	    flp_secret_bytes(flp_record_values(message, "nonce", NULL), FLP_KDF_BYTES, e) < 0)
		return -1;
	flp_kdf_public(flp_record_values(message, "encrypt", NULL), encrypt);
	flp_derive_mask(key, flp_record_values(message, "mask", NULL), seed);
	sodium_memzero(key, sizeof key);
	return 0;
}

static int
make(struct flp_record *message, struct flp_turn *t, struct flp_error *e)
{
	struct flp_record secret;
	int status;

	if (flp_turn_keep(&secret, "advertise", 0, e) < 0)
		return -1;
	status = flp_message_new(message, FLP_MESSAGE_ADVERTISE, t->round, 0, 0, e);
	if (status == 0 &&
	    (draw(message, &secret, e) < 0 || flp_turn_send(t, message, &secret, NULL, e) < 0)) {
		flp_record_free(message);
		status = -1;
	}
	flp_journal_wipe(&secret);
	return status;
}

int
flp_advertise(struct flp_record *message, struct flp_journal *j, const struct flp_round *round,
    int anew, struct flp_error *e)
{
	struct flp_turn t;
	int again;

	flp_turn_begin(&t, j, "advertise", round);
	flp_turn_input(&t, &round->base);
	t.entry.anew = anew;
	if ((again = flp_turn_again(&t, message, e)) < 0 ||
	    (again == 0 && make(message, &t, e) < 0))
		return -1;
	if (flp_turn_forget_earlier(&t, e) == 0)
		return 0;
	flp_record_free(message);
	return -1;
}

#include "format/digest.h"
#include "base/memory.h"

#include <sodium.h>
#include <stdlib.h>

struct flp_digester {
	struct flp_sink sink; /* first: a sink's digester is at the same address */
	crypto_generichash_blake2b_state state;
};

/* These can't fail: their arguments are in range. */
static void
begin(struct flp_sink *s)
{
	(void)crypto_generichash_blake2b_init(&((struct flp_digester *)s)->state, NULL, 0,
	    sizeof(struct flp_digest));
}

static void
take(struct flp_sink *s, const void *bytes, size_t n)
{
	(void)crypto_generichash_blake2b_update(&((struct flp_digester *)s)->state, bytes, n);
}

struct flp_digester *
flp_digester_new(struct flp_error *e)
{
	struct flp_digester *d;

	/* This finds the code that is fastest on this processor. */
	if (sodium_init() < 0) {
		flp_error_system(e, 0, "libsodium");
		return NULL;
	}
	if ((d = flp_memory_new(1, sizeof *d, e)) == NULL)
		return NULL;
	d->sink = (struct flp_sink){ .begin = begin, .take = take };
	return d;
}

void
flp_digester_free(struct flp_digester *d)
{
	free(d);
}

struct flp_sink *
flp_digester_sink(struct flp_digester *d)
{
	return &d->sink;
}

void
flp_digester_end(struct flp_digester *d, struct flp_digest *digest)
{
	(void)crypto_generichash_blake2b_final(&d->state, digest->byte, sizeof digest->byte);
}

void
flp_digest_text(const struct flp_digest *digest, char text[FLP_DIGEST_TEXT])
{
	sodium_bin2hex(text, FLP_DIGEST_TEXT, digest->byte, sizeof digest->byte);
}

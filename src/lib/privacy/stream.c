#include "privacy/stream.h"
#include "base/secret.h"

#include <sodium.h>

static void
begin(struct flp_stream *s)
{
	s->blocks = 0;
	s->at = FLP_STREAM_BYTES;
}

int
flp_stream_secret(struct flp_stream *s, struct flp_error *e)
{
	begin(s);
	return flp_secret_bytes(s->key, sizeof s->key, e);
}

int
flp_stream_seeded(struct flp_stream *s, uint64_t seed, struct flp_error *e)
{
	unsigned char text[8];

	if (sodium_init() < 0)
		return flp_error_system(e, 0, "libsodium does not start");
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (unsigned char)(seed >> 8 * i);
	begin(s);
	crypto_generichash(s->key, sizeof s->key, text, sizeof text, NULL, 0);
	return 0;
}

void
flp_stream_end(struct flp_stream *s)
{
	sodium_memzero(s, sizeof *s);
	s->at = FLP_STREAM_BYTES;
}

void
flp_stream_more(struct flp_stream *s)
{
	unsigned char nonce[crypto_stream_chacha20_NONCEBYTES];

	for (size_t i = 0; i < sizeof nonce; i++)
		nonce[i] = (unsigned char)(s->blocks >> 8 * i);
	s->blocks++;
	s->at = 0;
	crypto_stream_chacha20(s->byte, sizeof s->byte, nonce, s->key);
}

/* The random numbers that noise is made from: the stream of ChaCha20 (RFC 8439's cipher with a
 * 64-bit nonce), under a key from the system's generator. Every word is used once. */
#ifndef FLP_PRIVACY_STREAM_H
#define FLP_PRIVACY_STREAM_H

#include "base/error.h"

#include <stdint.h>
#include <string.h>

#define FLP_STREAM_BYTES 4096 /* how many are made at a time */

struct flp_stream {
	unsigned char key[32];
	uint64_t blocks; /* how many times bytes were made; also the next nonce */
	size_t at;       /* bytes used of `byte` */
	unsigned char byte[FLP_STREAM_BYTES];
};

/* Begins a stream that nobody can predict. FLP_ERROR_SYSTEM if the system has no random
 * generator. */
int flp_stream_secret(struct flp_stream *s, struct flp_error *e) FLP_CHECKED;

/* Begins the stream of a seed, which is the same in every run. It is for tests: whoever
 * knows the seed can subtract the noise again. */
int flp_stream_seeded(struct flp_stream *s, uint64_t seed, struct flp_error *e) FLP_CHECKED;

/* Wipes the key and what is left of the stream. */
void flp_stream_end(struct flp_stream *s);

/* Makes the next FLP_STREAM_BYTES bytes. */
void flp_stream_more(struct flp_stream *s);

static inline uint32_t
flp_stream_u32(struct flp_stream *s)
{
	uint32_t word;

	if (s->at > FLP_STREAM_BYTES - sizeof word)
		flp_stream_more(s);
	memcpy(&word, s->byte + s->at, sizeof word);
	s->at += sizeof word;
	return word;
}

static inline uint8_t
flp_stream_u8(struct flp_stream *s)
{
	if (s->at == FLP_STREAM_BYTES)
		flp_stream_more(s);
	return s->byte[s->at++];
}

#endif

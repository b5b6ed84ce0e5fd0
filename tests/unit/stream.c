/* stream: published values of ChaCha20, no word used twice, and keys that differ. */
#include "privacy/stream.h"
#include "kernel/random.h"
#include "unit.h"

#include <sodium.h>

enum { BLOCKS = 300 };

/* A stream whose key is all zeros. */
static struct flp_stream
zeros(void)
{
	return (struct flp_stream){ .at = FLP_STREAM_BYTES };
}

/* draft-agl-tls-chacha20poly1305-04, section 7: the key of zeros with the nonces 0 and
 * 0100000000000000, which are those of the first two blocks. */
static void
test_published(void)
{
	static const unsigned char first[] = { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40,
		0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28, 0xbd, 0xd2, 0x19, 0xb8, 0xa0, 0x8d, 0xed, 0x1a,
		0xa8, 0x36, 0xef, 0xcc, 0x8b, 0x77, 0x0d, 0xc7 };
	static const unsigned char second[] = { 0xef, 0x3f, 0xdf, 0xd6, 0xc6, 0x15, 0x78, 0xfb, 0xf5,
		0xcf, 0x35, 0xbd, 0x3d, 0xd3, 0x3b, 0x80, 0x09, 0x63, 0x16, 0x34, 0xd2, 0x1e, 0x42, 0xac,
		0x33, 0x96, 0x0b, 0xd1, 0x38, 0xe5, 0x0d, 0x32 };
	struct flp_stream s = zeros();

	for (size_t i = 0; i < sizeof first; i++)
		CHECK(flp_stream_u8(&s) == first[i], "byte %zu", i);
	s.at = FLP_STREAM_BYTES;
	for (size_t i = 0; i < sizeof second; i++)
		CHECK(flp_stream_u8(&s) == second[i], "byte %zu", i);
}

/* Words and bytes in any order are the cipher's, each at most once: a word does not straddle
 * two blocks, and the bytes before it are left out then. */
static void
test_once(void)
{
	static unsigned char want[BLOCKS][FLP_STREAM_BYTES];
	unsigned char nonce[8] = { 0 };
	struct flp_stream s = zeros();
	struct flp_random dice;
	size_t block = 0, at = 0;

	for (size_t i = 0; i < BLOCKS; i++) {
		nonce[0] = (unsigned char)i;
		nonce[1] = (unsigned char)(i >> 8);
		crypto_stream_chacha20(want[i], FLP_STREAM_BYTES, nonce, s.key);
	}
	flp_random_init(&dice, 3, 0, 0, FLP_PURPOSE_INIT);
	while (block < BLOCKS - 1) {
		size_t n = flp_random_below(&dice, 3) == 0 ? 1 : 4;
		uint32_t word, found;

		if (at + n > FLP_STREAM_BYTES) {
			block++;
			at = 0;
		}
		memcpy(&word, want[block] + at, sizeof word);
		found = n == 4 ? flp_stream_u32(&s) : flp_stream_u8(&s);
		CHECK(found == (n == 4 ? word : want[block][at]), "block %zu, byte %zu", block, at);
		at += n;
	}
}

/* The 64 bits of the nonce all count, so no block comes twice within 2^64. */
static void
test_far(void)
{
	static const uint64_t far[] = { 0, 1, 256, (uint64_t)1 << 32, (uint64_t)1 << 63, UINT64_MAX };
	enum { N = sizeof far / sizeof *far };
	static struct flp_stream s[N];

	for (size_t i = 0; i < N; i++) {
		s[i] = zeros();
		s[i].blocks = far[i];
		flp_stream_more(&s[i]);
		for (size_t j = 0; j < i; j++)
			CHECK(memcmp(s[i].byte, s[j].byte, 64) != 0, "blocks %zu and %zu", i, j);
	}
}

static void
test_seeds(void)
{
	static const uint64_t seed = 0x0123456789abcdef;
	struct flp_stream a, b, c;
	unsigned char key[32], text[8] = { 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01 };
	struct flp_error e;

	crypto_generichash(key, sizeof key, text, sizeof text, NULL, 0);
	CHECK(flp_stream_seeded(&a, seed, &e) == 0 && flp_stream_seeded(&b, seed, &e) == 0 &&
	    flp_stream_seeded(&c, seed + ((uint64_t)1 << 56), &e) == 0, "%s", e.text);
	CHECK(memcmp(a.key, key, sizeof key) == 0, "the key of a seed");
	for (int i = 0; i < 3000; i++) {
		uint32_t word = flp_stream_u32(&a);

		CHECK(word == flp_stream_u32(&b), "word %d", i);
		CHECK(i > 0 || word != flp_stream_u32(&c), "another seed");
	}
}

static void
test_secret(void)
{
	static const unsigned char none[sizeof((struct flp_stream *)0)->byte];
	struct flp_stream a, b;
	struct flp_error e;

	CHECK(flp_stream_secret(&a, &e) == 0 && flp_stream_secret(&b, &e) == 0, "%s", e.text);
	CHECK(memcmp(a.key, b.key, sizeof a.key) != 0, "a secret key twice");
	flp_stream_more(&a);
	flp_stream_more(&b);
	CHECK(memcmp(a.byte, b.byte, 64) != 0, "a secret stream twice");
	flp_stream_end(&a);
	CHECK(memcmp(a.key, none, sizeof a.key) == 0 && memcmp(a.byte, none, sizeof a.byte) == 0,
	    "what is left of a stream that was wiped");
}

int
main(void)
{
	struct flp_stream s;
	struct flp_error e;

	CHECK(flp_stream_seeded(&s, 1, &e) == 0, "%s", e.text);
	test_published();
	test_once();
	test_far();
	test_seeds();
	test_secret();
	return unit_done();
}

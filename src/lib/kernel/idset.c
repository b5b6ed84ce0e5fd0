#include "kernel/idset.h"

#include <sodium.h>

void
flp_idset_add(struct flp_idset *set, const unsigned char id[FLP_IDSET_ID])
{
	static const unsigned char nonce[crypto_stream_chacha20_NONCEBYTES];
	unsigned char key[crypto_stream_chacha20_KEYBYTES];
	uint16_t word[FLP_IDSET_WORDS];

	crypto_generichash_blake2b(key, sizeof key, id, FLP_IDSET_ID, NULL, 0);
	crypto_stream_chacha20((unsigned char *)word, sizeof word, nonce, key);
	flp_idset_join(set, word);
}

void
flp_idset_join(struct flp_idset *set, const uint16_t word[FLP_IDSET_WORDS])
{
	for (int i = 0; i < FLP_IDSET_WORDS; i++)
		set->word[i] = (uint16_t)(set->word[i] + word[i]);
}

void
flp_idset_digest(const struct flp_idset *set, unsigned char digest[FLP_IDSET_DIGEST])
{
	crypto_generichash_blake2b(digest, FLP_IDSET_DIGEST, (const unsigned char *)set->word,
	    sizeof set->word, NULL, 0);
}

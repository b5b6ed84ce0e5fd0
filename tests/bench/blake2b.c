/* blake2b BYTES: libsodium's BLAKE2b-256 of so many bytes, from one small block: the limit
 * that digests are measured against. */
#include <sodium.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	static unsigned char block[1 << 16];
	unsigned char digest[32];
	crypto_generichash_state state;
	unsigned long long left = argc == 2 ? strtoull(argv[1], NULL, 10) : 0, n;

	if (left == 0 || sodium_init() < 0)
		return 2;
	crypto_generichash_init(&state, NULL, 0, sizeof digest);
	for (; left > 0; left -= n) {
		n = left < sizeof block ? left : sizeof block;
		crypto_generichash_update(&state, block, n);
	}
	crypto_generichash_final(&state, digest, sizeof digest);
	return 0;
}

/* mask-primitives: the library functions that masks are built on give the results that are
 * printed in their specifications. */
#include "unit.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

enum { MOST = 256 };

/* The bytes of hexadecimal digits; blanks are left out. */
static size_t
bytes(unsigned char to[MOST], const char *text)
{
	size_t n;

	CHECK(sodium_hex2bin(to, MOST, text, strlen(text), " ", &n, NULL) == 0, "%s", text);
	return n;
}

static int
is(const unsigned char *found, size_t n, const char *text)
{
	unsigned char want[MOST];

	return bytes(want, text) == n && memcmp(found, want, n) == 0;
}

/* RFC 7748, sections 5.2 and 6.1. */
static void
test_x25519(void)
{
	static const char *const rows[][3] = {
		{ "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
		    "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
		    "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552" },
		{ "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
		    "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
		    "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957" },
		{ "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
		    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
		    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742" },
	};
	unsigned char secret[MOST], point[MOST], out[32];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bytes(secret, rows[i][0]);
		bytes(point, rows[i][1]);
		CHECK(crypto_scalarmult_curve25519(out, secret, point) == 0 &&
		    is(out, 32, rows[i][2]), "row %zu", i);
	}
	crypto_scalarmult_curve25519_base(out, secret);
	CHECK(is(out, 32, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
	    "a public key");
}

/* RFC 7748, section 5.2: each output is the next secret, each secret the next point. */
static void
test_x25519_repeated(void)
{
	unsigned char secret[32] = { 9 }, point[32] = { 9 }, out[32];

	for (int i = 1; i <= 1000; i++) {
		CHECK(crypto_scalarmult_curve25519(out, secret, point) == 0, "time %d", i);
		memcpy(point, secret, 32);
		memcpy(secret, out, 32);
		CHECK(i != 1 || is(out, 32,
		    "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"), "once");
	}
	CHECK(is(out, 32, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"),
	    "a thousand times");
}

/* RFC 8032, section 7.1, tests 1 to 3. */
static void
test_ed25519(void)
{
	static const char *const rows[][4] = {
		{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
		    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
		    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
		{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
		    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
		{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
		    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
		    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
	};
	unsigned char seed[MOST], text[MOST], public[32], secret[64], signature[64];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = bytes(text, rows[i][2]);

		bytes(seed, rows[i][0]);
		crypto_sign_seed_keypair(public, secret, seed);
		crypto_sign_detached(signature, NULL, text, n, secret);
		CHECK(is(public, 32, rows[i][1]) && is(signature, 64, rows[i][3]), "row %zu", i);
		CHECK(crypto_sign_verify_detached(signature, text, n, public) == 0, "row %zu", i);
		signature[i] ^= 1;
		CHECK(crypto_sign_verify_detached(signature, text, n, public) != 0, "row %zu", i);
	}
}

/* RFC 7693, appendix E: bytes of a Fibonacci generator. */
static void
sequence(unsigned char *to, size_t n, uint32_t seed)
{
	uint32_t a = 0xdead4bad * seed, b = 1, t;

	for (size_t i = 0; i < n; i++) {
		t = a + b;
		a = b;
		b = t;
		to[i] = (unsigned char)(t >> 24);
	}
}

/* RFC 7693, appendices A and E: a hash of hashes of many lengths, with and without a key. */
static void
test_blake2b(void)
{
	static const size_t lengths[] = { 20, 32, 48, 64 }, inputs[] = { 0, 3, 128, 129, 255, 1024 };
	unsigned char in[1024], hash[64], key[64];
	crypto_generichash_blake2b_state all;

	crypto_generichash_blake2b(hash, 64, (const unsigned char *)"abc", 3, NULL, 0);
	CHECK(is(hash, 64, "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
	    "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"), "abc");
	crypto_generichash_blake2b_init(&all, NULL, 0, 32);
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 6; j++) {
			sequence(in, inputs[j], (uint32_t)inputs[j]);
			crypto_generichash_blake2b(hash, lengths[i], in, inputs[j], NULL, 0);
			crypto_generichash_blake2b_update(&all, hash, lengths[i]);
			sequence(key, lengths[i], (uint32_t)lengths[i]);
			crypto_generichash_blake2b(hash, lengths[i], in, inputs[j], key, lengths[i]);
			crypto_generichash_blake2b_update(&all, hash, lengths[i]);
		}
	crypto_generichash_blake2b_final(&all, hash, 32);
	CHECK(is(hash, 32, "c23a7800d98123bd10f506c61e29da5603d763b8bbad2e737f5e765a7bccd475"),
	    "the hash of hashes");
}

/* NIST SP 800-38A, F.5.5. */
static void
test_aes(void)
{
	unsigned char key[MOST], counter[MOST], text[MOST], out[MOST];
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n;

	bytes(key, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
	bytes(counter, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
	bytes(text, "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51"
	    "30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710");
	CHECK(EVP_EncryptInit_ex(c, EVP_aes_256_ctr(), NULL, key, counter) == 1 &&
	    EVP_EncryptUpdate(c, out, &n, text, 64) == 1 && n == 64, "AES-256-CTR");
	CHECK(is(out, 64, "601ec313775789a5b7a7f504bbf3d228 f443e3ca4d62b59aca84e990cacaf5c5"
	    "2b0930daa23de94ce87017ba2d84988d dfc9c58db67aada613c2dd08457941a6"), "AES-256-CTR");
	EVP_CIPHER_CTX_free(c);
}

/* draft-irtf-cfrg-xchacha-03, A.3.1. */
static void
test_xchacha(void)
{
	static const char text[] = "Ladies and Gentlemen of the class of '99: If I could offer you "
	    "only one tip for the future, sunscreen would be it.";
	unsigned char key[MOST], nonce[MOST], more[MOST], box[MOST], open[MOST];
	unsigned long long n, m;
	size_t more_n = bytes(more, "50515253c0c1c2c3c4c5c6c7");

	bytes(key, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
	bytes(nonce, "404142434445464748494a4b4c4d4e4f5051525354555657");
	crypto_aead_xchacha20poly1305_ietf_encrypt(box, &n, (const unsigned char *)text,
	    strlen(text), more, more_n, NULL, nonce, key);
	CHECK(is(box, (size_t)n, "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
	    "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
	    "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
	    "21f9664c97637da9768812f615c68b13b52e c0875924c1c7987947deafd8780acf49"), "the box");
	CHECK(crypto_aead_xchacha20poly1305_ietf_decrypt(open, &m, NULL, box, n, more, more_n, nonce,
	    key) == 0 && m == strlen(text) && memcmp(open, text, m) == 0, "opened");
	box[n - 1] ^= 128;
	CHECK(crypto_aead_xchacha20poly1305_ietf_decrypt(open, &m, NULL, box, n, more, more_n, nonce,
	    key) != 0, "a bit of the tag");
}

/* The strings of the reference implementation's own test (phc-winner-argon2, src/test.c); and
 * crypto_pwhash, whose salts are longer, computes what such a string holds. */
static void
test_argon2id(void)
{
	static const char *const rows[] = {
		"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
	};
	static const unsigned char salt[16] = "sixteen of salt";
	char salt64[64], hash64[64], text[256];
	unsigned char hash[32];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		CHECK(crypto_pwhash_str_verify(rows[i], "password", 8) == 0, "row %zu", i);
		CHECK(crypto_pwhash_str_verify(rows[i], "differentpassword", 17) != 0, "row %zu", i);
	}
	CHECK(crypto_pwhash(hash, sizeof hash, "password", 8, salt, 3, 65536 * 1024ULL,
	    crypto_pwhash_ALG_ARGON2ID13) == 0, "a key");
	sodium_bin2base64(salt64, sizeof salt64, salt, sizeof salt,
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	sodium_bin2base64(hash64, sizeof hash64, hash, sizeof hash,
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	snprintf(text, sizeof text, "$argon2id$v=19$m=65536,t=3,p=1$%s$%s", salt64, hash64);
	CHECK(crypto_pwhash_str_verify(text, "password", 8) == 0, "%s", text);
}

int
main(void)
{
	CHECK(sodium_init() >= 0, "libsodium");
	test_x25519();
	test_x25519_repeated();
	test_ed25519();
	test_blake2b();
	test_aes();
	test_xchacha();
	test_argon2id();
	return unit_done();
}

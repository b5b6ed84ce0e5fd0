#include "mask/prg.h"
#include "base/memory.h"
#include "base/simd.h"
#include "mask/prg_avx2.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Streams are made in blocks that stay in the nearest cache: first the blocks of all keys of a
 * batch, then their next blocks. A block is a whole number of values of every width. */
enum { BLOCK = 8160, BATCH = 64, AES_BLOCK = 16, EIGHT = 8 };

/* Adds the sums to n values, modulo most + 1. */
typedef void folder(uint64_t *values, const void *sum, size_t n, uint64_t most);

#define FOLDER(name, type) \
FLP_SIMD static void \
name(uint64_t *values, const void *sum, size_t n, uint64_t most) \
{ \
	const type *from = sum; \
\
	for (size_t i = 0; i < n; i++) \
		values[i] = (values[i] + from[i]) & most; \
}

/* Adds n packed values to the sums, or subtracts them. */
typedef void adder(void *sum, const unsigned char *bytes, size_t n, int subtract);

/* Reads sizeof(type) bytes at every `step` bytes. The extra bytes end up above the bits of the
 * sum. */
#define ADDER(name, type, step) \
FLP_SIMD static void \
name(void *sum, const unsigned char *bytes, size_t n, int subtract) \
{ \
	const type flip = (type)(subtract ? -1 : 0); \
	type *to = sum, v; \
\
	for (size_t i = 0; i < n; i++) { \
		memcpy(&v, bytes + i * (step), sizeof v); \
		to[i] = (type)(to[i] + ((v ^ flip) - flip)); \
	} \
}

FOLDER(fold_16, uint16_t)
FOLDER(fold_32, uint32_t)
FOLDER(fold_64, uint64_t)

ADDER(add_16, uint16_t, 2)
ADDER(add_24, uint32_t, 3)
ADDER(add_32, uint32_t, 4)
ADDER(add_48, uint64_t, 6)
ADDER(add_64, uint64_t, 8)

static const struct width {
	unsigned bits;
	size_t wide; /* bytes of a sum */
	folder *fold;
	adder *add;
	adder *avx2; /* NULL: the plain one is as fast */
} widths[] = {
	{ 16, sizeof(uint16_t), fold_16, add_16, NULL },
#ifdef __x86_64__
	{ 24, sizeof(uint32_t), fold_32, add_24, flp_prg_avx2_24 },
	{ 48, sizeof(uint64_t), fold_64, add_48, flp_prg_avx2_48 },
#else
	{ 24, sizeof(uint32_t), fold_32, add_24, NULL },
	{ 48, sizeof(uint64_t), fold_64, add_48, NULL },
#endif
	{ 32, sizeof(uint32_t), fold_32, add_32, NULL },
	{ 64, sizeof(uint64_t), fold_64, add_64, NULL },
};

struct work {
	_Alignas(64) unsigned char stream[BLOCK + 64];
	_Alignas(64) unsigned char sum[BLOCK * 2];
	const struct width *width;
	adder *avx2; /* NULL: the plain one does all values */
	EVP_CIPHER *cipher;
	EVP_CIPHER_CTX *context[BATCH];
};

static int
failed(struct flp_error *e)
{
	return flp_error_system(e, 0, "AES-256 of libcrypto fails");
}

/* Starts libcrypto without its configuration files and its exit handler. */
static int
start(struct flp_error *e)
{
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) != 1)
		return failed(e);
	return 0;
}

static const struct width *
width_of(unsigned bits, uint64_t first, size_t n, struct flp_error *e)
{
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		if (widths[i].bits == bits && n <= UINT64_MAX / 8 && first <= UINT64_MAX / 8 - n)
			return &widths[i];
	flp_error_misuse(e, "a mask of %zu values of %u bits", n, bits);
	return NULL;
}

static void
counter(unsigned char block[AES_BLOCK], uint64_t number)
{
	memset(block, 0, AES_BLOCK);
	for (int i = 0; i < 8; i++)
		block[AES_BLOCK - 1 - i] = (unsigned char)(number >> 8 * i);
}

/* Makes the next n bytes of a stream, at most BLOCK. */
static int
next(EVP_CIPHER_CTX *context, unsigned char *to, size_t n, struct flp_error *e)
{
	static const unsigned char zeros[BLOCK];
	int done;

	if (EVP_EncryptUpdate(context, to, &done, zeros, (int)n) != 1 || (size_t)done != n)
		return failed(e);
	return 0;
}

/* Moves the streams of the keys to byte `at`. */
static int
seek(struct work *w, const struct flp_prg_key *keys, size_t count, uint64_t at,
    struct flp_error *e)
{
	unsigned char block[AES_BLOCK];

	counter(block, at / AES_BLOCK);
	for (size_t i = 0; i < count; i++) {
		if (w->context[i] == NULL && (w->context[i] = EVP_CIPHER_CTX_new()) == NULL)
			return failed(e);
		if (EVP_EncryptInit_ex2(w->context[i], w->cipher, keys[i].key, block, NULL) != 1)
			return failed(e);
		if (next(w->context[i], w->stream, at % AES_BLOCK, e) < 0)
			return -1;
	}
	return 0;
}

/* Adds the stream's next n values to the sums, eight at a time if AVX2 is used. */
static void
add_stream(struct work *w, size_t n, int subtract)
{
	const size_t whole = w->avx2 == NULL ? 0 : n / EIGHT * EIGHT;

	if (whole > 0)
		w->avx2(w->sum, w->stream, whole, subtract);
	w->width->add(w->sum + whole * w->width->wide, w->stream + whole * (w->width->bits / 8),
	    n - whole, subtract);
}

static int
add_block(struct work *w, uint64_t *values, size_t n, const struct flp_prg_key *keys,
    size_t count, struct flp_error *e)
{
	memset(w->sum, 0, n * w->width->wide);
	for (size_t i = 0; i < count; i++) {
		if (next(w->context[i], w->stream, n * w->width->bits / 8, e) < 0)
			return -1;
		add_stream(w, n, keys[i].subtract);
	}
	w->width->fold(values, w->sum, n, UINT64_MAX >> (64 - w->width->bits));
	return 0;
}

static int
add_batch(struct work *w, uint64_t *values, uint64_t first, size_t n,
    const struct flp_prg_key *keys, size_t count, struct flp_error *e)
{
	const size_t bytes = w->width->bits / 8, most = BLOCK / bytes;

	if (seek(w, keys, count, first * bytes, e) < 0)
		return -1;
	for (size_t at = 0, now; at < n; at += now) {
		now = n - at < most ? n - at : most;
		if (add_block(w, values + at, now, keys, count, e) < 0)
			return -1;
	}
	return 0;
}

static struct work *
work_new(const struct width *width, struct flp_error *e)
{
	struct work *w = flp_memory_new(1, sizeof *w, e);

	if (w == NULL)
		return NULL;
	w->width = width;
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		w->avx2 = width->avx2;
#endif
	if ((w->cipher = EVP_CIPHER_fetch(NULL, "AES-256-CTR", NULL)) != NULL)
		return w;
	failed(e);
	free(w);
	return NULL;
}

static void
work_free(struct work *w)
{
	for (size_t i = 0; i < BATCH; i++)
		EVP_CIPHER_CTX_free(w->context[i]); /* wipes the key */
	EVP_CIPHER_free(w->cipher);
	sodium_memzero(w, sizeof *w);
	free(w);
}

int
flp_prg_add(uint64_t *values, uint64_t first, size_t n, unsigned bits,
    const struct flp_prg_key *keys, size_t count, struct flp_error *e)
{
	const struct width *width = width_of(bits, first, n, e);
	struct work *w;
	size_t i = 0, now;
	int status;

	if (width == NULL || start(e) < 0 || (w = work_new(width, e)) == NULL)
		return -1;
	do { /* at least once: without keys this only reduces the values */
		now = count - i < BATCH ? count - i : BATCH;
		status = add_batch(w, values, first, n, keys + i, now, e);
		i += now;
	} while (i < count && status == 0);
	work_free(w);
	return status;
}

int
flp_prg_add_record(struct flp_record *vector, unsigned bits, const struct flp_prg_key *keys,
    size_t count, struct flp_error *e)
{
	const struct flp_tensor *t = vector->header.tensor;
	uint64_t at = 0;

	for (size_t i = 0; i < vector->header.tensors; at += t[i++].count) {
		if (t[i].dtype != FLP_DTYPE_U64)
			return flp_error_misuse(e, "masks of a tensor of %s", flp_dtype_name(t[i].dtype));
		if (flp_prg_add(vector->values[i], at, (size_t)t[i].count, bits, keys, count, e) < 0)
			return -1;
	}
	return 0;
}

/* Value by value from the cipher's single blocks. */
static int
value_ref(uint64_t *value, uint64_t at, size_t bytes, EVP_CIPHER_CTX *single, struct flp_error *e)
{
	unsigned char block[AES_BLOCK], stream[AES_BLOCK];
	int done;

	*value = 0;
	for (size_t i = 0; i < bytes; i++) {
		counter(block, (at + i) / AES_BLOCK);
		if (EVP_EncryptUpdate(single, stream, &done, block, AES_BLOCK) != 1)
			return failed(e);
		*value |= (uint64_t)stream[(at + i) % AES_BLOCK] << 8 * i;
	}
	return 0;
}

static int
add_ref(uint64_t *values, uint64_t first, size_t n, unsigned bits, const struct flp_prg_key *key,
    EVP_CIPHER_CTX *single, struct flp_error *e)
{
	uint64_t value;

	if (EVP_EncryptInit_ex(single, EVP_aes_256_ecb(), NULL, key->key, NULL) != 1)
		return failed(e);
	for (size_t i = 0; i < n; i++) {
		if (value_ref(&value, (first + i) * (bits / 8), bits / 8, single, e) < 0)
			return -1;
		values[i] += key->subtract ? -value : value;
		values[i] &= UINT64_MAX >> (64 - bits);
	}
	return 0;
}

int
flp_prg_add_ref(uint64_t *values, uint64_t first, size_t n, unsigned bits,
    const struct flp_prg_key *keys, size_t count, struct flp_error *e)
{
	EVP_CIPHER_CTX *single;
	int status = 0;

	if (width_of(bits, first, n, e) == NULL || start(e) < 0)
		return -1;
	if ((single = EVP_CIPHER_CTX_new()) == NULL)
		return failed(e);
	for (size_t i = 0; i < count && status == 0; i++)
		status = add_ref(values, first, n, bits, &keys[i], single, e);
	EVP_CIPHER_CTX_free(single);
	return status;
}

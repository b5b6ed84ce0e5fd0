/* mask-kdf: fields are kept apart, points of small order are not accepted as keys, and secrets are
 * in memory that leaves no core. */
#include "mask/hidden.h"
#include "mask/kdf.h"
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct flp_error e;

/* The results of Python's hashlib.blake2b(text, digest_size=32, key=key). */
static void
test_published(void)
{
	static const unsigned char keyed[32] = { 0x7b, 0xec, 0xed, 0x93, 0x9c, 0xb6, 0xdb, 0x60, 0x8a, 0xad, 0x2b, 0x02,
		0x6d, 0x9d, 0x16, 0x35, 0xe4, 0x2b, 0xea, 0x21, 0x8b, 0x3c, 0x8c, 0xd3,
		0x8e, 0xce, 0xa4, 0xc4, 0xcf, 0xaa, 0x1d, 0xf6 };
	static const unsigned char plain[32] = { 0xb7, 0xcf, 0x07, 0x78, 0xc6, 0x90, 0x1e, 0xea, 0xc9, 0xd1, 0xa7, 0x52,
		0x35, 0x83, 0xfc, 0x32, 0x44, 0x49, 0x30, 0x60, 0x53, 0x43, 0xde, 0x11,
		0x91, 0x6e, 0x6b, 0xc7, 0xef, 0x59, 0xc4, 0x52 };
	unsigned char secret[32], out[32];
	struct flp_kdf k;

	memset(secret, 7, sizeof secret);
	flp_kdf_begin(&k, secret, "silo");
	flp_kdf_text(&k, "a session");
	flp_kdf_u64(&k, 0x0123456789abcdef);
	flp_kdf_bytes(&k, "\0\1", 2);
	flp_kdf_end(&k, out);
	CHECK(memcmp(out, keyed, 32) == 0, "under a secret");
	CHECK(sodium_is_zero((const unsigned char *)&k, sizeof k), "what is left of the state");
	flp_kdf_begin(&k, NULL, "certificate");
	flp_kdf_text(&k, "");
	flp_kdf_end(&k, out);
	CHECK(memcmp(out, plain, 32) == 0, "without a secret");
}

/* The hash of up to three fields under a secret of zeros; NULL leaves one out. */
static void
hash(unsigned char out[32], const char *label, const char *a, const char *b, const char *c)
{
	static const unsigned char secret[32];
	const char *const field[] = { a, b, c };
	struct flp_kdf k;

	flp_kdf_begin(&k, secret, label);
	for (size_t i = 0; i < 3; i++)
		if (field[i] != NULL)
			flp_kdf_text(&k, field[i]);
	flp_kdf_end(&k, out);
}

/* Lists that differ only in the field to which a byte belongs have different hashes. */
static void
test_apart(void)
{
	static const char *const lists[][4] = {
		{ "pair", "ab", "c", "" }, { "pair", "a", "bc", "" }, { "pair", "abc", "", "" },
		{ "pair", "", "abc", "" }, { "pair", "abc", "", NULL }, { "pair", "abc", NULL, NULL },
		{ "paira", "bc", "", "" }, { "pair", "", "", "abc" }, { "pai", "rab", "c", "" },
		{ "pair", NULL, NULL, NULL }, { "self", "ab", "c", "" },
	};
	enum { N = sizeof lists / sizeof *lists };
	unsigned char out[N][32];

	for (size_t i = 0; i < N; i++) {
		hash(out[i], lists[i][0], lists[i][1], lists[i][2], lists[i][3]);
		for (size_t j = 0; j < i; j++)
			CHECK(memcmp(out[i], out[j], 32) != 0, "lists %zu and %zu", i, j);
	}
}

/* Two sides agree on a secret, and a third gets another one. */
static void
test_agree(void)
{
	unsigned char secret[3][32], public[3][32], ab[32], ba[32], ac[32];

	for (size_t i = 0; i < 3; i++) {
		memset(secret[i], (int)(i + 1), 32);
		flp_kdf_public(public[i], secret[i]);
	}
	CHECK(flp_kdf_agree(ab, secret[0], public[1], &e) == 0 &&
	    flp_kdf_agree(ba, secret[1], public[0], &e) == 0 &&
	    flp_kdf_agree(ac, secret[0], public[2], &e) == 0, "%s", e.text);
	CHECK(memcmp(ab, ba, 32) == 0 && memcmp(ab, ac, 32) != 0, "the shared secrets");
}

/* All points of curve25519 and its twist whose order divides 8, in every spelling of 32 bytes:
 * 0, 1, two of order 8, and -1, modulo p; p and p + 1; and each with the highest bit set, which
 * X25519 ignores. */
static void
test_small_order(void)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	unsigned char secret[32], point[32], shared[32];

	for (size_t i = 0; i < 2 * sizeof points / sizeof *points; i++) {
		for (size_t j = 0; j < 32; j++)
			secret[j] = (unsigned char)(37 * i + j);
		CHECK(sodium_hex2bin(point, 32, points[i / 2], 64, NULL, NULL, NULL) == 0, "%zu", i);
		point[31] |= i % 2 == 1 ? 0x80 : 0;
		memset(shared, 1, 32);
		CHECK(flp_kdf_agree(shared, secret, point, &e) == -1 && e.code == FLP_ERROR_BAD,
		    "%s, %zu", points[i / 2], i % 2);
		CHECK(sodium_is_zero(shared, 32), "what is left of %s", points[i / 2]);
	}
	CHECK(strcmp(e.text, "expected a public key of X25519, found a point of small order") == 0,
	    "%s", e.text);
}

static void
test_no_core(void)
{
	struct rlimit limit;

	CHECK(flp_hidden_begin(&e) == 0, "%s", e.text);
	CHECK(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0,
	    "core dumps are limited to %llu bytes", (unsigned long long)limit.rlim_max);
	CHECK(prctl(PR_GET_DUMPABLE) == 0, "the process can be dumped");
}

/* Runs in a child process, which a write past the end must kill. */
static int
past_the_end(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		volatile unsigned char *secret = flp_hidden_new(3, 32, &e);

		signal(SIGSEGV, SIG_DFL);
		if (secret != NULL)
			secret[96] = 1;
		_exit(0);
	}
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status);
}

static void
test_hidden(void)
{
	unsigned char *secret = flp_hidden_new(1000, 32, &e);

	CHECK(secret != NULL && sodium_is_zero(secret, 32000), "%s", e.text);
	memset(secret, 5, 32000);
	flp_hidden_free(secret);
	flp_hidden_free(NULL);
	CHECK(past_the_end(), "a write past the end");
	CHECK(flp_hidden_new((size_t)-1 / 16, 32, &e) == NULL && e.code == FLP_ERROR_SYSTEM,
	    "more than there is");
}

int
main(void)
{
	CHECK(sodium_init() >= 0, "libsodium");
	test_published();
	test_apart();
	test_agree();
	test_small_order();
	test_hidden();
	test_no_core();
	return unit_done();
}

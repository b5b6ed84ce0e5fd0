#include "mask/estimate.h"
#include "base/memory.h"
#include "kernel/ring.h"
#include "mask/finder.h"
#include "mask/kdf.h"
#include "mask/message.h"
#include "mask/prg.h"
#include "mask/shamir.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LEAST .01 /* seconds that each operation is measured for */
#define VALUES ((size_t)1 << 16)
#define KEYS 16
#define SHARES 16

/* The bytes that are sent besides values, from fl(5). */
#define KEY_BYTES (3 * 32)
#define SHARE_BYTES (4 + FLP_MESSAGE_BOX + FLP_MESSAGE_CHECK)
#define COMMIT_BYTES 32
#define REVEAL_BYTES (4 + 1 + 32)

/* The data that the measured operations work on. */
struct bench {
	uint64_t *values;
	unsigned bits;
	struct flp_prg_key key[KEYS];
	unsigned char secret[32], public[32], sign[64], sign_public[32], signature[64];
	uint32_t x[SHARES];
	unsigned char share[SHARES][FLP_SHAMIR_BYTES];
};

static int
run_mask(struct bench *b, struct flp_error *e)
{
	return flp_prg_add(b->values, 0, VALUES, b->bits, b->key, KEYS, e);
}

static int
run_digest(struct bench *b, struct flp_error *e)
{
	(void)e;
	return crypto_generichash_blake2b(b->key[0].key, sizeof b->key[0].key, (const void *)b->values,
	    VALUES * sizeof *b->values, NULL, 0);
}

static int
run_agree(struct bench *b, struct flp_error *e)
{
	return flp_kdf_agree(b->key[0].key, b->secret, b->public, e);
}

static int
run_check(struct bench *b, struct flp_error *e)
{
	return crypto_sign_verify_detached(b->signature, b->public, sizeof b->public,
	    b->sign_public) == 0 ? 0 : flp_error_misuse(e, "a signature that was just made");
}

static int
run_share(struct bench *b, struct flp_error *e)
{
	return flp_shamir_split(b->share[0], SHARES, b->x, SHARES, b->share, e);
}

static int
run_add(struct bench *b, struct flp_error *e)
{
	(void)e;
	flp_ring_add(b->values, b->values, VALUES, b->bits);
	return 0;
}

static double
now(void)
{
	struct timespec clock;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &clock);
	return (double)clock.tv_sec + (double)clock.tv_nsec * 1e-9;
}

/* Measures the seconds of one operation. A run does `count` of them. */
static int
measure(double *seconds, int (*run)(struct bench *, struct flp_error *), double count,
    struct bench *b, struct flp_error *e)
{
	double from, time;
	unsigned runs = 0;

	if (run(b, e) < 0) /* once, to warm the caches */
		return -1;
	from = now();
	do
		if (run(b, e) < 0)
			return -1;
	while (runs++, (time = now() - from) < LEAST);
	*seconds = time / runs / count;
	return 0;
}

static int
begin(struct bench *b, unsigned bits, struct flp_error *e)
{
	memset(b, 0, sizeof *b);
	b->bits = bits;
	for (size_t i = 0; i < KEYS; i++)
		b->key[i].key[0] = (unsigned char)(i + 1);
	for (uint32_t i = 0; i < SHARES; i++)
		b->x[i] = i + 1;
	b->secret[0] = b->share[0][0] = 9;
	flp_kdf_public(b->public, b->secret);
	crypto_sign_seed_keypair(b->sign_public, b->sign, b->secret);
	crypto_sign_detached(b->signature, NULL, b->public, sizeof b->public, b->sign);
	return (b->values = flp_memory_new(VALUES, sizeof *b->values, e)) == NULL ? -1 : 0;
}

int
flp_estimate_measure(struct flp_estimate_speed *speed, unsigned bits, struct flp_error *e)
{
	struct bench b;
	int status = -1;

	if (begin(&b, bits, e) < 0)
		return -1;
	if (measure(&speed->mask, run_mask, (double)(VALUES * KEYS * bits / 8), &b, e) == 0 &&
	    measure(&speed->digest, run_digest, (double)(VALUES * sizeof *b.values), &b, e) == 0 &&
	    measure(&speed->agree, run_agree, 1, &b, e) == 0 &&
	    measure(&speed->check, run_check, 1, &b, e) == 0 &&
	    measure(&speed->share, run_share, SHARES * SHARES, &b, e) == 0 &&
	    measure(&speed->add, run_add, (double)VALUES, &b, e) == 0)
		status = 0;
	free(b.values);
	return status;
}

static void
find_silo(struct flp_estimate *s, const struct flp_estimate_speed *t)
{
	double n = (double)s->clients, d = (double)s->values, width = s->bits / 8;

	s->bytes = s->values * (s->bits / 8);
	/* the digest twice: of what is masked, and of what is signed */
	s->client = (n - 1) * (t->agree + d * width * t->mask) + 2 * d * 8 * t->digest;
	s->server = n * (t->check + d * (8 * t->digest + t->add));
}

void
flp_estimate_find(struct flp_estimate *s, const struct flp_estimate_speed *t)
{
	double n = (double)s->clients, d = (double)s->values, width = s->bits / 8;
	double k = (double)s->degree, threshold = (double)s->threshold;
	double gone = (double)flp_finder_lost(s->dropout, s->clients), stay = n - gone;
	/* in a complete graph a client holds a share of its own secrets too */
	uint64_t holders = s->degree + (s->degree + 1 == s->clients);

	if (s->silo) {
		find_silo(s, t);
		return;
	}
	s->bytes = s->values * (s->bits / 8) + KEY_BYTES + COMMIT_BYTES +
	    holders * (SHARE_BYTES + REVEAL_BYTES);
	/* a mask for each neighbour and one of its own; keys of masks and of boxes; two secrets */
	s->client = (k + 1) * d * width * t->mask + 2 * k * t->agree + k * t->check +
	    2 * k * threshold * t->share + d * 8 * t->digest;
	/* the own masks of those who stay, and all masks of those who are gone */
	s->server = (stay + gone * k) * d * width * t->mask + gone * k * t->agree +
	    n * threshold * t->share + 4 * n * t->check + stay * d * (8 * t->digest + t->add);
}

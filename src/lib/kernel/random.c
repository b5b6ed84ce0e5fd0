#include "kernel/random.h"

#include <Random123/philox.h>

/* The counter is 128 bits: the low two words count blocks, the upper two hold
 * the client. Round and purpose go into the key with the seed, by one Philox
 * step, so that near seeds and near rounds give unrelated keys. */
void
flp_random_init(struct flp_random *r, uint64_t seed, uint32_t round,
    uint64_t client, enum flp_purpose purpose)
{
	philox4x32_ctr_t c = {{ round, (uint32_t)purpose, 0x666c7031, 0 }};
	philox4x32_key_t k = {{ (uint32_t)seed, (uint32_t)(seed >> 32) }};

	c = philox4x32(c, k);
	r->key[0] = c.v[0];
	r->key[1] = c.v[1];
	r->counter[0] = r->counter[1] = 0;
	r->counter[2] = (uint32_t)client;
	r->counter[3] = (uint32_t)(client >> 32);
	r->used = 4;
}

static uint32_t
next(struct flp_random *r)
{
	if (r->used == 4) {
		philox4x32_ctr_t c = {{ r->counter[0], r->counter[1],
		    r->counter[2], r->counter[3] }};
		philox4x32_key_t k = {{ r->key[0], r->key[1] }};

		c = philox4x32(c, k);
		for (int i = 0; i < 4; i++)
			r->word[i] = c.v[i];
		if (++r->counter[0] == 0)
			r->counter[1]++;
		r->used = 0;
	}
	return r->word[r->used++];
}

uint64_t
flp_random_u64(struct flp_random *r)
{
	uint64_t low = next(r);

	return low | (uint64_t)next(r) << 32;
}

uint64_t
flp_random_below(struct flp_random *r, uint64_t n)
{
	unsigned __int128 m = (unsigned __int128)flp_random_u64(r) * n;

	if ((uint64_t)m < n) {
		uint64_t floor = (0 - n) % n;

		while ((uint64_t)m < floor)
			m = (unsigned __int128)flp_random_u64(r) * n;
	}
	return (uint64_t)(m >> 64);
}

double
flp_random_unit(struct flp_random *r)
{
	return (double)(flp_random_u64(r) >> 11) * 0x1p-53;
}

void
flp_random_shuffle(struct flp_random *r, uint32_t *x, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = flp_random_below(r, i);
		uint32_t swap = x[i - 1];

		x[i - 1] = x[j];
		x[j] = swap;
	}
}

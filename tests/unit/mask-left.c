/* mask-left: once secrets have been used and wiped, none is left in the memory of the process. */
#include "mask/hidden.h"
#include "mask/kdf.h"
#include "mask/prg.h"
#include "mask/shamir.h"
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HALF = 16, MOST = 16, LARGE = 1 << 26, PIECE = 1 << 16, FLIP = 0xa5,
	VALUES = 1000, DEEP = 1 << 16 };

static struct flp_error e;

/* The secrets to look for, in halves, with their bits changed, so that these are not found. */
static unsigned char sought[MOST][HALF];
static size_t seeking;

static void
seek(const unsigned char secret[32])
{
	for (size_t i = 0; i < 32; i++)
		sought[seeking + i / HALF][i % HALF] = secret[i] ^ FLIP;
	seeking += 2;
}

static int
is_sought(const unsigned char *p)
{
	for (size_t s = 0; s < seeking; s++) {
		size_t i = 0;

		while (i < HALF && (p[i] ^ FLIP) == sought[s][i])
			i++;
		if (i == HALF)
			return 1;
	}
	return 0;
}

struct secrets {
	unsigned char scalar[32], secret[32], shared[32], joined[32], share[5][32];
	uint64_t mask[VALUES];
	struct flp_prg_key key;
};

/* Everything that is done with the secrets of a client. */
static int
use(struct secrets *s)
{
	static const uint32_t x[] = { 1, 2, 3, 4, 5 };
	const unsigned char other[32] = { 9 };
	struct flp_kdf k;

	if (flp_shamir_random(s->scalar, &e) < 0)
		return -1;
	flp_kdf_begin(&k, s->scalar, "mask secret");
	flp_kdf_end(&k, s->secret);
	if (flp_kdf_agree(s->shared, s->secret, other, &e) < 0)
		return -1;
	flp_kdf_begin(&k, s->shared, "pair");
	flp_kdf_end(&k, s->key.key);
	if (flp_prg_add(s->mask, 0, VALUES, 64, &s->key, 1, &e) < 0 ||
	    flp_shamir_split(s->scalar, 3, x, 5, s->share, &e) < 0)
		return -1;
	return flp_shamir_join(s->joined, 3, x, (const unsigned char (*)[32])s->share, &e);
}

/* Deep in the stack, where the code that looks for the secrets does not overwrite them. */
static void
use_and_wipe(void)
{
	volatile unsigned char above[DEEP];
	struct secrets *s = flp_hidden_new(1, sizeof *s, &e);

	above[0] = above[DEEP - 1] = 0;
	CHECK(s != NULL && use(s) == 0 && memcmp(s->scalar, s->joined, 32) == 0, "%s", e.text);
	seek(s->scalar);
	seek(s->share[2]);
	seek(s->secret);
	seek(s->shared);
	seek(s->key.key);
	seek((const unsigned char *)(s->mask + VALUES - 100)); /* where no later block lies */
	flp_hidden_free(s);
	CHECK(above[0] == 0, "room on the stack");
}

/* Searches a region of memory, read through /proc/self/mem in pieces that overlap. */
static size_t
look(int memory, unsigned long from, unsigned long to)
{
	static unsigned char piece[PIECE];
	size_t found = 0;
	ssize_t n;

	for (; from < to; from += PIECE - HALF) {
		n = pread(memory, piece, to - from < PIECE ? to - from : PIECE, (off_t)from);
		for (ssize_t i = 0; i + HALF <= n; i++)
			found += (size_t)is_sought(piece + i);
	}
	return found;
}

/* All writable regions, except for the vast ones of a sanitizer. */
static size_t
look_everywhere(size_t *regions)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int memory = open("/proc/self/mem", O_RDONLY);
	unsigned long from, to;
	char line[512], may[8];
	size_t found = 0;

	CHECK(maps != NULL && memory >= 0, "the process's memory can't be read");
	while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
		if (sscanf(line, "%lx-%lx %7s", &from, &to, may) == 3 && may[0] == 'r' &&
		    may[1] == 'w' && to - from < LARGE) {
			found += look(memory, from, to);
			++*regions;
		}
	if (maps != NULL)
		fclose(maps);
	close(memory);
	return found;
}

/* If functions are bound at their first call, vector registers are saved on the stack then. */
int
main(int argc, char **argv)
{
	static volatile unsigned char copy[32];
	size_t regions = 0;

	if (argc == 1 && setenv("LD_BIND_NOW", "1", 1) == 0)
		execl(argv[0], argv[0], "again", (char *)NULL);
	CHECK(sodium_init() >= 0, "libsodium");
	use_and_wipe();
	CHECK(look_everywhere(&regions) == 0, "a secret is left in memory");
	CHECK(regions > 3, "%zu regions", regions);
	for (size_t i = 0; i < sizeof copy; i++)
		copy[i] = sought[i / HALF][i % HALF] ^ FLIP;
	CHECK(look_everywhere(&regions) > 0, "a copy of a secret is not found");
	return unit_done();
}

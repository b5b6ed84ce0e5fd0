/* For tests/masks.py, tests/shamir.py and tests/finder.py: reads a request a line, the name of
 * a function and its arguments in words, and prints its result in a line, or "refused". Bytes
 * are in hexadecimal digits.
 *
 *	mask KEY SUBTRACT BITS FIRST N         N values
 *	graph SEED N K SELF                    the neighbours
 *	kdf SECRET LABEL FIELD...              a key; SECRET - is none
 *	agree SECRET PUBLIC                    the shared secret
 *	split SECRET T X...                    a share for each X
 *	join X SHARE...                        the secret; X and SHARE in turn
 *	find N CORRUPT DROPOUT SECURITY CURIOUS  degree and threshold */
#include "mask/finder.h"
#include "mask/graph.h"
#include "mask/kdf.h"
#include "mask/prg.h"
#include "mask/shamir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 4096, LINE = 1 << 19, MOST = 1 << 20 };

static char *word[WORDS];
static struct flp_error e;

static uint64_t
number(const char *text)
{
	return strtoull(text, NULL, 10);
}

static size_t
unhex(unsigned char *to, const char *text)
{
	size_t n = 0;

	if (sodium_hex2bin(to, LINE, text, strlen(text), NULL, &n, NULL) != 0)
		exit(1);
	return n;
}

static void
print_hex(const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%02x", bytes[i]);
	putchar(' ');
}

static int
mask(size_t count)
{
	static uint64_t values[MOST];
	struct flp_prg_key key = { .subtract = (int)number(word[1]) };
	size_t n = number(word[4]);

	(void)count;
	unhex(key.key, word[0]);
	memset(values, 0, sizeof values);
	if (n > MOST || flp_prg_add(values, number(word[3]), n, (unsigned)number(word[2]), &key, 1,
	    &e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		printf("%llu ", (unsigned long long)values[i]);
	return 0;
}

static int
graph(size_t count)
{
	static uint32_t to[MOST];
	struct flp_graph g;
	unsigned char seed[32];

	(void)count;
	unhex(seed, word[0]);
	if (number(word[2]) > MOST || number(word[3]) >= number(word[1]) ||
	    flp_graph_begin(&g, seed, number(word[1]), number(word[2]), &e) < 0)
		return -1;
	flp_graph_neighbours(&g, number(word[3]), to);
	flp_graph_end(&g);
	for (size_t i = 0; i < number(word[2]); i++)
		printf("%lu ", (unsigned long)to[i]);
	return 0;
}

static int
kdf(size_t count)
{
	static unsigned char bytes[LINE];
	struct flp_kdf k;

	if (strcmp(word[0], "-") != 0)
		unhex(bytes, word[0]);
	flp_kdf_begin(&k, strcmp(word[0], "-") == 0 ? NULL : bytes, word[1]);
	for (size_t i = 2; i < count; i++)
		flp_kdf_bytes(&k, bytes, unhex(bytes, word[i]));
	flp_kdf_end(&k, bytes);
	print_hex(bytes, 32);
	return 0;
}

static int
agree(size_t count)
{
	unsigned char secret[32], public[32], shared[32];

	(void)count;
	unhex(secret, word[0]);
	unhex(public, word[1]);
	if (flp_kdf_agree(shared, secret, public, &e) < 0)
		return -1;
	print_hex(shared, 32);
	return 0;
}

static int
split(size_t count)
{
	static unsigned char share[WORDS][32];
	static uint32_t x[WORDS];
	unsigned char secret[32];

	unhex(secret, word[0]);
	for (size_t i = 2; i < count; i++)
		x[i - 2] = (uint32_t)number(word[i]);
	if (flp_shamir_split(secret, (unsigned)number(word[1]), x, count - 2, share, &e) < 0)
		return -1;
	for (size_t i = 2; i < count; i++)
		print_hex(share[i - 2], 32);
	return 0;
}

static int
join(size_t count)
{
	static unsigned char share[WORDS][32];
	static uint32_t x[WORDS];
	unsigned char secret[32];

	for (size_t i = 0; i + 1 < count; i += 2) {
		x[i / 2] = (uint32_t)number(word[i]);
		unhex(share[i / 2], word[i + 1]);
	}
	if (flp_shamir_join(secret, (unsigned)(count / 2), x, (const unsigned char (*)[32])share,
	    &e) < 0)
		return -1;
	print_hex(secret, 32);
	return 0;
}

static int
find(size_t count)
{
	struct flp_finder f = { .n = number(word[0]), .corrupt = strtod(word[1], NULL),
		.dropout = strtod(word[2], NULL), .security = (unsigned)number(word[3]),
		.curious = (int)number(word[4]) };

	(void)count;
	if (flp_finder_find(&f, &e) < 0)
		return -1;
	printf("%llu %llu", (unsigned long long)f.degree, (unsigned long long)f.threshold);
	return 0;
}

static const struct {
	const char *name;
	size_t least; /* words after the name */
	int (*call)(size_t count);
} calls[] = {
	{ "mask", 5, mask }, { "graph", 4, graph }, { "kdf", 2, kdf }, { "agree", 2, agree },
	{ "split", 3, split }, { "join", 2, join }, { "find", 5, find },
};

int
main(void)
{
	static char line[LINE];

	while (fgets(line, sizeof line, stdin) != NULL) {
		const char *name = strtok(line, " \n");
		size_t count = 0, i = 0;

		for (char *w; count < WORDS && (w = strtok(NULL, " \n")) != NULL; count++)
			word[count] = w;
		while (i < sizeof calls / sizeof *calls &&
		    (name == NULL || strcmp(calls[i].name, name) != 0))
			i++;
		if (i == sizeof calls / sizeof *calls || count < calls[i].least)
			return 1;
		if (calls[i].call(count) < 0)
			printf("refused");
		putchar('\n');
	}
	return 0;
}

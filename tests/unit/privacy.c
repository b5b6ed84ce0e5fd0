/* The privacy states: all pairs of them joined, and the states that each kind may
 * have, against the table in fl(5). The page is $PAGE, man/fl.5 where that is not set. */
#include "format/privacy.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

/* From the least protected on. Masked stands apart. */
static const enum flp_privacy order[] = { FLP_PRIVACY_RAW, FLP_PRIVACY_CLIPPED,
	FLP_PRIVACY_NOISED, FLP_PRIVACY_PUBLIC };

static int
place(enum flp_privacy state)
{
	for (int i = 0; i < 4; i++)
		if (order[i] == state)
			return i;
	return -1;
}

/* 99 for an error, which must leave what was there. */
static int
join(int a, int b, struct flp_error *e)
{
	enum flp_privacy joined = 99;
	int status = flp_privacy_join(&joined, (enum flp_privacy)a, (enum flp_privacy)b, e);

	CHECK((status == 0) == (joined != 99), "%d and %d: %d, %d", a, b, status, (int)joined);
	return (int)joined;
}

static void
pairs(void)
{
	struct flp_error e;
	enum flp_privacy s;

	for (int a = 0; a < FLP_PRIVACIES; a++)
		for (int b = 0; b < FLP_PRIVACIES; b++) {
			int x = place(a), y = place(b), got = join(a, b, &e);

			if (a == FLP_PRIVACY_MASKED && b == FLP_PRIVACY_MASKED)
				CHECK(got == FLP_PRIVACY_MASKED, "masked: %d", got);
			else if (x >= 0 && y >= 0)
				CHECK(got == (int)order[x < y ? x : y], "%d and %d: %d", a, b, got);
			else
				CHECK(got == 99 && e.code == FLP_ERROR_BAD &&
				    strstr(e.text, "expected masked with masked alone, found ") != NULL,
				    "%d and %d: %d %s", a, b, got, e.text);
			for (int c = 0; c < FLP_PRIVACIES; c++) { /* the order does not matter */
				int left = got == 99 ? 99 : join(got, c, &e), right = join(b, c, &e);

				CHECK(left == (right == 99 ? 99 : join(a, right, &e)), "%d %d %d", a, b, c);
			}
			CHECK(got == join(b, a, &e), "%d and %d", a, b);
		}
	CHECK(join(5, 0, &e) == 99 && e.code == FLP_ERROR_SYSTEM, "unknown: %s", e.text);
	CHECK(join(0, -1, &e) == 99 && e.code == FLP_ERROR_SYSTEM, "unknown: %s", e.text);
	s = FLP_PRIVACY_NOISED;
	CHECK(flp_privacy_join(&s, s, FLP_PRIVACY_CLIPPED, &e) == 0 && s == FLP_PRIVACY_CLIPPED,
	    "in place");
}

/* The words of a line after the kind, as bits. */
static unsigned
states_of(char *words)
{
	unsigned states = 0;

	for (char *word = strtok(words, " \n"); word != NULL; word = strtok(NULL, " \n")) {
		int known = 0;

		for (int i = 0; i < FLP_PRIVACIES; i++)
			if (strcmp(word, flp_privacy_name((enum flp_privacy)i)) == 0) {
				states |= 1u << i;
				known = 1;
			}
		CHECK(known, "not a state: %s", word);
	}
	return states;
}

static void
page(void)
{
	const char *path = getenv("PAGE") ? getenv("PAGE") : "man/fl.5";
	FILE *f = fopen(path, "r");
	char line[200], name[80];
	int inside = 0, kind = 0, n;

	if (f == NULL) {
		perror(path);
		exit(4);
	}
	while (fgets(line, sizeof line, f) != NULL) {
		if (line[0] == '.' || !inside) {
			inside = strcmp(line, ".\\\" states begin\n") == 0 ||
			    (inside && strcmp(line, ".\\\" states end\n") != 0);
			continue;
		}
		kind++;
		CHECK(kind <= FLP_KINDS && sscanf(line, "%79s%n", name, &n) == 1, "%s: %s", path, line);
		if (kind > FLP_KINDS)
			break;
		CHECK(strcmp(name, flp_kind_name((enum flp_kind)kind)) == 0, "%s: expected %s: %s", path,
		    flp_kind_name((enum flp_kind)kind), line);
		CHECK(states_of(line + n) == flp_kind_states((enum flp_kind)kind), "%s: %s", path, name);
	}
	fclose(f);
	CHECK(kind == FLP_KINDS, "%s: %d kinds, there are %d", path, kind, FLP_KINDS);
}

static void
allowed(void)
{
	for (int kind = -1; kind <= FLP_KINDS + 1; kind++) {
		unsigned states = flp_kind_states((enum flp_kind)kind);

		CHECK((states != 0) == (flp_kind_name((enum flp_kind)kind) != NULL), "kind %d", kind);
		CHECK(states < 1u << FLP_PRIVACIES, "kind %d: %#x", kind, states);
		for (int s = -1; s < 40; s++)
			CHECK(flp_privacy_allowed((enum flp_kind)kind, (enum flp_privacy)s) ==
			    (s >= 0 && s < FLP_PRIVACIES && (states >> s & 1)), "kind %d state %d", kind, s);
		CHECK(((states >> FLP_PRIVACY_MASKED & 1) != 0) == (kind == FLP_KIND_MASKED), "%d", kind);
	}
	/* Any result of records that go together, and of none, can be written. */
	for (int kind = FLP_KIND_PARAMS; kind <= FLP_KIND_PARTIAL; kind++)
		for (int i = 0; i < 4; i++)
			CHECK(flp_privacy_allowed((enum flp_kind)kind, order[i]), "%d %d", kind, i);
	for (int i = 0; i < 4; i++)
		CHECK(flp_privacy_allowed(FLP_KIND_STATS, order[i]), "stats %d", i);
}

int
main(void)
{
	pairs();
	page();
	allowed();
	return unit_done();
}

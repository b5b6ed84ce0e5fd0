/* text/levels: many texts, found, refused, sorted. */
#include "text/levels.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 70000

static int
add(struct flp_levels *levels, const char *s, size_t limit)
{
	struct flp_error e;

	return flp_levels_add(levels, s, strlen(s), limit, &e);
}

static long
find(const struct flp_levels *levels, const char *s)
{
	return flp_levels_find(levels, s, strlen(s));
}

static void
test_many(void)
{
	struct flp_levels levels = { 0 };
	struct flp_error e;
	char text[32];

	CHECK(find(&levels, "u0") < 0, "in the empty set");
	for (int again = 0; again < 2; again++)
		for (int i = 0; i < MANY; i++) {
			sprintf(text, "u%d", (int)(i * 11L % MANY));
			CHECK(add(&levels, text, MANY) == 0, "%s", text);
		}
	CHECK(levels.n == MANY && add(&levels, "one more", MANY) < 0, "%zu", levels.n);
	for (int i = 0; i < MANY; i++) {
		sprintf(text, "u%d", (int)(i * 11L % MANY));
		CHECK(find(&levels, text) == i && strcmp(flp_levels_text(&levels, (size_t)i), text) == 0,
		    "%s", text);
	}
	CHECK(find(&levels, "u") < 0 && find(&levels, "u70000") < 0, "what is not in it");
	CHECK(flp_levels_sort(&levels, &e) == 0, "%s", e.text);
	for (size_t i = 1; i < levels.n; i++)
		CHECK(strcmp(flp_levels_text(&levels, i - 1), flp_levels_text(&levels, i)) < 0, "%zu", i);
	for (size_t i = 0; i < levels.n; i++)
		CHECK(find(&levels, flp_levels_text(&levels, i)) == (long)i, "%zu", i);
	CHECK(add(&levels, "behind", MANY + 1) == 0 && find(&levels, "behind") == MANY, "added");
	flp_levels_free(&levels);
}

static void
test_order(void)
{
	static const char *const text[] = { "10", "+1", "-1", "9", "1.5", "\xc3\xa9", "B", "a" };
	struct flp_levels levels = { 0 };
	struct flp_error e;
	char *lines = NULL;
	size_t n = 0;

	for (size_t i = 0; i < 5; i++)
		CHECK(add(&levels, text[i], 9) == 0, "%s", text[i]);
	CHECK(flp_levels_sort_numbers(&levels, &e) == 0 && flp_levels_lines(&levels, &lines, &n,
	    &e) == 0, "%s", e.text);
	CHECK(n == 15 && memcmp(lines, "-1\n+1\n1.5\n9\n10\n", n) == 0, "%.*s", (int)n, lines);
	free(lines);
	for (size_t i = 5; i < 8; i++)
		CHECK(add(&levels, text[i], 9) == 0, "%s", text[i]);
	CHECK(flp_levels_sort(&levels, &e) == 0 && flp_levels_lines(&levels, &lines, &n, &e) == 0,
	    "%s", e.text);
	CHECK(memcmp(lines, "+1\n-1\n1.5\n10\n9\nB\na\n\xc3\xa9\n", n) == 0, "%.*s", (int)n, lines);
	free(lines);
	flp_levels_free(&levels);
	CHECK(flp_levels_lines(&levels, &lines, &n, &e) == 0 && n == 0, "none");
	free(lines);
}

static void
test_refused(void)
{
	struct flp_levels levels = { 0 };
	char text[FLP_LEVELS_TEXT + 2];

	memset(text, 'x', sizeof text);
	text[FLP_LEVELS_TEXT] = '\0';
	CHECK(add(&levels, text, 9) == 0, "the longest");
	text[FLP_LEVELS_TEXT] = 'x';
	text[FLP_LEVELS_TEXT + 1] = '\0';
	CHECK(add(&levels, text, 9) < 0, "one byte more");
	CHECK(add(&levels, "", 9) < 0 && add(&levels, "a\tb", 9) < 0 && add(&levels, "\x80", 9) < 0,
	    "not printable");
	CHECK(levels.n == 1, "%zu", levels.n);
	flp_levels_free(&levels);
}

int
main(void)
{
	test_many();
	test_order();
	test_refused();
	return unit_done();
}

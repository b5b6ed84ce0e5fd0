/* text/texts: many texts, found, refused, sorted, parsed, compared. */
#include "text/texts.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define MANY 70000
#define FLOOD 2048

static int
add(struct flp_texts *texts, const char *s, size_t limit)
{
	struct flp_error e;

	return flp_texts_add(texts, s, strlen(s), limit, &e);
}

static long
find(const struct flp_texts *texts, const char *s)
{
	return flp_texts_find(texts, s, strlen(s));
}

static void
test_many(void)
{
	struct flp_texts texts = { 0 };
	struct flp_error e;
	char text[32];

	CHECK(find(&texts, "u0") < 0, "in the empty set");
	for (int again = 0; again < 2; again++)
		for (int i = 0; i < MANY; i++) {
			sprintf(text, "u%d", (int)(i * 11L % MANY));
			CHECK(add(&texts, text, MANY) == 0, "%s", text);
		}
	CHECK(texts.n == MANY && add(&texts, "one more", MANY) < 0, "%zu", texts.n);
	for (int i = 0; i < MANY; i++) {
		sprintf(text, "u%d", (int)(i * 11L % MANY));
		CHECK(find(&texts, text) == i && strcmp(flp_texts_get(&texts, (size_t)i), text) == 0,
		    "%s", text);
	}
	CHECK(find(&texts, "u") < 0 && find(&texts, "u70000") < 0, "what is not in it");
	CHECK(flp_texts_unsorted(&texts) == 10, "u110 after u99");
	CHECK(flp_texts_sort(&texts, &e) == 0, "%s", e.text);
	CHECK(flp_texts_unsorted(&texts) == MANY, "sorted");
	for (size_t i = 1; i < texts.n; i++)
		CHECK(strcmp(flp_texts_get(&texts, i - 1), flp_texts_get(&texts, i)) < 0, "%zu", i);
	for (size_t i = 0; i < texts.n; i++)
		CHECK(find(&texts, flp_texts_get(&texts, i)) == (long)i, "%zu", i);
	CHECK(add(&texts, "behind", MANY + 1) == 0 && find(&texts, "behind") == MANY, "added");
	flp_texts_free(&texts);
}

/* Texts that share a chain under XXH3 with the seed 0, in a table of 2 FLOOD slots. */
static void
test_flood(void)
{
	struct flp_texts texts = { 0 };
	size_t steps = 0, most = 0;
	char text[32];

	CHECK(flp_texts_steps(&texts, "a", 1) == 0, "of the empty set");
	for (uint64_t i = 0; texts.n < FLOOD; i++) {
		int n = sprintf(text, "%llx", (unsigned long long)i);

		if (XXH3_64bits(text, (size_t)n) % (2 * FLOOD) == 0)
			CHECK(add(&texts, text, FLOOD) == 0, "%s", text);
	}
	CHECK(texts.slots == 2 * FLOOD, "%zu slots", texts.slots);
	for (size_t i = 0; i < texts.n; i++) {
		const char *s = flp_texts_get(&texts, i);
		size_t n = flp_texts_steps(&texts, s, strlen(s));

		CHECK(find(&texts, s) == (long)i && n > 0, "%s", s);
		steps += n;
		most = n > most ? n : most;
	}
	/* At a load of 1/2 linear probing takes 1.5 steps on average. */
	CHECK(steps < 2 * FLOOD && most < 100, "%zu steps, at most %zu", steps, most);
	flp_texts_free(&texts);
}

static void
test_order(void)
{
	static const char *const text[] = { "10", "+1", "-1", "9", "1.5", "\xc3\xa9", "B", "a" };
	struct flp_texts texts = { 0 };
	struct flp_error e;
	char lines[32];

	for (size_t i = 0; i < 5; i++)
		CHECK(add(&texts, text[i], 9) == 0, "%s", text[i]);
	CHECK(flp_texts_sort_numbers(&texts, &e) == 0 && texts.used == 15, "%zu", texts.used);
	flp_texts_lines(&texts, lines);
	CHECK(memcmp(lines, "-1\n+1\n1.5\n9\n10\n", 15) == 0, "%.15s", lines);
	for (size_t i = 5; i < 8; i++)
		CHECK(add(&texts, text[i], 9) == 0, "%s", text[i]);
	CHECK(flp_texts_sort(&texts, &e) == 0 && texts.used == 22, "%zu", texts.used);
	flp_texts_lines(&texts, lines);
	CHECK(memcmp(lines, "+1\n-1\n1.5\n10\n9\nB\na\n\xc3\xa9\n", 22) == 0, "%.22s", lines);
	flp_texts_free(&texts);
}

static void
test_refused(void)
{
	struct flp_texts texts = { 0 };
	char text[FLP_TEXTS_BYTES + 2];

	memset(text, 'x', sizeof text);
	text[FLP_TEXTS_BYTES] = '\0';
	CHECK(add(&texts, text, 9) == 0, "the longest");
	text[FLP_TEXTS_BYTES] = 'x';
	text[FLP_TEXTS_BYTES + 1] = '\0';
	CHECK(add(&texts, text, 9) < 0, "one byte more");
	CHECK(add(&texts, "", 9) < 0 && add(&texts, "a\tb", 9) < 0 && add(&texts, "\x80", 9) < 0,
	    "not printable");
	CHECK(texts.n == 1, "%zu", texts.n);
	flp_texts_free(&texts);
}

/* Lines of fields. */
static void
test_fields(void)
{
	static const char *const good[] = { "a\tb\n", "a\n", "a\tb\tc\nb\n", "\xc3\xa9\t \n" };
	static const char *const bad[] = { "\ta\n", "a\t\n", "a\t\tb\n", "\t\n", "\n", "a\tb", "a\r\n",
		"a\tb\na\tb\n", "a\x01\tb\n", "a\tb\x7f\n" };
	struct flp_texts texts;
	struct flp_error e;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		CHECK(flp_texts_parse_fields(&texts, good[i], strlen(good[i]), &e) == 0 &&
		    texts.used == strlen(good[i]), "%s", good[i]);
		flp_texts_free(&texts);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(flp_texts_parse_fields(&texts, bad[i], strlen(bad[i]), &e) < 0, "%s", bad[i]);
}

/* A tensor's bytes, and the message about them. */
static void
test_bad(void)
{
	static const struct {
		const char *text;
		size_t n;
		const char *message;
	} bad[] = {
		{ "a", 1, "name 1: expected a newline at its end, found none" },
		{ "a\nb", 3, "name 2: expected a newline at its end, found none" },
		{ "\n", 1, "name 1: expected printable UTF-8, found an empty line" },
		{ "a\n\nb\n", 5, "name 2: expected printable UTF-8, found an empty line" },
		{ "a\nb\na\n", 6, "name \"a\": found twice" },
		{ "b\na\nc\nc\na\nb\n", 12, "name \"a\": found twice" },
		{ "a\na\n\t\n", 6, "name 3: expected printable UTF-8, found other bytes" },
		{ "a\0b\n", 4, "name 1: expected printable UTF-8, found other bytes" },
		{ "\0", 1, "name 1: expected a newline at its end, found none" },
		{ "a\t\n", 3, "name 1: expected printable UTF-8, found other bytes" },
		{ "\xff\n", 2, "name 1: expected printable UTF-8, found other bytes" },
		{ "a\n\0\n", 4, "name 2: expected printable UTF-8, found other bytes" },
		{ "\xc3\n", 2, "name 1: expected printable UTF-8, found other bytes" },
	};
	struct flp_texts texts;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct flp_error e = { 0 };

		CHECK(flp_texts_parse(&texts, bad[i].text, bad[i].n, &e) < 0 && e.code == FLP_ERROR_BAD &&
		    strcmp(e.text, bad[i].message) == 0, "case %zu: %s", i, e.text);
		CHECK(texts.n == 0 && texts.text == NULL, "case %zu: nothing is left", i);
	}
}

static void
parse(struct flp_texts *texts, const char *bytes)
{
	struct flp_error e;

	CHECK(flp_texts_parse(texts, bytes, strlen(bytes), &e) == 0, "%s", e.text);
}

static void
test_parse(void)
{
	static const char three[] = "b\n\xc3\xa9 x\na\n";
	char lines[sizeof three];
	struct flp_texts texts;

	parse(&texts, "");
	CHECK(texts.n == 0 && flp_texts_get(&texts, 0) == NULL, "empty");
	flp_texts_free(&texts);
	parse(&texts, three);
	CHECK(texts.n == 3 && find(&texts, "a") == 2 && find(&texts, "c") == -1, "find");
	CHECK(strcmp(flp_texts_get(&texts, 1), "\xc3\xa9 x") == 0, "%s", flp_texts_get(&texts, 1));
	CHECK(flp_texts_get(&texts, 3) == NULL, "beyond the last");
	CHECK(texts.used == sizeof three - 1, "%zu bytes", texts.used);
	flp_texts_lines(&texts, lines);
	CHECK(memcmp(lines, three, texts.used) == 0, "the same bytes");
	CHECK(add(&texts, "c", 4) == 0 && find(&texts, "c") == 3 && add(&texts, "d", 4) < 0, "added");
	flp_texts_free(&texts);
}

/* Longer than what is added, and as many as there may be. */
static void
test_parse_large(void)
{
	size_t n = 2 * FLP_TEXTS_BYTES;
	char *bytes = malloc(n + 8 * MANY), *to = bytes + n;
	struct flp_texts texts;

	memset(bytes, 'x', n - 1);
	bytes[n - 1] = '\n';
	for (int i = 0; i < MANY; i++)
		to += sprintf(to, "%d\n", i);
	*to = '\0';
	parse(&texts, bytes);
	CHECK(texts.n == MANY + 1 && strlen(flp_texts_get(&texts, 0)) == n - 1, "%zu", texts.n);
	CHECK(find(&texts, "0") == 1 && find(&texts, "69999") == MANY, "find");
	flp_texts_free(&texts);
	free(bytes);
}

static void
test_same(void)
{
	struct flp_texts a, fewer, other;
	struct flp_error e;

	parse(&a, "b\nd\na\n");
	parse(&fewer, "b\n");
	parse(&other, "b\nc\na\n");
	CHECK(flp_texts_same(&a, &a, &e) == 0, "same");
	CHECK(flp_texts_same(&a, &fewer, &e) < 0 &&
	    strcmp(e.text, "expected 3 names, found 1") == 0, "%s", e.text);
	CHECK(flp_texts_same(&a, &other, &e) < 0 &&
	    strcmp(e.text, "name 2: expected \"d\", found \"c\"") == 0, "%s", e.text);
	flp_texts_free(&a);
	flp_texts_free(&fewer);
	flp_texts_free(&other);
}

static void
test_list(void)
{
	struct flp_texts a, none = { 0 };
	char list[32], number[FLP_TEXTS_NUMBER];

	parse(&a, "one\ntwo\nthree\n");
	CHECK(flp_texts_list(&a, list, sizeof list) == 3 && strcmp(list, "one, two, three") == 0,
	    "%s", list);
	for (size_t room = sizeof "..."; room < sizeof list; room++) {
		size_t n = flp_texts_list(&a, list, room);

		CHECK(strlen(list) < room, "%zu bytes: %s", room, list);
		CHECK(n == 3 || strcmp(list + strlen(list) - 3, "...") == 0, "%zu bytes: %s", room, list);
	}
	CHECK(flp_texts_list(&none, list, sizeof list) == 0 && *list == '\0', "none: %s", list);
	CHECK(strcmp(flp_texts_name(&a, 1, number), "two") == 0, "named");
	CHECK(strcmp(flp_texts_name(&none, 7, number), "7") == 0, "by number");
	flp_texts_free(&a);
}

int
main(void)
{
	test_list();
	test_many();
	test_flood();
	test_order();
	test_refused();
	test_fields();
	test_bad();
	test_parse();
	test_parse_large();
	test_same();
	return unit_done();
}

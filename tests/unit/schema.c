/* data/schema: levels that are added to a column, and those that are refused. */
#include "data/schema.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct flp_error e;

static long
level(struct flp_schema *s, struct flp_column *c, const char *text)
{
	e.text[0] = '\0';
	return flp_schema_level(s, c, text, strlen(text), "levels", &e);
}

/* Adds levels until one is refused; their number. */
static size_t
fill(struct flp_schema *s, struct flp_column *c)
{
	char text[32];

	do
		snprintf(text, sizeof text, "%zu", c->levels.n);
	while (level(s, c, text) >= 0);
	return c->levels.n;
}

/* Valid lines are read and written again, and others are refused. */
static void
test_lines(void)
{
	static const char text[] = "x\tnumber\ta\nx\tlevel\tb\t1\nx\tlevel\tb\tu v\ny\tnumber\tc\n";
	static const char *const other[] = { "x\tlevel\tb\t1\nx\tnumber\ta\nx\tlevel\tb\t2\n",
		"reference\ta\t1\nx\tlevel\ta\t1\n", "x\tlevel\ta\t1\nreference\ta\t2\n",
		"x\tlevel\ta\t1\nreference\ta\t1.0\n", "x\tnumber\ta\nreference\ta\t1\n",
		"y\tnumber\tc\nx\tnumber\ta\n", "x\tlevel\tb\t1.0\n", "# a\n", "group\tlevel\tg\th\n",
		"x\tnumber\ta\tb\n" };
	struct flp_schema s = { 0 }, merged = { 0 };
	struct flp_texts lines, again = { 0 };

	CHECK(flp_texts_parse_fields(&lines, text, strlen(text), &e) == 0 &&
	    flp_schema_check(&s, &lines, &e) == 0, "%s", e.text);
	CHECK(s.columns == 2 && s.x[1].levels.n == 2 && s.y.kind == FLP_COLUMN_NUMBER, "taken");
	CHECK(flp_schema_name(&s.group, "g", 1, FLP_COLUMN_LEVEL, &e) == 0 &&
	    level(&s, &s.group, "h") == 0, "%s", e.text);
	CHECK(flp_schema_lines(&s, &again, &e) == 0 && flp_texts_same(&lines, &again, &e) == 0,
	    "%s", e.text);
	CHECK(flp_schema_take(&merged, &lines, "m", &e) == 0 &&
	    flp_schema_take(&merged, &lines, "n", &e) == 0 && merged.columns == 2 &&
	    strcmp(merged.x[1].place, "m:2") == 0, "%s", e.text);
	flp_texts_free(&again);
	flp_texts_free(&lines);
	flp_schema_free(&merged);
	flp_schema_free(&s);
	CHECK(flp_schema_lines(&s, &again, &e) == 0 && again.n == 0, "of the empty schema");
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		CHECK(flp_texts_parse_fields(&lines, other[i], strlen(other[i]), &e) == 0 &&
		    flp_schema_check(&s, &lines, &e) < 0 && e.code == FLP_ERROR_BAD, "%s", other[i]);
		flp_texts_free(&lines);
		flp_schema_free(&s);
	}
}

/* Takes lines into a schema, as those of a file; -1 on error. */
static int
take(struct flp_schema *s, const char *text, const char *place)
{
	struct flp_texts lines;
	int status = flp_texts_parse_fields(&lines, text, strlen(text), &e);

	CHECK(status == 0, "%s", e.text);
	e.text[0] = '\0';
	status = flp_schema_take(s, &lines, place, &e);
	flp_texts_free(&lines);
	return status;
}

/* Whether the features of a schema are these, each ended by a newline. */
static int
are_features(const struct flp_schema *s, const char *text)
{
	struct flp_texts features = { 0 }, wanted;
	int status;

	e.text[0] = '\0';
	status = flp_schema_features(s, &features, &e);
	if (status == 0 && (status = flp_texts_parse(&wanted, text, strlen(text), &e)) == 0) {
		status = flp_texts_same(&wanted, &features, &e);
		flp_texts_free(&wanted);
	}
	flp_texts_free(&features);
	return status == 0;
}

/* A reference is not a feature, wherever its line stands, and its line comes last. */
static void
test_reference(void)
{
	static const char *const part[] = { "reference\ts\t2.0\n", "x\tnumber\ta\n",
		"x\tlevel\ts\t1\nx\tlevel\ts\t2\n", "x\tlevel\ts\tu\n" };
	static const int order[][4] = { { 0, 1, 2, 3 }, { 1, 2, 3, 0 }, { 1, 2, 0, 3 },
		{ 1, 0, 2, 3 } };
	static const char written[] = "x\tnumber\ta\nx\tlevel\ts\t1\nx\tlevel\ts\t2\n"
	    "x\tlevel\ts\tu\nreference\ts\t2\n";

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		struct flp_schema s = { 0 }, again = { 0 };
		struct flp_texts lines = { 0 }, wanted;
		char place[2] = { 'p', '\0' };

		for (int k = 0; k < 4; k++)
			CHECK(take(&s, part[order[i][k]], place) == 0, "%s", e.text);
		CHECK(take(&s, part[0], "q") == 0, "the same again: %s", e.text);
		CHECK(are_features(&s, "a\ns=1\ns=u\n"), "%s", e.text);
		CHECK(flp_schema_reference(&s, &s.x[0]) == -1 && flp_schema_reference(&s, &s.x[1]) == 1 &&
		    flp_schema_width(&s, &s.x[0]) == 1 && flp_schema_width(&s, &s.x[1]) == 2, "found");
		CHECK(flp_schema_lines(&s, &lines, &e) == 0 &&
		    flp_texts_parse_fields(&wanted, written, strlen(written), &e) == 0 &&
		    flp_texts_same(&wanted, &lines, &e) == 0 &&
		    flp_schema_check(&again, &lines, &e) == 0, "%s", e.text);
		flp_texts_free(&wanted);
		flp_texts_free(&lines);
		flp_schema_free(&again);
		flp_schema_free(&s);
	}
}

/* What a reference must be is asked when the schema is complete; that there are not two of them,
 * at once. */
static void
test_bad_reference(void)
{
	static const struct {
		const char *text, *what;
	} bad[] = {
		{ "x\tnumber\ta\nreference\ta\t1\n", "p:2: column a: expected levels, of which one is "
		    "the reference, found a number (see fl-import --levels)" },
		{ "x\tlevel\ta\tu\nreference\tb\tu\n", "p:2: column b: expected the reference of a "
		    "feature, found none of that name" },
		{ "y\tclass\ta\tu\nreference\ta\tu\n", "p:2: column a: expected the reference of a "
		    "feature, found none of that name" },
		{ "reference\ta\tw\nx\tlevel\ta\tu\nx\tlevel\ta\tv\n", "p:1: column a: expected one of "
		    "2 levels (u, v), found w" },
	};
	static const char *const unreadable[] = { "reference\ta\n", "reference\ta\tb\tc\n",
		"reference\ta\t1e1000000000000000000\n" };
	struct flp_schema s = { 0 };
	char hidden[sizeof e.text];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK(take(&s, bad[i].text, "p") == 0, "%s", e.text);
		CHECK(!are_features(&s, "") && e.code == FLP_ERROR_BAD && strcmp(e.text, bad[i].what) == 0,
		    "%s", e.text);
		flp_schema_free(&s);
	}
	flp_error_public(&e, hidden);
	CHECK(strcmp(hidden, "p:1: column a: expected one of its levels, found w") == 0, "%s", hidden);
	for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++) {
		CHECK(take(&s, unreadable[i], "p") < 0 && e.code == FLP_ERROR_BAD, "%s", unreadable[i]);
		flp_schema_free(&s);
	}
	CHECK(take(&s, "reference\ta\tu\n", "p") == 0 && take(&s, "reference\ta\tv\n", "q") < 0 &&
	    strcmp(e.text, "q:1: column a: expected the reference u as in p:1, found v") == 0, "%s",
	    e.text);
	flp_schema_free(&s);
	CHECK(take(&s, "x\tlevel\ta\tu\nreference\ta\tu\n", "p") == 0 && are_features(&s, ""), "%s",
	    e.text);
	flp_schema_free(&s);
	CHECK(!flp_schema_refers(&s, &(struct flp_column){ .name = "a" }), "of the empty schema");
}

int
main(void)
{
	struct flp_schema s = { 0 };
	char text[300];

	test_lines();
	test_reference();
	test_bad_reference();
	CHECK(flp_schema_add(&s, "a", 1, FLP_COLUMN_LEVEL, &e) == 0, "%s", e.text);
	CHECK(flp_schema_name(&s.group, "g", 1, FLP_COLUMN_LEVEL, &e) == 0, "%s", e.text);
	CHECK(level(&s, &s.x[0], "red") == 0 && level(&s, &s.x[0], "blue") == 1, "%s", e.text);
	CHECK(level(&s, &s.x[0], "red") == 0 && s.x[0].levels.n == 2, "one that is there");
	CHECK(level(&s, &s.x[0], "\t") < 0, "not printable");
	CHECK(level(&s, &s.x[0], "1.0") == 2 && level(&s, &s.x[0], "1") == 2 &&
	    level(&s, &s.x[0], "+1") == 2 && level(&s, &s.x[0], "1.0") == 2 && s.x[0].levels.n == 3 &&
	    strcmp(flp_texts_get(&s.x[0].levels, 2), "1") == 0, "numbers");
	CHECK(level(&s, &s.group, "1.0") == 0 && level(&s, &s.group, "1") == 1, "groups are texts");
	memset(text, '0', 100);
	memcpy(text, "1.", 2);
	for (int i = 0; i < 2; i++)
		CHECK(flp_schema_level(&s, &s.x[0], text, 100, "levels", &e) == 2, "a long spelling");
	CHECK(flp_schema_sort(&s.x[0], 0, &e) == 0 && level(&s, &s.x[0], "1.0") == 0 &&
	    level(&s, &s.x[0], "1") == 0 && level(&s, &s.x[0], "red") == 2, "sorted");
	for (int i = 0; i < 10000; i++) {
		snprintf(text, sizeof text, "%0*d.%0*d", i % 97 + 1, 1, i / 97 + 1, 0);
		CHECK(level(&s, &s.x[0], text) == 0, "%s", text);
	}
	CHECK(s.x[0].levels.n == 3, "%zu", s.x[0].levels.n);

	s.closed = 1;
	CHECK(level(&s, &s.x[0], "blue") == 1 && level(&s, &s.x[0], "1e0") == 0, "%s", e.text);
	CHECK(level(&s, &s.x[0], "2.0") < 0 && strcmp(e.text, "expected one of 3 levels, "
	    "found \"2.0\"") == 0, "%s", e.text);
	memset(text, 'x', 199);
	text[199] = '\0';
	CHECK(level(&s, &s.x[0], text) < 0 && strncmp(e.text, "expected one of 3 levels, found \"xx",
	    35) == 0 && strlen(e.text) == strlen("expected one of 3 levels, found \"\"") + 64, "%s", e.text);

	s.closed = 0;
	CHECK(fill(&s, &s.x[0]) == FLP_SCHEMA_LEVELS, "%zu levels", s.x[0].levels.n);
	CHECK(fill(&s, &s.group) == FLP_SCHEMA_GROUPS, "%zu groups", s.group.levels.n);
	flp_schema_free(&s);
	return unit_done();
}

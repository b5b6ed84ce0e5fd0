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

int
main(void)
{
	struct flp_schema s = { 0 };
	char text[300];

	test_lines();
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

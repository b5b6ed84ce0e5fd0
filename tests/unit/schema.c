/* import/schema: levels that come into a column, and those that may not. */
#include "import/schema.h"
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

int
main(void)
{
	struct flp_schema s = { 0 };
	char text[200];

	CHECK(flp_schema_add(&s, "a", 1, FLP_COLUMN_LEVEL, &e) == 0, "%s", e.text);
	CHECK(flp_schema_name(&s.group, "g", 1, FLP_COLUMN_LEVEL, &e) == 0, "%s", e.text);
	CHECK(level(&s, &s.x[0], "red") == 0 && level(&s, &s.x[0], "blue") == 1, "%s", e.text);
	CHECK(level(&s, &s.x[0], "red") == 0 && s.x[0].levels.n == 2, "one that is there");
	CHECK(level(&s, &s.x[0], "\t") < 0, "not printable");

	s.closed = 1;
	CHECK(level(&s, &s.x[0], "blue") == 1, "%s", e.text);
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	CHECK(level(&s, &s.x[0], text) < 0 && strncmp(e.text, "expected one of 2 levels, found \"xx",
	    35) == 0 && strlen(e.text) == strlen("expected one of 2 levels, found \"\"") + 64, "%s", e.text);

	s.closed = 0;
	CHECK(fill(&s, &s.x[0]) == FLP_SCHEMA_LEVELS, "%zu levels", s.x[0].levels.n);
	CHECK(fill(&s, &s.group) == FLP_SCHEMA_GROUPS, "%zu groups", s.group.levels.n);
	flp_schema_free(&s);
	return unit_done();
}

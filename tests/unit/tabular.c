/* Tables as a file and as a terminal get them. */
#include "export/tabular.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Prints lines of cells, "name,number;": the first line is titles. */
static void
fill(struct flp_tabular *t, const char *lines)
{
	char copy[4096], *line = copy, *cell;
	struct flp_error e;

	strcpy(copy, lines);
	for (int number = 0; (cell = strsep(&line, ";")) != NULL && *cell != '\0'; number++) {
		char *next = cell;

		for (int i = 0; (cell = strsep(&next, ",")) != NULL; i++)
			CHECK((number == 0 ? flp_tabular_title : i % 2 == 0 ? flp_tabular_text :
			    flp_tabular_number)(t, cell, &e) == 0, "%s", e.text);
		CHECK(flp_tabular_line(t, &e) == 0, "%s", e.text);
	}
}

static void
gives(const char *lines, int aligned, const char *expected)
{
	char text[4096];
	struct flp_tabular t;
	struct flp_error e;
	struct flp_out out;
	ssize_t n;

	CHECK(flp_out_temporary(&out, &e) == 0, "%s", e.text);
	flp_tabular_init(&t, &out);
	CHECK(!t.aligned, "a file is not a terminal");
	t.aligned = aligned;
	fill(&t, lines);
	CHECK(!aligned || out.offset == 0, "held until the end");
	CHECK(flp_tabular_end(&t, &e) == 0, "%s", e.text);
	CHECK(flp_out_flush(&out, &e) == 0, "%s", e.text);
	n = pread(out.fd, text, sizeof text - 1, 0);
	text[n < 0 ? 0 : n] = '\0';
	CHECK(strcmp(text, expected) == 0, "found \"%s\", expected \"%s\"", text, expected);
	flp_out_discard(&out);
}

static void
forms(void)
{
	static const char lines[] = "who,n,what,%;ann,1,x,99.5;,12345,,;\u00cele,-,long,7;";

	gives(lines, 0, "who\tn\twhat\t%\nann\t1\tx\t99.5\n\t12345\t\t\n\u00cele\t-\tlong\t7\n");
	/* No blanks end a line, and a letter is one column whatever its bytes. */
	gives(lines, 1,
	    "who      n  what     %\n"
	    "ann      1  x     99.5\n"
	    "     12345\n"
	    "\u00cele      -  long     7\n");
	gives("", 0, "");
	gives("", 1, "");
	gives("a;", 1, "a\n");
	gives("wide title,n;x,1;", 1, "wide title  n\nx           1\n");
}

/* A line that is not ended, and a table that is used again. */
static void
unfinished(void)
{
	struct flp_tabular t;
	struct flp_error e;
	struct flp_out out;
	char text[64] = "";

	CHECK(flp_out_temporary(&out, &e) == 0, "%s", e.text);
	flp_tabular_init(&t, &out);
	t.aligned = 1;
	CHECK(flp_tabular_text(&t, "wide", &e) == 0 && flp_tabular_end(&t, &e) == 0, "%s", e.text);
	t.aligned = 1;
	CHECK(flp_tabular_number(&t, "7", &e) == 0 && flp_tabular_end(&t, &e) == 0, "%s", e.text);
	CHECK(flp_out_flush(&out, &e) == 0, "%s", e.text);
	CHECK(pread(out.fd, text, sizeof text - 1, 0) == 7 && strcmp(text, "wide\n7\n") == 0, "%s",
	    text);
	flp_out_discard(&out);
}

/* What is shown in parts keeps its widths. */
static void
parts(void)
{
	struct flp_tabular t;
	struct flp_error e;
	struct flp_out out;
	char text[64] = "";

	CHECK(flp_out_temporary(&out, &e) == 0, "%s", e.text);
	flp_tabular_init(&t, &out);
	t.aligned = 1;
	fill(&t, "n,x;1,22;");
	CHECK(flp_tabular_show(&t, &e) == 0, "%s", e.text);
	fill(&t, "a,333;");
	CHECK(flp_tabular_show(&t, &e) == 0, "%s", e.text);
	fill(&t, ",4;");
	CHECK(flp_tabular_end(&t, &e) == 0 && flp_out_flush(&out, &e) == 0, "%s", e.text);
	CHECK(pread(out.fd, text, sizeof text - 1, 0) > 0 &&
	    strcmp(text, "n   x\n1  22\na  333\n     4\n") == 0, "%s", text);
	flp_out_discard(&out);
}

/* Any number of columns, and a line that has more of them than the one before. */
static void
wide(void)
{
	char lines[4096] = "", expected[4096] = "", *line = lines, *want = expected;

	for (int cells = 200; cells <= 300; cells += 100) {
		for (int i = 0; i < cells; i++) {
			line = stpcpy(line, i == 0 ? "x" : ",x");
			want = stpcpy(want, i == 0 ? "x" : "  x");
		}
		line = stpcpy(line, ";");
		want = stpcpy(want, "\n");
	}
	gives(lines, 1, expected);
}

int
main(void)
{
	forms();
	unfinished();
	parts();
	wide();
	return unit_done();
}

#include "export/tabular.h"
#include "base/memory.h"
#include "base/shown.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BETWEEN 2 /* blanks between two columns */

void
flp_tabular_init(struct flp_tabular *t, struct flp_out *out)
{
	memset(t, 0, sizeof *t);
	t->out = out;
	t->aligned = out->terminal;
}

static int
put(struct flp_tabular *t, const char *s, size_t n, struct flp_error *e)
{
	if (!t->aligned)
		return flp_out_write(t->out, s, n, e);
	if (flp_memory_grow(&t->held, &t->room, t->used + n, 1, e) < 0)
		return -1;
	memcpy(t->held + t->used, s, n);
	t->used += n;
	return 0;
}

/* What the cell that comes next means for its column. */
static int
measure(struct flp_tabular *t, const char *cell, int text, struct flp_error *e)
{
	size_t width = flp_shown_widths(cell, &t->unicode);
	struct flp_tabular_column *c;

	if (t->column == t->columns) {
		if (flp_memory_grow(&t->of, &t->most, t->columns + 1, sizeof *t->of, e) < 0)
			return -1;
		t->of[t->columns++] = (struct flp_tabular_column){ 0 };
	}
	c = &t->of[t->column];
	c->text |= text;
	c->width = width > c->width ? width : c->width;
	return 0;
}

static int
add(struct flp_tabular *t, const char *cell, int text, struct flp_error *e)
{
	if (t->aligned && measure(t, cell, text, e) < 0)
		return -1;
	if (t->column++ > 0 && put(t, "\t", 1, e) < 0)
		return -1;
	return put(t, cell, strlen(cell), e);
}

int
flp_tabular_title(struct flp_tabular *t, const char *cell, struct flp_error *e)
{
	return add(t, cell, 0, e);
}

int
flp_tabular_number(struct flp_tabular *t, const char *cell, struct flp_error *e)
{
	return add(t, cell, 0, e);
}

int
flp_tabular_real(struct flp_tabular *t, double v, struct flp_error *e)
{
	char text[32];

	snprintf(text, sizeof text, "%.6g", v);
	return add(t, isnan(v) ? "-" : text, 0, e);
}

int
flp_tabular_text(struct flp_tabular *t, const char *cell, struct flp_error *e)
{
	return add(t, cell, 1, e);
}

int
flp_tabular_line(struct flp_tabular *t, struct flp_error *e)
{
	t->column = 0;
	return put(t, "\n", 1, e);
}

static int
print_blanks(struct flp_out *out, size_t n, struct flp_error *e)
{
	for (; n > 0; n--)
		if (flp_out_write(out, " ", 1, e) < 0)
			return -1;
	return 0;
}

/* Prints a line of `end` bytes. Blanks wait for a cell to come after them, so none end a line. */
static int
print_line(struct flp_tabular *t, char *line, const char *end, struct flp_error *e)
{
	size_t blanks = 0;

	for (const struct flp_tabular_column *c = t->of; line < end; c++) {
		size_t n = strcspn(line, "\t\n"), padding;

		line[n] = '\0';
		padding = c->width - flp_shown_widths(line, &t->unicode);
		blanks += c->text ? 0 : padding;
		if (n > 0 && print_blanks(t->out, blanks, e) < 0)
			return -1;
		if (flp_out_write(t->out, line, n, e) < 0)
			return -1;
		blanks = (n > 0 ? 0 : blanks) + (c->text ? padding : 0) + BETWEEN;
		line += n + 1;
	}
	return flp_out_write(t->out, "\n", 1, e);
}

void
flp_tabular_free(struct flp_tabular *t)
{
	free(t->of);
	free(t->held);
	if (t->unicode != (locale_t)0)
		freelocale(t->unicode);
	flp_tabular_init(t, t->out);
}

int
flp_tabular_show(struct flp_tabular *t, struct flp_error *e)
{
	int status = t->column > 0 ? flp_tabular_line(t, e) : 0;

	for (size_t at = 0; status == 0 && at < t->used;) {
		char *line = t->held + at, *end = memchr(line, '\n', t->used - at);

		at += (size_t)(end + 1 - line);
		status = print_line(t, line, end + 1, e);
	}
	t->used = 0;
	return status;
}

int
flp_tabular_end(struct flp_tabular *t, struct flp_error *e)
{
	int status = flp_tabular_show(t, e);

	flp_tabular_free(t);
	return status;
}

#include "export/tabular.h"
#include "base/memory.h"
#include "base/shown.h"

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

int
flp_tabular_title(struct flp_tabular *t, const char *cell, struct flp_error *e)
{
	size_t width = flp_shown_columns(cell, t->aligned);

	if (t->column == FLP_TABULAR_COLUMNS)
		return flp_error_misuse(e, "a table of more than %d columns", FLP_TABULAR_COLUMNS);
	if (t->column > 0 && put(t, "\t", 1, e) < 0)
		return -1;
	if (width > t->width[t->column])
		t->width[t->column] = width;
	t->column++;
	return put(t, cell, strlen(cell), e);
}

int
flp_tabular_number(struct flp_tabular *t, const char *cell, struct flp_error *e)
{
	return flp_tabular_title(t, cell, e);
}

int
flp_tabular_text(struct flp_tabular *t, const char *cell, struct flp_error *e)
{
	if (t->column < FLP_TABULAR_COLUMNS)
		t->text[t->column] = 1;
	return flp_tabular_title(t, cell, e);
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
print_line(const struct flp_tabular *t, char *line, const char *end, struct flp_error *e)
{
	size_t blanks = 0;

	for (size_t column = 0; line < end; column++) {
		size_t n = strcspn(line, "\t\n"), padding;

		line[n] = '\0';
		padding = t->width[column] - flp_shown_columns(line, t->aligned);
		blanks += t->text[column] ? 0 : padding;
		if (n > 0 && print_blanks(t->out, blanks, e) < 0)
			return -1;
		if (flp_out_write(t->out, line, n, e) < 0)
			return -1;
		blanks = (n > 0 ? 0 : blanks) + (t->text[column] ? padding : 0) + BETWEEN;
		line += n + 1;
	}
	return flp_out_write(t->out, "\n", 1, e);
}

void
flp_tabular_free(struct flp_tabular *t)
{
	free(t->held);
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

#include "text/csv.h"
#include "base/memory.h"
#include "text/separator.h"
#include "text/value.h"

#include <stdlib.h>
#include <string.h>

int
flp_csv_open(struct flp_csv *csv, struct flp_in *in, struct flp_error *e)
{
	memset(csv, 0, sizeof *csv);
	csv->separator = ',';
	if (flp_lines_open(&csv->lines, in, e) < 0)
		return -1;
	csv->lines.check_ends = 1;
	return 0;
}

void
flp_csv_close(struct flp_csv *csv)
{
	flp_lines_close(&csv->lines);
	free(csv->field);
	csv->field = NULL;
}

int
flp_csv_rewind(struct flp_csv *csv, struct flp_error *e)
{
	csv->n = 0;
	csv->held = 0;
	return flp_lines_rewind(&csv->lines, e);
}

static int
blank(const struct flp_csv *csv, char c)
{
	return (c == ' ' || c == '\t') && c != csv->separator;
}

/* The field from p up to `end`, without the blanks around it. */
static inline int
add(struct flp_csv *csv, char *p, char *end, struct flp_error *e)
{
	if (csv->n == FLP_CSV_FIELDS)
		return flp_error_bad(e, "expected at most %zu fields, found more", FLP_CSV_FIELDS);
	if (csv->n == csv->room &&
	    flp_memory_grow(&csv->field, &csv->room, csv->n + 1, sizeof *csv->field, e) < 0)
		return -1;
	while (p < end && blank(csv, *p))
		p++;
	while (end > p && blank(csv, end[-1]))
		end--;
	csv->field[csv->n++] = (struct flp_field){ p, (size_t)(end - p) };
	return 0;
}

/* Takes the text of a quoted field, which begins at p after its first quote; pairs of
 * quotes are made one in place. Returns what comes after the last quote, or NULL if
 * there is no last quote. */
static char *
unquote(char *p, char *end, struct flp_field *field)
{
	char *to = p;

	field->text = p;
	for (;;) {
		char *quote = memchr(p, '"', (size_t)(end - p));

		if (quote == NULL)
			return NULL;
		memmove(to, p, (size_t)(quote - p));
		to += quote - p;
		p = quote + 1;
		if (p == end || *p != '"')
			break;
		*to++ = *p++;
	}
	field->n = (size_t)(to - field->text);
	return p;
}

static int
split_quoted(struct flp_csv *csv, char *p, char *end, struct flp_error *e)
{
	for (;; p++) {
		char *start = p, *to;

		while (p < end && blank(csv, *p))
			p++;
		if (p < end && *p == '"') {
			struct flp_field field;

			if ((p = unquote(p + 1, end, &field)) == NULL)
				return flp_error_bad(e, "field %zu: expected a closing quote, found none",
				    csv->n + 1);
			while (p < end && blank(csv, *p))
				p++;
			if (p < end && *p != csv->separator) {
				flp_error_bad(e, "field %zu: expected %s after the closing quote, "
				    "found \"%c\"", csv->n + 1, flp_separator_name(csv->separator), *p);
				return flp_error_hide(e, "another character", "\"%c\"", *p);
			}
			if (add(csv, p, p, e) < 0)
				return -1;
			csv->field[csv->n - 1] = field;
		} else {
			to = memchr(p, csv->separator, (size_t)(end - p));
			p = to ? to : end;
			if (memchr(start, '"', (size_t)(p - start)) != NULL)
				return flp_error_bad(e, "field %zu: expected no quote inside an unquoted "
				    "field, found one", csv->n + 1);
			if (add(csv, start, p, e) < 0)
				return -1;
		}
		if (p == end)
			return 0;
	}
}

static int
split_plain(struct flp_csv *csv, char *p, char *end, struct flp_error *e)
{
	char separator = csv->separator, *to;

	while ((to = memchr(p, separator, (size_t)(end - p))) != NULL) {
		if (add(csv, p, to, e) < 0)
			return -1;
		p = to + 1;
	}
	return add(csv, p, end, e);
}

/* 1 when the number of quotes in the text is odd. */
static int
odd_quotes(const char *p, const char *end)
{
	int odd = 0;

	while ((p = memchr(p, '"', (size_t)(end - p))) != NULL) {
		odd ^= 1;
		p++;
	}
	return odd;
}

/* In a quoted field a line's end is text, and a row is whole when its quotes
 * are even. */
static int
whole_row(struct flp_csv *csv, char **text, size_t *n, struct flp_error *e)
{
	int odd = odd_quotes(*text, *text + *n), status = 1;

	while (odd && status > 0) {
		size_t seen = *n;

		if ((status = flp_lines_more(&csv->lines, text, n, e)) < 0)
			return -1;
		if (status > 0)
			odd ^= odd_quotes(*text + seen, *text + *n);
	}
	return 0;
}

/* Reads the text of the next row: 1, 0 after the last, -1. */
static int
fetch(struct flp_csv *csv, struct flp_error *e)
{
	struct flp_field *row = &csv->text;
	int status;

	do {
		status = flp_lines_next(&csv->lines, &row->text, &row->n, e);
		csv->line = csv->lines.number;
		if (status <= 0)
			return status;
	} while (row->n == 0 && !csv->single);
	csv->quoted = memchr(row->text, '"', row->n) != NULL;
	return csv->quoted && whole_row(csv, &row->text, &row->n, e) < 0 ? -1 : 1;
}

int
flp_csv_split(struct flp_csv *csv, char *text, size_t n, struct flp_error *e)
{
	csv->n = 0;
	return split_quoted(csv, text, text + n, e);
}

int
flp_csv_next(struct flp_csv *csv, struct flp_error *e)
{
	int status = csv->held ? 1 : fetch(csv, e);

	csv->held = 0;
	if (status <= 0)
		return status;
	csv->n = 0;
	status = (csv->quoted ? split_quoted : split_plain)(csv, csv->text.text,
	    csv->text.text + csv->text.n, e);
	return status < 0 ? -1 : 1;
}

int
flp_csv_peek(struct flp_csv *csv, struct flp_field *row, struct flp_field *after,
    struct flp_error *e)
{
	int status = csv->held ? 1 : fetch(csv, e);

	if (status <= 0)
		return status;
	csv->held = 1;
	if (after != NULL &&
	    flp_lines_peek(&csv->lines, &csv->text.text, &after->text, &after->n, e) < 0) {
		if (e->code != FLP_ERROR_BAD)
			return -1;
		after->n = 0;
	}
	*row = csv->text;
	return 1;
}

int
flp_csv_list(struct flp_texts *to, const char *text, struct flp_error *e)
{
	struct flp_csv csv = { .separator = ',' };
	size_t n = strlen(text);
	char *copy = flp_memory_text(text, n, e);
	int status = -1;

	if (copy == NULL || split_quoted(&csv, copy, copy + n, e) < 0)
		goto done;
	for (size_t i = 0; i < csv.n; i++) {
		const struct flp_field *f = &csv.field[i];

		if (flp_texts_find(to, f->text, f->n) >= 0) {
			flp_error_bad(e, "\"%.*s\": found twice", flp_value_shown(f->n), f->text);
			goto done;
		}
		if (flp_texts_add(to, f->text, f->n, UINT32_MAX, e) < 0)
			goto done;
	}
	status = 0;
done:
	if (status < 0 && e->code == FLP_ERROR_BAD)
		e->code = FLP_ERROR_USAGE;
	free(copy);
	free(csv.field);
	return status;
}

static int
is_space(char c)
{
	return c == ' ' || c == '\t';
}

int
flp_csv_print(struct flp_out *out, const char *s, struct flp_error *e)
{
	size_t n = strlen(s);

	if (n > 0 && s[strcspn(s, ",\"")] == '\0' && !is_space(s[0]) && !is_space(s[n - 1]))
		return flp_out_write(out, s, n, e);
	if (flp_out_write(out, "\"", 1, e) < 0)
		return -1;
	for (; *s; s++)
		if (flp_out_write(out, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1, e) < 0)
			return -1;
	return flp_out_write(out, "\"", 1, e);
}

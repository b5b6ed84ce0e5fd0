#include "text/csv.h"
#include "base/memory.h"
#include "text/value.h"

#include <stdlib.h>
#include <string.h>

int
flp_csv_open(struct flp_csv *csv, struct flp_in *in, struct flp_error *e)
{
	memset(csv, 0, sizeof *csv);
	return flp_lines_open(&csv->lines, in, e);
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
	return flp_lines_rewind(&csv->lines, e);
}

static int
blank(char c)
{
	return c == ' ' || c == '\t';
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
	while (p < end && blank(*p))
		p++;
	while (end > p && blank(end[-1]))
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
		char *comma, *start = p;

		while (p < end && blank(*p))
			p++;
		if (p < end && *p == '"') {
			struct flp_field field;

			if ((p = unquote(p + 1, end, &field)) == NULL)
				return flp_error_bad(e, "field %zu: expected a closing quote, found none",
				    csv->n + 1);
			while (p < end && blank(*p))
				p++;
			if (p < end && *p != ',') {
				flp_error_bad(e, "field %zu: expected a comma after the closing quote, "
				    "found \"%c\"", csv->n + 1, *p);
				return flp_error_hide(e, "another character", "\"%c\"", *p);
			}
			if (add(csv, p, p, e) < 0)
				return -1;
			csv->field[csv->n - 1] = field;
		} else {
			comma = memchr(p, ',', (size_t)(end - p));
			p = comma ? comma : end;
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
split(struct flp_csv *csv, char *p, char *end, struct flp_error *e)
{
	char *comma;

	while ((comma = memchr(p, ',', (size_t)(end - p))) != NULL) {
		if (add(csv, p, comma, e) < 0)
			return -1;
		p = comma + 1;
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

int
flp_csv_next(struct flp_csv *csv, struct flp_error *e)
{
	char *text;
	size_t n;
	int status;

	do {
		status = flp_lines_next(&csv->lines, &text, &n, e);
		csv->line = csv->lines.number;
		if (status <= 0)
			return status;
	} while (n == 0 && csv->n != 1);
	csv->n = 0;
	if (memchr(text, '"', n) == NULL)
		return split(csv, text, text + n, e) < 0 ? -1 : 1;
	if (whole_row(csv, &text, &n, e) < 0 || split_quoted(csv, text, text + n, e) < 0)
		return -1;
	return 1;
}

int
flp_csv_list(struct flp_texts *to, const char *text, struct flp_error *e)
{
	struct flp_csv csv = { 0 };
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

int
flp_csv_print(struct flp_out *out, const char *s, struct flp_error *e)
{
	size_t n = strlen(s);

	if (n > 0 && s[strcspn(s, ",\"")] == '\0' && !blank(s[0]) && !blank(s[n - 1]))
		return flp_out_write(out, s, n, e);
	if (flp_out_write(out, "\"", 1, e) < 0)
		return -1;
	for (; *s; s++)
		if (flp_out_write(out, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1, e) < 0)
			return -1;
	return flp_out_write(out, "\"", 1, e);
}

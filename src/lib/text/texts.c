#include "text/texts.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/shown.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

void
flp_texts_free(struct flp_texts *texts)
{
	free(texts->text);
	free(texts->at);
	free(texts->slot);
	memset(texts, 0, sizeof *texts);
}

const char *
flp_texts_get(const struct flp_texts *texts, size_t i)
{
	return i < texts->n ? texts->text + texts->at[i] : NULL;
}

const char *
flp_texts_name(const struct flp_texts *texts, size_t i, char number[FLP_TEXTS_NUMBER])
{
	if (texts->n > 0)
		return flp_texts_get(texts, i);
	snprintf(number, FLP_TEXTS_NUMBER, "%zu", i);
	return number;
}

size_t
flp_texts_list(const struct flp_texts *texts, char *list, size_t room)
{
	static const char dots[] = "...", comma[] = ", ";
	char *to = list;
	size_t n = 0;

	for (; n < texts->n; n++) {
		const char *next = flp_texts_get(texts, n);

		if ((size_t)(to - list) + strlen(comma) + strlen(next) + strlen(comma) + sizeof dots > room)
			break;
		to = stpcpy(stpcpy(to, n > 0 ? comma : ""), next);
	}
	stpcpy(stpcpy(to, n > 0 && n < texts->n ? comma : ""), n < texts->n ? dots : "");
	return n;
}

static size_t
home(const struct flp_texts *texts, const char *s, size_t n)
{
	return (size_t)XXH3_64bits_withSeed(s, n, texts->key) & (texts->slots - 1);
}

/* The slot that holds the text, or the empty one where it belongs. */
static size_t
probe(const struct flp_texts *texts, const char *s, size_t n)
{
	size_t i = home(texts, s, n);

	for (; texts->slot[i] != 0; i = (i + 1) & (texts->slots - 1)) {
		size_t k = texts->slot[i] - 1, at = texts->at[k];
		size_t end = k + 1 < texts->n ? texts->at[k + 1] : texts->used;

		if (end - at - 1 == n && memcmp(texts->text + at, s, n) == 0)
			break;
	}
	return i;
}

long
flp_texts_find(const struct flp_texts *texts, const char *s, size_t n)
{
	return texts->slots == 0 ? -1 : (long)texts->slot[probe(texts, s, n)] - 1;
}

size_t
flp_texts_steps(const struct flp_texts *texts, const char *s, size_t n)
{
	if (texts->slots == 0)
		return 0;
	return ((probe(texts, s, n) - home(texts, s, n)) & (texts->slots - 1)) + 1;
}

static void
index_all(struct flp_texts *texts)
{
	memset(texts->slot, 0, texts->slots * sizeof *texts->slot);
	for (size_t i = 0; i < texts->n; i++) {
		const char *s = flp_texts_get(texts, i);

		texts->slot[probe(texts, s, strlen(s))] = (uint32_t)i + 1;
	}
}

/* Room for `count` more texts, which take `bytes` with the NULs at their ends. Half
 * of the slots stay empty. */
static int
make_room(struct flp_texts *texts, size_t count, size_t bytes, struct flp_error *e)
{
	size_t slots = texts->slots ? texts->slots : 16;

	if (flp_memory_grow(&texts->text, &texts->room, texts->used + bytes, 1, e) < 0 ||
	    flp_memory_grow(&texts->at, &texts->at_room, texts->n + count, sizeof *texts->at,
	    e) < 0)
		return -1;
	while (slots / 2 < texts->n + count)
		slots *= 2;
	if (slots == texts->slots)
		return 0;
	if (flp_secret_bytes(&texts->key, sizeof texts->key, e) < 0)
		return -1;
	free(texts->slot);
	texts->slots = slots;
	if ((texts->slot = flp_memory_new(slots, sizeof *texts->slot, e)) == NULL) {
		texts->slots = 0;
		return -1;
	}
	index_all(texts);
	return 0;
}

/* Puts in a text for which there is room, whose slot is empty. */
static void
put(struct flp_texts *texts, size_t slot, const char *s, size_t n)
{
	texts->at[texts->n] = texts->used;
	memcpy(texts->text + texts->used, s, n);
	texts->text[texts->used + n] = '\0';
	texts->slot[slot] = (uint32_t)texts->n + 1;
	texts->used += n + 1;
	texts->n++;
}

static int
add_new(struct flp_texts *texts, const char *s, size_t n, struct flp_error *e)
{
	if (make_room(texts, 1, n + 1, e) < 0)
		return -1;
	put(texts, probe(texts, s, n), s, n);
	return 0;
}

int
flp_texts_add(struct flp_texts *texts, const char *s, size_t n, size_t limit,
    struct flp_error *e)
{
	int shown = n > 32 ? 32 : (int)n;
	uint32_t odd;

	limit = limit < UINT32_MAX ? limit : UINT32_MAX; /* what a slot holds */
	if (flp_texts_find(texts, s, n) >= 0)
		return 0;
	if (n == 0 || n > FLP_TEXTS_BYTES)
		flp_error_bad(e, "\"%.*s\": expected 1 to %zu bytes, found %zu", shown, s,
		    FLP_TEXTS_BYTES, n);
	else if (!flp_text_printable(s, n))
		flp_error_bad(e, "\"%.*s\": expected printable UTF-8, found other bytes", shown, s);
	else if ((odd = flp_shown_hidden(s, n, 1)) != 0)
		flp_error_bad(e, "\"%.*s\": expected characters that show, found U+%04X", shown, s,
		    (unsigned)odd);
	else if (texts->n >= limit)
		flp_error_bad(e, "\"%.*s\": expected at most %zu different texts, found more", shown,
		    s, limit);
	else
		return add_new(texts, s, n, e);
	return flp_error_hide(e, "a text", "\"%.*s\"", shown, s);
}

/* A text and, if texts are sorted as numbers, its number. */
struct sorted {
	const char *text;
	double value;
};

static int
by_order(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return strcmp(x->text, y->text);
}

static int
sort(struct flp_texts *texts, int numbers, struct flp_error *e)
{
	struct sorted *sorted;
	char *text;
	size_t used = 0;

	if (texts->n < 2)
		return 0;
	if ((sorted = flp_memory_new(texts->n, sizeof *sorted, e)) == NULL)
		return -1;
	if ((text = flp_memory_new(texts->room, 1, e)) == NULL) {
		free(sorted);
		return -1;
	}
	for (size_t i = 0; i < texts->n; i++) {
		const char *s = sorted[i].text = flp_texts_get(texts, i);

		if (numbers)
			flp_number_f64(s, strlen(s), &sorted[i].value);
	}
	qsort(sorted, texts->n, sizeof *sorted, by_order);
	for (size_t i = 0; i < texts->n; i++) {
		size_t n = strlen(sorted[i].text) + 1;

		texts->at[i] = used;
		memcpy(text + used, sorted[i].text, n);
		used += n;
	}
	free(sorted);
	free(texts->text);
	texts->text = text;
	index_all(texts);
	return 0;
}

int
flp_texts_sort(struct flp_texts *texts, struct flp_error *e)
{
	return sort(texts, 0, e);
}

int
flp_texts_sort_numbers(struct flp_texts *texts, struct flp_error *e)
{
	return sort(texts, 1, e);
}

size_t
flp_texts_unsorted(const struct flp_texts *texts)
{
	for (size_t i = 1; i < texts->n; i++)
		if (strcmp(flp_texts_get(texts, i - 1), flp_texts_get(texts, i)) >= 0)
			return i;
	return texts->n;
}

void
flp_texts_lines(const struct flp_texts *texts, char *to)
{
	for (size_t i = 0; i < texts->used; i++)
		to[i] = texts->text[i] != '\0' ? texts->text[i] : '\n';
}

char *
flp_texts_line(char *to, const char *s)
{
	to = stpcpy(to, s); /* its NUL makes room for the newline */
	*to = '\n';
	return to + 1;
}

static size_t
count_lines(const char *p, size_t n)
{
	size_t lines = 0;

	for (size_t i = 0; i < n; i++)
		lines += p[i] == '\n';
	return lines;
}

static int
printable(const char *p, size_t n, int fields)
{
	const char *tab;

	while (fields && (tab = memchr(p, '\t', n)) != NULL) {
		size_t field = (size_t)(tab - p);

		if (field == 0 || !flp_text_printable(p, field))
			return 0;
		p += field + 1;
		n -= field + 1;
	}
	return n > 0 && flp_text_printable(p, n);
}

/* There is room for all. Where several are repeated, the error names the first of
 * them in order. */
static int
put_lines(struct flp_texts *texts, const char *p, const char *end, int fields,
    struct flp_error *e)
{
	const char *twice = NULL;

	for (size_t line = 1; p < end; line++) {
		const char *newline = memchr(p, '\n', (size_t)(end - p)), *seen;
		size_t n = (size_t)(newline - p), slot = probe(texts, p, n);

		if (!printable(p, n, fields))
			return flp_error_bad(e, "name %zu: expected printable UTF-8, found %s", line,
			    n == 0 ? "an empty line" : "other bytes");
		if (texts->slot[slot] == 0) {
			put(texts, slot, p, n);
		} else {
			seen = flp_texts_get(texts, texts->slot[slot] - 1);
			if (twice == NULL || strcmp(seen, twice) < 0)
				twice = seen;
		}
		p = newline + 1;
	}
	if (twice == NULL)
		return 0;
	flp_error_bad(e, "name \"%s\": found twice", twice);
	return flp_error_hide(e, "a name", "name \"%s\"", twice);
}

static int
parse(struct flp_texts *texts, const void *bytes, size_t n, int fields, struct flp_error *e)
{
	const char *p = bytes;
	size_t lines = count_lines(p, n);

	memset(texts, 0, sizeof *texts);
	if (n > 0 && p[n - 1] != '\n')
		return flp_error_bad(e, "name %zu: expected a newline at its end, found none",
		    lines + 1);
	if (lines > UINT32_MAX)
		return flp_error_bad(e, "expected fewer than 2^32 names, found %zu", lines);
	if (n == 0)
		return 0;
	if (make_room(texts, lines, n, e) == 0 && put_lines(texts, p, p + n, fields, e) == 0)
		return 0;
	flp_texts_free(texts);
	return -1;
}

int
flp_texts_parse(struct flp_texts *texts, const void *bytes, size_t n, struct flp_error *e)
{
	return parse(texts, bytes, n, 0, e);
}

int
flp_texts_parse_fields(struct flp_texts *texts, const void *bytes, size_t n,
    struct flp_error *e)
{
	return parse(texts, bytes, n, 1, e);
}

int
flp_texts_same(const struct flp_texts *a, const struct flp_texts *b, struct flp_error *e)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		const char *s = flp_texts_get(a, i), *t = flp_texts_get(b, i);

		if (strcmp(s, t) != 0) {
			flp_error_bad(e, "name %zu: expected \"%s\", found \"%s\"", i + 1, s, t);
			return flp_error_hide(e, "another", "\"%s\"", t);
		}
	}
	if (a->n != b->n)
		return flp_error_bad(e, "expected %zu names, found %zu", a->n, b->n);
	return 0;
}

#include "text/levels.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

void
flp_levels_free(struct flp_levels *levels)
{
	free(levels->text);
	free(levels->at);
	free(levels->slot);
	memset(levels, 0, sizeof *levels);
}

const char *
flp_levels_text(const struct flp_levels *levels, size_t i)
{
	return levels->text + levels->at[i];
}

/* The slot that holds the text, or the empty one where it belongs. */
static size_t
probe(const struct flp_levels *levels, const char *s, size_t n)
{
	size_t i = (size_t)XXH3_64bits(s, n) & (levels->slots - 1);

	for (; levels->slot[i] != 0; i = (i + 1) & (levels->slots - 1)) {
		size_t k = levels->slot[i] - 1, at = levels->at[k];
		size_t end = k + 1 < levels->n ? levels->at[k + 1] : levels->used;

		if (end - at - 1 == n && memcmp(levels->text + at, s, n) == 0)
			break;
	}
	return i;
}

long
flp_levels_find(const struct flp_levels *levels, const char *s, size_t n)
{
	return levels->slots == 0 ? -1 : (long)levels->slot[probe(levels, s, n)] - 1;
}

static void
index_all(struct flp_levels *levels)
{
	memset(levels->slot, 0, levels->slots * sizeof *levels->slot);
	for (size_t i = 0; i < levels->n; i++) {
		const char *s = flp_levels_text(levels, i);

		levels->slot[probe(levels, s, strlen(s))] = (uint32_t)i + 1;
	}
}

static int
make_room(struct flp_levels *levels, size_t n, struct flp_error *e)
{
	if (flp_memory_grow(&levels->text, &levels->room, levels->used + n + 1, 1, e) < 0 ||
	    flp_memory_grow(&levels->at, &levels->at_room, levels->n + 1, sizeof *levels->at,
	    e) < 0)
		return -1;
	if (2 * levels->n < levels->slots)
		return 0;
	free(levels->slot);
	levels->slots = levels->slots ? 2 * levels->slots : 16;
	if ((levels->slot = flp_memory_new(levels->slots, sizeof *levels->slot, e)) == NULL) {
		levels->slots = 0;
		return -1;
	}
	index_all(levels);
	return 0;
}

int
flp_levels_add(struct flp_levels *levels, const char *s, size_t n, size_t limit,
    struct flp_error *e)
{
	if (flp_levels_find(levels, s, n) >= 0)
		return 0;
	if (n == 0 || n > FLP_LEVELS_TEXT)
		return flp_error_bad(e, "\"%.32s\": expected 1 to %zu bytes, found %zu",
		    n == 0 ? "" : s, FLP_LEVELS_TEXT, n);
	if (!flp_text_printable(s, n))
		return flp_error_bad(e, "\"%.*s\": expected printable UTF-8, found other bytes",
		    n > 32 ? 32 : (int)n, s);
	if (levels->n >= limit)
		return flp_error_bad(e, "\"%.*s\": expected at most %zu different texts, found more",
		    n > 32 ? 32 : (int)n, s, limit);
	if (make_room(levels, n, e) < 0)
		return -1;
	levels->at[levels->n] = levels->used;
	memcpy(levels->text + levels->used, s, n);
	levels->text[levels->used + n] = '\0';
	levels->slot[probe(levels, s, n)] = (uint32_t)levels->n + 1;
	levels->used += n + 1;
	levels->n++;
	return 0;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
by_number(const void *a, const void *b)
{
	const char *s = *(const char *const *)a, *t = *(const char *const *)b;
	double x = 0, y = 0;

	flp_number_f64(s + (*s == '+'), strlen(s + (*s == '+')), &x);
	flp_number_f64(t + (*t == '+'), strlen(t + (*t == '+')), &y);
	return x < y ? -1 : x > y ? 1 : strcmp(s, t);
}

static int
sort(struct flp_levels *levels, int (*compare)(const void *, const void *), struct flp_error *e)
{
	const char **sorted;
	char *text;
	size_t used = 0;

	if (levels->n < 2)
		return 0;
	if ((sorted = flp_memory_new(levels->n, sizeof *sorted, e)) == NULL)
		return -1;
	if ((text = flp_memory_new(levels->room, 1, e)) == NULL) {
		free(sorted);
		return -1;
	}
	for (size_t i = 0; i < levels->n; i++)
		sorted[i] = flp_levels_text(levels, i);
	qsort(sorted, levels->n, sizeof *sorted, compare);
	for (size_t i = 0; i < levels->n; i++) {
		size_t n = strlen(sorted[i]) + 1;

		levels->at[i] = used;
		memcpy(text + used, sorted[i], n);
		used += n;
	}
	free(sorted);
	free(levels->text);
	levels->text = text;
	index_all(levels);
	return 0;
}

int
flp_levels_sort(struct flp_levels *levels, struct flp_error *e)
{
	return sort(levels, by_bytes, e);
}

int
flp_levels_sort_numbers(struct flp_levels *levels, struct flp_error *e)
{
	return sort(levels, by_number, e);
}

int
flp_levels_lines(const struct flp_levels *levels, char **bytes, size_t *n, struct flp_error *e)
{
	if ((*bytes = flp_memory_text(levels->n ? levels->text : "", levels->used, e)) == NULL)
		return -1;
	for (size_t i = 0; i < levels->used; i++)
		if ((*bytes)[i] == '\0')
			(*bytes)[i] = '\n';
	*n = levels->used;
	return 0;
}

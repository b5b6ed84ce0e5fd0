#include "text/names.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
check_unique(const struct flp_names *names, struct flp_error *e)
{
	const char **sorted = flp_memory_new(names->n, sizeof *sorted, e);
	int status = 0;

	if (sorted == NULL)
		return -1;
	if (names->n > 0)
		memcpy(sorted, names->name, names->n * sizeof *sorted);
	qsort(sorted, names->n, sizeof *sorted, by_text);
	for (size_t i = 1; i < names->n && status == 0; i++)
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			status = flp_error_bad(e, "name \"%s\": found twice", sorted[i]);
	free(sorted);
	return status;
}

int
flp_names_parse(struct flp_names *names, const void *bytes, size_t n, struct flp_error *e)
{
	size_t lines = 0, i = 0;

	memset(names, 0, sizeof *names);
	for (const char *p = bytes; i < n; i++)
		lines += p[i] == '\n';
	if (n > 0 && ((const char *)bytes)[n - 1] != '\n')
		return flp_error_bad(e, "name %zu: expected a newline at its end, found none",
		    lines + 1);
	if ((names->text = flp_memory_text(bytes, n, e)) == NULL ||
	    (names->name = flp_memory_new(lines, sizeof *names->name, e)) == NULL)
		goto fail;
	for (char *p = names->text; names->n < lines;) {
		char *end = strchr(p, '\n');

		/* A NUL byte hides the newline behind it. */
		if (end == NULL || end == p || !flp_text_printable(p, (size_t)(end - p))) {
			flp_error_bad(e, "name %zu: expected printable UTF-8, found %s",
			    names->n + 1, end == p ? "an empty line" : "other bytes");
			goto fail;
		}
		*end = '\0';
		names->name[names->n++] = p;
		p = end + 1;
	}
	if (check_unique(names, e) == 0)
		return 0;
fail:
	flp_names_free(names);
	return -1;
}

void
flp_names_free(struct flp_names *names)
{
	free(names->name);
	free(names->text);
	memset(names, 0, sizeof *names);
}

long
flp_names_find(const struct flp_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->name[i], name) == 0)
			return (long)i;
	return -1;
}

int
flp_names_same(const struct flp_names *a, const struct flp_names *b, struct flp_error *e)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (strcmp(a->name[i], b->name[i]) != 0)
			return flp_error_bad(e, "name %zu: expected \"%s\", found \"%s\"", i + 1,
			    a->name[i], b->name[i]);
	if (a->n != b->n)
		return flp_error_bad(e, "expected %zu names, found %zu", a->n, b->n);
	return 0;
}

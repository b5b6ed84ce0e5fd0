#include "data/spelling.h"
#include "base/memory.h"
#include "data/schema.h"
#include "text/value.h"

#include <stdlib.h>
#include <string.h>

void
flp_spelling_free(struct flp_spelling *s)
{
	for (size_t i = 0; i < s->n; i++) {
		flp_texts_free(&s->column[i].plain);
		flp_texts_free(&s->column[i].written);
	}
	free(s->column);
}

static struct flp_spelling_column *
find_column(struct flp_spelling *s, size_t i, struct flp_error *e)
{
	if (flp_memory_grow(&s->column, &s->room, i + 1, sizeof *s->column, e) < 0)
		return NULL;
	while (s->n <= i)
		s->column[s->n++] = (struct flp_spelling_column){ 0 };
	return &s->column[i];
}

int
flp_spelling_note(struct flp_spelling *s, size_t i, const char *plain, size_t length,
    const char *written, size_t n, struct flp_error *e)
{
	struct flp_spelling_column *c = find_column(s, i, e);
	const char *before;
	long seen;

	if (c == NULL)
		return -1;
	if ((seen = flp_texts_find(&c->plain, plain, length)) < 0)
		return flp_texts_add(&c->plain, plain, length, FLP_SCHEMA_LEVELS, e) < 0 ? -1 :
		    flp_texts_add(&c->written, written, n, FLP_SCHEMA_LEVELS, e);
	before = flp_texts_get(&c->written, (size_t)seen);
	if (n == strlen(before) && memcmp(before, written, n) == 0)
		return 0;
	return flp_error_bad(e, "expected one spelling of %s, found %s and %.*s",
	    flp_texts_get(&c->plain, (size_t)seen), before, flp_value_shown(n), written);
}

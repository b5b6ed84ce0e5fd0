/* A schema, which written and read again is the same. */
#include "import.h"

#include <string.h>

static void
write_schema(const struct flp_schema *s, const char *path, struct flp_in *in)
{
	struct flp_error e;

	must(flp_schema_save(s, path, &e) == 0 && flp_in_open(in, path, &e) == 0);
}

static void
check_same(struct flp_in *a, struct flp_in *b)
{
	size_t room = 1 << 20, n, m;
	char *text = malloc(2 * room);
	struct flp_error e;

	must(text != NULL && flp_in_seek(a, 0, &e) == 0 && flp_in_seek(b, 0, &e) == 0);
	must(flp_in_read(a, text, room, &n, &e) == 0 &&
	    flp_in_read(b, text + room, room, &m, &e) == 0);
	must(n == m && memcmp(text, text + room, n) == 0);
	free(text);
}

/* Each column is as many features as it says, and a reference is none of them. */
static void
check_features(const struct flp_schema *s, size_t n)
{
	for (size_t i = 0; i < s->columns; i++) {
		const struct flp_column *c = &s->x[i];
		size_t width = flp_schema_width(s, c), levels = c->levels.n;

		must(width <= n);
		must(flp_schema_refers(s, c) == (flp_schema_reference(s, c) >= 0));
		must(c->kind == FLP_COLUMN_NUMBER ? width == 1 :
		    width == levels - (size_t)flp_schema_refers(s, c));
		n -= width;
	}
	must(n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct flp_schema s = { 0 }, again = { 0 }, told = { 0 };
	struct flp_texts lines = { 0 };
	struct flp_texts features = { 0 };
	struct flp_error e = { 0 };
	struct flp_in in, first, second;

	bytes_in(&in, p, n);
	if (flp_schema_read(&s, &in, &e) < 0) {
		is_error(&e);
	} else {
		write_schema(&s, "first", &first);
		must(flp_schema_read(&again, &first, &e) == 0);
		write_schema(&again, "second", &second);
		check_same(&first, &second);
		must(flp_schema_lines(&s, &lines, &e) == 0);
		must(flp_schema_check(&told, &lines, &e) == 0);
		if (flp_schema_features(&s, &features, &e) < 0)
			is_error(&e);
		else
			check_features(&s, features.n);
		flp_in_close(&first);
		flp_in_close(&second);
	}
	flp_texts_free(&features);
	flp_schema_free(&s);
	flp_schema_free(&again);
	flp_schema_free(&told);
	flp_texts_free(&lines);
	flp_in_close(&in);
	return 0;
}

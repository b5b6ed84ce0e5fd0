#include "model/encoder.h"
#include "base/memory.h"
#include "base/text.h"
#include "text/encoding.h"

#include <stdlib.h>
#include <string.h>

#define BYTES ((size_t)16 << 20) /* of a batch, unless one row takes more */

/* What replaces missing values: 0 or the mean of the data that the model was made for. */
static int
set_fillers(struct flp_encoder *c, const struct flp_model *m, struct flp_error *e)
{
	if (c->table.wish->missing == FLP_MISSING_MEAN && m->scaling.center == NULL)
		return flp_error_bad(e, "the model carries no means to replace missing values with "
		    "(see fl-init --scale)");
	return flp_table_fillers(&c->table, &m->scaling, 0, e) < 0 ? flp_error_at(e, "the model") : 0;
}

static int
find_key(struct flp_encoder *c, const char *key, struct flp_error *e)
{
	long at = flp_texts_find(&c->table.names, key, strlen(key));

	if (at < 0)
		return flp_error_usage(e, "key: expected a column of %s, found none called \"%s\"",
		    c->name, key);
	c->key = c->table.field[at] + 1;
	return 0;
}

int
flp_encoder_open(struct flp_encoder *c, const struct flp_model *m, const struct flp_wish *wish,
    const char *key, struct flp_in *in, struct flp_error *e)
{
	memset(c, 0, sizeof *c);
	c->name = in->name;
	c->d = m->arch.inputs;
	if (m->schema.n == 0)
		return flp_error_bad(e, "the model has no schema to encode a table by: expected a data "
		    "record (see fl-import)");
	if (flp_schema_take(&c->schema, &m->schema, ":schema", e) < 0)
		return -1;
	c->schema.closed = 1;
	if (c->schema.columns == 0)
		return flp_error_bad(e, "the model's schema has no feature columns to encode a table by: "
		    "expected a data record (see fl-import)");
	if (flp_table_open(&c->table, wish, &c->schema, in, e) < 0)
		return e->code == FLP_ERROR_USAGE ? -1 : flp_error_at(e, "%s", in->name);
	flp_table_layout(&c->table);
	if (set_fillers(c, m, e) < 0 || (key != NULL && find_key(c, key, e) < 0))
		return -1;
	c->most = BYTES / (c->d * sizeof *c->x);
	c->most = c->most < 1 ? 1 : c->most > FLP_OUTPUTS_ROWS ? FLP_OUTPUTS_ROWS : c->most;
	c->x = flp_memory_new(c->most, c->d * sizeof *c->x, e);
	return c->x == NULL ? -1 : 0;
}

void
flp_encoder_close(struct flp_encoder *c)
{
	flp_table_close(&c->table);
	flp_schema_free(&c->schema);
	free(c->x);
	free(c->keys);
	memset(c, 0, sizeof *c);
}

/* The text of the key, which goes to the output as it is. */
static int
keep_key(struct flp_encoder *c, struct flp_error *e)
{
	const struct flp_field *f;

	c->key_at[c->n] = c->used;
	if (c->key == 0)
		return 0;
	f = &c->table.csv.field[c->key - 1];
	if (!flp_text_printable(f->text, f->n)) {
		flp_error_bad(e, "key: expected printable UTF-8, found other bytes");
		return flp_encoding_hint(f->text, f->n, e);
	}
	if (flp_memory_grow(&c->keys, &c->room, c->used + f->n + 1, 1, e) < 0)
		return -1;
	memcpy(c->keys + c->used, f->text, f->n);
	c->keys[c->used + f->n] = '\0';
	c->used += f->n + 1;
	return 0;
}

static int
take_row(struct flp_encoder *c, struct flp_error *e)
{
	float *x = c->x + c->n * c->d;
	size_t used = c->used;

	memset(x, 0, c->d * sizeof *x);
	if (keep_key(c, e) < 0 || flp_table_x(&c->table, x, NULL, e) < 0) {
		c->used = used;
		return flp_table_at_row(&c->table, e);
	}
	c->row[c->n++] = c->table.row;
	return 0;
}

int
flp_encoder_next(struct flp_encoder *c, struct flp_bad *bad, struct flp_error *e)
{
	int status;

	c->n = c->used = 0;
	while (!c->stopped && c->n < c->most && (status = flp_table_next(&c->table, &c->why)) != 0)
		if (status < 0 || take_row(c, &c->why) < 0) {
			flp_error_at(&c->why, "%s", c->name);
			if (c->table.lost)
				flp_error_add(&c->why, "nothing after it in this input is read");
			c->stopped = c->table.lost || flp_bad_left_out(bad, &c->why) < 0;
		}
	if (c->n > 0 || !c->stopped)
		return c->n > 0;
	*e = c->why;
	return -1;
}

#include "base/memory.h"
#include "data/schema.h"
#include "format/record.h"
#include "loop/blocks.h"

#include <stdlib.h>
#include <string.h>

int
flp_schema_check(struct flp_schema *s, const struct flp_texts *lines, struct flp_error *e)
{
	struct flp_texts own = { 0 };
	int status = flp_schema_take(s, lines, ":schema", e);

	if (status == 0 && s->group.name != NULL)
		status = flp_error_bad(e, "%s: expected no groups, found column %s",
		    s->group.place, s->group.name);
	if (status == 0)
		status = flp_schema_lines(s, &own, e);
	if (status == 0 && flp_texts_same(&own, lines, e) < 0)
		status = flp_error_bad(e, ":schema: expected the lines that fl-import writes, "
		    "found others");
	flp_texts_free(&own);
	return status;
}

/* Skips the values of a tensor, but takes those of :schema. */
static int
take_tensor(struct flp_texts *lines, struct flp_blocks *b, size_t tensor, struct flp_error *e)
{
	const struct flp_tensor *t = &b->header->tensor[tensor];
	void *bytes;
	int more;

	if (strcmp(t->name, ":schema") != 0) {
		while ((more = flp_blocks_raw(b, tensor, e)) > 0)
			;
		return more;
	}
	if (t->dtype != FLP_DTYPE_U8 || t->rank != 1)
		return flp_error_bad(e, ":schema: expected u8 of rank 1, found %s of rank %u",
		    flp_dtype_name(t->dtype), t->rank);
	if (flp_record_tensor(&bytes, t, b->reader, e) < 0)
		return -1;
	more = flp_texts_parse_fields(lines, bytes, (size_t)t->bytes, e);
	free(bytes);
	return more < 0 ? flp_error_at(e, ":schema") : 0;
}

/* Reads the :schema of the only record of an input. */
static int
take_record(struct flp_texts *lines, struct flp_reader *r, struct flp_error *e)
{
	const struct flp_header *h;
	struct flp_blocks b = { 0 };
	struct flp_id id;
	int status = flp_reader_next(r, &h, e);

	if (status <= 0)
		return status;
	if (flp_header_find(h, ":schema") < 0)
		return flp_error_bad(e, "expected a record with :schema, found %s without one",
		    flp_kind_name(h->kind));
	status = flp_blocks_init(&b, r, h, e);
	for (size_t i = 0; status == 0 && i < h->tensors; i++)
		status = take_tensor(lines, &b, i, e);
	flp_blocks_free(&b);
	if (status < 0 || flp_reader_finish(r, &id, e) < 0)
		return -1;
	return flp_reader_none(r, e);
}

/* Merges the :schema of a record into a schema. */
static int
read_record(struct flp_schema *s, struct flp_in *in, struct flp_error *e)
{
	struct flp_reader *r = flp_reader_new(in, e);
	struct flp_schema alone = { 0 };
	struct flp_texts lines = { 0 };
	int status = -1;

	if (r != NULL && take_record(&lines, r, e) == 0 &&
	    flp_schema_check(&alone, &lines, e) == 0)
		status = 0;
	if (status < 0)
		flp_error_at(e, "%s", in->name);
	else
		status = flp_schema_take(s, &lines, in->name, e);
	flp_reader_free(r);
	flp_texts_free(&lines);
	flp_schema_free(&alone);
	return status;
}

int
flp_schema_load(struct flp_schema *s, const char *path, struct flp_error *e)
{
	struct flp_in in;
	int status = -1, record;

	if (flp_in_open(&in, path, e) < 0)
		return -1;
	if ((record = flp_reader_begins(&in, e)) < 0)
		flp_error_at(e, "%s", in.name);
	else
		status = record ? read_record(s, &in, e) : flp_schema_read(s, &in, e);
	if (status == 0 && in.offset == 0) {
		flp_error_bad(e, "expected a schema, found nothing");
		status = flp_error_at(e, "%s", in.name);
	}
	flp_in_close(&in);
	return status;
}

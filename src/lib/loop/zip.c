#include "loop/zip.h"

#include <string.h>

struct side {
	const struct flp_zipped *record;
	struct flp_blocks blocks;
	size_t tensor; /* the one that comes next */
};

static int
begin(struct side *s, const struct flp_zipped *record, struct flp_error *e)
{
	s->record = record;
	s->tensor = 0;
	if (record->in == NULL)
		return flp_blocks_of(&s->blocks, record->record, e);
	if (flp_blocks_init(&s->blocks, record->in->reader, record->header, e) < 0)
		return flp_inputs_at(record->in, e);
	return 0;
}

/* Puts the record's place before an error; returns -1. */
static int
at(const struct side *s, struct flp_error *e)
{
	return s->record->in != NULL ? flp_inputs_at(s->record->in, e) : -1;
}

static const struct flp_tensor *
current(const struct side *s)
{
	const struct flp_header *h = s->blocks.header;

	return s->tensor < h->tensors ? &h->tensor[s->tensor] : NULL;
}

/* Gives the body the blocks of a pair of tensors. */
static int
pair(const struct flp_zip *z, struct side *first, struct side *second, struct flp_error *e)
{
	int more;

	if ((z->same != NULL ? z->same : flp_tensor_same)(current(first), current(second), e) < 0)
		return at(second, e);
	while ((more = flp_blocks_raw(&first->blocks, first->tensor, e)) > 0) {
		if (flp_blocks_raw(&second->blocks, second->tensor, e) < 0)
			return at(second, e);
		if (second->blocks.n != first->blocks.n)
			return flp_error_misuse(e, "records of kinds that do not go together");
		if (z->body(z->context, &first->blocks, &second->blocks, e) < 0)
			return at(second, e);
	}
	first->tensor++;
	second->tensor++;
	return more < 0 ? at(first, e) : 0;
}

/* Gives the body the blocks of a tensor that is alone, in the first record if first = 1. */
static int
alone(const struct flp_zip *z, struct side *one, int first, struct side *second,
    struct flp_error *e)
{
	struct flp_blocks *b = &one->blocks;
	int more;

	while ((more = flp_blocks_raw(b, one->tensor, e)) > 0)
		if (z->body(z->context, first ? b : NULL, first ? NULL : b, e) < 0)
			return at(second, e);
	one->tensor++;
	return more < 0 ? at(one, e) : 0;
}

/* Makes the error of tensors that do not go together; NULL stands for the end of the record. */
static int
refuse(const struct flp_zip *z, const struct flp_tensor *a, const struct flp_tensor *b,
    struct flp_error *e)
{
	if (b == NULL)
		return flp_error_bad(e, "expected tensor %s, found no more", a->name);
	if (a == NULL)
		return flp_error_bad(e, "tensor %s: not in %s", b->name, z->first);
	return flp_tensor_same(a, b, e);
}

static int
step(const struct flp_zip *z, struct side *first, struct side *second, struct flp_error *e)
{
	const struct flp_tensor *a = current(first), *b = current(second);

	if (a != NULL && b != NULL && strcmp(a->name, b->name) == 0)
		return pair(z, first, second, e);
	if (b != NULL && z->second_alone != NULL && z->second_alone(z->context, b))
		return alone(z, second, 0, second, e);
	if (a != NULL && z->first_alone != NULL && z->first_alone(z->context, a))
		return alone(z, first, 1, second, e);
	refuse(z, a, b, e);
	return at(second, e);
}

static int
finish(const struct side *s, struct flp_error *e)
{
	struct flp_id id;

	return s->record->in != NULL ? flp_inputs_finish(s->record->in, &id, e) : 0;
}

int
flp_zip(const struct flp_zip *z, const struct flp_zipped *first,
    const struct flp_zipped *second, struct flp_error *e)
{
	struct side a = { 0 }, b = { 0 };
	int status = -1;

	if (begin(&a, first, e) < 0 || begin(&b, second, e) < 0)
		goto done;
	while (current(&a) != NULL || current(&b) != NULL)
		if (step(z, &a, &b, e) < 0)
			goto done;
	if (finish(&a, e) == 0)
		status = finish(&b, e);
done:
	flp_blocks_free(&a.blocks);
	flp_blocks_free(&b.blocks);
	return status;
}

#include "export/tensors.h"
#include "format/record.h"
#include "text/texts.h"

#include <stdlib.h>
#include <string.h>

static int
wanted(const struct flp_tensor *t, const char *name)
{
	return name ? strcmp(t->name, name) == 0 : !flp_tensor_describes(t);
}

int
flp_tensors_check(const struct flp_header *h, const char *name, struct flp_error *e)
{
	for (size_t i = 0; i < h->tensors; i++)
		if (wanted(&h->tensor[i], name))
			return 0;
	if (name != NULL && h->tensors > 0)
		return flp_error_bad(e, "expected a tensor %s, found %s%s%s", name, h->tensor[0].name,
		    h->tensors > 1 ? " to " : "", h->tensors > 1 ? h->tensor[h->tensors - 1].name : "");
	return flp_error_bad(e, "expected a tensor to print, found none");
}

static int
write_names(const struct flp_tensors_how *how, struct flp_out *out, struct flp_reader *r,
    const struct flp_tensor *t, struct flp_error *e)
{
	struct flp_texts names;
	void *text;
	int status;

	if (flp_record_tensor(&text, t, r, e) < 0)
		return -1;
	status = strcmp(t->name, ":schema") == 0 ?
	    flp_texts_parse_fields(&names, text, (size_t)t->bytes, e) :
	    flp_texts_parse(&names, text, (size_t)t->bytes, e);
	if (status < 0)
		flp_error_at(e, "%s", t->name);
	for (size_t i = 0; status == 0 && i < names.n; i++)
		status = how->name(out, t, i, flp_texts_get(&names, i), e);
	flp_texts_free(&names);
	free(text);
	return status;
}

/* Writes a tensor. Values that are not to be written are still read, to reach the next tensor. */
static int
write_tensor(const struct flp_tensors_how *how, struct flp_out *out, struct flp_blocks *b,
    size_t tensor, const char *name, struct flp_error *e)
{
	const struct flp_tensor *t = &b->header->tensor[tensor];
	int write = wanted(t, name), more;

	if (write && flp_tensor_describes(t) && t->dtype == FLP_DTYPE_U8)
		return write_names(how, out, b->reader, t, e);
	while ((more = flp_blocks_next(b, tensor, e)) > 0)
		if (write && how->block(out, b, e) < 0)
			return -1;
	return more;
}

int
flp_tensors_write(const struct flp_tensors_how *how, struct flp_out *out,
    struct flp_reader *r, const struct flp_header *h, const char *name, struct flp_error *e)
{
	struct flp_blocks b;
	struct flp_id id;
	int status = flp_tensors_check(h, name, e);

	if (status < 0 || flp_blocks_init(&b, r, h, e) < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < h->tensors; i++)
		status = write_tensor(how, out, &b, i, name, e);
	flp_blocks_free(&b);
	return status < 0 ? -1 : flp_reader_finish(r, &id, e);
}

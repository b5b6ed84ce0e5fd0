#include "format/payload.h"
#include "format/chunks.h"

static int
begin_tensor(struct flp_payload *p, size_t index, struct flp_error *e)
{
	const struct flp_tensor *t;

	p->tensor = NULL;
	p->left = 0;
	p->passed = 0;
	if (index >= p->header->tensors)
		return 0;
	t = &p->header->tensor[index];
	if ((p->kind = flp_encoding_find(t->encoding)) == NULL)
		return flp_error_misuse(e, "tensor %s: unknown encoding %d", t->name,
		    (int)t->encoding);
	p->index = index;
	p->tensor = t;
	p->left = t->bytes;
	if ((p->in != NULL ? p->kind->begin_read : p->kind->begin_write)(p, e) < 0)
		return flp_error_at(e, "tensor %s", t->name);
	return 0;
}

int
flp_payload_begin(struct flp_payload *p, const struct flp_header *h, struct flp_error *e)
{
	p->header = h;
	return begin_tensor(p, 0, e);
}

void
flp_payload_free(struct flp_payload *p)
{
	flp_chunks_free(p->chunks);
	p->chunks = NULL;
}

int
flp_payload_settle(struct flp_payload *p, struct flp_error *e)
{
	while (p->tensor != NULL && p->left == 0) {
		if ((p->in != NULL ? p->kind->end_read : p->kind->end_write)(p, e) < 0)
			return flp_error_at(e, "tensor %s", p->tensor->name);
		if (begin_tensor(p, p->index + 1, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_payload_check(const struct flp_payload *p, uint64_t bytes, struct flp_error *e)
{
	size_t size;

	if (p->tensor == NULL)
		return flp_error_misuse(e, "%llu bytes of values after the last tensor's",
		    (unsigned long long)bytes);
	if (bytes > p->left)
		return flp_error_misuse(e, "tensor %s: %llu bytes of values, but %llu are left",
		    p->tensor->name, (unsigned long long)bytes, (unsigned long long)p->left);
	size = flp_dtype_size(p->tensor->dtype);
	if (bytes % size != 0)
		return flp_error_misuse(e, "tensor %s: %llu bytes, but a value has %zu",
		    p->tensor->name, (unsigned long long)bytes, size);
	return 0;
}

int
flp_payload_read(struct flp_payload *p, void *to, uint64_t bytes, struct flp_error *e)
{
	if (p->kind->read(p, to, bytes, e) < 0)
		return flp_error_at(e, "tensor %s", p->tensor->name);
	p->left -= bytes;
	return 0;
}

int
flp_payload_write(struct flp_payload *p, const void *from, uint64_t bytes, struct flp_error *e)
{
	if (p->kind->write(p, from, bytes, e) < 0)
		return flp_error_at(e, "tensor %s", p->tensor->name);
	p->left -= bytes;
	return 0;
}

int
flp_payload_skip(struct flp_payload *p, struct flp_error *e)
{
	while (p->tensor != NULL) {
		if (!p->passed && p->kind->skip(p, e) < 0)
			return flp_error_at(e, "tensor %s", p->tensor->name);
		if (begin_tensor(p, p->index + 1, e) < 0)
			return -1;
	}
	return 0;
}

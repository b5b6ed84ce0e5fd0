#include "format/writer.h"
#include "base/memory.h"
#include "format/tail.h"
#include "format/zlib.h"

#include <stdlib.h>
#include <string.h>

struct flp_writer {
	struct flp_out *out;
	struct flp_header header;
	struct flp_hash *hash;
	struct flp_deflater *deflater; /* made when first needed */
	uint64_t offset;               /* of the current record */
	size_t tensor;                 /* being written */
	uint64_t left;                 /* bytes of its values not yet written */
};

struct flp_writer *
flp_writer_new(struct flp_out *out, struct flp_error *e)
{
	struct flp_writer *w = flp_memory_new(1, sizeof *w, e);

	if (w == NULL)
		return NULL;
	w->out = out;
	if ((w->hash = flp_hash_new(e)) == NULL) {
		free(w);
		return NULL;
	}
	return w;
}

void
flp_writer_free(struct flp_writer *w)
{
	if (w == NULL)
		return;
	flp_header_free(&w->header);
	flp_hash_free(w->hash);
	flp_deflater_free(w->deflater);
	free(w);
}

static int
begin_tensor(struct flp_writer *w, struct flp_error *e)
{
	if (w->tensor == w->header.tensors)
		return 0;
	w->left = w->header.tensor[w->tensor].bytes;
	if (w->header.tensor[w->tensor].encoding != FLP_ENCODING_ZLIB)
		return 0;
	if (w->deflater == NULL && (w->deflater = flp_deflater_new(e)) == NULL)
		return -1;
	flp_deflater_begin(w->deflater);
	return 0;
}

/* Closes tensors that are written through, and those that have no values. */
static int
settle(struct flp_writer *w, struct flp_error *e)
{
	static const unsigned char zero[FLP_ALIGNMENT];

	while (w->tensor < w->header.tensors && w->left == 0) {
		const struct flp_tensor *t = &w->header.tensor[w->tensor];

		if (t->encoding == FLP_ENCODING_ZLIB ? flp_deflater_end(w->deflater, w->out, e) :
		    flp_out_write(w->out, zero, flp_bytes_padded(t->bytes) - t->bytes, e))
			return -1;
		w->tensor++;
		if (begin_tensor(w, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_writer_begin(struct flp_writer *w, const struct flp_header *h, struct flp_error *e)
{
	unsigned char *bytes;
	size_t n;
	int status;

	flp_header_free(&w->header);
	if (flp_header_copy(&w->header, h, e) < 0 || flp_header_encode(h, &bytes, &n, e) < 0)
		return -1;
	w->offset = w->out->offset;
	w->tensor = 0;
	status = flp_out_write(w->out, bytes, n, e);
	free(bytes);
	if (status < 0)
		return -1;
	flp_canonical_begin(flp_hash_sink(w->hash), &w->header);
	return begin_tensor(w, e);
}

int
flp_writer_values(struct flp_writer *w, const void *from, uint64_t bytes, struct flp_error *e)
{
	const struct flp_tensor *t;

	if (bytes == 0)
		return 0;
	if (settle(w, e) < 0)
		return -1;
	t = &w->header.tensor[w->tensor];
	flp_canonical_values(flp_hash_sink(w->hash), from, bytes);
	w->left -= bytes;
	if (t->encoding == FLP_ENCODING_ZLIB)
		return flp_deflater_write(w->deflater, w->out, from, bytes, e);
	return flp_out_write(w->out, from, bytes, e);
}

int
flp_writer_end(struct flp_writer *w, const struct flp_meta *footer, struct flp_id *id,
    struct flp_error *e)
{
	struct flp_tail tail = { 0 };
	unsigned char *bytes;
	size_t n;
	int status;

	if (settle(w, e) < 0)
		return -1;
	if (w->tensor < w->header.tensors)
		return flp_error_bad(e, "tensor %s: %llu bytes of its values were not written",
		    w->header.tensor[w->tensor].name, (unsigned long long)w->left);
	if (footer != NULL) {
		tail.footer = *footer;
		if (flp_meta_join(&w->header.meta, footer, e) < 0)
			return -1;
	}
	flp_canonical_end(flp_hash_sink(w->hash), &w->header.meta);
	flp_hash_id(w->hash, &tail.id);
	tail.length = w->out->offset - w->offset + flp_tail_size(tail.footer.n);
	if (flp_tail_encode(&tail, &bytes, &n, e) < 0)
		return -1;
	status = flp_out_write(w->out, bytes, n, e);
	free(bytes);
	if (id != NULL)
		*id = tail.id;
	return status;
}

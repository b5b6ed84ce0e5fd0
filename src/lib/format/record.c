#include "format/record.h"
#include "base/memory.h"
#include "format/modular.h"
#include "kernel/ring.h"

#include <stdlib.h>
#include <string.h>

#define STEP ((uint64_t)4 << 20)

/* Memory doubles as values arrive: a header may claim far more than there is. */
int
flp_record_tensor(void **values, const struct flp_tensor *t, struct flp_reader *r,
    struct flp_error *e)
{
	uint64_t size = flp_dtype_size(t->dtype), done = 0, room = t->bytes;

	*values = NULL;
	if (size == 0)
		return flp_error_misuse(e, "tensor %s: unknown dtype %d", t->name, (int)t->dtype);
	if (room > STEP)
		room = STEP / size * size;
	if ((*values = flp_memory_new(room, 1, e)) == NULL)
		return -1;
	for (;;) {
		if (flp_reader_values(r, (char *)*values + done, room - done, e) < 0)
			break;
		done = room;
		if (done == t->bytes)
			return 0;
		room = t->bytes - done < done ? t->bytes : 2 * done;
		if (flp_memory_resize(values, done, room, e) < 0)
			break;
	}
	free(*values);
	*values = NULL;
	return -1;
}

int
flp_record_pass(struct flp_reader *r, const struct flp_tensor *t, struct flp_writer *w,
    void *block, size_t room, struct flp_error *e)
{
	for (uint64_t left = t->bytes, n; left > 0; left -= n) {
		n = left < room ? left : room;
		if (flp_reader_values(r, block, n, e) < 0 || flp_writer_values(w, block, n, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_record_load(struct flp_record *rec, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	memset(rec, 0, sizeof *rec);
	if (flp_header_copy(&rec->header, h, e) < 0)
		return -1;
	if ((rec->values = flp_memory_new(h->tensors, sizeof *rec->values, e)) == NULL)
		goto fail;
	for (size_t i = 0; i < h->tensors; i++)
		if (flp_record_tensor(&rec->values[i], &h->tensor[i], r, e) < 0)
			goto fail;
	if (flp_reader_finish(r, &rec->id, e) < 0 ||
	    flp_meta_copy(&rec->header.meta, &h->meta, e) < 0)
		goto fail;
	return 0;
fail:
	flp_record_free(rec);
	return -1;
}

int
flp_record_new(struct flp_record *rec, const struct flp_header *h, struct flp_error *e)
{
	memset(rec, 0, sizeof *rec);
	if (flp_header_copy(&rec->header, h, e) < 0)
		return -1;
	if ((rec->values = flp_memory_new(h->tensors, sizeof *rec->values, e)) == NULL)
		goto fail;
	for (size_t i = 0; i < h->tensors; i++)
		if ((rec->values[i] = flp_memory_new(h->tensor[i].bytes, 1, e)) == NULL)
			goto fail;
	return 0;
fail:
	flp_record_free(rec);
	return -1;
}

int
flp_record_write(const struct flp_record *rec, struct flp_writer *w, struct flp_error *e)
{
	if (flp_writer_begin(w, &rec->header, e) < 0)
		return -1;
	for (size_t i = 0; i < rec->header.tensors; i++)
		if (flp_writer_values(w, rec->values[i], rec->header.tensor[i].bytes, e) < 0)
			return -1;
	return flp_writer_end(w, NULL, NULL, e);
}

int
flp_record_create(const struct flp_record *rec, struct flp_out *out, const char *path,
    int private, struct flp_error *e)
{
	struct flp_writer *w = NULL;
	int status = -1;

	if (flp_out_create(out, path, e) < 0)
		return -1;
	if ((!private || flp_out_private(out, e) == 0) && (w = flp_writer_new(out, e)) != NULL)
		status = flp_record_write(rec, w, e);
	flp_writer_free(w);
	if (status < 0)
		flp_out_discard(out);
	return status;
}

/* Hashes values of a masked record as the encoding modular stores them, which are fewer bytes than
 * in memory. */
static int
take_packed(struct flp_sink *sink, const uint64_t *values, uint64_t count, unsigned bits,
    struct flp_error *e)
{
	enum { BLOCK = 4096 };
	unsigned char bytes[BLOCK * sizeof *values];

	for (uint64_t at = 0, n; at < count; at += n) {
		n = count - at < BLOCK ? count - at : BLOCK;
		if (flp_ring_beyond(values + at, (size_t)n, bits) < n)
			return flp_error_bad(e, "expected values of %u bits, found a larger one", bits);
		flp_ring_pack(bytes, values + at, (size_t)n, bits);
		flp_canonical_values(sink, bytes, (size_t)n * flp_ring_bytes(bits));
	}
	return 0;
}

static int
take_values(struct flp_sink *sink, const struct flp_record *rec, struct flp_error *e)
{
	const struct flp_header *h = &rec->header;
	unsigned bits = 64;

	if (h->kind == FLP_KIND_MASKED && flp_modular_bits(&h->meta, &bits, e) < 0)
		return -1;
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		if (h->kind != FLP_KIND_MASKED || t->dtype != FLP_DTYPE_U64)
			flp_canonical_values(sink, rec->values[i], t->bytes);
		else if (take_packed(sink, rec->values[i], t->count, bits, e) < 0)
			return flp_error_at(e, "tensor %s", t->name);
	}
	return 0;
}

int
flp_record_digest(const struct flp_record *rec, struct flp_digest *digest, struct flp_error *e)
{
	const struct flp_header *h = &rec->header;
	struct flp_digester *d = flp_digester_new(e);
	struct flp_meta unsigned_meta = { 0 };
	struct flp_sink *sink;
	int status;

	if (d == NULL || flp_meta_copy(&unsigned_meta, &h->meta, e) < 0) {
		flp_digester_free(d);
		return -1;
	}
	flp_meta_drop(&unsigned_meta, "signature");
	sink = flp_digester_sink(d);
	flp_canonical_begin(sink, h);
	status = take_values(sink, rec, e);
	if (status == 0) {
		flp_canonical_end(sink, &unsigned_meta);
		flp_digester_end(d, digest);
	}
	flp_meta_free(&unsigned_meta);
	flp_digester_free(d);
	return status;
}

void
flp_record_free(struct flp_record *rec)
{
	for (size_t i = 0; rec->values != NULL && i < rec->header.tensors; i++)
		free(rec->values[i]);
	free(rec->values);
	flp_header_free(&rec->header);
	memset(rec, 0, sizeof *rec);
}

void *
flp_record_values(const struct flp_record *rec, const char *name, const struct flp_tensor **t)
{
	long i = rec != NULL && name != NULL && rec->values != NULL ?
	    flp_header_find(&rec->header, name) : -1;

	if (i < 0)
		return NULL;
	if (t != NULL)
		*t = &rec->header.tensor[i];
	return rec->values[i];
}

#include "format/writer.h"
#include "base/memory.h"
#include "format/payload.h"
#include "format/tail.h"

#include <stdlib.h>
#include <string.h>

struct flp_writer {
	struct flp_out *out;
	struct flp_header header;
	struct flp_hash *hash;
	struct flp_digester *digester; /* or NULL */
	struct flp_digest digest;
	struct flp_payload payload;
	uint64_t offset; /* of the current record */
	int inside;      /* it is begun and not ended */
};

struct flp_writer *
flp_writer_new(struct flp_out *out, struct flp_error *e)
{
	struct flp_writer *w = flp_memory_new(1, sizeof *w, e);

	if (w == NULL)
		return NULL;
	w->out = w->payload.out = out;
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
	flp_digester_free(w->digester);
	flp_payload_free(&w->payload);
	free(w);
}

int
flp_writer_compute_digest(struct flp_writer *w, struct flp_error *e)
{
	if (w->digester == NULL && (w->digester = flp_digester_new(e)) == NULL)
		return -1;
	flp_hash_sink(w->hash)->next = flp_digester_sink(w->digester);
	return 0;
}

void
flp_writer_digest(const struct flp_writer *w, struct flp_digest *digest)
{
	*digest = w->digest;
}

int
flp_writer_begin(struct flp_writer *w, const struct flp_header *h, struct flp_error *e)
{
	unsigned char *bytes;
	size_t n;
	int status;

	if (w->inside)
		return flp_error_misuse(e, "the last record is not ended");
	flp_header_free(&w->header);
	if (flp_header_encode(h, &bytes, &n, e) < 0)
		return -1;
	w->offset = w->out->offset;
	status = flp_header_copy(&w->header, h, e);
	if (status == 0)
		status = flp_out_write(w->out, bytes, n, e);
	free(bytes);
	if (status < 0)
		return -1;
	w->inside = 1;
	flp_canonical_begin(flp_hash_sink(w->hash), &w->header);
	return flp_payload_begin(&w->payload, &w->header, e);
}

static int
check_inside(const struct flp_writer *w, struct flp_error *e)
{
	return w->inside ? 0 : flp_error_misuse(e, "no record is begun, or the last is ended");
}

int
flp_writer_values(struct flp_writer *w, const void *from, uint64_t bytes, struct flp_error *e)
{
	if (check_inside(w, e) < 0)
		return -1;
	if (bytes == 0)
		return 0;
	if (flp_payload_settle(&w->payload, e) < 0 || flp_payload_check(&w->payload, bytes, e) < 0)
		return -1;
	flp_canonical_values(flp_hash_sink(w->hash), from, bytes);
	return flp_payload_write(&w->payload, from, bytes, e);
}

int
flp_writer_end(struct flp_writer *w, const struct flp_meta *footer, struct flp_id *id,
    struct flp_error *e)
{
	struct flp_tail tail = { 0 };
	unsigned char *bytes;
	size_t n;
	int status;

	if (check_inside(w, e) < 0)
		return -1;
	w->inside = 0;
	if (flp_payload_settle(&w->payload, e) < 0)
		return -1;
	if (w->payload.tensor != NULL)
		return flp_error_misuse(e, "tensor %s: %llu bytes of its values were not written",
		    w->payload.tensor->name, (unsigned long long)w->payload.left);
	if (footer != NULL) {
		tail.footer = *footer;
		if (flp_meta_join(&w->header.meta, footer, e) < 0)
			return -1;
	}
	flp_canonical_end(flp_hash_sink(w->hash), &w->header.meta);
	flp_hash_id(w->hash, &tail.id);
	if (w->digester != NULL)
		flp_digester_end(w->digester, &w->digest);
	tail.length = w->out->offset - w->offset + flp_tail_size(tail.footer.n);
	if (flp_tail_encode(&tail, &bytes, &n, e) < 0)
		return -1;
	status = flp_out_write(w->out, bytes, n, e);
	free(bytes);
	if (id != NULL)
		*id = tail.id;
	return status;
}

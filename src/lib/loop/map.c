#include "loop/map.h"
#include "base/memory.h"
#include "format/writer.h"

#include <stdlib.h>

#define MADE (FLP_BLOCKS_N * FLP_DTYPE_SIZE_LIMIT)
#define COPY ((uint64_t)64 << 10) /* bytes at most MADE, a multiple of every dtype's size */

/* What serves all records, and how far the current one is. */
struct run {
	const struct flp_map *map;
	struct flp_inputs *in;
	struct flp_writer *writer;
	struct flp_blocks blocks;
	void *made; /* a block of the result, MADE bytes */
	int begun;  /* a part of the result was written */
};

/* Whether blocks of the record can be made blocks of the result. */
static int
fits(const struct run *run, const struct flp_header *h, const struct flp_header *result)
{
	if (h->tensors != result->tensors)
		return 0;
	for (size_t i = 0; i < h->tensors; i++)
		if (h->tensor[i].count != result->tensor[i].count ||
		    (run->map->body == NULL && h->tensor[i].dtype != result->tensor[i].dtype))
			return 0;
	return 1;
}

static int
edit(struct run *run, const struct flp_header *h, struct flp_header *result,
    struct flp_error *e)
{
	const struct flp_map *m = run->map;

	if (m->edit != NULL && m->edit(m->context, result, e) < 0)
		return -1;
	return fits(run, h, result) ? 0 :
	    flp_error_misuse(e, "the result's tensors can't be made of the record's");
}

/* One reading of a record before the last. */
static int
look_once(struct run *run, const struct flp_header *h, struct flp_error *e)
{
	const struct flp_map *m = run->map;
	struct flp_reader *r = run->in->reader;
	struct flp_id id;
	int more;

	if (flp_blocks_reset(&run->blocks, r, h, e) < 0)
		return -1;
	for (size_t i = 0; i < h->tensors; i++) {
		while ((more = flp_blocks_raw(&run->blocks, i, e)) > 0)
			if (m->look(m->context, &run->blocks, e) < 0)
				return -1;
		if (more < 0)
			return -1;
	}
	return flp_reader_finish(r, &id, e) < 0 ? -1 : flp_reader_back(r, e);
}

static int
look(struct run *run, const struct flp_header *h, struct flp_error *e)
{
	const struct flp_map *m = run->map;
	int again = 1;

	while (again > 0)
		if (look_once(run, h, e) < 0 ||
		    (again = m->looked != NULL ? m->looked(m->context, e) : 0) < 0)
			return -1;
	return 0;
}

/* A tensor of the result by way of the body. */
static int
make_tensor(struct run *run, size_t i, const struct flp_tensor *t, struct flp_error *e)
{
	const struct flp_map *m = run->map;
	struct flp_blocks *b = &run->blocks;
	size_t where;
	int more;

	while ((more = flp_blocks_raw(b, i, e)) > 0) {
		if (m->body(m->context, b, t, run->made, e) < 0)
			return -1;
		if (!flp_dtype_finite(run->made, t->dtype, b->n, &where))
			return flp_error_bad(e, "tensor %s: value %llu of the result is not finite",
			    t->name, (unsigned long long)(b->at + where));
		if (flp_writer_values(run->writer, run->made, b->n * flp_dtype_size(t->dtype), e) < 0)
			return -1;
	}
	return more;
}

static int
write_values(struct run *run, const struct flp_header *h, const struct flp_header *result,
    struct flp_error *e)
{
	const struct flp_map *m = run->map;

	if (m->body != NULL && flp_blocks_reset(&run->blocks, run->in->reader, h, e) < 0)
		return -1;
	if (flp_writer_begin(run->writer, result, e) < 0)
		return -1;
	run->begun = 1;
	for (size_t i = 0; i < result->tensors; i++) {
		const struct flp_tensor *t = &result->tensor[i];

		if ((m->body != NULL ? make_tensor(run, i, t, e) :
		    flp_record_pass(run->in->reader, t, run->writer, run->made, COPY, e)) < 0)
			return -1;
	}
	return 0;
}

/* What comes after the values. */
static int
write_end(struct run *run, const struct flp_header *result, struct flp_error *e)
{
	const struct flp_map *m = run->map;
	struct flp_meta footer = { 0 };
	struct flp_digest digest;
	struct flp_id id;
	int status = -1;

	if (flp_reader_finish(run->in->reader, &id, e) < 0)
		return -1;
	if (flp_meta_copy(&footer, flp_reader_footer(run->in->reader), e) == 0 &&
	    (m->end == NULL || m->end(m->context, &footer, e) == 0))
		status = flp_writer_end(run->writer, &footer, NULL, e);
	flp_meta_free(&footer);
	if (status < 0 || m->written == NULL)
		return status;
	flp_writer_digest(run->writer, &digest);
	return m->written(m->context, result, &digest, e);
}

static int
map_record(struct run *run, const struct flp_header *h, struct flp_error *e)
{
	struct flp_header result;
	int status = -1;

	if (flp_header_copy(&result, h, e) < 0)
		return -1;
	if (edit(run, h, &result, e) == 0 &&
	    (run->map->look == NULL || look(run, h, e) == 0) &&
	    write_values(run, h, &result, e) == 0)
		status = write_end(run, &result, e);
	flp_header_free(&result);
	return status;
}

static int
map_all(struct run *run, uint64_t *n, struct flp_error *e)
{
	const struct flp_map *m = run->map;
	const struct flp_header *h;
	int status;

	while (run->begun = 0, (status = flp_inputs_next(run->in, &h, e)) != 0) {
		if (status > 0 && map_record(run, h, e) < 0)
			status = flp_inputs_at(run->in, e);
		if (status > 0)
			++*n;
		else if (m->bad == NULL || run->begun || flp_bad_record(m->bad, run->in, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_map_records(const struct flp_map *m, struct flp_inputs *in, struct flp_out *out,
    uint64_t *n, struct flp_error *e)
{
	struct run run = { .map = m, .in = in };
	int status = -1;

	*n = 0;
	in->twice |= m->look != NULL;
	in->some |= m->bad != NULL;
	if ((run.writer = flp_writer_new(out, e)) != NULL &&
	    (run.made = flp_memory_new(MADE, 1, e)) != NULL &&
	    (m->written == NULL || flp_writer_compute_digest(run.writer, e) == 0))
		status = map_all(&run, n, e);
	flp_writer_free(run.writer);
	flp_blocks_free(&run.blocks);
	free(run.made);
	return status;
}

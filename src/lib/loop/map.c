#include "loop/map.h"
#include "base/memory.h"
#include "format/writer.h"

#include <stdlib.h>
#include <string.h>

#define MADE (FLP_BLOCKS_N * FLP_DTYPE_SIZE_LIMIT)
#define COPY ((uint64_t)64 << 10) /* bytes at most MADE, a multiple of every dtype's size */

/* What is kept for all records, and what was done with the current one. */
struct run {
	const struct flp_map *map;
	struct flp_inputs *in;
	struct flp_writer *writer;
	struct flp_blocks blocks;
	void *made; /* a block of the result, MADE bytes */
	int begun;  /* 1: part of the current result was written */
};

/* The tensor of the record, from number `at` on, from which the result's tensor of this name is
 * made; h->tensors if the tensor is new. */
static size_t
find_source(const struct flp_header *h, size_t at, const char *name)
{
	while (at < h->tensors && strcmp(h->tensor[at].name, name) != 0)
		at++;
	return at;
}

/* Returns 1 if all tensors of the result can be copied from the record. */
static int
fits_copy(const struct flp_header *h, const struct flp_header *result)
{
	if (h->tensors != result->tensors)
		return 0;
	for (size_t i = 0; i < h->tensors; i++)
		if (h->tensor[i].count != result->tensor[i].count ||
		    h->tensor[i].dtype != result->tensor[i].dtype)
			return 0;
	return 1;
}

/* Returns 1 if they can be made from the record. After the first new tensor all must be new, so the
 * record must not have them. */
static int
fits(const struct flp_map *m, const struct flp_header *h, const struct flp_header *result)
{
	size_t at = 0;

	if (m->body == NULL)
		return fits_copy(h, result);
	for (size_t i = 0; i < result->tensors; i++) {
		const struct flp_tensor *t = &result->tensor[i];

		at = find_source(h, at, t->name);
		if (at < h->tensors ? h->tensor[at++].count != t->count :
		    m->fill == NULL || flp_header_find(h, t->name) >= 0)
			return 0;
	}
	return 1;
}

/* One reading of a record for the look. */
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
look(struct run *run, const struct flp_header *h, struct flp_header *result,
    struct flp_error *e)
{
	const struct flp_map *m = run->map;
	int again = 1;

	while (again > 0)
		if (look_once(run, h, e) < 0 ||
		    (again = m->looked != NULL ? m->looked(m->context, result, e) : 0) < 0)
			return -1;
	return 0;
}

/* The result's header, before the first byte is written. */
static int
edit(struct run *run, const struct flp_header *h, struct flp_header *result,
    struct flp_error *e)
{
	const struct flp_map *m = run->map;

	if ((m->edit != NULL && m->edit(m->context, result, e) < 0) ||
	    (m->look != NULL && look(run, h, result, e) < 0))
		return -1;
	return fits(m, h, result) ? 0 :
	    flp_error_misuse(e, "the result's tensors can't be made from the record's");
}

/* Writes n values of a tensor, from value `at` on, that were just made. */
static int
write_made(struct run *run, const struct flp_tensor *t, uint64_t at, size_t n,
    struct flp_error *e)
{
	size_t where;

	if (!flp_dtype_finite(run->made, t->dtype, n, &where))
		return flp_error_bad(e, "tensor %s: value %llu of the result is not finite", t->name,
		    (unsigned long long)(at + where));
	return flp_writer_values(run->writer, run->made, n * flp_dtype_size(t->dtype), e);
}

/* Makes a tensor of the result by the body, or passes over one that is left out, if t = NULL. */
static int
make_tensor(struct run *run, size_t i, const struct flp_tensor *t, struct flp_error *e)
{
	const struct flp_map *m = run->map;
	struct flp_blocks *b = &run->blocks;
	int more;

	while ((more = flp_blocks_raw(b, i, e)) > 0)
		if (t != NULL && (m->body(m->context, b, t, run->made, e) < 0 ||
		    write_made(run, t, b->at, b->n, e) < 0))
			return -1;
	return more;
}

static int
fill_tensor(struct run *run, const struct flp_tensor *t, struct flp_error *e)
{
	const struct flp_map *m = run->map;
	size_t n;

	for (uint64_t at = 0; at < t->count; at += n) {
		n = t->count - at < FLP_BLOCKS_N ? (size_t)(t->count - at) : FLP_BLOCKS_N;
		if (m->fill(m->context, t, at, n, run->made, e) < 0 ||
		    write_made(run, t, at, n, e) < 0)
			return -1;
	}
	return 0;
}

static int
make_values(struct run *run, const struct flp_header *h, const struct flp_header *result,
    struct flp_error *e)
{
	size_t at = 0;

	for (size_t i = 0; i < result->tensors; i++) {
		const struct flp_tensor *t = &result->tensor[i];
		size_t source = find_source(h, at, t->name);

		for (; at < source && source < h->tensors; at++)
			if (make_tensor(run, at, NULL, e) < 0)
				return -1;
		if ((source < h->tensors ? make_tensor(run, source, t, e) : fill_tensor(run, t, e)) < 0)
			return -1;
		at = source < h->tensors ? source + 1 : source;
	}
	return 0;
}

static int
copy_values(struct run *run, const struct flp_header *h, struct flp_error *e)
{
	for (size_t i = 0; i < h->tensors; i++)
		if (flp_record_pass(run->in->reader, &h->tensor[i], run->writer, run->made, COPY, e) < 0)
			return -1;
	return 0;
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
	return m->body != NULL ? make_values(run, h, result, e) : copy_values(run, h, e);
}

/* Writes what comes after the values. */
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
	if (edit(run, h, &result, e) == 0 && write_values(run, h, &result, e) == 0)
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

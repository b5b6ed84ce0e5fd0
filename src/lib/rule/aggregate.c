#include "rule/aggregate.h"
#include "base/memory.h"
#include "format/writer.h"
#include "loop/inputs.h"
#include "rule/screen.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STRETCH ((size_t)16384) /* values of a block: with their sums they fit L2 */

/* A record that was taken: where it is, and what its values count. */
struct taken {
	char *path;
	uint64_t offset, number, weight;
	struct flp_id id;
	struct flp_in in;
	struct flp_reader *reader;
	const struct flp_header *header;
};

/* What is known while an aggregation runs. */
struct run {
	struct flp_aggregation *a;
	struct taken *taken; /* records in files */
	size_t n, room;
	void *ids;                  /* tree of what was taken, under `unique` */
	struct flp_screen *screen;
	struct flp_header result;
	struct flp_writer *writer;
	int over;                   /* a count overflowed: that ends it */
	struct flp_total **total;   /* one a tensor, or one for all in turn */
	size_t totals;
	unsigned char *block;       /* STRETCH values of any dtype */
};

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct flp_id));
}

/* Remembers an id in the tree; refuses one that is there. */
static int
remember(void **tree, const struct flp_id *id, struct flp_error *e)
{
	struct flp_id *copy = flp_memory_new(1, sizeof *copy, e), **found;
	char text[FLP_ID_TEXT];

	if (copy == NULL)
		return -1;
	*copy = *id;
	if ((found = tsearch(copy, tree, by_id)) == NULL) {
		free(copy);
		return flp_error_system(e, ENOMEM, "memory for ids");
	}
	if (*found == copy)
		return 0;
	free(copy);
	flp_id_text(id, text);
	return flp_error_bad(e, "id %s was there before", text);
}

/* Says why an input is left out, or returns -1 where that ends it all: under
 * `strict`, where it is no fault of this input alone, or the system's. */
static int
leave_out(const struct run *run, const struct flp_inputs *in, struct flp_error *e)
{
	const struct flp_aggregation *a = run->a;

	if (a->strict || run->over || e->code != FLP_ERROR_BAD)
		return -1;
	if (in->reader != NULL && flp_reader_spent(in->reader))
		flp_error_at(e, "left out with what follows it");
	else
		flp_error_at(e, "left out");
	if (a->left_out != NULL)
		a->left_out(e);
	return 0;
}

/* Puts the place of a record in a file before an error; returns -1. */
static int
taken_at(const struct taken *t, struct flp_error *e)
{
	return t->number > 1 ? flp_error_at(e, "%s: record %llu", t->path,
	    (unsigned long long)t->number) : flp_error_at(e, "%s", t->path);
}

static void
close_taken(struct taken *t)
{
	flp_reader_free(t->reader);
	t->reader = NULL;
	flp_in_close(&t->in);
}

/* The header read now must promise what was indexed. */
static int
check_same(const struct flp_header *want, const struct flp_header *h, struct flp_error *e)
{
	if (h->tensors != want->tensors + (h->kind == FLP_KIND_PARTIAL) ||
	    flp_merger_check_parents(h, e) < 0)
		return flp_in_changed(e);
	for (size_t i = 0; i < want->tensors; i++) {
		struct flp_tensor t = h->tensor[i];

		t.dtype &= ~FLP_DTYPE_SUM;
		if (flp_tensor_same(&want->tensor[i], &t, e) < 0)
			return flp_in_changed(e);
	}
	return 0;
}

static int
open_taken(struct taken *t, const struct flp_header *want, struct flp_error *e)
{
	int status;

	if (flp_in_open(&t->in, t->path, e) < 0 || flp_in_seek(&t->in, t->offset, e) < 0 ||
	    (t->reader = flp_reader_new(&t->in, e)) == NULL)
		return -1;
	if ((status = flp_reader_next(t->reader, &t->header, e)) == 0)
		status = flp_in_changed(e);
	return status < 0 ? -1 : check_same(want, t->header, e);
}

/* Checks what is left, and that it is what was indexed. */
static int
end_taken(struct taken *t, struct flp_error *e)
{
	struct flp_id id;

	if (flp_reader_finish(t->reader, &id, e) < 0)
		return -1;
	if (memcmp(&id, &t->id, sizeof id) != 0)
		return flp_in_changed(e);
	return 0;
}

/* Reads a record's values to see that they are whole and may be added. */
static int
screen_file(struct run *run, struct taken *t, const struct flp_candidate *c, struct flp_error *e)
{
	int status = open_taken(t, &c->header, e);

	for (size_t i = 0; status == 0 && i < c->header.tensors; i++) {
		enum flp_dtype dtype = t->header->tensor[i].dtype;

		for (uint64_t at = 0, left; status == 0 &&
		    (left = c->header.tensor[i].count - at) > 0;) {
			size_t n = left < STRETCH ? (size_t)left : STRETCH;

			status = flp_reader_values(t->reader, run->block,
			    n * flp_dtype_size(dtype), e);
			if (status == 0)
				status = flp_screen_values(run->screen, i, &c->header.tensor[i],
				    dtype, at, run->block, n, c->weight, e);
			at += n;
		}
	}
	if (status == 0)
		status = end_taken(t, e);
	close_taken(t);
	return status;
}

/* Takes the record of a candidate in, unless it was there. One with which a count
 * is too large, `over` says which, ends it all, but only here, when it has been
 * seen to be good: what is bad is left out, wherever it comes. */
static int
take(struct run *run, struct flp_candidate *c, enum flp_kind kind, const struct flp_id *id,
    const struct flp_error *over, struct flp_error *e)
{
	if (run->a->unique && remember(&run->ids, id, e) < 0)
		return -1;
	if (c->over) {
		run->over = 1;
		*e = *over;
		return -1;
	}
	if (!c->empty)
		flp_screen_done(run->screen);
	flp_merger_take(&run->a->merger, c, kind, id);
	return 0;
}

/* First pass over one record of a file: its values too, except under
 * `strict`. */
static int
index_record(struct run *run, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_candidate c = { 0 };
	struct taken *t;
	int status = -1;

	if (flp_memory_grow(&run->taken, &run->room, run->n + 1, sizeof *run->taken, e) < 0)
		return -1;
	t = &run->taken[run->n];
	memset(t, 0, sizeof *t);
	t->in.fd = -1;
	t->path = in->path[-1];
	t->offset = flp_reader_offset(in->reader);
	t->number = flp_reader_number(in->reader);
	if (flp_reader_skip(in->reader, &t->id, e) == 0 &&
	    (flp_merger_check(&run->a->merger, h, &c, e) == 0 || c.over)) {
		struct flp_error over = *e;

		t->weight = c.weight;
		if (run->a->strict || screen_file(run, t, &c, e) == 0)
			status = take(run, &c, h->kind, &t->id, &over, e);
	}
	flp_candidate_free(&c);
	run->n += status == 0;
	return status < 0 ? flp_inputs_at(in, e) : 0;
}

static int
index_files(struct run *run, char **paths, struct flp_error *e)
{
	const struct flp_header *h;
	struct flp_inputs in;
	int status;

	flp_inputs_init(&in, paths);
	while ((status = flp_inputs_next(&in, &h, e)) != 0) {
		if (status > 0)
			status = index_record(run, &in, h, e);
		if (status < 0 && (status = leave_out(run, &in, e)) < 0)
			break;
	}
	flp_inputs_close(&in);
	return status;
}

/* Behind the values that are summed: a partial's parents, and the end. */
static int
finish_taken(struct run *run, struct taken *t, struct flp_error *e)
{
	uint16_t words[FLP_IDSET_WORDS];

	if (t->header->kind == FLP_KIND_PARTIAL) {
		if (flp_reader_values(t->reader, words, sizeof words, e) < 0)
			return -1;
		flp_idset_join(&run->a->merger.parents, words);
	}
	return end_taken(t, e);
}

static uint64_t
divisor(const struct run *run)
{
	const struct flp_merger *m = &run->a->merger;

	return m->rule == FLP_RULE_MEAN && m->weight > 0 ? m->weight : 1;
}

/* The tensor a total is over: as merged, not as written. */
static const struct flp_tensor *
merged(const struct run *run, size_t i)
{
	return &run->a->merger.header.tensor[i];
}

static int
begin_result(struct run *run, struct flp_out *out, struct flp_error *e)
{
	const struct flp_aggregation *a = run->a;

	if (a->expect != 0 && a->merger.clients != a->expect)
		return flp_error_bad(e, "expected %llu clients, found %llu",
		    (unsigned long long)a->expect, (unsigned long long)a->merger.clients);
	if (a->merger.clients < a->least)
		return flp_error_bad(e, "expected at least %llu clients, found %llu",
		    (unsigned long long)a->least, (unsigned long long)a->merger.clients);
	if (a->merger.header.kind == 0)
		return flp_error_bad(e, "expected a record, found nothing");
	if (flp_merger_result(&a->merger, a->partial, &run->result, e) < 0 ||
	    (run->writer = flp_writer_new(out, e)) == NULL)
		return -1;
	return flp_writer_begin(run->writer, &run->result, e);
}

/* Writes n values of a result from a total's `at` on. */
static int
write_result(struct run *run, size_t i, const struct flp_total *total, size_t at, size_t n,
    struct flp_error *e)
{
	const struct flp_tensor *t = &run->result.tensor[i];

	if (flp_total_result(total, at, n, run->block, t->dtype, divisor(run), e) < 0)
		return flp_error_at(e, "tensor %s", t->name);
	return flp_writer_values(run->writer, run->block, n * flp_dtype_size(t->dtype), e);
}

static int
end_result(struct run *run, struct flp_error *e)
{
	const struct flp_idset *parents = &run->a->merger.parents;
	struct flp_meta footer = { 0 };
	int status;

	if (run->a->partial)
		return flp_writer_values(run->writer, parents->word, sizeof parents->word, e) < 0 ?
		    -1 : flp_writer_end(run->writer, NULL, NULL, e);
	status = flp_merger_footer(&run->a->merger, &footer, e);
	if (status == 0)
		status = flp_writer_end(run->writer, &footer, NULL, e);
	flp_meta_free(&footer);
	return status;
}

/* Adds n values of a record's tensor i from `first` on. Under `strict` this is
 * the first look at those of files. */
static int
add_values(struct run *run, struct flp_total *total, size_t i, enum flp_dtype dtype,
    uint64_t first, const void *values, size_t n, uint64_t weight, struct flp_error *e)
{
	const struct flp_tensor *t = merged(run, i);

	if ((run->a->strict && flp_screen_bounds(t, run->a->merger.rule, dtype, first, values, n,
	    weight, e) < 0) || flp_total_add(total, values, dtype, weight, e) < 0)
		return flp_error_at(e, "tensor %s", t->name);
	return 0;
}

/* One stretch of tensor i: of every input its values, then the result's. */
static int
sum_stretch(struct run *run, size_t i, uint64_t first, size_t n, struct flp_error *e)
{
	struct flp_total *total = run->total[0];

	if (flp_total_begin(total, merged(run, i), run->a->merger.rule, first, n, e) < 0)
		return -1;
	for (size_t k = 0; k < run->n; k++) {
		struct taken *t = &run->taken[k];
		enum flp_dtype dtype = t->header->tensor[i].dtype;

		if (flp_reader_values(t->reader, run->block, n * flp_dtype_size(dtype), e) < 0 ||
		    add_values(run, total, i, dtype, first, run->block, n, t->weight, e) < 0)
			return taken_at(t, e);
	}
	return write_result(run, i, total, 0, n, e);
}

/* All inputs at once, stretch by stretch. */
static int
sum_stretches(struct run *run, struct flp_out *out, struct flp_error *e)
{
	const struct flp_header *h = &run->a->merger.header;
	uint64_t room = 1;

	for (size_t i = 0; i < h->tensors; i++)
		room = h->tensor[i].count > room ? h->tensor[i].count : room;
	if (flp_memory_grow(&run->total, &run->totals, 1, sizeof *run->total, e) < 0)
		return -1;
	memset(run->total, 0, run->totals * sizeof *run->total);
	if ((run->total[0] = flp_total_new(room < STRETCH ? room : STRETCH, e)) == NULL)
		return -1;
	for (size_t k = 0; k < run->n; k++)
		if (open_taken(&run->taken[k], h, e) < 0)
			return taken_at(&run->taken[k], e);
	if (begin_result(run, out, e) < 0)
		return -1;
	for (size_t i = 0; i < h->tensors; i++)
		for (uint64_t at = 0, left; (left = h->tensor[i].count - at) > 0;) {
			size_t n = left < STRETCH ? (size_t)left : STRETCH;

			if (sum_stretch(run, i, at, n, e) < 0)
				return -1;
			at += n;
		}
	for (size_t k = 0; k < run->n; k++)
		if (finish_taken(run, &run->taken[k], e) < 0)
			return taken_at(&run->taken[k], e);
	return end_result(run, e);
}

/* Totals for the whole model. */
static int
begin_whole(struct run *run, struct flp_error *e)
{
	size_t n = run->a->merger.header.tensors;

	if (run->total != NULL)
		return 0;
	if (flp_memory_grow(&run->total, &run->totals, n + 1, sizeof *run->total, e) < 0)
		return -1;
	memset(run->total, 0, run->totals * sizeof *run->total);
	for (size_t i = 0; i < n; i++) {
		const struct flp_tensor *t = merged(run, i);

		if ((run->total[i] = flp_total_new(t->count, e)) == NULL ||
		    flp_total_begin(run->total[i], t, run->a->merger.rule, 0, t->count, e) < 0)
			return -1;
	}
	return 0;
}

static int
add_whole(struct run *run, const struct flp_record *rec, uint64_t weight, struct flp_error *e)
{
	size_t n = run->a->merger.header.tensors;

	if (begin_whole(run, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (add_values(run, run->total[i], i, rec->header.tensor[i].dtype, 0, rec->values[i],
		    merged(run, i)->count, weight, e) < 0)
			return -1;
	if (rec->header.kind == FLP_KIND_PARTIAL)
		flp_idset_join(&run->a->merger.parents, rec->values[n]);
	return 0;
}

/* Records of files, indexed before, one after the other. */
static int
add_taken(struct run *run, struct flp_error *e)
{
	for (size_t k = 0; k < run->n; k++) {
		struct taken *t = &run->taken[k];
		struct flp_record rec = { 0 };
		int status = open_taken(t, &run->a->merger.header, e);

		if (status == 0)
			status = flp_record_load(&rec, t->reader, t->header, e);
		if (status == 0 && memcmp(&rec.id, &t->id, sizeof rec.id) != 0)
			status = flp_in_changed(e);
		if (status == 0)
			status = add_whole(run, &rec, t->weight, e);
		flp_record_free(&rec);
		close_taken(t);
		if (status < 0)
			return taken_at(t, e);
	}
	return 0;
}

/* Takes a record that was read whole, or says why not. */
static int
take_record(struct run *run, const struct flp_record *rec, uint64_t *weight, struct flp_error *e)
{
	struct flp_candidate c;
	int status = flp_merger_check(&run->a->merger, &rec->header, &c, e);
	struct flp_error over = *e;

	if (c.over)
		status = 0;
	for (size_t i = 0; status == 0 && i < c.header.tensors; i++)
		if (c.header.tensor[i].count > 0)
			status = flp_screen_values(run->screen, i, &c.header.tensor[i],
			    rec->header.tensor[i].dtype, 0, rec->values[i], c.header.tensor[i].count,
			    c.weight, e);
	*weight = c.weight;
	if (status == 0)
		status = take(run, &c, rec->header.kind, &rec->id, &over, e);
	flp_candidate_free(&c);
	return status;
}

/* The next record as flp_inputs_record has it, unless its tensors are not those
 * of the others: memory is not asked for what can't be added. */
static int
next_record(struct run *run, struct flp_inputs *in, struct flp_record *rec, struct flp_error *e)
{
	const struct flp_header *h;
	int status = flp_inputs_next(in, &h, e);

	memset(rec, 0, sizeof *rec);
	if (status > 0 && (flp_merger_fits(&run->a->merger, h, e) < 0 ||
	    flp_record_load(rec, in->reader, h, e) < 0))
		status = flp_inputs_at(in, e);
	return status;
}

/* Records of pipes: each is read whole and verified, then added. */
static int
add_streams(struct run *run, char **paths, struct flp_error *e)
{
	struct flp_record rec;
	struct flp_inputs in;
	uint64_t weight;
	int status;

	flp_inputs_init(&in, paths);
	while ((status = next_record(run, &in, &rec, e)) != 0) {
		if (status > 0 && take_record(run, &rec, &weight, e) < 0)
			status = flp_inputs_at(&in, e);
		if (status < 0 && (status = leave_out(run, &in, e)) < 0)
			break;
		if (status > 0 && (status = add_whole(run, &rec, weight, e)) < 0) {
			flp_inputs_at(&in, e);
			break;
		}
		flp_record_free(&rec);
	}
	flp_inputs_close(&in);
	return status;
}

static int
sum_whole(struct run *run, char **paths, struct flp_out *out, struct flp_error *e)
{
	if ((paths != NULL ? add_streams(run, paths, e) : add_taken(run, e)) < 0 ||
	    begin_whole(run, e) < 0 || begin_result(run, out, e) < 0)
		return -1;
	for (size_t i = 0; i < run->a->merger.header.tensors; i++)
		for (uint64_t at = 0, left; (left = merged(run, i)->count - at) > 0;) {
			size_t n = left < STRETCH ? (size_t)left : STRETCH;

			if (write_result(run, i, run->total[i], at, n, e) < 0)
				return -1;
			at += n;
		}
	return end_result(run, e);
}

static int
all_files(char **paths)
{
	struct stat st;

	for (; *paths != NULL; paths++)
		if (strcmp(*paths, "-") == 0 || (stat(*paths, &st) == 0 && !S_ISREG(st.st_mode)))
			return 0;
	return 1;
}

static void
finish(struct run *run)
{
	for (size_t k = 0; k < run->n; k++)
		close_taken(&run->taken[k]);
	for (size_t i = 0; i < run->totals; i++)
		flp_total_free(run->total[i]);
	tdestroy(run->ids, free);
	flp_screen_free(run->screen);
	flp_writer_free(run->writer);
	flp_header_free(&run->result);
	free(run->taken);
	free(run->total);
	free(run->block);
}

int
flp_aggregate(struct flp_aggregation *a, char **paths, struct flp_out *out, struct flp_error *e)
{
	struct run run = { .a = a };
	int status = -1;

	if ((run.block = flp_memory_new(STRETCH, 16, e)) == NULL ||
	    (run.screen = flp_screen_new(a->merger.rule, e)) == NULL)
		goto done;
	if (!all_files(paths)) {
		status = sum_whole(&run, paths, out, e);
	} else if ((status = index_files(&run, paths, e)) == 0) {
		status = run.n <= FLP_AGGREGATE_OPEN ? sum_stretches(&run, out, e) :
		    sum_whole(&run, NULL, out, e);
	}
done:
	finish(&run);
	return status;
}

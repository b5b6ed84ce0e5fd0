#include "rule/result.h"
#include "base/memory.h"
#include "format/keys.h"
#include "format/names.h"
#include "rule/clipped.h"

#include <stdlib.h>
#include <string.h>

/* At most this many in a window: each has a total, which may take 128 KiB (kernel/exact.h). */
#define PIECES 64

int
flp_result_init(struct flp_result *r, const struct flp_admit *admit, int partial,
    struct flp_error *e)
{
	memset(r, 0, sizeof *r);
	r->admit = admit;
	r->partial = partial;
	r->block = flp_memory_new(FLP_RESULT_WINDOW, FLP_DTYPE_SIZE_LIMIT, e);
	return r->block == NULL ? -1 : 0;
}

void
flp_result_free(struct flp_result *r)
{
	while (r->made > 0)
		flp_total_free(r->piece[--r->made].total);
	flp_writer_free(r->writer);
	flp_header_free(&r->header);
	free(r->piece);
	free(r->block);
}

static int
add_piece(struct flp_result *r, size_t n, struct flp_error *e)
{
	const struct flp_admit *a = r->admit;
	struct flp_piece *p;

	if (flp_memory_grow(&r->piece, &r->room, r->pieces + 1, sizeof *r->piece, e) < 0)
		return -1;
	p = &r->piece[r->pieces];
	if (r->pieces == r->made) {
		if ((p->total = flp_total_new(e)) == NULL)
			return -1;
		r->made++;
	}
	p->tensor = r->tensor;
	p->at = r->at;
	p->n = n;
	r->pieces++;
	return flp_total_begin(p->total, &a->rule, &a->agreed.merged, p->tensor, p->at, n,
	    flp_admit_records(a), e);
}

int
flp_result_window(struct flp_result *r, uint64_t most, struct flp_error *e)
{
	const struct flp_header *h = &r->admit->agreed.merged.header;
	int whole = most == UINT64_MAX;

	r->pieces = 0;
	/* What columns of other windows took is not kept beside that of this one. */
	while (!flp_rule_adds(&r->admit->rule) && r->made > 1)
		flp_total_free(r->piece[--r->made].total);
	while (r->tensor < h->tensors && most > 0 && (whole || r->pieces < PIECES)) {
		uint64_t left = h->tensor[r->tensor].count - r->at, n = left < most ? left : most;

		if (n > 0 && add_piece(r, (size_t)n, e) < 0)
			return -1;
		most -= n;
		r->at += n;
		if (n == left) {
			r->tensor++;
			r->at = 0;
		}
	}
	return r->pieces > 0;
}

int
flp_result_last(const struct flp_result *r)
{
	const struct flp_header *h = &r->admit->agreed.merged.header;
	size_t i = r->tensor;

	while (i < h->tensors && h->tensor[i].count == 0)
		i++;
	return i == h->tensors;
}

/* A sum says what was summed, and how many clients it is of, so that whoever takes it can divide
 * it. */
static int
describe_sum(const struct flp_admit *a, struct flp_header *h, const char *of,
    struct flp_error *e)
{
	h->kind = FLP_KIND_SUM;
	return flp_meta_set_text(&h->meta, "of", of, e) < 0 ? -1 :
	    flp_meta_set_u64(&h->meta, "weight", flp_admit_clients(a), e);
}

/* A result that is not a partial says how it was made, in fewer words. */
static int
describe_result(const struct flp_admit *a, struct flp_header *h, struct flp_error *e)
{
	const char *of = flp_kind_name(h->kind);
	char rule[64];

	flp_meta_drop(&h->meta, "of");
	flp_meta_drop(&h->meta, "rule");
	flp_meta_drop(&h->meta, "weight");
	if (!a->rule.kind->divides)
		flp_meta_drop(&h->meta, "weighting");
	if (!a->rule.kind->sums && h->privacy != FLP_PRIVACY_NOISED)
		flp_meta_drop_keys(&h->meta, FLP_KEY_LEDGER);
	if (a->rule.kind->sums && h->kind != FLP_KIND_STATS && describe_sum(a, h, of, e) < 0)
		return -1;
	flp_rule_print(&a->rule, rule, sizeof rule);
	if (!flp_rule_adds(&a->rule) && flp_meta_set_text(&h->meta, "rule", rule, e) < 0)
		return -1;
	return flp_meta_set_u64(&h->meta, "clients", flp_admit_clients(a), e);
}

static int
describe_partial(const struct flp_admit *a, struct flp_header *h, struct flp_error *e)
{
	uint64_t words = FLP_IDSET_WORDS;

	if (flp_admit_records(a) == 0 &&
	    (flp_meta_set_text(&h->meta, "of", flp_kind_name(h->kind), e) < 0 ||
	    flp_meta_set_text(&h->meta, "rule", a->rule.kind->name, e) < 0 ||
	    flp_meta_set_u64(&h->meta, "clients", 0, e) < 0 ||
	    flp_meta_set_u64(&h->meta, "weight", 0, e) < 0))
		return -1;
	h->kind = FLP_KIND_PARTIAL;
	for (size_t i = 0; i < h->tensors; i++)
		if (flp_tensor_set_dtype(&h->tensor[i],
		    flp_merged_partial_dtype(&a->agreed.merged, i), e) < 0)
			return -1;
	return flp_header_add(h, FLP_MERGED_PARENTS, FLP_DTYPE_U16, 1, &words, e);
}

/* A sum of masked records keeps what they say of what is inside, and names their clients. */
static int
describe_masked(const struct flp_result *r, struct flp_header *h, struct flp_error *e)
{
	const struct flp_admit *a = r->admit;
	uint64_t bytes = a->senders.names.used;

	if (r->partial)
		return flp_error_bad(e, "masked records have no partials, but their sums are added up "
		    "again (see --sum)");
	flp_meta_drop(&h->meta, "rule");
	flp_meta_drop(&h->meta, "weight");
	for (size_t i = 0; i < h->tensors; i++)
		if (a->agreed.merged.tensor[i].treatment == FLP_TREATMENT_MODULAR)
			h->tensor[i].encoding = FLP_ENCODING_MODULAR;
	if (flp_header_add(h, FLP_NAMES_SENDERS, FLP_DTYPE_U8, 1, &bytes, e) < 0)
		return -1;
	return flp_meta_set_u64(&h->meta, "clients", flp_admit_clients(a), e);
}

static int
describe(const struct flp_result *r, struct flp_header *h, struct flp_error *e)
{
	if (h->kind == FLP_KIND_MASKED)
		return describe_masked(r, h, e);
	return r->partial ? describe_partial(r->admit, h, e) : describe_result(r->admit, h, e);
}

int
flp_result_begin(struct flp_result *r, struct flp_out *out, struct flp_error *e)
{
	const struct flp_admit *a = r->admit;
	struct flp_header *h = &r->header;

	r->exactly = !r->partial && a->agreed.merged.header.privacy != FLP_PRIVACY_NOISED &&
	    flp_clipped_sums(&a->rule, &a->agreed.merged.header);
	if (flp_header_copy(h, &a->agreed.merged.header, e) < 0 ||
	    describe(r, h, e) < 0 || (r->writer = flp_writer_new(out, e)) == NULL)
		return -1;
	return flp_writer_begin(r->writer, h, e);
}

/* The next n values of a piece, from the piece's value `at` on, into the block. */
static int
make_values(struct flp_result *r, const struct flp_piece *p, size_t at, size_t n,
    struct flp_error *e)
{
	const struct flp_tensor *t = &r->header.tensor[p->tensor];

	if (r->exactly && r->admit->agreed.merged.tensor[p->tensor].treatment == FLP_TREATMENT_EXACT)
		return flp_total_doubles(p->total, at, n, r->block, e);
	return flp_total_result(p->total, at, n, r->block, t->dtype,
	    flp_counts_get(&r->admit->counts, "weight"), e);
}

static int
write_piece(struct flp_result *r, const struct flp_piece *p, struct flp_error *e)
{
	const struct flp_tensor *t = &r->header.tensor[p->tensor];
	const struct flp_kept *kept = &r->admit->agreed.merged.tensor[p->tensor].kept;
	size_t size = flp_dtype_size(t->dtype);

	for (size_t at = 0, n; at < p->n; at += n) {
		n = p->n - at < FLP_RESULT_WINDOW ? p->n - at : FLP_RESULT_WINDOW;
		if (kept->n >= p->at + p->n)
			memcpy(r->block, kept->values + (p->at + at) * size, n * size);
		else if (make_values(r, p, at, n, e) < 0)
			return flp_error_at(e, "tensor %s", t->name);
		if (flp_writer_values(r->writer, r->block, n * size, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_result_write(struct flp_result *r, struct flp_error *e)
{
	for (size_t i = 0; i < r->pieces; i++)
		if (write_piece(r, &r->piece[i], e) < 0)
			return -1;
	return 0;
}

/* After a sum of masked records come the names of its clients. It does not name its parents, so
 * that it has the same bytes however it was grouped. */
static int
end_masked(struct flp_result *r, struct flp_error *e)
{
	const struct flp_texts *names = &r->admit->senders.names;
	char *lines = flp_memory_new(names->used, 1, e);
	int status = -1;

	if (lines == NULL)
		return -1;
	flp_texts_lines(names, lines);
	if (flp_writer_values(r->writer, lines, names->used, e) == 0)
		status = flp_writer_end(r->writer, NULL, NULL, e);
	free(lines);
	return status;
}

int
flp_result_end(struct flp_result *r, struct flp_error *e)
{
	const struct flp_idset *parents = &r->admit->parents;
	struct flp_meta footer = { 0 };
	struct flp_id digest;
	char text[FLP_ID_TEXT];
	int status;

	if (r->header.kind == FLP_KIND_MASKED)
		return end_masked(r, e);
	if (r->partial)
		return flp_writer_values(r->writer, parents->word, sizeof parents->word, e) < 0 ? -1 :
		    flp_writer_end(r->writer, NULL, NULL, e);
	flp_idset_digest(parents, digest.byte);
	flp_id_text(&digest, text);
	status = flp_meta_set_text(&footer, "parents", text, e);
	if (status == 0)
		status = flp_writer_end(r->writer, &footer, NULL, e);
	flp_meta_free(&footer);
	return status;
}

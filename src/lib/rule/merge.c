#include "rule/merge.h"

#include <stdio.h>
#include <string.h>

#define EXAMPLES_LIMIT ((uint64_t)1 << 53)

/* A merged record's metadata while it is merged, partial or not:
 *   of         the kind of what is merged      equal
 *   rule       mean or sum                     equal
 *   weighting  examples, uniform               equal
 *   weight     sum of the weights              added up
 *   clients    number of clients               added up
 * What a record does not say itself is filled in, so that merge rules alone
 * decide what goes together. */
static const char *const rule_name[] = { "mean", "sum" };
static const char *const weighting_name[] = { NULL, "examples", "uniform" };

void
flp_merger_init(struct flp_merger *m, enum flp_rule rule, enum flp_weighting weighting)
{
	memset(m, 0, sizeof *m);
	m->rule = rule;
	m->weighting = rule == FLP_ADD ? FLP_WEIGHT_UNIFORM : weighting;
}

void
flp_merger_free(struct flp_merger *m)
{
	flp_header_free(&m->header);
	flp_meta_free(&m->like);
}

int
flp_merger_check_parents(const struct flp_header *h, struct flp_error *e)
{
	const struct flp_tensor *t = h->tensors ? &h->tensor[h->tensors - 1] : NULL;

	if (h->kind != FLP_PARTIAL || (t != NULL && strcmp(t->name, FLP_MERGE_PARENTS) == 0 &&
	    t->dtype == FLP_U16 && t->count == FLP_IDSET_WORDS))
		return 0;
	return flp_error_bad(e, "expected tensor %s u16 %d last in a partial", FLP_MERGE_PARENTS,
	    FLP_IDSET_WORDS);
}

/* The tensors as they will be in a result that is no partial. */
static int
take_tensors(struct flp_header *to, const struct flp_header *from, struct flp_error *e)
{
	for (size_t i = 0; i < from->tensors; i++) {
		const struct flp_tensor *t = &from->tensor[i];
		enum flp_dtype dtype = t->dtype & ~FLP_DTYPE_SUM;

		if (from->kind == FLP_PARTIAL && strcmp(t->name, FLP_MERGE_PARENTS) == 0)
			continue;
		if (t->dtype != dtype && from->kind != FLP_PARTIAL)
			return flp_error_bad(e, "tensor %s: expected a plain dtype in %s, found %s",
			    t->name, flp_kind_name(from->kind), flp_dtype_name(t->dtype));
		if (flp_header_add(to, t->name, dtype, t->rank, t->dims, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_merger_like(struct flp_merger *m, const struct flp_header *model, const struct flp_id *id,
    struct flp_error *e)
{
	char text[FLP_ID_TEXT];
	const char *round;
	size_t n;

	m->header.kind = FLP_UPDATE;
	for (size_t i = 0; i < model->tensors; i++) {
		const struct flp_tensor *t = &model->tensor[i];

		if (!flp_tensor_describes(t) &&
		    flp_header_add(&m->header, t->name, t->dtype, t->rank, t->dims, e) < 0)
			return -1;
	}
	if ((round = flp_meta_get(&model->meta, "round", &n)) != NULL &&
	    flp_meta_set(&m->like, "round", round, n, e) < 0)
		return -1;
	flp_id_text(id, text);
	return flp_meta_set_text(&m->like, "base", text, e);
}

/* The weight of a record that is no partial. */
static int
weigh(struct flp_merger *m, const struct flp_header *h, uint64_t *weight, struct flp_error *e)
{
	uint64_t examples;
	int has = flp_meta_u64(&h->meta, "examples", 1, EXAMPLES_LIMIT, &examples, e);

	if (has < 0)
		return -1;
	if (m->weighting == FLP_WEIGHT_AUTO && m->records == 0)
		m->weighting = has ? FLP_WEIGHT_EXAMPLES : FLP_WEIGHT_UNIFORM;
	*weight = 1;
	if (m->weighting == FLP_WEIGHT_UNIFORM)
		return 0;
	if (!has)
		return flp_error_bad(e, "metadata: examples: missing, so there is no weight "
		    "(see --weight uniform)");
	*weight = examples;
	return 0;
}

static int
fill_in(struct flp_meta *meta, const char *key, const char *value, struct flp_error *e)
{
	size_t n;

	return flp_meta_get(meta, key, &n) != NULL ? 0 : flp_meta_set_text(meta, key, value, e);
}

/* The record's metadata with everything filled in. */
static int
complete(struct flp_merger *m, const struct flp_header *h, struct flp_meta *meta,
    uint64_t *weight, struct flp_error *e)
{
	size_t n;

	if (flp_meta_copy(meta, &h->meta, e) < 0)
		return -1;
	if (h->kind == FLP_PARTIAL) {
		const char *of = flp_meta_get(meta, "of", &n);
		const char *found = flp_meta_get(meta, "weighting", &n);

		if (flp_meta_u64(meta, "weight", 0, UINT64_MAX, weight, e) != 1 ||
		    of == NULL || found == NULL)
			return flp_error_bad(e, "metadata: expected of, rule, weight, weighting in "
			    "a partial");
		if (m->weighting == FLP_WEIGHT_AUTO && m->records == 0)
			m->weighting = n == 7 && memcmp(found, "uniform", n) == 0 ?
			    FLP_WEIGHT_UNIFORM : FLP_WEIGHT_EXAMPLES;
	} else if (weigh(m, h, weight, e) < 0 || flp_meta_set_u64(meta, "weight", *weight, e) < 0) {
		return -1;
	}
	if (fill_in(meta, "of", flp_kind_name(h->kind), e) < 0 ||
	    fill_in(meta, "rule", rule_name[m->rule], e) < 0 ||
	    fill_in(meta, "weighting", weighting_name[m->weighting], e) < 0)
		return -1;
	return fill_in(meta, "clients", "1", e);
}

/* What is merged: the kind itself, or what a partial was made of. */
static int
merged_kind(const struct flp_meta *meta, enum flp_kind *kind, struct flp_error *e)
{
	static const enum flp_kind kinds[] = { FLP_PARAMS, FLP_UPDATE, FLP_SUM, FLP_STATS };
	size_t n;
	const char *of = flp_meta_get(meta, "of", &n);

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		*kind = kinds[i];
		if (strlen(flp_kind_name(*kind)) == n && memcmp(flp_kind_name(*kind), of, n) == 0)
			return 0;
	}
	return flp_error_bad(e, "expected params, update, sum, stats or a partial of them, found "
	    "%.*s", (int)(n < 80 ? n : 80), of);
}

/* A record's claim of round and model against what updates must be of. */
static int
check_like(const struct flp_merger *m, const struct flp_meta *meta, struct flp_error *e)
{
	const char *key, *want, *found;
	size_t at = 0, key_n, want_n, n;

	while (flp_meta_each(&m->like, &at, &key, &key_n, &want, &want_n)) {
		found = flp_meta_get(meta, key[0] == 'b' ? "base" : "round", &n);
		if (found == NULL || n != want_n || memcmp(found, want, n) != 0)
			return flp_error_bad(e, "metadata: %.*s: expected %.*s as the model says, "
			    "found %.*s", (int)key_n, key, (int)want_n, want,
			    found ? (int)(n < 80 ? n : 80) : 7, found ? found : "nothing");
	}
	return 0;
}

/* The record's header as far as it matters here, against what was taken. */
static int
fits(const struct flp_merger *m, const struct flp_header *found, enum flp_privacy privacy,
    struct flp_error *e)
{
	if (privacy == FLP_HIDDEN)
		return flp_error_bad(e, "masked records have no plain mean or sum");
	if (m->header.kind == 0)
		return 0;
	if (found->kind != m->header.kind)
		return flp_error_bad(e, "expected kind %s as before, found %s",
		    flp_kind_name(m->header.kind), flp_kind_name(found->kind));
	if (m->records > 0 && privacy != m->header.privacy)
		return flp_error_bad(e, "expected privacy state %s as before, found %s",
		    flp_privacy_name(m->header.privacy), flp_privacy_name(privacy));
	return flp_header_same_tensors(&m->header, found, e);
}

int
flp_merger_take(struct flp_merger *m, const struct flp_header *h, const struct flp_id *id,
    uint64_t *weight, struct flp_error *e)
{
	enum flp_weighting before = m->weighting;
	struct flp_meta said = { 0 }, all = { 0 };
	struct flp_header found;
	uint64_t clients, total;
	int status = -1;

	flp_header_init(&found, 0);
	if (flp_merger_check_parents(h, e) < 0 || complete(m, h, &said, weight, e) < 0 || merged_kind(&said, &found.kind, e) < 0 ||
	    take_tensors(&found, h, e) < 0 || fits(m, &found, h->privacy, e) < 0 ||
	    check_like(m, &said, e) < 0 || flp_meta_copy(&all, &m->header.meta, e) < 0 ||
	    flp_meta_merge(&all, &said, m->records == 0, e) < 0 ||
	    flp_meta_u64(&all, "clients", 0, UINT64_MAX, &clients, e) < 0 ||
	    flp_meta_u64(&all, "weight", 0, UINT64_MAX, &total, e) < 0)
		goto done;
	if (m->header.kind == 0) {
		m->header = found;
		flp_header_init(&found, 0);
	}
	flp_meta_free(&m->header.meta);
	m->header.meta = all;
	m->header.privacy = h->privacy;
	memset(&all, 0, sizeof all);
	m->clients = clients;
	m->weight = total;
	m->records++;
	if (h->kind != FLP_PARTIAL)
		flp_idset_add(&m->parents, id->byte);
	status = 0;
done:
	if (status < 0)
		m->weighting = before;
	flp_header_free(&found);
	flp_meta_free(&said);
	flp_meta_free(&all);
	return status;
}

static int
describe_result(const struct flp_merger *m, struct flp_header *h, struct flp_error *e)
{
	flp_meta_drop(&h->meta, "of");
	flp_meta_drop(&h->meta, "rule");
	flp_meta_drop(&h->meta, "weight");
	if (m->rule == FLP_ADD)
		flp_meta_drop(&h->meta, "weighting");
	if (m->rule == FLP_ADD && h->kind != FLP_STATS)
		h->kind = FLP_SUM;
	return flp_meta_set_u64(&h->meta, "clients", m->clients, e);
}

int
flp_merger_footer(const struct flp_merger *m, struct flp_meta *footer, struct flp_error *e)
{
	unsigned char digest[FLP_IDSET_DIGEST];
	char text[2 * FLP_IDSET_DIGEST + 1];

	flp_idset_digest(&m->parents, digest);
	for (int i = 0; i < FLP_IDSET_DIGEST; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return flp_meta_set_text(footer, "parents", text, e);
}

static int
describe_partial(struct flp_header *h, struct flp_error *e)
{
	uint64_t words = FLP_IDSET_WORDS;

	h->kind = FLP_PARTIAL;
	for (size_t i = 0; i < h->tensors; i++) {
		struct flp_tensor *t = &h->tensor[i];

		if (flp_dtype_is_float(t->dtype) && !flp_tensor_describes(t) &&
		    flp_tensor_set_dtype(t, t->dtype | FLP_DTYPE_SUM, e) < 0)
			return -1;
	}
	return flp_header_add(h, FLP_MERGE_PARENTS, FLP_U16, 1, &words, e);
}

int
flp_merger_result(const struct flp_merger *m, int partial, struct flp_header *h,
    struct flp_error *e)
{
	int status;

	if (flp_header_copy(h, &m->header, e) < 0)
		return -1;
	status = m->records == 0 ? flp_meta_copy(&h->meta, &m->like, e) : 0;
	if (status == 0)
		status = partial ? describe_partial(h, e) : describe_result(m, h, e);
	if (status < 0)
		flp_header_free(h);
	return status;
}

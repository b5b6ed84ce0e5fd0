#include "rule/merged.h"
#include "base/memory.h"
#include "format/modular.h"
#include "kernel/idset.h"
#include "privacy/adapt.h"
#include "rule/masked.h"

#include <stdlib.h>
#include <string.h>

void
flp_merged_free(struct flp_merged *m)
{
	for (size_t i = 0; i < m->header.tensors; i++)
		free(m->tensor[i].kept.values);
	flp_header_free(&m->header);
	free(m->tensor);
	memset(m, 0, sizeof *m);
}

enum flp_dtype
flp_merged_partial_dtype(const struct flp_merged *m, size_t tensor)
{
	enum flp_dtype dtype = m->header.tensor[tensor].dtype;

	return m->tensor[tensor].treatment == FLP_TREATMENT_EXACT ? dtype | FLP_DTYPE_SUM : dtype;
}

/* 1 for votes, whose sum over many clients their own type would not hold. */
static int
widens(const struct flp_rule *rule, const struct flp_tensor *t)
{
	return rule->kind->sums && strcmp(t->name, FLP_ADAPT_TENSOR) == 0;
}

int
flp_merged_add(struct flp_merged *m, const struct flp_rule *rule, const struct flp_tensor *t,
    struct flp_error *e)
{
	size_t n = m->header.tensors;
	int masked = m->header.kind == FLP_KIND_MASKED && !flp_tensor_describes(t);
	enum flp_dtype dtype = widens(rule, t) && t->dtype == FLP_DTYPE_I32 ? FLP_DTYPE_I64 :
	    t->dtype & ~FLP_DTYPE_SUM;

	if (flp_memory_grow(&m->tensor, &m->room, n + 1, sizeof *m->tensor, e) < 0 ||
	    flp_header_add(&m->header, t->name, dtype, t->rank, t->dims, e) < 0)
		return -1;
	m->tensor[n] = (struct flp_merged_tensor){ .treatment = masked ? FLP_TREATMENT_MODULAR :
		flp_rule_treatment(rule, t) };
	return 0;
}

/* The kind of what is merged: the record's own, or what a partial or a sum was made
 * of. */
static int
find_kind(struct flp_merged *m, const struct flp_header *h, const struct flp_rule *rule,
    int early, struct flp_error *e)
{
	static const enum flp_kind known[] = { FLP_KIND_PARAMS, FLP_KIND_UPDATE, FLP_KIND_STATS };
	int made = h->kind == FLP_KIND_PARTIAL || h->kind == FLP_KIND_SUM;
	const char *of = flp_kind_name(h->kind);
	size_t n = strlen(of);

	if (h->kind == FLP_KIND_SUM && !rule->kind->sums)
		return flp_error_bad(e, "sums have no %s, only a sum (see --sum)",
		    rule->kind->result);
	if (h->kind == FLP_KIND_PARTIAL && !flp_rule_adds(rule))
		return flp_error_bad(e, "partials have no %s: only the records themselves have one",
		    rule->kind->result);
	if (made && early)
		return 0;
	if (made && (of = flp_meta_get(&h->meta, "of", &n)) == NULL)
		return flp_error_bad(e, "metadata: of: missing in a %s", flp_kind_name(h->kind));
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strlen(flp_kind_name(known[i])) == n && memcmp(flp_kind_name(known[i]), of, n) == 0)
			m->header.kind = known[i];
	if (m->header.kind == 0)
		return flp_error_bad(e, "expected params, update, sum, stats or a partial of them, "
		    "found %.*s", (int)(n < 80 ? n : 80), of);
	if (m->header.kind == FLP_KIND_STATS && !rule->kind->sums)
		return flp_error_bad(e, "statistics have no %s, only a sum (see --sum)",
		    rule->kind->result);
	return 0;
}

/* A partial must carry its set of parents as its last tensor. */
static int
check_parents(const struct flp_header *h, struct flp_error *e)
{
	const struct flp_tensor *t = h->tensors ? &h->tensor[h->tensors - 1] : NULL;

	if (h->kind != FLP_KIND_PARTIAL || (t != NULL && strcmp(t->name, FLP_MERGED_PARENTS) == 0 &&
	    t->dtype == FLP_DTYPE_U16 && t->count == FLP_IDSET_WORDS))
		return 0;
	return flp_error_bad(e, "expected tensor %s u16 %d last in a partial", FLP_MERGED_PARENTS,
	    FLP_IDSET_WORDS);
}

/* What a masked record is merged as. */
static int
from_masked(struct flp_merged *m, const struct flp_header *h, const struct flp_rule *rule,
    int early, struct flp_error *e)
{
	m->header.kind = FLP_KIND_MASKED;
	if (flp_masked_header(h, rule, &m->senders, e) < 0 ||
	    (!early && flp_modular_bits(&h->meta, &m->bits, e) < 0))
		return -1;
	for (size_t i = 0; i < h->tensors - (m->senders > 0); i++)
		if (flp_merged_add(m, rule, &h->tensor[i], e) < 0)
			return -1;
	return 0;
}

int
flp_merged_from(struct flp_merged *m, const struct flp_header *h, const struct flp_rule *rule,
    int early, struct flp_error *e)
{
	int partial = h->kind == FLP_KIND_PARTIAL;
	size_t unused;

	m->header.privacy = h->privacy;
	if (h->kind == FLP_KIND_MASKED)
		return from_masked(m, h, rule, early, e);
	m->grid = h->kind != FLP_KIND_STATS && flp_meta_get(&h->meta, "grid", &unused) != NULL;
	if (find_kind(m, h, rule, early, e) < 0 || check_parents(h, e) < 0)
		return -1;
	for (size_t i = 0; i < h->tensors - (size_t)partial; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		if (flp_merged_add(m, rule, t, e) < 0)
			return -1;
		if (t->dtype != (partial ? flp_merged_partial_dtype(m, i) : m->header.tensor[i].dtype) &&
		    (partial || !widens(rule, t)))
			return flp_error_bad(e, "tensor %s: dtype %s does not belong in a record of "
			    "kind %s", t->name, flp_dtype_name(t->dtype), flp_kind_name(h->kind));
	}
	return 0;
}

#include "rule/clipped.h"
#include "base/number.h"
#include "privacy/adapt.h"

#include <string.h>

#define BLOCK ((size_t)256) /* integers that are looked at together */

int
flp_clipped_lattice(struct flp_lattice *l, const struct flp_meta *meta, struct flp_error *e)
{
	size_t n;
	const char *text = flp_meta_get(meta, "clip", &n);
	uint64_t grid;
	double clip;

	if (text == NULL)
		return flp_error_bad(e, "metadata: clip: expected with grid, found nothing");
	if (flp_number_f64(text, n, &clip) < 0)
		return flp_error_bad(e, "metadata: clip: expected a number, found %.*s",
		    (int)(n < 80 ? n : 80), text);
	if (flp_meta_u64(meta, "grid", FLP_LATTICE_GRID_LEAST, FLP_LATTICE_GRID_MOST, &grid, e) < 0)
		return -1;
	return flp_lattice_init(l, clip, (unsigned)grid, e) < 0 ? flp_error_at(e, "metadata") : 0;
}

int
flp_clipped_sums(const struct flp_rule *rule, const struct flp_header *result)
{
	size_t unused;

	return rule->kind->sums && result->kind != FLP_KIND_STATS &&
	    result->kind != FLP_KIND_MASKED &&
	    flp_meta_get(&result->meta, "grid", &unused) != NULL;
}

int
flp_clipped_rides(const struct flp_rule *rule, const struct flp_merged *m, size_t own,
    int adapt, struct flp_error *e)
{
	int votes = 0;

	if (!rule->kind->sums)
		return 0;
	for (size_t i = own; i < m->header.tensors; i++) {
		const char *name = m->header.tensor[i].name;

		if (strcmp(name, FLP_ADAPT_TENSOR) == 0)
			votes++;
		else if (m->grid)
			return flp_error_bad(e, "tensor %s: expected only tensors of the model and a vote "
			    "in a sum of clipped updates", name);
	}
	if (votes == adapt)
		return 0;
	return flp_error_bad(e, adapt ? "tensor %s: expected under --adapt, found none" :
	    "tensor %s: expected only under --adapt, found without", FLP_ADAPT_TENSOR);
}

/* A record that was made of others is not one client's. */
static int
check_single(const struct flp_entry *entry, const struct flp_meta *said, struct flp_error *e)
{
	size_t n, rule_n;
	const char *clients = flp_meta_get(said, "clients", &n);
	const char *rule = flp_meta_get(said, "rule", &rule_n);
	size_t unused;

	if (clients == NULL && rule == NULL && flp_meta_get(said, "weighting", &unused) == NULL)
		return 0;
	if (rule == NULL) {
		rule = entry->kind == FLP_KIND_SUM ? "sum" : "mean";
		rule_n = strlen(rule);
	}
	if (clients == NULL) {
		clients = "others";
		n = strlen(clients);
	}
	return flp_error_bad(e, "expected one client's update, found a %.*s of %.*s",
	    (int)(rule_n < 80 ? rule_n : 80), rule, (int)(n < 80 ? n : 80), clients);
}

/* Whether votes, if there are any, are what they must be as far as tensors and keys tell. */
static int
check_votes(const struct flp_rule *rule, const struct flp_merged *m, struct flp_error *e)
{
	long at = flp_header_find(&m->header, FLP_ADAPT_TENSOR);
	const struct flp_tensor *t;

	if (at < 0 || m->header.kind == FLP_KIND_STATS || m->header.kind == FLP_KIND_MASKED)
		return 0;
	if (!rule->kind->sums)
		return flp_error_bad(e, "tensor %s: votes have no %s, only a sum (see --sum)",
		    FLP_ADAPT_TENSOR, rule->kind->result);
	if (!m->grid)
		return flp_error_bad(e, "tensor %s: expected with the keys clip and grid, found without",
		    FLP_ADAPT_TENSOR);
	t = &m->header.tensor[at];
	return t->dtype == FLP_DTYPE_I64 && t->rank == 1 && t->count == 1 ? 0 :
	    flp_error_bad(e, "tensor %s: expected i32 of dims 1", FLP_ADAPT_TENSOR);
}

int
flp_clipped_check(const struct flp_rule *rule, const struct flp_merged *m,
    const struct flp_meta *said, struct flp_entry *entry, struct flp_error *e)
{
	struct flp_lattice l;

	entry->lattice.step = 0;
	if (check_votes(rule, m, e) < 0)
		return -1;
	if (!m->grid || !rule->kind->sums)
		return 0;
	if (flp_clipped_lattice(&l, said, e) < 0)
		return -1;
	if (entry->kind == FLP_KIND_PARTIAL)
		return 0;
	if (check_single(entry, said, e) < 0)
		return -1;
	if (entry->privacy != FLP_PRIVACY_NOISED)
		entry->lattice = l;
	return 0;
}

static int
check_zero(enum flp_dtype dtype, uint64_t first, const unsigned char *values, size_t n,
    struct flp_error *e)
{
	double block[BLOCK];

	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < BLOCK ? n - at : BLOCK;
		flp_dtype_to_f64(values + at * flp_dtype_size(dtype), dtype, k, block);
		for (size_t i = 0; i < k; i++)
			if (block[i] != 0)
				return flp_error_bad(e, "value %llu: expected 0 in integers of a clipped "
				    "update", (unsigned long long)(first + at + i));
	}
	return 0;
}

static int
check_vote(enum flp_dtype dtype, const void *values, struct flp_error *e)
{
	int32_t vote = 0;

	if (dtype == FLP_DTYPE_I32)
		memcpy(&vote, values, sizeof vote);
	return vote == FLP_ADAPT_VOTE || vote == -FLP_ADAPT_VOTE ? 0 : flp_error_bad(e, "expected "
	    "i32 of value 2^20 or -2^20");
}

int
flp_clipped_values(struct flp_entry *entry, const struct flp_tensor *t, enum flp_dtype dtype,
    uint64_t first, const void *values, size_t n, struct flp_error *e)
{
	const struct flp_lattice *l = &entry->lattice;
	size_t where;

	if (l->step == 0 || flp_tensor_describes(t))
		return 0;
	if (strcmp(t->name, FLP_ADAPT_TENSOR) == 0)
		return check_vote(dtype, values, e);
	if (!flp_dtype_is_float(dtype))
		return check_zero(dtype, first, values, n, e);
	if (flp_lattice_add(l, &entry->squares, values, dtype, n, &where) == 0)
		return 0;
	return flp_error_bad(e, "value %llu: expected a multiple of the step 2^%d (clip, grid)",
	    (unsigned long long)(first + where), l->exponent);
}

int
flp_clipped_norm(const struct flp_entry *entry, struct flp_error *e)
{
	const struct flp_lattice *l = &entry->lattice;
	char clip[FLP_NUMBER_TEXT];

	if (l->step == 0 || entry->squares <= l->most)
		return 0;
	flp_number_print(clip, l->clip);
	return flp_error_bad(e, "expected a norm of at most %s (clip), found more", clip);
}

#include "rule/clipped.h"
#include "privacy/adapt.h"
#include "privacy/steps.h"

#include <string.h>

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
	    "tensor %s: expected only under --adapt, found without --adapt", FLP_ADAPT_TENSOR);
}

/* Checks that the record was not made of others. */
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
		return flp_error_bad(e, "tensor %s: expected the keys clip and grid beside it, found "
		    "neither", FLP_ADAPT_TENSOR);
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
	if (flp_steps_lattice(&l, said, e) < 0)
		return -1;
	if (entry->kind == FLP_KIND_PARTIAL)
		return 0;
	if (check_single(entry, said, e) < 0)
		return -1;
	if (entry->privacy != FLP_PRIVACY_NOISED)
		entry->lattice = l;
	return 0;
}

int
flp_clipped_values(struct flp_entry *entry, const struct flp_tensor *t, enum flp_dtype dtype,
    uint64_t first, const void *values, size_t n, struct flp_error *e)
{
	return entry->lattice.step == 0 ? 0 : flp_steps_values(&entry->lattice, &entry->squares, t,
	    dtype, first, values, n, e);
}

int
flp_clipped_norm(const struct flp_entry *entry, struct flp_error *e)
{
	return entry->lattice.step == 0 ? 0 : flp_steps_norm(&entry->lattice, entry->squares, e);
}

#include "rule/admit.h"
#include "base/memory.h"
#include "format/keys.h"
#include "model/update.h"
#include "rule/clipped.h"
#include "text/texts.h"

#include <string.h>

void
flp_admit_begin(struct flp_admit *a, const struct flp_rule *rule)
{
	a->rule = *rule;
	if (!rule->kind->divides)
		a->policy.weighting = FLP_WEIGHTING_UNIFORM;
	a->dispute.code = a->noises.code = FLP_ERROR_NONE;
}

static void
forget_next(struct flp_admit *a)
{
	flp_merged_free(&a->next);
	flp_meta_free(&a->said);
	a->differs.code = FLP_ERROR_NONE;
}

void
flp_admit_free(struct flp_admit *a)
{
	forget_next(a);
	flp_agreed_free(&a->agreed);
	flp_header_free(&a->model);
	flp_policy_free(&a->policy);
	flp_senders_free(&a->senders);
}

/* Even a result of no records has the keys that the policy asks for. They must not contradict
 * the model. */
static int
add_where(struct flp_admit *a, struct flp_error *e)
{
	const char *key, *value, *old;
	size_t at = 0, key_n, n, old_n;

	while (flp_meta_each(&a->policy.where, &at, &key, &key_n, &value, &n)) {
		const struct flp_meta_key *known = flp_keys_find(key, key_n);

		if (known == NULL || known->merge != FLP_MERGE_EQUAL || known->is & FLP_KEY_MADE)
			continue;
		old = flp_meta_get(&a->model.meta, known->name, &old_n);
		if (old != NULL && !flp_keys_same(known, old, old_n, value, n))
			return flp_error_usage(e, "expected %.*s as %s, found %.*s (see --where)",
			    (int)(old_n < 80 ? old_n : 80), old, known->name, (int)(n < 80 ? n : 80), value);
		if (old == NULL && flp_meta_set(&a->model.meta, known->name, value, n, e) < 0)
			return -1;
	}
	return flp_claims_spell(&a->model.meta, e);
}

/* A sum of no records is on a lattice too, if that is asked for. */
static int
check_lattice(const struct flp_admit *a, struct flp_error *e)
{
	struct flp_lattice unused;
	size_t n;

	if (!a->rule.kind->sums || flp_meta_get(&a->model.meta, "grid", &n) == NULL ||
	    flp_clipped_lattice(&unused, &a->model.meta, e) == 0)
		return 0;
	e->code = FLP_ERROR_USAGE;
	return flp_error_add(e, "see --where");
}

int
flp_admit_like(struct flp_admit *a, const struct flp_header *model,
    const struct flp_digest *base, struct flp_error *e)
{
	if (flp_update_header(&a->model, model, base, e) < 0)
		return -1;
	a->like = 1;
	return add_where(a, e) < 0 ? -1 : check_lattice(a, e);
}

/* Fills what was agreed from the model, for a result of no records. */
static int
agree_with_model(struct flp_admit *a, struct flp_error *e)
{
	struct flp_merged *m = &a->agreed.merged;

	flp_agreed_free(&a->agreed);
	m->header.kind = FLP_KIND_UPDATE;
	for (size_t i = 0; i < a->model.tensors; i++)
		if (flp_merged_add(m, &a->rule, &a->model.tensor[i], e) < 0)
			return -1;
	return flp_meta_copy(&m->header.meta, &a->model.meta, e);
}

/* Whether a record, as it would be merged, is an update of the model. Clipping and noise may
 * have made its floats wider. */
static int
check_like(const struct flp_admit *a, const struct flp_merged *found, int early,
    struct flp_error *e)
{
	const struct flp_header *h = &found->header;

	if (!a->like)
		return 0;
	if (h->kind == FLP_KIND_MASKED)
		return flp_masked_like(&a->model, h, e) < 0 ? -1 :
		    flp_clipped_rides(&a->rule, found, a->model.tensors, a->policy.adapt, e);
	if (h->kind != 0 && h->kind != FLP_KIND_UPDATE)
		return flp_error_bad(e, "expected kind update, found %s", flp_kind_name(h->kind));
	if (flp_update_same_tensors(&a->model, h, found->grid || early, e) < 0)
		return -1;
	return flp_clipped_rides(&a->rule, found, a->model.tensors, a->policy.adapt, e);
}

/* Checks what can be told from the header of a record alone. *m is what it is merged as. */
static int
check_header(const struct flp_admit *a, const struct flp_header *h, int early,
    struct flp_merged *m, struct flp_error *e)
{
	if (flp_policy_merges(h, e) < 0 || flp_merged_from(m, h, &a->rule, early, e) < 0 ||
	    flp_policy_header(&a->policy, h, e) < 0)
		return -1;
	return check_like(a, m, early, e);
}

/* Compares the tensors of a record with what was agreed. The types of clipped floats may
 * differ if they are not the result's: settle_dtypes then chooses that. */
static int
compare_tensors(const struct flp_admit *a, const struct flp_merged *one, struct flp_error *e)
{
	int grid = one->grid || a->agreed.merged.grid;

	return flp_agreed_tensors(&a->agreed, &one->header,
	    grid && (a->rule.kind->sums || a->like), e);
}

int
flp_admit_fits(const struct flp_admit *a, const struct flp_header *h, struct flp_error *e)
{
	struct flp_merged m = { 0 };
	struct flp_error unused;
	int status = check_header(a, h, 1, &m, e);

	if (status == 0)
		status = compare_tensors(a, &m, &unused) == 0;
	flp_merged_free(&m);
	return status;
}

/* Only metadata that are compared or added up matter. */
static int
copy_known(struct flp_meta *to, const struct flp_meta *from, struct flp_error *e)
{
	const struct flp_meta_key *key;

	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; i++) {
		size_t n;
		const char *value = key->merge == FLP_MERGE_DROP ? NULL :
		    flp_meta_get(from, key->name, &n);

		if (value != NULL && flp_meta_set(to, key->name, value, n, e) < 0)
			return -1;
	}
	return 0;
}

/* Keeps the name of the client; a partial has none. */
static int
read_client(struct flp_entry *entry, const struct flp_meta *meta, struct flp_error *e)
{
	size_t n;
	const char *client = flp_meta_get(meta, "client", &n);

	if (client == NULL || entry->kind == FLP_KIND_PARTIAL)
		return 0;
	if (n > FLP_TEXTS_BYTES)
		return flp_error_bad(e, "metadata: client: expected a name of at most %zu bytes, found "
		    "%zu", FLP_TEXTS_BYTES, n);
	return (entry->client = flp_memory_text(client, n, e)) == NULL ? -1 : 0;
}

/* Whether the record is of the round that the model says. If the model says none, the record's
 * is not compared with those of others. */
static int
check_origin(struct flp_admit *a, struct flp_error *e)
{
	size_t unused;

	if (!a->like)
		return 0;
	if (a->next.header.kind == FLP_KIND_MASKED &&
	    flp_meta_expect(&a->said, "of", "update", strlen("update"), e) < 0)
		return -1;
	if (flp_meta_get(&a->model.meta, "round", &unused) == NULL)
		flp_meta_drop(&a->said, "round");
	return flp_update_same_origin(&a->model.meta, &a->said, e);
}

/* What the record says of itself. */
static int
check_claims(struct flp_admit *a, struct flp_entry *entry, struct flp_error *e)
{
	if (entry->kind == FLP_KIND_MASKED)
		return flp_masked_check(&a->policy, &a->next, &a->said, entry, e);
	return flp_claims_check(&a->policy, &a->rule, a->next.header.kind, &a->said, entry, e);
}

int
flp_admit_check(struct flp_admit *a, const struct flp_header *h, struct flp_entry *entry,
    struct flp_error *e)
{
	forget_next(a);
	entry->kind = h->kind;
	entry->privacy = h->privacy;
	entry->clients = entry->weight = 0;
	if (read_client(entry, &h->meta, e) < 0)
		return -1;
	if (check_header(a, h, 0, &a->next, e) == 0 && flp_policy_keys(&a->policy, h, e) == 0 &&
	    copy_known(&a->said, &h->meta, e) == 0 &&
	    check_origin(a, e) == 0 &&
	    flp_clipped_check(&a->rule, &a->next, &a->said, entry, e) == 0 &&
	    check_claims(a, entry, e) == 0) {
		if (compare_tensors(a, &a->next, &a->differs) == 0 && !a->policy.unique)
			(void)!flp_agreed_keys(&a->agreed, &a->said, entry, 0, &a->differs);
		return 0;
	}
	forget_next(a);
	return -1;
}

/* Compares values that must be equal, or keeps them if they are the first. */
static int
check_equal(struct flp_admit *a, size_t tensor, uint64_t first, const void *values, size_t n,
    struct flp_error *e)
{
	int known = a->agreed.merged.header.kind != 0 && !a->agreed.nothing;
	struct flp_merged *m = known ? &a->agreed.merged : &a->next;

	if (a->differs.code != FLP_ERROR_NONE || flp_values_equal(&m->tensor[tensor].kept,
	    &m->header.tensor[tensor], first, values, n, &a->differs) == 0)
		return 0;
	if (a->differs.code == FLP_ERROR_BAD) {
		flp_error_at(&a->differs, "tensor %s", m->header.tensor[tensor].name);
		return 0;
	}
	*e = a->differs;
	return -1;
}

int
flp_admit_values(struct flp_admit *a, struct flp_entry *entry, size_t tensor,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n, struct flp_error *e)
{
	const struct flp_merged *m = a->next.header.kind != 0 ? &a->next : &a->agreed.merged;
	int norms = a->policy.norms || a->policy.max_norm > 0;
	int status = 0;

	if (m->tensor[tensor].treatment == FLP_TREATMENT_MODULAR)
		status = flp_values_modular(m->bits, first, values, n, e);
	else if (m->tensor[tensor].treatment != FLP_TREATMENT_EQUAL)
		status = flp_values_bounds(&a->rule, dtype, first, values, n, entry->weight,
		    entry->clients, e);
	else if (entry->clients > 0) /* a partial of nothing has no values */
		status = check_equal(a, tensor, first, values, n, e);
	if (status == 0)
		status = flp_clipped_values(entry, &m->header.tensor[tensor], dtype, first, values, n, e);
	if (norms && entry->kind != FLP_KIND_STATS && flp_dtype_is_float(dtype) &&
	    !flp_tensor_describes(&m->header.tensor[tensor]))
		flp_norm_add(&entry->norm, first, values, dtype, n);
	return status < 0 ? flp_error_at(e, "tensor %s", m->header.tensor[tensor].name) : 0;
}

int
flp_admit_differs(const struct flp_admit *a, struct flp_error *e)
{
	if (a->differs.code == FLP_ERROR_NONE)
		return 0;
	if (e != &a->differs)
		*e = a->differs;
	return flp_error_at(e, "does not agree with %s", a->agreed.place);
}

int
flp_admit_norm(const struct flp_admit *a, const struct flp_entry *entry, struct flp_error *e)
{
	double norm = flp_norm_value(&entry->norm);

	if (flp_clipped_norm(entry, e) < 0)
		return -1;
	return a->policy.max_norm == 0 || norm <= a->policy.max_norm ? 0 : flp_error_bad(e,
	    "expected a norm of at most %.9g, found %.9g", a->policy.max_norm, norm);
}

/* Notes the first difference between two records. */
static void
note(struct flp_error *noted, struct flp_error *differs, const struct flp_entry *entry,
    const char *other)
{
	flp_error_at(differs, "does not agree with %s", other);
	flp_entry_at(entry, differs);
	if (noted->code == FLP_ERROR_NONE)
		*noted = *differs;
}

/* Adds the clients in a masked record; one that is in another record is a difference. */
static int
add_senders(struct flp_admit *a, const struct flp_entry *entry, struct flp_error *e)
{
	char place[FLP_ENTRY_PLACE];
	struct flp_error differs;

	if (entry->kind != FLP_KIND_MASKED ||
	    flp_senders_add(&a->senders, entry, place, &differs) == 0)
		return 0;
	if (differs.code == FLP_ERROR_BAD) {
		note(&a->dispute, &differs, entry, place);
		return 0;
	}
	*e = differs;
	return -1;
}

int
flp_admit_keys(struct flp_admit *a, const struct flp_entry *entry, const struct flp_meta *said,
    struct flp_error *e)
{
	struct flp_error differs;

	if (flp_agreed_keys(&a->agreed, said, entry, 0, &differs) < 0) {
		note(&a->dispute, &differs, entry, a->agreed.place);
		return 0;
	}
	if (flp_agreed_keys(&a->agreed, said, entry, 1, &differs) < 0)
		note(&a->noises, &differs, entry, a->agreed.noised);
	return flp_agreed_add_keys(&a->agreed, said, entry, e) < 0 ? -1 : add_senders(a, entry, e);
}

int
flp_admit_take(struct flp_admit *a, struct flp_entry *entry, struct flp_error *e)
{
	int status = 0;

	if (a->next.header.kind == 0)
		return flp_error_misuse(e, "a record that was refused is not taken");
	if (a->differs.code != FLP_ERROR_NONE) {
		note(&a->dispute, &a->differs, entry, a->agreed.place);
		forget_next(a);
		return 0;
	}
	if (flp_agreed_add(&a->agreed, &a->next, entry, e) < 0)
		return -1;
	if (a->policy.unique)
		status = flp_meta_copy(&entry->said, &a->said, e);
	else
		status = flp_admit_keys(a, entry, &a->said, e);
	a->states[entry->privacy]++;
	if (entry->clients > 0)
		flp_counts_add(&a->counts, &entry->counts);
	forget_next(a);
	return status;
}

void
flp_admit_take_back(struct flp_admit *a, const struct flp_entry *entry)
{
	a->states[entry->privacy]--;
	if (entry->clients > 0)
		flp_counts_take_away(&a->counts, &entry->counts);
}

uint64_t
flp_admit_records(const struct flp_admit *a)
{
	return a->counts.records;
}

uint64_t
flp_admit_clients(const struct flp_admit *a)
{
	return flp_counts_get(&a->counts, "clients");
}

int
flp_admit_none(const struct flp_admit *a)
{
	for (unsigned state = 0; state < FLP_PRIVACIES; state++)
		if (a->states[state] > 0)
			return 0;
	return 1;
}

/* The types of the result's floats. A sum of clipped updates is of f64, and an update is of
 * its model's types; what rides along with it keeps its own. */
static int
settle_dtypes(struct flp_admit *a, struct flp_error *e)
{
	struct flp_header *h = &a->agreed.merged.header;
	int sum = flp_clipped_sums(&a->rule, h);

	for (size_t i = 0; (sum || a->like) && i < h->tensors; i++) {
		struct flp_tensor *t = &h->tensor[i];
		enum flp_dtype dtype = sum ? FLP_DTYPE_F64 :
		    i < a->model.tensors ? a->model.tensor[i].dtype : t->dtype;

		if (!flp_tensor_describes(t) && flp_dtype_is_float(t->dtype) &&
		    flp_tensor_set_dtype(t, dtype, e) < 0)
			return -1;
	}
	return 0;
}

/* Clipped updates can't be summed with noised ones, whose norms no clip bounds. */
static int
check_noised(const struct flp_admit *a, struct flp_error *e)
{
	const struct flp_header *h = &a->agreed.merged.header;

	if (a->states[FLP_PRIVACY_NOISED] == 0 || h->privacy == FLP_PRIVACY_NOISED ||
	    !flp_clipped_sums(&a->rule, h))
		return 0;
	return flp_error_bad(e, "%s is noised, and others are %s: expected updates that are all "
	    "clipped or all noised (see --require)", a->agreed.noised, flp_privacy_name(h->privacy));
}

/* The privacy state of the result, joined from those of all records. */
static int
join_states(const struct flp_admit *a, enum flp_privacy *joined, struct flp_error *e)
{
	*joined = a->states[FLP_PRIVACY_MASKED] > 0 ? FLP_PRIVACY_MASKED : FLP_PRIVACY_PUBLIC;
	for (unsigned state = 0; state < FLP_PRIVACIES; state++)
		if (a->states[state] > 0 && flp_privacy_join(joined, *joined, state, e) < 0)
			return -1;
	return 0;
}

int
flp_admit_end(struct flp_admit *a, struct flp_error *e)
{
	struct flp_header *h = &a->agreed.merged.header;
	int noise;

	if (a->dispute.code != FLP_ERROR_NONE) {
		*e = a->dispute;
		return -1;
	}
	if (flp_admit_none(a) && a->like && agree_with_model(a, e) < 0)
		return -1;
	if (join_states(a, &h->privacy, e) < 0)
		return -1;
	noise = h->privacy == FLP_PRIVACY_NOISED || h->privacy == FLP_PRIVACY_MASKED;
	if (noise && a->noises.code != FLP_ERROR_NONE) {
		*e = a->noises;
		return -1;
	}
	if (check_noised(a, e) < 0 || settle_dtypes(a, e) < 0 ||
	    flp_texts_sort(&a->senders.names, e) < 0)
		return -1;
	if (!noise)
		flp_meta_drop_keys(&h->meta, FLP_KEY_NOISE);
	return flp_counts_write(&a->counts, &h->meta, e);
}

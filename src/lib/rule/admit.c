#include "rule/admit.h"
#include "base/memory.h"
#include "model/update.h"
#include "rule/claims.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

const char *
flp_weighting_name(unsigned weighting)
{
	static const char *const names[] = { "auto", "examples", "uniform" };

	return weighting < sizeof names / sizeof *names ? names[weighting] : NULL;
}

void
flp_admit_begin(struct flp_admit *a, const struct flp_rule *rule)
{
	a->rule = *rule;
	a->merged.header.privacy = FLP_PRIVACY_PUBLIC; /* of no records */
	if (!rule->kind->divides)
		a->weighting = FLP_WEIGHTING_UNIFORM;
	a->by_first = a->weighting == FLP_WEIGHTING_AUTO;
}

static void
forget_next(struct flp_admit *a)
{
	flp_merged_free(&a->next);
	flp_meta_free(&a->next_like);
}

void
flp_admit_free(struct flp_admit *a)
{
	forget_next(a);
	flp_merged_free(&a->merged);
	flp_meta_free(&a->like);
	tdestroy(a->ids, free);
	a->ids = NULL;
}

int
flp_admit_like(struct flp_admit *a, const struct flp_header *model,
    const struct flp_digest *base, struct flp_error *e)
{
	struct flp_header update;
	int status;

	if (flp_update_header(&update, model, base, e) < 0)
		return -1;
	a->merged.header.kind = FLP_KIND_UPDATE;
	status = flp_update_origin(&a->like, &update.meta, e);
	for (size_t i = 0; status == 0 && i < update.tensors; i++)
		status = flp_merged_add(&a->merged, &a->rule, &update.tensor[i], e);
	flp_header_free(&update);
	return status;
}

/* Compares a record, as it would be merged, with those that were taken. */
static int
compare(const struct flp_admit *a, const struct flp_header *found, struct flp_error *e)
{
	const struct flp_header *want = &a->merged.header;

	if (want->kind == 0)
		return 0;
	if (found->kind != 0 && found->kind != want->kind)
		return flp_error_bad(e, "expected kind %s as before, found %s",
		    flp_kind_name(want->kind), flp_kind_name(found->kind));
	return flp_header_same_tensors(want, found, e);
}

int
flp_admit_fits(const struct flp_admit *a, const struct flp_header *h, struct flp_error *e)
{
	struct flp_merged m = { 0 };
	int status = flp_merged_from(&m, h, &a->rule, 1, e);

	if (status == 0)
		status = compare(a, &m.header, e);
	flp_merged_free(&m);
	return status;
}

/* The weighting that this record is taken with: as asked for, or by the first. */
static enum flp_weighting
choose_weighting(const struct flp_admit *a, const struct flp_header *h)
{
	int partial = h->kind == FLP_KIND_PARTIAL;
	size_t n;
	const char *said = flp_meta_get(&h->meta, partial ? "weighting" : "examples", &n);

	if (a->weighting != FLP_WEIGHTING_AUTO)
		return a->weighting;
	if (partial)
		return said != NULL && n == 7 && memcmp(said, "uniform", n) == 0 ?
		    FLP_WEIGHTING_UNIFORM : FLP_WEIGHTING_EXAMPLES;
	return said == NULL ? FLP_WEIGHTING_UNIFORM : FLP_WEIGHTING_EXAMPLES;
}

/* The metadata of all: those so far and this record's. */
static int
merge_metadata(struct flp_admit *a, const struct flp_meta *said, const struct flp_entry *entry,
    struct flp_error *e)
{
	struct flp_meta *all = &a->next.header.meta;

	if (flp_update_origin(&a->next_like, said, e) < 0 ||
	    flp_update_same_origin(&a->like, said, e) < 0 ||
	    flp_meta_copy(all, &a->merged.header.meta, e) < 0)
		return -1;
	if (entry->clients == 0)
		return a->records > 0 ? flp_update_same_origin(&a->next_like, all, e) : 0;
	return flp_meta_merge(all, said, a->records == 0, e);
}

int
flp_admit_check(struct flp_admit *a, const struct flp_header *h, struct flp_entry *entry,
    struct flp_error *e)
{
	struct flp_meta said = { 0 };
	int status = -1;

	forget_next(a);
	entry->kind = h->kind;
	entry->clients = entry->weight = 0;
	a->next_weighting = choose_weighting(a, h);
	if (flp_merged_from(&a->next, h, &a->rule, 0, e) == 0 &&
	    compare(a, &a->next.header, e) == 0 &&
	    flp_privacy_join(&a->next.header.privacy, a->merged.header.privacy, h->privacy,
	    e) == 0 &&
	    flp_meta_copy(&said, &h->meta, e) == 0 &&
	    flp_claims_check(a, h, &said, entry, e) == 0)
		status = merge_metadata(a, &said, entry, e);
	flp_meta_free(&said);
	if (status < 0) {
		forget_next(a);
		entry->clients = entry->weight = 0;
	}
	return status;
}

int
flp_admit_values(struct flp_admit *a, const struct flp_entry *entry, size_t tensor,
    enum flp_dtype dtype, uint64_t first, const void *values, size_t n, struct flp_error *e)
{
	int is_first = a->records == 0 && a->next.header.kind != 0; /* and not taken yet */
	struct flp_merged *m = is_first ? &a->next : &a->merged;
	const struct flp_tensor *t = &m->header.tensor[tensor];
	int status = 0;

	if (m->tensor[tensor].treatment != FLP_TREATMENT_EQUAL)
		status = flp_values_bounds(&a->rule, dtype, first, values, n, entry->weight,
		    entry->clients, e);
	else if (entry->clients > 0) /* a partial of nothing has no values */
		status = flp_values_equal(&m->tensor[tensor].kept, t, first, values, n, e);
	return status < 0 ? flp_error_at(e, "tensor %s", t->name) : 0;
}

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct flp_id));
}

/* Remembers an id; refuses one that is there. */
static int
remember(struct flp_admit *a, const struct flp_id *id, struct flp_error *e)
{
	struct flp_id *copy = flp_memory_new(1, sizeof *copy, e), **found;
	char text[FLP_ID_TEXT];

	if (copy == NULL)
		return -1;
	*copy = *id;
	if ((found = tsearch(copy, &a->ids, by_id)) == NULL) {
		free(copy);
		return flp_error_system(e, ENOMEM, "memory for ids");
	}
	if (*found == copy)
		return 0;
	free(copy);
	flp_id_text(id, text);
	return flp_error_bad(e, "id %s was there before", text);
}

/* Makes a->next the state of what is merged. The first record's tensors stay, and so do
 * its values that must be equal; from later records only the metadata are taken. */
static void
move_on(struct flp_admit *a, const struct flp_entry *entry)
{
	int first = a->merged.header.kind == 0 || (a->records == 0 && entry->clients > 0);
	struct flp_merged merged = a->merged;

	if (first) {
		a->merged = a->next;
		a->next = merged;
	} else {
		a->merged.header.privacy = a->next.header.privacy;
		a->merged.header.meta = a->next.header.meta;
		a->next.header.meta = merged.header.meta;
	}
	if (entry->clients == 0) {
		if (a->like.n == 0) {
			a->like = a->next_like;
			a->next_like = (struct flp_meta){ 0 };
		}
		return;
	}
	a->weighting = a->next_weighting;
	a->weight += entry->weight;
	a->clients += entry->clients;
	a->records++;
}

int
flp_admit_take(struct flp_admit *a, const struct flp_entry *entry, struct flp_error *e)
{
	const char *key;
	uint64_t count;

	if (a->next.header.kind == 0)
		return flp_error_misuse(e, "a record that was refused is not taken");
	if (a->unique && remember(a, &entry->id, e) < 0)
		return -1;
	if ((key = flp_claims_full(&a->next.header.meta, &count)) != NULL) {
		a->full = 1;
		return flp_error_bad(e, "metadata: %s: with what was before it the sum is %llu, "
		    "beyond 2^62", key, (unsigned long long)count);
	}
	move_on(a, entry);
	if (entry->kind != FLP_KIND_PARTIAL)
		flp_idset_add(&a->parents, entry->id.byte);
	forget_next(a);
	return 0;
}

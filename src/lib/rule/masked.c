#include "rule/masked.h"
#include "base/memory.h"
#include "format/names.h"
#include "model/update.h"
#include "rule/claims.h"

#include <stdlib.h>
#include <string.h>

/* The bytes of a sum's senders, which must be its last tensor; 0 if there are none. */
static int
find_senders(const struct flp_header *h, uint64_t *bytes, struct flp_error *e)
{
	long at = flp_header_find(h, FLP_NAMES_SENDERS);
	const struct flp_tensor *t;

	*bytes = 0;
	if (at < 0)
		return 0;
	t = &h->tensor[at];
	if ((size_t)at != h->tensors - 1 || t->dtype != FLP_DTYPE_U8 || t->rank != 1 || t->bytes == 0)
		return flp_error_bad(e, "expected tensor %s u8, of one dimension, last in a sum of masked "
		    "records", FLP_NAMES_SENDERS);
	if (t->bytes > FLP_MASKED_BYTES)
		return flp_error_bad(e, "tensor %s: expected at most %llu bytes, found %llu", t->name,
		    (unsigned long long)FLP_MASKED_BYTES, (unsigned long long)t->bytes);
	*bytes = t->bytes;
	return 0;
}

int
flp_masked_header(const struct flp_header *h, const struct flp_rule *rule, uint64_t *senders,
    struct flp_error *e)
{
	if (!rule->kind->sums)
		return flp_error_bad(e, "masked records have no %s: only their sum can be unmasked "
		    "(see --sum)", rule->kind->result);
	for (size_t i = 0; i < h->tensors; i++)
		if (!flp_tensor_describes(&h->tensor[i]) && h->tensor[i].dtype != FLP_DTYPE_U64)
			return flp_error_bad(e, "tensor %s: dtype %s does not belong in a record of "
			    "kind masked", h->tensor[i].name, flp_dtype_name(h->tensor[i].dtype));
	return find_senders(h, senders, e);
}

int
flp_masked_like(const struct flp_header *update, const struct flp_header *masked,
    struct flp_error *e)
{
	if (masked->tensors < update->tensors)
		return flp_error_bad(e, "expected at least %zu tensors, found %zu", update->tensors,
		    masked->tensors);
	for (size_t i = 0; i < masked->tensors; i++) {
		const struct flp_tensor *found = &masked->tensor[i];
		struct flp_tensor want;

		if (i >= update->tensors && (strncmp(found->name, "mask/", 5) == 0 ||
		    flp_update_rides(found)))
			continue;
		if (i >= update->tensors)
			return flp_error_bad(e, "tensor %s: found in a masked update, but not in the model",
			    found->name);
		want = update->tensor[i];
		want.dtype = FLP_DTYPE_U64;
		if (flp_tensor_same(&want, found, e) < 0)
			return -1;
	}
	return 0;
}

/* What a masked record may say of what is inside: one of these words under each key. */
static const struct {
	const char *key, *words, *word[5];
} inside[] = {
	{ "of", "params, update or stats", { "params", "update", "stats" } },
	{ "state", "raw, clipped, noised or public", { "raw", "clipped", "noised", "public" } },
	{ "weighting", "examples or uniform", { "examples", "uniform" } },
};

static int
check_inside(const struct flp_meta *said, struct flp_error *e)
{
	for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
		const char *found;
		size_t n, k = 0;

		while (inside[i].word[k] != NULL && !flp_meta_is(said, inside[i].key, inside[i].word[k]))
			k++;
		if (inside[i].word[k] != NULL)
			continue;
		found = flp_meta_get(said, inside[i].key, &n);
		return flp_error_bad(e, "metadata: %s: expected %s, found %.*s", inside[i].key,
		    inside[i].words, found != NULL ? (int)(n < 80 ? n : 80) : 7,
		    found != NULL ? found : "nothing");
	}
	return 0;
}

/* Whether a record names its client, or a sum says how many are in it. */
static int
check_clients(const struct flp_policy *policy, int sum, const struct flp_meta *said,
    struct flp_entry *entry, struct flp_error *e)
{
	int found;

	if (sum && !policy->trust_partials)
		return flp_error_bad(e, "a sum of masked records speaks for others, so it is taken only "
		    "under --trust-partials");
	if (sum && entry->client != NULL)
		return flp_error_bad(e, "metadata: client: expected none beside tensor %s",
		    FLP_NAMES_SENDERS);
	if (!sum && entry->client == NULL)
		return flp_error_bad(e, "metadata: client: missing in a masked record");
	entry->clients = 1;
	if (!sum)
		return 0;
	found = flp_meta_u64(said, "clients", 1, FLP_COUNTS_LIMIT, &entry->clients, e);
	return found != 0 ? found : flp_error_bad(e, "metadata: clients: missing in a sum of masked "
	    "records");
}

int
flp_masked_check(const struct flp_policy *policy, const struct flp_merged *m,
    struct flp_meta *said, struct flp_entry *entry, struct flp_error *e)
{
	static const char *const outside[] = { "examples", "steps", "arch", "loss", "scaling" };

	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		flp_meta_drop(said, outside[i]);
	if (flp_claims_spell(said, e) < 0 || check_inside(said, e) < 0 ||
	    check_clients(policy, m->senders > 0, said, entry, e) < 0)
		goto fail;
	entry->weight = entry->clients;
	if (flp_meta_set_text(said, "rule", "sum", e) == 0 &&
	    flp_meta_set_u64(said, "weight", entry->weight, e) == 0 &&
	    flp_meta_set_u64(said, "clients", entry->clients, e) == 0 &&
	    flp_counts_read(&entry->counts, said, FLP_COUNTS_LIMIT, e) == 0)
		return 0;
fail:
	entry->clients = entry->weight = 0;
	return -1;
}

int
flp_masked_senders(struct flp_entry *entry, const void *text, size_t n, struct flp_error *e)
{
	struct flp_texts *names = &entry->senders;
	size_t at;

	flp_texts_free(names);
	if (flp_texts_parse(names, text, n, e) < 0)
		return flp_error_at(e, "tensor %s", FLP_NAMES_SENDERS);
	if ((at = flp_texts_unsorted(names)) < names->n)
		return flp_error_bad(e, "tensor %s: line %zu: expected sorted names", FLP_NAMES_SENDERS,
		    at + 1);
	return names->n == entry->clients ? 0 : flp_error_bad(e, "tensor %s: expected the names of "
	    "%llu clients, found %zu", FLP_NAMES_SENDERS, (unsigned long long)entry->clients, names->n);
}

void
flp_senders_free(struct flp_senders *all)
{
	flp_texts_free(&all->names);
	free(all->from);
	memset(all, 0, sizeof *all);
}

static int
add_one(struct flp_senders *all, const struct flp_entry *entry, const char *name,
    char place[FLP_ENTRY_PLACE], struct flp_error *e)
{
	size_t n = strlen(name), at = all->names.n;
	long there = flp_texts_find(&all->names, name, n);

	if (there >= 0) {
		flp_entry_place(&(struct flp_entry){ .path = all->from[there].path,
			.number = all->from[there].number }, place);
		return flp_error_bad(e, "client %.80s is in both", name);
	}
	if (flp_memory_grow(&all->from, &all->room, at + 1, sizeof *all->from, e) < 0 ||
	    flp_texts_add(&all->names, name, n, SIZE_MAX, e) < 0)
		return -1;
	all->from[at] = (struct flp_sender){ entry->path, entry->number };
	return 0;
}

int
flp_senders_add(struct flp_senders *all, const struct flp_entry *entry,
    char place[FLP_ENTRY_PLACE], struct flp_error *e)
{
	flp_entry_place(entry, place);
	if (entry->client != NULL)
		return add_one(all, entry, entry->client, place, e);
	for (size_t i = 0; i < entry->senders.n; i++)
		if (add_one(all, entry, flp_texts_get(&entry->senders, i), place, e) < 0)
			return -1;
	return 0;
}

#include "rule/claims.h"
#include "format/keys.h"

#include <string.h>

/* The greatest count a client may claim, and the greatest of all together. */
#define CLIENT_LIMIT ((uint64_t)1 << 53)
#define COUNT_LIMIT ((uint64_t)1 << 62)

/* The keys that are added up. Sets *name to that of the first of them from row *row on,
 * and *row past it; 0 at the end of the table. */
static int
next_count(size_t *row, const char **name)
{
	const struct flp_meta_key *key;

	while ((key = flp_keys_at((*row)++)) != NULL)
		if (key->merge == FLP_MERGE_SUM) {
			*name = key->name;
			return 1;
		}
	return 0;
}

/* All counts but clients and weight, which have bounds of their own. */
static int
check_counts(const struct flp_meta *meta, uint64_t most, struct flp_error *e)
{
	const char *name;
	uint64_t unused;

	for (size_t row = 0; next_count(&row, &name);)
		if (strcmp(name, "clients") != 0 && strcmp(name, "weight") != 0 &&
		    flp_meta_u64(meta, name, 0, most, &unused, e) < 0)
			return -1;
	return 0;
}

/* A client's record: what it says of itself within bounds, the rest set. */
static int
complete_plain(const struct flp_admit *a, struct flp_meta *meta, struct flp_entry *entry,
    struct flp_error *e)
{
	enum flp_weighting weighting = a->next_weighting;
	uint64_t examples, unused;
	size_t n;
	int has = flp_meta_u64(meta, "examples", 1, CLIENT_LIMIT, &examples, e);

	if (has < 0 || check_counts(meta, CLIENT_LIMIT, e) < 0 ||
	    flp_meta_u64(meta, "clients", 1, CLIENT_LIMIT, &unused, e) < 0)
		return -1;
	if (weighting == FLP_WEIGHTING_EXAMPLES && !has)
		return flp_error_bad(e, "metadata: examples: missing, so there is no weight "
		    "(see --weight uniform)");
	if (has && a->by_first && a->records > 0 &&
	    flp_meta_get(&a->merged.header.meta, "examples", &n) == NULL)
		return flp_error_bad(e, "metadata: examples: not in the first record, so all count "
		    "alike (see --weight)");
	entry->clients = 1;
	entry->weight = weighting == FLP_WEIGHTING_EXAMPLES ? examples : 1;
	if (flp_meta_set_text(meta, "of", flp_kind_name(a->next.header.kind), e) < 0 ||
	    flp_meta_set_text(meta, "rule", a->rule.kind->name, e) < 0 ||
	    flp_meta_set_text(meta, "weighting", flp_weighting_name(weighting), e) < 0 ||
	    flp_meta_set_u64(meta, "weight", entry->weight, e) < 0)
		return -1;
	return flp_meta_set_u64(meta, "clients", 1, e);
}

/* What a partial counts must be possible for so many clients. */
static int
check_possible(const struct flp_meta *meta, uint64_t clients, enum flp_weighting weighting,
    struct flp_error *e)
{
	uint64_t most = clients < COUNT_LIMIT / CLIENT_LIMIT ? clients * CLIENT_LIMIT : COUNT_LIMIT;
	uint64_t heaviest = weighting == FLP_WEIGHTING_UNIFORM ? clients : most, unused;

	if (flp_meta_u64(meta, "weight", clients, heaviest, &unused, e) < 0)
		return -1;
	return check_counts(meta, most, e);
}

static int
check_partial(const struct flp_admit *a, const struct flp_meta *meta, struct flp_entry *entry,
    struct flp_error *e)
{
	const char *rule = a->rule.kind->name, *weighting = flp_weighting_name(a->next_weighting);
	int found = flp_meta_u64(meta, "clients", 0, COUNT_LIMIT, &entry->clients, e);

	if (found > 0)
		found = flp_meta_u64(meta, "weight", 0, COUNT_LIMIT, &entry->weight, e);
	if (found < 0)
		return -1;
	if (found == 0 || (entry->weight == 0) != (entry->clients == 0))
		return flp_error_bad(e, "metadata: expected clients and weight in a partial");
	if (flp_meta_expect(meta, "rule", rule, strlen(rule), e) < 0 || (entry->clients > 0 &&
	    flp_meta_expect(meta, "weighting", weighting, strlen(weighting), e) < 0))
		return -1;
	return check_possible(meta, entry->clients, a->next_weighting, e);
}

int
flp_claims_check(const struct flp_admit *a, const struct flp_header *h, struct flp_meta *said,
    struct flp_entry *entry, struct flp_error *e)
{
	static const char *const of_base[] = { "arch", "loss", "scaling" };

	/* The base of an update says these already. */
	for (size_t i = 0; a->next.header.kind == FLP_KIND_UPDATE &&
	    i < sizeof of_base / sizeof *of_base; i++)
		flp_meta_drop(said, of_base[i]);
	return h->kind == FLP_KIND_PARTIAL ? check_partial(a, said, entry, e) :
	    complete_plain(a, said, entry, e);
}

const char *
flp_claims_full(const struct flp_meta *all, uint64_t *value)
{
	struct flp_error unused;
	const char *name;

	for (size_t row = 0; next_count(&row, &name);)
		if (flp_meta_u64(all, name, 0, UINT64_MAX, value, &unused) == 1 &&
		    *value > COUNT_LIMIT)
			return name;
	return NULL;
}

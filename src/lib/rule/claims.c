#include "rule/claims.h"
#include "format/keys.h"

#include <string.h>

/* The greatest count a client may claim. */
#define CLIENT_LIMIT ((uint64_t)1 << 53)

/* The greatest number of steps a client may claim. It is lower, so that a few clients that claim
 * too many can't make the sum too large for all. */
#define STEPS_LIMIT ((uint64_t)1 << 40)

int
flp_claims_spell(struct flp_meta *said, struct flp_error *e)
{
	const struct flp_meta_key *key;
	uint64_t value;

	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; i++) {
		int has = key->merge == FLP_MERGE_EQUAL && key->type == FLP_META_WHOLE ?
		    flp_meta_u64(said, key->name, 0, UINT64_MAX, &value, e) : 0;

		if (has < 0 || (has > 0 && flp_meta_set_u64(said, key->name, value, e) < 0))
			return -1;
	}
	return 0;
}

/* Checks that the count under the key is at most max_examples for each of the clients. */
static int
check_most(const struct flp_policy *policy, const struct flp_meta *said, const char *key,
    uint64_t clients, struct flp_error *e)
{
	uint64_t most = policy->max_examples, found;

	if (__builtin_mul_overflow(most, clients, &most))
		most = UINT64_MAX;
	if (flp_meta_u64(said, key, 0, UINT64_MAX, &found, e) == 1 && found > most)
		return flp_error_bad(e, "metadata: %s: expected at most %llu, found %llu (see "
		    "--max-examples)", key, (unsigned long long)most, (unsigned long long)found);
	return 0;
}

/* A record that is not a partial: checks what it may say of itself, and sets the rest. */
static int
complete_plain(const struct flp_policy *policy, const struct flp_rule *rule, enum flp_kind kind,
    struct flp_meta *said, struct flp_entry *entry, struct flp_error *e)
{
	enum flp_weighting weighting = policy->weighting;
	uint64_t examples, unused;
	int has = flp_meta_u64(said, "examples", 1, CLIENT_LIMIT, &examples, e);

	if (has < 0 || flp_meta_u64(said, "steps", 0, STEPS_LIMIT, &unused, e) < 0 ||
	    flp_meta_u64(said, "clients", 1, CLIENT_LIMIT, &unused, e) < 0)
		return -1;
	if (weighting == FLP_WEIGHTING_EXAMPLES && !has)
		return flp_error_bad(e, "metadata: examples: missing, but they are to be the "
		    "weight (see --weight uniform)");
	if (weighting == FLP_WEIGHTING_AUTO)
		weighting = has ? FLP_WEIGHTING_EXAMPLES : FLP_WEIGHTING_UNIFORM;
	entry->clients = 1;
	entry->weight = weighting == FLP_WEIGHTING_EXAMPLES ? examples : 1;
	if (check_most(policy, said, "examples", 1, e) < 0 ||
	    flp_meta_set_text(said, "of", flp_kind_name(kind), e) < 0 ||
	    flp_meta_set_text(said, "rule", rule->kind->name, e) < 0 ||
	    flp_meta_set_text(said, "weighting", flp_weighting_name(weighting), e) < 0 ||
	    flp_meta_set_u64(said, "weight", entry->weight, e) < 0 ||
	    flp_meta_set_u64(said, "clients", 1, e) < 0)
		return -1;
	return flp_counts_read(&entry->counts, said, CLIENT_LIMIT, e);
}

/* Checks that a partial that is not of nothing has the weighting that the caller asks for. */
static int
check_weighting(const struct flp_policy *policy, const struct flp_meta *said, int *uniform,
    struct flp_error *e)
{
	const char *want = flp_weighting_name(policy->weighting);

	if (policy->weighting == FLP_WEIGHTING_AUTO)
		want = flp_meta_is(said, "weighting", "uniform") ? "uniform" : "examples";
	*uniform = strcmp(want, "uniform") == 0;
	return flp_meta_expect(said, "weighting", want, strlen(want), e);
}

/* Checks that the counts of a partial are possible for its number of clients. */
static int
check_possible(const struct flp_policy *policy, const struct flp_meta *said, int uniform,
    struct flp_entry *entry, struct flp_error *e)
{
	uint64_t clients = entry->clients, unused;
	uint64_t most = clients < FLP_COUNTS_LIMIT / CLIENT_LIMIT ? clients * CLIENT_LIMIT :
	    FLP_COUNTS_LIMIT;

	if (flp_meta_u64(said, "weight", clients, uniform ? clients : most, &unused, e) < 0 ||
	    (!uniform && check_most(policy, said, "weight", clients, e) < 0) ||
	    check_most(policy, said, "examples", clients, e) < 0)
		return -1;
	if (flp_meta_u64(said, "steps", 0, clients < FLP_COUNTS_LIMIT / STEPS_LIMIT ?
	    clients * STEPS_LIMIT : FLP_COUNTS_LIMIT, &unused, e) < 0)
		return -1;
	return flp_counts_read(&entry->counts, said, most, e);
}

static int
check_partial(const struct flp_policy *policy, const struct flp_rule *rule,
    struct flp_meta *said, struct flp_entry *entry, struct flp_error *e)
{
	const char *name = rule->kind->name;
	int found = flp_meta_u64(said, "clients", 0, FLP_COUNTS_LIMIT, &entry->clients, e);
	int uniform = 1;

	if (found > 0)
		found = flp_meta_u64(said, "weight", 0, FLP_COUNTS_LIMIT, &entry->weight, e);
	if (found < 0)
		return -1;
	if (found == 0 || (entry->weight == 0) != (entry->clients == 0))
		return flp_error_bad(e, "metadata: expected clients and weight in a partial");
	if (flp_meta_expect(said, "rule", name, strlen(name), e) < 0 ||
	    (entry->clients > 0 && check_weighting(policy, said, &uniform, e) < 0))
		return -1;
	return check_possible(policy, said, uniform, entry, e);
}

int
flp_claims_check(const struct flp_policy *policy, const struct flp_rule *rule,
    enum flp_kind kind, struct flp_meta *said, struct flp_entry *entry, struct flp_error *e)
{
	static const char *const of_base[] = { "arch", "loss", "scaling" };
	int status;

	/* An update's base determines these, so they are not compared. */
	for (size_t i = 0; kind == FLP_KIND_UPDATE && i < sizeof of_base / sizeof *of_base; i++)
		flp_meta_drop(said, of_base[i]);
	if (flp_claims_spell(said, e) < 0)
		return -1;
	status = entry->kind == FLP_KIND_PARTIAL ? check_partial(policy, rule, said, entry, e) :
	    complete_plain(policy, rule, kind, said, entry, e);
	if (status < 0)
		entry->clients = entry->weight = 0;
	return status;
}

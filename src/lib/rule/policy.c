#include "rule/policy.h"
#include "base/memory.h"
#include "format/insecure.h"
#include "format/keys.h"

#include <stdlib.h>
#include <string.h>

const char *
flp_weighting_name(unsigned weighting)
{
	static const char *const names[] = { "auto", "examples", "uniform" };

	return weighting < sizeof names / sizeof *names ? names[weighting] : NULL;
}

/* "masked" can't be required, since for a masked record the state of what is inside counts. Nor
 * can "public", since public records are taken in any case. */
const char *
flp_policy_state(unsigned state)
{
	return state < FLP_PRIVACY_MASKED ? flp_privacy_name(state) : NULL;
}

void
flp_policy_free(struct flp_policy *policy)
{
	flp_meta_free(&policy->where);
}

static int
add_where(struct flp_policy *policy, const char *text, struct flp_error *e)
{
	size_t n = strcspn(text, "="), unused;
	char *name = flp_memory_text(text, n, e);
	const struct flp_meta_key *key;
	int status = -1;

	if (name == NULL)
		return -1;
	text += n + (text[n] == '=');
	key = flp_keys_find(name, n);
	if (flp_meta_get(&policy->where, name, &unused) != NULL)
		flp_error_usage(e, "%s: given twice", name);
	else if (key != NULL && !flp_keys_fits(key, text, strlen(text)))
		flp_error_usage(e, "%s: expected a %s, found \"%s\"", name,
		    key->type == FLP_META_WHOLE ? "whole number" : "number", text);
	else
		status = flp_meta_set(&policy->where, name, text, strlen(text), e);
	free(name);
	return status;
}

int
flp_policy_where(struct flp_policy *policy, const char *text, struct flp_error *e)
{
	if (strchr(text, '=') == NULL)
		return flp_error_usage(e, "expected KEY=VALUE, found \"%s\"", text);
	if (add_where(policy, text, e) == 0)
		return 0;
	if (e->code == FLP_ERROR_BAD)
		e->code = FLP_ERROR_USAGE;
	return -1;
}

int
flp_policy_merges(const struct flp_header *h, struct flp_error *e)
{
	if (flp_meta_is(&h->meta, "leaves", "masked"))
		return flp_error_bad(e, "expected statistics that may leave as they are, found some that "
		    "may leave only masked (fl-stats --to-mask)");
	if (!flp_meta_is(&h->meta, "place", "central"))
		return 0;
	return flp_error_bad(e, "expected a record without noise or with local noise, found a %s "
	    "with central noise: it is of a whole round (see fl-step --denominator)",
	    h->kind == FLP_KIND_SUM ? "sum" : "record");
}

/* The privacy state of a record or, if it is masked, of what is inside. */
static enum flp_privacy
state_of(const struct flp_header *h)
{
	for (unsigned state = 0; h->kind == FLP_KIND_MASKED && state < FLP_PRIVACIES; state++)
		if (flp_meta_is(&h->meta, "state", flp_privacy_name(state)))
			return state;
	return h->privacy;
}

static int
check_required(const struct flp_policy *policy, enum flp_privacy state, struct flp_error *e)
{
	if (!policy->required || state == policy->state || state == FLP_PRIVACY_PUBLIC)
		return 0;
	return flp_error_bad(e, "expected privacy state %s, found %s",
	    flp_privacy_name(policy->state), flp_privacy_name(state));
}

int
flp_policy_header(const struct flp_policy *policy, const struct flp_header *h,
    struct flp_error *e)
{
	if (h->kind == FLP_KIND_PARTIAL && !policy->trust_partials)
		return flp_error_bad(e, "a partial speaks for others, so it is taken only under "
		    "--trust-partials");
	if (policy->max_norm > 0 && h->kind != FLP_KIND_UPDATE)
		return flp_error_bad(e, "expected kind update under --max-norm, found %s",
		    flp_kind_name(h->kind));
	return h->kind == FLP_KIND_MASKED ? 0 : check_required(policy, h->privacy, e);
}

/* Checks that the metadata have the key and the value of a line of policy->where. */
static int
check_where(const struct flp_meta *meta, const char *key, size_t key_n, const char *want,
    size_t want_n, struct flp_error *e)
{
	const char *found;
	size_t n, at = 0, k_n;
	const char *k;

	while (flp_meta_each(meta, &at, &k, &k_n, &found, &n))
		if (k_n == key_n && memcmp(k, key, k_n) == 0)
			return flp_keys_same(flp_keys_find(key, key_n), found, n, want, want_n) ? 0 :
			    flp_error_bad(e, "metadata: %.*s: expected %.*s, found %.*s", (int)key_n, key,
			    (int)want_n, want, (int)(n < 80 ? n : 80), found);
	return flp_error_bad(e, "metadata: %.*s: expected %.*s, found nothing", (int)key_n, key,
	    (int)want_n, want);
}

/* If the policy asks for a `clip`, checks that the record has only those norms of groups, clip.1
 * to clip.9, that the policy asks for too. */
static int
check_groups(const struct flp_policy *policy, const struct flp_meta *meta, struct flp_error *e)
{
	const char *found, *key;
	size_t n, at = 0, key_n, unused;

	if (flp_meta_get(&policy->where, "clip", &unused) == NULL)
		return 0;
	while (flp_meta_each(meta, &at, &key, &key_n, &found, &n)) {
		const struct flp_meta_key *known = flp_keys_find(key, key_n);

		if (known != NULL && strncmp(known->name, "clip.", 5) == 0 &&
		    (known->is & FLP_KEY_NOISE) == 0 &&
		    flp_meta_get(&policy->where, known->name, &unused) == NULL)
			return flp_error_bad(e, "metadata: %s: expected nothing, found %.*s (see --where)",
			    known->name, (int)(n < 80 ? n : 80), found);
	}
	return 0;
}

int
flp_policy_keys(const struct flp_policy *policy, const struct flp_header *h,
    struct flp_error *e)
{
	enum flp_privacy state = state_of(h);
	int noised = state == FLP_PRIVACY_NOISED;
	const char *key, *want;
	size_t at = 0, key_n, want_n, n;

	if (check_required(policy, state, e) < 0)
		return -1;
	if (noised && flp_meta_get(&h->meta, "mechanism", &n) == NULL)
		return flp_error_bad(e, "metadata: mechanism: expected in a noised record, found "
		    "nothing");
	if (!noised && flp_meta_get(&h->meta, "mechanism", &n) != NULL)
		return flp_error_bad(e, "metadata: mechanism: expected only in a noised record, found "
		    "in one that is %s", flp_privacy_name(state));
	if (flp_insecure_check(&h->meta, policy->insecure, e) < 0)
		return -1;
	while (flp_meta_each(&policy->where, &at, &key, &key_n, &want, &want_n))
		if (check_where(&h->meta, key, key_n, want, want_n, e) < 0)
			return -1;
	return check_groups(policy, &h->meta, e);
}

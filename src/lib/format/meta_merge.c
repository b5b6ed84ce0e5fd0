#include "format/keys.h"
#include "format/meta.h"

#include <string.h>

void
flp_meta_drop_made(struct flp_meta *m)
{
	const struct flp_meta_key *key;

	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; i++)
		if (key->made)
			flp_meta_drop(m, key->name);
}

static int
merge_equal(struct flp_meta *into, const char *key, const char *value, size_t n,
    struct flp_error *e)
{
	size_t old_n;
	const char *old = flp_meta_get(into, key, &old_n);

	if (old == NULL)
		return flp_meta_set(into, key, value, n, e);
	if (old_n == n && memcmp(old, value, n) == 0)
		return 0;
	return flp_error_bad(e, "metadata: %s: expected \"%.*s\" as in the first record, "
	    "found \"%.*s\"", key, (int)(old_n < 80 ? old_n : 80), old, (int)(n < 80 ? n : 80),
	    value);
}

static int
merge_sum(struct flp_meta *into, const char *key, const struct flp_meta *m, struct flp_error *e)
{
	uint64_t a = 0, b = 0;

	if (flp_meta_u64(into, key, 0, UINT64_MAX, &a, e) < 0 ||
	    flp_meta_u64(m, key, 0, UINT64_MAX, &b, e) < 0)
		return -1;
	if (__builtin_add_overflow(a, b, &a))
		return flp_error_bad(e, "metadata: %s: the sum does not fit 64 bits", key);
	return flp_meta_set_u64(into, key, a, e);
}

/* Merges a key that m has; `into` has the metadata of all records before it. */
static int
merge_key(struct flp_meta *into, const struct flp_meta_key *key, const struct flp_meta *m,
    const char *value, size_t n, int first, struct flp_error *e)
{
	size_t old_n;
	int missing = !first && flp_meta_get(into, key->name, &old_n) == NULL;

	switch (key->merge) {
	case FLP_MERGE_DROP:
		return 0;
	case FLP_MERGE_EQUAL:
		if (missing)
			return flp_error_bad(e, "metadata: %s: not in the first record", key->name);
		return merge_equal(into, key->name, value, n, e);
	case FLP_MERGE_SUM:
		/* A sum is dropped unless all records have the key. */
		return missing ? 0 : merge_sum(into, key->name, m, e);
	}
	return flp_error_misuse(e, "metadata: %s: unknown merge rule %d", key->name,
	    (int)key->merge);
}

int
flp_meta_merge(struct flp_meta *into, const struct flp_meta *m, int first, struct flp_error *e)
{
	const struct flp_meta_key *key;
	size_t at = 0, k_n, v_n;
	const char *k, *v;

	while (flp_meta_each(m, &at, &k, &k_n, &v, &v_n))
		if ((key = flp_keys_find(k, k_n)) != NULL &&
		    merge_key(into, key, m, v, v_n, first, e) < 0)
			return -1;
	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; i++) {
		if (flp_meta_get(into, key->name, &v_n) == NULL ||
		    flp_meta_get(m, key->name, &v_n) != NULL)
			continue;
		if (key->merge != FLP_MERGE_SUM)
			return flp_error_bad(e, "metadata: %s: in the first record, but not here",
			    key->name);
		flp_meta_drop(into, key->name);
	}
	return 0;
}

#include "mask/making.h"
#include "mask/kdf.h"

#include <stdio.h>

/* The keys that say who sent a record, not how it was made. */
static const char *const senders[] = { "client", "clients", "parents", "rule", "signature",
	"weight", NULL };

/* Checks first the keys on which others depend. */
static int
check_first(const struct flp_meta *want, const struct flp_meta *found, struct flp_error *e)
{
	static const char *const first[] = { "of", "state", "weighting", "range", "clip", "grid",
		"mechanism", "noise" };

	for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
		size_t n, found_n;
		const char *value = flp_meta_get(want, first[i], &n);
		const char *other = flp_meta_get(found, first[i], &found_n);

		if (value == NULL && other != NULL)
			flp_error_bad(e, "metadata: %s: expected nothing, found %.*s", first[i],
			    (int)(found_n < 80 ? found_n : 80), other);
		else if (value == NULL || flp_meta_expect(found, first[i], value, n, e) == 0)
			continue;
		return -1;
	}
	return 0;
}

/* Checks that `found` has the keys of `want` with the same values. */
static int
check_keys(const struct flp_meta *want, const struct flp_meta *found, struct flp_error *e)
{
	size_t at = 0, key_n, n;
	const char *key, *value;
	char name[FLP_META_KEY_LIMIT + 1];

	while (flp_meta_each(want, &at, &key, &key_n, &value, &n)) {
		snprintf(name, sizeof name, "%.*s", (int)key_n, key);
		if (!flp_meta_listed(senders, key, key_n) &&
		    flp_meta_expect(found, name, value, n, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_making_same(const struct flp_header *want, const struct flp_header *found,
    struct flp_error *e)
{
	if (check_first(&want->meta, &found->meta, e) == 0 &&
	    check_keys(&want->meta, &found->meta, e) == 0 &&
	    check_keys(&found->meta, &want->meta, e) == 0 &&
	    flp_header_same_tensors(want, found, e) == 0)
		return 0;
	return flp_error_add(e, "all sites must use the same clip, noise, votes and weights");
}

void
flp_making_digest(const struct flp_header *h, struct flp_digest *digest)
{
	const char *key, *value;
	size_t at = 0, key_n, n;
	struct flp_kdf k;

	flp_kdf_begin(&k, NULL, "terms");
	flp_kdf_u64(&k, h->tensors);
	while (flp_meta_each(&h->meta, &at, &key, &key_n, &value, &n))
		if (!flp_meta_listed(senders, key, key_n)) {
			flp_kdf_bytes(&k, key, key_n);
			flp_kdf_bytes(&k, value, n);
		}
	flp_kdf_end(&k, digest->byte);
}

void
flp_making_drop_sender(struct flp_meta *meta)
{
	for (size_t i = 0; senders[i] != NULL; i++)
		flp_meta_drop(meta, senders[i]);
}

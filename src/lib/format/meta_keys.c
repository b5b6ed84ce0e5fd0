#include "base/number.h"
#include "format/keys.h"
#include "format/meta.h"

void
flp_meta_drop_keys(struct flp_meta *m, unsigned is)
{
	const struct flp_meta_key *key;

	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; i++)
		if (key->is & is)
			flp_meta_drop(m, key->name);
}

int
flp_meta_copy_keys(struct flp_meta *to, const struct flp_meta *from, unsigned is,
    struct flp_error *e)
{
	const struct flp_meta_key *key;
	const char *value;
	size_t n;

	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; i++)
		if ((key->is & is) != 0 && (value = flp_meta_get(from, key->name, &n)) != NULL &&
		    flp_meta_set(to, key->name, value, n, e) < 0)
			return -1;
	return 0;
}

int
flp_meta_keep_keys(struct flp_meta *m, unsigned is, struct flp_error *e)
{
	struct flp_meta kept = { 0 };

	if (flp_meta_copy_keys(&kept, m, is, e) < 0) {
		flp_meta_free(&kept);
		return -1;
	}
	flp_meta_free(m);
	*m = kept;
	return 0;
}

int
flp_meta_same_keys(const struct flp_meta *want, const struct flp_meta *found, unsigned is,
    struct flp_error *e)
{
	const struct flp_meta_key *key;

	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; i++) {
		size_t want_n, n;
		const char *value = flp_meta_get(want, key->name, &want_n);
		const char *other = flp_meta_get(found, key->name, &n);

		if ((key->is & is) == 0 || (value == NULL && other == NULL))
			continue;
		if (value == NULL)
			return flp_error_bad(e, "metadata: %s: expected nothing, found %.*s", key->name,
			    (int)(n < 80 ? n : 80), other);
		if (other == NULL || !flp_keys_same(key, value, want_n, other, n))
			return flp_meta_expect(found, key->name, value, want_n, e);
	}
	return 0;
}

int
flp_meta_set_f64(struct flp_meta *m, const char *key, double value, struct flp_error *e)
{
	char text[FLP_NUMBER_TEXT];

	flp_number_print(text, value);
	return flp_meta_set_text(m, key, text, e);
}

#include "rule/agreed.h"
#include "base/memory.h"
#include "format/keys.h"

#include <stdlib.h>
#include <string.h>

void
flp_agreed_free(struct flp_agreed *all)
{
	flp_merged_free(&all->merged);
	free(all->place);
	free(all->noised);
	memset(all, 0, sizeof *all);
}

int
flp_agreed_tensors(const struct flp_agreed *all, const struct flp_header *one, int alike,
    struct flp_error *e)
{
	const struct flp_header *want = &all->merged.header;
	int update = want->kind == FLP_KIND_UPDATE || one->kind == FLP_KIND_UPDATE;

	if (want->kind == 0)
		return 0;
	if (one->kind != 0 && one->kind != want->kind &&
	    (one->kind == FLP_KIND_MASKED || want->kind == FLP_KIND_MASKED))
		return flp_error_bad(e, "expected kind %s, found %s: masked records are added up only "
		    "with masked ones", flp_kind_name(want->kind), flp_kind_name(one->kind));
	if (one->kind != 0 && one->kind != want->kind)
		flp_error_bad(e, "expected kind %s, found %s", flp_kind_name(want->kind),
		    flp_kind_name(one->kind));
	else if ((alike ? flp_header_alike_tensors : flp_header_same_tensors)(want, one, e) == 0)
		return 0;
	if (want->kind == FLP_KIND_STATS && one->kind == FLP_KIND_STATS)
		return flp_error_add(e, "import by one schema, see fl-import --schema");
	return update ? flp_error_add(e, "see --like") : -1;
}

/* Whether a record may say how it, or what is inside it, was noised. */
static int
tells_noise(const struct flp_entry *entry)
{
	return entry->privacy == FLP_PRIVACY_NOISED || entry->privacy == FLP_PRIVACY_MASKED;
}

/* Whether a record is compared in a key. A partial of nothing is compared only in the keys that it
 * has. */
static int
has_say(const struct flp_meta_key *key, const struct flp_entry *entry, const char *value)
{
	return key->merge == FLP_MERGE_EQUAL && ((key->is & FLP_KEY_NOISE) == 0 ||
	    tells_noise(entry)) && (value != NULL || entry->clients > 0);
}

/* Makes the error of a key that differs. A value of NULL is missing. */
static int
differ(const struct flp_meta_key *key, const char *a, size_t a_n, const char *b, size_t b_n,
    struct flp_error *e)
{
	flp_error_bad(e, "metadata: %s: expected %.*s, found %.*s", key->name,
	    a != NULL ? (int)(a_n < 80 ? a_n : 80) : 7, a != NULL ? a : "nothing",
	    b != NULL ? (int)(b_n < 80 ? b_n : 80) : 7, b != NULL ? b : "nothing");
	return flp_error_add(e, strcmp(key->name, "base") == 0 || strcmp(key->name, "round") == 0 ?
	    "see --like" : "see --where");
}

int
flp_agreed_keys(const struct flp_agreed *all, const struct flp_meta *said,
    const struct flp_entry *entry, int noise, struct flp_error *e)
{
	const struct flp_meta_key *key;

	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; i++) {
		size_t want_n, found_n;
		const char *want = flp_meta_get(&all->merged.header.meta, key->name, &want_n);
		const char *found = flp_meta_get(said, key->name, &found_n);

		if (((key->is & FLP_KEY_NOISE) != 0) != noise || !has_say(key, entry, found) ||
		    (all->known >> i & 1) == 0)
			continue;
		if (want == NULL ? found == NULL :
		    found != NULL && flp_keys_same(key, want, want_n, found, found_n))
			continue;
		if (strcmp(key->name, "weighting") == 0 && entry->kind != FLP_KIND_MASKED)
			return flp_error_bad(e, "only one of them is weighted by its examples; see --weight");
		return differ(key, want, want_n, found, found_n, e);
	}
	return 0;
}

/* Sets *to to the place of a record, if it is the first. */
static int
remember_place(char **to, const struct flp_entry *entry, struct flp_error *e)
{
	char place[FLP_ENTRY_PLACE];

	if (*to != NULL)
		return 0;
	flp_entry_place(entry, place);
	*to = flp_memory_text(place, strlen(place), e);
	return *to == NULL ? -1 : 0;
}

int
flp_agreed_add_keys(struct flp_agreed *all, const struct flp_meta *said,
    const struct flp_entry *entry, struct flp_error *e)
{
	const struct flp_meta_key *key;

	if (all->known == 0) { /* the place may be that of a record that was taken back */
		free(all->place);
		all->place = NULL;
	}
	if (remember_place(&all->place, entry, e) < 0 || (tells_noise(entry) &&
	    remember_place(&all->noised, entry, e) < 0))
		return -1;
	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; i++) {
		size_t n;
		const char *value = flp_meta_get(said, key->name, &n);

		if (!has_say(key, entry, value) || (all->known >> i & 1) != 0)
			continue;
		if (value != NULL && flp_meta_set(&all->merged.header.meta, key->name, value, n, e) < 0)
			return -1;
		all->known |= (uint64_t)1 << i;
	}
	return 0;
}

int
flp_agreed_add(struct flp_agreed *all, struct flp_merged *one, const struct flp_entry *entry,
    struct flp_error *e)
{
	struct flp_meta keys;

	if (remember_place(&all->place, entry, e) < 0)
		return -1;
	keys = all->merged.header.meta;
	if (all->merged.header.kind == 0 || (all->nothing && entry->clients > 0)) {
		struct flp_merged merged = all->merged;

		all->nothing = entry->clients == 0;
		merged.header.meta = one->header.meta;
		all->merged = *one;
		all->merged.header.meta = keys;
		*one = merged;
	}
	return 0;
}

#include "format/keys.h"
#include "base/number.h"

#include <string.h>

#define MADE FLP_KEY_MADE
#define NOISE (FLP_KEY_NOISE | FLP_KEY_LEDGER | FLP_KEY_OPEN)
#define CLIP (FLP_KEY_LEDGER | FLP_KEY_OPEN)
#define OPEN FLP_KEY_OPEN

/* A key that is not in the table can't be set by a tool, and it is dropped where records
 * are merged, so that no client writes into the global model. */
static const struct flp_meta_key table[] = {
	{ "adjacency", FLP_META_TEXT, FLP_MERGE_EQUAL, NOISE },
	{ "arch", FLP_META_TEXT, FLP_MERGE_EQUAL, OPEN },
	{ "base", FLP_META_TEXT, FLP_MERGE_EQUAL, OPEN },
	{ "bits", FLP_META_WHOLE, FLP_MERGE_EQUAL, 0 },
	{ "client", FLP_META_TEXT, FLP_MERGE_DROP, MADE },
	{ "clients", FLP_META_WHOLE, FLP_MERGE_SUM, MADE },
	{ "clip", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.1", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.2", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.3", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.4", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.5", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.6", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.7", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.8", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.9", FLP_META_REAL, FLP_MERGE_EQUAL, CLIP },
	{ "clip.next", FLP_META_REAL, FLP_MERGE_EQUAL, NOISE },
	{ "cohort", FLP_META_TEXT, FLP_MERGE_EQUAL, NOISE },
	{ "degree", FLP_META_WHOLE, FLP_MERGE_EQUAL, 0 },
	{ "draw", FLP_META_TEXT, FLP_MERGE_DROP, 0 },
	{ "examples", FLP_META_WHOLE, FLP_MERGE_SUM, MADE },
	{ "graph", FLP_META_TEXT, FLP_MERGE_EQUAL, 0 },
	{ "grid", FLP_META_WHOLE, FLP_MERGE_EQUAL, CLIP },
	{ "insecure", FLP_META_TEXT, FLP_MERGE_EQUAL, NOISE },
	{ "leaves", FLP_META_TEXT, FLP_MERGE_DROP, 0 },
	{ "loss", FLP_META_TEXT, FLP_MERGE_EQUAL, OPEN },
	{ "mechanism", FLP_META_TEXT, FLP_MERGE_EQUAL, NOISE },
	{ "noise", FLP_META_WHOLE, FLP_MERGE_EQUAL, NOISE },
	{ "noise.count", FLP_META_WHOLE, FLP_MERGE_EQUAL, NOISE },
	{ "of", FLP_META_TEXT, FLP_MERGE_EQUAL, OPEN },
	{ "parents", FLP_META_TEXT, FLP_MERGE_DROP, MADE },
	{ "place", FLP_META_TEXT, FLP_MERGE_EQUAL, NOISE },
	{ "population", FLP_META_WHOLE, FLP_MERGE_EQUAL, NOISE },
	{ "range", FLP_META_REAL, FLP_MERGE_EQUAL, 0 },
	{ "rate", FLP_META_REAL, FLP_MERGE_EQUAL, NOISE },
	{ "release", FLP_META_TEXT, FLP_MERGE_EQUAL, NOISE },
	{ "roster", FLP_META_TEXT, FLP_MERGE_EQUAL, 0 },
	{ "round", FLP_META_WHOLE, FLP_MERGE_EQUAL, OPEN },
	{ "rule", FLP_META_TEXT, FLP_MERGE_EQUAL, MADE },
	{ "scaling", FLP_META_TEXT, FLP_MERGE_EQUAL, OPEN },
	{ "scheme", FLP_META_TEXT, FLP_MERGE_EQUAL, NOISE },
	{ "seed", FLP_META_TEXT, FLP_MERGE_EQUAL, NOISE },
	{ "session", FLP_META_TEXT, FLP_MERGE_EQUAL, 0 },
	{ "signature", FLP_META_TEXT, FLP_MERGE_DROP, MADE },
	{ "size", FLP_META_WHOLE, FLP_MERGE_EQUAL, NOISE },
	{ "state", FLP_META_TEXT, FLP_MERGE_EQUAL, 0 },
	{ "steps", FLP_META_WHOLE, FLP_MERGE_SUM, MADE },
	{ "survivors", FLP_META_TEXT, FLP_MERGE_EQUAL, 0 },
	{ "threshold", FLP_META_WHOLE, FLP_MERGE_EQUAL, 0 },
	{ "unit", FLP_META_TEXT, FLP_MERGE_EQUAL, NOISE },
	{ "verb", FLP_META_TEXT, FLP_MERGE_DROP, 0 },
	{ "weight", FLP_META_WHOLE, FLP_MERGE_SUM, 0 },
	{ "weighting", FLP_META_TEXT, FLP_MERGE_EQUAL, MADE },
};
#define KEYS (sizeof table / sizeof *table)
_Static_assert(KEYS <= FLP_KEYS_MOST, "rule/agreed.h has a bit for each");

const struct flp_meta_key *
flp_keys_find(const char *name, size_t n)
{
	for (size_t i = 0; i < KEYS; i++)
		if (strlen(table[i].name) == n && memcmp(table[i].name, name, n) == 0)
			return &table[i];
	return NULL;
}

const struct flp_meta_key *
flp_keys_at(size_t i)
{
	return i < KEYS ? &table[i] : NULL;
}

int
flp_keys_fits(const struct flp_meta_key *key, const char *value, size_t n)
{
	uint64_t whole;
	double real;

	switch (key->type) {
	case FLP_META_WHOLE: return flp_number_u64(value, n, &whole) == 0;
	case FLP_META_REAL: return flp_number_f64(value, n, &real) == 0;
	case FLP_META_TEXT: return 1;
	}
	return 0;
}

int
flp_keys_same(const struct flp_meta_key *key, const char *a, size_t a_n, const char *b,
    size_t b_n)
{
	uint64_t whole[2];
	double real[2];

	if (key != NULL && key->type == FLP_META_WHOLE && flp_number_u64(a, a_n, &whole[0]) == 0 &&
	    flp_number_u64(b, b_n, &whole[1]) == 0)
		return whole[0] == whole[1];
	if (key != NULL && key->type == FLP_META_REAL && flp_number_f64(a, a_n, &real[0]) == 0 &&
	    flp_number_f64(b, b_n, &real[1]) == 0)
		return real[0] == real[1];
	return a_n == b_n && memcmp(a, b, a_n) == 0;
}

#include "rule/counts.h"
#include "format/keys.h"

#include <string.h>

const char *
flp_counts_key(size_t i)
{
	const struct flp_meta_key *key;

	for (size_t row = 0; (key = flp_keys_at(row)) != NULL; row++)
		if (key->merge == FLP_MERGE_SUM && i-- == 0)
			return key->name;
	return NULL;
}

int
flp_counts_read(struct flp_counts *counts, const struct flp_meta *meta, uint64_t most,
    struct flp_error *e)
{
	for (size_t i = 0; i < FLP_COUNTS; i++) {
		int has = flp_meta_u64(meta, flp_counts_key(i), 0, most, &counts->value[i], e);

		if (has < 0)
			return -1;
		counts->has[i] = (unsigned char)has;
	}
	return 0;
}

void
flp_counts_add(struct flp_counts_sum *sum, const struct flp_counts *counts)
{
	for (size_t i = 0; i < FLP_COUNTS; i++)
		if (counts->has[i]) {
			sum->value[i] += counts->value[i];
			sum->has[i]++;
		}
	sum->records++;
}

void
flp_counts_take_away(struct flp_counts_sum *sum, const struct flp_counts *counts)
{
	for (size_t i = 0; i < FLP_COUNTS; i++)
		if (counts->has[i]) {
			sum->value[i] -= counts->value[i];
			sum->has[i]--;
		}
	sum->records--;
}

int
flp_counts_write(const struct flp_counts_sum *sum, struct flp_meta *meta, struct flp_error *e)
{
	for (size_t i = 0; i < FLP_COUNTS; i++) {
		const char *key = flp_counts_key(i);

		if (sum->has[i] > 0 && sum->value[i] > FLP_COUNTS_LIMIT)
			return flp_error_bad(e, "metadata: %s: expected a sum of at most 2^62, found more",
			    key);
		if (sum->has[i] < sum->records || sum->records == 0)
			flp_meta_drop(meta, key);
		else if (flp_meta_set_u64(meta, key, (uint64_t)sum->value[i], e) < 0)
			return -1;
	}
	return 0;
}

uint64_t
flp_counts_get(const struct flp_counts_sum *sum, const char *key)
{
	for (size_t i = 0; i < FLP_COUNTS; i++)
		if (strcmp(flp_counts_key(i), key) == 0)
			return (uint64_t)sum->value[i];
	return 0;
}

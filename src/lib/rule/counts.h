/* The counts that records add up to: the metadata keys that fl(5) lists as added. */
#ifndef FLP_RULE_COUNTS_H
#define FLP_RULE_COUNTS_H

#include "format/meta.h"

#define FLP_COUNTS 4 /* clients, examples, steps, weight */
#define FLP_COUNTS_LIMIT ((uint64_t)1 << 62) /* of any count over all records */

/* What one record counts. */
struct flp_counts {
	uint64_t value[FLP_COUNTS];
	unsigned char has[FLP_COUNTS]; /* 1 if the record gives the count */
};

/* The sum over the records that were added and not taken away again. */
struct flp_counts_sum {
	unsigned __int128 value[FLP_COUNTS];
	uint64_t has[FLP_COUNTS];
	uint64_t records;
};

/* The key of count i; NULL past the last. */
const char *flp_counts_key(size_t i);

/* Reads all counts from metadata. -1 if one is not a whole number from 0 to `most`. */
int flp_counts_read(struct flp_counts *counts, const struct flp_meta *meta, uint64_t most,
    struct flp_error *e) FLP_CHECKED;

void flp_counts_add(struct flp_counts_sum *sum, const struct flp_counts *counts);
void flp_counts_take_away(struct flp_counts_sum *sum, const struct flp_counts *counts);

/* Writes into metadata the sums of the counts that all records have, and drops the other
 * counts from them. FLP_ERROR_BAD names a sum beyond FLP_COUNTS_LIMIT. */
int flp_counts_write(const struct flp_counts_sum *sum, struct flp_meta *meta,
    struct flp_error *e) FLP_CHECKED;

/* The sum under a key, which must be within the limit. */
uint64_t flp_counts_get(const struct flp_counts_sum *sum, const char *key);

#endif

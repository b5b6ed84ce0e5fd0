/* Counts: the metadata keys that fl(5) lists as added. They are added up over all records. */
#ifndef FLP_RULE_COUNTS_H
#define FLP_RULE_COUNTS_H

#include "format/meta.h"

#define FLP_COUNTS 4 /* clients, examples, steps, weight */
#define FLP_COUNTS_LIMIT ((uint64_t)1 << 62) /* most of a count over all records */

/* The counts of one record. */
struct flp_counts {
	uint64_t value[FLP_COUNTS];
	unsigned char has[FLP_COUNTS]; /* 1 if the record gives the count */
};

/* The sums over the records that were added and not taken away again. All zero: no records. */
struct flp_counts_sum {
	unsigned __int128 value[FLP_COUNTS];
	uint64_t has[FLP_COUNTS]; /* how many of the records give the count */
	uint64_t records;
};

/* The key of count i; NULL past the last. */
const char *flp_counts_key(size_t i);

/* Reads all counts from metadata. FLP_ERROR_BAD if one is not a whole number from 0 to `most`. */
int flp_counts_read(struct flp_counts *counts, const struct flp_meta *meta, uint64_t most,
    struct flp_error *e) FLP_CHECKED;

void flp_counts_add(struct flp_counts_sum *sum, const struct flp_counts *counts);
void flp_counts_take_away(struct flp_counts_sum *sum, const struct flp_counts *counts);

/* Writes the sums of those counts that all records give into metadata, and drops the other counts
 * from the metadata. FLP_ERROR_BAD if a sum is above FLP_COUNTS_LIMIT, even of a count that only
 * some records give. */
int flp_counts_write(const struct flp_counts_sum *sum, struct flp_meta *meta,
    struct flp_error *e) FLP_CHECKED;

/* The sum of the count with this key, over the records that give it; 0 for any other key. It must
 * not be above FLP_COUNTS_LIMIT. */
uint64_t flp_counts_get(const struct flp_counts_sum *sum, const char *key);

#endif

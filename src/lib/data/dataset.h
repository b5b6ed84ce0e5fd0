/* A data set: a record of kind data, held in memory.
 *
 * Its tensors, in this order, of which the starred ones are always there:
 *   x*         f32 or u8 [n, d]  features, one row an example, as imported
 *   y          u32 [n]           class of each row, an index into :classes
 *              or f32 [n]        target of a regression
 *   group      u32 [n]           group of each row, an index into :groups
 *   missing    u8 [n, d]         1 where a value is missing and x is 0, else 0
 *   :features  u8                column names of x, each ended by a newline
 *   :classes   u8                class names, likewise
 *   :groups    u8                group names, likewise
 *   :schema    u8                lines of data/schema.h that say what columns and y mean
 *   :center    f64 [d] or [1]    } x stands for (x - center) / scale; applied
 *   :scale     f64 [d] or [1]    } where x is used, never to what is stored
 * n is below 2^32 and may be 0, d is at least 1, scales are above 0. Names
 * are printable UTF-8, unique in their tensor. Metadata: client, the name of
 * the client whose data it is. A model (kind params) carries the same
 * descriptions, so that the data it is evaluated on can be compared with the
 * data it was trained on. */
#ifndef FLP_DATA_DATASET_H
#define FLP_DATA_DATASET_H

#include "data/description.h"

/* The most columns of data that are imported from, or exported to, a file of another kind. */
#define FLP_DATASET_FEATURES ((size_t)1 << 20)

struct flp_dataset {
	struct flp_record record; /* owns everything below but the names */
	size_t n, d;              /* rows, columns */
	const float *x_f32;       /* exactly one of these two is there */
	const uint8_t *x_u8;
	const uint32_t *classes;  /* y as classes, or NULL */
	const float *targets;     /* y as targets, or NULL; at most one of the two is there */
	const uint32_t *group;    /* or NULL */
	const uint8_t *missing;   /* or NULL */
	struct flp_texts feature_names, class_names, group_names; /* n = 0: none */
	struct flp_texts schema; /* lines, n = 0: none */
	struct flp_scaling scaling;
};

/* Checks a data record and takes it over, leaving *record empty; on failure
 * it stays the caller's. Kind and tensors must be as above, any other tensor
 * must be a description, and class and group indices must have a name. It is
 * NOT checked that x is 0 where it is missing: callers that take missing values
 * do this (data/stats.h). */
int flp_dataset_from(struct flp_dataset *set, struct flp_record *record,
    struct flp_error *e) FLP_CHECKED;
void flp_dataset_free(struct flp_dataset *set);

/* Makes a new data record from n rows of another: row[i] of `from` becomes row i.
 * x, y, group and missing are gathered; descriptions and metadata are copied. */
int flp_dataset_gather(struct flp_record *to, const struct flp_dataset *from,
    const uint32_t *row, size_t n, struct flp_error *e) FLP_CHECKED;

#endif

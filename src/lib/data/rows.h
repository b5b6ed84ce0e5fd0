/* Writes a data record row by row, in memory that does not depend on the number of
 * rows. */
#ifndef FLP_DATA_ROWS_H
#define FLP_DATA_ROWS_H

#include "data/description.h"

enum flp_target { FLP_TARGET_NONE, FLP_TARGET_CLASS, FLP_TARGET_NUMBER };

/* Names as base/choice.h says; that of FLP_TARGET_NONE is empty. */
const char *flp_target_name(unsigned target);

/* All of a data record except its rows; dataset.h says what the parts mean. */
struct flp_frame {
	uint64_t n, d;
	enum flp_dtype dtype; /* of x: f32 or u8 */
	enum flp_target target;
	int grouped;
	int missing; /* values may be missing */
	struct flp_description description;
	const char *client; /* NULL: none */
};

struct flp_rows {
	const struct flp_frame *frame;
	struct flp_writer *writer;
	struct flp_out y, group, missing; /* temporary files, since these come after x */
	uint64_t x_left;         /* bytes of x that are still to come */
	float *block;            /* n rows that flp_rows_row gave, with room for `room` */
	size_t n, room;
};

/* Begins the record on `out`. The frame must outlive *rows. flp_rows_free frees
 * what *rows holds, whether the record was ended or not. */
int flp_rows_begin(struct flp_rows *rows, const struct flp_frame *frame, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;
void flp_rows_free(struct flp_rows *rows);

/* Gives the next row of x, d zeros for the caller to fill in before the next call. */
int flp_rows_row(struct flp_rows *rows, float **x, struct flp_error *e) FLP_CHECKED;

/* Each takes the next values of its tensor: x, instead of flp_rows_row, `bytes` bytes
 * of the frame's dtype; y, n values of u32 or f32; group, n values of u32. */
int flp_rows_x(struct flp_rows *rows, const void *x, size_t bytes,
    struct flp_error *e) FLP_CHECKED;
int flp_rows_y(struct flp_rows *rows, const void *y, size_t n, struct flp_error *e) FLP_CHECKED;
int flp_rows_group(struct flp_rows *rows, const uint32_t *group, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Takes the next d values of `missing`, which are those of a row. */
int flp_rows_missing(struct flp_rows *rows, const uint8_t *missing,
    struct flp_error *e) FLP_CHECKED;

/* Ends the record. More or fewer rows than the frame's n are an error
 * (FLP_ERROR_SYSTEM): the input changed between being counted and being read. */
int flp_rows_end(struct flp_rows *rows, struct flp_error *e) FLP_CHECKED;

#endif

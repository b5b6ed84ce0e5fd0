/* Records as text: the numbers of tensors, read forward in blocks. Numbers
 * are the shortest decimals that read back the same. */
#ifndef FLP_EXPORT_EXPORT_H
#define FLP_EXPORT_EXPORT_H

#include "base/number.h"
#include "base/out.h"
#include "loop/blocks.h"

/* One element of a dtype: `value` as flp_dtype_to_f64 gives it, `raw` its
 * bytes, at any alignment. As text, whose length is returned, and to `out`. */
size_t flp_export_number(char text[FLP_NUMBER_TEXT], enum flp_dtype dtype, double value,
    const unsigned char *raw);
int flp_export_value(struct flp_out *out, enum flp_dtype dtype, double value,
    const unsigned char *raw, struct flp_error *e) FLP_CHECKED;

/* A block's values: a line for each row of the last dimension, separated by
 * blanks. */
int flp_export_block(struct flp_out *out, const struct flp_blocks *b,
    struct flp_error *e) FLP_CHECKED;

/* The lines of a u8 tensor, the next that the reader gives, whatever they are: a
 * byte that is not printable as \xNN, a newline behind the last. */
int flp_export_text(struct flp_out *out, struct flp_reader *r, const struct flp_tensor *t,
    struct flp_error *e) FLP_CHECKED;

/* What is printed of a record: the tensor of the name, or where it is NULL all
 * but descriptions. An error where there is no such tensor. */
int flp_export_check(const struct flp_header *h, const char *name,
    struct flp_error *e) FLP_CHECKED;

/* Each prints that of the record whose header flp_reader_next just gave, and
 * finishes it. Names (a description of u8) are printed as text. */

/* Each tensor as flp_export_block prints it. */
int flp_export_txt(struct flp_out *out, struct flp_reader *r, const struct flp_header *h,
    const char *name, struct flp_error *e) FLP_CHECKED;

/* "tensor,index,value", a line for each value; the index counts from 0 through
 * the tensor, last dimension first. */
int flp_export_csv(struct flp_out *out, struct flp_reader *r, const struct flp_header *h,
    const char *name, struct flp_error *e) FLP_CHECKED;

/* "feature,count,sum,sumsq", a line for each column of a stats record. */
int flp_export_stats(struct flp_out *out, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

#endif

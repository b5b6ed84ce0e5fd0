/* Numbers as text, separated by blanks, newlines or commas: one tensor. */
#ifndef FLP_IMPORT_TXT_H
#define FLP_IMPORT_TXT_H

#include "base/in.h"
#include "format/record.h"

/* Reads the whole input into a record of kind params with the tensor
 * values [n] of dtype f32 or f64, n at least 1. An error names the line. */
int flp_txt_read(struct flp_record *rec, struct flp_in *in, enum flp_dtype dtype,
    struct flp_error *e) FLP_CHECKED;

#endif

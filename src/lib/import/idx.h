/* A source of rows: IDX, the form of the MNIST files, plain or gzipped.
 *
 * A file is the bytes 0, 0, type, rank, then as many big-endian u32 dims, then
 * values. Examples are of type 8 (u8), [n, ...], flattened to [n, d]; they stay
 * u8 and carry center 0 and scale 255. wish->label names a file u8 [n], whose
 * classes are "0" up to the greatest found; wish->group a file [n] of u8 or
 * 16-bit values (type 8 or 11, taken as unsigned), whose groups are the values
 * found. A schema for it has classes and groups alone, of any column name.
 *
 * The examples are not read by the scan but passed through when they come: a
 * damaged file is an error after rows have been written. */
#ifndef FLP_IMPORT_IDX_H
#define FLP_IMPORT_IDX_H

#include "import/source.h"

int flp_idx_open(struct flp_source *source, struct flp_error *e) FLP_CHECKED;

#endif

/* The key `bits` of a record whose values are in the encoding modular: they are modulo 2^bits. */
#ifndef FLP_FORMAT_MODULAR_H
#define FLP_FORMAT_MODULAR_H

#include "format/meta.h"

/* Reads the key. FLP_ERROR_BAD if it is missing or is not one of the widths of kernel/ring.h. */
int flp_modular_bits(const struct flp_meta *meta, unsigned *bits,
    struct flp_error *e) FLP_CHECKED;

#endif

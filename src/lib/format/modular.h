/* The ring of a record whose values are in the encoding modular, which the key `bits` of its
 * header gives. */
#ifndef FLP_FORMAT_MODULAR_H
#define FLP_FORMAT_MODULAR_H

#include "format/meta.h"

/* FLP_ERROR_BAD if the key is missing or is not one of the widths of kernel/ring.h. */
int flp_modular_bits(const struct flp_meta *meta, unsigned *bits,
    struct flp_error *e) FLP_CHECKED;

#endif

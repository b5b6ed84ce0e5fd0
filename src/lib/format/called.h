/* What a record is called in messages. */
#ifndef FLP_FORMAT_CALLED_H
#define FLP_FORMAT_CALLED_H

#include "format/header.h"

/* Its kind and, if records of the kind are of several sorts, the sort: "update", "key (a roster)".
 * A constant. */
const char *flp_called(const struct flp_header *h);

#endif

/* What a record is called in messages. */
#ifndef FLP_FORMAT_CALLED_H
#define FLP_FORMAT_CALLED_H

#include "format/header.h"

/* The record's kind and, for a kind of which there are several sorts, the sort: "update",
 * "key (a roster)". The text is a constant. */
const char *flp_called(const struct flp_header *h);

#endif

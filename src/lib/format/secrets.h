/* Records that hold secrets of a site: the secret key of a party, and what its journal keeps.
 * They never leave the site, so tools that show values, or let records out, ask here first. */
#ifndef FLP_FORMAT_SECRETS_H
#define FLP_FORMAT_SECRETS_H

#include "format/header.h"

/* The text that is shown in place of their values. */
extern const char flp_secrets_sentence[];

/* Returns 1 for such a record: one of kind state, with verb=key or verb=secret. */
int flp_secrets_in(const struct flp_header *h);

/* FLP_ERROR_BAD for such a record. */
int flp_secrets_check(const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

#endif

/* The name of the label's column, found in the bytes of a tensor :schema while they are shown. They
 * are whatever the record holds, and need not be the lines of a schema. */
#ifndef FLP_EXPORT_LABEL_H
#define FLP_EXPORT_LABEL_H

#include "text/texts.h"

/* All zero before the first byte. */
struct flp_label {
	char name[FLP_TEXTS_BYTES + 1]; /* ended by NUL; empty: none so far */
	size_t n;        /* bytes of it */
	size_t field, at; /* in the current line: which field, and bytes of it so far */
	int of_label;    /* 1: its first field is y */
};

/* Takes the next n bytes. */
void flp_label_take(struct flp_label *l, const void *bytes, size_t n);

/* The name after the last byte; NULL if there is none that can be printed. */
const char *flp_label_name(const struct flp_label *l);

#endif

/* How a file writes the numbers in its columns. A file that writes one number in two ways may mean
 * two things by them. */
#ifndef FLP_DATA_SPELLING_H
#define FLP_DATA_SPELLING_H

#include "text/texts.h"

/* A column's numbers, as flp_schema_plain gives them, and how the file writes each of them. */
struct flp_spelling_column {
	struct flp_texts plain, written;
};

/* All zero before the first number. */
struct flp_spelling {
	struct flp_spelling_column *column;
	size_t n, room;
};

void flp_spelling_free(struct flp_spelling *s);

/* Notes that the file writes the number `plain`, of `length` bytes, of column i as the n bytes at
 * `written`. FLP_ERROR_BAD if it has written it in another way before. */
int flp_spelling_note(struct flp_spelling *s, size_t i, const char *plain, size_t length,
    const char *written, size_t n, struct flp_error *e) FLP_CHECKED;

#endif

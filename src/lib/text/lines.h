/* Text from an input, line by line, in memory that the longest line bounds. A
 * UTF-8 byte order mark before the first is passed over. Errors do not name
 * the line: `number` does. */
#ifndef FLP_TEXT_LINES_H
#define FLP_TEXT_LINES_H

#include "base/in.h"

/* Bytes of a line, or of lines taken together; beyond them an error. */
#define FLP_LINES_LIMIT ((size_t)16 << 20)

struct flp_lines {
	struct flp_in *in;
	char *buffer;
	size_t room, to;   /* of buffer, and what of it is filled */
	size_t at, next;   /* where the current line begins, and the one behind it */
	uint64_t number;   /* of the current line, from 1 */
	uint64_t passed;   /* lines taken so far, the current one included */
	int ended;         /* the input is */
	struct XXH3_state_s *hash; /* of what was read */
	int again;         /* the input was read to its end before, */
	uint64_t whole;    /* and that was its hash */
};

/* Lines of `in` from where it stands. */
int flp_lines_open(struct flp_lines *lines, struct flp_in *in, struct flp_error *e) FLP_CHECKED;
void flp_lines_close(struct flp_lines *lines);

/* Begins again where flp_lines_open began, in an input that is regular and
 * that began at its beginning. Where all of it was read before, it is an error
 * of code FLP_ERROR_SYSTEM at its end that it has changed. */
int flp_lines_rewind(struct flp_lines *lines, struct flp_error *e) FLP_CHECKED;

/* The next line, *n bytes without the LF or CR LF that ends it (the last line
 * may lack it): 1, 0 after the last, -1. *text may be changed and is valid
 * until the next call. */
int flp_lines_next(struct flp_lines *lines, char **text, size_t *n,
    struct flp_error *e) FLP_CHECKED;

/* Joins the next line to the current one, with the line end between them: 1, and *text
 * and *n are of both. 0 if there is no next line: *text is then the current line, and *n
 * does not change. -1 on error. */
int flp_lines_more(struct flp_lines *lines, char **text, size_t *n,
    struct flp_error *e) FLP_CHECKED;

#endif

/* Text from an input, gzipped or not, line by line, in memory that grows with the longest
 * line alone. A UTF-8 byte order mark before the first line is passed over, and text in UTF-16
 * is an error. Errors do not name the line; lines->number has its
 * number. */
#ifndef FLP_TEXT_LINES_H
#define FLP_TEXT_LINES_H

#include "base/gzip.h"

/* The most bytes of a line, or of several that are joined; more are an error. */
#define FLP_LINES_LIMIT ((size_t)16 << 20)

struct flp_lines {
	struct flp_gzip *in;
	char *buffer;
	size_t room, to;   /* the size of buffer, and how much of it is filled */
	size_t at, next;   /* where the current line begins, and the one after it */
	uint64_t number;   /* of the current line, from 1 */
	uint64_t passed;   /* lines taken so far, including the current one */
	uint64_t bytes;    /* read so far, without the compression */
	int check_ends;    /* the caller may set it to 1: lines that end in CR alone are an error */
	int ended;         /* 1: the end of the input was reached */
	struct XXH3_state_s *hash; /* of what was read */
	int again;         /* 1: the input was read to its end before, */
	uint64_t whole;    /* and this was its hash */
};

/* Begins with the lines of `in` from its current place on; `in` stays the caller's and must
 * outlive the lines. flp_lines_close frees what flp_lines_open made; closing twice is
 * harmless. */
int flp_lines_open(struct flp_lines *lines, struct flp_in *in, struct flp_error *e) FLP_CHECKED;
void flp_lines_close(struct flp_lines *lines);

/* Begins again where flp_lines_open began, in an input that is regular and that
 * was at its beginning then. If all of it was read before, and it is found at the
 * end to have changed, that is an error of code FLP_ERROR_SYSTEM. */
int flp_lines_rewind(struct flp_lines *lines, struct flp_error *e) FLP_CHECKED;

/* Reads the next line: *n bytes without the LF or CR LF that ends it, which the
 * last line may lack. Returns 1, 0 after the last line, -1 on error. The caller may
 * change *text, which is valid until the next call. */
int flp_lines_next(struct flp_lines *lines, char **text, size_t *n,
    struct flp_error *e) FLP_CHECKED;

/* Joins the next line to the current one, with the line end between them. Returns 1, and
 * *text and *n are those of both lines together; 0 if there is no next line: *text is then
 * the current line, and *n does not change; -1 on error. */
int flp_lines_more(struct flp_lines *lines, char **text, size_t *n,
    struct flp_error *e) FLP_CHECKED;

/* Looks at the next line, which comes again with the next call of another function: *n bytes
 * at *after, without the line's end. *text is where the current line now is. Returns as
 * flp_lines_more does; the two lines together must keep within the limit. */
int flp_lines_peek(struct flp_lines *lines, char **text, char **after, size_t *n,
    struct flp_error *e) FLP_CHECKED;

#endif

/* Comma-separated values, RFC 4180: rows of fields.
 *
 * Beyond the RFC: another character may separate the fields; lines may end in LF alone. A UTF-8
 * byte order mark is passed over, and so are blanks around a field that are outside its quotes
 * and not separators, and empty lines, unless rows have one field. A quote inside an unquoted
 * field and bytes after a closing quote are errors.
 * Errors do not name the line; csv->line has its number. */
#ifndef FLP_TEXT_CSV_H
#define FLP_TEXT_CSV_H

#include "text/lines.h"
#include "text/texts.h"

#define FLP_CSV_FIELDS ((size_t)1 << 21) /* in a row; more are an error */

struct flp_field {
	char *text; /* n bytes, not ended by NUL */
	size_t n;
};

struct flp_csv {
	struct flp_lines lines;
	struct flp_field *field; /* of the current row */
	size_t n, room;
	uint64_t line; /* where the current row begins, from 1 */
	char separator;  /* a comma, unless the caller sets another (text/separator.h) */
	int single;    /* set to 1 if rows have one field: an empty line is then an empty field */
	int held;      /* 1: the next row has been looked at, */
	struct flp_field text; /* and this is its text, */
	int quoted;            /* which has quotes */
};

/* Rows of `in` from its beginning. */
int flp_csv_open(struct flp_csv *csv, struct flp_in *in, struct flp_error *e) FLP_CHECKED;
void flp_csv_close(struct flp_csv *csv);
int flp_csv_rewind(struct flp_csv *csv, struct flp_error *e) FLP_CHECKED;

/* Reads the next row, which is valid until the next call. Returns 1, 0 after the last
 * row, -1 on error. */
int flp_csv_next(struct flp_csv *csv, struct flp_error *e) FLP_CHECKED;

/* Looks at the text of the next row, which flp_csv_next will give; and at the line after it (NULL
 * if that does not matter), which is empty where there is none or a bad one. Both are valid until
 * the next call. Returns as flp_csv_next does. */
int flp_csv_peek(struct flp_csv *csv, struct flp_field *row, struct flp_field *after,
    struct flp_error *e) FLP_CHECKED;

/* Splits a text that has the form of a row, and changes it. All that it needs of *csv is the
 * separator. */
int flp_csv_split(struct flp_csv *csv, char *text, size_t n, struct flp_error *e) FLP_CHECKED;

/* Adds the fields of an option's argument, which has the form of a row with commas, to a set. Bad
 * form and repeated fields are FLP_ERROR_USAGE. */
int flp_csv_list(struct flp_texts *to, const char *text, struct flp_error *e) FLP_CHECKED;

/* Writes a field, in quotes if it needs them. */
int flp_csv_print(struct flp_out *out, const char *s, struct flp_error *e) FLP_CHECKED;

#endif

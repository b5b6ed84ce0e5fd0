/* Numbers, blocks and lines as text, for all forms of text. Numbers are the shortest decimals that
 * read back as the same number. */
#ifndef FLP_EXPORT_PRINT_H
#define FLP_EXPORT_PRINT_H

#include "base/number.h"
#include "base/say.h"
#include "export/label.h"
#include "loop/blocks.h"

/* Prints a text as it is. */
int flp_print_text(struct flp_out *out, const char *text, struct flp_error *e) FLP_CHECKED;

/* Print a text for a person to read (base/shown.h). flp_print_padded adds blanks up to `width`
 * columns, or none if the text is wider. Widths are those of flp_shown_columns. */
void flp_print_shown(struct flp_say *s, const char *text, size_t n);
void flp_print_padded(struct flp_say *s, const char *text, int width);

/* Prints one element of a dtype: `value` as flp_dtype_to_f64 gives it, and `raw`, its bytes at any
 * alignment. */
int flp_print_value(struct flp_out *out, enum flp_dtype dtype, double value,
    const unsigned char *raw, struct flp_error *e) FLP_CHECKED;

/* Writes number i of a block, whose doubles must have been made, as text, and returns its
 * length. A number that is stored in digits is rounded to 17 decimal digits. */
size_t flp_print_number(char text[FLP_NUMBER_TEXT], const struct flp_blocks *b, size_t i);

/* Prints a block's numbers, separated by blanks: a line for each row of the last dimension
 * or, if that holds digits, of the dimension before it. */
int flp_print_block(struct flp_out *out, const struct flp_blocks *b,
    struct flp_error *e) FLP_CHECKED;

/* Prints the lines of the next tensor that the reader gives, which is of u8, as flp_shown_text
 * shows them. A newline ends the last line.
 * `label` takes the lines too, unless it is NULL. */
int flp_print_lines(struct flp_out *out, struct flp_reader *r, const struct flp_tensor *t,
    struct flp_label *label, struct flp_error *e) FLP_CHECKED;

#endif

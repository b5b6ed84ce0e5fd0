/* Records as JSON. */
#ifndef FLP_EXPORT_JSON_H
#define FLP_EXPORT_JSON_H

#include "base/say.h"
#include "loop/inputs.h"

/* A text that is printable UTF-8 as a string, with hidden characters (base/shown.h) escaped. */
int flp_json_text(struct flp_out *out, const char *s, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* The same in text that is written in many parts; null if `text` is NULL. That of flp_json_name
 * ends with NUL. */
void flp_json_say(struct flp_say *s, const char *text, size_t n);
void flp_json_name(struct flp_say *s, const char *text);

/* A number of so many significant digits; null if it is not finite. */
void flp_json_number(struct flp_say *s, int digits, double v);

/* The value of a key of metadata, both printable UTF-8. For a key for numbers (format/keys.h) it
 * is a number, with the digits that the record has. A whole number may be greater than 2^53, so a
 * reader that takes all numbers for doubles rounds it. Any other value is a
 * string: one that is not of its key's type, and one that is not a number of JSON, such as 007. */
int flp_json_meta(struct flp_out *out, const char *key, size_t key_n, const char *value, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Prints the record whose header flp_inputs_next just gave as one line, an
 * object, and finishes it:
 *   kind, privacy  their names
 *   tensors        for each tensor: name, dtype, encoding, dims, with `values` values,
 *                  count, nonfinite, min, max, mean, norm
 *   meta           keys and values, as flp_json_meta prints them
 *   label          the name of the label's column, only if :schema gives it
 *   bytes, design, digest, id  of the record; digest and design only if in->reader
 *                  computed them
 * A record of secrets (format/secrets.h) has no tensors and no id here.
 * What is not finite is null, and so is a statistic that is too large for an
 * f64. *nonfinite is how many values are not finite. */
int flp_json_record(struct flp_out *out, const struct flp_inputs *in,
    const struct flp_header *h, int values, uint64_t *nonfinite,
    struct flp_error *e) FLP_CHECKED;

#endif

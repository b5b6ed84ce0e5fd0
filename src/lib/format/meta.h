/* Metadata: sorted "key=value" lines. format/keys.h says which keys there are,
 * their types, and what becomes of them when records are merged. */
#ifndef FLP_FORMAT_META_H
#define FLP_FORMAT_META_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_META_LIMIT ((size_t)1 << 20) /* bytes, header and footer together */
#define FLP_META_KEY_LIMIT 64            /* bytes of a key: [a-z0-9.-]+ */

/* n bytes of lines, each ended by a newline. They are sorted by key, as bytes, and
 * no key occurs twice; values are printable UTF-8 and not empty. All zero is empty. */
struct flp_meta {
	char *text;
	size_t n, room;
};

void flp_meta_free(struct flp_meta *m);
int flp_meta_copy(struct flp_meta *to, const struct flp_meta *from,
    struct flp_error *e) FLP_CHECKED;

/* Fills empty metadata from n bytes. FLP_ERROR_BAD if they are not in the form above. */
int flp_meta_parse(struct flp_meta *m, const char *text, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* The value of a key, *n bytes that are not ended by NUL; NULL if the key is missing. */
const char *flp_meta_get(const struct flp_meta *m, const char *key, size_t *n);

/* Returns 1 if a key is there and has this value. */
int flp_meta_is(const struct flp_meta *m, const char *key, const char *value);

/* Gives the key and the value of the line at *at, moves *at to the next line, and
 * returns 1; returns 0 after the last line. *at is 0 at first. */
int flp_meta_each(const struct flp_meta *m, size_t *at, const char **key, size_t *key_n,
    const char **value, size_t *value_n);

/* Sets a key to n bytes, in place of an old value if there is one. The key need not be in the
 * table, and the value need not be of the key's type. FLP_ERROR_BAD if the key or the value is not
 * in the form above, or if the metadata become too long. */
int flp_meta_set(struct flp_meta *m, const char *key, const char *value, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Sets a key of the table (format/keys.h) to a value made by this program: another
 * key, or a value that is not of the key's type, is misuse. */
int flp_meta_set_text(struct flp_meta *m, const char *key, const char *value,
    struct flp_error *e) FLP_CHECKED;
int flp_meta_set_u64(struct flp_meta *m, const char *key, uint64_t value,
    struct flp_error *e) FLP_CHECKED;
int flp_meta_set_f64(struct flp_meta *m, const char *key, double value,
    struct flp_error *e) FLP_CHECKED;
void flp_meta_drop(struct flp_meta *m, const char *key);

/* Drops, or copies, the keys of the table that have any of these bits (FLP_KEY_MADE and so
 * on). Keys that are not in the table are left alone. */
void flp_meta_drop_keys(struct flp_meta *m, unsigned is);
int flp_meta_copy_keys(struct flp_meta *to, const struct flp_meta *from, unsigned is,
    struct flp_error *e) FLP_CHECKED;

/* Keeps only the keys that have any of these bits, so drops those that are not in the table too. */
int flp_meta_keep_keys(struct flp_meta *m, unsigned is, struct flp_error *e) FLP_CHECKED;

/* Compares the keys that have any of these bits: `found` must have those that `want` has, with the
 * same values, and no others. FLP_ERROR_BAD if not. */
int flp_meta_same_keys(const struct flp_meta *want, const struct flp_meta *found, unsigned is,
    struct flp_error *e) FLP_CHECKED;

/* Reads the number under a key. Returns 1 and sets *value; 0 if the key is missing; -1 with
 * FLP_ERROR_BAD if its value is not a whole number from `least` to `most`. */
int flp_meta_u64(const struct flp_meta *m, const char *key, uint64_t least, uint64_t most,
    uint64_t *value, struct flp_error *e) FLP_CHECKED;

/* Checks that the value of a key is the n bytes of `want`. FLP_ERROR_BAD if not; the message shows
 * both. */
int flp_meta_expect(const struct flp_meta *m, const char *key, const char *want, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Adds a footer's keys to the header's. FLP_ERROR_BAD if a key is in both, or if they have more
 * than FLP_META_LIMIT bytes together. */
int flp_meta_join(struct flp_meta *m, const struct flp_meta *footer,
    struct flp_error *e) FLP_CHECKED;

/* Returns 1 if a key of n bytes is in a list that ends with NULL. */
int flp_meta_listed(const char *const *list, const char *key, size_t n);

#endif

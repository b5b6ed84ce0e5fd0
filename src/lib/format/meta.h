/* Metadata: sorted "key=value" lines. What keys there are, their types and what
 * becomes of them when records are merged is in format/keys.h. */
#ifndef FLP_FORMAT_META_H
#define FLP_FORMAT_META_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_META_LIMIT ((size_t)1 << 20) /* bytes, header and footer together */
#define FLP_META_KEY_LIMIT 64            /* bytes of a key: [a-z0-9.-]+ */

/* n bytes of lines, each ended by a newline, sorted by key as bytes, no key
 * twice; values are printable UTF-8, not empty. Empty metadata is n = 0. */
struct flp_meta {
	char *text;
	size_t n, room;
};

void flp_meta_free(struct flp_meta *m);
int flp_meta_copy(struct flp_meta *to, const struct flp_meta *from,
    struct flp_error *e) FLP_CHECKED;

/* Takes n bytes as metadata if they are in the form above. */
int flp_meta_parse(struct flp_meta *m, const char *text, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* The value of a key, *n bytes not ended by NUL; NULL where there is none. */
const char *flp_meta_get(const struct flp_meta *m, const char *key, size_t *n);

/* 1 if a key is there and has this value. */
int flp_meta_is(const struct flp_meta *m, const char *key, const char *value);

/* The line at *at as key and value, and *at moved on; 0 after the last. */
int flp_meta_each(const struct flp_meta *m, size_t *at, const char **key, size_t *key_n,
    const char **value, size_t *value_n);

/* Sets a key, known or not, to n bytes, which are copied from another record. They need
 * not be of the key's type. */
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

/* Drops all but those keys: keys that are not in the table too. */
int flp_meta_keep_keys(struct flp_meta *m, unsigned is, struct flp_error *e) FLP_CHECKED;

/* 0 if `found` has those keys that `want` has, with the same values, and no others of them. */
int flp_meta_same_keys(const struct flp_meta *want, const struct flp_meta *found, unsigned is,
    struct flp_error *e) FLP_CHECKED;

/* The number under a key. 1 and *value where it is there, 0 where it is not,
 * -1 where it is not a whole number in least..most. */
int flp_meta_u64(const struct flp_meta *m, const char *key, uint64_t least, uint64_t most,
    uint64_t *value, struct flp_error *e) FLP_CHECKED;

/* 0 if the value of a key is the n bytes of `want`; else -1, and the error shows both. */
int flp_meta_expect(const struct flp_meta *m, const char *key, const char *want, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Adds a footer's keys to the header's; a key in both is an error, and more
 * than FLP_META_LIMIT bytes together are. */
int flp_meta_join(struct flp_meta *m, const struct flp_meta *footer,
    struct flp_error *e) FLP_CHECKED;

#endif

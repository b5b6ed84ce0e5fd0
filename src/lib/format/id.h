/* A record's id: the XXH3-128 of its canonical form (canonical.h). It finds damage,
 * duplicates and parents. It is not a cryptographic hash: anyone can make another
 * record that has a given id. */
#ifndef FLP_FORMAT_ID_H
#define FLP_FORMAT_ID_H

#include "base/error.h"
#include "format/canonical.h"

#define FLP_ID_TEXT 33 /* 32 hexadecimal digits and a NUL */

/* The hash in its canonical, big-endian form. */
struct flp_id {
	unsigned char byte[16];
};

void flp_id_text(const struct flp_id *id, char text[FLP_ID_TEXT]);

/* The running hash. Its sink takes the canonical form; then flp_hash_id gives the
 * id of what the sink has taken since it began. */
struct flp_hash;

struct flp_hash *flp_hash_new(struct flp_error *e) FLP_CHECKED;
void flp_hash_free(struct flp_hash *hash); /* NULL does nothing */
struct flp_sink *flp_hash_sink(struct flp_hash *hash);
void flp_hash_id(const struct flp_hash *hash, struct flp_id *id);

/* Ends the canonical form with the metadata of a record (flp_canonical_end) and gives
 * its id in *id. FLP_ERROR_BAD if that is not the expected one. */
int flp_hash_check(struct flp_hash *hash, const struct flp_meta *merged,
    const struct flp_id *expected, struct flp_id *id, struct flp_error *e) FLP_CHECKED;

#endif

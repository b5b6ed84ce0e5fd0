/* A record's digest: the BLAKE2b-256 (RFC 7693, no key) of its canonical form
 * (canonical.h). Unlike the id it can't be forged: no way is known to make two records that
 * have the same digest. It takes several times as long to compute as the id, so only records
 * that others name have one (flp_kind_digested), and only tools that write or compare such a
 * name compute it: see flp_reader_compute_digest. */
#ifndef FLP_FORMAT_DIGEST_H
#define FLP_FORMAT_DIGEST_H

#include "base/error.h"
#include "format/canonical.h"

#define FLP_DIGEST_TEXT 65 /* 64 hexadecimal digits and a NUL */

struct flp_digest {
	unsigned char byte[32];
};

void flp_digest_text(const struct flp_digest *digest, char text[FLP_DIGEST_TEXT]);

/* The running hash. Its sink takes the canonical form; then flp_digester_end gives the digest
 * of what the sink has taken since it began. Call it once after each beginning. */
struct flp_digester;

struct flp_digester *flp_digester_new(struct flp_error *e) FLP_CHECKED;
void flp_digester_free(struct flp_digester *d); /* NULL does nothing */
struct flp_sink *flp_digester_sink(struct flp_digester *d);
void flp_digester_end(struct flp_digester *d, struct flp_digest *digest);

#endif

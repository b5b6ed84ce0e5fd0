/* The ledger of a data set: a line for each noised release, written before the release
 * leaves. It is a text file.
 *
 *	fl-ledger 1
 *	KEY=VALUE<TAB>KEY=VALUE<TAB>...<TAB>line=DIGEST
 *
 * The keys of a line are those of the release's metadata that fl(5) calls the ledger's, its
 * base and round, and `release`, the digest of the record that left, sorted as metadata
 * are. `line` is the BLAKE2b-256 of three parts: the `line` of the line before ("fl-ledger
 * 1" for the first), a newline, and the line up to the tab before `line`. So no line except
 * the last ones can be taken away or changed without a trace. Whoever can write the file
 * can write another; it stops accidents, not forgers.
 *
 * No line holds anything that depends on data but the release itself. */
#ifndef FLP_PRIVACY_LEDGER_H
#define FLP_PRIVACY_LEDGER_H

#include "base/append.h"
#include "format/digest.h"
#include "format/meta.h"

#include <stddef.h>

struct flp_ledger {
	struct flp_append file;
	struct flp_meta *line; /* the keys of each line, without `line` */
	size_t lines, room;
	char last[FLP_DIGEST_TEXT]; /* `line` of the last line, or "fl-ledger 1" */
};

/* Reads a whole ledger and checks it; FLP_ERROR_BAD names the line that is damaged. With
 * `write` it is made if there is none. It stays locked until flp_ledger_close, as
 * base/append.h says. The path must outlive it. */
int flp_ledger_open(struct flp_ledger *l, const char *path, int write,
    struct flp_error *e) FLP_CHECKED;
void flp_ledger_close(struct flp_ledger *l);

/* The keys of the first line that has this value under this key, or NULL. */
const struct flp_meta *flp_ledger_find(const struct flp_ledger *l, const char *key,
    const char *value, size_t n);

/* Adds a line for a release with these metadata and this digest. When it returns 0 the line is
 * on the disk; the release may leave then, and not before. */
int flp_ledger_add(struct flp_ledger *l, const struct flp_meta *release,
    const struct flp_digest *digest, struct flp_error *e) FLP_CHECKED;

#endif

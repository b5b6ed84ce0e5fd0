/* The ledger of a data set: a line for each noised release, written before the release
 * leaves. It is a log (format/log.h) that begins with "fl-ledger 1".
 *
 * The keys of a line are those of the release's metadata that fl(5) calls the ledger's, its
 * base and round, and `release`, the digest of the record that left. Nothing in a line depends
 * on data except through the release itself. */
#ifndef FLP_PRIVACY_LEDGER_H
#define FLP_PRIVACY_LEDGER_H

#include "format/digest.h"
#include "format/log.h"
#include "format/meta.h"

/* Reads a whole ledger and checks it, as flp_log_open does; flp_log_close closes it. A last line
 * that is cut short is an error, since nothing else shows whether its release has left. The path
 * must outlive *l. */
int flp_ledger_open(struct flp_log *l, const char *path, int write,
    struct flp_error *e) FLP_CHECKED;

/* Adds a line for a release with these metadata and this digest. When this returns 0, the line is
 * on the disk. The release must not leave before that. */
int flp_ledger_add(struct flp_log *l, const struct flp_meta *release,
    const struct flp_digest *digest, struct flp_error *e) FLP_CHECKED;

#endif

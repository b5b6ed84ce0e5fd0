/* A log: a text file of chained lines, each of which holds keys and values like metadata.
 *
 *	MAGIC
 *	KEY=VALUE<TAB>KEY=VALUE<TAB>...<TAB>line=DIGEST
 *
 * Keys are sorted as metadata are. `line` is the BLAKE2b-256 of three parts: the `line` of the
 * line before (MAGIC for the first), a newline, and the line up to the tab before `line`. So a
 * line that is changed or taken away is found, except that lines may be taken away from the end.
 * This finds accidents, not forgeries: whoever can write the file can write a whole new one. */
#ifndef FLP_FORMAT_LOG_H
#define FLP_FORMAT_LOG_H

#include "base/append.h"
#include "format/digest.h"
#include "format/meta.h"

#include <stddef.h>

struct flp_log {
	struct flp_append file;
	const char *magic;
	struct flp_meta *line; /* the keys of each line except `line` */
	size_t lines, room;
	char last[FLP_DIGEST_TEXT]; /* `line` of the last line, or the magic */
	size_t cut; /* after flp_log_open_cut: bytes of a last line without its newline */
};

/* Reads a whole log and checks it; FLP_ERROR_BAD names the line that is damaged. With write = 1
 * a missing log is made. It stays locked until flp_log_close, as base/append.h says. The magic
 * is the first line without its newline, and shorter than the text of a digest. Path and magic
 * must outlive *l. */
int flp_log_open(struct flp_log *l, const char *path, const char *magic, int write,
    struct flp_error *e) FLP_CHECKED;
void flp_log_close(struct flp_log *l); /* all zero does nothing */

/* The same, but a last line without its newline is left out, and l->cut is the number of its bytes.
 * Such a line is left if the system fails while flp_log_add writes it, before it returns. But a
 * log whose end was lost later looks the same. So the caller must know by other means that
 * nothing was done on the strength of that line. flp_log_mend then removes it, and lines may be
 * added. */
int flp_log_open_cut(struct flp_log *l, const char *path, const char *magic, int write,
    struct flp_error *e) FLP_CHECKED;
int flp_log_mend(struct flp_log *l, struct flp_error *e) FLP_CHECKED;

/* The keys of the first line that has this value under this key, or NULL. */
const struct flp_meta *flp_log_find(const struct flp_log *l, const char *key,
    const char *value, size_t n);

/* Adds a line of these keys, of which there is at least one. When it returns 0 the line is on the
 * disk. */
int flp_log_add(struct flp_log *l, const struct flp_meta *keys, struct flp_error *e) FLP_CHECKED;

#endif

/* Buffered output to a descriptor, which reports every error. This is the only code that writes,
 * and the only code that makes files.
 *
 * Every error names the output, as flp_error_in does: "g.flp: write: No space
 * left on device", whatever input was being read. */
#ifndef FLP_BASE_OUT_H
#define FLP_BASE_OUT_H

#include "base/error.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct flp_out {
	int fd;
	const char *name; /* "standard output", "temporary file" or the path */
	const char *folder; /* of a temporary file, for messages; else NULL */
	uint64_t offset; /* bytes written since the beginning, with those in the buffer */
	unsigned char *buffer;
	size_t used;
	int terminal; /* 1: it is one, so flp_out_write does as flp_out_shown does */
	int secret; /* 1: what is written is a secret, so the buffer is wiped before it is freed */
	char *path; /* the final name of a file that does not have it yet */
	struct flp_unfinished *temporary; /* the name that it has until then */
};

/* Standard output. */
int flp_out_stdout(struct flp_out *out, struct flp_error *e) FLP_CHECKED;

/* A file that appears at `path` whole or not at all: it is written under
 * another name in the same folder until flp_out_commit. If the process ends before that,
 * the file is removed (base/unfinished.h). */
int flp_out_create(struct flp_out *out, const char *path, struct flp_error *e) FLP_CHECKED;

/* Lets only the owner read a file that was created, whatever the umask, and sets `secret`. */
int flp_out_private(struct flp_out *out, struct flp_error *e) FLP_CHECKED;

/* A temporary file without a name, in $TMPDIR or, if that is not set, in /var/tmp. Nobody else may
 * read it, and it is gone when the process ends. flp_in_temporary reads it back. */
int flp_out_temporary(struct flp_out *out, struct flp_error *e) FLP_CHECKED;

int flp_out_write(struct flp_out *out, const void *from, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Writes a text for a person, with only hidden characters escaped (flp_shown_text). */
int flp_out_shown(struct flp_out *out, const char *text, size_t n, struct flp_error *e) FLP_CHECKED;

int flp_out_flush(struct flp_out *out, struct flp_error *e) FLP_CHECKED;

/* Writes a text of any length, as vprintf does. */
int flp_out_vprint(struct flp_out *out, struct flp_error *e, const char *fmt,
    va_list ap) FLP_PRINTF(3, 0) FLP_CHECKED;

/* Discards what was written to a temporary file past `offset`, which is not beyond
 * out->offset, and frees its space on the disk. Writing goes on from there. */
int flp_out_cut(struct flp_out *out, uint64_t offset, struct flp_error *e) FLP_CHECKED;

/* If nothing past `offset` has left the buffer yet, discards what was written past it and
 * returns 1; otherwise returns 0. */
int flp_out_forget(struct flp_out *out, uint64_t offset);

/* Flushes and closes a created file, which is then whole under its temporary name. This is for
 * files that get their names together: flp_out_commit or flp_out_discard must follow. With
 * `durable` the data are on the disk when it returns. */
int flp_out_close(struct flp_out *out, int durable, struct flp_error *e) FLP_CHECKED;

/* Flushes, closes, and gives a created file its name, replacing any file that
 * had it. With `durable` the data and the name are on the disk (fsync of file and
 * folder) before it returns. Standard output is only flushed and closed. */
int flp_out_commit(struct flp_out *out, int durable, struct flp_error *e) FLP_CHECKED;

/* Like flp_out_commit with `durable`, but if a file already has the name, that file stays
 * and the one that was created is removed. Returns 1 if the created file has its name, 0 if
 * another file has it, -1 on error. */
int flp_out_commit_first(struct flp_out *out, struct flp_error *e) FLP_CHECKED;

/* Closes the output and removes a created file that does not have its final name. After a
 * commit it does nothing. */
void flp_out_discard(struct flp_out *out);

#endif

/* Input from a descriptor: whole reads, buffered, with the place in bytes.
 * The only code that reads. */
#ifndef FLP_BASE_IN_H
#define FLP_BASE_IN_H

#include "base/error.h"
#include "base/out.h"

#include <stddef.h>
#include <stdint.h>

struct flp_in {
	int fd;
	const char *name; /* the path it was opened by, or "standard input" */
	int regular;     /* can be read again: seek and skip cost nothing */
	int shared;      /* others read through the descriptor too, so they move its offset */
	uint64_t offset; /* bytes given out since the beginning of the input */
	uint64_t start;  /* file offset of the beginning of the input */
	int ended;       /* it can't be read again, and is at its end: a terminal would begin anew */
	int may_be_empty; /* set to 1 if standard input need not hold anything */
	int secret; /* set to 1 for secrets: the buffer is wiped before it is freed */
	unsigned char *buffer;
	size_t room;     /* of buffer, in bytes */
	size_t from, to; /* the part of buffer that has not been given out */
};

/* What messages call the input at a path: "standard input" for "-", else the path. */
const char *flp_in_name(const char *path);

/* Opens the file at path, or standard input for "-". A directory is refused. Standard input that
 * turns out to be empty is an error of the first read from it, of code FLP_ERROR_BAD, unless
 * `may_be_empty` is set: most often a command before this one in a pipeline has failed.
 * The path must outlive the input. If opening fails, the error names the path,
 * as flp_error_in does; later errors do not. flp_in_close frees what flp_in_open
 * made; closing twice is harmless. */
int flp_in_open(struct flp_in *in, const char *path, struct flp_error *e) FLP_CHECKED;
void flp_in_close(struct flp_in *in);

/* The error of an input at `path` that holds nothing: for a file, the sentence says that `what` was
 * expected; for standard input, that it is empty, and it names the place as flp_error_in does.
 * Returns -1. */
int flp_in_nothing(const char *path, const char *what, struct flp_error *e);

/* Sets a function that is called, once, if standard input is a terminal and nothing was typed
 * for a second after it was first read. */
void flp_in_tell_waiting(void (*tell)(void));

/* Opens a file on which others' permission depends, such as a policy, if there is one. Returns
 * 1, 0 if there is none, -1 on error. Anything but a regular file at the path itself is refused,
 * even a symbolic link to one. The file counts as missing only if its folder could be searched
 * or is missing too. */
int flp_in_open_regular(struct flp_in *in, const char *path, struct flp_error *e) FLP_CHECKED;

/* Reads n bytes, fewer only at the end of the input: *got says how many. */
int flp_in_read(struct flp_in *in, void *to, size_t n, size_t *got,
    struct flp_error *e) FLP_CHECKED;

/* Passes over n bytes, or over fewer at the end: *got says how many. Beyond
 * the end of a regular file it counts what is there, as reading would. */
int flp_in_skip(struct flp_in *in, uint64_t n, uint64_t *got,
    struct flp_error *e) FLP_CHECKED;

/* Gives all that is buffered, at least one byte and at most a whole buffer, as
 * *data and *n, without copying; *n = 0 at the end. The bytes are valid until the
 * next call. */
int flp_in_buffered(struct flp_in *in, const unsigned char **data, size_t *n,
    struct flp_error *e) FLP_CHECKED;

/* The size of a regular input in bytes, from its beginning. Returns 1, or 0 if it is not
 * known. */
int flp_in_size(const struct flp_in *in, uint64_t *size);

/* Returns 1 at the end of the input, 0 if more follows, -1 on error. It waits for a pipe. */
int flp_in_ended(struct flp_in *in, struct flp_error *e) FLP_CHECKED;

/* Sets a regular input to the byte at `offset`, counted from its beginning. */
int flp_in_seek(struct flp_in *in, uint64_t offset, struct flp_error *e) FLP_CHECKED;

/* Makes *in read what was written to a temporary output, from its beginning. It
 * takes the output over, even on failure: `out` is discarded. */
int flp_in_temporary(struct flp_in *in, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;

/* The error of an input that is read twice and has changed in between. Its code is
 * FLP_ERROR_SYSTEM: the same call may work later. Returns -1. */
int flp_in_changed(struct flp_error *e);

/* Returns 1 if an input ("-" is standard input) is the file at path, 0 if not. */
int flp_in_same(const char *input, const char *path);

/* Makes `kept` from the regular input `in`. The file can then be read through any number of
 * copies of `kept`, even after `in` is closed. `kept` has a descriptor of its own,
 * or fd = -1 if descriptors are about to run out; the soft limit is raised to the hard one.
 * For standard input it shares the descriptor. The name must outlive it. flp_in_close
 * closes it. */
void flp_in_keep(struct flp_in *kept, const struct flp_in *in);

/* A copy of a kept input can be read only between these two calls; its offset may be set
 * before them. flp_in_resume lends the copy a buffer of `room` bytes and, if it has no
 * descriptor, opens the file by its name. flp_in_pause takes the buffer away and closes the
 * file if flp_in_resume opened it; it must be called even if flp_in_resume failed. */
int flp_in_resume(struct flp_in *in, unsigned char *buffer, size_t room,
    struct flp_error *e) FLP_CHECKED;
void flp_in_pause(struct flp_in *in, const struct flp_in *kept);

/* Makes any input regular: what remains of a pipe goes to a temporary file.
 * Offsets are then counted from where the input was. */
int flp_in_spool(struct flp_in *in, struct flp_error *e) FLP_CHECKED;

#endif

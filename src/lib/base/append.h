/* A text file that only grows, a whole line at a time, and that several processes may add
 * to. It is locked (flock(2)) from opening to closing, so whoever adds a line has read all
 * lines before it. */
#ifndef FLP_BASE_APPEND_H
#define FLP_BASE_APPEND_H

#include "base/error.h"

#include <stddef.h>

struct flp_append {
	const char *path;
	int fd;     /* -1 when closed */
	char *text; /* what the file holds, n bytes, not ended by NUL */
	size_t n;
};

/* Opens, locks and reads the file, which must be a regular file. With `write` it waits until
 * no other process has the file locked. If the file is missing it makes one that holds `first`;
 * the file's name is then on the disk before this returns. Without `write` it waits only for
 * processes that write. The path must outlive *a. Errors name the file. */
int flp_append_open(struct flp_append *a, const char *path, const char *first, int write,
    struct flp_error *e) FLP_CHECKED;
void flp_append_close(struct flp_append *a);

/* Adds n bytes that end with a newline. They are on the disk when it returns 0. After an error the
 * file is as it was before, unless the system can't undo the write; the error then says so. */
int flp_append_line(struct flp_append *a, const char *line, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Removes the last n bytes. They are gone from the disk when it returns 0. */
int flp_append_cut(struct flp_append *a, size_t n, struct flp_error *e) FLP_CHECKED;

#endif

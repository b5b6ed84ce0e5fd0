/* A list of files and folders that are not finished. They are removed if the process ends, by a
 * signal or by an error, before they are finished. For this, signal handlers and code that
 * exits must call flp_unfinished_remove_all. Only SIGKILL and a crash leave them where they
 * are.
 *
 * Signals are held back while the list changes, but only in the calling thread: a tool makes
 * named files while it has no other thread. */
#ifndef FLP_BASE_UNFINISHED_H
#define FLP_BASE_UNFINISHED_H

#include "base/error.h"

#include <signal.h>

struct flp_unfinished;

#define FLP_UNFINISHED ".fl-" /* how the names of unfinished files begin */

/* Makes a file with a new name, FOLDER/.fl-XXXXXX, that only the user may read; its
 * descriptor is *fd. NULL on error, with errno set. */
struct flp_unfinished *flp_unfinished_file(const char *folder, int *fd,
    struct flp_error *e) FLP_CHECKED;

/* Makes the folder at path, unless it exists; *made is then NULL. If the folder is removed as
 * unfinished, that is only if it is empty. */
int flp_unfinished_folder(struct flp_unfinished **made, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* Gives a file its final name, replacing a file that has it. On failure it is still
 * unfinished. */
int flp_unfinished_rename(struct flp_unfinished *file, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* Gives a file its final name unless another file has it. Returns 1 if the file now has both
 * names, 0 if another file has that name, -1 on error. flp_unfinished_remove must follow; it
 * takes the first name away. */
int flp_unfinished_link(const struct flp_unfinished *file, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* Declares the file or folder finished, so that it stays under its name. NULL is allowed. */
void flp_unfinished_keep(struct flp_unfinished *unfinished);

/* Removes the file or folder. NULL is allowed. */
void flp_unfinished_remove(struct flp_unfinished *unfinished);

/* Removes all, the last made first. A signal handler may call it, after which the process
 * must end. */
void flp_unfinished_remove_all(void);

/* Between these two calls no signal ends the process, so that several files can be finished
 * together. */
void flp_unfinished_hold(sigset_t *before);
void flp_unfinished_release(const sigset_t *before);

#endif

/* Operations on the names of files: finding their folder, renaming, removing. */
#ifndef FLP_BASE_FILE_H
#define FLP_BASE_FILE_H

#include "base/error.h"

#include <sys/stat.h>

/* The folder that a path's file is in, or "." if the path names none. The caller frees it.
 * NULL on error. */
char *flp_file_folder(const char *path, struct flp_error *e) FLP_CHECKED;

/* Waits until all changes to the names in that folder are on the disk. */
int flp_file_sync_folder(const char *path, struct flp_error *e) FLP_CHECKED;

/* Renames a file in its folder, replacing any file that has the new name. Returns 1; 0 if no file
 * has the old name; -1 on error. When it returns, the change may not yet be on the disk. Errors
 * name the file. */
int flp_file_rename(const char *from, const char *to, struct flp_error *e) FLP_CHECKED;

/* Removes a file, if it exists. When it returns, the change may not yet be on the disk.
 * Errors name the file. */
int flp_file_remove(const char *path, struct flp_error *e) FLP_CHECKED;

/* Returns 1 if anything has that name, even a symbolic link to nothing; 0 if not. */
int flp_file_exists(const char *path);

/* Checks that only the owner can get at a file or a folder with a secret, by its mode, and that the
 * owner is the user of this process or the superuser. FLP_ERROR_BAD if not. */
int flp_file_private(const struct stat *st, struct flp_error *e) FLP_CHECKED;

#endif

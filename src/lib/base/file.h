/* Files as names in a folder: what is done with them besides reading and writing. */
#ifndef FLP_BASE_FILE_H
#define FLP_BASE_FILE_H

#include "base/error.h"

/* The folder that a path's file is in, "." where the path names none; to be freed. NULL on
 * error. */
char *flp_file_folder(const char *path, struct flp_error *e) FLP_CHECKED;

/* Waits until the names in that folder are on the disk. */
int flp_file_sync_folder(const char *path, struct flp_error *e) FLP_CHECKED;

/* Gives a file another name in its folder, replacing a file that has it: 1, or 0 if there is no
 * file of the first name, or -1. The names are not yet on the disk. Errors name the file. */
int flp_file_rename(const char *from, const char *to, struct flp_error *e) FLP_CHECKED;

/* Removes a file, if there is one. The lack of it is not yet on the disk. Errors name it. */
int flp_file_remove(const char *path, struct flp_error *e) FLP_CHECKED;

/* 1 if there is something of that name, be it a link that leads nowhere; 0 if not. */
int flp_file_exists(const char *path);

#endif

/* A folder of the files of one split: client-NAME.flp has the rows that a client
 * trains on, test-NAME.flp the rows that it keeps for testing, and test.flp the
 * rows that were kept for testing before any client got some. */
#ifndef FLP_DATA_FOLDER_H
#define FLP_DATA_FOLDER_H

#include "base/error.h"
#include "base/out.h"
#include "base/unfinished.h"
#include "data/dataset.h"

#include <stddef.h>
#include <stdint.h>

struct flp_file {
	char *name;          /* within the folder */
	const char *client;  /* for the metadata; NULL leaves them as they are */
	const uint32_t *row; /* n rows of the data set */
	size_t n;
	struct flp_out out; /* the file until it gets its name */
};

/* A folder that files are written to, either all of them or none: they get their names
 * together, in flp_folder_commit. */
struct flp_folder {
	const char *path;
	struct flp_file *file;
	size_t n, written;
	struct flp_unfinished *made; /* NULL if the folder was there before */
};

/* The name of client k of n, counted from 0: "007". All names have the same
 * length, at least three digits. The caller frees it. */
char *flp_folder_index(size_t k, size_t n, struct flp_error *e) FLP_CHECKED;

/* "PREFIXCLIENT.flp", which the caller frees. In the client's name (NULL for
 * none) letters, digits, '.', '_' and '-' stay; other bytes, and a '.' at its
 * beginning, become %XX, so that any name gives a plain file name of its own. A
 * name that is too long for a file is an error. */
char *flp_folder_name(const char *prefix, const char *client, struct flp_error *e)
    FLP_CHECKED;

/* Makes the folder if there is none. A folder that has files named as above, other
 * than the n files (in any order), is refused: with two splits in one folder a
 * model would be trained and tested on the same rows. `path` and `file` must outlive
 * *folder. */
int flp_folder_open(struct flp_folder *folder, const char *path, struct flp_file *file, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Writes the next file, under a temporary name. */
int flp_folder_write(struct flp_folder *folder, const struct flp_dataset *set,
    struct flp_error *e) FLP_CHECKED;

/* Gives the written files their names. No signal ends the process while it does so. */
int flp_folder_commit(struct flp_folder *folder, struct flp_error *e) FLP_CHECKED;

#endif

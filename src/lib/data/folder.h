/* A folder of the files of one split: client-NAME.flp the rows a client
 * trains on, test-NAME.flp the rows it keeps for testing, test.flp the rows
 * kept for testing before any client got some. */
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

/* The name of client k of n, from 0: "007", of the same length for all and
 * three digits at least. The caller frees it. */
char *flp_folder_index(size_t k, size_t n, struct flp_error *e) FLP_CHECKED;

/* "PREFIXCLIENT.flp", the caller's to free. Of the client's name (NULL for
 * none) letters, digits, '.', '_' and '-' stay; other bytes, and a '.' at its
 * beginning, become %XX, so that any name gives a plain file name of its own;
 * one that is too long for a file is an error. */
char *flp_folder_name(const char *prefix, const char *client, struct flp_error *e)
    FLP_CHECKED;

/* Makes the folder where there is none. A folder with files named as above
 * that are not among the n (in any order) is refused: two splits in one
 * folder would train and test on the same rows. `path` and `file` must outlive the folder. */
int flp_folder_open(struct flp_folder *folder, const char *path, struct flp_file *file, size_t n,
    struct flp_error *e) FLP_CHECKED;

/* Writes the next file, under a temporary name. */
int flp_folder_write(struct flp_folder *folder, const struct flp_dataset *set,
    struct flp_error *e) FLP_CHECKED;

/* Gives the written files their names. No signal ends the process meanwhile. */
int flp_folder_commit(struct flp_folder *folder, struct flp_error *e) FLP_CHECKED;

#endif

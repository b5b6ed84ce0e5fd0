/* The records of many files, one after the other, as if concatenated. */
#ifndef FLP_LOOP_INPUTS_H
#define FLP_LOOP_INPUTS_H

#include "format/reader.h"
#include "format/record.h"

#include <limits.h>
#include <sys/stat.h>

#define FLP_INPUTS_PLACE (PATH_MAX + 32)

struct flp_inputs {
	char **path; /* the next file, up to a NULL */
	uint64_t files, opened; /* how many there are, and how many were opened */
	struct flp_in in;
	struct flp_reader *reader; /* of the current file, or NULL */
	int nonfinite;             /* set to 1 to let NaN and infinity pass */
	int digest;                /* set to 1 to compute digests (flp_reader_digest) */
	int some;                  /* set to 1 to refuse files without records, and no files */
	int twice;                 /* set to 1 to read records again: a pipe is then copied */
	/* if not NULL, it is told how many files are done, before each and at the end */
	void (*tell_files)(uint64_t done, uint64_t total);
	struct stat before;        /* the file, under twice: a change is refused at its end */
	int again;                 /* 1: this is the second reading of the file */
	char place[FLP_INPUTS_PLACE]; /* "d1.flp", "d1.flp: record 2", "standard input" */
};

/* `paths` ends with NULL and must outlive the inputs; "-" is standard input. */
void flp_inputs_init(struct flp_inputs *inputs, char **paths);
void flp_inputs_close(struct flp_inputs *inputs);

/* Begins with an input that is already open, of which nothing has been read, and then closes it
 * as if it had opened it, also on failure. *paths names it and ends with NULL, as above. */
int flp_inputs_take(struct flp_inputs *inputs, struct flp_in *in, char **paths,
    struct flp_error *e) FLP_CHECKED;

/* The next record's header and, through inputs->reader, its values: 1, 0 at
 * the end of the last file, -1. Every error names the file and, beyond the
 * first, the record's number. After an error of code FLP_ERROR_BAD the next call goes
 * on as flp_inputs_leave says. */
int flp_inputs_next(struct flp_inputs *inputs, const struct flp_header **h,
    struct flp_error *e) FLP_CHECKED;

/* Leaves the current record after an error *e, which already names the place. Returns 0 if
 * the error is of code FLP_ERROR_BAD; the next call of flp_inputs_next then gives the record
 * after it. If it can't be told where that record begins, the call gives the first record of
 * the next file, and the sentence of *e says that something was lost. Returns -1 if *e is of
 * another code, or if the system failed. */
int flp_inputs_leave(struct flp_inputs *inputs, struct flp_error *e) FLP_CHECKED;

/* Goes back to the current file's first record; needs `twice`. A pipe was copied to a
 * temporary file when it was opened. If the file has changed since, that is the error that
 * is returned, and not that a record has become bad. */
int flp_inputs_rewind(struct flp_inputs *inputs, struct flp_error *e) FLP_CHECKED;

/* Reads what is left of the current record and checks the whole, as
 * flp_reader_finish does. */
int flp_inputs_finish(struct flp_inputs *inputs, struct flp_id *id,
    struct flp_error *e) FLP_CHECKED;

/* Whether the current record, which was read to its end, is the last of its file: 1 if it
 * is, 0 if more follows, -1 on error. */
int flp_inputs_last(struct flp_inputs *inputs, struct flp_error *e) FLP_CHECKED;

/* For inputs that must hold exactly one record: the first, and after it the
 * end; anything else is an error. */
int flp_inputs_one(struct flp_inputs *inputs, const struct flp_header **h,
    struct flp_error *e) FLP_CHECKED;
int flp_inputs_none(struct flp_inputs *inputs, struct flp_error *e) FLP_CHECKED;

/* Like flp_inputs_next, but reads the whole record. */
int flp_inputs_record(struct flp_inputs *inputs, struct flp_record *rec,
    struct flp_error *e) FLP_CHECKED;

/* Exactly one record from one file ("-" is standard input), of the kind where
 * kind is not 0. If digest is not NULL, *digest is set to the record's digest; the kind must
 * then be one that has a digest (flp_kind_digested). */
int flp_inputs_load(struct flp_record *rec, struct flp_digest *digest, const char *path,
    enum flp_kind kind, struct flp_error *e) FLP_CHECKED;

/* The same without a digest. If the record is of another kind, the error says that `called` was
 * expected, "a roster", in place of the kind. */
int flp_inputs_load_called(struct flp_record *rec, const char *path, enum flp_kind kind,
    const char *called, struct flp_error *e) FLP_CHECKED;

/* The same as flp_inputs_load for the header alone, which includes the footer's metadata. The
 * values are read and checked, but not kept. */
int flp_inputs_load_header(struct flp_header *to, struct flp_digest *digest, const char *path,
    enum flp_kind kind, struct flp_error *e) FLP_CHECKED;

/* Puts the place before an error met while using the current record; returns
 * -1. */
int flp_inputs_at(const struct flp_inputs *inputs, struct flp_error *e);

#endif

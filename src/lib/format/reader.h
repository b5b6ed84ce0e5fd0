/* Reads a stream of records in blocks, and only forward, except for flp_reader_back.
 *
 * Nothing is believed: sizes are checked before memory is asked for, padding
 * must be zero, floats must be finite, and a record is whole only when
 * flp_reader_finish has seen its tail and found the id of what was read. A call out
 * of turn is misuse (flp_error_misuse): outside a record, or beyond a tensor. */
#ifndef FLP_FORMAT_READER_H
#define FLP_FORMAT_READER_H

#include "base/in.h"
#include "format/digest.h"
#include "format/header.h"
#include "format/id.h"

struct flp_reader;

/* 1 if an input, of which nothing has been read, begins as a record does, 0 if not, -1 on
 * error. Nothing is read from it by this. */
int flp_reader_begins(struct flp_in *in, struct flp_error *e) FLP_CHECKED;

/* A reader of `in`, which stays the caller's and must outlive it. */
struct flp_reader *flp_reader_new(struct flp_in *in, struct flp_error *e) FLP_CHECKED;
void flp_reader_free(struct flp_reader *r);

/* Lets NaN and infinity pass, for a tool that shows what is there. */
void flp_reader_allow_nonfinite(struct flp_reader *r);

/* Makes the reader also compute the digest of each record whose kind has one
 * (flp_kind_digested), and the design of each model, from the next record on. */
int flp_reader_compute_digest(struct flp_reader *r, struct flp_error *e) FLP_CHECKED;

/* Goes to the next record, first finishing one that is not finished. Returns 1 and sets
 * *h, which is the reader's until the next call; 0 at the end of the input, which must be
 * the end of a record; -1 on error. If the values are damaged, the next
 * call goes on after the record, provided that the lengths in it lead to a tail that is
 * whole and gives the length of the record. If they don't, or if a header or a tail is
 * damaged, the reader is spent: it can't tell where the next record begins. */
int flp_reader_next(struct flp_reader *r, const struct flp_header **h,
    struct flp_error *e) FLP_CHECKED;

/* Goes back to the first value of the last record that was finished or passed over. The
 * header is not read again. If the values then turn out to be damaged, the error is of code
 * FLP_ERROR_BAD, or that of flp_in_changed if an earlier flp_reader_finish found the record
 * whole. The input must be regular. */
int flp_reader_back(struct flp_reader *r, struct flp_error *e) FLP_CHECKED;

/* Returns 1 if the reader is spent: an error left no way to go on. */
int flp_reader_spent(const struct flp_reader *r);

/* Reads the next `bytes` bytes of values, tensor after tensor in the table's order.
 * A call stays within one tensor and reads whole values. */
int flp_reader_values(struct flp_reader *r, void *to, uint64_t bytes,
    struct flp_error *e) FLP_CHECKED;

/* Reads what is left of the record and checks the whole; the footer's keys
 * are then in the header's metadata. */
int flp_reader_finish(struct flp_reader *r, struct flp_id *id,
    struct flp_error *e) FLP_CHECKED;

/* Checks that the input ends after the record last finished. An error names the place. */
int flp_reader_none(struct flp_reader *r, struct flp_error *e) FLP_CHECKED;

/* The digest of the record last finished, the reader's until the next record; NULL if
 * it was not computed. */
const struct flp_digest *flp_reader_digest(const struct flp_reader *r);

/* The design (design.h) of the record last finished, likewise; also NULL if the record is
 * not a model. */
const struct flp_digest *flp_reader_design(const struct flp_reader *r);

/* The metadata in the footer alone of the record last finished, the reader's
 * until the next record. */
const struct flp_meta *flp_reader_footer(const struct flp_reader *r);

/* Passes over what is left of a record without looking at its values; in a regular file
 * they are not even read. The record may be one whose values were refused. Header and
 * tail are checked. It is NOT checked that the id belongs to the values. */
int flp_reader_skip(struct flp_reader *r, struct flp_id *id, struct flp_error *e) FLP_CHECKED;

/* Leaves the current record as flp_reader_skip does, whatever was read of it, and even if its
 * values were refused. Returns 1 if the next call of flp_reader_next gives the record after
 * it; 0 if the reader is spent, in which case *e may have been filled; -1 if the system
 * failed. */
int flp_reader_leave(struct flp_reader *r, struct flp_error *e) FLP_CHECKED;

/* Where the values of the current record begin, in bytes from the input's
 * beginning. */
uint64_t flp_reader_values_offset(const struct flp_reader *r);

/* Where the current record begins, in bytes from the input's beginning, and
 * its number in the input, from 1. */
uint64_t flp_reader_offset(const struct flp_reader *r);
uint64_t flp_reader_number(const struct flp_reader *r);

#endif

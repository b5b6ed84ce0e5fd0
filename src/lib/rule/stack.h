/* The stack: the records that were taken, kept so that their values can be read again, n values of
 * each at a time. Memory does not grow with the size of the records. It grows with their number,
 * by about 1.2 kB each, most of which is the state of the hash that checks a record's values.
 *
 * Where a record is read again from:
 *   a dense record in a regular file  from that file, through a descriptor that stays open or,
 *                                     if descriptors are about to run out, by the file's name
 *   any other record in such a file   the same, as long as fewer than 64 such records are kept,
 *                                     each of which may need 3 MiB for decoding, and its table
 *                                     is one of the first four different tables of tensors and
 *                                     encodings, since each table is kept
 *   all others                        from a copy in an unnamed temporary file
 *
 * The first complete reading of a record checks its values against its id. Every later
 * reading checks that the values are still the same. */
#ifndef FLP_RULE_STACK_H
#define FLP_RULE_STACK_H

#include "format/digest.h"
#include "loop/inputs.h"
#include "rule/admit.h"

struct flp_stack {
	struct flp_in *file;           /* the files of the records that are read from their files */
	size_t files, files_room;
	char **path;                   /* inputs->path when the last of these files was added */
	struct flp_stack_record *record; /* the kept records, then the one at hand */
	size_t records;                /* how many records are kept */
	size_t made;                   /* how many of `record` are filled in, kept or not */
	size_t room;                   /* how many there is memory for */
	size_t encoded;                /* how many kept records are not dense */
	size_t current;                /* the record whose file `buffer` buffers */
	const struct flp_header *hand; /* header of the record at hand; NULL if there is none */
	struct flp_header *table;      /* the different tables of tensors of kept records */
	size_t tables, tables_room;
	struct flp_header copy;        /* header of the record at hand, if it was copied */
	struct flp_out spool;          /* the temporary file; fd = -1 before the first copy */
	uint64_t spooled;              /* its bytes that belong to kept records */
	unsigned char *buffer;
};

void flp_stack_init(struct flp_stack *s);
void flp_stack_free(struct flp_stack *s);

/* Returns 1 if the record whose header flp_inputs_next has just returned can be read again from
 * its own file, 0 if it would be copied. */
int flp_stack_stays(const struct flp_stack *s, const struct flp_inputs *in,
    const struct flp_header *h);

/* Makes the record whose header flp_inputs_next has just returned the record at hand, number
 * s->records. It goes to the record's end, so *h then includes the footer's keys. If the record
 * can't be read again from its own file, it is copied and checked, and *h becomes the header of
 * the copy. *entry is set to the record's entry, which belongs to the stack and has its path,
 * number and id.
 *
 * The record at hand can be read or kept until the next call of flp_inputs_next. *entry, and
 * the header of a copy, last until the next flp_stack_begin. If a record has been read in part,
 * it must be read to its end before flp_stack_begin or flp_stack_push is called. */
int flp_stack_begin(struct flp_stack *s, struct flp_inputs *in, const struct flp_header **h,
    struct flp_entry **entry, struct flp_error *e) FLP_CHECKED;

/* Keeps the record at hand: s->records grows by 1. */
int flp_stack_push(struct flp_stack *s, struct flp_error *e) FLP_CHECKED;

/* The dtype that a tensor has in record k, which is kept or at hand. */
enum flp_dtype flp_stack_dtype(const struct flp_stack *s, size_t k, size_t tensor);

/* The entry of record k, which is kept or at hand. */
struct flp_entry *flp_stack_entry(const struct flp_stack *s, size_t k);

/* Reads record k and computes its digest. */
int flp_stack_digest(struct flp_stack *s, size_t k, struct flp_digest *digest,
    struct flp_error *e) FLP_CHECKED;

/* flp_stack_leave_out leaves out kept record k after all; the numbers of the others stay.
 * flp_stack_has returns 1 if record k is kept and was not left out. */
void flp_stack_leave_out(struct flp_stack *s, size_t k);
int flp_stack_has(const struct flp_stack *s, size_t k);

/* flp_stack_values reads the next n values of record k, which must all be of one tensor, in the
 * dtype that they have in the record. After the last value, flp_stack_finish checks them all;
 * the next call of flp_stack_values then begins again at the record's first value. If an
 * earlier reading found the record undamaged and this one does not, the file has changed, and
 * the error is that of flp_in_changed. */
int flp_stack_values(struct flp_stack *s, size_t k, size_t n, void *to,
    struct flp_error *e) FLP_CHECKED;
int flp_stack_finish(struct flp_stack *s, size_t k, struct flp_error *e) FLP_CHECKED;

/* Reads what is left of record k and finishes it. `block` has room for n values of any dtype; the
 * values are not kept. */
int flp_stack_rest(struct flp_stack *s, size_t k, void *block, size_t n,
    struct flp_error *e) FLP_CHECKED;

#endif

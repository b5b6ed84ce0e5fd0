/* The records that were taken, kept so that n values of each can be read at a time.
 * Memory does not grow with the size of the records. It grows with their number by about
 * 1.2 kB each, most of it the state of the hash that checks a record's values.
 *
 * A record of a file is read from that file: through a descriptor that stays open or, if
 * descriptors are about to run out, by the file's name. A record of a pipe is copied to an
 * unlinked temporary file. So is a record that is not dense once 64 such records are kept,
 * since each of them needs up to 3 MiB of its own for decoding, or once the kept records
 * have four different tables of tensors and encodings, since each table is kept.
 *
 * The first complete reading of a record checks its values against its id. Every later
 * reading checks that they are still the same. */
#ifndef FLP_RULE_STACK_H
#define FLP_RULE_STACK_H

#include "format/digest.h"
#include "loop/inputs.h"
#include "rule/admit.h"

struct flp_stack {
	struct flp_in *file;           /* the files that the records are in */
	size_t files, files_room;
	char **path;                   /* the operand after the last of these files */
	struct flp_stack_record *record; /* `records` that are kept, then the one at hand */
	size_t records, made, room;    /* made: `records`, and the one at hand if there is one */
	size_t encoded;                /* how many kept records are not dense */
	size_t current;                /* the record that `buffer` is lent to */
	const struct flp_header *hand; /* of the record at hand, NULL if there is none */
	struct flp_header *table;      /* the tables of tensors of kept records, each once */
	size_t tables, tables_room;
	struct flp_header copy;        /* of the record at hand, if it was copied */
	struct flp_out spool;          /* fd = -1: nothing was copied yet */
	uint64_t spooled;              /* bytes of it that belong to kept records */
	unsigned char *buffer;         /* for small reads, and for copying */
};

void flp_stack_init(struct flp_stack *s);
void flp_stack_free(struct flp_stack *s);

/* Returns 1 if the record whose header flp_inputs_next has just given can be read from its
 * own file. */
int flp_stack_stays(const struct flp_stack *s, const struct flp_inputs *in,
    const struct flp_header *h);

/* Takes the record whose header flp_inputs_next has just returned as the record at hand,
 * number s->records, and goes to its end, so that *h has the footer's keys. *entry belongs
 * to the stack and has the record's path, number and id. A record that can't be read from
 * its own file is copied and checked, and *h becomes the header of the copy.
 *
 * The record at hand can be read and kept until flp_inputs_next is called. *entry, and *h of
 * a copy, last until the next flp_stack_begin. No reading may be unfinished when
 * flp_stack_begin or flp_stack_push is called. */
int flp_stack_begin(struct flp_stack *s, struct flp_inputs *in, const struct flp_header **h,
    struct flp_entry **entry, struct flp_error *e) FLP_CHECKED;

/* Keeps the record at hand and counts it in s->records. */
int flp_stack_push(struct flp_stack *s, struct flp_error *e) FLP_CHECKED;

/* The dtype that a tensor has in record k, which is kept or at hand. */
enum flp_dtype flp_stack_dtype(const struct flp_stack *s, size_t k, size_t tensor);

/* The entry of record k, which is kept or at hand. */
struct flp_entry *flp_stack_entry(const struct flp_stack *s, size_t k);

/* Reads record k and computes its digest. */
int flp_stack_digest(struct flp_stack *s, size_t k, struct flp_digest *digest,
    struct flp_error *e) FLP_CHECKED;

/* Leaves record k out after all. flp_stack_has returns 1 for a record that is kept and not
 * left out. */
void flp_stack_leave_out(struct flp_stack *s, size_t k);
int flp_stack_has(const struct flp_stack *s, size_t k);

/* Reads the next n values of record k, all of one tensor, in the dtype that they have in the
 * record. After the record's last value, flp_stack_finish checks all of them, and the record
 * can be read again from its first. If an earlier reading found it whole and this one does
 * not, the error is that of flp_in_changed. */
int flp_stack_values(struct flp_stack *s, size_t k, size_t n, void *to,
    struct flp_error *e) FLP_CHECKED;
int flp_stack_finish(struct flp_stack *s, size_t k, struct flp_error *e) FLP_CHECKED;

/* Reads what is left of record k, at most n values at once into `block`, and finishes it. */
int flp_stack_rest(struct flp_stack *s, size_t k, void *block, size_t n,
    struct flp_error *e) FLP_CHECKED;

#endif

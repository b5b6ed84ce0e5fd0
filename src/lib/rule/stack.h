/* The records that were taken, kept so that n values of each can be read at a time.
 * Memory does not grow with the size of the records. It grows with their number by some
 * 1.2 kB each, most of it the state of the hash that checks a record's values.
 *
 * A record of a file is read from the file: by a descriptor that is kept open while there
 * are enough, else by the file's name. A record of a pipe is copied to an unlinked
 * temporary file, and so is a record that is not dense once many are kept, since each
 * takes memory for what is being decoded. Whenever a record is read, its values are
 * checked: first against its id, then against what they were. */
#ifndef FLP_RULE_STACK_H
#define FLP_RULE_STACK_H

#include "loop/inputs.h"
#include "rule/admit.h"

struct flp_stack {
	struct flp_stack_file *file; /* those that records stand in */
	size_t files, files_room;
	struct flp_stack_record *record; /* `records` that are kept, then the one at hand */
	size_t records, room;
	size_t encoded;                /* of those that are kept: not dense */
	size_t current;                /* the one that `block` is lent to */
	const struct flp_header *hand; /* of the record at hand, NULL if there is none */
	struct flp_header *shape;      /* tables of tensors that records have */
	size_t shapes, shapes_room;
	struct flp_header copied;      /* of the record at hand, if it was copied */
	struct flp_out spool;          /* fd = -1: nothing was copied yet */
	uint64_t spooled;              /* bytes of it that are of records that are kept */
	unsigned char *block;          /* what is read or copied at once, if that is little */
};

void flp_stack_init(struct flp_stack *s);
void flp_stack_free(struct flp_stack *s);

/* 1 where the record whose header flp_inputs_next just gave can be read where it is. */
int flp_stack_stays(const struct flp_stack *s, const struct flp_inputs *in,
    const struct flp_header *h);

/* Begins with the record whose header flp_inputs_next just gave: it is then the record at
 * hand, number s->records. Goes to its end, so that *h has its footer's keys. *entry, the
 * stack's own, has its path, number and id. What can't stay is copied, and checked; *h is
 * then the header of the copy. */
int flp_stack_look(struct flp_stack *s, struct flp_inputs *in, const struct flp_header **h,
    struct flp_entry **entry, struct flp_error *e) FLP_CHECKED;

/* Keeps the record at hand, which has the tensors of the others of its sort. */
int flp_stack_push(struct flp_stack *s, struct flp_error *e) FLP_CHECKED;

/* The entry of record k, up to and with the one at hand; 1 where it is a partial. */
const struct flp_entry *flp_stack_entry(const struct flp_stack *s, size_t k);
int flp_stack_partial(const struct flp_stack *s, size_t k);

/* Reads the next n values of record k, which are of one tensor, in the record's dtype. When
 * all were read, flp_stack_finish checks them, and the record can be read again from its
 * beginning. What was whole when it was read first, and is not any more, is
 * flp_in_changed. */
int flp_stack_values(struct flp_stack *s, size_t k, size_t n, void *to,
    struct flp_error *e) FLP_CHECKED;
int flp_stack_finish(struct flp_stack *s, size_t k, struct flp_error *e) FLP_CHECKED;

/* Puts the place of record k before an error; -1. */
int flp_stack_at(const struct flp_stack *s, size_t k, struct flp_error *e);

#endif

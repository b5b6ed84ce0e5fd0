/* The records that were taken, where they can be read again: n values of each at a
 * time, in memory that grows with neither their size nor, beyond some 200 bytes each,
 * their number.
 *
 * A record in a file is read where it stands, by a descriptor that is kept while there
 * are enough of them, else by the file's name. What can't be read in place, of a pipe or
 * in another encoding than dense, is copied to an unlinked temporary file as it is
 * looked at. Every reading is checked against the id. */
#ifndef FLP_RULE_STACK_H
#define FLP_RULE_STACK_H

#include "loop/inputs.h"
#include "rule/admit.h"

struct flp_stack {
	struct flp_stack_file *file; /* those that records stand in */
	size_t files, files_room;
	struct flp_stack_record *record; /* `records` that are kept, then the one at hand */
	size_t records, room;
	const struct flp_header *hand; /* of the record at hand, the reader's */
	struct flp_header shape[2];    /* tensors of plain records and of partials */
	struct flp_out spool;          /* fd = -1: nothing was copied yet */
	unsigned char *block;
};

void flp_stack_init(struct flp_stack *s);
void flp_stack_free(struct flp_stack *s);

/* 1 where this record of the inputs can be read in place, 0 where flp_stack_look would
 * copy it. */
int flp_stack_in_place(const struct flp_inputs *in, const struct flp_header *h);

/* Makes the record whose header flp_inputs_next just gave the one at hand, number
 * s->records, and goes to its end: its footer is then in *h. Fills path, number and id of
 * its entry, which stays the stack's. Its values were checked if they were copied. */
int flp_stack_look(struct flp_stack *s, struct flp_inputs *in, const struct flp_header *h,
    struct flp_entry **entry, struct flp_error *e) FLP_CHECKED;

/* Keeps the record at hand, which has the tensors of the others of its sort. */
int flp_stack_push(struct flp_stack *s, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* The entry of record k, up to and with the one at hand; 1 where it is a partial. */
const struct flp_entry *flp_stack_entry(const struct flp_stack *s, size_t k);
int flp_stack_partial(const struct flp_stack *s, size_t k);

/* Values `at` to at + n of tensor `tensor` of record k, as they stand. They are to be
 * read from the first to the last of all tensors; then flp_stack_finish tells whether
 * they were what the id says, and they can be read anew. */
int flp_stack_values(struct flp_stack *s, size_t k, size_t tensor, uint64_t at, size_t n,
    void *to, struct flp_error *e) FLP_CHECKED;
int flp_stack_finish(struct flp_stack *s, size_t k, struct flp_error *e) FLP_CHECKED;

/* Puts the place of record k before an error; -1. */
int flp_stack_at(const struct flp_stack *s, size_t k, struct flp_error *e);

#endif

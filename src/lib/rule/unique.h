/* Which records of a stack are there more than once.
 *
 * Records of one id are compared by their digests, since anyone can make another record
 * that has a given id (format/id.h). If they are equal they are one record, and one of them
 * stays: that whose place comes first as flp_entry_compare has it. If they are not, none of
 * them stays, and none stays of different records that have the same client in their
 * metadata. What stays does not depend on the order of the records. A name proves nothing:
 * whoever knows a client's name can send a record under it. */
#ifndef FLP_RULE_UNIQUE_H
#define FLP_RULE_UNIQUE_H

#include "rule/stack.h"

/* Calls `drop` for each record of the stack that does not stay, with the reason in *e.
 * twice = 1: it is the same record as one that stays. Where `drop` returns -1, so does
 * flp_unique. */
int flp_unique(struct flp_stack *stack,
    int (*drop)(void *context, size_t k, int twice, struct flp_error *e), void *context,
    struct flp_error *e) FLP_CHECKED;

#endif

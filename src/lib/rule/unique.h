/* Which records of a stack are given more than once, and which are in conflict.
 *
 * Two records with the same id may still differ, since anyone can make a record that has a given
 * id (format/id.h). So the digests of such records are compared. If all are equal, the records
 * are copies of one, and the first in the order of flp_entry_compare stays. Otherwise none of
 * them stays.
 *
 * If several different records still remain that name the same client, none of them stays. This
 * proves nothing about who sent them: whoever knows a client's name can send a record under it.
 *
 * Which records stay does not depend on their order. */
#ifndef FLP_RULE_UNIQUE_H
#define FLP_RULE_UNIQUE_H

#include "rule/stack.h"

/* Calls `drop` for each record k of the stack that does not stay, with the reason in *e. With
 * twice = 1 it is a copy of a record that stays. `context` is passed on to `drop`. If `drop`
 * returns -1, so does flp_unique, at once. */
int flp_unique(struct flp_stack *stack,
    int (*drop)(void *context, size_t k, int twice, struct flp_error *e), void *context,
    struct flp_error *e) FLP_CHECKED;

#endif

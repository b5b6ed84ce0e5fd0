/* Which records of a stack occur more than once.
 *
 * Records with the same id are compared by their digests, since anyone can make another
 * record that has a given id (format/id.h). If the digests are equal, the records are copies
 * of one, and one of them stays: the first in the order of flp_entry_compare. If not, none of
 * them stays. Nor does any of several different records whose metadata have the same client.
 * What stays does not depend on the order of the records. A name proves nothing: whoever
 * knows a client's name can send a record under it. */
#ifndef FLP_RULE_UNIQUE_H
#define FLP_RULE_UNIQUE_H

#include "rule/stack.h"

/* Calls `drop` for each record of the stack that does not stay, with the reason in *e;
 * twice = 1 if it is a copy of one that stays. If `drop` returns -1, so does flp_unique. */
int flp_unique(struct flp_stack *stack,
    int (*drop)(void *context, size_t k, int twice, struct flp_error *e), void *context,
    struct flp_error *e) FLP_CHECKED;

#endif

/* The verb unmask, in silo mode (unmask.c) and in fleet mode (unmask_fleet.c). */
#ifndef FL_MASK_UNMASK_H
#define FL_MASK_UNMASK_H

#include "cli.h"
#include "fl-mask/fleet.h"
#include "fl-mask/server.h"

struct mask_unmask_options {
	struct mask_server server;
	struct mask_round_options round;
	struct mask_rule_options rule;
	const char *policy, *graph, *survivors;
	struct cli_list shares, reveals;
	uint64_t max_weight;
	int trust;
};

/* Opens the sum of the survivors of a round, and ends the tool. */
_Noreturn void mask_unmask_fleet(struct mask_unmask_options *o, char **paths);

/* Writes an opened sum, frees it and ends the tool. If it is of statistics, the policy of the party
 * that opens it is applied to its counts. */
_Noreturn void mask_unmask_write(const struct mask_unmask_options *o, struct flp_record *sum,
    struct flp_out *out);

#endif

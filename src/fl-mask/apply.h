/* The options of fl-mask apply, whose two modes are in apply_silo.c and apply_fleet.c. */
#ifndef FL_MASK_APPLY_H
#define FL_MASK_APPLY_H

#include "fl-mask/fleet.h"

struct mask_apply_options {
	struct mask_clients clients;
	struct mask_round_options round;
	struct mask_rule_options rule;
	struct flp_vector vector;
	const char *graph, *instead, *policy;
	struct cli_list left, inbox;
	uint64_t grid, max_weight;
	unsigned weighting;
	int verbose;
};

/* A vector of the model of *v, with the range, grid and weights that the options give. */
struct flp_vector mask_apply_vector(const struct mask_apply_options *o,
    const struct flp_vector *v);

/* Reports values that were cut, even without -v, since cutting changes the sum. */
void mask_apply_report(const struct mask_apply_options *o, const struct flp_vector *v,
    const char *path);

/* mask_apply_silo masks one record for all members of a roster; mask_apply_fleet masks an update
 * for each client of the call. Both end the tool. */
_Noreturn void mask_apply_silo(const struct mask_apply_options *o, char **paths);
_Noreturn void mask_apply_fleet(struct mask_apply_options *o, char **paths);

#endif

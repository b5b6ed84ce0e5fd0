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

/* A vector of the model of *v, with what the options say of it. */
struct flp_vector mask_apply_vector(const struct mask_apply_options *o,
    const struct flp_vector *v);

/* Reports values that were cut, even without -v, since cutting changes the sum. */
void mask_apply_report(const struct mask_apply_options *o, const struct flp_vector *v,
    const char *path);

/* Masks one record for all members of a roster, or an update for each client of a round; ends the
 * tool. */
_Noreturn void mask_apply_silo(const struct mask_apply_options *o, char **paths);
_Noreturn void mask_apply_fleet(struct mask_apply_options *o, char **paths);

#endif

#include "rule/rule.h"

const struct flp_rule_kind flp_rule_sum = {
	.name = "sum",
	.result = "sum",
	.floats = FLP_TREATMENT_EXACT,
	.integers = FLP_TREATMENT_INTEGER,
	.sums = 1,
	.bounded = 1,
};

#include "rule/rule.h"

const struct flp_rule_kind flp_rule_mean = {
	.name = "mean",
	.result = "mean",
	.floats = FLP_TREATMENT_EXACT,
	.integers = FLP_TREATMENT_EQUAL,
	.divides = 1,
	.bounded = 1,
};

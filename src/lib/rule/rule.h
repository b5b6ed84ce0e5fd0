/* Rules: the ways in which many records are made into one. Each kind of rule has a line in
 * FLP_RULES, and is defined as flp_rule_NAME in a file of its own. */
#ifndef FLP_RULE_RULE_H
#define FLP_RULE_RULE_H

#include "format/header.h"

#define FLP_RULES(rule) \
	rule(mean) \
	rule(sum) \
	rule(median) \
	rule(trimmed)

/* How the values of one tensor are combined. For a description it is always
 * FLP_TREATMENT_EQUAL, and for the values of masked records FLP_TREATMENT_MODULAR. For all other
 * floats and integers the rule decides. */
enum flp_treatment {
	FLP_TREATMENT_EQUAL,   /* they must be the same in all records, and are kept */
	FLP_TREATMENT_EXACT,   /* added exactly, divided and rounded once (kernel/exact.h) */
	FLP_TREATMENT_INTEGER, /* added as integers; only the final sum has to fit the dtype */
	FLP_TREATMENT_COLUMN,  /* combined by the rule from all records' values at one place */
	FLP_TREATMENT_MODULAR, /* added modulo 2^bits (kernel/ring.h) */
};

struct flp_rule {
	const struct flp_rule_kind *kind;
	uint64_t argument; /* F in trimmed:F; 0 for a kind without an argument */
};

/* A kind of rule. If `floats` is FLP_TREATMENT_EXACT, records can be added one after the other, and
 * partials are taken; under other kinds neither. */
struct flp_rule_kind {
	const char *name;   /* "mean"; "trimmed:F" if it takes an argument */
	const char *result; /* what messages call the result: "trimmed mean" */
	enum flp_treatment floats, integers;
	int divides; /* 1: records are weighted, and sums are divided by the sum of the weights */
	int sums;    /* 1: the result is a sum; sums, statistics and masked records are taken too */
	int bounded; /* 1: values are added up, so rule/values.h checks their bounds */

	/* Checks that this many records are enough. NULL if any number is. */
	int (*check)(const struct flp_rule *rule, uint64_t records, struct flp_error *e);

	/* For FLP_TREATMENT_COLUMN: makes out[n], of a float dtype, from values[records, n], which it
	 * may change; out[i] is made from values[.][i]. The n values are part of one tensor. The
	 * result must not depend on the order of the records, not even in the sign of a zero. NULL
	 * if the kind combines no values in this way. */
	int (*combine)(const struct flp_rule *rule, double *values, size_t records, size_t n,
	    enum flp_dtype dtype, void *out, struct flp_error *e);
};

/* Reads "mean", "sum", "median" or "trimmed:F", where F is a whole number below 2^63. Anything
 * else is FLP_ERROR_USAGE. */
int flp_rule_parse(struct flp_rule *rule, const char *text, struct flp_error *e) FLP_CHECKED;

/* The names of the kinds, as base/choice.h asks for them. */
const char *flp_rule_name(unsigned index);

/* Writes the text from which flp_rule_parse makes this rule. It is cut if `room` bytes, with the
 * NUL, are too few. */
void flp_rule_print(const struct flp_rule *rule, char *text, size_t room);

/* Returns 1 if records are added up one after the other, 0 if the rule needs all of
 * them at once. */
int flp_rule_adds(const struct flp_rule *rule);

/* How the values of a tensor of a record that is not masked are combined. A dtype of sums counts as
 * a float. */
enum flp_treatment flp_rule_treatment(const struct flp_rule *rule, const struct flp_tensor *t);

#define FLP_RULE(name) extern const struct flp_rule_kind flp_rule_##name;
FLP_RULES(FLP_RULE)

#endif

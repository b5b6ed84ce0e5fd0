/* Rules: how many records are made into one. Each rule has a line in this table, and is
 * defined as flp_rule_NAME in a file of its own. */
#ifndef FLP_RULE_RULE_H
#define FLP_RULE_RULE_H

#include "format/header.h"

#define FLP_RULES(rule) \
	rule(mean) \
	rule(sum) \
	rule(median) \
	rule(trimmed)

/* How the values of one tensor are treated. Those of a description are always
 * FLP_TREATMENT_EQUAL; for floats and for integers the rule decides. */
enum flp_treatment {
	FLP_TREATMENT_EQUAL,   /* the same in all records, and kept */
	FLP_TREATMENT_EXACT,   /* added exactly, divided and rounded once (kernel/exact.h) */
	FLP_TREATMENT_INTEGER, /* added as integers: only the sum has to fit the dtype */
	FLP_TREATMENT_COLUMN,  /* combined by the rule, which sees this value of all records */
	FLP_TREATMENT_MODULAR, /* of masked records: added modulo 2^bits (kernel/ring.h) */
};

struct flp_rule {
	const struct flp_rule_kind *kind;
	uint64_t argument; /* of trimmed:F, 0 where the kind takes none */
};

/* What all rules of a kind share. If floats are added, records may have weights, may be
 * read one after the other, and may be partial sums of other records. */
struct flp_rule_kind {
	const char *name;   /* "mean", with a colon and a letter if it takes an argument */
	const char *result; /* what a message calls the result, "trimmed mean" */
	enum flp_treatment floats, integers;
	int divides; /* exact sums are divided by the weight of all records */
	int sums;    /* the result is a record of kind sum, and sums go in again */
	int bounded; /* values are added up, so rule/values.h checks their bounds */

	/* Checks that so many records are enough; NULL if any number is. */
	int (*check)(const struct flp_rule *rule, uint64_t records, struct flp_error *e);

	/* For FLP_TREATMENT_COLUMN: makes n values of the result, in a float dtype, from the
	 * n values of each record in values[records, n], which it may change. It sees one
	 * stretch of one tensor. The order of the records must not show in the result, not
	 * even in the sign of a zero. NULL if no tensor is treated so. */
	int (*combine)(const struct flp_rule *rule, double *values, size_t records, size_t n,
	    enum flp_dtype dtype, void *out, struct flp_error *e);
};

/* "mean", "sum", "median" or "trimmed:F" with F a whole number; anything else is
 * FLP_ERROR_USAGE. flp_rule_name gives the names of kinds, as base/choice.h says. */
int flp_rule_parse(struct flp_rule *rule, const char *text, struct flp_error *e) FLP_CHECKED;
const char *flp_rule_name(unsigned index);

/* The text from which flp_rule_parse makes the rule; it is cut if it does not fit. */
void flp_rule_print(const struct flp_rule *rule, char *text, size_t room);

/* Returns 1 if records are added up one after the other, 0 if the rule needs all of
 * them at once. */
int flp_rule_adds(const struct flp_rule *rule);

/* How a tensor of a record that is not masked is treated; a dtype of sums counts as its float's. */
enum flp_treatment flp_rule_treatment(const struct flp_rule *rule, const struct flp_tensor *t);

#define FLP_RULE(name) extern const struct flp_rule_kind flp_rule_##name;
FLP_RULES(FLP_RULE)

#endif

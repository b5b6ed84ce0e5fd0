/* Weighted means for tests/exact.py: for each line
 *
 *	IN OUT WEIGHT:VALUE WEIGHT:VALUE ...
 *
 * of standard input, with dtypes IN and OUT and values in C's hexadecimal
 * notation, prints the mean the same way, or "refused: " and why. */
#include "kernel/exact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COPIES 11 /* so that vector code and its remainder both have a part */

static enum flp_dtype
dtype_of(const char *name)
{
	for (enum flp_dtype d = FLP_DTYPE_F64; name != NULL && d <= FLP_DTYPE_BF16; d++)
		if (strcmp(name, flp_dtype_name(d)) == 0)
			return d;
	return 0;
}

/* Adds all WEIGHT:VALUE of the line; -1 when one is refused. */
static int
add_all(struct flp_exact *sums, char **rest, enum flp_dtype in, uint64_t *divisor,
    struct flp_error *e)
{
	double copies[COPIES];
	char values[sizeof copies], *term, *end;

	while ((term = strtok_r(NULL, " \n", rest)) != NULL) {
		uint64_t weight = strtoull(term, &end, 10);

		copies[0] = strtod(end + 1, NULL);
		for (int i = 1; i < COPIES; i++)
			copies[i] = copies[0];
		flp_dtype_from_f64(copies, COPIES, in, values);
		if (flp_exact_add(sums, 0, values, in, COPIES, weight, e) < 0)
			return -1;
		*divisor += weight;
	}
	return 0;
}

static int
mean(struct flp_exact *sums, char *line, struct flp_error *e)
{
	char *rest, *in = strtok_r(line, " \n", &rest), *out = strtok_r(NULL, " \n", &rest);
	enum flp_dtype to = dtype_of(out);
	double result[COPIES];
	char bytes[sizeof result];
	uint64_t divisor = 0;

	if (to == 0)
		return flp_error_usage(e, "a line without two dtypes");
	flp_exact_reset(sums, 0);
	if (add_all(sums, &rest, dtype_of(in), &divisor, e) < 0 ||
	    flp_exact_mean(sums, 0, bytes, to, COPIES, divisor, e) < 0)
		return -1;
	flp_dtype_to_f64(bytes, to, COPIES, result);
	for (int i = 1; i < COPIES; i++)
		if (memcmp(&result[i], &result[0], sizeof result[0]) != 0)
			return flp_error_bad(e, "copy %d differs", i);
	printf("%a\n", result[0]);
	return 0;
}

int
main(void)
{
	struct flp_error e = { 0 };
	struct flp_exact *sums = flp_exact_new(COPIES, &e);
	char *line = NULL;
	size_t cap = 0;

	if (sums == NULL)
		return FLP_ERROR_SYSTEM;
	while (getline(&line, &cap, stdin) > 0)
		if (mean(sums, line, &e) < 0)
			printf("refused: %s\n", e.text);
	free(line);
	flp_exact_free(sums);
	return fflush(stdout) == 0 ? 0 : FLP_ERROR_SYSTEM;
}

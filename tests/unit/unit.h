/* The whole unit test harness: a check that reports where it failed. */
#ifndef FLP_TESTS_UNIT_H
#define FLP_TESTS_UNIT_H

#include <stdio.h>

static int unit_checks, unit_failures;

#define CHECK(ok, ...) do { \
	unit_checks++; \
	if (!(ok)) { \
		if (unit_failures++ < 20) { \
			fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #ok); \
			fprintf(stderr, __VA_ARGS__); \
			fputc('\n', stderr); \
		} \
	} \
} while (0)

/* The last line of each main. */
static inline int
unit_done(void)
{
	printf("%d checks, %d failed\n", unit_checks, unit_failures);
	return unit_failures > 0 || unit_checks == 0;
}

#endif

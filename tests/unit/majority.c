/* data/majority against counting every value. */
#include "data/majority.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define ROWS 40
#define COLUMNS 5

static float x[ROWS * COLUMNS];
static uint8_t bytes[ROWS * COLUMNS], missing[ROWS * COLUMNS];

static int
here(const struct flp_dataset *set, size_t row, size_t column)
{
	return row < set->n && !(set->missing != NULL && missing[row * COLUMNS + column]);
}

/* How many rows have another value than the one that more than half have. */
static uint64_t
others(const struct flp_dataset *set, size_t column, double *value)
{
	uint64_t n = 0;

	for (size_t i = 0; i < set->n; i++)
		n += (uint64_t)here(set, i, column);
	for (size_t i = 0; i < set->n; i++) {
		uint64_t same = 0;

		for (size_t k = 0; here(set, i, column) && k < set->n; k++)
			same += here(set, k, column) && x[k * COLUMNS + column] == x[i * COLUMNS + column];
		if (2 * same > n) {
			*value = (double)x[i * COLUMNS + column];
			return n - same;
		}
	}
	return UINT64_MAX;
}

static void
check_few(const struct flp_majority *m, const struct flp_dataset *set, size_t column)
{
	uint64_t n[8] = { 0 };
	unsigned distinct = 0;

	for (size_t i = 0; i < set->n; i++)
		if (here(set, i, column))
			distinct += n[bytes[i * COLUMNS + column]]++ == 0;
	CHECK(m->distinct == (distinct > FLP_MAJORITY_FEW ? FLP_MAJORITY_FEW + 1 : distinct), "%u", distinct);
	for (unsigned k = 0; m->distinct <= FLP_MAJORITY_FEW && k < m->distinct; k++)
		CHECK(m->few[k].n == n[(size_t)m->few[k].value], "%u of %u", k, distinct);
}

static void
fill(unsigned values)
{
	for (size_t i = 0; i < ROWS * COLUMNS; i++) {
		bytes[i] = (uint8_t)((unsigned)rand() % 3 == 0 ? (unsigned)rand() % values : 0);
		x[i] = bytes[i];
		missing[i] = (unsigned)rand() % 4 == 0;
	}
}

int
main(void)
{
	struct flp_majority found[COLUMNS];
	struct flp_error e;

	srand(1);
	for (int round = 0; round < 2000; round++) {
		struct flp_dataset set = { .n = (size_t)rand() % (ROWS + 1), .d = COLUMNS };

		fill(1 + (unsigned)round % 7);
		set.x_f32 = round % 2 ? x : NULL;
		set.x_u8 = round % 2 ? NULL : bytes;
		set.missing = round % 3 ? missing : NULL;
		CHECK(flp_majority_of(found, &set, &e) == 0, "%s", e.text);
		for (size_t j = 0; j < COLUMNS; j++) {
			double value = 0;
			uint64_t want = others(&set, j, &value);

			check_few(&found[j], &set, j);
			CHECK(found[j].others == want, "round %d, column %zu", round, j);
			CHECK(want == UINT64_MAX || found[j].value == value, "round %d, column %zu", round, j);
		}
	}
	return unit_done();
}

#include "data/majority.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* The values of a row as doubles. */
static void
row_values(double *to, const struct flp_dataset *set, size_t row)
{
	for (size_t j = 0; j < set->d; j++)
		to[j] = set->x_f32 != NULL ? (double)set->x_f32[row * set->d + j] :
		    set->x_u8[row * set->d + j];
}

static int
lacks(const struct flp_dataset *set, size_t row, size_t column)
{
	return set->missing != NULL && set->missing[row * set->d + column];
}

static void
note(struct flp_majority *m, double x)
{
	unsigned k = 0;

	while (k < m->distinct && k < FLP_MAJORITY_FEW && m->few[k].value != x)
		k++;
	if (k == FLP_MAJORITY_FEW) {
		m->distinct = FLP_MAJORITY_FEW + 1;
	} else {
		m->few[k].value = x;
		m->few[k].n++;
		if (k == m->distinct)
			m->distinct++;
	}
}

/* Leaves the candidates in to[].value. */
static void
vote(struct flp_majority *to, double *x, uint64_t *votes, const struct flp_dataset *set)
{
	for (size_t i = 0; i < set->n; i++) {
		row_values(x, set, i);
		for (size_t j = 0; j < set->d; j++) {
			if (lacks(set, i, j))
				continue;
			if (votes[j] == 0)
				to[j].value = x[j];
			if (to[j].distinct <= FLP_MAJORITY_FEW)
				note(&to[j], x[j]);
			votes[j] += to[j].value == x[j] ? 1 : -UINT64_C(1);
		}
	}
}

static void
count(struct flp_majority *to, double *x, uint64_t *same, const struct flp_dataset *set)
{
	memset(same, 0, set->d * sizeof *same);
	for (size_t i = 0; i < set->n; i++) {
		row_values(x, set, i);
		for (size_t j = 0; j < set->d; j++) {
			int here = !lacks(set, i, j), equal = here && to[j].value == x[j];

			same[j] += (uint64_t)equal;
			to[j].others += (uint64_t)(here && !equal);
		}
	}
	for (size_t j = 0; j < set->d; j++)
		if (same[j] <= to[j].others)
			to[j].others = UINT64_MAX;
}

int
flp_majority_of(struct flp_majority *to, const struct flp_dataset *set, struct flp_error *e)
{
	double *x = flp_memory_new(set->d, sizeof *x, e);
	uint64_t *votes = x == NULL ? NULL : flp_memory_new(set->d, sizeof *votes, e);

	memset(to, 0, set->d * sizeof *to);
	if (votes != NULL) {
		vote(to, x, votes, set);
		count(to, x, votes, set);
	}
	free(x);
	free(votes);
	return votes == NULL ? -1 : 0;
}

#include "data/holdout.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdlib.h>
#include <string.h>

/* A row's labels and its place among the rows. */
struct label {
	uint32_t group, class, at;
};

/* Places from..to of the sorted places, of which `take` are held out. */
struct stratum {
	size_t from, to, take;
	uint64_t rest; /* of the share, which take was rounded down from */
};

int
flp_holdout_parse(struct flp_holdout *holdout, const char *text, struct flp_error *e)
{
	double f;

	memset(holdout, 0, sizeof *holdout);
	if (strncmp(text, "every:", 6) == 0) {
		if (flp_number_u64(text + 6, strlen(text + 6), &holdout->every) < 0 ||
		    holdout->every < 2)
			return flp_error_usage(e, "every: expected a whole number, 2 at least, "
			    "found \"%s\"", text + 6);
		return 0;
	}
	if (flp_number_f64(text, strlen(text), &f) < 0 || !(f > 0 && f < 1))
		return flp_error_usage(e, "expected every:N or a number between 0 and 1, "
		    "found \"%s\"", text);
	holdout->fraction = (uint64_t)(f * 0x1p63);
	return 0;
}

int
flp_holdout_some(const struct flp_holdout *holdout)
{
	return holdout->every > 0 || holdout->fraction > 0;
}

static int
by_label(const void *a, const void *b)
{
	const struct label *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* The places of the rows by group, then class, and the strata these make. */
static int
find_strata(const struct flp_dataset *set, const uint32_t *row, size_t n, uint32_t *place,
    struct stratum *strata, size_t *count, struct flp_error *e)
{
	struct label *label = flp_memory_new(n, sizeof *label, e);

	if (label == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		label[i].group = set->group != NULL ? set->group[row[i]] : 0;
		label[i].class = set->classes != NULL ? set->classes[row[i]] : 0;
		label[i].at = (uint32_t)i;
	}
	qsort(label, n, sizeof *label, by_label);
	*count = 0;
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || label[i].group != label[i - 1].group ||
		    label[i].class != label[i - 1].class)
			strata[(*count)++].from = i;
		strata[*count - 1].to = i + 1;
		place[i] = label[i].at;
	}
	free(label);
	return 0;
}

static int
by_rest(const void *a, const void *b)
{
	const struct stratum *x = a, *y = b;

	if (x->rest != y->rest)
		return x->rest < y->rest ? 1 : -1;
	return (x->from > y->from) - (x->from < y->from);
}

static uint64_t
share(uint64_t fraction, size_t n, uint64_t *rest)
{
	unsigned __int128 exact = (unsigned __int128)fraction * n;

	*rest = (uint64_t)exact & (((uint64_t)1 << FLP_HOLDOUT_BITS) - 1);
	return (uint64_t)(exact >> FLP_HOLDOUT_BITS);
}

/* Largest remainder. The rests add up to no more than there are strata with
 * one, and a stratum with a rest has a row to spare. */
static void
apportion(struct stratum *strata, size_t count, size_t n, uint64_t fraction)
{
	uint64_t rest, total = share(fraction, n, &rest);

	total += rest >> (FLP_HOLDOUT_BITS - 1);
	for (size_t i = 0; i < count; i++) {
		struct stratum *s = &strata[i];

		s->take = (size_t)share(fraction, s->to - s->from, &s->rest);
		total -= s->take;
	}
	qsort(strata, count, sizeof *strata, by_rest);
	for (size_t i = 0; i < total; i++)
		strata[i].take++;
}

/* Marks what goes; the places of a stratum may be shuffled. */
static void
mark(const struct flp_holdout *holdout, uint32_t *place, const struct stratum *s,
    struct flp_random *r, uint8_t *gone)
{
	size_t m = s->to - s->from;

	if (holdout->every > 0) {
		for (size_t i = 0; i < m; i++)
			gone[place[s->from + i]] = (i + 1) % holdout->every == 0;
		return;
	}
	flp_random_shuffle(r, place + s->from, m);
	for (size_t i = 0; i < s->take; i++)
		gone[place[s->from + i]] = 1;
}

int
flp_holdout_take(const struct flp_holdout *holdout, const struct flp_dataset *set,
    uint32_t *row, size_t *n, uint32_t *held, size_t *held_n, struct flp_random *r,
    struct flp_error *e)
{
	struct stratum *strata = NULL;
	uint32_t *place = NULL;
	uint8_t *gone = NULL;
	size_t count, kept = 0;
	int status = -1;

	*held_n = 0;
	if (!flp_holdout_some(holdout))
		return 0;
	if ((place = flp_memory_new(*n, sizeof *place, e)) == NULL ||
	    (strata = flp_memory_new(*n, sizeof *strata, e)) == NULL ||
	    (gone = flp_memory_new(*n, 1, e)) == NULL ||
	    find_strata(set, row, *n, place, strata, &count, e) < 0)
		goto out;
	if (holdout->fraction > 0)
		apportion(strata, count, *n, holdout->fraction);
	for (size_t i = 0; i < count; i++)
		mark(holdout, place, &strata[i], r, gone);
	for (size_t i = 0; i < *n; i++)
		if (gone[i])
			held[(*held_n)++] = row[i];
		else
			row[kept++] = row[i];
	*n = kept;
	status = 0;
out:
	free(place);
	free(strata);
	free(gone);
	return status;
}

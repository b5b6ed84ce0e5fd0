#include "privacy/spending.h"
#include "base/choice.h"
#include "base/memory.h"
#include "base/number.h"
#include "privacy/release.h"
#include "privacy/steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With noise of fewer steps, only what is proved for noise on whole numbers is used. */
#define PROVED ((uint64_t)1 << 10)

void
flp_spending_free(struct flp_spending *s)
{
	free(s->spent);
	flp_texts_free(&s->cohorts);
	memset(s, 0, sizeof *s);
}

static int
missing(const char *key, struct flp_error *e)
{
	return flp_error_bad(e, "metadata: %s: expected in a noised record, found nothing", key);
}

static int
get_u64(const struct flp_meta *m, const char *key, uint64_t least, uint64_t most,
    uint64_t *value, struct flp_error *e)
{
	int status = flp_meta_u64(m, key, least, most, value, e);

	return status > 0 ? 0 : status < 0 ? -1 : missing(key, e);
}

static int
get_f64(const struct flp_meta *m, const char *key, double *value, struct flp_error *e)
{
	size_t n;
	const char *text = flp_meta_get(m, key, &n);

	if (text == NULL)
		return missing(key, e);
	return flp_number_f64(text, n, value) == 0 && *value > 0 ? 0 : flp_error_bad(e,
	    "metadata: %s: expected a number above 0, found %.*s", key, (int)(n < 80 ? n : 80), text);
}

/* The index of a key's value among the names of a choice. */
static int
get_name(const struct flp_meta *m, const char *key, const char *(*name)(unsigned),
    unsigned *index, struct flp_error *e)
{
	size_t n;
	const char *text = flp_meta_get(m, key, &n);
	int found;

	if (text == NULL)
		return missing(key, e);
	if ((found = flp_choice_find(name, text, n)) < 0)
		return flp_error_bad(e, "metadata: %s: expected a known name, found %.*s", key,
		    (int)(n < 80 ? n : 80), text);
	*index = (unsigned)found;
	return 0;
}

/* Reads the mechanism, which must be one of the distributions that releases can have. */
static int
get_mechanism(const struct flp_meta *m, struct flp_spent *spent, struct flp_error *e)
{
	const char *name;
	unsigned noise = 0;

	if (get_name(m, "mechanism", flp_noise_name, &noise, e) < 0)
		return -1;
	name = flp_noise_name(noise);
	spent->mechanism = flp_mechanism_get((unsigned)flp_choice_find(flp_mechanism_name, name,
	    strlen(name)));
	return 0;
}

/* Checks who added the noise, and that it is meant to hide all of one client's data. */
static int
check_place(const struct flp_meta *m, struct flp_error *e)
{
	unsigned place = 0;
	size_t n;

	if (get_name(m, "place", flp_place_name, &place, e) < 0)
		return -1;
	if (place != FLP_PLACE_LOCAL && flp_meta_is(m, "mechanism", "laplace"))
		return flp_error_bad(e, "metadata: place: expected local with laplace noise, found %s",
		    flp_place_name(place));
	if (place == FLP_PLACE_LOCAL && flp_meta_expect(m, "adjacency", "replace", 7, e) < 0)
		return flp_error_add(e, "noise is local");
	return flp_meta_get(m, "unit", &n) == NULL ? missing("unit", e) :
	    flp_meta_expect(m, "unit", "client", 6, e);
}

/* Computes z, the noise divided by the clip norm, rounded down. Without votes it is sigma g / C.
 * With votes it is less: the updates and the votes are one release with more coordinates, so
 * 1 / z^2 is the sum of 1 / z^2 for each of them. */
static int
get_noise(const struct flp_meta *m, struct flp_spent *spent, struct flp_error *e)
{
	uint64_t sigma, votes = 0;
	struct flp_lattice lattice;
	double z, count;
	int status;
	size_t n;

	if (get_u64(m, "noise", 1, FLP_SIGMA_MOST, &sigma, e) < 0 ||
	    flp_steps_lattice(&lattice, m, e) < 0)
		return -1;
	if ((status = flp_meta_u64(m, "noise.count", 1, FLP_SIGMA_MOST, &votes, e)) < 0)
		return -1;
	if (status == 0 && flp_meta_get(m, "clip.next", &n) != NULL)
		return missing("noise.count", e);
	z = (double)sigma * lattice.step / lattice.clip;
	if (status > 0) {
		count = (double)votes / FLP_ADAPT_VOTE;
		z = 1 / sqrt(1 / (z * z) + 1 / (count * count));
	}
	spent->noise = z * (1 - 0x1p-50);
	spent->proved = sigma < PROVED || (status > 0 && votes < PROVED);
	return 0;
}

/* Reads how the cohort was drawn. If the keys do not say, all clients took part. */
static int
get_sampling(const struct flp_meta *m, struct flp_spent *spent, struct flp_error *e)
{
	uint64_t size, population;
	unsigned scheme = 0;
	size_t n;

	spent->sampling = FLP_SAMPLING_NONE;
	spent->rate = 1;
	if (flp_meta_is(m, "place", "local") || flp_meta_get(m, "scheme", &n) == NULL)
		return 0;
	if (get_name(m, "scheme", flp_sampling_name, &scheme, e) < 0)
		return -1;
	if (!flp_meta_is(m, "seed", "secret") || flp_meta_get(m, "cohort", &n) == NULL)
		return flp_error_bad(e, "metadata: seed, cohort: expected a cohort that was drawn in "
		    "secret, found none");
	spent->sampling = scheme;
	if (scheme == FLP_SAMPLING_POISSON)
		return get_f64(m, "rate", &spent->rate, e);
	if (get_u64(m, "size", 1, UINT32_MAX, &size, e) < 0 ||
	    get_u64(m, "population", size, UINT64_MAX, &population, e) < 0)
		return -1;
	spent->rate = (double)size / (double)population;
	if (fma(spent->rate, (double)population, -(double)size) < 0) /* it was rounded down */
		spent->rate = nextafter(spent->rate, 1);
	return 0;
}

static int
read_spent(const struct flp_meta *m, struct flp_spent *spent, struct flp_error *e)
{
	unsigned adjacency = 0;

	*spent = (struct flp_spent){ .steps = 1 };
	if (get_mechanism(m, spent, e) < 0 ||
	    get_name(m, "adjacency", flp_adjacency_name, &adjacency, e) < 0 ||
	    get_noise(m, spent, e) < 0 || get_sampling(m, spent, e) < 0 || check_place(m, e) < 0)
		return -1;
	spent->adjacency = adjacency;
	return flp_spent_check(spent, e);
}

static int
same(const struct flp_spent *a, const struct flp_spent *b)
{
	return a->mechanism == b->mechanism && a->noise == b->noise && a->rate == b->rate &&
	    a->adjacency == b->adjacency && a->sampling == b->sampling && a->proved == b->proved;
}

/* Two releases of one draw of a cohort are not two samples. */
static int
add_cohort(struct flp_spending *s, const struct flp_meta *release, struct flp_error *e)
{
	size_t n;
	const char *cohort = flp_meta_get(release, "cohort", &n);

	if (flp_texts_find(&s->cohorts, cohort, n) >= 0)
		return flp_error_bad(e, "metadata: cohort: expected one release of it, found a second");
	return flp_texts_add(&s->cohorts, cohort, n, SIZE_MAX, e);
}

int
flp_spending_add(struct flp_spending *s, const struct flp_meta *release, struct flp_error *e)
{
	struct flp_spent one;
	size_t n;

	if (read_spent(release, &one, e) < 0 ||
	    (one.sampling != FLP_SAMPLING_NONE && add_cohort(s, release, e) < 0))
		return -1;
	s->insecure |= flp_meta_get(release, "insecure", &n) != NULL;
	s->central |= !flp_meta_is(release, "place", "local");
	for (size_t i = 0; i < s->n; i++)
		if (same(&s->spent[i], &one)) {
			s->spent[i].steps++;
			return 0;
		}
	if (flp_memory_grow(&s->spent, &s->room, s->n + 1, sizeof *s->spent, e) < 0)
		return -1;
	s->spent[s->n++] = one;
	return 0;
}

int
flp_spending_ledger(struct flp_spending *s, const struct flp_log *ledger, struct flp_error *e)
{
	for (size_t i = 0; i < ledger->lines; i++)
		if (flp_spending_add(s, &ledger->line[i], e) < 0)
			return flp_error_at(e, "%s: line %zu", ledger->file.path, i + 2);
	return 0;
}

/* Noise that can be drawn again protects nothing, so epsilon is infinite, or delta is 1. */
static void
insecure(struct flp_plan *plan, struct flp_cost *cost)
{
	cost->rdp = cost->pld = cost->epsilon = INFINITY;
	plan->epsilon = plan->unknown == 'e' ? INFINITY : plan->epsilon;
	plan->delta = plan->unknown == 'd' ? 1 : plan->delta;
}

int
flp_spending_solve(struct flp_spending *s, struct flp_plan *plan, int proved,
    struct flp_cost *cost, struct flp_error *e)
{
	int replace = 0;

	for (size_t i = 0; i < s->n; i++)
		replace |= s->spent[i].adjacency == FLP_ADJACENCY_REPLACE;
	for (size_t i = 0; i < s->n; i++) {
		s->spent[i].proved |= proved;
		if (replace)
			s->spent[i].adjacency = FLP_ADJACENCY_REPLACE;
	}
	plan->spent = s->spent;
	plan->n = s->n;
	if (flp_plan_solve(plan, cost, e) < 0)
		return -1;
	if (s->insecure)
		insecure(plan, cost);
	return 0;
}

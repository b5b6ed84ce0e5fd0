#include "mask/finder.h"

#include <math.h>

/* When a fraction is turned into a number of clients, it is first raised a little, so that
 * rounding never helps an attacker. */
#define SLIGHT 1e-14
#define MOST_LOST .9       /* of the clients */
#define FAILURE 0x1p-20    /* the chance that too few neighbours stay */
#define NEGLIGIBLE 0x1p-220 /* of the likeliest count: what is less likely is not summed */
#define ADVICE "give a smaller share or more clients"

uint64_t
flp_finder_lost(double share, uint64_t n)
{
	return (uint64_t)floor((share + SLIGHT) * (double)n);
}

/* The distribution of how many of k clients, drawn from n, are among m marked ones. */
struct draw {
	double n, m, k;
};

/* The probability of x + 1, divided by that of x. */
static double
rise(const struct draw *d, double x)
{
	return (d->m - x) * (d->k - x) / ((x + 1) * (d->n - d->m - d->k + x + 1));
}

static double
least(const struct draw *d)
{
	return fmax(0, d->m + d->k - d->n);
}

static double
greatest(const struct draw *d)
{
	return fmin(d->m, d->k);
}

static double
likeliest(const struct draw *d)
{
	double mode = floor((d->k + 1) * (d->m + 1) / (d->n + 2));

	return fmin(fmax(mode, least(d)), greatest(d));
}

/* The greatest count above the mode, or the least below it, whose probability is not negligible.
 * Sets *chance to that probability divided by the mode's, and adds those of the counts between to
 * *total. */
static double
far_end(const struct draw *d, int up, double *chance, double *total)
{
	double x = likeliest(d), c = 1, next;

	for (;; x += up ? 1 : -1) {
		next = c;
		if (up ? x >= greatest(d) : x <= least(d))
			break;
		next = up ? c * rise(d, x) : c / rise(d, x - 1);
		if (next < NEGLIGIBLE)
			break;
		c = next;
		*total += c;
	}
	*chance = c;
	return x;
}

/* The least count that is exceeded with a probability of at most p. It sums from the far end, where
 * the probabilities are small, so that none is lost to rounding. */
static double
upper(const struct draw *d, double p)
{
	double total = 1, c, low, x, tail = 0;

	far_end(d, 0, &low, &total);
	for (x = far_end(d, 1, &c, &total); x > least(d); x--) {
		tail += c;
		if (tail > p * total)
			return x;
		c /= rise(d, x - 1);
	}
	return x;
}

/* The least count that is not exceeded with a probability of at least p. */
static double
lower(const struct draw *d, double p)
{
	double total = 1, c, high, x, tail = 0;

	far_end(d, 1, &high, &total);
	for (x = far_end(d, 0, &c, &total); x < greatest(d); x++) {
		tail += c;
		if (tail >= p * total)
			return x;
		c *= rise(d, x);
	}
	return x;
}

/* By how much t1 is too great for t2, for k neighbours; 0 if it is not. */
static double
lack(const struct flp_finder *f, double k, double *threshold)
{
	const double n = (double)f->n, chance = ldexp(1, -(int)f->security - 1) / n;
	struct draw corrupt = { .n = n, .m = (double)flp_finder_lost(f->corrupt, f->n), .k = k };
	struct draw staying = { .n = n, .m = ceil((1 - f->dropout - SLIGHT) * n), .k = k };
	double t1 = upper(&corrupt, chance), t2 = lower(&staying, FAILURE / n);

	if (!f->curious)
		t1 = ceil((t1 + k - 1.25) / 2);
	*threshold = fmax(t1 + 1, 2);
	return fmax(t1 + 1 - t2, 0);
}

/* The least even k for which the lost clients split the ring only with a small probability. To
 * split it, they need two gaps of k / 2 successive clients. The probability that k given clients
 * are all lost is the product of (gone - i) / (n - i). */
static double
connected(const struct flp_finder *f)
{
	const double n = (double)f->n, most = -log(2) * (f->security + 1);
	double gone = (double)(flp_finder_lost(f->corrupt, f->n) + flp_finder_lost(f->dropout, f->n));
	double all = 0, k;

	for (k = 2; k < n - 1 && k <= gone; k += 2) {
		all += log((gone - k + 2) / (n - k + 2)) + log((gone - k + 1) / (n - k + 1));
		if (log(n) + log(n - k - 1) - log(2) + all < most)
			break;
	}
	return k;
}

/* Two more neighbours raise t2 by at most two, and do not lower t1. Against a server that lies,
 * t1 is half of a sum that contains k, so two more neighbours raise it by at least one. The amount
 * that is lacking therefore says how many values of k can be skipped. */
static int
search(struct flp_finder *f, struct flp_error *e)
{
	const double n = (double)f->n;
	double threshold, lacking;

	for (double k = connected(f); k < n - 1;) {
		lacking = lack(f, k, &threshold);
		if (lacking == 0) {
			f->degree = (uint64_t)k;
			f->threshold = (uint64_t)threshold;
			return 0;
		}
		k += 2 * (f->curious ? ceil(lacking / 2) : lacking);
	}
	return flp_error_bad(e, "expected a threshold that is above the number of corrupt neighbours "
	    "and that the remaining neighbours can reach, found none for %llu clients (--corrupt %g, "
	    "--dropout %g): " ADVICE, (unsigned long long)f->n, f->corrupt, f->dropout);
}

/* A server that shows clients two different sets gets one answer from each honest client, and two
 * from each corrupt one. It needs 2 t answers to open both sums, so 2 t must be more than n plus
 * the number of corrupt clients. */
static int
complete(struct flp_finder *f, struct flp_error *e)
{
	const uint64_t t = 2 * f->n / 3 + 1, bad = flp_finder_lost(f->corrupt, f->n);
	const uint64_t bears = f->n - t, safe = f->curious ? t - 1 : 2 * t - f->n - 1;

	f->degree = f->n - 1;
	f->threshold = t;
	if (flp_finder_lost(f->dropout, f->n) > bears)
		return flp_error_bad(e, "expected at most %llu of %llu clients to drop out, since "
		    "%llu must open the sum, found a share of %g: " ADVICE, (unsigned long long)bears,
		    (unsigned long long)f->n, (unsigned long long)t, f->dropout);
	if (bad > safe)
		return flp_error_bad(e, "expected at most %llu of %llu clients to be corrupt, since "
		    "%llu can open the sum, found a share of %g: " ADVICE, (unsigned long long)safe,
		    (unsigned long long)f->n, (unsigned long long)t, f->corrupt);
	return 0;
}

static int
check(const struct flp_finder *f, struct flp_error *e)
{
	double both = f->corrupt + (f->curious ? 1 : 2) * f->dropout;

	if (f->n < FLP_FINDER_LEAST || f->n > FLP_FINDER_MOST)
		return flp_error_bad(e, "expected %d to %d clients, found %llu", FLP_FINDER_LEAST,
		    FLP_FINDER_MOST, (unsigned long long)f->n);
	if (!(f->corrupt >= 0 && f->corrupt < 1) || !(f->dropout >= 0 && f->dropout < 1))
		return flp_error_bad(e, "expected shares of the clients from 0 to below 1, found %g "
		    "corrupt, %g dropping out", f->corrupt, f->dropout);
	if (f->security < 1 || f->security > FLP_FINDER_SECURITY_MOST)
		return flp_error_bad(e, "expected a security of 1 to %d bits, found %u",
		    FLP_FINDER_SECURITY_MOST, f->security);
	if (both > MOST_LOST + SLIGHT)
		return flp_error_bad(e, "expected the corrupt share of the clients and %sthe share "
		    "that drops out to add up to at most %g, found %g", f->curious ? "" : "twice ",
		    MOST_LOST, both);
	return 0;
}

int
flp_finder_find(struct flp_finder *f, struct flp_error *e)
{
	if (check(f, e) < 0)
		return -1;
	return f->n < FLP_FINDER_COMPLETE ? complete(f, e) : search(f, e);
}

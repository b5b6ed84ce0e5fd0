#include "privacy/adapt.h"
#include "base/number.h"
#include "kernel/lattice.h"

#include <math.h>
#include <string.h>

#define DIGITS 9 /* of the C that everybody reads */

static int
in_range(const struct flp_adapt *a, double clip)
{
	return clip >= a->least && clip <= a->most;
}

/* Reads a norm of n bytes. */
static int
read_norm(const char *text, size_t n, double *norm)
{
	return flp_number_f64(text, n, norm) == 0 && *norm >= FLP_LATTICE_CLIP_LEAST &&
	    *norm <= FLP_LATTICE_CLIP_MOST ? 0 : -1;
}

int
flp_adapt_range(struct flp_adapt *a, const char *range, double clip, struct flp_error *e)
{
	size_t n = strcspn(range, ":");

	if (range[n] == '\0' || read_norm(range, n, &a->least) < 0 ||
	    read_norm(range + n + 1, strlen(range + n + 1), &a->most) < 0 || a->least > a->most)
		return flp_error_usage(e, "option --adapt-range: expected LOW:HIGH with norms of %g to "
		    "%g, found \"%s\"", FLP_LATTICE_CLIP_LEAST, FLP_LATTICE_CLIP_MOST, range);
	if (!in_range(a, clip))
		return flp_error_usage(e, "option --clip: expected %.9g to %.9g (--adapt-range), "
		    "found %.9g", a->least, a->most, clip);
	a->on = 1;
	return 0;
}

int
flp_adapt_model(struct flp_adapt *a, const struct flp_meta *model,
    const struct flp_digest *digest, double *clip, struct flp_error *e)
{
	size_t n;
	const char *text = flp_meta_get(model, "clip.next", &n);

	flp_digest_text(digest, a->base);
	if (text == NULL)
		return 0;
	if (flp_number_f64(text, n, clip) < 0 || !in_range(a, *clip))
		return flp_error_bad(e, "metadata: clip.next: expected %.9g to %.9g (--adapt-range), "
		    "found %.*s", a->least, a->most, (int)(n < 80 ? n : 80), text);
	return 0;
}

/* The noise of the votes is a whole number of steps, so y is computed from the s that this noise
 * really has. The product of sum and difference loses no digits where z is close to s, and the
 * factor makes up for the rounding of a few doubles. */
int
flp_adapt_noise(struct flp_adapt *a, uint64_t clients, double z, double *update,
    struct flp_error *e)
{
	double s = fmin((double)clients / 10, FLP_ADAPT_NOISE_MOST);

	if (!(z < s) && s < FLP_ADAPT_NOISE_MOST)
		return flp_error_usage(e, "option --adapt-clients: expected more than %.9g clients, 10 "
		    "times --noise, found %llu", 10 * z, (unsigned long long)clients);
	if (!(z < s))
		return flp_error_usage(e, "option --noise: expected less than %g under --adapt, found "
		    "%.9g", FLP_ADAPT_NOISE_MOST, z);
	a->clients = clients;
	a->sigma = s < FLP_ADAPT_NOISE_MOST ? (clients * FLP_ADAPT_VOTE + 9) / 10 : FLP_SIGMA_MOST;
	flp_gaussian_begin(&a->gaussian, a->sigma);
	s = (double)a->sigma / FLP_ADAPT_VOTE;
	*update = z * s / sqrt((s - z) * (s + z)) * (1 + 0x1p-48);
	return 0;
}

double
flp_adapt_share(int64_t sum, uint64_t clients)
{
	return 0.5 + (double)sum / (2.0 * FLP_ADAPT_VOTE) / (double)clients;
}

double
flp_adapt_next(double clip, double share, double gamma, double eta)
{
	return clip * exp(-eta * (share - gamma));
}

int
flp_adapt_looked(struct flp_adapt *a, double clip, struct flp_stream *s,
    struct flp_meta *result, struct flp_error *e)
{
	int64_t sum = a->sum + flp_gaussian_draw(&a->gaussian, s);
	double next = flp_adapt_next(clip, flp_adapt_share(sum, a->clients), FLP_ADAPT_GAMMA,
	    FLP_ADAPT_ETA);

	next = fmax(a->least, fmin(a->most, flp_number_above(next, DIGITS)));
	return flp_meta_set_f64(result, "clip.next", next, e);
}

#include "privacy/release.h"
#include "format/keys.h"
#include "kernel/quantise.h"

#include <math.h>
#include <string.h>

#define STEPS_MOST ((int64_t)1 << 53) /* an f64 represents every whole number up to this */

/* ceil(z C / g) of the doubles z and C, exactly: fma gives what the product lost in rounding. */
static double
ceil_product(double z, const struct flp_lattice *l)
{
	double steps = l->clip / l->step, product = z * steps, sigma = ceil(product);

	return sigma == product && fma(z, steps, -product) > 0 ? sigma + 1 : sigma;
}

static int
begin(struct flp_release *r, struct flp_out *out, struct flp_error *e)
{
	double z = r->z, sigma;

	if (r->adapt.on && z > 0 && flp_adapt_noise(&r->adapt, r->adapt_clients, r->z, &z, e) < 0)
		return -1;
	sigma = ceil_product(z, &r->clip.lattice);
	if (!(sigma <= (double)FLP_SIGMA_MOST))
		return flp_error_usage(e, "option --noise: expected noise of at most 2^28 steps, found "
		    "%.4g; a smaller --grid has larger steps", sigma);
	r->sigma = (uint64_t)sigma;
	if (flp_site_clip(r->guard.site, r->clip.lattice.clip, e) < 0)
		return -1;
	if (r->sigma == 0)
		return 0;
	flp_gaussian_begin(&r->gaussian, r->sigma);
	if ((r->seeded ? flp_stream_seeded(&r->stream, r->seed, e) :
	    flp_stream_secret(&r->stream, e)) < 0)
		return -1;
	return flp_guard_begin(&r->guard, out, e);
}

/* The values of a block as steps. */
static int
take_steps(struct flp_release *r, struct flp_blocks *b, double *steps, struct flp_error *e)
{
	size_t where;

	if (!r->ready) {
		flp_clip_steps(&r->clip, b, steps);
		return 0;
	}
	where = flp_quantise_exact(flp_blocks_f64(b), r->clip.lattice.step, b->n, steps);
	return where == b->n ? 0 : flp_error_bad(e, "tensor %s: value %llu: expected a multiple of "
	    "the step 2^%d (clip, grid), of at most 2^53 steps", b->header->tensor[b->tensor].name,
	    (unsigned long long)(b->at + where), r->clip.lattice.exponent);
}

static int
look(void *context, struct flp_blocks *b, struct flp_error *e)
{
	struct flp_release *r = context;
	double steps[FLP_BLOCKS_N];

	if (flp_adapt_takes(&r->adapt, b))
		return flp_adapt_look(&r->adapt, b, e);
	if (r->kind != FLP_KIND_SUM || !flp_dtype_is_float(b->header->tensor[b->tensor].dtype))
		return flp_clip_look(&r->clip, b, e);
	return take_steps(r, b, steps, e);
}

/* Checks that the footer, which comes after the values, has no key that belongs in the header. */
static int
check_footer(const struct flp_release *r, struct flp_error *e)
{
	const struct flp_meta *footer = flp_reader_footer(r->in->reader);
	static const char *const early[] = { "clients", "weighting", "of" };
	struct flp_meta ledger = { 0 };
	size_t n;
	int some;

	if (flp_meta_copy_keys(&ledger, footer, FLP_KEY_LEDGER, e) < 0)
		return -1;
	some = ledger.n > 0;
	flp_meta_free(&ledger);
	for (size_t i = 0; i < sizeof early / sizeof *early; i++)
		some |= flp_meta_get(footer, early[i], &n) != NULL;
	return some ? flp_error_bad(e, "footer: expected none of the keys that say what the record "
	    "is and how it was clipped or noised") : 0;
}

static int
looked(void *context, struct flp_header *h, struct flp_error *e)
{
	struct flp_release *r = context;
	int again;

	if (check_footer(r, e) < 0)
		return -1;
	if (r->kind == FLP_KIND_SUM)
		return r->adapt.on ? flp_adapt_looked(&r->adapt, r->clip.lattice.clip, &r->stream,
		    &h->meta, e) : 0;
	if ((again = flp_clip_looked(&r->clip, e)) == 0)
		r->adapt.below = flp_clip_below(&r->clip);
	return again;
}

static int
add_noise(struct flp_release *r, struct flp_blocks *b, double *steps, struct flp_error *e)
{
	for (size_t i = 0; i < b->n; i++) {
		int64_t k = (int64_t)steps[i] + (r->mechanism == FLP_NOISE_LAPLACE ?
		    flp_laplace_draw(r->sigma, &r->stream) :
		    flp_gaussian_draw(&r->gaussian, &r->stream));

		if (k > STEPS_MOST || k < -STEPS_MOST)
			return flp_error_bad(e, "tensor %s: value %llu: beyond 2^53 steps",
			    b->header->tensor[b->tensor].name, (unsigned long long)(b->at + i));
		steps[i] = (double)k;
	}
	return 0;
}

static int
body(void *context, struct flp_blocks *b, const struct flp_tensor *t, void *made,
    struct flp_error *e)
{
	struct flp_release *r = context;
	double steps[FLP_BLOCKS_N];

	if (!flp_dtype_is_float(t->dtype)) { /* all of them are 0 */
		memset(made, 0, b->n * flp_dtype_size(t->dtype));
		return 0;
	}
	if (take_steps(r, b, steps, e) < 0)
		return -1;
	r->n += b->n;
	flp_norm_add(&r->norm, b->at, steps, FLP_DTYPE_F64, b->n);
	if (r->sigma > 0 && add_noise(r, b, steps, e) < 0)
		return -1;
	for (size_t i = 0; i < b->n; i++)
		steps[i] *= r->clip.lattice.step;
	flp_dtype_from_f64(steps, b->n, t->dtype, made);
	return 0;
}

/* Fills in the vote of an update, which is the only tensor that a release adds. */
static int
fill(void *context, const struct flp_tensor *t, uint64_t at, size_t n, void *made,
    struct flp_error *e)
{
	const struct flp_release *r = context;
	int32_t vote = flp_adapt_vote(&r->adapt);

	if (at != 0 || n * flp_dtype_size(t->dtype) != sizeof vote)
		return flp_error_misuse(e, "tensor %s: expected one vote", t->name);
	memcpy(made, &vote, sizeof vote);
	return 0;
}

static int
end(void *context, struct flp_meta *footer, struct flp_error *e)
{
	struct flp_release *r = context;

	(void)e;
	r->sums += r->kind == FLP_KIND_SUM;
	if (r->sigma > 0)
		flp_meta_free(footer);
	return 0;
}

static int
written(void *context, const struct flp_header *result, const struct flp_digest *digest,
    struct flp_error *e)
{
	struct flp_release *r = context;

	if (flp_guard_holds(&r->guard) && flp_guard_pass(&r->guard, result, digest, e) < 0)
		return -1;
	if (r->released != NULL)
		r->released(r->context, r->in->place, r->sigma == 0 || r->n == 0 ? 0 :
		    flp_norm_value(&r->norm) / (sqrt((double)r->n) * (double)r->sigma));
	return 0;
}

int
flp_release_records(struct flp_release *r, struct flp_inputs *in, struct flp_bad *bad,
    struct flp_out *out, struct flp_error *e)
{
	struct flp_map map = { .context = r, .edit = flp_release_edit, .look = look,
		.looked = looked, .body = body, .fill = fill, .end = end, .bad = bad };
	int status = -1;
	uint64_t n;

	r->in = in;
	if (begin(r, out, e) == 0) {
		if (flp_guard_holds(&r->guard))
			out = &r->guard.held;
		if (flp_guard_holds(&r->guard) || r->released != NULL)
			map.written = written;
		status = flp_map_records(&map, in, out, &n, e);
	}
	flp_guard_end(&r->guard);
	flp_stream_end(&r->stream);
	flp_clip_free(&r->clip);
	flp_meta_free(&r->cohort);
	return status;
}

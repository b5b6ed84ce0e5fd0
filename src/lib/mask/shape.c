#include "mask/shape.h"
#include "format/modular.h"
#include "privacy/adapt.h"
#include "privacy/sampler.h"
#include "privacy/steps.h"

#include <stdio.h>
#include <string.h>

#define OWN "mask/" /* the beginning of the names of tensors that a vector adds */

/* By how many times the noise's scale a value may move. It moves by more with a probability of at
 * most 4e-33. */
#define GAUSSIAN_TAIL 12
#define LAPLACE_TAIL 75

int
flp_shape_stats(const struct flp_vector *v)
{
	return v->model->header.kind == FLP_KIND_STATS;
}

static int
add(struct flp_header *h, const char *name, unsigned rank, const uint64_t *dims,
    struct flp_error *e)
{
	return flp_header_append(h, name, strlen(name), FLP_DTYPE_U64, FLP_ENCODING_MODULAR, rank,
	    dims, e);
}

int
flp_shape_tensors(const struct flp_vector *v, struct flp_header *h, int vote, int weighted,
    struct flp_error *e)
{
	const struct flp_header *model = &v->model->header;
	const uint64_t one = 1;

	flp_header_init(h, FLP_KIND_MASKED);
	h->privacy = FLP_PRIVACY_MASKED;
	for (size_t i = 0; i < model->tensors; i++) {
		const struct flp_tensor *t = &model->tensor[i];

		if (strncmp(t->name, OWN, strlen(OWN)) == 0) {
			flp_error_bad(e, "tensor %s: expected no name that begins with " OWN, t->name);
			goto fail;
		}
		if (!flp_tensor_describes(t) && add(h, t->name, t->rank, t->dims, e) < 0)
			goto fail;
	}
	if (!((flp_shape_stats(v) && add(h, FLP_VECTOR_EXAMPLES, 1, &one, e) < 0) ||
	    (vote && add(h, FLP_ADAPT_TENSOR, 1, &one, e) < 0) ||
	    (weighted && add(h, FLP_VECTOR_WEIGHT, 1, &one, e) < 0)))
		return 0;
fail:
	flp_header_free(h);
	return -1;
}

/* The steps that noise may add to a value. */
static int
find_tail(const struct flp_meta *meta, uint64_t *tail, struct flp_error *e)
{
	int laplace = flp_meta_is(meta, "mechanism", "laplace");
	uint64_t sigma;
	int has = flp_meta_u64(meta, "noise", 1, FLP_SIGMA_MOST, &sigma, e);

	if (has == 0)
		return flp_error_bad(e, "metadata: noise: expected in a noised record, found nothing");
	if (has < 0)
		return -1;
	*tail = sigma * (laplace ? LAPLACE_TAIL : GAUSSIAN_TAIL);
	return 0;
}

static int
find_range(struct flp_vector *v, enum flp_privacy state, const struct flp_meta *meta,
    struct flp_error *e)
{
	uint64_t tail = 0;

	if (state != FLP_PRIVACY_CLIPPED && state != FLP_PRIVACY_NOISED) {
		if (!(v->range > 0))
			return flp_error_bad(e, "expected a clipped record, found one that is %s (see "
			    "fl-noise --clip, or --range)", flp_privacy_name(state));
		if (flp_lattice_init(&v->lattice, v->range, v->grid, e) < 0)
			return -1;
	} else if (v->range > 0)
		return flp_error_bad(e, "expected a record that is not clipped under --range, "
		    "found one that is %s", flp_privacy_name(state));
	else if (flp_steps_lattice(&v->lattice, meta, e) < 0)
		return -1;
	if (state == FLP_PRIVACY_NOISED && find_tail(meta, &tail, e) < 0)
		return -1;
	v->fit.steps = flp_fit_steps(&v->lattice) + tail;
	return 0;
}

int
flp_shape_lattice(struct flp_vector *v, enum flp_privacy state, const struct flp_meta *meta,
    struct flp_error *e)
{
	v->fit = (struct flp_fit){ .clients = v->clients, .weight = v->weight > 0 ? v->weight : 1 };
	if (flp_shape_stats(v)) {
		v->fit.bits = 64;
		return v->weight == 0 && v->range == 0 ? 0 :
		    flp_error_bad(e, "expected neither weights nor a range for statistics");
	}
	if (v->weight > 0 && state == FLP_PRIVACY_NOISED)
		return flp_error_bad(e, "expected no weights for a record with noise, found some: the "
		    "noise would be too small for a client with a large weight");
	return find_range(v, state, meta, e) < 0 ? -1 : flp_fit_bits(&v->fit, e);
}

#include "mask/vector.h"
#include "base/number.h"
#include "format/called.h"
#include "format/keys.h"
#include "kernel/quantise.h"
#include "kernel/ring.h"
#include "mask/shape.h"
#include "model/update.h"
#include "privacy/adapt.h"
#include "privacy/steps.h"

#include <math.h>
#include <string.h>

#define BLOCK ((size_t)1024) /* values at a time */

/* Refuses a record that is not one client's: an aggregate, or one that is not made from rows. */
static int
check_single(const struct flp_header *h, struct flp_error *e)
{
	static const char *const made[] = { "clients", "rule", "weighting" };
	size_t n;

	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		if (flp_meta_get(&h->meta, made[i], &n) != NULL)
			return flp_error_bad(e, "expected one client's record, found an aggregate "
			    "of several");
	return h->privacy != FLP_PRIVACY_PUBLIC ? 0 :
	    flp_error_bad(e, "expected one client's record, found one that is public");
}

/* Checks that the tensors after those of the model can be added up. Sets *vote to 1 if there is a
 * vote. */
static int
check_rides(const struct flp_vector *v, const struct flp_header *h, size_t own, int *vote,
    struct flp_error *e)
{
	char dims[FLP_DIMS_TEXT];

	*vote = 0;
	for (size_t i = own; i < h->tensors; i++) {
		if (strcmp(h->tensor[i].name, FLP_ADAPT_TENSOR) != 0)
			return flp_error_bad(e, "tensor %s: expected only tensors of the model and a vote, "
			    "found another, which can't be added up", h->tensor[i].name);
		if (h->tensor[i].count != 1) {
			flp_tensor_dims(&h->tensor[i], dims);
			return flp_error_bad(e, "tensor %s: expected i32 of dims 1, found %s of dims %s",
			    FLP_ADAPT_TENSOR, flp_dtype_name(h->tensor[i].dtype), dims);
		}
		*vote = 1;
	}
	if (*vote && h->privacy != FLP_PRIVACY_CLIPPED)
		return flp_error_bad(e, "tensor %s: expected only in a clipped update, found in one that "
		    "is %s", FLP_ADAPT_TENSOR, flp_privacy_name(h->privacy));
	return *vote && v->weight > 0 ? flp_error_bad(e, "tensor %s: expected no weights with a "
	    "vote, found weights of at most %llu (--max-weight)", FLP_ADAPT_TENSOR,
	    (unsigned long long)v->weight) : 0;
}

/* Checks that an update or parameters belong to the model. */
static int
check_model(const struct flp_vector *v, const struct flp_header *from, int *vote,
    struct flp_error *e)
{
	const struct flp_header *model = &v->model->header;
	int update = from->kind == FLP_KIND_UPDATE, status = -1;
	struct flp_header want;
	size_t n;

	if (!update && from->kind != FLP_KIND_PARAMS)
		return flp_error_bad(e, "expected an update or params, found %s", flp_called(from));
	if (flp_meta_get(&from->meta, "base", &n) == NULL)
		return flp_error_bad(e, "expected an update of the model, or parameters trained from it, "
		    "found a record without base");
	if (flp_update_header(&want, model, &v->base, e) < 0)
		return -1;
	if (flp_update_same_origin(&want.meta, &from->meta, e) == 0 &&
	    (update ? flp_update_same_tensors(&want, from, 1, e) :
	    flp_header_alike_tensors(model, from, e)) == 0)
		status = check_rides(v, from, update ? want.tensors : model->tensors, vote, e);
	flp_header_free(&want);
	return status;
}

/* Checks that values are those of the model, for descriptions and for integers of parameters. */
static int
check_same(const struct flp_vector *v, const struct flp_record *from, size_t i,
    struct flp_error *e)
{
	const struct flp_tensor *t = &from->header.tensor[i], *own;
	const void *values = flp_record_values(v->model, t->name, &own);

	return memcmp(values, from->values[i], (size_t)t->bytes) == 0 ? 0 : flp_error_bad(e,
	    "expected the values that %s has, found others", flp_shape_stats(v) ? "the schema" :
	    "the model");
}

static int
check_range(struct flp_vector *v, double *block, uint64_t first, size_t n, struct flp_error *e)
{
	char range[FLP_NUMBER_TEXT];

	for (size_t i = 0; i < n; i++) {
		if (fabs(block[i]) <= v->range)
			continue;
		if (!v->saturate) {
			flp_number_print(range, v->range);
			return flp_error_bad(e, "value %llu: expected a magnitude of at most %s (--range), "
			    "found more", (unsigned long long)(first + i), range);
		}
		block[i] = copysign(v->range, block[i]);
		v->cut++;
	}
	return 0;
}

/* Turns n floats into steps. They must be on the lattice or, under a range, are rounded to it. */
static int
take_steps(struct flp_vector *v, double *block, uint64_t first, size_t n, double *steps,
    struct flp_error *e)
{
	size_t where;

	if (v->range > 0) {
		if (check_range(v, block, first, n, e) < 0)
			return -1;
		flp_quantise_nearest(block, 1 / v->lattice.step, n, steps);
		return 0;
	}
	where = flp_quantise_exact(block, v->lattice.step, n, steps);
	if (where < n)
		return flp_error_bad(e, "value %llu: expected a multiple of the step 2^%d (clip, grid)",
		    (unsigned long long)(first + where), v->lattice.exponent);
	for (size_t i = 0; i < n; i++)
		if (!(fabs(steps[i]) <= (double)v->fit.steps))
			return flp_error_bad(e, "value %llu: expected at most %llu steps, found more",
			    (unsigned long long)(first + i), (unsigned long long)v->fit.steps);
	return 0;
}

/* Takes the floats of a tensor, multiplied by the weight. */
static int
take_floats(struct flp_vector *v, uint64_t *to, const void *values, const struct flp_tensor *t,
    struct flp_error *e)
{
	size_t size = flp_dtype_size(t->dtype), n = (size_t)t->count;
	double block[BLOCK], steps[BLOCK];

	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < BLOCK ? n - at : BLOCK;
		flp_dtype_to_f64((const unsigned char *)values + at * size, t->dtype, k, block);
		if (take_steps(v, block, at, k, steps, e) < 0)
			return -1;
		for (size_t i = 0; i < k; i++)
			to[at + i] = flp_ring_reduce((uint64_t)(int64_t)steps[i] * v->own, v->fit.bits);
	}
	return 0;
}

/* Takes a vote as 1 or -1. Its value was checked before. */
static void
take_vote(const struct flp_vector *v, uint64_t *to, const void *values)
{
	int32_t vote;

	memcpy(&vote, values, sizeof vote);
	*to = flp_ring_reduce(vote > 0 ? 1 : UINT64_MAX, v->fit.bits);
}

static int
check_zero(const void *values, const struct flp_tensor *t, struct flp_error *e)
{
	const unsigned char *byte = values;

	for (size_t i = 0; i < t->bytes; i++)
		if (byte[i] != 0)
			return flp_error_bad(e, "value %zu: expected 0 in integers of an update",
			    i / flp_dtype_size(t->dtype));
	return 0;
}

static int
take_tensor(struct flp_vector *v, uint64_t *to, const struct flp_record *from, size_t i,
    struct flp_error *e)
{
	const struct flp_tensor *t = &from->header.tensor[i];

	if (strcmp(t->name, FLP_ADAPT_TENSOR) == 0)
		take_vote(v, to, from->values[i]);
	else if (flp_dtype_is_float(t->dtype))
		return take_floats(v, to, from->values[i], t, e);
	else if (flp_shape_stats(v))
		memcpy(to, from->values[i], (size_t)t->bytes);
	else
		return from->header.kind == FLP_KIND_PARAMS ? check_same(v, from, i, e) :
		    check_zero(from->values[i], t, e);
	return 0;
}

/* Checks a clipped record as in a plain sum: its values, and its norm. */
static int
check_clipped(const struct flp_vector *v, const struct flp_record *from, struct flp_error *e)
{
	uint64_t squares = 0;

	for (size_t i = 0; i < from->header.tensors; i++) {
		const struct flp_tensor *t = &from->header.tensor[i];

		if (from->header.kind == FLP_KIND_PARAMS && !flp_dtype_is_float(t->dtype))
			continue;
		if (flp_steps_values(&v->lattice, &squares, t, t->dtype, 0, from->values[i],
		    (size_t)t->count, e) < 0)
			return flp_error_at(e, "tensor %s", t->name);
	}
	return flp_steps_norm(&v->lattice, squares, e);
}

static int
take_values(struct flp_vector *v, struct flp_record *to, const struct flp_record *from,
    struct flp_error *e)
{
	size_t at = 0;
	int status;

	for (size_t i = 0; i < from->header.tensors; i++) {
		const struct flp_tensor *t = &from->header.tensor[i];

		status = flp_tensor_describes(t) ? check_same(v, from, i, e) :
		    take_tensor(v, to->values[at++], from, i, e);
		if (status < 0)
			return flp_error_at(e, "tensor %s", t->name);
	}
	if (at < to->header.tensors) /* the weight, or the examples */
		*(uint64_t *)to->values[at] = v->own;
	return 0;
}

/* Sets v->own to the examples of the record, for a vector with weights or of statistics. */
static int
find_weight(struct flp_vector *v, const struct flp_header *from, struct flp_error *e)
{
	uint64_t most = flp_shape_stats(v) ? UINT64_MAX : v->weight;
	int has;

	v->own = 1;
	if (!flp_shape_stats(v) && v->weight == 0)
		return 0;
	has = flp_meta_u64(&from->meta, "examples", 1, most, &v->own, e);
	if (has < 0 && !flp_shape_stats(v)) /* the number of rows is a value of the site's data */
		return flp_error_bad(e, "metadata: examples: expected a weight of 1 to %llu "
		    "(--max-weight), found another", (unsigned long long)most);
	return has != 0 ? has < 0 ? -1 : 0 : flp_error_bad(e, "metadata: examples: expected a number "
	    "as the weight, found nothing");
}

static int
set_meta(const struct flp_vector *v, struct flp_meta *to, const struct flp_header *from,
    struct flp_error *e)
{
	char base[FLP_DIGEST_TEXT];
	size_t n;
	const char *round = flp_meta_get(&v->model->header.meta, "round", &n);

	flp_digest_text(&v->base, base);
	if (flp_meta_set_text(to, "of", flp_kind_name(from->kind), e) < 0 ||
	    flp_meta_set_text(to, "state", flp_privacy_name(from->privacy), e) < 0 ||
	    flp_meta_set_text(to, "base", base, e) < 0 ||
	    (round != NULL && flp_meta_set(to, "round", round, n, e) < 0) ||
	    flp_meta_set_text(to, "weighting", v->weight > 0 ? "examples" : "uniform", e) < 0 ||
	    flp_meta_set_u64(to, "bits", v->fit.bits, e) < 0)
		return -1;
	if (v->range > 0)
		return flp_meta_set_f64(to, "range", v->range, e) < 0 ? -1 :
		    flp_meta_set_u64(to, "grid", v->grid, e);
	return from->privacy == FLP_PRIVACY_CLIPPED || from->privacy == FLP_PRIVACY_NOISED ?
	    flp_meta_copy_keys(to, &from->meta, FLP_KEY_LEDGER, e) : 0;
}

/* Checks what can be checked in the header alone. *vote is set as in check_rides. */
static int
check_header(struct flp_vector *v, const struct flp_header *from, int *vote,
    struct flp_error *e)
{
	*vote = 0;
	if (from->kind == FLP_KIND_MASKED)
		return flp_error_bad(e, "expected a record without a mask, found one that is masked");
	if (check_single(from, e) < 0)
		return -1;
	if (flp_shape_stats(v)) {
		if (from->kind != FLP_KIND_STATS)
			return flp_error_bad(e, "expected statistics for a schema, found %s",
			    flp_called(from));
		if (flp_header_same_tensors(&v->model->header, from, e) < 0)
			return flp_error_add(e, "see fl-import --schema");
	} else if (check_model(v, from, vote, e) < 0)
		return -1;
	return flp_shape_lattice(v, from->privacy, &from->meta, e);
}

int
flp_vector_make(struct flp_vector *v, struct flp_record *to, const struct flp_record *from,
    struct flp_error *e)
{
	struct flp_header h;
	int vote, status;

	memset(to, 0, sizeof *to);
	v->cut = 0;
	if (check_header(v, &from->header, &vote, e) < 0 || find_weight(v, &from->header, e) < 0 ||
	    flp_shape_tensors(v, &h, vote, v->weight > 0, e) < 0)
		return -1;
	status = set_meta(v, &h.meta, &from->header, e);
	if (status == 0)
		status = flp_vector_keys(&h.meta, e);
	if (status == 0 && from->header.privacy == FLP_PRIVACY_CLIPPED && !flp_shape_stats(v))
		status = check_clipped(v, from, e);
	if (status == 0 && (status = flp_record_new(to, &h, e)) == 0 &&
	    (status = take_values(v, to, from, e)) < 0)
		flp_record_free(to);
	flp_header_free(&h);
	return status;
}

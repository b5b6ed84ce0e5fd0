#include "base/number.h"
#include "data/stats.h"
#include "format/called.h"
#include "format/keys.h"
#include "format/modular.h"
#include "kernel/ring.h"
#include "mask/round.h"
#include "mask/shape.h"
#include "model/update.h"
#include "privacy/adapt.h"

#include <string.h>

/* The kind and the privacy state of the records that are masked. */
struct inside {
	enum flp_kind kind;
	enum flp_privacy state;
};

static int
find_inside(const struct flp_vector *v, const struct flp_meta *meta, struct inside *in,
    struct flp_error *e)
{
	const char *text;
	size_t n;

	in->kind = flp_shape_stats(v) ? FLP_KIND_STATS : FLP_KIND_UPDATE;
	if (!flp_shape_stats(v) && flp_meta_is(meta, "of", flp_kind_name(FLP_KIND_PARAMS)))
		in->kind = FLP_KIND_PARAMS;
	text = flp_kind_name(in->kind);
	if (flp_meta_expect(meta, "of", text, strlen(text), e) < 0)
		return -1;
	for (in->state = FLP_PRIVACY_RAW; in->state <= FLP_PRIVACY_NOISED; in->state++)
		if (flp_meta_is(meta, "state", flp_privacy_name(in->state)))
			return 0;
	text = flp_meta_get(meta, "state", &n);
	return flp_error_bad(e, "metadata: state: expected raw, clipped or noised, found %.*s",
	    text != NULL ? (int)(n < 80 ? n : 80) : 7, text != NULL ? text : "nothing");
}

/* Reads the range of a record without a clip of its own into v->range and v->grid. */
static int
take_range(struct flp_vector *v, const struct inside *in, const struct flp_meta *meta,
    struct flp_error *e)
{
	size_t n;
	const char *text = flp_meta_get(meta, "range", &n);
	uint64_t grid;
	int has;

	v->range = 0;
	if (flp_shape_stats(v) || in->state != FLP_PRIVACY_RAW)
		return text == NULL ? 0 : flp_error_bad(e, "metadata: range: expected none in "
		    "statistics or in a clipped or noised record, found one");
	if (text == NULL || flp_number_f64(text, n, &v->range) < 0 || !(v->range > 0))
		return flp_error_bad(e, "metadata: range: expected a number above 0, found %s",
		    text == NULL ? "nothing" : "another value");
	has = flp_meta_u64(meta, "grid", FLP_LATTICE_GRID_LEAST, FLP_LATTICE_GRID_MOST, &grid, e);
	if (has == 0)
		return flp_error_bad(e, "metadata: grid: expected %d to %d beside a range, found nothing",
		    FLP_LATTICE_GRID_LEAST, FLP_LATTICE_GRID_MOST);
	if (has > 0)
		v->grid = (unsigned)grid;
	return has < 0 ? -1 : 0;
}

static int
check_weighting(const struct flp_vector *v, const struct flp_meta *meta, struct flp_error *e)
{
	const char *want = v->weight > 0 ? "examples" : "uniform";

	return flp_meta_expect(meta, "weighting", want, strlen(want), e) == 0 ? 0 :
	    flp_error_add(e, "see --max-weight");
}

static int
check_tensors(const struct flp_vector *v, const struct flp_header *h, struct flp_error *e)
{
	int vote = !flp_shape_stats(v) && flp_header_find(h, FLP_ADAPT_TENSOR) >= 0, status;
	struct flp_header want;

	for (size_t i = 0; i < h->tensors; i++)
		if (h->tensor[i].encoding != FLP_ENCODING_MODULAR)
			return flp_error_bad(e, "tensor %s: expected encoding modular, found %s",
			    h->tensor[i].name, flp_encoding_name(h->tensor[i].encoding));
	if (flp_shape_tensors(v, &want, vote, v->weight > 0, e) < 0)
		return -1;
	status = flp_header_same_tensors(&want, h, e);
	flp_header_free(&want);
	return status;
}

static int
check_bits(const struct flp_vector *v, const struct flp_meta *meta, struct flp_error *e)
{
	unsigned bits;

	if (flp_modular_bits(meta, &bits, e) < 0)
		return -1;
	return bits == v->fit.bits ? 0 : flp_error_bad(e, "metadata: bits: expected %u, for %llu "
	    "clients of weight at most %llu and at most %llu steps, found %u", v->fit.bits,
	    (unsigned long long)v->fit.clients, (unsigned long long)v->fit.weight,
	    (unsigned long long)v->fit.steps, bits);
}

int
flp_vector_check(struct flp_vector *v, const struct flp_header *h, struct flp_error *e)
{
	struct flp_header update;
	struct inside in;
	int status;

	if (h->kind != FLP_KIND_MASKED)
		return flp_error_bad(e, "expected a masked record, found %s", flp_called(h));
	if (flp_update_header(&update, &v->model->header, &v->base, e) < 0)
		return -1;
	status = flp_update_same_origin(&update.meta, &h->meta, e);
	flp_header_free(&update);
	if (status < 0 || find_inside(v, &h->meta, &in, e) < 0 ||
	    check_weighting(v, &h->meta, e) < 0 || take_range(v, &in, &h->meta, e) < 0 ||
	    flp_shape_lattice(v, in.state, &h->meta, e) < 0 || check_bits(v, &h->meta, e) < 0)
		return -1;
	return check_tensors(v, h, e);
}

int
flp_vector_keys(const struct flp_meta *meta, struct flp_error *e)
{
	static const char *const all[] = { "client", "signature", "of", "state", "bits", "weighting",
		NULL }, *const range[] = { "range", "grid", NULL };
	int raw = flp_meta_is(meta, "state", flp_privacy_name(FLP_PRIVACY_RAW));
	int ranged = flp_meta_get(meta, "range", &(size_t){ 0 }) != NULL;
	const char *key, *value;
	size_t at = 0, key_n, n;

	while (flp_meta_each(meta, &at, &key, &key_n, &value, &n)) {
		const struct flp_meta_key *row = raw ? NULL : flp_keys_find(key, key_n);

		if (!flp_round_key(key, key_n) && !flp_meta_listed(all, key, key_n) &&
		    !(ranged && flp_meta_listed(range, key, key_n)) &&
		    (row == NULL || (row->is & FLP_KEY_LEDGER) == 0))
			return flp_error_bad(e, "metadata: expected no key %.*s in a masked record, "
			    "found one", (int)key_n, key);
	}
	return 0;
}

/* How many vectors are in the sum. */
static uint64_t
added(const struct flp_vector *v)
{
	return v->added > 0 ? v->added : v->clients;
}

/* The sum of the weights, or of the examples of statistics. */
static int
find_weight(const struct flp_vector *v, const struct flp_record *sum, uint64_t *weight,
    struct flp_error *e)
{
	const char *name = flp_shape_stats(v) ? FLP_VECTOR_EXAMPLES : FLP_VECTOR_WEIGHT;
	const uint64_t *value = flp_record_values(sum, name, NULL), n = added(v);

	*weight = value != NULL ? *value : n;
	if (value == NULL || flp_shape_stats(v) || (*weight >= n && *weight <= n * v->weight))
		return 0;
	return flp_error_bad(e, "tensor %s: expected %llu to %llu", name, (unsigned long long)n,
	    (unsigned long long)(n * v->weight));
}

static int
beyond(uint64_t at, struct flp_error *e)
{
	return flp_error_bad(e, "value %llu: expected a sum of values within the limits of these "
	    "records, found another", (unsigned long long)at);
}

static int
open_floats(const struct flp_vector *v, double *to, const uint64_t *values, size_t n,
    uint64_t weight, struct flp_error *e)
{
	int64_t most = (int64_t)(weight * v->fit.steps); /* at most 2^53 */

	for (size_t i = 0; i < n; i++) {
		int64_t steps = flp_ring_signed(values[i], v->fit.bits);

		if (steps > most || steps < -most)
			return beyond(i, e);
		to[i] = (double)steps * v->lattice.step;
	}
	return 0;
}

/* Opens a sum of votes of 1 and -1, which is odd if their number is odd. */
static int
open_vote(const struct flp_vector *v, int64_t *to, uint64_t value, struct flp_error *e)
{
	int64_t sum = flp_ring_signed(value, v->fit.bits), most = (int64_t)added(v);

	if (sum > most || sum < -most || ((sum ^ most) & 1) != 0)
		return beyond(0, e);
	*to = sum * FLP_ADAPT_VOTE;
	return 0;
}

/* Opens integers, which are 0 in a sum of updates and those of the model in a sum of parameters. */
static int
open_integers(const struct flp_vector *v, const struct flp_record *to, size_t i,
    const uint64_t *values, struct flp_error *e)
{
	const struct flp_tensor *t = &to->header.tensor[i];

	for (uint64_t k = 0; k < t->count; k++)
		if (values[k] != 0)
			return beyond(k, e);
	if (flp_meta_is(&to->header.meta, "of", flp_kind_name(FLP_KIND_PARAMS)))
		memcpy(to->values[i], flp_record_values(v->model, t->name, NULL), (size_t)t->bytes);
	return 0;
}

static int
open_tensor(const struct flp_vector *v, struct flp_record *to, size_t i, const uint64_t *values,
    uint64_t weight, struct flp_error *e)
{
	const struct flp_tensor *t = &to->header.tensor[i];

	if (flp_shape_stats(v))
		memcpy(to->values[i], values, (size_t)t->bytes);
	else if (strcmp(t->name, FLP_ADAPT_TENSOR) == 0)
		return open_vote(v, to->values[i], *values, e);
	else if (flp_dtype_is_float(t->dtype))
		return open_floats(v, to->values[i], values, (size_t)t->count, weight, e);
	else
		return open_integers(v, to, i, values, e);
	return 0;
}

static int
open_values(const struct flp_vector *v, struct flp_record *to, const struct flp_record *sum,
    uint64_t weight, struct flp_error *e)
{
	size_t at = 0;

	for (size_t i = 0; i < to->header.tensors; i++) {
		const struct flp_tensor *t = &to->header.tensor[i];

		if (flp_tensor_describes(t))
			memcpy(to->values[i], flp_record_values(v->model, t->name, NULL),
			    (size_t)t->bytes);
		else if (open_tensor(v, to, i, sum->values[at++], weight, e) < 0)
			return flp_error_at(e, "tensor %s", t->name);
	}
	return 0;
}

static int
open_meta(const struct flp_vector *v, struct flp_header *to, const struct inside *in,
    const struct flp_meta *sum, uint64_t weight, struct flp_error *e)
{
	static const char *const kept[] = { "base", "of", "round" };
	size_t unused;
	int rounds = flp_meta_get(&v->model->header.meta, "round", &unused) != NULL;

	if (flp_meta_set_u64(&to->meta, "clients", added(v), e) < 0)
		return -1;
	if (in->kind == FLP_KIND_STATS)
		return flp_meta_set_u64(&to->meta, "examples", weight, e);
	for (size_t i = 0; i < sizeof kept / sizeof *kept - !rounds; i++) {
		size_t n;
		const char *value = flp_meta_get(sum, kept[i], &n);

		if (value != NULL && flp_meta_set(&to->meta, kept[i], value, n, e) < 0)
			return -1;
	}
	if (flp_meta_set_u64(&to->meta, "weight", weight, e) < 0)
		return -1;
	if (v->weight > 0)
		return flp_meta_set_text(&to->meta, "weighting", "examples", e);
	return in->state == FLP_PRIVACY_RAW ? 0 :
	    flp_meta_copy_keys(&to->meta, sum, FLP_KEY_LEDGER, e);
}

static int
open_tensors(const struct flp_vector *v, struct flp_header *to, const struct inside *in,
    const struct flp_record *sum, struct flp_error *e)
{
	const uint64_t one = 1;

	for (size_t i = 0; i < v->model->header.tensors; i++) {
		const struct flp_tensor *t = &v->model->header.tensor[i];
		enum flp_dtype dtype = !flp_tensor_describes(t) && flp_dtype_is_float(t->dtype) ?
		    FLP_DTYPE_F64 : t->dtype;

		if (in->kind == FLP_KIND_UPDATE && flp_tensor_describes(t))
			continue;
		if (flp_header_add(to, t->name, dtype, t->rank, t->dims, e) < 0)
			return -1;
	}
	return flp_header_find(&sum->header, FLP_ADAPT_TENSOR) < 0 || in->kind == FLP_KIND_STATS ? 0 :
	    flp_header_add(to, FLP_ADAPT_TENSOR, FLP_DTYPE_I64, 1, &one, e);
}

int
flp_vector_open(struct flp_vector *v, struct flp_record *to, const struct flp_record *sum,
    struct flp_error *e)
{
	struct flp_header h;
	struct inside in;
	uint64_t weight;
	int status = -1;

	memset(to, 0, sizeof *to);
	if (v->added > v->clients)
		return flp_error_misuse(e, "a sum of more vectors than there are clients");
	if (flp_vector_check(v, &sum->header, e) < 0 ||
	    find_inside(v, &sum->header.meta, &in, e) < 0 || find_weight(v, sum, &weight, e) < 0)
		return -1;
	flp_header_init(&h, in.kind == FLP_KIND_STATS ? FLP_KIND_STATS : FLP_KIND_SUM);
	h.privacy = in.state;
	if (open_tensors(v, &h, &in, sum, e) == 0 &&
	    open_meta(v, &h, &in, &sum->header.meta, weight, e) == 0 &&
	    flp_record_new(to, &h, e) == 0)
		status = open_values(v, to, sum, weight, e);
	flp_header_free(&h);
	if (status == 0 && in.kind == FLP_KIND_STATS)
		status = flp_stats_check(to, e);
	if (status < 0)
		flp_record_free(to);
	return status;
}

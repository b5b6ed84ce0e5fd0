#include "learn/train.h"
#include "base/dtype.h"
#include "base/memory.h"
#include "learn/batches.h"
#include "learn/network.h"

#include <math.h>
#include <stdlib.h>

struct flp_trainer {
	const struct flp_arch *arch;
	struct flp_train_options options;
	struct flp_network *net;
	struct flp_batches batches;
	struct flp_optimizer optimizer;
	float *grad;   /* NULL until a step needs it */
	float *packed; /* NULL if parameters are trained in place */
};

struct flp_trainer *
flp_trainer_new(const struct flp_arch *arch, const struct flp_train_options *options,
    struct flp_error *e)
{
	struct flp_trainer *t = flp_memory_new(1, sizeof *t, e);

	if (t == NULL)
		return NULL;
	t->arch = arch;
	t->options = *options;
	if ((t->net = flp_network_new(arch, FLP_LAYOUT_TRAIN, e)) == NULL ||
	    flp_optimizer_init(&t->optimizer, &options->optimizer, arch->parameters, e) < 0 ||
	    (flp_network_packed(t->net) && (t->packed = flp_memory_new(arch->parameters,
	    sizeof *t->packed, e)) == NULL)) {
		flp_trainer_free(t);
		return NULL;
	}
	return t;
}

void
flp_trainer_free(struct flp_trainer *t)
{
	if (t == NULL)
		return;
	flp_network_free(t->net);
	flp_batches_free(&t->batches);
	flp_optimizer_free(&t->optimizer);
	free(t->grad);
	free(t->packed);
	free(t);
}

/* Forward, loss and backward of the b rows order[b] (or from `from` on) out of
 * `mean` in the batch; returns the sum of their losses. */
static double
pass(struct flp_trainer *t, struct flp_loader *l, const float *params,
    const uint32_t *order, size_t from, size_t b, size_t mean, float alpha,
    float beta, float *to)
{
	struct flp_truth truth = flp_loader_take(l, order, from, b, flp_network_input(t->net));
	const float *output = flp_network_forward(t->net, params, b);
	double sum = flp_loss_sum(t->options.loss, output, truth, b, t->arch->outputs,
	    (double)mean, flp_network_delta(t->net));

	flp_network_backward(t->net, params, b, alpha, beta, to);
	return sum;
}

/* One step on the n rows of a batch; returns the sum of their losses. */
static double
step(struct flp_trainer *t, struct flp_loader *l, float *params, const uint32_t *order,
    size_t n, double rate)
{
	double sum = 0;

	/* Plain descent goes into the product that makes the gradient, unless
	 * later parts of the batch still need the parameters. */
	if (n <= FLP_TRAIN_ROWS && flp_optimizer_plain(&t->options.optimizer))
		return pass(t, l, params, order, 0, n, n, (float)-rate, 1, params);
	for (size_t from = 0; from < n; from += FLP_TRAIN_ROWS) {
		size_t b = n - from < FLP_TRAIN_ROWS ? n - from : FLP_TRAIN_ROWS;

		sum += pass(t, l, params, order != NULL ? order + from : NULL, from, b, n,
		    1, from > 0, t->grad);
	}
	flp_optimizer_step(&t->optimizer, rate, params, t->grad);
	return sum;
}

static int
run(struct flp_trainer *t, struct flp_loader *l, float *params, uint64_t first,
    uint64_t steps, double rate, struct flp_train_result *result, struct flp_error *e)
{
	uint64_t tail = steps < t->batches.per_epoch ? steps : t->batches.per_epoch;
	uint64_t rows = 0;
	double loss = 0;
	size_t where;

	*result = (struct flp_train_result){ .steps = steps };
	for (uint64_t i = 0; i < steps; i++) {
		size_t n;
		const uint32_t *order = flp_batches_get(&t->batches, first + i, &n);
		double sum = step(t, l, params, order, n, rate);

		if (!isfinite(sum))
			return flp_error_bad(e, "loss is not finite at step %llu: "
			    "a lower learning rate may help", (unsigned long long)i + 1);
		if (t->options.progress != NULL && i % 64 == 0)
			t->options.progress(i + 1, steps);
		if (steps - i <= tail) {
			loss += sum;
			rows += n;
		}
	}
	if (!flp_dtype_finite(params, FLP_DTYPE_F32, t->arch->parameters, &where))
		return flp_error_bad(e, "parameters are not finite after step %llu: "
		    "a lower learning rate may help", (unsigned long long)steps);
	result->loss = loss / (double)rows;
	return 0;
}

/* The steps of a round and the number of the first, which must not overflow. */
static int
count(const struct flp_trainer *t, uint32_t round, uint64_t *steps, uint64_t *first,
    struct flp_error *e)
{
	const struct flp_train_options *o = &t->options;
	uint64_t end;

	if (__builtin_mul_overflow(o->epochs, t->batches.per_epoch, steps) ||
	    __builtin_add_overflow(*steps, o->steps, steps) ||
	    __builtin_mul_overflow(*steps, (uint64_t)round, first) ||
	    __builtin_add_overflow(*first, *steps, &end))
		return flp_error_usage(e, "too many steps");
	return 0;
}

static int
make_gradient(struct flp_trainer *t, struct flp_error *e)
{
	if (t->grad != NULL || (flp_optimizer_plain(&t->options.optimizer) &&
	    t->batches.size <= FLP_TRAIN_ROWS))
		return 0;
	t->grad = flp_memory_new(t->arch->parameters, sizeof *t->grad, e);
	return t->grad == NULL ? -1 : 0;
}

int
flp_trainer_run(struct flp_trainer *t, float *params, const struct flp_view *v,
    uint32_t round, uint64_t client, struct flp_train_result *result, struct flp_error *e)
{
	const struct flp_train_options *o = &t->options;
	size_t batch = o->batch != 0 && o->batch < v->rows ? (size_t)o->batch : v->rows;
	size_t rows = batch < FLP_TRAIN_ROWS ? batch : FLP_TRAIN_ROWS;
	double rate = o->rate * flp_schedule_factor(&o->schedule, round);
	float *inner = t->packed != NULL ? t->packed : params;
	struct flp_loader loader;
	uint64_t steps = 0, first = 0;
	int status = -1;

	if (flp_network_reserve(t->net, rows, e) < 0 ||
	    flp_loader_open(&loader, v, t->arch, o->loss, rows, e) < 0)
		return -1;
	if (flp_batches_begin(&t->batches, v->rows, batch, o->seed, client, e) < 0 ||
	    count(t, round, &steps, &first, e) < 0 || make_gradient(t, e) < 0)
		goto done;
	if (inner != params)
		flp_network_pack(t->net, params, inner);
	flp_optimizer_reset(&t->optimizer);
	status = run(t, &loader, inner, first, steps, rate, result, e);
	if (inner != params)
		flp_network_unpack(t->net, inner, params);
done:
	flp_loader_close(&loader);
	return status;
}

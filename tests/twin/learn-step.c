/* One training as text, for tests/torch.py to hold against torch.
 *
 * Standard input, in this order: the architecture in quotes; loss; rows n,
 * columns d, batch B, steps S; optimizer, rate, momentum, nesterov (0 or 1),
 * weight decay, clip norm, epsilon; the parameters; n*d inputs; then for mse n
 * targets, else n labels. Standard output: the mean loss, then for each step the
 * rows of its batch behind a "batch", then the parameters. */
#include "learn/batches.h"
#include "learn/train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static float *
numbers(size_t n)
{
	float *x = malloc((n + 1) * sizeof *x);

	for (size_t i = 0; i < n; i++)
		if (scanf("%f", &x[i]) != 1)
			exit(2);
	return x;
}

static void
print_batches(size_t n, const struct flp_train_options *o)
{
	struct flp_batches b = { 0 };
	struct flp_error e;
	size_t rows;

	if (flp_batches_begin(&b, n, o->batch, o->seed, 0, &e) < 0)
		exit(4);
	for (uint64_t g = 0; g < o->steps; g++) {
		const uint32_t *order = flp_batches_get(&b, g, &rows);

		printf("batch");
		for (size_t i = 0; i < rows; i++)
			printf(" %u", order == NULL ? (unsigned)i : (unsigned)order[i]);
		putchar('\n');
	}
	flp_batches_free(&b);
}

static void
train(const struct flp_arch *a, const struct flp_train_options *o, const struct flp_view *v,
    float *params)
{
	struct flp_train_result result;
	struct flp_error e;
	struct flp_trainer *t = flp_trainer_new(a, o, &e);

	if (t == NULL || flp_trainer_run(t, params, v, 0, 0, &result, &e) < 0) {
		fprintf(stderr, "learn-step: %s\n", e.text);
		exit(3);
	}
	printf("%.9g\n", result.loss);
	flp_trainer_free(t);
}

int
main(void)
{
	char text[FLP_ARCH_TEXT], loss[16], kind[16];
	struct flp_train_options o = { .seed = 1 };
	struct flp_view v = { 0 };
	struct flp_arch a;
	struct flp_error e;
	double rate, momentum, decay, clip, epsilon;
	float *params, *x, *truth;
	uint32_t *label;
	int nesterov;

	if (scanf(" \"%1023[^\"]\" %15s %zu %zu %lu %lu %15s %lf %lf %d %lf %lf %lf", text, loss,
	    &v.rows, &v.columns, &o.batch, &o.steps, kind, &rate, &momentum, &nesterov,
	    &decay, &clip, &epsilon) != 13 || flp_arch_parse(&a, text, v.columns, &e) < 0 ||
	    flp_loss_find(loss, &o.loss, &e) < 0)
		return 2;
	o.rate = rate;
	o.optimizer = (struct flp_optimizer_options){
		.kind = strcmp(kind, "sgd") == 0 ? FLP_OPTIMIZER_SGD :
		    strcmp(kind, "adam") == 0 ? FLP_OPTIMIZER_ADAM : FLP_OPTIMIZER_ADAMW,
		.momentum = momentum, .nesterov = nesterov, .decay = decay, .clip = clip,
		.beta1 = 0.9, .beta2 = 0.999, .epsilon = epsilon };
	params = numbers(a.parameters);
	v.f32 = x = numbers(v.rows * v.columns);
	v.target = truth = numbers(v.rows);
	v.label = label = malloc(v.rows * sizeof *label);
	for (size_t i = 0; i < v.rows; i++)
		label[i] = (uint32_t)truth[i];
	train(&a, &o, &v, params);
	print_batches(v.rows, &o);
	for (size_t i = 0; i < a.parameters; i++)
		printf("%.9g\n", params[i]);
	free(params);
	free(x);
	free(truth);
	free(label);
	return 0;
}

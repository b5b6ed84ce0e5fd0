#include "learn/loss.h"
#include "base/choice.h"

#include <math.h>
#include <string.h>

const char *
flp_loss_name(unsigned loss)
{
	static const char *const names[] = { "auto", "mse", "binary", "softmax" };

	return loss < sizeof names / sizeof *names ? names[loss] : NULL;
}

int
flp_loss_find(const char *name, enum flp_loss *loss, struct flp_error *e)
{
	int index = flp_choice_find(flp_loss_name, name, strlen(name));
	char words[FLP_CHOICE_TEXT];

	if (index <= FLP_LOSS_AUTO)
		return flp_error_usage(e, "loss: expected %s, found \"%s\"", flp_choice_list(words,
		    flp_loss_name, FLP_LOSS_AUTO + 1, ", ", " or "), name);
	*loss = (enum flp_loss)index;
	return 0;
}

static double
squared(double output, double target, double mean, float *grad)
{
	double d = output - target;

	if (grad != NULL)
		*grad = (float)(d * (2 / mean));
	return d * d;
}

/* log(1 + exp(z)) - y z, without overflow: exp sees only negative numbers. */
static double
binary(double z, uint32_t label, double mean, float *grad)
{
	double small = exp(-fabs(z)), p = (z >= 0 ? 1 : small) / (1 + small);

	if (grad != NULL)
		*grad = (float)((p - label) / mean);
	return fmax(z, 0) - z * label + log1p(small);
}

static double
largest(const float *z, size_t k)
{
	float max = z[0];

	for (size_t j = 1; j < k; j++)
		max = z[j] > max ? z[j] : max;
	return max;
}

/* log(sum exp(z)) - z[label], relative to the largest logit. */
static double
softmax(const float *z, uint32_t label, size_t k, double mean, float *grad)
{
	double max = largest(z, k), sum = 0;

	for (size_t j = 0; j < k; j++) {
		double p = exp(z[j] - max);

		sum += p;
		if (grad != NULL)
			grad[j] = (float)p;
	}
	if (grad != NULL) {
		double factor = 1 / (sum * mean);

		for (size_t j = 0; j < k; j++)
			grad[j] = (float)(grad[j] * factor);
		grad[label] = (float)((exp(z[label] - max) / sum - 1) / mean);
	}
	return log(sum) - (z[label] - max);
}

double
flp_loss_sum(enum flp_loss loss, const float *output, struct flp_truth truth,
    size_t b, size_t k, double mean, float *grad)
{
	double sum = 0;

	for (size_t i = 0; i < b; i++) {
		const float *z = output + i * k;
		float *g = grad == NULL ? NULL : grad + i * k;

		if (loss == FLP_LOSS_MSE)
			sum += squared(*z, truth.target[i], mean, g);
		else if (loss == FLP_LOSS_BINARY)
			sum += binary(*z, truth.label[i], mean, g);
		else
			sum += softmax(z, truth.label[i], k, mean, g);
	}
	return sum;
}

void
flp_loss_probability(enum flp_loss loss, const float *output, size_t k, double *p)
{
	double max, sum = 0;

	if (loss == FLP_LOSS_BINARY) {
		double small = exp(-fabs((double)output[0]));

		p[output[0] >= 0] = 1 / (1 + small);
		p[output[0] < 0] = small / (1 + small);
		return;
	}
	max = largest(output, k);
	for (size_t j = 0; j < k; j++)
		sum += p[j] = exp(output[j] - max);
	for (size_t j = 0; j < k; j++)
		p[j] /= sum;
}

size_t
flp_loss_classes(enum flp_loss loss, size_t k)
{
	return loss == FLP_LOSS_MSE ? 0 : loss == FLP_LOSS_BINARY ? 2 : k;
}

size_t
flp_loss_class(enum flp_loss loss, const float *output, size_t k)
{
	size_t best = 0;

	if (loss == FLP_LOSS_BINARY)
		return output[0] >= 0;
	for (size_t j = 1; j < k; j++)
		if (output[j] > output[best])
			best = j;
	return best;
}

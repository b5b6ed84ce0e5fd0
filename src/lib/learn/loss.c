#include "learn/loss.h"

#include <math.h>
#include <string.h>

static const char *const names[] = { "", "mse", "binary", "softmax" };

const char *
flp_loss_name(enum flp_loss loss)
{
	return names[loss];
}

int
flp_loss_find(const char *name, enum flp_loss *loss, struct flp_error *e)
{
	for (int i = FLP_LOSS_MSE; i <= FLP_LOSS_SOFTMAX; i++)
		if (strcmp(name, names[i]) == 0) {
			*loss = (enum flp_loss)i;
			return 0;
		}
	return flp_error_usage(e, "loss: expected mse, binary or softmax, found \"%s\"", name);
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

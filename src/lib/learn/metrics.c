#include "learn/metrics.h"
#include "base/dtype.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int
flp_metrics_init(struct flp_metrics *m, enum flp_loss loss, size_t outputs,
    struct flp_error *e)
{
	memset(m, 0, sizeof *m);
	m->loss = loss;
	m->outputs = outputs;
	if (loss == FLP_MSE) {
		if ((m->mean = flp_memory_new(outputs, sizeof *m->mean, e)) == NULL ||
		    (m->spread = flp_memory_new(outputs, sizeof *m->spread, e)) == NULL)
			goto fail;
		return 0;
	}
	m->classes = loss == FLP_BINARY_LOSS ? 2 : outputs;
	m->probability = flp_memory_new(m->classes, sizeof *m->probability, e);
	if (m->probability == NULL)
		goto fail;
	if (m->classes <= FLP_METRICS_CLASSES &&
	    (m->confusion = flp_memory_new(m->classes * m->classes,
	    sizeof *m->confusion, e)) == NULL)
		goto fail;
	return 0;
fail:
	flp_metrics_free(m);
	return -1;
}

void
flp_metrics_free(struct flp_metrics *m)
{
	free(m->confusion);
	free(m->score);
	free(m->probability);
	free(m->mean);
	free(m->spread);
	memset(m, 0, sizeof *m);
}

/* rows is already the number with this row. */
static void
add_values(struct flp_metrics *m, const float *output, const float *target)
{
	for (size_t j = 0; j < m->outputs; j++) {
		double error = (double)output[j] - target[j];
		double from = target[j] - m->mean[j];

		m->squares += error * error;
		m->absolutes += fabs(error);
		m->mean[j] += from / (double)m->rows;
		m->spread[j] += from * (target[j] - m->mean[j]);
	}
}

static void
add_class(struct flp_metrics *m, const float *output, uint32_t label)
{
	struct flp_metrics_bin *bin;
	size_t best = 0, place;
	double p;

	if (m->loss == FLP_BINARY_LOSS)
		best = output[0] >= 0;
	else
		for (size_t j = 1; j < m->classes; j++)
			if (output[j] > output[best])
				best = j;
	m->correct += best == label;
	if (m->confusion != NULL)
		m->confusion[label * m->classes + best]++;
	flp_loss_probability(m->loss, output, m->outputs, m->probability);
	p = m->probability[best];
	place = (size_t)ceil(fmin(p, 1) * FLP_METRICS_BINS);
	bin = &m->bin[place < 1 ? 0 : place - 1];
	bin->rows++;
	bin->correct += best == label;
	bin->confidence += p;
	if (m->classes == 2)
		m->score[m->scores++] = (struct flp_metrics_score){
			m->loss == FLP_BINARY_LOSS ? output[0] : output[1] - output[0], label };
}

int
flp_metrics_add(struct flp_metrics *m, const float *output, struct flp_truth truth,
    size_t b, struct flp_error *e)
{
	size_t where;

	if (!flp_dtype_finite(output, FLP_F32, b * m->outputs, &where))
		return flp_error_bad(e, "an output of the model is not finite");
	if (m->classes == 2 && flp_memory_grow(&m->score, &m->room, m->scores + b,
	    sizeof *m->score, e) < 0)
		return -1;
	m->loss_sum += flp_loss_sum(m->loss, output, truth, b, m->outputs, 1, NULL);
	for (size_t i = 0; i < b; i++) {
		m->rows++;
		if (m->loss == FLP_MSE)
			add_values(m, output + i * m->outputs, truth.target + i * m->outputs);
		else
			add_class(m, output + i * m->outputs, truth.label[i]);
	}
	return 0;
}

/* Means and spreads of two parts make those of the whole (Chan, Golub and
 * LeVeque 1983). */
static void
merge_values(struct flp_metrics *m, const struct flp_metrics *other)
{
	double a = (double)m->rows, b = (double)other->rows;

	m->squares += other->squares;
	m->absolutes += other->absolutes;
	for (size_t j = 0; j < m->outputs && b > 0; j++) {
		double from = other->mean[j] - m->mean[j];

		m->mean[j] += from * (b / (a + b));
		m->spread[j] += other->spread[j] + from * from * (a * b / (a + b));
	}
}

int
flp_metrics_merge(struct flp_metrics *m, const struct flp_metrics *other,
    struct flp_error *e)
{
	if (flp_memory_grow(&m->score, &m->room, m->scores + other->scores,
	    sizeof *m->score, e) < 0)
		return -1;
	if (other->scores > 0)
		memcpy(m->score + m->scores, other->score, other->scores * sizeof *m->score);
	m->scores += other->scores;
	if (m->loss == FLP_MSE)
		merge_values(m, other);
	m->rows += other->rows;
	m->correct += other->correct;
	m->loss_sum += other->loss_sum;
	for (size_t i = 0; m->confusion != NULL && i < m->classes * m->classes; i++)
		m->confusion[i] += other->confusion[i];
	for (size_t i = 0; i < FLP_METRICS_BINS; i++) {
		m->bin[i].rows += other->bin[i].rows;
		m->bin[i].correct += other->bin[i].correct;
		m->bin[i].confidence += other->bin[i].confidence;
	}
	return 0;
}

double
flp_metrics_loss(const struct flp_metrics *m)
{
	return m->rows > 0 ? m->loss_sum / (double)m->rows : NAN;
}

double
flp_metrics_accuracy(const struct flp_metrics *m)
{
	return m->rows > 0 && m->classes > 0 ? (double)m->correct / (double)m->rows : NAN;
}

double
flp_metrics_ece(const struct flp_metrics *m)
{
	double sum = 0;

	if (m->rows == 0 || m->classes == 0)
		return NAN;
	for (size_t i = 0; i < FLP_METRICS_BINS; i++)
		sum += fabs((double)m->bin[i].correct - m->bin[i].confidence);
	return sum / (double)m->rows;
}

static int
by_score(const void *a, const void *b)
{
	const struct flp_metrics_score *p = a, *q = b;

	return (p->score > q->score) - (p->score < q->score);
}

double
flp_metrics_auc(struct flp_metrics *m)
{
	unsigned __int128 twice = 0; /* pairs in order, a tie counting 1 of 2 */
	uint64_t below = 0, positives = 0;

	if (m->scores > 0)
		qsort(m->score, m->scores, sizeof *m->score, by_score);
	for (size_t i = 0, next; i < m->scores; i = next) {
		uint64_t tied[2] = { 0, 0 };

		for (next = i; next < m->scores &&
		    m->score[next].score == m->score[i].score; next++)
			tied[m->score[next].positive]++;
		twice += (unsigned __int128)tied[1] * (2 * below + tied[0]);
		below += tied[0];
		positives += tied[1];
	}
	if (below == 0 || positives == 0)
		return NAN;
	return (double)twice / (2 * (double)below * (double)positives);
}

static double
per_value(const struct flp_metrics *m, double sum)
{
	return m->rows > 0 && m->loss == FLP_MSE ?
	    sum / ((double)m->rows * (double)m->outputs) : NAN;
}

double
flp_metrics_mse(const struct flp_metrics *m)
{
	return per_value(m, m->squares);
}

double
flp_metrics_mae(const struct flp_metrics *m)
{
	return per_value(m, m->absolutes);
}

double
flp_metrics_r2(const struct flp_metrics *m)
{
	double sum = 0;

	for (size_t j = 0; m->loss == FLP_MSE && j < m->outputs; j++)
		sum += m->spread[j];
	return sum > 0 ? 1 - m->squares / sum : NAN;
}

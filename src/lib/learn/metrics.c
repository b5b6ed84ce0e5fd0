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
	if (loss == FLP_LOSS_MSE)
		return 0;
	m->classes = flp_loss_classes(loss, outputs);
	m->probability = flp_memory_new(m->classes, sizeof *m->probability, e);
	if (m->probability == NULL ||
	    (m->truth = flp_memory_new(m->classes, sizeof *m->truth, e)) == NULL)
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
	free(m->truth);
	free(m->confusion);
	free(m->score);
	free(m->probability);
	memset(m, 0, sizeof *m);
}

/* rows is already the number with this row. */
static void
add_value(struct flp_metrics *m, double output, double target)
{
	double from = target - m->mean;

	m->absolutes += fabs(output - target);
	m->mean += from / (double)m->rows;
	m->spread += from * (target - m->mean);
}

static void
add_class(struct flp_metrics *m, const float *output, uint32_t label)
{
	struct flp_metrics_bin *bin;
	size_t best = flp_loss_class(m->loss, output, m->outputs), place;
	double p;

	m->correct += best == label;
	m->truth[label]++;
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
			m->loss == FLP_LOSS_BINARY ? output[0] : output[1] - output[0], label };
}

int
flp_metrics_add(struct flp_metrics *m, const float *output, struct flp_truth truth,
    size_t b, struct flp_error *e)
{
	size_t where;

	if (!flp_dtype_finite(output, FLP_DTYPE_F32, b * m->outputs, &where))
		return flp_error_bad(e, "an output of the model is not finite");
	if (m->classes == 2 && flp_memory_grow(&m->score, &m->room, m->scores + b,
	    sizeof *m->score, e) < 0)
		return -1;
	m->loss_sum += flp_loss_sum(m->loss, output, truth, b, m->outputs, 1, NULL);
	for (size_t i = 0; i < b; i++) {
		m->rows++;
		if (m->loss == FLP_LOSS_MSE)
			add_value(m, output[i], truth.target[i]);
		else
			add_class(m, output + i * m->outputs, truth.label[i]);
	}
	return 0;
}

/* Mean and spread of two parts make those of the whole (Chan, Golub and LeVeque
 * 1983). */
static void
merge_values(struct flp_metrics *m, const struct flp_metrics *other)
{
	double a = (double)m->rows, b = (double)other->rows, from = other->mean - m->mean;

	if (other->rows == 0)
		return;
	m->absolutes += other->absolutes;
	m->mean += from * (b / (a + b));
	m->spread += other->spread + from * from * (a * b / (a + b));
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
	merge_values(m, other);
	m->rows += other->rows;
	m->correct += other->correct;
	m->loss_sum += other->loss_sum;
	for (size_t i = 0; i < m->classes; i++)
		m->truth[i] += other->truth[i];
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

double
flp_metrics_majority(const struct flp_metrics *m)
{
	uint64_t most = 0;

	for (size_t i = 0; i < m->classes; i++)
		most = m->truth[i] > most ? m->truth[i] : most;
	return most > 0 ? (double)most / (double)m->rows : NAN;
}

static int
by_score(const void *a, const void *b)
{
	const struct flp_metrics_score *p = a, *q = b;

	return (p->score > q->score) - (p->score < q->score);
}

double
flp_metrics_auc(const struct flp_metrics *m)
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

double
flp_metrics_mae(const struct flp_metrics *m)
{
	return m->rows > 0 && m->loss == FLP_LOSS_MSE ? m->absolutes / (double)m->rows : NAN;
}

double
flp_metrics_r2(const struct flp_metrics *m)
{
	return m->spread > 0 ? 1 - m->loss_sum / m->spread : NAN;
}

static const struct flp_measure of_classes[] = {
	{ "loss", flp_metrics_loss, -1, 0 },
	{ "accuracy", flp_metrics_accuracy, 1, 1 },
	{ "auc", flp_metrics_auc, 1, 1 },
	{ "ece", flp_metrics_ece, -1, 0 },
	{ "majority", flp_metrics_majority, 0, 0 },
};

static const struct flp_measure of_targets[] = {
	{ "loss", flp_metrics_loss, -1, 0 },
	{ "mae", flp_metrics_mae, -1, 1 },
	{ "r2", flp_metrics_r2, 1, 1 },
};

_Static_assert(sizeof of_classes / sizeof *of_classes <= FLP_METRICS_MOST, "measures");
_Static_assert(sizeof of_targets / sizeof *of_targets <= FLP_METRICS_MOST, "measures");

const struct flp_measure *
flp_metrics_measures(enum flp_loss loss, size_t *n)
{
	if (loss == FLP_LOSS_MSE) {
		*n = sizeof of_targets / sizeof *of_targets;
		return of_targets;
	}
	*n = sizeof of_classes / sizeof *of_classes;
	return of_classes;
}

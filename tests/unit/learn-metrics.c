/* Metrics against cases computed by hand, and parts that merge. */
#include "learn/evaluate.h"
#include "learn/init.h"
#include "learn/metrics.h"
#include "learn/worst.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
near(double a, double b)
{
	return fabs(a - b) <= 1e-12 * fmax(1, fabs(b));
}

/* Rows 0 to split - 1 into one part, the others into another, merged. */
static void
gather(struct flp_metrics *m, enum flp_loss loss, size_t k, const float *z,
    struct flp_truth truth, size_t n, size_t split)
{
	struct flp_truth rest = truth;
	struct flp_metrics other;
	struct flp_error e;

	if (loss == FLP_LOSS_MSE)
		rest.target += split;
	else
		rest.label += split;
	CHECK(flp_metrics_init(m, loss, k, &e) == 0, "%s", e.text);
	CHECK(flp_metrics_init(&other, loss, k, &e) == 0, "%s", e.text);
	CHECK(flp_metrics_add(m, z, truth, split, &e) == 0, "%s", e.text);
	CHECK(flp_metrics_add(&other, z + split * k, rest, n - split, &e) == 0, "%s", e.text);
	CHECK(flp_metrics_merge(m, &other, &e) == 0, "%s", e.text);
	CHECK(m->rows == n, "%llu rows", (unsigned long long)m->rows);
	flp_metrics_free(&other);
}

static void
binary(void)
{
	static const float z[] = { -2, 0, 1, 1, 3, -1, 0, 0 };
	static const uint32_t label[] = { 0, 0, 1, 0, 1, 1, 1, 0 };
	static const uint64_t confusion[] = { 1, 3, 1, 3 };
	struct flp_truth truth = { label, NULL };

	for (size_t split = 0; split <= 8; split++) {
		struct flp_metrics m;
		double loss = 0;

		gather(&m, FLP_LOSS_BINARY, 1, z, truth, 8, split);
		CHECK(flp_metrics_accuracy(&m) == 0.5, "%g", flp_metrics_accuracy(&m));
		CHECK(memcmp(m.confusion, confusion, sizeof confusion) == 0, "confusion");
		/* Negatives -2 0 1 0; 1 beats 3.5, 3 beats 4, -1 beats 1, 0 beats 2. */
		CHECK(flp_metrics_auc(&m) == 10.5 / 16, "%g", flp_metrics_auc(&m));
		for (size_t i = 0; i < 8; i++)
			loss += log(1 + exp(label[i] ? -z[i] : z[i])) / 8;
		CHECK(near(flp_metrics_loss(&m), loss), "%g", flp_metrics_loss(&m));
		CHECK(m.bin[7].rows == 3 && m.bin[7].correct == 1 && m.bin[7].confidence == 1.5,
		    "p = 1/2 is in the eighth bin");
		CHECK(m.bin[10].rows == 3 && m.bin[10].correct == 1, "p = .731 in the eleventh");
		CHECK(flp_metrics_majority(&m) == 0.5, "%g", flp_metrics_majority(&m));
		CHECK(isnan(flp_metrics_mae(&m)) && isnan(flp_metrics_r2(&m)), "no values");
		flp_metrics_free(&m);
	}
}

static void
softmax(void)
{
	static const float z[] = { 0, 0, 0, 1, 2, 2, 5, 0, 0, -30, 30, -30 };
	static const uint32_t label[] = { 0, 2, 0, 1 };
	static const uint64_t confusion[] = { 2, 0, 0, 0, 1, 0, 0, 1, 0 };
	struct flp_truth truth = { label, NULL };
	double e = exp(1), p1 = e / (1 + 2 * e), p2 = exp(5) / (exp(5) + 2);

	for (size_t split = 0; split <= 4; split++) {
		struct flp_metrics m;

		gather(&m, FLP_LOSS_SOFTMAX, 3, z, truth, 4, split);
		CHECK(flp_metrics_accuracy(&m) == 0.75, "%g", flp_metrics_accuracy(&m));
		CHECK(memcmp(m.confusion, confusion, sizeof confusion) == 0, "confusion");
		CHECK(flp_metrics_majority(&m) == 0.5, "%g", flp_metrics_majority(&m));
		CHECK(near(flp_metrics_loss(&m), (log(3) - log(p1) - log(p2)) / 4), "%g",
		    flp_metrics_loss(&m));
		CHECK(m.bin[4].rows == 1, "1/3 is in the fifth bin");
		CHECK(m.bin[14].rows == 2 && m.bin[14].correct == 2, "the surest bin");
		CHECK(near(flp_metrics_ece(&m), (2.0 / 3 + p1 + 1 - p2) / 4), "%g",
		    flp_metrics_ece(&m));
		CHECK(isnan(flp_metrics_auc(&m)), "no AUC of three classes");
		flp_metrics_free(&m);
	}
}

static void
two_classes(void)
{
	static const float z[] = { 0, 1, 0, 2, 5, 6, 1, 0 };
	static const uint32_t label[] = { 0, 1, 1, 0 };
	struct flp_metrics m;

	gather(&m, FLP_LOSS_SOFTMAX, 2, z, (struct flp_truth){ label, NULL }, 4, 2);
	CHECK(flp_metrics_auc(&m) == 3.5 / 4, "%g", flp_metrics_auc(&m));
	flp_metrics_free(&m);
	gather(&m, FLP_LOSS_SOFTMAX, 2, z, (struct flp_truth){ label, NULL }, 1, 1);
	CHECK(isnan(flp_metrics_auc(&m)), "no AUC of one class");
	flp_metrics_free(&m);
}

static void
regression(void)
{
	static const float y[] = { 1, 2, 3, 6 }, t[] = { 1, 3, 3, 5 };

	for (size_t split = 0; split <= 4; split++) {
		struct flp_metrics m;

		gather(&m, FLP_LOSS_MSE, 1, y, (struct flp_truth){ NULL, t }, 4, split);
		CHECK(flp_metrics_mae(&m) == 0.5, "%g", flp_metrics_mae(&m));
		CHECK(near(flp_metrics_loss(&m), 0.5), "%g", flp_metrics_loss(&m));
		CHECK(near(flp_metrics_r2(&m), 0.75), "%g", flp_metrics_r2(&m));
		CHECK(isnan(flp_metrics_accuracy(&m)) && isnan(flp_metrics_ece(&m)) &&
		    isnan(flp_metrics_majority(&m)), "no classes");
		flp_metrics_free(&m);
	}
}

static void
nothing(void)
{
	static const enum flp_loss losses[] = { FLP_LOSS_MSE, FLP_LOSS_BINARY, FLP_LOSS_SOFTMAX };

	for (size_t i = 0; i < 3; i++) {
		struct flp_metrics m;
		struct flp_error e;

		CHECK(flp_metrics_init(&m, losses[i], i + 1, &e) == 0, "%s", e.text);
		CHECK(isnan(flp_metrics_loss(&m)) && isnan(flp_metrics_accuracy(&m)) &&
		    isnan(flp_metrics_auc(&m)) && isnan(flp_metrics_ece(&m)) &&
		    isnan(flp_metrics_mae(&m)) && isnan(flp_metrics_r2(&m)) &&
		    isnan(flp_metrics_majority(&m)), "of no rows");
		flp_metrics_free(&m);
	}
}

/* 600 rows go through in blocks; every output equals the row's own. */
static void
evaluation(void)
{
	struct flp_view v = { .rows = 600, .columns = 3 };
	float x[1800], w[4] = { 1, -2, 0.5f, 0.25f };
	uint32_t label[600];
	struct flp_network *net;
	struct flp_metrics m;
	struct flp_arch a;
	struct flp_error e;
	uint64_t right = 0;

	for (size_t i = 0; i < 1800; i++)
		x[i] = (float)(i * 37 % 101) / 64;
	for (size_t i = 0; i < 600; i++) {
		const float *r = x + i * 3;

		label[i] = i % 7 < 3;
		right += (r[0] - 2 * r[1] + r[2] / 2 + 0.25f >= 0) == label[i];
	}
	v.f32 = x;
	v.label = label;
	CHECK(flp_arch_parse(&a, "dense 1", 3, &e) == 0, "%s", e.text);
	net = flp_network_new(&a, FLP_LAYOUT_ARCH, &e);
	CHECK(flp_metrics_init(&m, FLP_LOSS_BINARY, 1, &e) == 0, "%s", e.text);
	CHECK(flp_evaluate(net, w, &v, &m, &e) == 0, "%s", e.text);
	CHECK(m.rows == 600 && m.correct == right && m.scores == 600, "%llu right",
	    (unsigned long long)m.correct);
	x[900] = INFINITY;
	CHECK(flp_evaluate(net, w, &v, &m, &e) < 0 && e.code == FLP_ERROR_BAD, "infinity");
	CHECK(strcmp(e.text, "rows 257 to 512: an output of the model is not finite") == 0, "%s",
	    e.text);
	flp_metrics_free(&m);
	flp_network_free(net);
}

/* Rows of each class are counted even where there are too many classes for a confusion
 * matrix. */
static void
majority(void)
{
	enum { CLASSES = FLP_METRICS_CLASSES + 1, ROWS = 40 };
	static float z[ROWS * CLASSES];
	uint32_t label[ROWS];

	for (uint32_t i = 0; i < ROWS; i++)
		label[i] = i % 5 == 0 ? CLASSES - 1 : i;
	for (size_t split = 0; split <= ROWS; split += 13) {
		struct flp_metrics m;

		gather(&m, FLP_LOSS_SOFTMAX, CLASSES, z, (struct flp_truth){ label, NULL }, ROWS, split);
		CHECK(m.confusion == NULL, "a confusion matrix");
		CHECK(flp_metrics_majority(&m) == 0.2, "%g", flp_metrics_majority(&m));
		flp_metrics_free(&m);
	}
}

/* The table has each measure once, and none is larger than its room. */
static void
measures(void)
{
	static const char *const of_classes[] = { "loss", "accuracy", "auc", "ece", "majority" };
	static const char *const of_targets[] = { "loss", "mae", "r2" };
	static const float y[] = { 1, 2 }, t[] = { 1, 3 };
	const struct flp_measure *measure;
	struct flp_metrics m;
	size_t n;

	measure = flp_metrics_measures(FLP_LOSS_BINARY, &n);
	CHECK(measure == flp_metrics_measures(FLP_LOSS_SOFTMAX, &n) && n == 5, "%zu", n);
	for (size_t i = 0; i < n; i++)
		CHECK(strcmp(measure[i].name, of_classes[i]) == 0, "%s", measure[i].name);
	measure = flp_metrics_measures(FLP_LOSS_MSE, &n);
	CHECK(n == 3, "%zu", n);
	gather(&m, FLP_LOSS_MSE, 1, y, (struct flp_truth){ NULL, t }, 2, 1);
	for (size_t i = 0; i < n; i++)
		CHECK(strcmp(measure[i].name, of_targets[i]) == 0, "%s", measure[i].name);
	CHECK(measure[1].value(&m) == flp_metrics_mae(&m) && measure[1].better == -1, "mae");
	CHECK(measure[2].value(&m) == flp_metrics_r2(&m) && measure[2].better == 1, "r2");
	flp_metrics_free(&m);
}

/* Against a plain search: the first of equals, and what does not exist is passed over. */
static void
worst(void)
{
	static const double value[] = { NAN, 0.5, 0.25, 0.75, 0.25, 0.75, NAN };
	static const char *const client[] = { "a", "b", "c", "d", "e", "f", "g" };

	for (int better = -1; better <= 1; better += 2) {
		struct flp_worst w = { 0 };
		struct flp_error e;

		CHECK(isnan(flp_worst_mean(&w)) && isnan(flp_worst_value(&w)), "of none");
		for (size_t i = 0; i < 7; i++)
			CHECK(flp_worst_add(&w, value[i], better, client[i], &e) == 0, "%s", e.text);
		CHECK(w.n == 5 && flp_worst_mean(&w) == 0.5, "%g", flp_worst_mean(&w));
		CHECK(flp_worst_value(&w) == (better > 0 ? 0.25 : 0.75), "%g", flp_worst_value(&w));
		CHECK(strcmp(w.client, better > 0 ? "c" : "d") == 0, "%s", w.client);
		flp_worst_free(&w);
	}
}

int
main(void)
{
	majority();
	measures();
	worst();
	binary();
	softmax();
	two_classes();
	regression();
	nothing();
	evaluation();
	return unit_done();
}

/* Batches, views and whole trainings: what is learnt, and that the bits depend
 * on nothing but the inputs. */
#include "kernel/random.h"
#include "learn/batches.h"
#include "learn/evaluate.h"
#include "learn/init.h"
#include "learn/train.h"
#include "unit.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 103
#define COLUMNS 40
#define NETWORK "dense 50 relu dense 3"

static void
epochs(size_t n, size_t size)
{
	struct flp_batches b = { 0 };
	struct flp_error e;
	size_t per = (n + size - 1) / size, rows, differ = 0;
	uint32_t *first = calloc(n, sizeof *first);
	unsigned char *seen = calloc(n, 1);

	CHECK(flp_batches_begin(&b, n, size, 3, 9, &e) == 0, "%s", e.text);
	for (uint64_t g = 0; g < 3 * per; g++) {
		const uint32_t *order = flp_batches_get(&b, g, &rows);

		CHECK(rows == (g % per < per - 1 ? size : n - (per - 1) * size), "%zu rows", rows);
		for (size_t i = 0; i < rows; i++) {
			size_t at = (size_t)(g % per) * size + i;

			CHECK(order[i] < n && seen[order[i]] == g / per, "row %u again", order[i]);
			seen[order[i]]++;
			if (g < per)
				first[at] = order[i];
			differ += first[at] != order[i];
		}
	}
	CHECK(differ > n, "epochs have the same order");
	CHECK(flp_batches_get(&b, 1, &rows)[0] == first[size], "going back gives other rows");
	CHECK(flp_batches_begin(&b, n, size, 3, 8, &e) == 0, "%s", e.text);
	differ = 0;
	for (size_t i = 0; i < n; i++)
		differ += flp_batches_get(&b, 0, &rows) != NULL && b.order[i] != first[i];
	CHECK(differ > n / 2, "clients have the same order");
	CHECK(flp_batches_begin(&b, n, 0, 3, 9, &e) == 0, "%s", e.text);
	CHECK(flp_batches_get(&b, 7, &rows) == NULL && rows == n, "all rows");
	flp_batches_free(&b);
	free(first);
	free(seen);
}

/* Three classes around three points, the columns of unlike sizes. */
struct set {
	float x[ROWS * COLUMNS], target[ROWS];
	uint8_t u8[ROWS * COLUMNS];
	uint32_t label[ROWS];
	double center[COLUMNS], scale[COLUMNS];
};

static void
fill(struct set *s, uint64_t seed)
{
	struct flp_random r;

	flp_random_init(&r, seed, 0, 0, FLP_PURPOSE_TEST);
	for (size_t j = 0; j < COLUMNS; j++) {
		s->center[j] = 127;
		s->scale[j] = 70 + (double)j;
	}
	for (size_t i = 0; i < ROWS; i++) {
		s->label[i] = (uint32_t)flp_random_below(&r, 3);
		s->target[i] = s->label[i] == 0;
		for (size_t j = 0; j < COLUMNS; j++) {
			s->u8[i * COLUMNS + j] = (uint8_t)(flp_random_below(&r, 180) +
			    (j % 3 == s->label[i] ? 70 : 0));
			s->x[i * COLUMNS + j] = s->u8[i * COLUMNS + j];
		}
	}
}

static struct flp_view
view(const struct set *s)
{
	return (struct flp_view){ .rows = ROWS, .columns = COLUMNS, .u8 = s->u8,
		.center = s->center, .scale = s->scale, .label = s->label };
}

static struct flp_train_options
defaults(void)
{
	return (struct flp_train_options){ .loss = FLP_LOSS_SOFTMAX,
		.optimizer = { .kind = FLP_OPTIMIZER_SGD, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8 }, .rate = 0.05, .batch = 10,
		.epochs = 3, .seed = 1 };
}

/* A fresh trainer's result, from the initial parameters of seed 1. */
static float *
trained(const struct flp_arch *a, struct flp_train_options o, struct flp_view v,
    uint64_t client, struct flp_train_result *result)
{
	float *w = malloc(a->parameters * sizeof *w);
	struct flp_trainer *t;
	struct flp_error e = { 0 };

	flp_init_uniform(a, 1, w);
	t = flp_trainer_new(a, &o, &e);
	CHECK(t != NULL && flp_trainer_run(t, w, &v, 0, client, result, &e) == 0, "%s", e.text);
	flp_trainer_free(t);
	return w;
}

static double
apart(const float *a, const float *b, size_t n)
{
	double worst = 0;

	for (size_t i = 0; i < n; i++)
		worst = fmax(worst, fabs((double)a[i] - b[i]));
	return worst;
}

static void
learns(const struct flp_arch *a, const struct set *s)
{
	struct flp_train_options o = defaults();
	struct flp_train_result result;
	struct flp_view v = view(s);
	struct flp_metrics m;
	struct flp_network *net;
	struct flp_error e;
	float *w;

	o.epochs = 30;
	w = trained(a, o, v, 0, &result);
	CHECK(result.steps == 330, "%llu steps",
	    (unsigned long long)result.steps);
	net = flp_network_new(a, FLP_LAYOUT_ARCH, &e);
	CHECK(flp_metrics_init(&m, FLP_LOSS_SOFTMAX, 3, &e) == 0, "%s", e.text);
	CHECK(flp_evaluate(net, w, &v, &m, &e) == 0, "%s", e.text);
	CHECK(flp_metrics_accuracy(&m) > 0.97, "accuracy %g", flp_metrics_accuracy(&m));
	CHECK(result.loss < 0.3 && flp_metrics_loss(&m) < result.loss * 1.2, "loss %g, was %g",
	    flp_metrics_loss(&m), result.loss);
	flp_metrics_free(&m);
	flp_network_free(net);
	free(w);
}

/* R rounds of S steps are one round of R S steps, for plain descent. */
static void
carries_over(const struct flp_arch *a, const struct set *s)
{
	struct flp_train_options o = defaults();
	struct flp_train_result result;
	struct flp_view v = view(s);
	struct flp_trainer *t;
	struct flp_error e;
	float *once, *often = malloc(a->parameters * sizeof *often);

	o.epochs = 0;
	o.steps = 35;
	once = trained(a, o, v, 4, &result);
	flp_init_uniform(a, 1, often);
	o.steps = 7;
	t = flp_trainer_new(a, &o, &e);
	for (uint32_t round = 0; round < 5; round++)
		CHECK(flp_trainer_run(t, often, &v, round, 4, &result, &e) == 0, "%s", e.text);
	CHECK(memcmp(once, often, a->parameters * sizeof *once) == 0, "apart by %g",
	    apart(once, often, a->parameters));
	flp_trainer_free(t);
	free(once);
	free(often);
}

/* What a trainer did before leaves no trace. */
static void
forgets(const struct flp_arch *a, const struct set *s, const struct set *other,
    enum flp_optimizer_kind kind, size_t batch)
{
	struct flp_train_options o = defaults();
	struct flp_train_result result, again;
	struct flp_view v = view(s), before = view(other);
	struct flp_trainer *t;
	struct flp_error e;
	float *fresh, *used = malloc(a->parameters * sizeof *used);

	o.optimizer.kind = kind;
	o.optimizer.decay = kind == FLP_OPTIMIZER_ADAMW ? 0.01 : 0;
	o.batch = batch;
	fresh = trained(a, o, v, 4, &result);
	t = flp_trainer_new(a, &o, &e);
	before.rows = 13;
	flp_init_uniform(a, 2, used);
	CHECK(flp_trainer_run(t, used, &before, 6, 5, &again, &e) == 0, "%s", e.text);
	flp_init_uniform(a, 1, used);
	CHECK(flp_trainer_run(t, used, &v, 0, 4, &again, &e) == 0, "%s", e.text);
	CHECK(memcmp(fresh, used, a->parameters * sizeof *fresh) == 0, "apart by %g",
	    apart(fresh, used, a->parameters));
	CHECK(memcmp(&result, &again, sizeof result) == 0, "loss %g, %g", result.loss, again.loss);
	flp_trainer_free(t);
	free(fresh);
	free(used);
}

struct job {
	const struct flp_arch *arch;
	const struct set *set;
	float *w;
};

static void *
work(void *p)
{
	struct job *job = p;
	struct flp_train_options o = defaults();
	struct flp_train_result result;

	o.epochs = 20;
	job->w = trained(job->arch, o, view(job->set), 1, &result);
	return NULL;
}

static void
threads(const struct flp_arch *a, const struct set *s)
{
	struct job job[5];
	pthread_t thread[4];

	for (int i = 0; i < 5; i++)
		job[i] = (struct job){ a, s, NULL };
	work(&job[4]);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&thread[i], NULL, work, &job[i]) == 0, "thread %d", i);
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < 4; i++)
		CHECK(memcmp(job[i].w, job[4].w, a->parameters * sizeof *job[i].w) == 0,
		    "thread %d", i);
	for (int i = 0; i < 5; i++)
		free(job[i].w);
}

/* 824 rows as one batch in parts against the 103 rows eight times over, whose
 * gradient is the same mean. */
static void
large_batch(const struct flp_arch *a, const struct set *s)
{
	struct flp_train_options o = defaults();
	struct flp_train_result result, more;
	struct flp_view v = view(s), big = v;
	uint8_t *x = malloc(sizeof s->u8 * 8);
	uint32_t *label = malloc(sizeof s->label * 8);
	float *w, *wide;

	for (size_t i = 0; i < 8; i++) {
		memcpy(x + i * sizeof s->u8, s->u8, sizeof s->u8);
		memcpy(label + i * ROWS, s->label, sizeof s->label);
	}
	big.rows = 8 * ROWS;
	big.u8 = x;
	big.label = label;
	o.batch = 0;
	w = trained(a, o, v, 0, &result);
	wide = trained(a, o, big, 0, &more);
	CHECK(result.steps == 3 && more.steps == 3, "one step an epoch");
	CHECK(apart(w, wide, a->parameters) < 1e-6, "%g", apart(w, wide, a->parameters));
	CHECK(fabs(result.loss - more.loss) < 1e-6, "%g %g", result.loss, more.loss);
	free(w);
	free(wide);
	free(x);
	free(label);
}

/* The same numbers as bytes, as f32, and standardised beforehand. */
static void
kinds_of_rows(const struct flp_arch *a, struct set *s)
{
	struct flp_train_options o = defaults();
	struct flp_train_result result;
	struct flp_view v = view(s);
	float *bytes = trained(a, o, v, 0, &result), *floats, *before;

	v.u8 = NULL;
	v.f32 = s->x;
	floats = trained(a, o, v, 0, &result);
	CHECK(apart(bytes, floats, a->parameters) < 1e-5, "%g",
	    apart(bytes, floats, a->parameters));
	for (size_t i = 0; i < ROWS * COLUMNS; i++)
		s->x[i] = (float)((s->x[i] - 127) * (1 / s->scale[i % COLUMNS]));
	v.center = v.scale = NULL;
	before = trained(a, o, v, 0, &result);
	CHECK(memcmp(before, floats, a->parameters * sizeof *before) == 0, "standardised rows");
	free(bytes);
	free(floats);
	free(before);
}

static void
refused(const struct flp_arch *a, struct flp_train_options o, struct flp_view v,
    enum flp_code code, const char *message)
{
	float *w = malloc(a->parameters * sizeof *w);
	struct flp_train_result result;
	struct flp_error e = { 0 };
	struct flp_trainer *t;

	flp_init_uniform(a, 1, w);
	t = flp_trainer_new(a, &o, &e);
	CHECK(t == NULL || flp_trainer_run(t, w, &v, 2, 0, &result, &e) < 0, "%s: taken", message);
	CHECK(e.code == code && strcmp(e.text, message) == 0, "%s, not: %s", e.text, message);
	flp_trainer_free(t);
	free(w);
}

static void
bad_views(const struct flp_arch *a, struct set *s)
{
	struct flp_train_options o = defaults();
	struct flp_view v = view(s);

	v.rows = 0;
	refused(a, o, v, FLP_ERROR_BAD, "rows: expected 1 to 4294967295, found 0");
	v = view(s);
	s->label[7] = 3;
	refused(a, o, v, FLP_ERROR_BAD, "row 8: class: expected 0 to 2, found 3");
	s->label[7] = 2;
}

static void
bad_runs(const struct flp_arch *a, struct set *s)
{
	struct flp_train_options o = defaults();
	struct flp_view v = view(s);
	struct flp_arch one;
	struct flp_error e;

	o.epochs = UINT64_MAX / 10;
	refused(a, o, v, FLP_ERROR_USAGE, "too many steps");
	o = defaults();
	o.loss = FLP_LOSS_MSE;
	o.rate = 1e13;
	v.target = s->target;
	CHECK(flp_arch_parse(&one, "dense 50 relu dense 1", COLUMNS, &e) == 0, "%s", e.text);
	refused(&one, o, v, FLP_ERROR_BAD,
	    "loss is not finite at step 3: a lower learning rate may help");
	o.epochs = 0;
	o.steps = 2;
	refused(&one, o, v, FLP_ERROR_BAD,
	    "parameters are not finite after step 2: a lower learning rate may help");
}

int
main(void)
{
	static struct set s, other;
	struct flp_arch deep, flat;
	struct flp_error e;

	fill(&s, 1);
	fill(&other, 2);
	CHECK(flp_arch_parse(&deep, NETWORK, COLUMNS, &e) == 0, "%s", e.text);
	CHECK(flp_arch_parse(&flat, "dense 3", COLUMNS, &e) == 0, "%s", e.text);
	epochs(103, 10);
	epochs(100, 10);
	epochs(64, 1);
	learns(&deep, &s);
	learns(&flat, &s);
	carries_over(&deep, &s);
	carries_over(&flat, &s);
	for (int kind = FLP_OPTIMIZER_SGD; kind <= FLP_OPTIMIZER_ADAMW; kind++)
		for (size_t batch = 0; batch <= 10; batch += 5)
			forgets(&deep, &s, &other, (enum flp_optimizer_kind)kind, batch);
	threads(&deep, &s);
	large_batch(&deep, &s);
	bad_views(&deep, &s);
	bad_runs(&deep, &s);
	kinds_of_rows(&deep, &s);
	return unit_done();
}

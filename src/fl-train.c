/* fl-train: train a model on data sets, each by itself, as its owner would.
 *
 * Every data record read makes one record written: the model after local
 * training or, with --update, its difference from the model given. Rows do
 * not leave: what is written holds parameters, counts and the model's id. */
#include "cli.h"
#include "model/local.h"


struct options {
	const char *model, *schedule;
	int update, optimizer, nesterov, verbose;
	uint64_t epochs, steps, batch, seed, jobs;
	double rate, momentum, decay, clip, beta1, beta2, epsilon;
};

#define TO(field) offsetof(struct options, field)
static const struct cli_option options[] = {
	{ 'm', "model", CLI_TEXT, TO(model), "MODEL", 0, 0, cli_required, "the model to begin from" },
	{ 'u', "update", CLI_FLAG, TO(update), NULL, 0, 0, NULL,
		"write updates, new minus old, instead of models" },
	{ 'E', "epochs", CLI_COUNT, TO(epochs), "N", 1, 1e9, NULL,
		"passes over the data, 1 unless --steps" },
	{ 'k', "steps", CLI_COUNT, TO(steps), "N", 1, 1e12, NULL,
		"batches instead; they go on where the last round stopped" },
	{ 'B', "batch", CLI_COUNT, TO(batch), "N", 0, 4294967295., "32",
		"rows of a batch, 0 for all" },
	{ 'l', "rate", CLI_REAL, TO(rate), "RATE", 1e-12, 1e6, "0.1", "learning rate" },
	{ 0, "schedule", CLI_TEXT, TO(schedule), "SCHEDULE", 0, 0, "constant",
		"of the rate over rounds: inverse:D, step:N:F, cosine:N" },
	{ 'O', "optimizer", CLI_CHOICE, TO(optimizer), "sgd|adam|adamw", 0, 0, "sgd",
		"local optimizer" },
	{ 0, "momentum", CLI_REAL, TO(momentum), "M", 0, 0.999999, "0", "of sgd" },
	{ 0, "nesterov", CLI_FLAG, TO(nesterov), NULL, 0, 0, NULL, "Nesterov's momentum" },
	{ 0, "decay", CLI_REAL, TO(decay), "D", 0, 1e6, "0", "weight decay" },
	{ 'C', "clip", CLI_REAL, TO(clip), "NORM", 0, 1e12, "0",
		"largest norm of a batch's gradient, 0 for any" },
	{ 0, "beta1", CLI_REAL, TO(beta1), "B", 0, 0.999999999, "0.9", "of adam" },
	{ 0, "beta2", CLI_REAL, TO(beta2), "B", 0, 0.999999999, "0.999", "of adam" },
	{ 0, "epsilon", CLI_REAL, TO(epsilon), "EPS", 1e-30, 1, "1e-8", "of adam" },
	{ 's', "seed", CLI_COUNT, TO(seed), "SEED", 0, CLI_COUNT_MOST, "0", "of the order of rows" },
	{ 'j', "jobs", CLI_COUNT, TO(jobs), "N", 1, 1024, "1", "data sets at once" },
	{ 'v', "verbose", CLI_FLAG, TO(verbose), NULL, 0, 0, NULL,
		"say the training loss of each data set" },
	{ 0 },
};

static const struct cli_tool tool = { "fl-train",
	"Train a model on data sets, each by itself.", "[DATA]...", 0, -1, options };

static void
told(void *context, const char *place, const struct flp_train_result *result,
    const struct flp_error *e)
{
	const struct options *o = context;

	cli_progress("step", 1, 1);
	if (result == NULL)
		cli_warn("%s", e->text);
	else if (o->verbose)
		cli_warn("%s: %llu steps, loss %.6g", place, (unsigned long long)result->steps,
		    result->loss);
}

static void
progress(uint64_t done, uint64_t total)
{
	cli_progress("step", done, total);
}

static void
training(const struct options *o, struct flp_train_options *t, const struct flp_model *m)
{
	struct flp_error e;

	*t = (struct flp_train_options){ .loss = m->loss, .rate = o->rate, .batch = o->batch,
		.epochs = o->epochs || o->steps ? o->epochs : 1, .steps = o->steps, .seed = o->seed };
	t->optimizer = (struct flp_optimizer_options){
		.kind = FLP_OPTIMIZER_SGD + (enum flp_optimizer_kind)o->optimizer,
		.momentum = o->momentum, .nesterov = o->nesterov, .decay = o->decay,
		.clip = o->clip, .beta1 = o->beta1, .beta2 = o->beta2, .epsilon = o->epsilon };
	if (o->jobs == 1)
		t->progress = progress;
	if (o->epochs && o->steps)
		cli_usage("expected either --epochs or --steps");
	cli_check(flp_optimizer_check(&t->optimizer, &e), &e, NULL);
	cli_check(flp_schedule_parse(&t->schedule, o->schedule, &e), &e, "option --schedule");
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_local local = { .told = told, .context = &o };
	struct flp_model model;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	uint64_t bad;

	cli_check(flp_model_load(&model, o.model, &e), &e, NULL);
	training(&o, &local.options, &model);
	local.model = &model;
	local.update = o.update;
	local.threads = (unsigned)o.jobs;
	cli_records(&out);
	flp_inputs_init(&in, paths);
	cli_check(flp_local_train(&local, &in, &out, &bad, &e), &e, NULL);
	flp_inputs_close(&in);
	cli_finish(&out, bad > 0 ? FLP_ERROR_BAD : 0);
}

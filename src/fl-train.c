/* fl-train: train a model on data sets, each by itself, as its owner would.
 *
 * Every data record read makes one record written: the model after local
 * training or, with --update, its difference from the model given. Rows do
 * not leave as such: what is written holds parameters, counts and the model's digest. The
 * site's policy says how many rows there must be, and which design the model must have. */
#include "cli.h"
#include "format/design.h"
#include "model/local.h"

#include <math.h>

struct options {
	struct flp_local local;
	const char *model, *schedule, *policy;
	int verbose;
};

#define TO(field) struct options, field
#define TRAIN(field) TO(local.options.field)
static const struct cli_option options[] = {
	CLI_INPUT('m', "model", TO(model), "MODEL", cli_required, "the model to begin from"),
	CLI_FLAG('u', "update", TO(local.update),
		"write updates, new minus old, instead of models"),
	CLI_COUNT('E', "epochs", TRAIN(epochs), "N", 1, 1e9, NULL,
		"number of passes over the data; 1, unless --steps is given"),
	CLI_COUNT('k', "steps", TRAIN(steps), "N", 1, 1e12, NULL,
		"number of batches, instead of passes; they go on where the last round stopped"),
	CLI_COUNT('B', "batch", TRAIN(batch), "N", 0, 4294967295., "32",
		"rows of a batch; 0 for all rows"),
	CLI_REAL('l', "rate", TRAIN(rate), "RATE", 1e-12, 1e6, "0.1", "learning rate"),
	CLI_TEXT(0, "schedule", TO(schedule), "SCHEDULE", "constant",
		"how the learning rate changes over rounds: constant, inverse:D, step:N:F or cosine:N"),
	CLI_CHOICE('O', "optimizer", TRAIN(optimizer.kind), flp_optimizer_name, "sgd",
		"how a step is made from a gradient"),
	CLI_REAL(0, "momentum", TRAIN(optimizer.momentum), "M", 0, 0.999999, "0",
		"momentum, for sgd"),
	CLI_FLAG(0, "nesterov", TRAIN(optimizer.nesterov), "use Nesterov's momentum, for sgd"),
	CLI_REAL(0, "decay", TRAIN(optimizer.decay), "D", 0, 1e6, "0", "weight decay"),
	CLI_REAL('C', "clip", TRAIN(optimizer.clip), "NORM", 0, 1e12, "0",
		"greatest norm of a batch's gradient; 0 allows any"),
	CLI_REAL(0, "beta1", TRAIN(optimizer.beta1), "B", 0, 0.999999999, "0.9",
		"decay of the mean of gradients, for adam and adamw"),
	CLI_REAL(0, "beta2", TRAIN(optimizer.beta2), "B", 0, 0.999999999, "0.999",
		"decay of the mean of squared gradients, for adam and adamw"),
	CLI_REAL(0, "epsilon", TRAIN(optimizer.epsilon), "EPS", 1e-30, 1, "1e-8",
		"added to the divisor so that it is not 0, for adam and adamw"),
	CLI_COUNT('s', "seed", TRAIN(seed), "SEED", 0, CLI_COUNT_MOST, "0",
		"seed of the order of rows"),
	CLI_COUNT('j', "jobs", TO(local.threads), "N", 1, FLP_LOCAL_THREADS, "1",
		"train on up to N data sets at once"),
	CLI_POLICY(TO(policy)),
	CLI_STRICT(TO(local.bad.strict)),
	CLI_FLAG('v', "verbose", TO(verbose), 
		"print training losses, and name columns that need a scaling"),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-train",
	"Train a model separately on each data set.", "[DATA]...", 0, -1, options };

static void
trained(void *context, const char *place, const struct flp_train_result *result)
{
	const struct options *o = context;

	cli_progress("step", 1, 1);
	if (o->verbose)
		cli_warn("%s: %llu steps, loss %.6g", place, (unsigned long long)result->steps,
		    result->loss);
}

/* Set under -v alone: the factor is of the site's data. */
static void
unscaled(void *context, const char *place, const struct flp_unscaled *found)
{
	(void)context;
	cli_progress("step", 1, 1);
	cli_warn("%s: the standard deviation of %s is %.6g times that of %s: without a scaling, "
	    "training is slow and may fail (see fl-init --scale)", place, found->wide,
	    floor(found->factor), found->narrow);
}

static void
progress(uint64_t done, uint64_t total)
{
	cli_progress("step", done, total);
}

/* What one option asks of the others. */
static void
check_options(struct options *o)
{
	static const char *const adam[] = { "beta1", "beta2", "epsilon" };
	struct flp_train_options *t = &o->local.options;
	struct flp_error e;

	cli_at_most_one(CLI_NAMES("epochs", "steps"));
	if (!t->steps && !t->epochs)
		t->epochs = 1;
	for (size_t i = 0; i < sizeof adam / sizeof *adam; i++)
		if (t->optimizer.kind == FLP_OPTIMIZER_SGD && cli_given(adam[i]))
			cli_usage("option --%s: needs --optimizer adam or adamw", adam[i]);
	cli_check(flp_optimizer_check(&t->optimizer, &e), &e, NULL);
	cli_check(flp_schedule_parse(&t->schedule, o->schedule, &e), &e, "option --schedule");
	if (o->local.threads == 1)
		t->progress = progress;
	if (o->verbose)
		o->local.unscaled = unscaled;
}

/* A model that was made to remember its rows would be trained on none. */
static void
check_design(const struct flp_site *site, const struct options *o, const struct flp_model *model)
{
	struct flp_digest design;
	struct flp_error e;
	int status = flp_design_record(&model->record, &design, &e);

	if (status > 0)
		status = flp_site_design(site, &design, &e);
	cli_check(status, &e, flp_in_name(o->model));
}

int
main(int argc, char **argv)
{
	struct options o = { .local = { .bad.tell = cli_tell, .trained = trained,
		.context = &o } };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_digest base;
	struct flp_model model;
	struct flp_site site;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	check_options(&o);
	cli_policy(&site, o.policy);
	cli_check(flp_model_load(&model, &base, o.model, &e), &e, NULL);
	check_design(&site, &o, &model);
	o.local.site = &site;
	o.local.model = &model;
	o.local.base = &base;
	o.local.options.loss = model.loss;
	cli_records(&out);
	cli_inputs_init(&in, paths);
	cli_end(&out, flp_local_train(&o.local, &in, &out, &e), &e, &o.local.bad);
}

/* fl-noise: clip updates, and add the noise that makes a release differentially private.
 *
 * Without -z a record is clipped and rounded to a lattice. With -z it also gets noise, a
 * whole number of steps: an update gets all the noise that its site adds, and a sum of
 * clipped updates all that the round adds. With a ledger, the release's line is on the disk
 * before the release leaves. */
#include "cli.h"
#include "privacy/release.h"

struct options {
	struct flp_release release;
	struct flp_bad bad;
	double clip, clip_l1;
	const char *clip_by, *adapt, *adapt_range, *cohort, *policy;
	uint64_t grid;
	unsigned unit;
	int verbose;
};

/* Whose data the noise hides. */
static const char *
unit_name(unsigned unit)
{
	return unit == 0 ? "client" : NULL;
}

#define TO(field) struct options, field
#define RELEASE(field) TO(release.field)
static const struct cli_option options[] = {
	CLI_REAL('C', "clip", TO(clip), "NORM", FLP_LATTICE_CLIP_LEAST, FLP_LATTICE_CLIP_MOST, NULL,
		"greatest Euclidean norm of an update"),
	CLI_TEXT(0, "clip-by", TO(clip_by), "PATTERN=NORM,...", NULL,
		"clip groups of tensors, each to its own norm"),
	CLI_REAL(0, "clip-l1", TO(clip_l1), "NORM", FLP_LATTICE_CLIP_LEAST, FLP_LATTICE_CLIP_MOST,
		NULL, "greatest sum of magnitudes, for --mechanism laplace"),
	CLI_COUNT(0, "grid", TO(grid), "K", FLP_LATTICE_GRID_LEAST, FLP_LATTICE_GRID_MOST, "20",
		"round values to steps of about 2^-K of the norm"),
	CLI_INPUT(0, "adapt", TO(adapt), "MODEL", NULL,
		"let the clip norm adapt: take it from MODEL, the model of the round, if that has one"),
	CLI_TEXT(0, "adapt-range", TO(adapt_range), "LOW:HIGH", NULL,
		"least and greatest norm that --adapt may take"),
	CLI_COUNT(0, "adapt-clients", RELEASE(adapt_clients), "N", 1, CLI_COUNT_MOST, NULL,
		"how many clients a sum was expected to have"),
	CLI_REAL('z', "noise", RELEASE(z), "Z", 1e-9, 1e9, NULL,
		"standard deviation of the noise, divided by the norm"),
	CLI_CHOICE(0, "mechanism", RELEASE(mechanism), flp_noise_name, "gaussian",
		"distribution of the noise"),
	CLI_CHOICE(0, "adjacency", RELEASE(adjacency), flp_adjacency_name, NULL,
		"what one client may change; required with --noise"),
	CLI_CHOICE(0, "unit", TO(unit), unit_name, "client", "whose data the noise hides"),
	CLI_INPUT(0, "cohort", TO(cohort), "COHORT", NULL,
		"the cohort of the sum, drawn by fl-sample --secret"),
	CLI_PATH(0, "ledger", RELEASE(guard.ledger), "FILE", NULL,
		"add a line for each release to FILE before the release leaves"),
	CLI_REAL(0, "max-epsilon", RELEASE(guard.epsilon), "E", 0, 1e9, NULL,
		"refuse a release if the ledger would cost more with it"),
	CLI_REAL('d', "delta", RELEASE(guard.delta), "D", 1e-300, 0x1.fffffffffffffp-1, NULL,
		"the delta at which --max-epsilon is checked"),
	CLI_POLICY(TO(policy)),
	CLI_COUNT(0, "insecure-test-seed", RELEASE(seed), "SEED", 0, CLI_COUNT_MOST, NULL,
		"draw the noise from SEED, so that it protects nobody"),
	CLI_STRICT(TO(bad.strict)),
	CLI_FLAG('v', "verbose", TO(verbose), "print the ratio of signal to noise"),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-noise",
	"Clip updates, and add noise that makes a release differentially private.",
	"[FILE]...", 0, -1, options };

/* Refuses an option about noise, or about a limit, without the option that it goes with. */
static void
check_options(const struct options *o)
{
	static const char *const noise[] = { "adjacency", "mechanism", "cohort", "ledger",
		"max-epsilon", "insecure-test-seed", "adapt-clients", NULL };
	int laplace = o->release.mechanism == FLP_NOISE_LAPLACE;

	cli_one_of(CLI_NAMES("clip", "clip-by", "clip-l1"));
	if (cli_given("clip-l1") != laplace)
		cli_usage("option --clip-l1: expected with --mechanism laplace, and only with it");
	cli_only_with("noise", noise);
	if (cli_given("noise") && !cli_given("adjacency"))
		cli_usage("option --adjacency: expected with --noise");
	if (cli_given("max-epsilon") != cli_given("delta"))
		cli_usage("options --max-epsilon and --delta: expected both or neither");
}

/* What goes with --adapt. */
static void
check_adapt(void)
{
	static const char *const adapt[] = { "adapt-range", "adapt-clients", NULL };

	cli_only_with("adapt", adapt);
	if (!cli_given("adapt"))
		return;
	if (!cli_given("clip"))
		cli_usage("option --adapt: needs --clip");
	if (!cli_given("adapt-range"))
		cli_usage("option --adapt: needs --adapt-range");
	if (cli_given("noise") && !cli_given("adapt-clients"))
		cli_usage("option --adapt: expected --adapt-clients with --noise");
}

/* Takes the norm from the model of the round, if it has one. */
static void
choose_adapt(struct options *o)
{
	struct flp_digest digest;
	struct flp_header model;
	struct flp_error e;

	if (o->adapt == NULL)
		return;
	cli_check(flp_adapt_range(&o->release.adapt, o->adapt_range, o->clip, &e), &e, NULL);
	cli_check(flp_inputs_load_header(&model, &digest, o->adapt, FLP_KIND_PARAMS, &e), &e, NULL);
	cli_check(flp_adapt_model(&o->release.adapt, &model.meta, &digest, &o->clip, &e), &e,
	    flp_in_name(o->adapt));
	flp_header_free(&model);
}

static void
choose_clip(struct options *o)
{
	struct flp_clip *clip = &o->release.clip;
	unsigned grid = (unsigned)o->grid;
	struct flp_error e;

	if (o->clip_by != NULL)
		cli_check(flp_clip_init_by(clip, o->clip_by, grid, &e), &e, "option --clip-by");
	else if (cli_given("clip-l1"))
		cli_check(flp_clip_init(clip, o->clip_l1, grid, 1, &e), &e, "option --clip-l1");
	else
		cli_check(flp_clip_init(clip, o->clip, grid, 0, &e), &e, "option --clip");
}

static void
choose_cohort(struct options *o)
{
	struct flp_header cohort;
	struct flp_error e;

	if (o->cohort == NULL)
		return;
	cli_check(flp_inputs_load_header(&cohort, NULL, o->cohort, FLP_KIND_COHORT, &e), &e, NULL);
	cli_check(flp_release_cohort(&o->release, &cohort.meta, &e), &e, flp_in_name(o->cohort));
	flp_header_free(&cohort);
}

static void
released(void *context, const char *place, double signal)
{
	const struct options *o = context;

	if (o->verbose)
		cli_warn("%s: signal to noise %.3g", place, signal);
}

int
main(int argc, char **argv)
{
	struct options o = { .bad.tell = cli_tell };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_site site;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	check_options(&o);
	check_adapt();
	choose_adapt(&o);
	choose_clip(&o);
	choose_cohort(&o);
	cli_policy(&site, o.policy);
	o.release.guard.site = &site;
	o.release.seeded = cli_given("insecure-test-seed");
	o.release.released = o.verbose ? released : NULL;
	o.release.context = &o;
	cli_records(&out);
	cli_inputs_init(&in, paths);
	cli_end(&out, flp_release_records(&o.release, &in, &o.bad, &out, &e), &e, &o.bad);
}

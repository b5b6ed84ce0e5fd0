/* fl-budget: what private releases cost, or what a budget allows.
 *
 * Of the noise, the sampling rate, the rounds, delta and epsilon all but one are given. The one
 * that is not is printed first, then the epsilon against those who read the models and the
 * epsilon against the server. */
#include "base/memory.h"
#include "base/number.h"
#include "cli.h"
#include "privacy/calibrate.h"

#include <math.h>

#define DIGITS 10 /* of a number that is printed; those of a number of steps are not more */

struct options {
	double noise, rate, delta, epsilon;
	uint64_t steps;
	unsigned mechanism;
	enum flp_adjacency adjacency;
	enum flp_sampling sampling;
	enum flp_place place;
	struct cli_list also;
	int proved, trace, verbose;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_REAL('z', "noise", TO(noise), "Z", 1e-6, 1e9, NULL,
		"deviation of the noise, by the clip norm"),
	CLI_REAL('q', "rate", TO(rate), "RATE", 0x1p-53, 1, NULL,
		"share of the clients that a round draws"),
	CLI_COUNT('T', "steps", TO(steps), "STEPS", 1, UINT32_MAX, NULL, "number of rounds"),
	CLI_REAL('d', "delta", TO(delta), "DELTA", 0, 1 - 0x1p-53, NULL,
		"probability that epsilon may fail to hold"),
	CLI_REAL('e', "epsilon", TO(epsilon), "EPSILON", 1e-9, 1e9, NULL, "the privacy budget"),
	CLI_CHOICE(0, "adjacency", TO(adjacency), flp_adjacency_name, cli_required,
		"how neighbouring data sets differ"),
	CLI_CHOICE(0, "sampling", TO(sampling), flp_sampling_name, "poisson",
		"how the clients of a round are drawn"),
	CLI_CHOICE(0, "place", TO(place), flp_place_name, "central",
		"noise is added to the sum or by each client"),
	CLI_CHOICE(0, "mechanism", TO(mechanism), flp_mechanism_name, "gaussian",
		"kind of noise"),
	CLI_LIST(0, "also", TO(also), "GROUP",
		"count these releases too: 'MECHANISM z=Z q=RATE T=STEPS'"),
	CLI_FLAG(0, "proved", TO(proved), "count only what is proved for noise in whole numbers"),
	CLI_FLAG(0, "trace", TO(trace), "print a line for every round"),
	CLI_FLAG('v', "verbose", TO(verbose), "print what each accountant finds"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-budget",
	"Account for private releases, or plan them.", "", 0, 0, options };

/* What is asked for: the letters of the options. */
enum unknown { NOISE = 'z', RATE = 'q', STEPS = 'T', DELTA = 'd', EPSILON = 'e' };

/* The groups of releases; the first is that of -z, -q and -T. */
struct plan {
	struct flp_spent *spent;
	size_t n;
	double delta, epsilon;
	enum unknown unknown;
};

static enum unknown
find_unknown(const struct options *o)
{
	static const struct { const char *name; enum unknown unknown; } quantities[] = {
		{ "noise", NOISE }, { "rate", RATE }, { "steps", STEPS }, { "delta", DELTA },
		{ "epsilon", EPSILON },
	};
	enum unknown unknown = EPSILON;
	int missing = 0;

	for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++)
		if (!cli_given(quantities[i].name) &&
		    !(quantities[i].unknown == RATE && o->sampling == FLP_SAMPLING_NONE)) {
			unknown = quantities[i].unknown;
			missing++;
		}
	if (o->sampling == FLP_SAMPLING_NONE && cli_given("rate"))
		cli_usage("option --rate: expected none without sampling");
	if (missing != 1)
		cli_usage("expected all but one of %s-z, -T, -d and -e, found %d missing",
		    o->sampling == FLP_SAMPLING_NONE ? "" : "-q, ", missing);
	return unknown;
}

/* Noise that a client adds is all that protects it, whoever else takes part. */
static void
check_place(struct options *o)
{
	if (o->place != FLP_PLACE_LOCAL)
		return;
	if (o->adjacency != FLP_ADJACENCY_REPLACE)
		cli_usage("option --place local: expected --adjacency replace with it, found %s",
		    flp_adjacency_name(o->adjacency));
	if (cli_given("sampling") && o->sampling != FLP_SAMPLING_NONE)
		cli_usage("option --place local: expected --sampling none with it, found %s",
		    flp_sampling_name(o->sampling));
	o->sampling = FLP_SAMPLING_NONE;
}

static void
make_plan(struct plan *plan, struct options *o)
{
	struct flp_error e;

	check_place(o);
	*plan = (struct plan){ .n = 1 + o->also.n, .delta = o->delta, .epsilon = o->epsilon };
	plan->unknown = find_unknown(o);
	plan->spent = cli_new(plan->n, sizeof *plan->spent);
	for (size_t i = 0; i < plan->n; i++) {
		struct flp_spent *s = &plan->spent[i];

		*s = (struct flp_spent){ flp_mechanism_get(o->mechanism), o->noise, o->rate,
			o->steps, o->adjacency, o->sampling, o->proved };
		if (i > 0) {
			cli_check(flp_spent_parse(s, o->also.text[i - 1], &e), &e, "option --also");
			cli_check(flp_spent_check(s, &e), &e, "option --also");
		} else if (o->sampling == FLP_SAMPLING_NONE) {
			s->rate = 1;
		}
	}
}

static void
solve(struct plan *plan)
{
	enum flp_quantity quantity = plan->unknown == NOISE ? FLP_QUANTITY_NOISE :
	    plan->unknown == RATE ? FLP_QUANTITY_RATE : FLP_QUANTITY_STEPS;
	struct flp_cost cost;
	struct flp_error e;

	if (plan->unknown == EPSILON)
		return;
	if (plan->unknown != DELTA) {
		cli_check(flp_calibrate(plan->spent, plan->n, quantity, plan->epsilon, plan->delta,
		    &e), &e, NULL);
		return;
	}
	cli_check(flp_account_delta(&cost, plan->spent, plan->n, plan->epsilon, &e), &e, NULL);
	plan->delta = flp_number_above(cost.delta, DIGITS);
	if (plan->delta >= 1)
		cli_check(flp_error_bad(&e, "expected a target that can be met: no delta below 1 "
		    "meets epsilon %g", plan->epsilon), &e, NULL);
}

/* Rounded up: what is printed is never less than what was found. */
static void
print(struct flp_out *out, const char *before, double v, const char *after)
{
	char text[FLP_NUMBER_TEXT];

	flp_number_print(text, flp_number_above(v, DIGITS));
	cli_print(out, "%s%s%s", before, text, after);
}

/* A server that adds the noise has read what was sent to it. */
static double
server(const struct options *o, double epsilon)
{
	return o->place == FLP_PLACE_LOCAL ? epsilon : INFINITY;
}

static void
print_plan(struct flp_out *out, const struct options *o, const struct plan *plan)
{
	const struct flp_spent *s = &plan->spent[0];
	const char name[] = { (char)plan->unknown, '\t', '\0' };
	struct flp_cost cost;
	struct flp_error e;

	cli_check(flp_account_epsilon(&cost, plan->spent, plan->n, plan->delta, &e), &e, NULL);
	print(out, name, plan->unknown == NOISE ? s->noise : plan->unknown == RATE ? s->rate :
	    plan->unknown == STEPS ? (double)s->steps : plan->unknown == DELTA ? plan->delta :
	    cost.epsilon, "\n");
	print(out, "readers\t", cost.epsilon, "\n");
	print(out, "server\t", server(o, cost.epsilon), "\n");
	for (int i = 0; o->verbose && i < 2; i++) {
		if ((cost.pld <= cost.rdp) == (i == 0)) {
			print(out, "pld\t", cost.pld, "\n");
			continue;
		}
		print(out, "rdp\t", cost.rdp, "\n");
		print(out, "order\t", cost.order, "\n");
	}
}

struct trace {
	struct flp_out *out;
	const struct options *o;
};

static int
print_round(void *context, uint64_t step, const struct flp_cost *cost, struct flp_error *e)
{
	const struct trace *t = context;

	(void)e;
	cli_print(t->out, "%llu", (unsigned long long)step);
	print(t->out, "\t", cost->epsilon, "");
	print(t->out, "\t", server(t->o, cost->epsilon), "");
	if (t->o->verbose) {
		print(t->out, "\t", cost->pld, "");
		print(t->out, "\t", cost->rdp, "");
		print(t->out, "\t", cost->order, "");
	}
	cli_print(t->out, "\n");
	return 0;
}

static void
print_trace(struct flp_out *out, const struct options *o, const struct plan *plan)
{
	struct trace trace = { out, o };
	struct flp_error e;

	cli_print(out, "round\treaders\tserver%s\n", o->verbose ? "\tpld\trdp\torder" : "");
	cli_check(flp_account_trace(plan->spent + 1, plan->n - 1, plan->spent, plan->delta,
	    print_round, &trace, &e), &e, NULL);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct plan plan;
	struct flp_out out;

	cli_start(argc, argv, &tool, &o);
	make_plan(&plan, &o);
	cli_stdout(&out);
	solve(&plan);
	if (o.trace)
		print_trace(&out, &o, &plan);
	else
		print_plan(&out, &o, &plan);
	cli_finish(&out, 0);
}

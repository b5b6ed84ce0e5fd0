/* fl-budget: what private releases cost, or what a budget allows.
 *
 * All but one of the noise, the sampling rate, the rounds, delta and epsilon are given.
 * The one that is not is printed first, then the epsilon against those who read the models
 * and the epsilon against the server. With models or a ledger, noise, rates and rounds are
 * read from what was released. */
#include "cli.h"
#include "export/cost.h"
#include "privacy/chain.h"

#include <stdio.h>
#include <string.h>

struct options {
	double noise, rate, delta, epsilon;
	uint64_t steps;
	unsigned mechanism;
	enum flp_adjacency adjacency;
	enum flp_sampling sampling;
	enum flp_place place;
	struct cli_list also;
	const char *ledger;
	int proved, trace, verbose;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_REAL('z', "noise", TO(noise), "Z", 1e-6, 1e9, NULL,
		"standard deviation of the noise, divided by the norm"),
	CLI_REAL('q', "rate", TO(rate), "RATE", 0x1p-53, 1, NULL,
		"share of the clients that take part in a round"),
	CLI_COUNT('T', "steps", TO(steps), "STEPS", 1, UINT32_MAX, NULL, "number of rounds"),
	CLI_REAL('d', "delta", TO(delta), "DELTA", 0, 1 - 0x1p-53, NULL,
		"probability with which epsilon may fail to hold"),
	CLI_REAL('e', "epsilon", TO(epsilon), "EPSILON", 1e-9, 1e9, NULL, "the privacy budget"),
	CLI_CHOICE(0, "adjacency", TO(adjacency), flp_adjacency_name, NULL,
		"what one client may change; required for a plan"),
	CLI_CHOICE(0, "sampling", TO(sampling), flp_sampling_name, "poisson",
		"how the clients of a round are drawn"),
	CLI_CHOICE(0, "place", TO(place), flp_place_name, "central",
		"who adds the noise: the server, or each client"),
	CLI_CHOICE(0, "mechanism", TO(mechanism), flp_mechanism_name, "gaussian",
		"the kind of noise"),
	CLI_LIST(0, "also", TO(also), "GROUP",
		"also count the releases of this group, written as 'MECHANISM z=Z q=RATE T=STEPS'"),
	CLI_INPUT(0, "ledger", TO(ledger), "LEDGER", NULL,
		"count all releases in LEDGER, and check the models against it"),
	CLI_FLAG(0, "proved", TO(proved), "count only what is proved for noise in whole numbers"),
	CLI_FLAG(0, "trace", TO(trace), "print a line for every round"),
	CLI_FLAG('v', "verbose", TO(verbose), "print what each accountant finds"),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-budget",
	"Account for private releases, or plan them.", "[MODEL]...", 0, -1, options };

static char
find_unknown(const struct options *o)
{
	static const struct { const char *name; char letter; } quantities[] = {
		{ "noise", 'z' }, { "rate", 'q' }, { "steps", 'T' }, { "delta", 'd' }, { "epsilon", 'e' },
	};
	char unknown = 'e', names[64] = "";
	size_t missing = 0, n = 0;

	for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++)
		if (!cli_given(quantities[i].name) &&
		    !(quantities[i].letter == 'q' && o->sampling == FLP_SAMPLING_NONE)) {
			unknown = quantities[i].letter;
			missing++;
			n += (size_t)snprintf(names + n, sizeof names - n, " -%c", unknown);
		}
	if (o->sampling == FLP_SAMPLING_NONE && cli_given("rate"))
		cli_usage("option --rate: not allowed with %s: all clients take part",
		    o->place == FLP_PLACE_LOCAL ? "--place local" : "--sampling none");
	if (missing == 0)
		cli_usage("expected one of -z, -q, -T, -d and -e to be left out, so that it is printed");
	if (missing > 1)
		cli_usage("expected one option to be left out, found these missing:%s%s", names,
		    strchr(names, 'q') != NULL ? " (or --sampling none, if all clients take part)" : "");
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
make_plan(struct flp_plan *plan, struct options *o)
{
	struct flp_error e;

	if (!cli_given("adjacency"))
		cli_usage("option --adjacency is required");
	check_place(o);
	*plan = (struct flp_plan){ .n = 1 + o->also.n, .delta = o->delta, .epsilon = o->epsilon,
		.unknown = find_unknown(o) };
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

/* Reads from models and a ledger what was released. */
static void
find_spending(struct flp_spending *s, char **paths, const struct options *o)
{
	static const char *const plans[] = { "noise", "rate", "steps", "adjacency", "sampling",
		"place", "mechanism", "also", "trace" };
	struct flp_log ledger;
	struct flp_chain chain = { 0 };
	struct flp_inputs in;
	struct flp_error e;

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		if (cli_given(plans[i]))
			cli_usage("option --%s: expected no models and no ledger with it, since "
			    "they say it", plans[i]);
	cli_one_of(CLI_NAMES("delta", "epsilon"));
	if (o->ledger != NULL)
		cli_check(flp_ledger_open(&ledger, o->ledger, 0, &e), &e, NULL);
	cli_inputs_init(&in, paths);
	if (cli_operands())
		cli_check(flp_chain_read(&chain, &in, &e), &e, NULL);
	cli_check(flp_chain_spending(&chain, o->ledger != NULL ? &ledger : NULL, s, &e), &e, NULL);
	flp_chain_free(&chain);
	if (o->ledger != NULL)
		flp_log_close(&ledger);
}

static void
print(struct flp_out *out, const struct options *o, const struct flp_plan *plan,
    const struct flp_cost *cost)
{
	const struct flp_cost_print p = { out, o->place, o->verbose };
	struct flp_error e;

	cli_check(o->trace ? flp_cost_print_trace(&p, plan, &e) :
	    flp_cost_print_plan(&p, plan, cost, &e), &e, NULL);
}

static void
plan(struct flp_out *out, struct options *o)
{
	struct flp_plan p;
	struct flp_cost cost;
	struct flp_error e;

	make_plan(&p, o);
	cli_check(flp_plan_solve(&p, &cost, &e), &e, NULL);
	print(out, o, &p, &cost);
}

static void
account(struct flp_out *out, char **paths, struct options *o)
{
	struct flp_spending s = { 0 };
	struct flp_plan p = { .delta = o->delta, .epsilon = o->epsilon };
	struct flp_cost cost;
	struct flp_error e;

	find_spending(&s, paths, o);
	p.unknown = cli_given("delta") ? 'e' : 'd';
	cli_check(flp_spending_solve(&s, &p, o->proved, &cost, &e), &e, NULL);
	o->place = s.central || s.n == 0 ? FLP_PLACE_CENTRAL : FLP_PLACE_LOCAL;
	print(out, o, &p, &cost);
	flp_spending_free(&s);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start_names(argc, argv, &tool, &o);
	struct flp_out out;

	cli_stdout(&out);
	if (cli_operands())
		cli_inputs(paths);
	if (cli_operands() || o.ledger != NULL)
		account(&out, paths, &o);
	else
		plan(&out, &o);
	cli_finish(&out, 0);
}

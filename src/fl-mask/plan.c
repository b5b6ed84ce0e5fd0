/* fl-mask plan: print what a masked sum requires: neighbours, threshold, ring, bytes and seconds.
 *
 * Everything but the seconds follows from the options alone, so every party can compute it. */
#include "export/tabular.h"
#include "fl-mask/fleet.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"
#include "mask/estimate.h"
#include "mask/finder.h"
#include "mask/fit.h"
#include "mask/roster.h"

#include <stdarg.h>
#include <stdio.h>

#define VALUES_MOST ((uint64_t)1 << 48)

struct options {
	const char *roster, *model;
	double clip, range;
	uint64_t clients, grid, max_weight;
	struct mask_rule_options rule;
	int silo;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_COUNT('n', "clients", TO(clients), "N", FLP_FINDER_LEAST, FLP_FINDER_MOST, NULL,
		"number of clients"),
	CLI_INPUT(0, "roster", TO(roster), "ROSTER", NULL,
		"plan for the members of ROSTER, instead of --clients"),
	CLI_REAL('C', "clip", TO(clip), "NORM", FLP_LATTICE_CLIP_LEAST, FLP_LATTICE_CLIP_MOST, NULL,
		"norm that updates are clipped to"),
	CLI_REAL(0, "range", TO(range), "R", FLP_LATTICE_CLIP_LEAST, FLP_LATTICE_CLIP_MOST, NULL,
		"largest magnitude of a value, for updates that are not clipped"),
	CLI_COUNT(0, "grid", TO(grid), "K", FLP_LATTICE_GRID_LEAST, FLP_LATTICE_GRID_MOST, NULL,
		"round values to steps of about 2^-K of the norm or the range [as fine as the ring "
		"allows]"),
	CLI_COUNT(0, "max-weight", TO(max_weight), "W", 1, CLI_COUNT_MOST, "1",
		"the greatest weight of an update"),
	CLI_INPUT('m', "model", TO(model), "MODEL", NULL,
		"also print bytes and seconds, for updates of MODEL"),
	CLI_FLAG(0, "silo", TO(silo), "plan for silo mode: a roster, no dropouts"),
	MASK_RULE_OPTIONS(rule),
	{ 0 },
};

const struct cli_tool mask_plan_tool = { "fl-mask plan",
	"Print what a masked sum requires: neighbours, ring, bytes and seconds.", "", 0, 0, options };

static void
check_options(void)
{
	cli_one_of(CLI_NAMES("clients", "roster"));
	cli_one_of(CLI_NAMES("clip", "range"));
	cli_none_with("silo", CLI_NAMES("corrupt", "dropout", "security", "insecure"));
}

static uint64_t
count_clients(const struct options *o)
{
	struct flp_roster roster;
	struct flp_error e;
	uint64_t n;

	if (o->roster == NULL)
		return o->clients;
	cli_check(flp_roster_load(&roster, o->roster, NULL, &e), &e, NULL);
	n = roster.n;
	flp_roster_free(&roster);
	return n;
}

/* The number of values in an update of the model; 0 without a model. */
static uint64_t
count_values(const struct options *o)
{
	struct flp_header model;
	struct flp_error e;
	uint64_t values = o->max_weight > 1;

	if (o->model == NULL)
		return 0;
	cli_check(flp_inputs_load_header(&model, NULL, o->model, FLP_KIND_PARAMS, &e), &e, NULL);
	for (size_t i = 0; i < model.tensors; i++)
		if (!flp_tensor_describes(&model.tensor[i]) &&
		    (__builtin_add_overflow(values, model.tensor[i].count, &values) ||
		    values > VALUES_MOST))
			cli_check(flp_error_bad(&e, "expected a model of at most 2^48 values, found more"), &e,
			    flp_in_name(o->model));
	flp_header_free(&model);
	return values;
}

static void
find_ring(const struct options *o, struct flp_fit *fit, struct flp_lattice *l, uint64_t values)
{
	double most = cli_given("clip") ? o->clip : o->range;
	struct flp_error e;

	if (cli_given("grid")) {
		cli_check(flp_lattice_init(l, most, (unsigned)o->grid, &e), &e, NULL);
		fit->steps = flp_fit_steps(l);
		cli_check(flp_fit_bits(fit, &e), &e, NULL);
	} else
		cli_check(flp_fit_choose(fit, l, most, cli_given("clip") ? values : 0, &e), &e, NULL);
}

/* How many clients may drop out. In a complete graph any t clients can open the sum. */
static uint64_t
count_dropouts(const struct flp_estimate *s)
{
	if (s->silo || s->degree + 1 == s->clients)
		return s->clients - s->threshold;
	return flp_finder_lost(s->dropout, s->clients);
}

static FLP_PRINTF(3, 4) void
fact(struct flp_tabular *table, const char *name, const char *fmt, ...)
{
	struct flp_error e;
	char value[64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof value, fmt, ap);
	va_end(ap);
	cli_check(flp_tabular_text(table, name, &e) < 0 ? -1 :
	    flp_tabular_text(table, value, &e) < 0 ? -1 : flp_tabular_line(table, &e), &e, NULL);
}

static void
print_graph(struct flp_tabular *table, const struct flp_estimate *s)
{
	fact(table, "mode", "%s", s->silo ? "silo" : "fleet");
	fact(table, "clients", "%llu", (unsigned long long)s->clients);
	if (!s->silo)
		fact(table, "neighbours", "%llu", (unsigned long long)s->degree);
	fact(table, "threshold", "%llu", (unsigned long long)s->threshold);
	fact(table, "dropouts", "%llu", (unsigned long long)count_dropouts(s));
}

static void
print_ring(struct flp_tabular *table, const struct flp_fit *fit, const struct flp_lattice *l)
{
	fact(table, "bits", "%u", fit->bits);
	fact(table, "grid", "%u", l->grid);
	fact(table, "headroom", "%.4g", flp_fit_headroom(fit));
}

static void
print_cost(struct flp_tabular *table, struct flp_estimate *s)
{
	struct flp_estimate_speed speed;
	struct flp_error e;

	if (s->values == 0)
		return;
	cli_check(flp_estimate_measure(&speed, s->bits, &e), &e, NULL);
	flp_estimate_find(s, &speed);
	fact(table, "bytes", "%llu", (unsigned long long)s->bytes);
	fact(table, "client", "%.3g", s->client);
	fact(table, "server", "%.3g", s->server);
}

int
mask_plan(int argc, char **argv)
{
	struct options o = { 0 };
	struct flp_lattice lattice;
	struct flp_tabular table;
	struct flp_error e;
	struct flp_out out;

	cli_start(argc, argv, &mask_plan_tool, &o);
	check_options();
	cli_stdout(&out);

	struct flp_estimate s = { .clients = count_clients(&o), .values = count_values(&o),
		.silo = o.silo, .dropout = o.rule.dropout };
	struct flp_fit fit = { .clients = s.clients, .weight = o.max_weight };
	struct flp_finder finder;

	mask_fleet_rule(&finder, &o.rule);
	finder.n = s.clients;
	if (!o.silo)
		cli_check(flp_finder_find(&finder, &e), &e, NULL);
	s.degree = o.silo ? s.clients - 1 : finder.degree;
	s.threshold = o.silo ? s.clients : finder.threshold;
	find_ring(&o, &fit, &lattice, s.values);
	s.bits = fit.bits;
	flp_tabular_init(&table, &out);
	print_graph(&table, &s);
	print_ring(&table, &fit, &lattice);
	print_cost(&table, &s);
	cli_check(flp_tabular_end(&table, &e), &e, NULL);
	cli_finish(&out, 0);
}

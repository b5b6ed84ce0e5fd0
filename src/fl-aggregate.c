/* fl-aggregate: many records into one: their exact mean, sum, median or trimmed mean.
 *
 * The result's bytes do not depend on the order of the inputs, on their
 * grouping through partial sums, or on the machine. A bad input is named and
 * left out. If none may be missing, --expect gives the number of clients. */
#include "cli.h"
#include "loop/inputs.h"
#include "rule/aggregate.h"

struct options {
	struct flp_aggregation a;
	const char *like, *rule;
	int sum;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_CHOICE('w', "weight", TO(a.admit.weighting), flp_weighting_name, "auto",
		"weights of a mean; auto: examples where records say how many"),
	CLI_WORD(0, "rule", TO(rule), flp_rule_name, "mean", "how records are combined"),
	CLI_FLAG(0, "sum", TO(sum), "add up instead of a mean"),
	CLI_FLAG(0, "partial", TO(a.partial), "write exact sums that aggregate again"),
	CLI_COUNT('n', "expect", TO(a.expect), "N", 1, 1e15, NULL,
		"refuse any other number of clients"),
	CLI_COUNT(0, "min-clients", TO(a.least), "N", 1, 1e15, NULL, "refuse fewer clients"),
	CLI_INPUT(0, "like", TO(like), "MODEL", NULL,
		"take updates of MODEL alone; zeros where there is none"),
	CLI_FLAG(0, "unique", TO(a.admit.unique), "refuse a record that was there before"),
	CLI_FLAG(0, "strict", TO(a.strict), "stop at a bad input; read files once"),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-aggregate",
	"Make one record of many: their exact mean, sum, median or trimmed mean.",
	"[FILE]...", 0, -1, options };

static void
left_out(const struct flp_error *e)
{
	cli_warn("%s", e->text);
}

static void
choose_rule(struct options *o)
{
	struct flp_rule rule;
	struct flp_error e;

	if (o->sum && cli_given("rule"))
		cli_usage("option --rule: expected none with --sum");
	if (o->sum)
		o->rule = "sum";
	cli_check(flp_rule_parse(&rule, o->rule, &e), &e, "option --rule");
	if (!rule.kind->divides && o->a.admit.weighting != FLP_WEIGHTING_AUTO)
		cli_usage("option --weight: expected none with --%s%s", o->sum ? "" : "rule ", o->rule);
	if (!flp_rule_adds(&rule) && o->a.partial)
		cli_usage("option --partial: expected none with --rule %s", o->rule);
	flp_admit_begin(&o->a.admit, &rule);
}

int
main(int argc, char **argv)
{
	struct options o = { .a.left_out = left_out };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_digest base;
	struct flp_header model;
	struct flp_error e;
	struct flp_out out;

	choose_rule(&o);
	if (o.like != NULL) {
		cli_check(flp_inputs_load_header(&model, &base, o.like, FLP_KIND_PARAMS, &e), &e,
		    NULL);
		cli_check(flp_admit_like(&o.a.admit, &model, &base, &e), &e, flp_in_name(o.like));
	}
	cli_records(&out);
	cli_check(flp_aggregate(&o.a, paths, &out, &e), &e, NULL);
	cli_finish(&out, 0);
}

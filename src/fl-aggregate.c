/* fl-aggregate: many records into one, their exact mean or sum.
 *
 * The result's bytes do not depend on the order of the inputs, on their
 * grouping through partial sums, or on the machine. A bad input is named and
 * left out; what must not be missed is counted. */
#include "cli.h"
#include "loop/inputs.h"
#include "rule/aggregate.h"

struct options {
	struct flp_aggregation a;
	enum flp_weighting weight;
	int sum;
	const char *like;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_CHOICE('w', "weight", TO(weight), flp_weighting_name, "auto",
		"weights of a mean; auto: examples where records say how many"),
	CLI_FLAG(0, "sum", TO(sum), "add up instead of a mean"),
	CLI_FLAG(0, "partial", TO(a.partial), "write exact sums that aggregate again"),
	CLI_COUNT('n', "expect", TO(a.expect), "N", 1, 1e15, NULL,
		"refuse any other number of clients"),
	CLI_COUNT(0, "min-clients", TO(a.least), "N", 1, 1e15, NULL, "refuse fewer clients"),
	CLI_TEXT(0, "like", TO(like), "MODEL", NULL,
		"take updates of MODEL alone; zeros where there is none"),
	CLI_FLAG(0, "unique", TO(a.unique), "refuse a record that was there before"),
	CLI_FLAG(0, "strict", TO(a.strict), "stop at a bad input; read files once"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-aggregate",
	"Make one record of many: their exact mean or sum.",
	"[FILE]...", 0, -1, options };

static void
left_out(const struct flp_error *e)
{
	cli_warn("%s", e->text);
}

int
main(int argc, char **argv)
{
	struct options o = { .a.left_out = left_out };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_record model;
	struct flp_error e;
	struct flp_out out;

	if (o.sum && o.weight != FLP_WEIGHTING_AUTO)
		cli_usage("option --weight: expected none with --sum");
	flp_merger_init(&o.a.merger, o.sum ? FLP_RULE_SUM : FLP_RULE_MEAN, o.weight);
	if (o.like != NULL && flp_inputs_load(&model, o.like, FLP_KIND_PARAMS, &e) < 0)
		cli_fail(&e);
	if (o.like != NULL)
		cli_check(flp_merger_like(&o.a.merger, &model.header, &model.id, &e), &e,
		    flp_in_name(o.like));
	cli_records(&out);
	cli_check(flp_aggregate(&o.a, paths, &out, &e), &e, NULL);
	cli_finish(&out, 0);
}

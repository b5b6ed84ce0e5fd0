/* fl-aggregate: many records into one, their exact mean or sum.
 *
 * The result's bytes do not depend on the order of the inputs, on their
 * grouping through partial sums, or on the machine. A bad input is named and
 * left out; what must not be missed is counted. */
#include "cli.h"
#include "loop/inputs.h"
#include "rule/aggregate.h"

struct options {
	int weight, sum, partial, strict, unique;
	uint64_t expect, least;
	const char *like;
};

#define TO(field) offsetof(struct options, field)
static const struct cli_option options[] = {
	{ 'w', "weight", CLI_CHOICE, TO(weight), "auto|examples|uniform", 0, 0, "auto",
		"weights of a mean; auto: examples where records say how many" },
	{ 0, "sum", CLI_FLAG, TO(sum), NULL, 0, 0, NULL, "add up instead of a mean" },
	{ 0, "partial", CLI_FLAG, TO(partial), NULL, 0, 0, NULL,
		"write exact sums that aggregate again" },
	{ 'n', "expect", CLI_COUNT, TO(expect), "N", 1, 1e15, NULL,
		"refuse any other number of clients" },
	{ 0, "min-clients", CLI_COUNT, TO(least), "N", 1, 1e15, NULL,
		"refuse fewer clients" },
	{ 0, "like", CLI_TEXT, TO(like), "MODEL", 0, 0, NULL,
		"take updates of MODEL alone; zeros where there is none" },
	{ 0, "unique", CLI_FLAG, TO(unique), NULL, 0, 0, NULL,
		"refuse a record that was there before" },
	{ 0, "strict", CLI_FLAG, TO(strict), NULL, 0, 0, NULL,
		"stop at a bad input; read files once" },
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
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_aggregation a = {
		.partial = o.partial, .strict = o.strict, .unique = o.unique,
		.expect = o.expect, .least = o.least, .left_out = left_out,
	};
	struct flp_record model;
	struct flp_error e;
	struct flp_out out;

	if (o.sum && o.weight != FLP_WEIGHTING_AUTO)
		cli_usage("option --weight: expected none with --sum");
	flp_merger_init(&a.merger, o.sum ? FLP_RULE_SUM : FLP_RULE_MEAN, (enum flp_weighting)o.weight);
	if (o.like != NULL && flp_inputs_load(&model, o.like, FLP_KIND_PARAMS, &e) < 0)
		cli_fail(&e);
	if (o.like != NULL)
		cli_check(flp_merger_like(&a.merger, &model.header, &model.id, &e), &e,
		    flp_in_name(o.like));
	cli_records(&out);
	cli_check(flp_aggregate(&a, paths, &out, &e), &e, NULL);
	cli_finish(&out, 0);
}

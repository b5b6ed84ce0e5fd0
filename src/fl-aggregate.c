/* fl-aggregate: many records into one: their exact mean, sum, median or trimmed mean.
 *
 * The result's bytes do not depend on the order of the inputs, on their
 * grouping through partial sums, or on the machine. A bad input is named and
 * left out; then there is a result only if --expect or --min-clients says how
 * many clients are enough. */
#include "cli.h"
#include "loop/inputs.h"
#include "rule/aggregate.h"

#include <signal.h>

struct options {
	struct flp_aggregation a;
	const char *like, *rule;
	struct cli_list where;
	int sum;
};

#define TO(field) struct options, field
#define POLICY(field) TO(a.admit.policy.field)
static const struct cli_option options[] = {
	CLI_CHOICE('w', "weight", POLICY(weighting), flp_weighting_name, "auto",
		"how records weigh in a mean; auto: by examples, if all records give their number"),
	CLI_WORD(0, "rule", TO(rule), NULL, flp_rule_name, "mean", "how the records are combined"),
	CLI_FLAG(0, "sum", TO(sum), "write the sum instead of the mean"),
	CLI_FLAG(0, "partial", TO(a.partial), "write exact sums that can be aggregated again"),
	CLI_COUNT('n', "expect", TO(a.expect), "N", 1, 1e15, NULL,
		"fail unless there are exactly N clients"),
	CLI_COUNT(0, "min-clients", TO(a.least), "N", 0, 1e15, NULL,
		"fail if there are fewer than N clients"),
	CLI_INPUT(0, "like", TO(like), "MODEL", NULL,
		"take only updates of MODEL; write zeros if there are none"),
	CLI_FLAG(0, "adapt", POLICY(adapt),
		"take only updates that carry a vote of fl-noise --adapt; needs --sum and --like"),
	CLI_CHOICE(0, "require", POLICY(state), flp_policy_state, NULL,
		"take only records of this privacy state, and public ones"),
	CLI_LIST(0, "where", TO(where), "KEY=VALUE",
		"take only records whose metadata have this value"),
	CLI_FLAG(0, "trust-partials", POLICY(trust_partials),
		"take partial sums, and believe what they say"),
	CLI_COUNT(0, "max-examples", POLICY(max_examples), "N", 1, 0x1p53 - 1, "1099511627776",
		"leave out a record that gives more than N examples"),
	CLI_REAL(0, "max-norm", POLICY(max_norm), "NORM", 0, 1e150, "0",
		"leave out an update whose norm is greater than NORM; 0 allows any"),
	CLI_FLAG(0, "single", POLICY(single), "require exactly one record in each file"),
	CLI_FLAG(0, "unique", POLICY(unique),
		"count each record once, and leave out different records of one client"),
	CLI_INSECURE(POLICY(insecure)),
	CLI_OUTPUT(0, "report", TO(a.report.path), "FILE", "write what became of each record to FILE"),
	CLI_FLAG(0, "strict", TO(a.bad.strict),
		"stop at a bad input, and read files only once"),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-aggregate",
	"Make one record of many: their exact mean, sum, median or trimmed mean.",
	"[FILE]...", 0, -1, options };

static void
left_out(const struct flp_error *e)
{
	cli_warn("left out: %s", e->text);
}

static void
choose_rule(struct options *o)
{
	struct flp_rule rule;
	struct flp_error e;

	cli_none_with("sum", CLI_NAMES("rule"));
	if (o->sum)
		o->rule = "sum";
	cli_check(flp_rule_parse(&rule, o->rule, &e), &e, "option --rule");
	if (!rule.kind->divides && cli_given("weight"))
		cli_usage("option --weight: not allowed with --%s%s", o->sum ? "" : "rule ", o->rule);
	if (!flp_rule_adds(&rule) && o->a.partial)
		cli_usage("option --partial: not allowed with --rule %s", o->rule);
	flp_admit_begin(&o->a.admit, &rule);
}

static void
choose_policy(struct options *o)
{
	struct flp_policy *policy = &o->a.admit.policy;
	struct flp_error e;

	if (policy->max_norm > 0 && policy->trust_partials)
		cli_usage("option --max-norm: not allowed with --trust-partials");
	if (policy->adapt && (!o->a.admit.rule.kind->sums || o->like == NULL))
		cli_usage("option --adapt: needs --sum and --like");
	policy->required = cli_given("require");
	policy->norms = o->a.report.path != NULL;
	o->a.counted = cli_given("expect") || cli_given("min-clients");
	for (size_t i = 0; i < o->where.n; i++)
		cli_check(flp_policy_where(policy, o->where.text[i], &e), &e, "option --where");
}

static void
choose_model(struct options *o)
{
	struct flp_digest base;
	struct flp_header model;
	struct flp_error e;

	if (o->like == NULL)
		return;
	cli_check(flp_inputs_load_header(&model, &base, o->like, FLP_KIND_PARAMS, &e), &e, NULL);
	cli_check(flp_admit_like(&o->a.admit, &model, &base, &e), &e, flp_in_name(o->like));
	flp_header_free(&model);
}

/* Neither the result nor a report that calls records taken goes out without the other. */
static int
write_report(const struct flp_report *report, int status, struct flp_out *out,
    struct flp_error *e)
{
	struct flp_error unwritten;
	struct flp_out file;
	int written = flp_report_write(report, status == 0, &file, &unwritten);

	if (written == 0 && status == 0 && (status = flp_out_flush(out, e)) < 0) {
		flp_out_discard(&file);
		written = flp_report_write(report, 0, &file, &unwritten);
	}
	if (written == 0)
		written = flp_out_commit(&file, 0, &unwritten);
	if (status < 0 && written < 0)
		cli_warn("%s", unwritten.text);
	if (status == 0 && written < 0)
		*e = unwritten;
	return status < 0 ? status : written;
}

int
main(int argc, char **argv)
{
	struct options o = { .a.bad.tell = left_out, .a.tell_files = cli_progress_files };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_error e;
	struct flp_out out;
	int status;

	choose_rule(&o);
	choose_policy(&o);
	choose_model(&o);
	cli_records(&out);
	if (o.a.report.path != NULL) /* a reader that goes away must not stop the report */
		signal(SIGPIPE, SIG_IGN);
	status = flp_aggregate(&o.a, paths, &out, &e);
	if (o.a.report.path != NULL)
		status = write_report(&o.a.report, status, &out, &e);
	cli_check(status, &e, NULL);
	cli_finish(&out, 0);
}

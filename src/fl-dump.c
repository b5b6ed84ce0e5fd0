/* fl-dump: show what is in records: header, metadata, tensors, statistics.
 *
 * Under --coefficients: show what a linear model has learnt, on the scale of the data.
 *
 * Under --outgoing: show what a record would let out of a site, and what the site's policy
 * says about it.
 *
 * Shows records that other tools refuse for NaN or infinity, and then exits 3
 * like them. Values are printed so that they read back the same. */
#include "cli.h"
#include "export/json.h"
#include "export/listing.h"
#include "export/outgoing.h"
#include "mask/asked.h"
#include "mask/inside.h"
#include "model/coefficients.h"

#include <stdio.h>

struct options {
	int json, values, outgoing, coefficients;
	const char *policy, *state;
	struct flp_bad bad;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_FLAG('v', "values", TO(values), "print every value instead of statistics"),
	CLI_FLAG(0, "json", TO(json), "print each record as a JSON object, on one line"),
	CLI_FLAG(0, "coefficients", TO(coefficients),
		"print a table of the coefficients of linear models"),
	CLI_FLAG(0, "outgoing", TO(outgoing),
		"show all that a record would let out, and what the policy says about it"),
	CLI_PATH(0, "state", TO(state), "FOLDER", NULL,
		"also show what is inside a masked record, from the journal of its site"),
	CLI_POLICY(TO(policy)),
	CLI_STRICT(TO(bad.strict)),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-dump",
	"Show what is in records: header, metadata, tensors, statistics.",
	"[FILE]...", 0, -1, options };

struct dump {
	struct flp_inputs in;
	struct flp_out out;
	int json, values;
	struct flp_outgoing_rules rules;
	const char *state;
};

/* A record is shown once it is known to be whole, unless it is too large to wait for that. */
static int
show(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct dump *d = context;
	uint64_t from = d->out.offset, nonfinite = 0;
	struct flp_error other;

	if ((d->json ? flp_json_record : flp_listing_record)(&d->out, in, h, d->values, &nonfinite,
	    e) < 0) {
		/* What follows begins on a line of its own. */
		if (!flp_out_forget(&d->out, from))
			cli_print(&d->out, "\n");
		return -1;
	}
	cli_check(flp_out_flush(&d->out, &other), &other, NULL);
	return nonfinite == 0 ? 0 : flp_error_bad(e, "%llu %s not finite",
	    (unsigned long long)nonfinite, nonfinite == 1 ? "value is" : "values are");
}

/* Shows a masked record and what is inside, from the journal. */
static int
show_masked(struct dump *d, const struct flp_header *h, struct flp_error *e)
{
	char place[sizeof d->in.place + 16];
	struct flp_record masked, inside;
	int allowed, both = -1;

	if (flp_record_load(&masked, d->in.reader, h, e) < 0)
		return -1;
	snprintf(place, sizeof place, "%s: inside", d->in.place);
	if (flp_inside_find(&inside, d->state, &masked, e) == 0) {
		allowed = flp_outgoing_show(&d->out, &d->rules, d->in.place, &masked, 0, d->json, e);
		both = allowed < 0 ? -1 :
		    flp_outgoing_show(&d->out, &d->rules, place, &inside, 1, d->json, e);
		if (both > 0)
			both = allowed;
		flp_record_free(&inside);
	}
	flp_record_free(&masked);
	return both;
}

/* The whole record is read first, so that a damaged one is not judged. */
static int
show_outgoing(void *context, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e)
{
	struct dump *d = context;
	int allowed = d->state != NULL && h->kind == FLP_KIND_MASKED ? show_masked(d, h, e) :
	    flp_outgoing_print(&d->out, &d->rules, in, h, d->json, e);

	return allowed != 0 ? allowed : flp_error_bad(e, "refused by the site's policy");
}

static int
show_coefficients(void *context, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e)
{
	struct dump *d = context;

	return flp_coefficients_print(&d->out, in, h, d->json, e);
}

int
main(int argc, char **argv)
{
	struct options o = { .bad.tell = cli_tell };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct dump d = { .json = o.json, .values = o.values, .state = o.state,
		.rules.masked = flp_asked_masked };
	struct flp_error e;

	cli_none_with("outgoing", CLI_NAMES("values"));
	cli_none_with("coefficients", CLI_NAMES("values", "outgoing"));
	cli_only_with("outgoing", CLI_NAMES("policy", "state"));
	if (o.outgoing)
		cli_policy(&d.rules.site, o.policy);
	cli_stdout(&d.out);
	cli_inputs_init(&d.in, paths);
	d.in.nonfinite = d.in.digest = !o.coefficients;
	cli_end(&d.out, flp_each_record(&d.in, &o.bad, o.outgoing ? show_outgoing :
	    o.coefficients ? show_coefficients : show, &d, &e), &e, &o.bad);
}

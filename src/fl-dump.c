/* fl-dump: show what is in records: header, metadata, tensors, statistics.
 *
 * Under --outgoing: show what a record would let out of a site, and what the site's policy
 * says about it.
 *
 * Shows records that other tools refuse for NaN or infinity, and then exits 3
 * like them. Values are printed so that they read back the same. */
#include "base/text.h"
#include "cli.h"
#include "export/json.h"
#include "export/outgoing.h"
#include "export/print.h"
#include "format/secrets.h"
#include "kernel/summary.h"
#include "mask/asked.h"
#include "mask/inside.h"

#include <stdio.h>
#include <string.h>

struct options {
	int json, values, outgoing;
	const char *policy, *state;
	struct flp_bad bad;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_FLAG('v', "values", TO(values), "print every value instead of statistics"),
	CLI_FLAG(0, "json", TO(json), "print a JSON object for each record, one a line"),
	CLI_FLAG(0, "outgoing", TO(outgoing),
		"show all that a record would let out, and what the policy says about it"),
	CLI_TEXT(0, "state", TO(state), "FOLDER", NULL,
		"also show what is inside a masked record, from the journal of its site"),
	CLI_POLICY(TO(policy)),
	CLI_STRICT(TO(bad.strict)),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-dump",
	"Show what is in records: header, metadata, tensors, statistics.",
	"[FILE]...", 0, -1, options };

/* A record's values that are not finite are counted on the way. */
struct dump {
	struct flp_inputs in;
	struct flp_out out;
	int json, values;
	uint64_t nonfinite;
	struct flp_outgoing_rules rules;
	const char *state;
};

#define HEADS "as              min           max          mean          norm"

/* What comes after a tensor's name, dtype, dimensions and encoding. */
static int
print_tensor(struct dump *d, struct flp_blocks *b, size_t tensor, struct flp_error *e)
{
	const struct flp_tensor *t = &b->header->tensor[tensor];
	int text = flp_tensor_describes(t) && t->dtype == FLP_DTYPE_U8, more;
	int masked = b->header->kind == FLP_KIND_MASKED; /* statistics of masks say nothing */
	struct flp_summary s = { 0 };

	if (d->values)
		cli_print(&d->out, "\n");
	if (d->values && text)
		return flp_print_lines(&d->out, b->reader, t, e);
	while ((more = flp_blocks_next(b, tensor, e)) > 0) {
		flp_summary_add(&s, b->value, b->n / b->digits);
		if (d->values)
			cli_check(flp_print_block(&d->out, b, e), e, NULL);
	}
	d->nonfinite += s.nonfinite;
	if (d->values)
		return more;
	if (!text && !masked && s.count > 0)
		cli_print(&d->out, " %13.6g %13.6g %13.6g %13.6g%s", s.min, s.max,
		    flp_summary_mean(&s), flp_summary_norm(&s), s.nonfinite ? "  not finite" : "");
	cli_print(&d->out, "\n");
	return more;
}

static int
longer(int width, size_t n)
{
	return (int)n > width ? (int)n : width;
}

static int
print_tensors(struct dump *d, const struct flp_header *h, struct flp_error *e)
{
	int name_n = (int)strlen("tensor"), dims_n = 12, status = 0;
	struct flp_blocks b;
	char dims[FLP_DIMS_TEXT];

	for (size_t i = 0; i < h->tensors; i++) {
		flp_tensor_dims(&h->tensor[i], dims);
		name_n = longer(name_n, flp_text_columns(h->tensor[i].name));
		dims_n = longer(dims_n, strlen(dims));
	}
	if (!d->values && h->tensors > 0)
		cli_print(&d->out, "  %-*s  %-8s  %-*s  %s\n", name_n, "tensor", "dtype", dims_n,
		    "dims", h->kind == FLP_KIND_MASKED ? "as" : HEADS);
	if (flp_blocks_init(&b, d->in.reader, h, e) < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		flp_tensor_dims(t, dims);
		cli_print(&d->out, "  %s%*s  %-8s  %-*s  %-5s", t->name,
		    name_n - (int)flp_text_columns(t->name), "", flp_dtype_name(t->dtype), dims_n,
		    dims, flp_encoding_name(t->encoding));
		status = print_tensor(d, &b, i, e);
	}
	flp_blocks_free(&b);
	return status;
}

static void
print_digest(struct dump *d, int width, const char *name, const struct flp_digest *digest)
{
	char text[FLP_DIGEST_TEXT];

	if (digest == NULL)
		return;
	flp_digest_text(digest, text);
	cli_print(&d->out, "  %-*s  %s\n", width, name, text);
}

/* The id is NULL if it would tell something about secrets. */
static void
print_meta(struct dump *d, const struct flp_meta *m, const struct flp_id *id)
{
	size_t at = 0, key_n, value_n;
	const char *key, *value;
	char text[FLP_DIGEST_TEXT];
	int width = 10;

	while (flp_meta_each(m, &at, &key, &key_n, &value, &value_n))
		width = longer(width, key_n);
	at = 0;
	while (flp_meta_each(m, &at, &key, &key_n, &value, &value_n))
		cli_print(&d->out, "  %-*.*s  %.*s\n", width, (int)key_n, key, (int)value_n, value);
	cli_print(&d->out, "  %-*s  %llu\n", width, "bytes",
	    (unsigned long long)(d->in.in.offset - flp_reader_offset(d->in.reader)));
	print_digest(d, width, "design", flp_reader_design(d->in.reader));
	print_digest(d, width, "digest", flp_reader_digest(d->in.reader));
	if (id == NULL)
		return;
	flp_id_text(id, text);
	cli_print(&d->out, "  %-*s  %s\n", width, "id", text);
}

/* Records are set apart by an empty line. */
static int
print_record(struct dump *d, const struct flp_header *h, struct flp_error *e)
{
	char place[4 * sizeof d->in.place];
	struct flp_id id;

	flp_text_escape(place, sizeof place, d->in.place, strlen(d->in.place));
	cli_print(&d->out, "%s%s: %s, %s\n", d->out.offset > 0 ? "\n" : "", place,
	    flp_kind_name(h->kind), flp_privacy_name(h->privacy));
	if (flp_secrets_in(h))
		cli_print(&d->out, "  %s\n", flp_secrets_sentence);
	else if (print_tensors(d, h, e) < 0)
		return -1;
	if (flp_reader_finish(d->in.reader, &id, e) < 0)
		return -1;
	print_meta(d, &h->meta, flp_secrets_in(h) ? NULL : &id);
	return 0;
}

/* A record is shown once it is known to be whole, unless it is too large to wait for that. */
static int
show(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct dump *d = context;
	uint64_t from = d->out.offset;
	struct flp_error other;

	d->nonfinite = 0;
	if ((d->json ? flp_json_record(&d->out, in, h, d->values, &d->nonfinite, e) :
	    print_record(d, h, e)) < 0) {
		/* What follows begins on a line of its own. */
		if (!flp_out_forget(&d->out, from))
			cli_print(&d->out, "\n");
		return -1;
	}
	cli_check(flp_out_flush(&d->out, &other), &other, NULL);
	return d->nonfinite == 0 ? 0 : flp_error_bad(e, "%llu %s not finite",
	    (unsigned long long)d->nonfinite, d->nonfinite == 1 ? "value is" : "values are");
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

int
main(int argc, char **argv)
{
	static const char *const outgoing[] = { "policy", "state", NULL };
	struct options o = { .bad.tell = cli_left_out };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct dump d = { .json = o.json, .values = o.values, .state = o.state,
		.rules.masked = flp_asked_masked };
	struct flp_error e;

	if (o.outgoing && o.values)
		cli_usage("option --values: expected none with --outgoing");
	cli_only_with("outgoing", outgoing);
	if (o.outgoing)
		cli_policy(&d.rules.site, o.policy);
	cli_stdout(&d.out);
	flp_inputs_init(&d.in, paths);
	d.in.nonfinite = d.in.digest = 1;
	cli_end(&d.out, flp_each_record(&d.in, &o.bad, o.outgoing ? show_outgoing : show, &d, &e),
	    &e, &o.bad);
}

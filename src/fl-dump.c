/* fl-dump: show what is in records: header, metadata, tensors, statistics.
 *
 * Shows records that other tools refuse for NaN or infinity, and then exits 3
 * like them. Values are printed so that they read back the same. */
#include "cli.h"
#include "base/text.h"
#include "data/export.h"
#include "kernel/summary.h"
#include "loop/blocks.h"
#include "loop/inputs.h"

#include <string.h>

struct options {
	int json, values;
};

#define TO(field) offsetof(struct options, field)
static const struct cli_option options[] = {
	{ 'v', "values", CLI_FLAG, TO(values), NULL, 0, 0, NULL,
		"print every value instead of statistics" },
	{ 'j', "json", CLI_FLAG, TO(json), NULL, 0, 0, NULL,
		"print a JSON object for each record, one a line" },
	{ 0 },
};

static const struct cli_tool tool = { "fl-dump",
	"Show what is in records: header, metadata, tensors, statistics.",
	"[FILE]...", 0, -1, options };

static void
print_meta(struct flp_out *out, const struct flp_meta *m, int json)
{
	const char *key, *value, *comma = "";
	size_t at = 0, key_n, value_n;

	while (flp_meta_each(m, &at, &key, &key_n, &value, &value_n)) {
		if (!json) {
			cli_print(out, "  %-10.*s  %.*s\n", (int)key_n, key, (int)value_n, value);
			continue;
		}
		cli_print(out, "%s\"%.*s\":", comma, (int)key_n, key);
		cli_print_quoted(out, value, value_n);
		comma = ",";
	}
}

/* The lines of a description, safe to show. */
static void
print_text(struct flp_out *out, const char *s, size_t n)
{
	for (size_t step; n > 0; s += step, n -= step) {
		step = *s == '\n' ? 1 : flp_text_step(s, n);
		if (step > 0)
			cli_print(out, "%.*s", (int)step, s);
		else
			cli_print(out, "\\x%02x", (unsigned char)*s);
		step = step ? step : 1;
	}
}

/* As text one row of the last dimension a line; as JSON one array for all,
 * where what is not finite is null. */
static void
print_values(struct flp_out *out, const struct flp_blocks *b, int json)
{
	const struct flp_tensor *t = &b->header->tensor[b->tensor];
	uint64_t row = t->rank ? t->dims[t->rank - 1] : 1;
	size_t size = flp_dtype_size(t->dtype);
	struct flp_error e;

	for (size_t i = 0; i < b->n; i++) {
		uint64_t at = b->at + i;

		if (at > 0)
			cli_print(out, json ? "," : at % row ? " " : "\n");
		if (json && b->value[i] - b->value[i] != 0)
			cli_print(out, "null");
		else if (flp_export_value(out, t->dtype, b->value[i], b->raw + i * size, &e) < 0)
			cli_fail(&e);
	}
	if (!json && b->at + b->n == t->count)
		cli_print(out, "\n");
}

static int
is_text(const struct flp_tensor *t)
{
	return flp_tensor_describes(t) && t->dtype == FLP_U8;
}

static void
open_tensor(struct flp_out *out, const struct flp_tensor *t, const struct options *o, int width)
{
	char dims[FLP_DIMS_TEXT];

	flp_tensor_dims(t, dims);
	if (!o->json) {
		cli_print(out, "  %-*s  %-8s  %-12s  %-5s%s", width, t->name, flp_dtype_name(t->dtype),
		    dims, flp_encoding_name(t->encoding), o->values ? "\n" : "");
		return;
	}
	cli_print(out, "{\"name\":");
	cli_print_quoted(out, t->name, strlen(t->name));
	cli_print(out, ",\"dtype\":\"%s\",\"encoding\":\"%s\",\"dims\":[", flp_dtype_name(t->dtype),
	    flp_encoding_name(t->encoding));
	for (unsigned i = 0; i < t->rank; i++)
		cli_print(out, "%s%llu", i ? "," : "", (unsigned long long)t->dims[i]);
	cli_print(out, o->values ? "],\"values\":[" : "]");
}

/* A statistic of huge values may be too large for a double: null in JSON. */
static void
print_statistic(struct flp_out *out, const char *name, double v)
{
	if (v - v == 0)
		cli_print(out, ",\"%s\":%.17g", name, v);
	else
		cli_print(out, ",\"%s\":null", name);
}

static void
close_tensor(struct flp_out *out, const struct flp_tensor *t, const struct options *o,
    const struct flp_summary *s)
{
	double mean = flp_summary_mean(s), norm = flp_summary_norm(s);

	if (o->json) {
		cli_print(out, "%s,\"count\":%llu,\"nonfinite\":%llu", o->values ? "]" : "",
		    (unsigned long long)s->count, (unsigned long long)s->nonfinite);
		print_statistic(out, "min", s->min);
		print_statistic(out, "max", s->max);
		print_statistic(out, "mean", mean);
		print_statistic(out, "norm", norm);
		cli_print(out, "}");
	} else if (!o->values && !is_text(t) && s->count > 0) {
		cli_print(out, "  %12.6g  %12.6g  %12.6g  %12.6g%s\n", s->min, s->max, mean, norm,
		    s->nonfinite ? "  not finite" : "");
	} else if (!o->values) {
		cli_print(out, "\n");
	}
}

/* The names' column is as wide as the names, within reason. */
static int
print_titles(struct flp_out *out, const struct flp_header *h, const struct options *o)
{
	size_t width = strlen("tensor");

	for (size_t i = 0; i < h->tensors; i++)
		if (strlen(h->tensor[i].name) > width)
			width = strlen(h->tensor[i].name);
	if (width > 40)
		width = 40;
	if (!o->json && !o->values && h->tensors > 0)
		cli_print(out, "  %-*s  %-8s  %-12s  %-5s  %12s  %12s  %12s  %12s\n", (int)width,
		    "tensor", "dtype", "dims", "as", "min", "max", "mean", "norm");
	return (int)width;
}

/* Prints one record; counts its values that are not finite, from 0. */
static int
dump(struct flp_out *out, const struct flp_inputs *in, const struct flp_header *h,
    const struct options *o, uint64_t *nonfinite, struct flp_error *e)
{
	struct flp_blocks b;
	struct flp_id id;
	char text[FLP_ID_TEXT];
	int more, width;

	if (flp_blocks_init(&b, in->reader, h, e) < 0)
		return -1;
	if (o->json)
		cli_print(out, "{\"kind\":\"%s\",\"privacy\":\"%s\",\"tensors\":[",
		    flp_kind_name(h->kind), flp_privacy_name(h->privacy));
	else
		cli_print(out, "%s: %s, %s\n", in->place, flp_kind_name(h->kind),
		    flp_privacy_name(h->privacy));
	width = print_titles(out, h, o);
	*nonfinite = 0;
	for (size_t i = 0; i < h->tensors; i++) {
		struct flp_summary s = { 0 };

		if (o->json && i > 0)
			cli_print(out, ",");
		open_tensor(out, &h->tensor[i], o, width);
		while ((more = flp_blocks_next(&b, i, e)) > 0) {
			flp_summary_add(&s, b.value, b.n);
			if (o->values && !o->json && is_text(&h->tensor[i]))
				print_text(out, (const char *)b.raw, b.n);
			else if (o->values)
				print_values(out, &b, o->json);
		}
		if (more < 0)
			return -1;
		close_tensor(out, &h->tensor[i], o, &s);
		*nonfinite += s.nonfinite;
	}
	flp_blocks_free(&b);
	if (flp_reader_finish(in->reader, &id, e) < 0)
		return -1;
	flp_id_text(&id, text);
	if (o->json)
		cli_print(out, "],\"meta\":{");
	print_meta(out, &h->meta, o->json);
	cli_print(out, o->json ? "},\"bytes\":%llu,\"id\":\"%s\"}\n" : "  bytes       %llu\n"
	    "  id          %s\n", (unsigned long long)(in->in.offset - flp_reader_offset(in->reader)),
	    text);
	return 0;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	const struct flp_header *h;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	uint64_t nonfinite;
	int more, status = 0;

	cli_stdout(&out);
	flp_inputs_init(&in, paths);
	in.nonfinite = 1;
	/* A record is shown once it is known to be whole, unless it is too large
	 * to wait for. */
	while ((more = flp_inputs_next(&in, &h, &e)) > 0) {
		if (dump(&out, &in, h, &o, &nonfinite, &e) < 0) {
			flp_inputs_at(&in, &e);
			cli_fail(&e);
		}
		cli_check(flp_out_flush(&out, &e), &e, NULL);
		if (nonfinite > 0) {
			cli_warn("%s: %llu values are not finite", in.place, (unsigned long long)nonfinite);
			status = FLP_BAD;
		}
	}
	if (more < 0)
		cli_fail(&e);
	flp_inputs_close(&in);
	cli_finish(&out, status);
}

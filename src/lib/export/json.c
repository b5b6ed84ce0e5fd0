#include "export/json.h"
#include "base/shown.h"
#include "export/print.h"
#include "format/keys.h"
#include "format/secrets.h"
#include "kernel/summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A hidden character of `step` bytes as JSON escapes it (RFC 8259): beyond 16 bits as two. */
static int
print_hidden(struct flp_out *out, const char *s, size_t step, struct flp_error *e)
{
	uint32_t c = flp_shown_hidden(s, step, 0);
	char text[16];
	int n = c < 0x10000 ? sprintf(text, "\\u%04x", (unsigned)c) :
	    sprintf(text, "\\u%04x\\u%04x", 0xd7c0u + (unsigned)(c >> 10),
	    0xdc00u + (unsigned)(c & 0x3ff));

	return flp_out_write(out, text, (size_t)n, e);
}

/* After a failed write nothing more is written. */
int
flp_json_text(struct flp_out *out, const char *s, size_t n, struct flp_error *e)
{
	size_t plain, step = 0;

	if (flp_out_write(out, "\"", 1, e) < 0)
		return -1;
	for (; n > 0; s += plain + step, n -= plain + step) {
		plain = flp_shown_plain(s, n, &step);
		for (size_t i = 0; i < plain; i++)
			if (((s[i] == '"' || s[i] == '\\') && flp_out_write(out, "\\", 1, e) < 0) ||
			    flp_out_write(out, &s[i], 1, e) < 0)
				return -1;
		if (step > 0 && print_hidden(out, s + plain, step, e) < 0)
			return -1;
	}
	return flp_out_write(out, "\"", 1, e);
}

/* Passes over digits, and returns 1 if there was one. */
static int
digits(const char **s, const char *end)
{
	const char *from = *s;

	while (*s < end && **s >= '0' && **s <= '9')
		++*s;
	return *s > from;
}

/* JSON writes a number with digits on both sides of a point, and without a zero or a plus before
 * the first of them. */
static int
is_number(const char *s, size_t n)
{
	const char *end = s + n, *first;

	s += n > 0 && *s == '-';
	first = s;
	if (!digits(&s, end) || (*first == '0' && s - first > 1))
		return 0;
	if (s < end && *s == '.' && (s++, !digits(&s, end)))
		return 0;
	if (s < end && (*s == 'e' || *s == 'E')) {
		s++;
		s += s < end && (*s == '-' || *s == '+');
		if (!digits(&s, end))
			return 0;
	}
	return s == end;
}

int
flp_json_meta(struct flp_out *out, const char *key, size_t key_n, const char *value, size_t n,
    struct flp_error *e)
{
	const struct flp_meta_key *known = flp_keys_find(key, key_n);

	if (known != NULL && known->type != FLP_META_TEXT && flp_keys_fits(known, value, n) &&
	    is_number(value, n))
		return flp_out_write(out, value, n, e);
	return flp_json_text(out, value, n, e);
}

void
flp_json_say(struct flp_say *s, const char *text, size_t n)
{
	if (text == NULL)
		flp_say(s, "null");
	else if (s->status == 0)
		s->status = flp_json_text(s->out, text, n, s->e);
}

void
flp_json_name(struct flp_say *s, const char *text)
{
	flp_json_say(s, text, text != NULL ? strlen(text) : 0);
}

void
flp_json_number(struct flp_say *s, int digits, double v)
{
	if (isfinite(v))
		flp_say(s, "%.*g", digits, v);
	else
		flp_say(s, "null");
}

struct json {
	struct flp_say say;
	struct flp_label label;
};

static void
print_block(struct json *j, const struct flp_blocks *b)
{
	char text[FLP_NUMBER_TEXT];

	for (size_t i = 0; i < b->n / b->digits; i++) {
		size_t n = flp_print_number(text, b, i);

		if (b->at + i > 0)
			flp_say_bytes(&j->say, ",", 1);
		if (isfinite(b->value[i]))
			flp_say_bytes(&j->say, text, n);
		else
			flp_say_bytes(&j->say, "null", 4);
	}
}

static void
print_statistic(struct json *j, const char *name, double v)
{
	flp_say(&j->say, ",\"%s\":", name);
	flp_json_number(&j->say, 17, v);
}

static int
print_tensor(struct json *j, struct flp_blocks *b, size_t tensor, int values,
    uint64_t *nonfinite)
{
	const struct flp_tensor *t = &b->header->tensor[tensor];
	int masked = b->header->kind == FLP_KIND_MASKED; /* statistics of masks say nothing */
	struct flp_summary s = { 0 };
	int more;

	flp_say(&j->say, "%s{\"name\":", tensor > 0 ? "," : "");
	flp_json_name(&j->say, t->name);
	flp_say(&j->say, ",\"dtype\":\"%s\",\"encoding\":\"%s\",\"dims\":[", flp_dtype_name(t->dtype),
	    flp_encoding_name(t->encoding));
	for (unsigned i = 0; i < t->rank; i++)
		flp_say(&j->say, "%s%llu", i ? "," : "", (unsigned long long)t->dims[i]);
	flp_say(&j->say, values ? "],\"values\":[" : "]");
	while (j->say.status == 0 && (more = flp_blocks_next(b, tensor, j->say.e)) != 0) {
		if (more < 0)
			return -1;
		flp_summary_add(&s, b->value, b->n / b->digits);
		if (strcmp(t->name, ":schema") == 0 && t->dtype == FLP_DTYPE_U8)
			flp_label_take(&j->label, b->raw, b->n);
		if (values)
			print_block(j, b);
	}
	*nonfinite += s.nonfinite;
	flp_say(&j->say, "%s,\"count\":%llu,\"nonfinite\":%llu", values ? "]" : "",
	    (unsigned long long)s.count, (unsigned long long)s.nonfinite);
	print_statistic(j, "min", masked ? NAN : s.min);
	print_statistic(j, "max", masked ? NAN : s.max);
	print_statistic(j, "mean", masked ? NAN : flp_summary_mean(&s));
	print_statistic(j, "norm", masked ? NAN : flp_summary_norm(&s));
	flp_say(&j->say, "}");
	return j->say.status;
}

static void
print_meta(struct json *j, const struct flp_meta *m)
{
	size_t at = 0, key_n, value_n;
	const char *key, *value;

	for (int i = 0; flp_meta_each(m, &at, &key, &key_n, &value, &value_n); i++) {
		if (i > 0)
			flp_say_bytes(&j->say, ",", 1);
		flp_json_say(&j->say, key, key_n);
		flp_say_bytes(&j->say, ":", 1);
		if (j->say.status == 0)
			j->say.status = flp_json_meta(j->say.out, key, key_n, value, value_n, j->say.e);
	}
}

int
flp_json_record(struct flp_out *out, const struct flp_inputs *in, const struct flp_header *h,
    int values, uint64_t *nonfinite, struct flp_error *e)
{
	struct json j = { .say = { out, e, 0 } };
	char text[FLP_DIGEST_TEXT];
	struct flp_blocks b;
	struct flp_id id;
	int status = 0;

	*nonfinite = 0;
	flp_say(&j.say, "{\"kind\":\"%s\",\"privacy\":\"%s\",\"tensors\":[", flp_kind_name(h->kind),
	    flp_privacy_name(h->privacy));
	if (flp_blocks_init(&b, in->reader, h, e) < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < h->tensors && !flp_secrets_in(h); i++)
		status = print_tensor(&j, &b, i, values, nonfinite);
	flp_blocks_free(&b);
	if (status < 0 || flp_reader_finish(in->reader, &id, e) < 0)
		return -1;
	flp_say(&j.say, "],\"meta\":{");
	print_meta(&j, &h->meta);
	flp_say(&j.say, "}");
	if (flp_label_name(&j.label) != NULL) {
		flp_say(&j.say, ",\"label\":");
		flp_json_say(&j.say, j.label.name, j.label.n);
	}
	flp_say(&j.say, ",\"bytes\":%llu",
	    (unsigned long long)(in->in.offset - flp_reader_offset(in->reader)));
	if (flp_reader_design(in->reader) != NULL) {
		flp_digest_text(flp_reader_design(in->reader), text);
		flp_say(&j.say, ",\"design\":\"%s\"", text);
	}
	if (flp_reader_digest(in->reader) != NULL) {
		flp_digest_text(flp_reader_digest(in->reader), text);
		flp_say(&j.say, ",\"digest\":\"%s\"", text);
	}
	flp_id_text(&id, text);
	if (!flp_secrets_in(h))
		flp_say(&j.say, ",\"id\":\"%s\"", text);
	flp_say(&j.say, "}\n");
	return j.say.status;
}

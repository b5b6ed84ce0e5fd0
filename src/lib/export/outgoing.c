#include "export/outgoing.h"
#include "base/memory.h"
#include "base/shown.h"
#include "base/text.h"
#include "export/json.h"
#include "export/print.h"
#include "format/secrets.h"
#include "kernel/summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record that is being printed. */
struct sheet {
	struct flp_say say;
	const struct flp_record *record;
	struct flp_blocks blocks;
	int json, inside;
	size_t answers;
	uint32_t asked; /* a bit for each key of the policy (flp_site_key) */
};

/* Prints a text of n bytes, made printable, with blanks for tabs; in JSON it is in quotes. */
static void
show(struct sheet *s, const char *text, size_t n)
{
	size_t (*escape)(char *, size_t, const char *, size_t) = s->json ? flp_text_escape :
	    flp_shown_text; /* JSON has escapes of its own for characters */
	size_t room = 4 * n + 1, used = 0;
	char *shown;

	if (s->say.status < 0)
		return;
	if ((shown = flp_memory_new(room, 1, s->say.e)) == NULL) {
		s->say.status = -1;
		return;
	}
	for (const char *tab; (tab = memchr(text, '\t', n)) != NULL; text = tab + 1) {
		used += escape(shown + used, room - used, text, (size_t)(tab - text));
		shown[used++] = ' ';
		n -= (size_t)(tab + 1 - text);
	}
	used += escape(shown + used, room - used, text, n);
	s->say.status = s->json ? flp_json_text(s->say.out, shown, used, s->say.e) :
	    flp_out_write(s->say.out, shown, used, s->say.e);
	free(shown);
}

static double
norm_of(struct sheet *s, size_t tensor)
{
	struct flp_summary summary = { 0 };
	int more = 0;

	while (s->say.status == 0 && (more = flp_blocks_next(&s->blocks, tensor, s->say.e)) > 0)
		flp_summary_add(&summary, s->blocks.value, s->blocks.n / s->blocks.digits);
	if (more < 0)
		s->say.status = -1;
	return summary.nonfinite > 0 ? NAN : flp_summary_norm(&summary);
}

static int
holds_names(const struct flp_tensor *t)
{
	return flp_tensor_describes(t) && t->dtype == FLP_DTYPE_U8;
}

/* Prints each line of a tensor of names, between `before` and `after`. */
static void
print_names(struct sheet *s, size_t tensor, const char *before, const char *after)
{
	const char *line = s->record->values[tensor];
	const char *end = line + s->record->header.tensor[tensor].bytes;

	for (int i = 0; line < end; i++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((newline != NULL ? newline : end) - line);

		flp_say(&s->say, "%s%s", s->json && i > 0 ? "," : "", before);
		show(s, line, n);
		flp_say(&s->say, "%s", after);
		line += n + 1;
	}
}

static void
json_tensors(struct sheet *s)
{
	const struct flp_header *h = &s->record->header;

	for (size_t i = 0; i < h->tensors && !flp_secrets_in(h); i++) {
		const struct flp_tensor *t = &h->tensor[i];
		double norm = norm_of(s, i);

		flp_say(&s->say, "%s{\"name\":", i > 0 ? "," : "");
		show(s, t->name, strlen(t->name));
		flp_say(&s->say, ",\"dtype\":\"%s\",\"dims\":[", flp_dtype_name(t->dtype));
		for (unsigned k = 0; k < t->rank; k++)
			flp_say(&s->say, "%s%llu", k ? "," : "", (unsigned long long)t->dims[k]);
		flp_say(&s->say, "],\"bytes\":%llu,\"norm\":", (unsigned long long)t->bytes);
		flp_json_number(&s->say, 17, norm);
		if (holds_names(t)) {
			flp_say(&s->say, ",\"lines\":[");
			print_names(s, i, "", "");
			flp_say(&s->say, "]");
		}
		flp_say(&s->say, "}");
	}
}

static int
wider(int width, size_t columns)
{
	int n = (int)columns;

	return n > width ? n : width;
}

static void
text_tensors(struct sheet *s)
{
	const struct flp_header *h = &s->record->header;
	int name_n = (int)strlen("tensor"), dims_n = (int)strlen("dims");
	int terminal = s->say.out->terminal;
	char dims[FLP_DIMS_TEXT];

	for (size_t i = 0; i < h->tensors; i++) {
		flp_tensor_dims(&h->tensor[i], dims);
		name_n = wider(name_n, flp_shown_columns(h->tensor[i].name, terminal));
		dims_n = wider(dims_n, strlen(dims));
	}
	flp_say(&s->say, "  %-*s  %-8s  %-*s  %13s  %13s\n", name_n, "tensor", "dtype", dims_n, "dims",
	    "bytes", "norm");
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		flp_tensor_dims(t, dims);
		flp_say(&s->say, "  ");
		flp_print_padded(&s->say, t->name, name_n);
		flp_say(&s->say, "  %-8s  %-*s  %13llu", flp_dtype_name(t->dtype), dims_n, dims,
		    (unsigned long long)t->bytes);
		if (holds_names(t))
			flp_say(&s->say, "\n");
		else
			flp_say(&s->say, "  %13.6g\n", norm_of(s, i));
	}
	for (size_t i = 0; i < h->tensors; i++)
		if (holds_names(&h->tensor[i])) {
			flp_say(&s->say, "  in ");
			show(s, h->tensor[i].name, strlen(h->tensor[i].name));
			flp_say(&s->say, "\n");
			print_names(s, i, "    ", "\n");
		}
}

static void
print_meta(struct sheet *s)
{
	const struct flp_meta *m = &s->record->header.meta;
	size_t at = 0, key_n, value_n;
	const char *key, *value;
	int width = 0;

	while (flp_meta_each(m, &at, &key, &key_n, &value, &value_n))
		width = (int)key_n > width ? (int)key_n : width;
	at = 0;
	if (!s->json && m->n > 0)
		flp_say(&s->say, "  metadata\n");
	for (int i = 0; flp_meta_each(m, &at, &key, &key_n, &value, &value_n); i++) {
		if (s->json) {
			flp_say(&s->say, "%s\"%.*s\":", i > 0 ? "," : "", (int)key_n, key);
			if (s->say.status == 0)
				s->say.status = flp_json_meta(s->say.out, key, key_n, value, value_n, s->say.e);
		} else {
			flp_say(&s->say, "    %-*.*s  ", width, (int)key_n, key);
			flp_print_shown(&s->say, value, value_n);
			flp_say(&s->say, "\n");
		}
	}
}

/* Notes which line of the policy an answer is about: its key is the first word. */
static void
note_asked(struct sheet *s, const char *what)
{
	const struct flp_site_key *key;
	size_t n = strcspn(what, " ");

	for (unsigned i = 0; (key = flp_site_key(i)) != NULL; i++)
		if (strlen(key->name) == n && memcmp(key->name, what, n) == 0)
			s->asked |= 1u << i;
}

static int
tell(void *context, const char *what, const struct flp_error *refusal)
{
	struct sheet *s = context;
	const char *why = refusal != NULL ? refusal->text : "";

	if (s->json)
		flp_say(&s->say, "%s{\"what\":\"%s\",\"refused\":", s->answers > 0 ? "," : "", what);
	else
		flp_say(&s->say, "    %-20s  %s", what, refusal != NULL ? "refused: " : "allowed");
	if (s->json && refusal == NULL)
		flp_say(&s->say, "null");
	else
		show(s, why, strlen(why));
	flp_say(&s->say, s->json ? "}" : "\n");
	note_asked(s, what);
	s->answers++;
	return s->say.status;
}

static int
ask(struct sheet *s, const struct flp_outgoing_rules *rules)
{
	struct flp_outgoing o = { .site = &rules->site, .record = s->record, .inside = s->inside,
		.tell = tell, .context = s, .masked = rules->masked };

	return flp_outgoing_ask(&o, s->say.e);
}

/* Prints the lines of the policy that were not checked on this record. The content of a masked
 * record is listed after that record, where these lines were printed already. */
static void
print_unasked(struct sheet *s, const struct flp_site *site)
{
	const struct flp_site_key *key;

	for (size_t i = 0; !s->inside && (key = flp_site_key(i)) != NULL; i++) {
		const struct flp_site_limit *limit = flp_site_limit(site, key);

		if (!limit->set || limit->file == NULL || (s->asked & 1u << i) != 0)
			continue;
		if (*key->binds == '\0')
			flp_say(&s->say, "    %-20s  not checked by any tool of this version\n", key->name);
		else
			flp_say(&s->say, "    %-20s  not checked here, but by %s\n", key->name, key->binds);
	}
}

static int
print_text(struct sheet *s, const struct flp_outgoing_rules *rules, const char *place)
{
	const struct flp_site *site = &rules->site;
	const struct flp_header *h = &s->record->header;
	int allowed;

	if (s->say.out->offset > 0)
		flp_say(&s->say, "\n");
	show(s, place, strlen(place));
	flp_say(&s->say, ": %s, %s\n", flp_kind_name(h->kind), flp_privacy_name(h->privacy));
	if (flp_secrets_in(h))
		flp_say(&s->say, "  %s\n", flp_secrets_sentence);
	else
		text_tensors(s);
	print_meta(s);
	flp_say(&s->say, "  policy%s", site->file != NULL ? " " : site->open ? " open" : " by default");
	if (site->file != NULL)
		show(s, site->file, strlen(site->file));
	flp_say(&s->say, "\n");
	allowed = ask(s, rules);
	print_unasked(s, site);
	flp_say(&s->say, "  %s\n", allowed > 0 ? "allowed" : "refused");
	return allowed;
}

static int
print_json(struct sheet *s, const struct flp_outgoing_rules *rules, const char *place)
{
	const struct flp_header *h = &s->record->header;
	int allowed;

	flp_say(&s->say, "{\"place\":");
	show(s, place, strlen(place));
	flp_say(&s->say, ",\"kind\":\"%s\",\"privacy\":\"%s\",\"tensors\":[", flp_kind_name(h->kind),
	    flp_privacy_name(h->privacy));
	json_tensors(s);
	flp_say(&s->say, "],\"meta\":{");
	print_meta(s);
	flp_say(&s->say, "},\"policy\":[");
	allowed = ask(s, rules);
	flp_say(&s->say, "],\"allowed\":%s}\n", allowed > 0 ? "true" : "false");
	return allowed;
}

int
flp_outgoing_show(struct flp_out *out, const struct flp_outgoing_rules *rules, const char *place,
    const struct flp_record *record, int inside, int json, struct flp_error *e)
{
	struct sheet s = { .say = { out, e, 0 }, .record = record, .json = json, .inside = inside };
	int allowed = -1;

	if (flp_blocks_of(&s.blocks, record, e) == 0)
		allowed = (json ? print_json : print_text)(&s, rules, place);
	flp_blocks_free(&s.blocks);
	return s.say.status < 0 ? -1 : allowed;
}

int
flp_outgoing_print(struct flp_out *out, const struct flp_outgoing_rules *rules,
    const struct flp_inputs *in, const struct flp_header *h, int json, struct flp_error *e)
{
	struct flp_record record;
	int allowed;

	if (flp_record_load(&record, in->reader, h, e) < 0)
		return -1;
	allowed = flp_outgoing_show(out, rules, in->place, &record, 0, json, e);
	flp_record_free(&record);
	return allowed;
}

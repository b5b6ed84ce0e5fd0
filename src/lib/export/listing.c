#include "export/listing.h"
#include "base/say.h"
#include "base/shown.h"
#include "export/print.h"
#include "format/secrets.h"
#include "kernel/summary.h"

#include <string.h>

/* A record that is being printed. */
struct listing {
	struct flp_say say;
	const struct flp_inputs *in;
	int values;
	uint64_t *nonfinite;
	struct flp_label label;
};

#define HEADS "as              min           max          mean          norm"

/* Prints the columns after a tensor's name, dtype, dimensions and encoding. */
static int
print_tensor(struct listing *l, struct flp_blocks *b, size_t tensor)
{
	const struct flp_tensor *t = &b->header->tensor[tensor];
	int text = flp_tensor_describes(t) && t->dtype == FLP_DTYPE_U8, more;
	int masked = b->header->kind == FLP_KIND_MASKED; /* statistics of masks say nothing */
	struct flp_label *label = text && strcmp(t->name, ":schema") == 0 ? &l->label : NULL;
	struct flp_summary s = { 0 };

	if (l->values)
		flp_say(&l->say, "\n");
	if (l->values && text)
		return l->say.status < 0 ? -1 : flp_print_lines(l->say.out, b->reader, t, label, l->say.e);
	while ((more = flp_blocks_next(b, tensor, l->say.e)) > 0) {
		flp_summary_add(&s, b->value, b->n / b->digits);
		if (label != NULL)
			flp_label_take(label, b->raw, b->n);
		if (l->values && l->say.status == 0)
			l->say.status = flp_print_block(l->say.out, b, l->say.e);
		if (l->say.status < 0)
			return -1;
	}
	*l->nonfinite += s.nonfinite;
	if (more < 0 || l->values)
		return more;
	if (!text && !masked && s.count > 0)
		flp_say(&l->say, " %13.6g %13.6g %13.6g %13.6g%s", s.min, s.max, flp_summary_mean(&s),
		    flp_summary_norm(&s), s.nonfinite ? "  not finite" : "");
	flp_say(&l->say, "\n");
	return l->say.status;
}

static int
longer(int width, size_t n)
{
	return (int)n > width ? (int)n : width;
}

static int
print_tensors(struct listing *l, const struct flp_header *h)
{
	int name_n = (int)strlen("tensor"), dims_n = 12, status = 0;
	struct flp_blocks b;
	char dims[FLP_DIMS_TEXT];

	for (size_t i = 0; i < h->tensors; i++) {
		flp_tensor_dims(&h->tensor[i], dims);
		name_n = longer(name_n, flp_shown_columns(h->tensor[i].name, l->say.out->terminal));
		dims_n = longer(dims_n, strlen(dims));
	}
	if (!l->values && h->tensors > 0)
		flp_say(&l->say, "  %-*s  %-8s  %-*s  %s\n", name_n, "tensor", "dtype", dims_n, "dims",
		    h->kind == FLP_KIND_MASKED ? "as" : HEADS);
	if (flp_blocks_init(&b, l->in->reader, h, l->say.e) < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		flp_tensor_dims(t, dims);
		flp_say(&l->say, "  ");
		flp_print_padded(&l->say, t->name, name_n);
		flp_say(&l->say, "  %-8s  %-*s  %-5s", flp_dtype_name(t->dtype), dims_n, dims,
		    flp_encoding_name(t->encoding));
		status = print_tensor(l, &b, i);
	}
	flp_blocks_free(&b);
	return status;
}

static void
print_digest(struct listing *l, int width, const char *name, const struct flp_digest *digest)
{
	char text[FLP_DIGEST_TEXT];

	if (digest == NULL)
		return;
	flp_digest_text(digest, text);
	flp_say(&l->say, "  %-*s  %s\n", width, name, text);
}

static void
print_fact(struct listing *l, int width, const char *key, size_t key_n, const char *value,
    size_t value_n)
{
	flp_say(&l->say, "  %-*.*s  ", width, (int)key_n, key);
	flp_print_shown(&l->say, value, value_n);
	flp_say(&l->say, "\n");
}

/* `id` is NULL if it would reveal something about secrets. */
static void
print_meta(struct listing *l, const struct flp_meta *m, const struct flp_id *id)
{
	size_t at = 0, key_n, value_n;
	const char *key, *value;
	char text[FLP_DIGEST_TEXT];
	int width = 10;

	while (flp_meta_each(m, &at, &key, &key_n, &value, &value_n))
		width = longer(width, key_n);
	at = 0;
	while (flp_meta_each(m, &at, &key, &key_n, &value, &value_n))
		print_fact(l, width, key, key_n, value, value_n);
	if ((value = flp_label_name(&l->label)) != NULL)
		print_fact(l, width, "label", strlen("label"), value, strlen(value));
	flp_say(&l->say, "  %-*s  %llu\n", width, "bytes",
	    (unsigned long long)(l->in->in.offset - flp_reader_offset(l->in->reader)));
	print_digest(l, width, "design", flp_reader_design(l->in->reader));
	print_digest(l, width, "digest", flp_reader_digest(l->in->reader));
	if (id == NULL)
		return;
	flp_id_text(id, text);
	flp_say(&l->say, "  %-*s  %s\n", width, "id", text);
}

int
flp_listing_record(struct flp_out *out, const struct flp_inputs *in, const struct flp_header *h,
    int values, uint64_t *nonfinite, struct flp_error *e)
{
	struct listing l = { .say = { out, e, 0 }, .in = in, .values = values,
		.nonfinite = nonfinite };
	char place[4 * sizeof in->place];
	struct flp_id id;

	*nonfinite = 0;
	flp_shown_text(place, sizeof place, in->place, strlen(in->place));
	flp_say(&l.say, "%s%s: %s, %s\n", out->offset > 0 ? "\n" : "", place, flp_kind_name(h->kind),
	    flp_privacy_name(h->privacy));
	if (flp_secrets_in(h))
		flp_say(&l.say, "  %s\n", flp_secrets_sentence);
	else if (l.say.status == 0 && print_tensors(&l, h) < 0)
		return -1;
	if (l.say.status < 0 || flp_reader_finish(in->reader, &id, e) < 0)
		return -1;
	print_meta(&l, &h->meta, flp_secrets_in(h) ? NULL : &id);
	return l.say.status;
}

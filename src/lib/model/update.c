#include "model/update.h"
#include "format/keys.h"

#include <string.h>

int
flp_update_lacks(void *context, const struct flp_tensor *t)
{
	(void)context;
	return flp_tensor_describes(t);
}

int
flp_update_rides(const struct flp_tensor *t)
{
	static const char *const folders[] = { "clip/", "control/" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strncmp(t->name, folders[i], strlen(folders[i])) == 0)
			return 1;
	return 0;
}

int
flp_update_same_tensors(const struct flp_header *want, const struct flp_header *update,
    int alike, struct flp_error *e)
{
	struct flp_header own = *update;

	while (own.tensors > want->tensors && flp_update_rides(&own.tensor[own.tensors - 1]))
		own.tensors--;
	return (alike ? flp_header_alike_tensors : flp_header_same_tensors)(want, &own, e);
}

static int
set_base(struct flp_meta *meta, const struct flp_digest *digest, struct flp_error *e)
{
	char text[FLP_DIGEST_TEXT];

	flp_digest_text(digest, text);
	return flp_meta_set_text(meta, "base", text, e);
}

int
flp_update_header(struct flp_header *update, const struct flp_header *model,
    const struct flp_digest *digest, struct flp_error *e)
{
	const char *round;
	size_t n;

	flp_header_init(update, FLP_KIND_UPDATE);
	for (size_t i = 0; i < model->tensors; i++) {
		const struct flp_tensor *t = &model->tensor[i];

		if (t->dtype & FLP_DTYPE_SUM) {
			flp_error_bad(e, "tensor %s: dtype %s does not belong in a model", t->name,
			    flp_dtype_name(t->dtype));
			goto fail;
		}
		if (!flp_update_lacks(NULL, t) &&
		    flp_header_add(update, t->name, t->dtype, t->rank, t->dims, e) < 0)
			goto fail;
	}
	if ((round = flp_meta_get(&model->meta, "round", &n)) != NULL &&
	    flp_meta_set(&update->meta, "round", round, n, e) < 0)
		goto fail;
	if (set_base(&update->meta, digest, e) == 0)
		return 0;
fail:
	flp_header_free(update);
	return -1;
}

static const char *const origin[] = { "base", "round" };
#define ORIGIN (sizeof origin / sizeof *origin)

/* Explains a difference of digests, since nobody can see what they stand for. */
static int
refuse_origin(const struct flp_meta *found, const char *key, const char *want, size_t n,
    struct flp_error *e)
{
	size_t unused;

	if (flp_meta_expect(found, key, want, n, e) == 0)
		return flp_error_misuse(e, "%s: expected two values that differ", key);
	return strcmp(key, "base") != 0 || flp_meta_get(found, key, &unused) == NULL ? -1 :
	    flp_error_add(e, "it was made from another model, or from this one under other metadata");
}

int
flp_update_same_origin(const struct flp_meta *want, const struct flp_meta *found,
    struct flp_error *e)
{
	for (size_t i = 0; i < ORIGIN; i++) {
		const struct flp_meta_key *key = flp_keys_find(origin[i], strlen(origin[i]));
		size_t want_n, n;
		const char *value = flp_meta_get(want, origin[i], &want_n);
		const char *other = flp_meta_get(found, origin[i], &n);

		if (value != NULL && (other == NULL || !flp_keys_same(key, other, n, value, want_n)))
			return refuse_origin(found, origin[i], value, want_n, e);
	}
	return 0;
}

int
flp_update_params(struct flp_header *params, const struct flp_header *model,
    const struct flp_digest *digest, struct flp_error *e)
{
	if (flp_header_copy(params, model, e) < 0)
		return -1;
	flp_meta_drop_keys(&params->meta, FLP_KEY_MADE | FLP_KEY_LEDGER);
	if (set_base(&params->meta, digest, e) == 0)
		return 0;
	flp_header_free(params);
	return -1;
}

int
flp_update_made(struct flp_meta *update, const struct flp_meta *data, uint64_t examples,
    uint64_t steps, struct flp_error *e)
{
	size_t n;
	const char *client = flp_meta_get(data, "client", &n);

	if ((client != NULL && flp_meta_set(update, "client", client, n, e) < 0) ||
	    flp_meta_set_u64(update, "examples", examples, e) < 0)
		return -1;
	return flp_meta_set_u64(update, "steps", steps, e);
}

/* The kind of the record or, for a sum, of the records that were added up. */
static int
find_kind(const struct flp_header *h, enum flp_kind *kind, struct flp_error *e)
{
	const char *of;
	size_t n;

	*kind = h->kind;
	if (h->kind == FLP_KIND_UPDATE || h->kind == FLP_KIND_PARAMS)
		return 0;
	if (h->kind == FLP_KIND_MASKED)
		return flp_error_bad(e, "expected an update, params or a sum of them, found masked: "
		    "fl-mask unmask opens a sum of masked records");
	if (h->kind != FLP_KIND_SUM)
		return flp_error_bad(e, "expected an update, params or a sum of them, found %s",
		    flp_kind_name(h->kind));
	if ((of = flp_meta_get(&h->meta, "of", &n)) == NULL)
		return flp_error_bad(e, "metadata: of: expected in the header of a sum, found nothing");
	if (n == 6 && memcmp(of, "update", n) == 0)
		*kind = FLP_KIND_UPDATE;
	else if (n == 6 && memcmp(of, "params", n) == 0)
		*kind = FLP_KIND_PARAMS;
	else
		return flp_error_bad(e, "metadata: of: expected update or params, found %.*s",
		    (int)(n < 80 ? n : 80), of);
	return 0;
}

int
flp_update_check(const struct flp_header *update, const struct flp_digest *digest,
    enum flp_kind *kind, struct flp_error *e)
{
	char text[FLP_DIGEST_TEXT];
	const char *base;
	size_t n;

	if (find_kind(update, kind, e) < 0)
		return -1;
	flp_digest_text(digest, text);
	base = flp_meta_get(&update->meta, "base", &n);
	if (base != NULL && (n != strlen(text) || memcmp(base, text, n) != 0))
		return flp_error_bad(e, "metadata: base: expected the model's digest %s, "
		    "found %.*s", text, (int)(n < 80 ? n : 80), base);
	return 0;
}

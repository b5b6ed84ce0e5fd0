#include "format/keys.h"
#include "privacy/release.h"

#include <string.h>

/* The kinds of records that may get noise, by mechanism, and who adds it. */
static const struct place {
	enum flp_kind kind;
	enum flp_noise mechanism;
	const char *name; /* the value of the key `place` */
} places[] = {
	{ FLP_KIND_UPDATE, FLP_NOISE_GAUSSIAN, "local" },
	{ FLP_KIND_SUM, FLP_NOISE_GAUSSIAN, "central" },
	{ FLP_KIND_PARAMS, FLP_NOISE_LAPLACE, "local" },
};

const char *
flp_noise_name(unsigned noise)
{
	static const char *const names[] = { "gaussian", "laplace" };

	return noise < sizeof names / sizeof *names ? names[noise] : NULL;
}

static const struct place *
find_place(enum flp_kind kind)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (places[i].kind == kind)
			return &places[i];
	return NULL;
}

static int
check_kind(const struct flp_release *r, enum flp_kind kind, struct flp_error *e)
{
	const struct place *place = find_place(kind);

	if (r->mechanism == FLP_NOISE_LAPLACE)
		return place != NULL && place->mechanism == r->mechanism ? 0 :
		    flp_error_bad(e, "expected params under --mechanism laplace, found %s",
		    flp_kind_name(kind));
	if (place == NULL || place->mechanism != r->mechanism)
		return flp_error_bad(e, "expected an update or a sum, found %s", flp_kind_name(kind));
	if (kind == FLP_KIND_SUM && r->sigma == 0)
		return flp_error_bad(e, "expected an update, found a sum: updates are clipped before "
		    "they are summed");
	return 0;
}

/* Checks that the record's privacy state lets it be clipped or noised. */
static int
check_state(const struct flp_header *h, struct flp_error *e)
{
	if (h->privacy == FLP_PRIVACY_NOISED)
		return flp_error_bad(e, "expected a record without noise, found one that is noised");
	if (h->kind == FLP_KIND_SUM && h->privacy == FLP_PRIVACY_RAW)
		return flp_error_bad(e, "expected a sum of clipped updates, found one that is raw");
	return 0;
}

/* A mean of updates is not one client's update, unless it is of no clients; and a weighted
 * sum may consist of little but one client's update. */
static int
check_single(const struct flp_header *h, struct flp_error *e)
{
	const char *clients;
	size_t n;

	if (h->kind == FLP_KIND_SUM && flp_meta_get(&h->meta, "weighting", &n) != NULL)
		return flp_error_bad(e, "expected a plain sum, found one with weights");
	if (h->kind == FLP_KIND_SUM && flp_meta_expect(&h->meta, "of", "update", 6, e) < 0)
		return flp_error_at(e, "sum");
	if (h->kind == FLP_KIND_UPDATE && h->privacy != FLP_PRIVACY_PUBLIC &&
	    (clients = flp_meta_get(&h->meta, "clients", &n)) != NULL)
		return flp_error_bad(e, "expected one client's update, found an aggregate of %.*s "
		    "clients", (int)(n < 80 ? n : 80), clients);
	return 0;
}

/* Sets the keys that say how values are clipped. */
static int
set_clip(const struct flp_clip *c, struct flp_meta *meta, struct flp_error *e)
{
	char name[] = "clip.0";

	if (flp_meta_set_f64(meta, "clip", c->lattice.clip, e) < 0 ||
	    flp_meta_set_u64(meta, "grid", c->lattice.grid, e) < 0)
		return -1;
	for (size_t i = 0; i < c->groups && c->group[0].pattern != NULL; i++) {
		name[sizeof name - 2] = (char)('1' + i);
		if (flp_meta_set_f64(meta, name, c->group[i].clip, e) < 0)
			return -1;
	}
	return 0;
}

/* A record that is clipped already must be clipped as the caller says. */
static int
check_clip(const struct flp_release *r, const struct flp_header *h, struct flp_error *e)
{
	struct flp_meta want = { 0 }, found = { 0 };
	int status = -1;

	if (set_clip(&r->clip, &want, e) == 0 &&
	    flp_meta_copy_keys(&found, &h->meta, FLP_KEY_LEDGER, e) == 0)
		status = flp_meta_same_keys(&want, &found, FLP_KEY_LEDGER, e);
	flp_meta_free(&want);
	flp_meta_free(&found);
	return status;
}

/* Asks the site's policy about a record of its own. Noise that can be drawn again counts as none,
 * and a record without noise has no finite epsilon. */
static int
check_site(const struct flp_release *r, struct flp_error *e)
{
	const struct flp_site *site = r->guard.site;

	if (flp_site_noise(site, r->seeded ? 0 : r->z, e) < 0)
		return -1;
	return r->sigma > 0 || !site->max_epsilon.set ? 0 :
	    flp_site_refuse(site, &site->max_epsilon, e, "expected noise, found none");
}

/* Checks that the site's policy and the caller's options suit the kind of the record. The policy
 * is not asked about a sum, whose noise is not that of a single site. */
static int
check_call(const struct flp_release *r, const struct flp_header *h, struct flp_error *e)
{
	if (h->kind != FLP_KIND_SUM && check_site(r, e) < 0)
		return -1;
	if (r->sigma == 0)
		return 0;
	if (h->kind != FLP_KIND_SUM && r->adapt.on)
		return flp_error_bad(e, "option --adapt: expected none for the noise of one %s",
		    flp_kind_name(h->kind));
	if (h->kind != FLP_KIND_SUM && r->adjacency != FLP_ADJACENCY_REPLACE)
		return flp_error_bad(e, "option --adjacency: expected replace for the noise of one "
		    "%s, found add-remove", flp_kind_name(h->kind));
	if (h->kind != FLP_KIND_SUM && r->cohort.n > 0)
		return flp_error_bad(e, "option --cohort: expected none for the noise of one %s, whose "
		    "receiver knows who sent it", flp_kind_name(h->kind));
	if (r->cohort.n > 0 && r->sums > 0)
		return flp_error_bad(e, "option --cohort: expected one sum, found a second");
	return 0;
}

static int
set_noise(const struct flp_release *r, struct flp_meta *meta, struct flp_error *e)
{
	if (flp_meta_set_text(meta, "mechanism", flp_noise_name(r->mechanism), e) < 0 ||
	    flp_meta_set_text(meta, "place", find_place(r->kind)->name, e) < 0 ||
	    flp_meta_set_u64(meta, "noise", r->sigma, e) < 0 ||
	    flp_meta_set_text(meta, "unit", "client", e) < 0 ||
	    flp_meta_set_text(meta, "adjacency", flp_adjacency_name(r->adjacency), e) < 0 ||
	    flp_meta_copy_keys(meta, &r->cohort, FLP_KEY_NOISE, e) < 0)
		return -1;
	if (r->adapt.on && flp_meta_set_u64(meta, "noise.count", r->adapt.sigma, e) < 0)
		return -1;
	return r->seeded ? flp_meta_set_text(meta, "insecure", "test-seed", e) : 0;
}

/* Sets the types of the result. An f32 represents each clipped value exactly; a sum needs f64. */
static int
set_dtypes(struct flp_header *h, struct flp_error *e)
{
	for (size_t i = 0; i < h->tensors; i++) {
		struct flp_tensor *t = &h->tensor[i];
		int wide = h->kind == FLP_KIND_SUM || t->dtype == FLP_DTYPE_F64;

		t->encoding = FLP_ENCODING_DENSE;
		if (flp_dtype_is_float(t->dtype) &&
		    flp_tensor_set_dtype(t, wide ? FLP_DTYPE_F64 : FLP_DTYPE_F32, e) < 0)
			return -1;
	}
	return 0;
}

static int
edit_meta(struct flp_release *r, struct flp_header *h, struct flp_error *e)
{
	if (r->sigma == 0) {
		if (h->privacy == FLP_PRIVACY_RAW)
			h->privacy = FLP_PRIVACY_CLIPPED;
		if (!r->ready) /* an update may claim a clip or noise that it has not had */
			flp_meta_drop_keys(&h->meta, FLP_KEY_LEDGER);
		return set_clip(&r->clip, &h->meta, e);
	}
	h->privacy = FLP_PRIVACY_NOISED;
	if (flp_meta_keep_keys(&h->meta, FLP_KEY_OPEN, e) < 0)
		return -1;
	flp_meta_drop_keys(&h->meta, FLP_KEY_LEDGER);
	return set_clip(&r->clip, &h->meta, e) < 0 ? -1 : set_noise(r, &h->meta, e);
}

int
flp_release_edit(void *context, struct flp_header *h, struct flp_error *e)
{
	struct flp_release *r = context;

	if (check_kind(r, h->kind, e) < 0 || check_state(h, e) < 0 || check_single(h, e) < 0 ||
	    check_call(r, h, e) < 0)
		return -1;
	r->kind = h->kind;
	r->ready = h->kind == FLP_KIND_SUM || h->privacy == FLP_PRIVACY_CLIPPED;
	r->n = 0;
	r->norm = (struct flp_norm){ { 0 } };
	if (r->ready && check_clip(r, h, e) < 0)
		return -1;
	if (flp_clip_begin(&r->clip, h, h->privacy == FLP_PRIVACY_CLIPPED, e) < 0 ||
	    flp_adapt_edit(&r->adapt, h, e) < 0 || edit_meta(r, h, e) < 0)
		return -1;
	return set_dtypes(h, e);
}

int
flp_release_cohort(struct flp_release *r, const struct flp_meta *cohort, struct flp_error *e)
{
	static const char *const keys[] = { "scheme", "rate", "seed" };
	static const char *const fixed_keys[] = { "scheme", "population", "size", "seed" };
	int fixed = flp_meta_is(cohort, "scheme", "fixed");
	const char *const *key = fixed ? fixed_keys : keys;
	size_t count = fixed ? sizeof fixed_keys / sizeof *fixed_keys : sizeof keys / sizeof *keys;
	size_t n;
	const char *draw = flp_meta_get(cohort, "draw", &n);

	if (draw == NULL)
		return flp_error_bad(e, "expected a cohort that fl-sample --secret drew, found one that "
		    "can be drawn again");
	if (fixed && r->adjacency != FLP_ADJACENCY_REPLACE)
		return flp_error_usage(e, "option --adjacency: expected replace for a cohort of fixed "
		    "size, found %s", flp_adjacency_name(r->adjacency));
	if (flp_meta_set(&r->cohort, "cohort", draw, n, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const char *value = flp_meta_get(cohort, key[i], &n);

		if (value == NULL)
			return flp_error_bad(e, "metadata: %s: expected in a cohort, found nothing", key[i]);
		if (flp_meta_set(&r->cohort, key[i], value, n, e) < 0)
			return -1;
	}
	return flp_meta_expect(&r->cohort, "seed", "secret", 6, e);
}

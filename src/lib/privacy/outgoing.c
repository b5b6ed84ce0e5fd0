#include "privacy/outgoing.h"
#include "format/design.h"
#include "format/secrets.h"
#include "privacy/cells.h"
#include "privacy/levels.h"
#include "privacy/sampler.h"
#include "privacy/steps.h"

#include <stdio.h>
#include <string.h>

/* Passes an answer to `tell`. If it is no, status is negative and *e is the reason. */
static int
answer(struct flp_outgoing *o, const char *what, int status, const struct flp_error *e)
{
	if (status < 0 && e->code != FLP_ERROR_BAD)
		return -1;
	o->refused += status < 0;
	return o->tell(o->context, what, status < 0 ? e : NULL);
}

static int
ask_kind(struct flp_outgoing *o, struct flp_error *e)
{
	int rows = o->record->header.kind == FLP_KIND_DATA;
	int none = !flp_site_ruled(o->site) && o->site->open;

	if (flp_secrets_in(&o->record->header))
		return answer(o, "kind", flp_site_forbid(o->site, e, "expected no secrets, found %s",
		    flp_secrets_sentence), e);

	return answer(o, "kind", rows && !none ? flp_site_forbid(o->site, e, "expected no rows, "
	    "found a record of kind data") : 0, e);
}

/* Returns 1 if a record was learnt from rows, so that clipping and noise can protect it. */
static int
is_learnt(const struct flp_header *h)
{
	if (h->privacy == FLP_PRIVACY_PUBLIC)
		return 0;
	if (h->kind == FLP_KIND_SUM || h->kind == FLP_KIND_PARTIAL || h->kind == FLP_KIND_MASKED)
		return !flp_meta_is(&h->meta, "of", "stats");
	return h->kind == FLP_KIND_UPDATE || h->kind == FLP_KIND_PARAMS;
}

static int
ask_rows(struct flp_outgoing *o, struct flp_error *e)
{
	const struct flp_header *h = &o->record->header;
	uint64_t n;
	int found = flp_meta_u64(&h->meta, "examples", 0, UINT64_MAX, &n, e);

	if (!o->site->min_rows.set || !is_learnt(h) || found == 0)
		return 0;
	return answer(o, "min-rows", found < 0 ? -1 : flp_site_rows(o->site, n, e), e);
}

static int
ask_counts(struct flp_outgoing *o, struct flp_error *e)
{
	const struct flp_header *h = &o->record->header;
	int masked = flp_meta_is(&h->meta, "leaves", "masked");

	if (o->inside || h->kind != FLP_KIND_STATS || (!o->site->min_count.set && !masked))
		return 0;
	return answer(o, "min-count", masked ? flp_site_forbid(o->site, e, "expected statistics "
	    "whose counts were checked, found some that may leave only masked") :
	    flp_cells_check(o->site, o->record, NULL, e), e);
}

static int
ask_levels(struct flp_outgoing *o, struct flp_error *e)
{
	const struct flp_tensor *t;
	const void *text = flp_record_values(o->record, ":schema", &t);
	struct flp_schema schema = { 0 };
	struct flp_texts lines = { 0 };
	int status = -1;

	if (!o->site->max_levels.set || text == NULL)
		return 0;
	if (flp_texts_parse_fields(&lines, text, t->bytes, e) == 0 &&
	    flp_schema_take(&schema, &lines, ":schema", e) == 0)
		status = flp_levels_check(o->site, &schema, 1, 0, e);
	flp_texts_free(&lines);
	flp_schema_free(&schema);
	return answer(o, "max-levels", status, e);
}

/* The privacy state of a record or, if it is masked, of what is inside. */
static int
has_state(const struct flp_header *h, enum flp_privacy state)
{
	return h->kind == FLP_KIND_MASKED ? flp_meta_is(&h->meta, "state", flp_privacy_name(state)) :
	    h->privacy == state;
}

static int
check_clip(const struct flp_site *site, const struct flp_header *h, struct flp_error *e)
{
	int clipped = has_state(h, FLP_PRIVACY_CLIPPED) || has_state(h, FLP_PRIVACY_NOISED);
	struct flp_lattice lattice;
	struct flp_error unused;

	if (!site->max_clip.set)
		return 0;
	return clipped && flp_steps_lattice(&lattice, &h->meta, &unused) == 0 ?
	    flp_site_clip(site, lattice.clip, e) : flp_site_refuse(site, &site->max_clip, e,
	    "expected a clip norm of at most that, found none");
}

/* The noise that this site added, divided by the clip norm; 0 if it added none, or if the noise
 * can be drawn again. */
static double
noise_of(const struct flp_header *h)
{
	const struct flp_meta *meta = &h->meta;
	struct flp_lattice lattice;
	struct flp_error unused;
	uint64_t steps;
	size_t n;

	if (!has_state(h, FLP_PRIVACY_NOISED) || !flp_meta_is(meta, "place", "local") ||
	    flp_meta_get(meta, "insecure", &n) != NULL)
		return 0;
	if (flp_meta_u64(meta, "noise", 1, FLP_SIGMA_MOST, &steps, &unused) <= 0 ||
	    flp_steps_lattice(&lattice, meta, &unused) < 0)
		return 0;
	return (double)steps * lattice.step / lattice.clip;
}

static int
no_noise(const struct flp_site *site, struct flp_error *e)
{
	return flp_site_refuse(site, &site->max_epsilon, e, "expected noise, found none");
}

int
flp_outgoing_learnt(const struct flp_site *site, const struct flp_header *h,
    struct flp_error *e)
{
	if (!is_learnt(h))
		return 0;
	if (check_clip(site, h, e) < 0 || flp_site_noise(site, noise_of(h), e) < 0)
		return -1;
	return noise_of(h) > 0 || !site->max_epsilon.set ? 0 : no_noise(site, e);
}

static int
ask_clip(struct flp_outgoing *o, struct flp_error *e)
{
	if (!o->site->max_clip.set || !is_learnt(&o->record->header))
		return 0;
	return answer(o, "max-clip", check_clip(o->site, &o->record->header, e), e);
}

static int
ask_noise(struct flp_outgoing *o, struct flp_error *e)
{
	if (!o->site->min_noise.set || !is_learnt(&o->record->header))
		return 0;
	return answer(o, "min-noise", flp_site_noise(o->site, noise_of(&o->record->header), e), e);
}

static int
ask_epsilon(struct flp_outgoing *o, struct flp_error *e)
{
	const struct flp_header *h = &o->record->header;

	if (!o->site->max_epsilon.set || h->kind != FLP_KIND_MASKED || !is_learnt(h))
		return 0;
	return answer(o, "max-epsilon", noise_of(h) > 0 ? 0 : no_noise(o->site, e), e);
}

/* Asks the policy about the sum that a masked record is part of. */
static int
ask_masked(struct flp_outgoing *o, struct flp_error *e)
{
	const struct flp_site *site = o->site;
	const struct {
		const char *key;
		const struct flp_site_limit *limit;
	} lines[] = {
		{ "min-clients", &site->min_clients }, { "min-threshold", &site->min_threshold },
		{ "min-bits", &site->min_bits }, { "roster", &site->roster },
		{ "authority", &site->authority },
	};
	const struct flp_header *h = &o->record->header;
	int status = 0;

	for (size_t i = 0; status >= 0 && i < sizeof lines / sizeof *lines; i++) {
		if (o->masked == NULL || h->kind != FLP_KIND_MASKED || !lines[i].limit->set)
			continue;
		if ((status = o->masked(h, site, lines[i].limit, e)) <= 0)
			status = answer(o, lines[i].key, status, e);
	}
	return status;
}

static int
ask_model(struct flp_outgoing *o, struct flp_error *e)
{
	struct flp_digest design;
	int status;

	if (!o->site->model.set || o->record->header.kind != FLP_KIND_PARAMS)
		return 0;
	if ((status = flp_design_record(o->record, &design, e)) <= 0)
		return status;
	return answer(o, "model", flp_site_design(o->site, &design, e), e);
}

static int
ask_metadata(struct flp_outgoing *o, struct flp_error *e)
{
	size_t at = o->inside ? o->record->header.meta.n : 0, key_n, value_n;
	const char *key, *value;
	char what[sizeof "metadata " + FLP_META_KEY_LIMIT];

	while (flp_meta_each(&o->record->header.meta, &at, &key, &key_n, &value, &value_n)) {
		snprintf(what, sizeof what, "metadata %.*s", (int)key_n, key);
		if (answer(o, what, flp_site_metadata(o->site, key, key_n, e), e) < 0)
			return -1;
	}
	return 0;
}

int
flp_outgoing_ask(struct flp_outgoing *o, struct flp_error *e)
{
	static int (*const ask[])(struct flp_outgoing *, struct flp_error *) = { ask_kind, ask_rows,
		ask_counts, ask_levels, ask_clip, ask_noise, ask_epsilon, ask_masked, ask_model,
		ask_metadata };

	o->refused = 0;
	for (size_t i = 0; i < sizeof ask / sizeof *ask; i++)
		if (ask[i](o, e) < 0)
			return -1;
	return o->refused == 0;
}

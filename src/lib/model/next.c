#include "model/next.h"
#include "format/keys.h"
#include "model/update.h"

#define WEIGHT_LIMIT ((uint64_t)1 << 62)

/* 1 if the record says that its noise is central, which only noised records do. */
static int
is_central(const struct flp_header *h)
{
	return h->privacy == FLP_PRIVACY_NOISED && flp_meta_is(&h->meta, "place", "central");
}

int
flp_next_central(const struct flp_header *update, double denominator, struct flp_error *e)
{
	if (!is_central(update))
		return 0;
	if (update->kind != FLP_KIND_SUM)
		return flp_error_bad(e, "expected a sum, since the noise is central, found %s",
		    flp_kind_name(update->kind));
	return denominator > 0 ? 0 : flp_error_bad(e, "expected --denominator for a sum with "
	    "central noise, which does not say how many clients it is of");
}

int
flp_next_divisor(double *divisor, const struct flp_header *update, double denominator,
    struct flp_error *e)
{
	uint64_t weight;
	int has;

	*divisor = update->kind == FLP_KIND_SUM ? denominator : 1;
	if (update->kind != FLP_KIND_SUM)
		return denominator == 0 ? 0 : flp_error_bad(e, "expected a sum under --denominator, "
		    "found %s: a mean is divided already", flp_kind_name(update->kind));
	if (denominator > 0)
		return 0;
	if ((has = flp_meta_u64(&update->meta, "weight", 0, WEIGHT_LIMIT, &weight, e)) < 0)
		return -1;
	if (has == 0)
		return flp_error_bad(e, "metadata: weight: expected in the header of a sum, found "
		    "nothing (see --denominator)");
	if (weight == 0)
		return flp_error_bad(e, "metadata: weight: expected at least 1, found 0, a sum of "
		    "nothing (see --denominator)");
	*divisor = (double)weight;
	return 0;
}

static int
set_release(struct flp_meta *meta, const struct flp_header *update,
    const struct flp_digest *release, struct flp_error *e)
{
	char text[FLP_DIGEST_TEXT];

	flp_meta_drop(meta, "release");
	if (!is_central(update))
		return 0;
	if (release == NULL)
		return flp_error_misuse(e, "the digest of a noised sum was not computed");
	flp_digest_text(release, text);
	return flp_meta_set_text(meta, "release", text, e);
}

/* Sets the keys that an accountant reads in a noised model. */
static int
set_ledger(struct flp_meta *meta, const struct flp_header *model, const struct flp_header *update,
    const struct flp_digest *release, struct flp_error *e)
{
	size_t n;
	const char *insecure = flp_meta_get(&model->meta, "insecure", &n);

	if (update->privacy != FLP_PRIVACY_NOISED)
		return flp_meta_copy_keys(meta, &model->meta, FLP_KEY_LEDGER, e);
	if (flp_meta_copy_keys(meta, &update->meta, FLP_KEY_LEDGER, e) < 0 ||
	    (insecure != NULL && flp_meta_set(meta, "insecure", insecure, n, e) < 0))
		return -1;
	return set_release(meta, update, release, e);
}

int
flp_next_header(struct flp_header *next, const struct flp_header *model,
    const struct flp_digest *base, const struct flp_header *update,
    const struct flp_digest *release, struct flp_error *e)
{
	uint64_t round = 0;

	if (flp_update_params(next, model, base, e) < 0)
		return -1;
	if (flp_privacy_join(&next->privacy, model->privacy, update->privacy, e) == 0 &&
	    flp_meta_u64(&next->meta, "round", 0, UINT32_MAX - 1, &round, e) >= 0 &&
	    flp_meta_set_u64(&next->meta, "round", round + 1, e) == 0 &&
	    (next->privacy != FLP_PRIVACY_NOISED ||
	    set_ledger(&next->meta, model, update, release, e) == 0))
		return 0;
	flp_header_free(next);
	return -1;
}

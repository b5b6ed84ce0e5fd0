#include "privacy/adapt.h"

#include <string.h>

#define VOTES_MOST ((int64_t)1 << 53) /* of 2^33 clients */

/* The votes of an update, or of a sum. */
static struct flp_tensor
votes(enum flp_dtype dtype)
{
	return (struct flp_tensor){ .name = (char *)FLP_ADAPT_TENSOR, .dtype = dtype, .rank = 1,
		.dims = { 1 }, .count = 1 };
}

/* Adds the vote to an update. */
static int
edit_update(struct flp_header *h, struct flp_error *e)
{
	const struct flp_tensor vote = votes(FLP_DTYPE_I32);

	if (h->privacy == FLP_PRIVACY_CLIPPED)
		return flp_error_bad(e, "expected an update that is not clipped yet (--adapt), found one "
		    "that is");
	return flp_header_add(h, vote.name, vote.dtype, vote.rank, vote.dims, e);
}

static int
check_base(const struct flp_adapt *a, const struct flp_header *h, struct flp_error *e)
{
	size_t n;

	if (flp_meta_get(&h->meta, "base", &n) == NULL ||
	    flp_meta_expect(&h->meta, "base", a->base, strlen(a->base), e) == 0)
		return 0;
	return flp_error_add(e, "see --adapt");
}

/* Takes the votes out of a sum. A sum of no clients needs none, since an error would reveal that
 * nobody took part. */
static int
edit_sum(struct flp_header *h, long at, struct flp_error *e)
{
	const struct flp_tensor want = votes(FLP_DTYPE_I64);

	if (at < 0)
		return h->privacy == FLP_PRIVACY_PUBLIC ? 0 : flp_error_bad(e, "tensor %s: expected in a "
		    "sum of clipped updates (--adapt), found none", FLP_ADAPT_TENSOR);
	if (flp_tensor_same(&want, &h->tensor[at], e) < 0)
		return -1;
	flp_header_remove(h, (size_t)at);
	return 0;
}

int
flp_adapt_edit(struct flp_adapt *a, struct flp_header *h, struct flp_error *e)
{
	long at = flp_header_find(h, FLP_ADAPT_TENSOR);

	a->sum = a->below = 0;
	if (at >= 0 && h->kind != FLP_KIND_SUM)
		return flp_error_bad(e, "tensor %s: expected none before clipping, which adds it under "
		    "--adapt", FLP_ADAPT_TENSOR);
	if (at >= 0 && !a->on)
		return flp_error_bad(e, "tensor %s: expected --adapt, since it must not leave without "
		    "noise", FLP_ADAPT_TENSOR);
	if (!a->on)
		return 0;
	if (check_base(a, h, e) < 0)
		return -1;
	return h->kind == FLP_KIND_SUM ? edit_sum(h, at, e) : edit_update(h, e);
}

int
flp_adapt_takes(const struct flp_adapt *a, const struct flp_blocks *b)
{
	return a->on && b->header->kind == FLP_KIND_SUM &&
	    strcmp(b->header->tensor[b->tensor].name, FLP_ADAPT_TENSOR) == 0;
}

int
flp_adapt_look(struct flp_adapt *a, const struct flp_blocks *b, struct flp_error *e)
{
	memcpy(&a->sum, b->raw, sizeof a->sum);
	if (a->sum % FLP_ADAPT_VOTE == 0 && a->sum <= VOTES_MOST && a->sum >= -VOTES_MOST)
		return 0;
	return flp_error_bad(e, "tensor %s: expected a sum of votes, each of 2^20 or -2^20",
	    FLP_ADAPT_TENSOR);
}

int32_t
flp_adapt_vote(const struct flp_adapt *a)
{
	return a->below ? FLP_ADAPT_VOTE : -FLP_ADAPT_VOTE;
}

#include "base/memory.h"
#include "base/number.h"
#include "privacy/clip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* floor((clip / g)^2), or floor(clip / g) under L1, from the 53 bits of clip. */
static uint64_t
most_of(double clip, int exponent, int l1)
{
	int own = ilogb(clip), shift = 52 - (own - exponent); /* clip / g = mantissa / 2^shift */
	uint64_t mantissa = (uint64_t)ldexp(clip, 52 - own);
	unsigned __int128 square = (unsigned __int128)mantissa * mantissa;

	if (l1)
		return shift > 63 ? 0 : mantissa >> shift;
	return shift > 63 ? 0 : (uint64_t)(square >> 2 * shift);
}

static int
begin_lattice(struct flp_clip *c, double clip, unsigned grid, struct flp_error *e)
{
	if (flp_lattice_init(&c->lattice, clip, grid, e) == 0)
		return 0;
	e->code = FLP_ERROR_USAGE;
	return -1;
}

int
flp_clip_init(struct flp_clip *c, double clip, unsigned grid, int l1, struct flp_error *e)
{
	memset(c, 0, sizeof *c);
	if (begin_lattice(c, clip, grid, e) < 0)
		return -1;
	c->l1 = l1;
	c->groups = 1;
	c->group[0].clip = clip;
	c->group[0].most = most_of(clip, c->lattice.exponent, l1);
	return 0;
}

static int
add_group(struct flp_clip *c, const char *text, size_t n, struct flp_error *e)
{
	const char *is = memrchr(text, '=', n);
	struct flp_clip_group *group = &c->group[c->groups];

	if (c->groups == FLP_CLIP_GROUPS)
		return flp_error_usage(e, "expected at most %d groups", FLP_CLIP_GROUPS);
	if (is == NULL || is == text || flp_number_f64(is + 1, n - (size_t)(is + 1 - text),
	    &group->clip) < 0 || !(group->clip >= FLP_LATTICE_CLIP_LEAST) ||
	    !(group->clip <= FLP_LATTICE_CLIP_MOST))
		return flp_error_usage(e, "expected PATTERN=NORM with a norm of %g to %g, found \"%.*s\"",
		    FLP_LATTICE_CLIP_LEAST, FLP_LATTICE_CLIP_MOST, (int)(n < 80 ? n : 80), text);
	group->pattern = flp_memory_text(text, (size_t)(is - text), e);
	c->groups += group->pattern != NULL;
	return group->pattern != NULL ? 0 : -1;
}

/* Makes C the least number whose square, in steps, is at least the sum over all groups. */
static int
join_groups(struct flp_clip *c, unsigned grid, struct flp_error *e)
{
	double squares = 0, clip;
	uint64_t most;

	for (size_t i = 0; i < c->groups; i++)
		squares += c->group[i].clip * c->group[i].clip;
	for (clip = sqrt(squares);; clip = nextafter(clip, INFINITY)) {
		if (begin_lattice(c, clip, grid, e) < 0)
			return -1;
		most = 0;
		for (size_t i = 0; i < c->groups; i++)
			most += c->group[i].most = most_of(c->group[i].clip, c->lattice.exponent, 0);
		if (most <= c->lattice.most)
			return 0;
	}
}

int
flp_clip_init_by(struct flp_clip *c, const char *text, unsigned grid, struct flp_error *e)
{
	size_t n;

	memset(c, 0, sizeof *c);
	do {
		n = strcspn(text, ",");
		if (add_group(c, text, n, e) < 0)
			goto fail;
		text += n;
	} while (*text++ == ',');
	if (join_groups(c, grid, e) == 0)
		return 0;
fail:
	flp_clip_free(c);
	return -1;
}

void
flp_clip_free(struct flp_clip *c)
{
	for (size_t i = 0; i < c->groups; i++)
		free(c->group[i].pattern);
	free(c->group_of);
	memset(c, 0, sizeof *c);
}

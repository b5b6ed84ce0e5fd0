#include "base/memory.h"
#include "base/number.h"
#include "privacy/clip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
	c->group[0].most = l1 ? (uint64_t)(clip / c->lattice.step) : c->lattice.most;
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
			most += c->group[i].most = flp_lattice_most(&c->lattice, c->group[i].clip);
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

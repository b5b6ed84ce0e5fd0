#include "privacy/clip.h"
#include "base/memory.h"
#include "kernel/quantise.h"

#include <fnmatch.h>
#include <math.h>

#define TRIES 20 /* of lower factors; the last factor is 0 */

static int
find_group(const struct flp_clip *c, const char *name, unsigned char *found, struct flp_error *e)
{
	size_t in = c->groups;

	for (size_t i = 0; i < c->groups; i++)
		if (c->group[i].pattern == NULL || fnmatch(c->group[i].pattern, name, 0) == 0) {
			if (in < c->groups)
				return flp_error_bad(e, "tensor %s: expected in one group of --clip-by, found "
				    "in %s and %s", name, c->group[in].pattern, c->group[i].pattern);
			in = i;
		}
	if (in == c->groups)
		return flp_error_bad(e, "tensor %s: expected in a group of --clip-by, found in none",
		    name);
	*found = (unsigned char)in;
	return 0;
}

/* How far rounding may move a group's values. */
static double
margin(const struct flp_clip *c, const struct flp_clip_group *group)
{
	return c->l1 ? 0 : c->lattice.step * sqrt((double)group->n) / 2;
}

static int
check_margins(const struct flp_clip *c, struct flp_error *e)
{
	for (size_t i = 0; i < c->groups; i++)
		if (margin(c, &c->group[i]) >= c->group[i].clip / 10)
			return flp_error_bad(e, "grid %u: too coarse to clip %llu values to %g",
			    c->lattice.grid, (unsigned long long)c->group[i].n, c->group[i].clip);
	return 0;
}

/* Sets the sums of the groups' steps to 0 and, unless the norms are known, those of the norms
 * too. */
static void
begin_look(struct flp_clip *c)
{
	for (size_t i = 0; i < c->groups; i++) {
		c->group[i].size = 0;
		if (!c->measured) {
			c->group[i].norm = (struct flp_norm){ { 0 } };
			c->group[i].magnitudes = 0;
		}
	}
}

static void
begin_group(const struct flp_clip *c, struct flp_clip_group *group)
{
	group->before = 1;
	group->factor = ldexp(1, -c->lattice.exponent);
}

int
flp_clip_begin(struct flp_clip *c, const struct flp_header *h, int clipped, struct flp_error *e)
{
	if (flp_memory_grow(&c->group_of, &c->room, h->tensors, 1, e) < 0)
		return -1;
	c->clipped = clipped;
	c->measured = 0;
	c->tries = 0;
	for (size_t i = 0; i < c->groups; i++)
		c->group[i].n = 0;
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		if (!flp_dtype_is_float(t->dtype))
			continue;
		if (flp_tensor_describes(t))
			return flp_error_bad(e, "tensor %s: a description has no norm", t->name);
		if (find_group(c, t->name, &c->group_of[i], e) < 0)
			return -1;
		c->group[c->group_of[i]].n += t->count;
	}
	for (size_t i = 0; i < c->groups; i++)
		begin_group(c, &c->group[i]);
	begin_look(c);
	return check_margins(c, e);
}

static int
look_at_integers(struct flp_blocks *b, struct flp_error *e)
{
	const struct flp_tensor *t = &b->header->tensor[b->tensor];
	size_t bytes = b->n * flp_dtype_size(t->dtype);

	for (size_t i = 0; i < bytes; i++)
		if (b->raw[i] != 0)
			return flp_error_bad(e, "tensor %s: value %llu: expected 0, since %s has no norm",
			    t->name, (unsigned long long)(b->at + i / flp_dtype_size(t->dtype)),
			    flp_dtype_name(t->dtype));
	return 0;
}

static void
add_norm(const struct flp_clip *c, struct flp_clip_group *group, uint64_t at,
    const double *value, size_t n)
{
	if (!c->l1) {
		flp_norm_add(&group->norm, at, value, FLP_DTYPE_F64, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		group->magnitudes += fabs(value[i]);
}

/* The values times `before`. They are put in `room` if `before` is not 1. */
static const double *
scaled(const struct flp_clip_group *group, const double *value, size_t n, double *room)
{
	if (group->before == 1)
		return value;
	for (size_t i = 0; i < n; i++)
		room[i] = value[i] * group->before;
	return room;
}

static void
steps_of(const struct flp_clip *c, const struct flp_clip_group *group, const double *value,
    size_t n, double *steps)
{
	(c->l1 ? flp_quantise_down : flp_quantise_nearest)(value, group->factor, n, steps);
}

/* Before the norms are known, the steps are those of the values without scaling, so that a record
 * whose norm is small need be looked at only once. */
static void
look_at(const struct flp_clip *c, struct flp_clip_group *group, struct flp_blocks *b,
    double *steps)
{
	const double *value = scaled(group, flp_blocks_f64(b), b->n, steps);

	if (!c->measured)
		add_norm(c, group, b->at, value, b->n);
	steps_of(c, group, value, b->n, steps);
}

int
flp_clip_look(struct flp_clip *c, struct flp_blocks *b, struct flp_error *e)
{
	const struct flp_tensor *t = &b->header->tensor[b->tensor];
	struct flp_clip_group *group;
	double steps[FLP_BLOCKS_N];
	size_t where;

	if (!flp_dtype_is_float(t->dtype))
		return look_at_integers(b, e);
	group = &c->group[c->group_of[b->tensor]];
	if (!c->clipped) {
		look_at(c, group, b, steps);
	} else if ((where = flp_quantise_exact(flp_blocks_f64(b), c->lattice.step, b->n,
	    steps)) < b->n) {
		return flp_error_bad(e, "tensor %s: value %llu: expected a multiple of the step 2^%d "
		    "(clip, grid)", t->name, (unsigned long long)(b->at + where),
		    c->lattice.exponent);
	}
	(c->l1 ? flp_quantise_sizes : flp_quantise_squares)(steps, b->n, &group->size);
	return 0;
}

static double
norm_of(const struct flp_clip *c, const struct flp_clip_group *group)
{
	return c->l1 ? group->magnitudes : flp_norm_value(&group->norm);
}

/* Returns 1 if a norm overflowed, so that smaller values must be measured. */
static int
overflowed(struct flp_clip *c)
{
	int any = 0;

	for (size_t i = 0; i < c->groups; i++)
		if (isinf(norm_of(c, &c->group[i]))) {
			c->group[i].before = 0x1p-600;
			c->group[i].factor = 1;
			any = 1;
		}
	return any;
}

/* Chooses the factors. Returns 1 if a group is scaled, so that its steps must be added up
 * again. */
static int
choose_factors(struct flp_clip *c)
{
	int scaled = 0;

	for (size_t i = 0; i < c->groups; i++) {
		struct flp_clip_group *group = &c->group[i];
		double norm = norm_of(c, group), most = group->clip - margin(c, group);

		if (group->before != 1 || !(norm <= most)) {
			group->factor = most / c->lattice.step / norm;
			scaled = 1;
		}
	}
	return scaled;
}

/* Returns 1 if the rounding of doubles made a norm greater than its bound. The factor of its
 * group is lowered, by 2^-40 of itself at first and in the last try to 0. */
static int
lower_factors(struct flp_clip *c)
{
	int lowered = 0;

	for (size_t i = 0; i < c->groups; i++)
		if (c->group[i].size > c->group[i].most) {
			c->group[i].factor *= 1 - ldexp(1, 2 * ((int)c->tries - TRIES));
			lowered = 1;
		}
	c->tries += (unsigned)lowered;
	return lowered;
}

static int
check_clipped(const struct flp_clip *c, struct flp_error *e)
{
	for (size_t i = 0; i < c->groups; i++)
		if (c->group[i].size > c->group[i].most)
			return flp_error_bad(e, "expected a norm of at most %g (clip)%s%s",
			    c->group[i].clip, c->group[i].pattern != NULL ? ", of tensors " : "",
			    c->group[i].pattern != NULL ? c->group[i].pattern : "");
	return 0;
}

int
flp_clip_looked(struct flp_clip *c, struct flp_error *e)
{
	int again = 0;

	if (c->clipped)
		return check_clipped(c, e);
	if (!c->measured && !(again = overflowed(c))) {
		c->measured = 1;
		again = choose_factors(c);
	}
	if (again || lower_factors(c)) {
		begin_look(c);
		return 1;
	}
	return 0;
}

int
flp_clip_below(const struct flp_clip *c)
{
	for (size_t i = 0; i < c->groups; i++)
		if (c->group[i].before != 1 || !(norm_of(c, &c->group[i]) <= c->group[i].clip))
			return 0;
	return 1;
}

void
flp_clip_steps(const struct flp_clip *c, struct flp_blocks *b, double *steps)
{
	const struct flp_clip_group *group = &c->group[c->group_of[b->tensor]];

	steps_of(c, group, scaled(group, flp_blocks_f64(b), b->n, steps), b->n, steps);
}

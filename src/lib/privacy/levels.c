#include "privacy/levels.h"

static int
check_most(const struct flp_site *site, const struct flp_column *c, struct flp_error *e)
{
	if (!site->max_levels.set || (double)c->levels.n <= site->max_levels.number)
		return 0;
	return flp_site_refuse(site, &site->max_levels, e, "expected at most %.0f levels, found more",
	    site->max_levels.number);
}

static int
check_rows(const struct flp_site *site, const struct flp_column *c, struct flp_error *e)
{
	if (!site->min_count.set || c->levels.n == 0 ||
	    (double)flp_schema_fewest(c) >= site->min_count.number)
		return 0;
	return flp_site_refuse(site, &site->min_count, e, "expected every level in at least %.0f "
	    "rows, found one in fewer", site->min_count.number);
}

/* A column is an identifier if it has as many levels as rows. */
static int
is_identifier(const struct flp_column *c)
{
	uint64_t rows = 0;

	for (size_t i = 0; i < c->levels.n && i < c->rows_room; i++)
		rows += c->rows[i];
	return rows > 0 && rows == c->levels.n;
}

static int
check_column(const struct flp_site *site, const struct flp_column *c, int feature, int given,
    struct flp_error *e)
{
	if (c->name == NULL || c->kind != FLP_COLUMN_LEVEL)
		return 0;
	if (feature && !given && is_identifier(c)) {
		flp_site_forbid(site, e, "expected a feature with fewer levels than rows, found an "
		    "identifier");
		return flp_error_at(e, "column %s", c->name);
	}
	if (check_most(site, c, e) < 0 || (!given && check_rows(site, c, e) < 0))
		return flp_error_at(e, "column %s", c->name);
	return 0;
}

int
flp_levels_check(const struct flp_site *site, const struct flp_schema *schema, int given,
    int groups, struct flp_error *e)
{
	const struct flp_column *group = &schema->group;

	if (!flp_site_ruled(site))
		return 0;
	for (size_t i = 0; i < schema->columns; i++)
		if (check_column(site, &schema->x[i], 1, given, e) < 0)
			return -1;
	if (check_column(site, &schema->y, 0, given, e) < 0)
		return -1;
	if (group->name != NULL && groups && !given && check_rows(site, group, e) < 0)
		return flp_error_at(e, "column %s", group->name);
	return 0;
}

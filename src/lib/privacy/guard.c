#include "privacy/guard.h"
#include "privacy/spending.h"

#include <math.h>
#include <string.h>

int
flp_guard_holds(const struct flp_guard *g)
{
	return g->ledger != NULL;
}

int
flp_guard_begin(struct flp_guard *g, struct flp_out *to, struct flp_error *e)
{
	const struct flp_site_limit *ledger = &g->site->ledger;

	g->to = to;
	g->held.fd = -1;
	if (ledger->set && g->ledger != NULL && strcmp(g->ledger, ledger->text) != 0 &&
	    !flp_in_same(g->ledger, ledger->text)) {
		flp_site_refuse(g->site, ledger, e, "expected that ledger, found --ledger %s",
		    g->ledger);
		e->code = FLP_ERROR_USAGE;
		return -1;
	}
	if (ledger->set)
		g->ledger = ledger->text;
	if (g->delta > 0 && g->ledger == NULL)
		return flp_error_usage(e, "option --max-epsilon: needs --ledger");
	return flp_guard_holds(g) ? flp_out_temporary(&g->held, e) : 0;
}

void
flp_guard_end(struct flp_guard *g)
{
	flp_out_discard(&g->held);
}

/* A draw of a cohort may have one release: a second one would be a second mechanism. */
static int
check_cohort(const struct flp_log *l, const struct flp_meta *release, struct flp_error *e)
{
	size_t n;
	const char *cohort = flp_meta_get(release, "cohort", &n);

	if (cohort == NULL || flp_log_find(l, "cohort", cohort, n) == NULL)
		return 0;
	flp_error_bad(e, "cohort %.*s: it has been released already; draw another",
	    (int)(n < 80 ? n : 80), cohort);
	return flp_error_at(e, "%s", l->file.path);
}

/* The epsilon of the ledger and this release together. */
static int
find_epsilon(const struct flp_log *l, const struct flp_meta *release, double delta,
    double *epsilon, struct flp_error *e)
{
	struct flp_plan plan = { .delta = delta, .unknown = 'e' };
	struct flp_spending s = { 0 };
	struct flp_cost cost = { 0 };
	int status = -1;

	if (flp_spending_add(&s, release, e) == 0 && flp_spending_ledger(&s, l, e) == 0)
		status = flp_spending_solve(&s, &plan, 0, &cost, e);
	if (status == 0)
		*epsilon = cost.epsilon;
	flp_spending_free(&s);
	return status;
}

static int
check_epsilon(const struct flp_guard *g, const struct flp_log *l,
    const struct flp_meta *release, struct flp_error *e)
{
	const struct flp_site_limit *limit = &g->site->max_epsilon;
	double epsilon = INFINITY, delta = g->site->delta.number;

	if (g->delta > 0) {
		if (find_epsilon(l, release, g->delta, &epsilon, e) < 0)
			return -1;
		if (!(epsilon <= g->epsilon))
			return flp_error_bad(e, "--max-epsilon %g: with this release the ledger %s would "
			    "cost %.6g at delta %g", g->epsilon, g->ledger, epsilon, g->delta);
	}
	if (limit->set) {
		if (find_epsilon(l, release, delta, &epsilon, e) < 0)
			return -1;
		if (!(epsilon <= limit->number))
			return flp_site_refuse(g->site, limit, e, "with this release the ledger %s would "
			    "cost %.6g at delta %g", g->ledger, epsilon, delta);
	}
	return 0;
}

static int
check_limits(const struct flp_guard *g, const struct flp_log *l,
    const struct flp_meta *release, struct flp_error *e)
{
	const struct flp_site_limit *rounds = &g->site->max_rounds;

	if (check_cohort(l, release, e) < 0)
		return -1;
	if (rounds->set && !((double)l->lines + 1 <= rounds->number))
		return flp_site_refuse(g->site, rounds, e, "the ledger %s already has that many "
		    "releases", g->ledger);
	return check_epsilon(g, l, release, e);
}

/* Sends what is held, and begins to hold the next release. */
static int
send(struct flp_guard *g, struct flp_error *e)
{
	const unsigned char *data;
	struct flp_in in;
	int status = -1;
	size_t n;

	if (flp_in_temporary(&in, &g->held, e) < 0)
		return -1;
	while ((status = flp_in_buffered(&in, &data, &n, e)) == 0 && n > 0)
		if ((status = flp_out_write(g->to, data, n, e)) < 0)
			break;
	flp_in_close(&in);
	return status < 0 ? -1 : flp_out_temporary(&g->held, e);
}

int
flp_guard_pass(struct flp_guard *g, const struct flp_header *release,
    const struct flp_digest *digest, struct flp_error *e)
{
	struct flp_log ledger;
	int status = -1;

	if (flp_ledger_open(&ledger, g->ledger, 1, e) < 0)
		return -1;
	if (check_limits(g, &ledger, &release->meta, e) == 0)
		status = flp_ledger_add(&ledger, &release->meta, digest, e);
	flp_log_close(&ledger);
	return status < 0 ? -1 : send(g, e);
}

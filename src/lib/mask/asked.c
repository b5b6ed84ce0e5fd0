#include "mask/asked.h"
#include "mask/silo.h"
#include "mask/terms.h"

/* A policy that has only this one of the lines about masked sums. */
static struct flp_site
only(const struct flp_site *site, const struct flp_site_limit *limit)
{
	struct flp_site one = *site;

	one.min_clients.set = limit == &site->min_clients;
	one.min_threshold.set = limit == &site->min_threshold;
	one.min_bits.set = limit == &site->min_bits;
	one.roster.set = 0;
	one.authority.set = limit == &site->authority;
	return one;
}

/* The masks of silo mode always have the same security. */
static int
ask_bits(const struct flp_site *site, struct flp_error *e)
{
	const struct flp_site one = only(site, &site->min_bits);

	return flp_site_masked(&one, 0, 0, FLP_SILO_BITS, e);
}

/* In silo mode all members take part, and all are needed to open the sum. */
static int
ask_members(const struct flp_roster *roster, int fleet, const struct flp_site *site,
    const struct flp_site_limit *limit, struct flp_error *e)
{
	const struct flp_site one = only(site, limit);
	const struct flp_terms terms = { roster->n, roster->n, FLP_SILO_BITS,
		{ .roster = roster } };

	return fleet && limit != &site->authority ? 1 : flp_terms_check(&terms, &one, e);
}

int
flp_asked_masked(const struct flp_header *h, const struct flp_site *site,
    const struct flp_site_limit *limit, struct flp_error *e)
{
	size_t n;
	int fleet = flp_meta_get(&h->meta, "graph", &n) != NULL, status;
	struct flp_roster pinned;

	if (limit == &site->min_bits)
		return fleet ? 1 : ask_bits(site, e);
	if (!site->roster.set || flp_meta_get(&h->meta, "roster", &n) == NULL)
		return 1;
	if (flp_terms_roster(&pinned, site, e) < 0)
		return -1;
	if (!flp_meta_is(&h->meta, "roster", pinned.digest_text))
		status = limit != &site->roster ? 1 : flp_site_refuse(site, limit, e, "expected that "
		    "roster, found another");
	else
		status = limit == &site->roster ? 0 : ask_members(&pinned, fleet, site, limit, e);
	flp_roster_free(&pinned);
	return status;
}

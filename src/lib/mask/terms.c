#include "mask/terms.h"
#include "base/file.h"

#include <string.h>

static int
no_file(const struct flp_site *site, const struct flp_site_limit *limit, struct flp_error *e)
{
	return flp_site_refuse(site, limit, e, "expected a file of that name, found none");
}

int
flp_terms_roster(struct flp_roster *pinned, const struct flp_site *site, struct flp_error *e)
{
	if (!flp_file_exists(site->roster.text))
		return no_file(site, &site->roster, e);
	return flp_roster_load(pinned, site->roster.text, NULL, e) < 0 ?
	    flp_site_at(site, &site->roster, e) : 0;
}

/* Checks that the roster is the one in the policy's file. */
static int
check_roster(const struct flp_roster *roster, const struct flp_site *site, struct flp_error *e)
{
	struct flp_roster pinned;
	int same;

	if (!site->roster.set)
		return 0;
	if (roster == NULL)
		return flp_site_refuse(site, &site->roster, e, "expected that roster, found none");
	if (flp_terms_roster(&pinned, site, e) < 0)
		return -1;
	same = memcmp(&pinned.digest, &roster->digest, sizeof pinned.digest) == 0;
	flp_roster_free(&pinned);
	return same ? 0 : flp_site_refuse(site, &site->roster, e, "expected that roster, found "
	    "another");
}

/* Checks that the policy's authority has signed all clients. */
static int
check_authority(const struct flp_trust *trust, const struct flp_site *site, struct flp_error *e)
{
	struct flp_identity_public wanted;
	struct flp_error why;

	if (!site->authority.set)
		return 0;
	if (!flp_file_exists(site->authority.text))
		return no_file(site, &site->authority, e);
	if (flp_identity_public_load(&wanted, site->authority.text, e) < 0)
		return flp_site_at(site, &site->authority, e);
	if (trust->roster == NULL)
		return memcmp(wanted.sign, trust->authority, sizeof wanted.sign) == 0 ? 0 :
		    flp_site_refuse(site, &site->authority, e, "expected that authority, found another");
	if (trust->roster->certificate == NULL)
		return flp_site_refuse(site, &site->authority, e, "expected a roster that it signed, found "
		    "one without certificates");
	return flp_roster_signed(trust->roster, wanted.sign, &why) == 0 ? 0 :
	    flp_site_refuse(site, &site->authority, e, "%s", why.text);
}

int
flp_terms_check(const struct flp_terms *terms, const struct flp_site *site, struct flp_error *e)
{
	if (flp_site_masked(site, terms->clients, terms->threshold, terms->bits, e) < 0 ||
	    check_roster(terms->trust.roster, site, e) < 0)
		return -1;
	return check_authority(&terms->trust, site, e);
}

#include "mask/terms.h"

#include <string.h>

/* Whether the roster is the one in the policy's file. */
static int
check_roster(const struct flp_roster *roster, const struct flp_site *site, struct flp_error *e)
{
	struct flp_roster pinned;
	int same;

	if (!site->roster.set)
		return 0;
	if (roster == NULL)
		return flp_site_refuse(site, &site->roster, e, "expected that roster, found none");
	if (flp_roster_load(&pinned, site->roster.text, NULL, e) < 0)
		return -1;
	same = memcmp(&pinned.digest, &roster->digest, sizeof pinned.digest) == 0;
	flp_roster_free(&pinned);
	return same ? 0 : flp_site_refuse(site, &site->roster, e, "expected that roster, found "
	    "another");
}

/* Whether the policy's authority vouches for all clients. */
static int
check_authority(const struct flp_trust *trust, const struct flp_site *site, struct flp_error *e)
{
	struct flp_identity_public wanted;
	struct flp_error why;

	if (!site->authority.set)
		return 0;
	if (flp_identity_public_load(&wanted, site->authority.text, e) < 0)
		return -1;
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

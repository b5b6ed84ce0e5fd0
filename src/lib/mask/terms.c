#include "mask/terms.h"
#include "base/file.h"
#include "loop/inputs.h"

#include <stdio.h>
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
	if (flp_terms_roster(&pinned, site, e) < 0)
		return -1;
	same = memcmp(&pinned.digest, &roster->digest, sizeof pinned.digest) == 0;
	flp_roster_free(&pinned);
	return same ? 0 : flp_site_refuse(site, &site->roster, e, "expected that roster, found "
	    "another");
}

int
flp_terms_authority(const struct flp_site *site, unsigned char sign[32], int *has,
    struct flp_error *e)
{
	struct flp_identity_public public;
	struct flp_record record;
	int status;

	*has = site->authority.set;
	if (!*has)
		return 0;
	if (!flp_file_exists(site->authority.text))
		return no_file(site, &site->authority, e);
	if (flp_inputs_load(&record, NULL, site->authority.text, FLP_KIND_KEY, e) < 0)
		return flp_site_at(site, &site->authority, e);
	if ((status = flp_identity_public(&public, &record, e)) < 0)
		flp_site_at(site, &site->authority, e);
	else
		memcpy(sign, public.sign, sizeof public.sign);
	flp_record_free(&record);
	return status;
}

/* Whether the policy's authority signed each member of the roster. */
static int
check_authority(const struct flp_roster *roster, const struct flp_site *site,
    struct flp_error *e)
{
	struct flp_identity_public member;
	unsigned char authority[32];
	struct flp_error why;
	int has;

	if (flp_terms_authority(site, authority, &has, e) < 0)
		return -1;
	if (!has || roster == NULL)
		return 0;
	if (roster->certificate == NULL)
		return flp_site_refuse(site, &site->authority, e, "expected a roster that it signed, found "
		    "one without certificates");
	for (size_t i = 0; i < roster->n; i++) {
		snprintf(member.name, sizeof member.name, "%s", flp_texts_get(&roster->clients, i));
		memcpy(member.sign, roster->sign[i], sizeof member.sign);
		memcpy(member.mask, roster->mask[i], sizeof member.mask);
		if (flp_roster_certified(roster->certificate[i], authority, roster->session, &member,
		    &why) < 0)
			return flp_site_refuse(site, &site->authority, e, "client %s: %s", member.name,
			    why.text);
	}
	return 0;
}

int
flp_terms_check(const struct flp_terms *terms, const struct flp_site *site, struct flp_error *e)
{
	if (flp_site_masked(site, terms->clients, terms->threshold, terms->bits, e) < 0 ||
	    check_roster(terms->roster, site, e) < 0)
		return -1;
	return check_authority(terms->roster, site, e);
}

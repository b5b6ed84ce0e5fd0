/* The policy of the site where a tool runs. */
#include "cli.h"

#include <stdlib.h>

void
cli_policy(struct flp_site *site, const char *path)
{
	const char *named = getenv("FL_POLICY");
	struct flp_error e;

	*site = (struct flp_site){ 0 };
	cli_check(flp_site_system(site, &e), &e, NULL);
	if (named != NULL && *named != '\0') {
		cli_input(named);
		cli_check(flp_site_take(site, named, &e), &e, "FL_POLICY");
	}
	if (path != NULL)
		cli_check(flp_site_take(site, path, &e), &e, NULL);
	cli_check(flp_site_settle(site, &e), &e, NULL);
}

/* Errors in what is wished of a table. */
#include "table-options.h"

void
table_options_check(int status, const struct flp_error *e)
{
	char text[sizeof e->text];

	if (status >= 0 || e->code != FLP_ERROR_USAGE)
		return;
	flp_error_public(e, text);
	cli_usage("option --%s", cli_verbose() ? e->text : text);
}

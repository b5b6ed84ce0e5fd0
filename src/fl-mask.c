/* fl-mask: secure aggregation, by which a server learns a sum of updates and nothing else.
 *
 * A tool of verbs, each in a file of src/fl-mask. All that travels between parties is records. */
#include "fl-mask/verbs.h"
#include "mask/hidden.h"

#include <errno.h>
#include <stdlib.h>

#define ROW(name) { &mask_##name##_tool, mask_##name },
static const struct cli_verb verbs[] = {
	MASK_VERBS(ROW)
	{ 0 },
};

int
main(int argc, char **argv)
{
	struct flp_error e;

	/* Before a key can be read; and what is left of it goes when the verb ends. */
	cli_begin("fl-mask");
	cli_check(flp_hidden_begin(&e), &e, NULL);
	cli_check(atexit(flp_hidden_tidy) == 0 ? 0 : flp_error_system(&e, ENOMEM, "start"), &e, NULL);
	return cli_verbs(argc, argv, "fl-mask",
	    "Sum updates that a server must not see, under masks that cancel.", verbs);
}

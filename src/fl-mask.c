/* fl-mask: secure aggregation, by which a server learns a sum of updates and nothing else.
 *
 * A tool of verbs, each in a file of src/fl-mask. All that travels between parties is records. */
#include "fl-mask/verbs.h"
#include "mask/hidden.h"

#define ROW(name) { &mask_##name##_tool, mask_##name },
static const struct cli_verb verbs[] = {
	MASK_VERBS(ROW)
	{ 0 },
};

int
main(int argc, char **argv)
{
	struct flp_error e;

	/* Before a key can be read. */
	cli_begin("fl-mask");
	cli_check(flp_hidden_begin(&e), &e, NULL);
	return cli_verbs(argc, argv, "fl-mask",
	    "Sum updates that a server may not see, under masks that cancel.", verbs);
}

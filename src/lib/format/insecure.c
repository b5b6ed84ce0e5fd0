#include "format/insecure.h"

int
flp_insecure_check(const struct flp_meta *meta, int allowed, struct flp_error *e)
{
	size_t n;
	const char *found = flp_meta_get(meta, "insecure", &n);

	return found == NULL || allowed ? 0 : flp_error_bad(e, "metadata: insecure: expected noise "
	    "that nobody can draw again, found %.*s (see --insecure)", (int)(n < 80 ? n : 80), found);
}

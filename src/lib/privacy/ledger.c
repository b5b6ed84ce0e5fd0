#include "privacy/ledger.h"
#include "format/keys.h"

#include <string.h>

int
flp_ledger_open(struct flp_log *l, const char *path, int write, struct flp_error *e)
{
	memset(l, 0, sizeof *l);
	if (*path == '\0' || strcmp(path, "-") == 0)
		return flp_error_usage(e, "ledger: expected the name of a file, found \"%s\" (a file of "
		    "that name is ./-)", path);
	return flp_log_open(l, path, "fl-ledger 1", write, e);
}

/* The keys of a release's line. */
static int
describe(struct flp_meta *keys, const struct flp_meta *release, const struct flp_digest *digest,
    struct flp_error *e)
{
	static const char *const origin[] = { "base", "round" };
	char text[FLP_DIGEST_TEXT];
	const char *value;
	size_t n;

	if (flp_meta_copy_keys(keys, release, FLP_KEY_LEDGER, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof origin / sizeof *origin; i++)
		if ((value = flp_meta_get(release, origin[i], &n)) != NULL &&
		    flp_meta_set(keys, origin[i], value, n, e) < 0)
			return -1;
	flp_digest_text(digest, text);
	return flp_meta_set_text(keys, "release", text, e);
}

int
flp_ledger_add(struct flp_log *l, const struct flp_meta *release,
    const struct flp_digest *digest, struct flp_error *e)
{
	struct flp_meta keys = { 0 };
	int status = -1;

	if (describe(&keys, release, digest, e) == 0)
		status = flp_log_add(l, &keys, e);
	flp_meta_free(&keys);
	return status;
}

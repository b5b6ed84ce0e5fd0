/* What verbs that take a secret key have in common. */
#include "base/passphrase.h"
#include "fl-mask/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int
ask(void *context, char *passphrase, struct flp_error *e)
{
	const struct mask_key *key = context;
	char prompt[512];

	if (key->passphrase != NULL)
		return flp_passphrase_file(passphrase, FLP_IDENTITY_PASSPHRASE, key->passphrase, e);
	snprintf(prompt, sizeof prompt, "passphrase of %.400s: ", key->path);
	if (flp_passphrase_ask(passphrase, FLP_IDENTITY_PASSPHRASE, prompt, e) == 0)
		return 0;
	return flp_error_add(e, "the key is sealed, and without a terminal --passphrase-file opens it");
}

int
mask_key_read(struct flp_identity *id, const struct mask_key *key, struct flp_error *e)
{
	struct mask_key copy = *key;
	const struct flp_identity_asker asker = { ask, &copy };

	return flp_identity_load(id, key->path, &asker, e);
}

void
mask_key_load(struct flp_identity *id, const struct mask_key *key)
{
	struct flp_error e;

	cli_check(mask_key_read(id, key, &e), &e, NULL);
}

char *
mask_state(const char *key)
{
	static const char end[] = ".key";
	size_t n = strlen(key), end_n = strlen(end);
	struct flp_error e;
	char *folder;

	if (n <= end_n || strcmp(key + n - end_n, end) != 0)
		cli_usage("option --key: expected a name that ends with .key, with .state beside it, found "
		    "\"%s\"", key);
	if (asprintf(&folder, "%.*s.state", (int)(n - end_n), key) < 0) {
		flp_error_system(&e, errno, "text");
		cli_fail(&e);
	}
	return folder;
}

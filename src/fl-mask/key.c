/* What verbs that take a secret key have in common. */
#include "base/passphrase.h"
#include "fl-mask/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asked {
	const struct mask_key *key;
	int sealed; /* the passphrase was asked for */
};

static int
ask(void *context, char *passphrase, struct flp_error *e)
{
	struct asked *asked = context;
	const struct mask_key *key = asked->key;
	char prompt[512];

	asked->sealed = 1;
	if (key->passphrase != NULL)
		return flp_passphrase_file(passphrase, FLP_IDENTITY_PASSPHRASE, key->passphrase, e);
	snprintf(prompt, sizeof prompt, "passphrase of %.400s: ", key->path);
	if (flp_passphrase_ask(passphrase, FLP_IDENTITY_PASSPHRASE, prompt, e) == 0)
		return 0;
	return flp_error_add(e, "the key is sealed, and without a terminal its passphrase must come "
	    "from a file: give --passphrase-file");
}

int
mask_key_read(struct flp_identity *id, const struct mask_key *key, struct flp_error *e)
{
	struct asked asked = { key, 0 };
	const struct flp_identity_asker asker = { ask, &asked };

	if (flp_identity_load(id, key->path, &asker, e) < 0)
		return -1;
	if (key->passphrase != NULL && !asked.sealed)
		cli_warn("%s: the key is not sealed, so the passphrase is not used", key->path);
	return 0;
}

void
mask_key_load(struct flp_identity *id, const struct mask_key *key)
{
	struct flp_error e;

	cli_check(mask_key_read(id, key, &e), &e, NULL);
}

static const char end[] = ".key";

void
mask_party_check(const char *key)
{
	size_t n = strlen(key);

	if (n <= strlen(end) || strcmp(key + n - strlen(end), end) != 0)
		cli_usage("option --key: expected a name that ends with .key, with .state beside it, found "
		    "\"%s\"", key);
}

/* The folder of the journal beside a key, to be freed. */
static char *
state_of(const char *key)
{
	struct flp_error e;
	char *folder;

	mask_party_check(key);
	if (asprintf(&folder, "%.*s.state", (int)(strlen(key) - strlen(end)), key) < 0) {
		flp_error_system(&e, errno, "text");
		cli_fail(&e);
	}
	return folder;
}

int
mask_party_open(struct mask_party *p, const struct mask_key *key, struct flp_error *e)
{
	char *folder = state_of(key->path);
	int status;

	*p = (struct mask_party){ 0 };
	if ((status = mask_key_read(&p->id, key, e)) == 0)
		status = flp_journal_open(&p->journal, folder, &p->id, e);
	if (status == 0 && p->journal.mended)
		cli_warn("%s: log: line %zu: expected a newline at its end, found none: nothing was "
		    "sent after it, so it was removed", folder, p->journal.log.lines + 2);
	free(folder);
	return status;
}

void
mask_party_close(struct mask_party *p)
{
	flp_journal_close(&p->journal);
	flp_identity_free(&p->id);
}

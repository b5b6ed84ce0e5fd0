/* fl-mask keygen: make the keys of a party, and the journal of what it will send.
 *
 * No file is replaced: without its key a journal is useless, and without its journal a key is
 * dangerous. */
#include "base/file.h"
#include "base/passphrase.h"
#include "fl-mask/verbs.h"
#include "mask/hidden.h"
#include "mask/journal.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
	const char *output, *name, *passphrase_file;
	int passphrase;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_PATH('o', "output", TO(output), "NAME", cli_required,
		"write NAME.key, NAME.pub and the folder NAME.state"),
	CLI_TEXT(0, "name", TO(name), "CLIENT", NULL,
		"the name of the party [the last part of NAME]"),
	CLI_FLAG(0, "passphrase", TO(passphrase), "seal NAME.key under a passphrase, asked for twice"),
	CLI_INPUT(0, "passphrase-file", TO(passphrase_file), "FILE", NULL,
		"seal NAME.key under the first line of FILE"),
	{ 0 },
};

const struct cli_tool mask_keygen_tool = { "fl-mask keygen",
	"Make the keys of a party and the journal of what it sends.", "", 0, 0, options };

/* The endings that are added to the name of --output. */
enum { KEY, PUB, STATE, ENDS };
static const struct {
	const char *end, *taken;
} file[ENDS] = {
	[KEY] = { ".key", "a key is never replaced, so choose another name" },
	[PUB] = { ".pub", "a key is never replaced, so choose another name" },
	[STATE] = { ".state", "this journal belongs to another key: choose another name or, if that "
		"key is gone, remove this folder" },
};

static char *
path_of(const char *output, int which)
{
	struct flp_error e;
	char *path;

	if (asprintf(&path, "%s%s", output, file[which].end) < 0) {
		flp_error_system(&e, errno, "text");
		cli_fail(&e);
	}
	if (flp_file_exists(path))
		cli_check(flp_error_bad(&e, "expected a new name, found one that is taken; %s",
		    file[which].taken), &e, path);
	return path;
}

static const char *
last_part(const char *output)
{
	const char *slash = strrchr(output, '/');

	return slash != NULL ? slash + 1 : output;
}

/* Checks that the argument of --output is a name without one of the endings. */
static void
check_output(const char *output)
{
	const char *last = last_part(output);

	if (*last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
		cli_usage("option --output: expected a name for the files, found %s",
		    *output == '\0' ? "none" : "a folder alone");
	for (int i = 0; i < ENDS; i++) {
		size_t n = strlen(last), end_n = strlen(file[i].end);

		if (n >= end_n && strcmp(last + n - end_n, file[i].end) == 0)
			cli_usage("option --output: expected a name without %s, which is added to it, found "
			    "\"%s\"", file[i].end, output);
	}
}

static void
ask_twice(char *passphrase, struct flp_error *e)
{
	char *again = flp_hidden_new(FLP_IDENTITY_PASSPHRASE, 1, e);
	int same;

	cli_check(again == NULL ? -1 : 0, e, NULL);
	cli_check(flp_passphrase_ask(passphrase, FLP_IDENTITY_PASSPHRASE, "new passphrase: ", e), e,
	    NULL);
	cli_check(flp_passphrase_ask(again, FLP_IDENTITY_PASSPHRASE, "the same again: ", e), e, NULL);
	same = sodium_memcmp(passphrase, again, FLP_IDENTITY_PASSPHRASE) == 0;
	flp_hidden_free(again);
	if (!same)
		cli_check(flp_error_bad(e, "expected the same passphrase twice, found two that differ"), e,
		    "/dev/tty");
}

/* Returns the passphrase, in hidden memory. An empty text means that there is none. */
static char *
read_passphrase(const struct options *o)
{
	struct flp_error e;
	char *passphrase = flp_hidden_new(FLP_IDENTITY_PASSPHRASE, 1, &e);

	cli_check(passphrase == NULL ? -1 : 0, &e, NULL);
	if (o->passphrase_file != NULL)
		cli_check(flp_passphrase_file(passphrase, FLP_IDENTITY_PASSPHRASE, o->passphrase_file,
		    &e), &e, NULL);
	else if (o->passphrase)
		ask_twice(passphrase, &e);
	return passphrase;
}

/* Makes the two files and the journal. The journal comes first, since the key must not be used
 * without it. If one can't be made, those before it are removed, since they are useless; but a file
 * that another process has made under the name of the last one is not removed. */
static int
make_files(const struct flp_identity *id, const char *passphrase, const char *state,
    const char *key, const char *public, struct flp_error *e)
{
	struct flp_error ignored;
	int made;

	if (flp_journal_make(state, id, e) < 0)
		return -1;
	made = flp_identity_save(id, key, passphrase, e) == 0;
	if (made && flp_identity_publish(id, public, e) == 0)
		return 0;
	if (made && e->code != FLP_ERROR_BAD)
		(void)!flp_file_remove(public, &ignored);
	if (made || e->code != FLP_ERROR_BAD)
		(void)!flp_file_remove(key, &ignored);
	flp_journal_unmake(state);
	return -1;
}

int
mask_keygen(int argc, char **argv)
{
	struct options o = { 0 };
	struct flp_identity id;
	struct flp_error e;
	char *key, *public, *state, *passphrase;
	int status;

	cli_start_names(argc, argv, &mask_keygen_tool, &o);
	cli_at_most_one(CLI_NAMES("passphrase", "passphrase-file"));
	check_output(o.output);
	key = path_of(o.output, KEY);
	public = path_of(o.output, PUB);
	state = path_of(o.output, STATE);
	passphrase = read_passphrase(&o);
	if ((status = flp_identity_make(&id, o.name != NULL ? o.name : last_part(o.output), &e)) == 0)
		status = make_files(&id, passphrase, state, key, public, &e);
	flp_hidden_free(passphrase);
	flp_identity_free(&id);
	cli_check(status, &e, NULL);
	free(key);
	free(public);
	free(state);
	return 0;
}

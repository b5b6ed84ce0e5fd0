/* fl-mask roster: make the list of a study's members from their public keys. */
#include "mask/roster.h"
#include "base/memory.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"
#include "mask/twice.h"

#include <stdlib.h>
#include <string.h>

struct options {
	const char *session;
	struct mask_key authority;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_TEXT(0, "session", TO(session), "TEXT", cli_required,
		"the name of the study, used by no other study of its members"),
	CLI_INPUT(0, "authority", TO(authority.path), "KEY", NULL,
		"sign each member with this secret key"),
	CLI_INPUT(0, "passphrase-file", TO(authority.passphrase), "FILE", NULL,
		"take the passphrase of the key from the first line of FILE, not from the terminal"),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_roster_tool = { "fl-mask roster",
	"Make the roster of a study from the public keys of its members.", "[PUB]...", 0, -1, options };

struct members {
	struct flp_identity_public *at;
	char **place; /* of each, the file that it was read from */
	size_t n, room, place_room;
};

static void
read_members(struct members *m, char **paths)
{
	struct flp_inputs in;
	struct flp_record record;
	struct flp_error e;
	int more;

	flp_inputs_init(&in, paths);
	in.some = 1;
	while ((more = flp_inputs_record(&in, &record, &e)) > 0) {
		cli_check(flp_memory_grow(&m->at, &m->room, m->n + 1, sizeof *m->at, &e), &e, NULL);
		cli_check(flp_memory_grow(&m->place, &m->place_room, m->n + 1, sizeof *m->place, &e), &e,
		    NULL);
		cli_check(flp_identity_public(&m->at[m->n], &record, &e), &e, in.place);
		m->place[m->n] = flp_memory_text(in.place, strlen(in.place), &e);
		cli_check(m->place[m->n++] == NULL ? -1 : 0, &e, NULL);
		flp_record_free(&record);
	}
	cli_check(more, &e, NULL);
	flp_inputs_close(&in);
}

struct named {
	const char *name;
	size_t i;
};

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->i > y->i) - (x->i < y->i);
}

/* Names the two files of a name that occurs twice. */
static void
check_names(struct members *m)
{
	struct named *sorted = cli_new(m->n, sizeof *sorted);
	struct flp_error e;

	for (size_t i = 0; i < m->n; i++)
		sorted[i] = (struct named){ m->at[i].name, i };
	qsort(sorted, m->n, sizeof *sorted, by_name);
	for (size_t i = 1; i < m->n; i++)
		if (strcmp(sorted[i - 1].name, sorted[i].name) == 0)
			cli_check(flp_error_bad(&e, "%s: expected a name once, found it twice, in %s too",
			    sorted[i].name, m->place[sorted[i - 1].i]), &e, m->place[sorted[i].i]);
	free(sorted);
}

/* Names the two files of a key that occurs twice. */
static void
check_keys(const struct members *m)
{
	struct flp_twice *key = cli_new(2 * m->n, sizeof *key);
	struct flp_error e;
	size_t at = 1;

	for (size_t i = 0; i < m->n; i++) {
		key[2 * i] = (struct flp_twice){ m->at[i].sign, (uint32_t)i };
		key[2 * i + 1] = (struct flp_twice){ m->at[i].mask, (uint32_t)i };
	}
	flp_twice_sort(key, 2 * m->n);
	if (flp_twice_next(key, 2 * m->n, &at))
		cli_check(flp_error_bad(&e, "expected keys that differ, found one twice, in %s too",
		    m->place[key[at - 1].client]), &e, m->place[key[at].client]);
	free(key);
}

static void
free_members(struct members *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->place[i]);
	free(m->place);
	free(m->at);
}

int
mask_roster(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &mask_roster_tool, &o);
	struct flp_identity authority = { 0 };
	struct members m = { 0 };
	struct flp_record roster;
	struct flp_error e;
	struct flp_out out;
	int status;

	if (o.authority.passphrase != NULL && o.authority.path == NULL)
		cli_usage("option --passphrase-file: expected --authority with it");
	if (!flp_roster_names_session(o.session, strlen(o.session)))
		cli_usage("option --session: expected a text of 1 to %d bytes of printable UTF-8",
		    FLP_ROSTER_SESSION);
	cli_records(&out);
	read_members(&m, paths);
	check_names(&m);
	check_keys(&m);
	if (o.authority.path != NULL)
		mask_key_load(&authority, &o.authority);
	status = flp_roster_make(&roster, o.session, m.at, m.n,
	    o.authority.path != NULL ? &authority : NULL, &e);
	flp_identity_free(&authority);
	cli_check(status, &e, NULL);
	free_members(&m);
	cli_write(&out, &roster);
	flp_record_free(&roster);
	cli_finish(&out, 0);
}

/* fl-mask roster: make the list of a study's members from their public keys. */
#include "mask/roster.h"
#include "base/memory.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"

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
	char **place; /* for each member, the file that it was read from */
	size_t n, room, place_room;
};

static void
read_members(struct members *m, char **paths)
{
	struct flp_inputs in;
	struct flp_record record;
	struct flp_error e;
	int more;

	cli_inputs_init(&in, paths);
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
		cli_usage("option --passphrase-file: needs --authority");
	if (!flp_roster_names_session(o.session, strlen(o.session)))
		cli_usage("option --session: expected a text of 1 to %d bytes of printable UTF-8",
		    FLP_ROSTER_SESSION);
	cli_records(&out);
	read_members(&m, paths);
	cli_check(flp_roster_distinct(m.at, m.n, m.place, &e), &e, NULL);
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

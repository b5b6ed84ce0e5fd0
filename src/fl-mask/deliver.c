/* fl-mask deliver: sort the boxes that clients have sent into an inbox for each client.
 *
 * The server's second step in a round of fleet mode. The set of clients that have shared must not
 * change once a client has its inbox. So the messages that count are written to standard output,
 * for survivors and unmask. */
#include "data/folder.h"
#include "fl-mask/fleet.h"
#include "fl-mask/server.h"
#include "fl-mask/verbs.h"
#include "loop/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct options {
	struct mask_server server;
	struct mask_round_options round;
	struct mask_rule_options rule;
	const char *graph, *folder;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_ROUND_OPTIONS(round),
	MASK_RULE_OPTIONS(rule),
	MASK_GRAPH_OPTION(graph),
	CLI_TEXT('o', "output", TO(folder), "DIR", cli_required,
		"folder for the inboxes, made if it does not exist"),
	MASK_SERVER_OPTIONS(server),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_deliver_tool = { "fl-mask deliver",
	"Sort the boxes that clients have sent into an inbox for each client.", "[SHARE]...", 0, -1,
	options };

/* Writes an inbox, which gets its name later. */
static int
write_inbox(const struct flp_dealing *d, size_t i, const char *folder, struct flp_out *out,
    struct flp_error *e)
{
	char *name = flp_folder_name("", flp_gathering_name(d->g, i), e), *path;
	struct flp_record inbox = { 0 };
	int status = -1;

	if (name == NULL)
		return -1;
	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		free(name);
		return flp_error_system(e, errno, "text");
	}
	if (flp_dealing_inbox(d, i, &inbox, e) == 0 &&
	    flp_record_create(&inbox, out, path, 0, e) == 0)
		status = flp_out_close(out, 0, e);
	flp_record_free(&inbox);
	free(path);
	free(name);
	return status;
}

/* The inboxes get their names after all else has gone well. */
static void
write_all(const struct flp_dealing *d, const char *folder, struct flp_out *out)
{
	struct flp_out *file = cli_new(d->g->n, sizeof *file);
	struct flp_unfinished *made;
	struct flp_record message;
	struct flp_error e;
	sigset_t before;
	int status = 0;

	cli_check(flp_unfinished_folder(&made, folder, &e), &e, NULL);
	for (size_t i = 0; i < d->g->n; i++) {
		if (!flp_dealing_shared(d, i))
			continue;
		cli_check(write_inbox(d, i, folder, &file[i], &e), &e, NULL);
		cli_check(flp_dealing_message(d, i, &message, &e), &e, NULL);
		cli_write(out, &message);
		flp_record_free(&message);
	}
	cli_check(flp_out_flush(out, &e), &e, NULL);
	flp_unfinished_hold(&before);
	for (size_t i = 0; status == 0 && i < d->g->n; i++)
		if (flp_dealing_shared(d, i))
			status = flp_out_commit(&file[i], 0, &e);
	flp_unfinished_keep(made);
	flp_unfinished_release(&before);
	cli_check(status, &e, NULL);
	free(file);
}

int
mask_deliver(int argc, char **argv)
{
	struct options o = { .server.bad.tell = cli_left_out };
	char **paths = cli_start(argc, argv, &mask_deliver_tool, &o);
	struct flp_dealing d;
	struct mask_fleet f;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	cli_records(&out);
	mask_fleet_begin(&f, &o.round);
	mask_fleet_graph(&f, &o.rule, o.graph);
	cli_check(flp_dealing_begin(&d, &f.gathering, 1, &e), &e, NULL);
	flp_inputs_init(&in, paths);
	cli_check(flp_each_record(&in, &o.server.bad, mask_server_share, &d, &e), &e, NULL);
	mask_server_enough(&o.server, flp_dealing_count(&d));
	write_all(&d, o.folder, &out);
	flp_dealing_end(&d);
	mask_fleet_end(&f);
	cli_finish(&out, 0);
}

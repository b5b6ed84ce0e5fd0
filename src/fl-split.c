/* fl-split: deal out the rows of a data set to simulated clients.
 *
 * Reads one data record and writes a file for each client into a folder, and
 * the rows held out for testing into others. Rows keep their order. */
#include "base/memory.h"
#include "cli.h"
#include "data/folder.h"
#include "data/holdout.h"
#include "data/order.h"
#include "data/split.h"
#include "loop/inputs.h"

#include <limits.h>
#include <stdio.h>

struct options {
	const char *partition, *test, *client_test, *folder;
	uint64_t clients, seed;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_TEXT('p', "partition", TO(partition), "HOW", cli_required,
		"how to deal out the rows: iid, shards:K, dirichlet:ALPHA, quantity:ALPHA or group"),
	CLI_COUNT('n', "clients", TO(clients), "CLIENTS", 1, FLP_SPLIT_CLIENTS, NULL,
		"number of clients, for any partition but group"),
	CLI_TEXT(0, "test", TO(test), "PART", NULL,
		"rows to hold out in DIR/test.flp: a fraction or every:N"),
	CLI_TEXT(0, "client-test", TO(client_test), "PART", NULL,
		"rows of each client to hold out in DIR/test-NAME.flp"),
	CLI_COUNT('s', "seed", TO(seed), "SEED", 0, CLI_COUNT_MOST, "0",
		"seed of the random choices"),
	CLI_PATH('o', "output", TO(folder), "DIR", cli_required,
		"folder for the files, made if it does not exist"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-split",
	"Deal out the rows of a data set to simulated clients.",
	"[FILE]", 0, 1, options };

/* Rows of client k: row[start[k]] up to row[start[k + 1]]. */
struct plan {
	struct flp_split split;
	struct flp_holdout test_part, client_part;
	struct flp_dataset set;
	uint32_t *row, *test, *held; /* held: a client's hold-out, at its rows' places */
	size_t *start, n, test_n;    /* n: rows that are not in test */
	struct flp_file *file;
	size_t files;
};

static void
arguments(struct plan *plan, const struct options *o)
{
	struct flp_error e;

	cli_check(flp_split_parse(&plan->split, o->partition, &e), &e, "option --partition");
	if (o->test != NULL)
		cli_check(flp_holdout_parse(&plan->test_part, o->test, &e), &e, "option --test");
	if (o->client_test != NULL)
		cli_check(flp_holdout_parse(&plan->client_part, o->client_test, &e), &e,
		    "option --client-test");
	if (plan->split.by == FLP_SPLIT_GROUP && o->clients != 0)
		cli_usage("option --clients: not allowed with --partition group");
	if (plan->split.by != FLP_SPLIT_GROUP && o->clients == 0)
		cli_usage("option --clients is required with --partition %s", o->partition);
	plan->split.clients = o->clients;
}

static void
add_file(struct plan *plan, const char *prefix, const char *client, const uint32_t *row,
    size_t n)
{
	struct flp_error e;
	char *name = flp_folder_name(prefix, client, &e);

	cli_check(name == NULL ? -1 : 0, &e, NULL);
	plan->file[plan->files++] = (struct flp_file){ .name = name, .client = client, .row = row,
		.n = n };
}

/* By its group or its number; the only client there is, by the record's own. */
static const char *
client_name(const struct plan *plan, size_t k, struct flp_error *e)
{
	const char *own;
	size_t n;

	if (plan->split.by == FLP_SPLIT_GROUP)
		return flp_texts_get(&plan->set.group_names, k);
	own = flp_meta_get(&plan->set.record.header.meta, "client", &n);
	return plan->split.clients == 1 && own != NULL ? flp_memory_text(own, n, e) :
	    flp_folder_index(k, plan->split.clients, e);
}

static void
add_client(struct plan *plan, uint64_t seed, size_t k)
{
	size_t from = plan->start[k], n = plan->start[k + 1] - from, held;
	struct flp_random random;
	const char *client;
	struct flp_error e;

	client = client_name(plan, k, &e);
	cli_check(client == NULL ? -1 : 0, &e, NULL);
	flp_random_init(&random, seed, 0, k + 1, FLP_PURPOSE_TEST);
	cli_check(flp_holdout_take(&plan->client_part, &plan->set, plan->row + from, &n,
	    plan->held + from, &held, &random, &e), &e, client);
	add_file(plan, "client-", client, plan->row + from, n);
	if (flp_holdout_some(&plan->client_part))
		add_file(plan, "test-", client, plan->held + from, held);
}

/* An empty file would only be refused by the tool that trains on it. */
static void
leave_out_empty(struct plan *plan)
{
	const char *first = NULL;
	size_t kept = 0, files = plan->files;

	for (size_t i = 0; i < files; i++) {
		if (plan->file[i].n > 0)
			plan->file[kept++] = plan->file[i];
		else if (first == NULL)
			first = plan->file[i].name;
	}
	plan->files = kept;
	if (kept < files)
		cli_warn("%zu of %zu files have no rows and are not written, the first is %s",
		    files - kept, files, first);
}

/* A file that is dealt out must not be replaced by a part of it. */
static void
refuse_input(const struct plan *plan, const char *folder, const char *input)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < plan->files; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, plan->file[i].name);
		if (flp_in_same(input, path))
			cli_usage("option --output: expected another folder than that of %s",
			    flp_in_name(input));
	}
}

/* Holds out the test rows, then sorts the others by client. */
static void
assign_rows(struct plan *plan, uint64_t seed, const char *place)
{
	struct flp_random random;
	struct flp_error e;

	plan->n = plan->set.n;
	plan->row = cli_new(plan->n, sizeof *plan->row);
	plan->test = cli_new(plan->n, sizeof *plan->test);
	plan->held = cli_new(plan->n, sizeof *plan->held);
	flp_order_natural(plan->row, plan->n);
	flp_random_init(&random, seed, 0, 0, FLP_PURPOSE_TEST);
	cli_check(flp_holdout_take(&plan->test_part, &plan->set, plan->row, &plan->n, plan->test,
	    &plan->test_n, &random, &e), &e, place);

	if (plan->split.by == FLP_SPLIT_GROUP)
		plan->split.clients = plan->set.group_names.n;
	plan->start = cli_new(plan->split.clients + 1, sizeof *plan->start);
	flp_random_init(&random, seed, 0, 0, FLP_PURPOSE_SPLIT);
	cli_check(flp_split_sort(&plan->split, &plan->set, plan->row, plan->n, plan->start, &random,
	    &e), &e, place);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct plan plan = { 0 };
	const char *input = cli_start(argc, argv, &tool, &o)[0];
	const char *place = flp_in_name(input);
	struct flp_folder folder;
	struct flp_record record;
	struct flp_error e;

	arguments(&plan, &o);
	cli_check(flp_inputs_load(&record, NULL, input, FLP_KIND_DATA, &e), &e, NULL);
	cli_check(flp_dataset_from(&plan.set, &record, &e), &e, place);
	if (plan.set.n == 0)
		cli_check(flp_error_bad(&e, "expected rows, found none"), &e, place);
	assign_rows(&plan, o.seed, place);
	plan.file = cli_new(2 * plan.split.clients + 1, sizeof *plan.file);
	if (flp_holdout_some(&plan.test_part))
		add_file(&plan, "test", NULL, plan.test, plan.test_n);
	for (size_t k = 0; k < plan.split.clients; k++)
		add_client(&plan, o.seed, k);
	leave_out_empty(&plan);

	refuse_input(&plan, o.folder, input);
	cli_check(flp_folder_open(&folder, o.folder, plan.file, plan.files, &e), &e, o.folder);
	for (size_t i = 0; i < plan.files; i++) {
		cli_check(flp_folder_write(&folder, &plan.set, &e), &e, o.folder);
		cli_progress("files", i + 1, plan.files);
	}
	cli_check(flp_folder_commit(&folder, &e), &e, o.folder);
	return 0;
}

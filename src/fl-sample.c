/* fl-sample: draw the clients that take part in a round.
 *
 * Reads names, writes a record of kind cohort that says how they were drawn;
 * with --list reads such records and prints the names. */
#include "base/memory.h"
#include "base/shown.h"
#include "cli.h"
#include "loop/inputs.h"
#include "rule/cohort.h"

#include <stdlib.h>
#include <string.h>

struct options {
	struct flp_cohort cohort;
	int list;
	struct flp_bad bad;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_COUNT('n', "size", TO(cohort.size), "SIZE", 1, UINT32_MAX, NULL,
		"draw SIZE clients, without replacement"),
	CLI_REAL('q', "rate", TO(cohort.rate), "RATE", 0x1p-53, 1, NULL,
		"draw each client with probability RATE (Poisson sampling)"),
	CLI_COUNT('r', "round", TO(cohort.round), "ROUND", 0, UINT32_MAX, "0",
		"number of the round; each round has a draw of its own"),
	CLI_COUNT('s', "seed", TO(cohort.seed), "SEED", 0, CLI_COUNT_MOST, NULL,
		"draw reproducibly; no privacy may be claimed for it"),
	CLI_FLAG(0, "secret", TO(cohort.secret), "draw from the system's random generator"),
	CLI_FLAG(0, "list", TO(list), "print the names in cohort records, each on a line"),
	CLI_STRICT(TO(bad.strict)),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-sample",
	"Draw the clients that take part in a round.",
	"[CLIENT]... (or with --list: [FILE]...)", 0, -1, options };

struct text {
	char *bytes;
	size_t n, room;
};

static void
append(struct text *text, const void *bytes, size_t n)
{
	struct flp_error e;

	cli_check(flp_memory_grow(&text->bytes, &text->room, text->n + n, 1, &e), &e, NULL);
	if (n > 0)
		memcpy(text->bytes + text->n, bytes, n);
	text->n += n;
}

/* All of standard input; its last line may lack the newline. */
static void
read_lines(struct text *text)
{
	const unsigned char *block;
	struct flp_error e;
	struct flp_in in;
	size_t n;

	cli_check(flp_in_open(&in, "-", &e), &e, NULL);
	while (cli_check(flp_in_buffered(&in, &block, &n, &e), &e, in.name), n > 0)
		append(text, block, n);
	if (text->n > 0 && text->bytes[text->n - 1] != '\n')
		append(text, "\n", 1);
	flp_in_close(&in);
}

static void
read_names(struct flp_texts *names, char **operands)
{
	int piped = operands[0] != NULL && strcmp(operands[0], "-") == 0 && operands[1] == NULL;
	struct text text = { 0 };
	struct flp_error e;
	int status = 0;

	if (piped)
		read_lines(&text);
	for (; !piped && *operands != NULL; operands++) {
		/* A newline would make two names of one. */
		if (!flp_shown_name(*operands, strlen(*operands)))
			cli_usage("%s: expected a name in printable UTF-8 that shows", *operands);
		append(&text, *operands, strlen(*operands));
		append(&text, "\n", 1);
	}
	if (text.n == 0)
		status = flp_error_bad(&e, "expected a client a line, found none");
	else if (flp_texts_parse(names, text.bytes, text.n, &e) < 0)
		status = flp_error_reveal(&e);
	cli_check(status, &e, piped ? flp_in_name("-") : "clients");
	free(text.bytes);
}

static int
list(void *out, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_record record;
	struct flp_texts names;
	int status;

	if (flp_record_load(&record, in->reader, h, e) < 0)
		return -1;
	if ((status = flp_cohort_names(&record, &names, e)) == 0) {
		for (size_t i = 0; i < names.n; i++)
			cli_print(out, "%s\n", flp_texts_get(&names, i));
		flp_texts_free(&names);
	}
	flp_record_free(&record);
	return status;
}

static void
sample(char **operands, const struct flp_cohort *cohort, struct flp_out *out)
{
	struct flp_record record;
	struct flp_texts names;
	struct flp_error e;

	cli_one_of(CLI_NAMES("size", "rate"));
	cli_one_of(CLI_NAMES("seed", "secret"));
	read_names(&names, operands);
	cli_check(flp_cohort_draw(&record, cohort, &names, &e), &e, NULL);
	cli_write(out, &record);
	flp_record_free(&record);
	flp_texts_free(&names);
}

int
main(int argc, char **argv)
{
	struct options o = { .bad.tell = cli_tell };
	char **operands = cli_start_names(argc, argv, &tool, &o);
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	cli_none_with("list", CLI_NAMES("size", "rate", "round", "seed", "secret"));
	cli_only_with("list", CLI_NAMES("strict"));
	if (o.list) {
		cli_inputs(operands);
		cli_stdout(&out);
		cli_inputs_init(&in, operands);
		cli_end(&out, flp_each_record(&in, &o.bad, list, &out, &e), &e, &o.bad);
	}
	cli_records(&out);
	sample(operands, &o.cohort, &out);
	cli_finish(&out, 0);
}

/* The command line: options, messages, standard output. The only code that
 * prints to the terminal or exits. */
#ifndef FL_CLI_H
#define FL_CLI_H

#include "base/error.h"
#include "base/out.h"
#include "format/record.h"

#include <stddef.h>
#include <stdint.h>

enum cli_type {
	CLI_FLAG,   /* int: 1 when given */
	CLI_COUNT,  /* uint64_t: a whole number */
	CLI_REAL,   /* double */
	CLI_TEXT,   /* const char * */
	CLI_CHOICE, /* int: the index in `unit`, words separated by '|' */
	CLI_LIST,   /* struct cli_list: each use adds one text */
};

#define CLI_COUNT_MOST (0x1p53 - 1) /* the greatest that a table's doubles tell apart */

struct cli_list {
	const char **text;
	size_t n, room;
};

/* One entry is all there is to an option: getopt_long's strings, the range
 * check, the default and the usage text come from it. A table ends with an
 * entry whose name is NULL. */
struct cli_option {
	char letter;      /* 0 for none */
	const char *name; /* the long form */
	enum cli_type type;
	size_t to;          /* offsetof the field in the tool's options struct */
	const char *unit;   /* what the argument is, in the usage text */
	double least, most; /* of CLI_COUNT (to CLI_COUNT_MOST) and CLI_REAL */
	const char *preset; /* the default as one would type it, NULL for none */
	const char *help;
};

/* As preset: the option must be given. */
extern const char cli_required[];

struct cli_tool {
	const char *name;     /* "fl-step" */
	const char *purpose;  /* one line */
	const char *operands; /* "[FILE]...", "" for none */
	int least, most;      /* how many operands, most = -1 for any */
	const struct cli_option *options;
};

/* Reads the arguments into *options (presets first) and gives the operands,
 * which end with NULL; "-" alone where there are none and none is required.
 * --help and --version print and exit 0; a wrong call exits 2. Descriptors 0
 * to 2 are made safe first: where one is closed, its use fails and no file
 * takes its place. */
char **cli_start(int argc, char **argv, const struct cli_tool *tool, void *options);

/* "fl-tool: sentence" on standard error and exit with the error's code. */
_Noreturn void cli_fail(const struct flp_error *e);
_Noreturn void cli_usage(const char *fmt, ...) FLP_PRINTF(1, 2);

/* cli_fail where status is negative, with the place (NULL for none) before the
 * sentence. */
void cli_check(int status, struct flp_error *e, const char *place);

/* A line on standard error that does not end the tool. */
void cli_warn(const char *fmt, ...) FLP_PRINTF(1, 2);

/* Standard output, and printing to it; all end the tool where they fail.
 * cli_records is for a tool that writes records, which are no use on a terminal. */
void cli_stdout(struct flp_out *out);
void cli_records(struct flp_out *out);
void cli_print(struct flp_out *out, const char *fmt, ...) FLP_PRINTF(2, 3);

void cli_write(struct flp_out *out, const struct flp_record *record);

/* Flushes and closes standard output, so that a full disk is an error; then
 * exits with `status`. */
_Noreturn void cli_finish(struct flp_out *out, int status);

/* "done of total" with an estimate on a terminal, at most ten times a second and
 * not in the first; silent elsewhere. done = total wipes the line. */
void cli_progress(const char *what, uint64_t done, uint64_t total);

#endif

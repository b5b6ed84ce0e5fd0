/* The command line: options, verbs, messages, standard output. The only code that
 * prints to the terminal or exits. */
#ifndef FL_CLI_H
#define FL_CLI_H

#include "base/error.h"
#include "base/out.h"
#include "format/record.h"
#include "loop/each.h"
#include "privacy/site.h"

#include <stddef.h>
#include <stdint.h>

enum cli_type {
	CLI_TYPE_FLAG,
	CLI_TYPE_COUNT,
	CLI_TYPE_REAL,
	CLI_TYPE_TEXT,
	CLI_TYPE_INPUT, /* a text, the path of a file that is read */
	CLI_TYPE_PATH, /* a text, the path of another file or folder */
	CLI_TYPE_OUTPUT, /* a text, the path of a file that is written besides standard output */
	CLI_TYPE_CHOICE,
	CLI_TYPE_LIST,
	CLI_TYPE_INPUTS, /* a list of such paths */
	CLI_TYPE_FILES,
};

#define CLI_COUNT_MOST (0x1p53 - 1) /* the greatest that a table's doubles tell apart */

struct cli_list {
	const char **text;
	size_t n, room;
};

/* One entry is all there is to an option: getopt_long's strings, the range
 * check, the default and the usage text come from it. The macros below make
 * entries; a table ends with { 0 }. */
struct cli_option {
	char letter;      /* 0 for none */
	const char *name; /* the long form */
	enum cli_type type;
	size_t to;          /* offsetof the field in the tool's options struct */
	const char *unit;   /* what the argument is, in the usage text */
	const char *(*choice)(unsigned); /* names, as base/choice.h says; beside `unit`, some of many */
	double least, most;
	const char *preset; /* the default as one would type it, NULL for none */
	const char *help;
};

/* As preset: the option must be given. */
extern const char cli_required[];

/* The entries of a table. `to` names a field of the tool's options struct, or of a
 * struct of the library that is a member of it. With
 *     #define TO(field) struct options, field
 * it is written TO(train.rate). A field of another type than the comment on each macro
 * gives does not compile. An option for a text or a file is refused if it is given twice, unless it
 * is a list, since the user may mean both. */

/* int: 1 where the option is given. */
#define CLI_FLAG(letter, name, to, help) \
	{ letter, name, CLI_TYPE_FLAG, CLI_PLACE(int, to), NULL, NULL, 0, 0, NULL, help }

/* uint64_t: a whole number from `least` to `most`, which is at most CLI_COUNT_MOST. */
#define CLI_COUNT(letter, name, to, unit, least, most, preset, help) \
	{ letter, name, CLI_TYPE_COUNT, CLI_PLACE(uint64_t, to), unit, NULL, least, most, preset, \
	  help }

/* double: a number from `least` to `most`. */
#define CLI_REAL(letter, name, to, unit, least, most, preset, help) \
	{ letter, name, CLI_TYPE_REAL, CLI_PLACE(double, to), unit, NULL, least, most, preset, \
	  help }

/* const char *: the argument itself. */
#define CLI_TEXT(letter, name, to, unit, preset, help) \
	{ letter, name, CLI_TYPE_TEXT, CLI_PLACE(const char *, to), unit, NULL, 0, 0, preset, help }

/* The same as CLI_TEXT for a file that is read; "-" is standard input. */
#define CLI_INPUT(letter, name, to, unit, preset, help) \
	{ letter, name, CLI_TYPE_INPUT, CLI_PLACE(const char *, to), unit, NULL, 0, 0, preset, \
	  help }

/* The same for the path of a folder, or of a file that the tool checks itself; `unit` says
 * which. */
#define CLI_PATH(letter, name, to, unit, preset, help) \
	{ letter, name, CLI_TYPE_PATH, CLI_PLACE(const char *, to), unit, NULL, 0, 0, preset, help }

/* An enum without negative values, or unsigned: the index of the name that is given. */
#define CLI_CHOICE(letter, name, to, choice, preset, help) \
	{ letter, name, CLI_TYPE_CHOICE, CLI_PLACE(unsigned, to), NULL, choice, 0, 0, preset, help }

/* const char *: a word of the library's table, with an argument after its colon where it
 * has one; the library reads it. `unit` is NULL unless the option takes other texts too. */
#define CLI_WORD(letter, name, to, unit, choice, preset, help) \
	{ letter, name, CLI_TYPE_TEXT, CLI_PLACE(const char *, to), unit, choice, 0, 0, preset, help }

/* struct cli_list: each use adds one text. */
#define CLI_LIST(letter, name, to, unit, help) \
	{ letter, name, CLI_TYPE_LIST, CLI_PLACE(struct cli_list, to), unit, NULL, 0, 0, NULL, \
	  help }

/* A list of texts, each the path of a file that is read. */
#define CLI_INPUTS(letter, name, to, unit, help) \
	{ letter, name, CLI_TYPE_INPUTS, CLI_PLACE(struct cli_list, to), unit, NULL, 0, 0, \
	  NULL, help }

/* --files-from, for a tool that takes any number of operands: it names a file that holds
 * them, each ended by a NUL byte, since a command line may be too short for them. cli_start
 * reads this file, so the tool sees only operands. */
#define CLI_FILES \
	{ 0, "files-from", CLI_TYPE_FILES, 0, "FILE", NULL, 0, 0, NULL, \
	  "read the operands from FILE, with a NUL after each" }

/* const char *: the path of a file that is written besides standard output, of which a tool
 * has one. Refused are an input, standard output, a name that is only -, and a file that
 * holds a record: if the user forgets the name, the next operand must not be overwritten. */
#define CLI_OUTPUT(letter, name, to, unit, help) \
	{ letter, name, CLI_TYPE_OUTPUT, CLI_PLACE(const char *, to), unit, NULL, 0, 0, NULL, \
	  help }

/* int: --strict, for a tool that goes on after a bad input. It sets `strict` of a struct
 * flp_bad (loop/each.h) whose .tell is cli_tell; the tool ends with cli_end. */
#define CLI_STRICT(to) \
	{ 0, "strict", CLI_TYPE_FLAG, CLI_PLACE(int, to), NULL, NULL, 0, 0, NULL, \
	  "stop at the first bad input" }

/* const char *: --policy, for a tool that lets something out of a site; cli_policy takes it. */
#define CLI_POLICY(to) \
	{ 0, "policy", CLI_TYPE_INPUT, CLI_PLACE(const char *, to), "FILE", flp_site_word, 0, 0, NULL, \
	  "the site's policy, or the word open; see fl-privacy(7)" }

/* int: --insecure, for a tool that may be given records noised from a test seed
 * (format/insecure.h). */
#define CLI_INSECURE(to) \
	{ 0, "insecure", CLI_TYPE_FLAG, CLI_PLACE(int, to), NULL, NULL, 0, 0, NULL, \
	  "take records whose noise comes from a test seed, which protects nobody" }

#define CLI_PLACE(type, s, field) _Generic(((s *)0)->field, type: offsetof(s, field))

struct cli_tool {
	const char *name;     /* "fl-step"; of a verb both words, "fl-mask keygen" */
	const char *purpose;  /* one line */
	const char *operands; /* "[FILE]...", "" for none */
	int least, most;      /* how many operands, most = -1 for any */
	const struct cli_option *options;
};

/* Reads the arguments into *options (presets first) and gives the operands,
 * which end with NULL. If none are given and none is required, they are "-" alone, but if
 * --files-from names an empty list there are none at all.
 * --help, -h and --version print and exit 0. A wrong call exits 2; so does a call that reads
 * standard input twice, or a file that standard output overwrites. Descriptors 0
 * to 2 are made safe first: where one is closed, its use fails and no file
 * takes its place. */
char **cli_start(int argc, char **argv, const struct cli_tool *tool, void *options);

/* The same for a tool whose operands are not files that are read, or are so only under an
 * option; under that option the tool calls cli_inputs, which checks them as cli_start does.
 * cli_input does so for one file, for a tool whose options name some files in other ways. */
char **cli_start_names(int argc, char **argv, const struct cli_tool *tool, void *options);
void cli_inputs(char **operands);
void cli_input(const char *path);

/* flp_inputs_init, for inputs whose files are shown as progress. */
void cli_inputs_init(struct flp_inputs *inputs, char **paths);

/* 1 where the user gave the option with this long name, 0 where not. A name that
 * is not in the table of the tool is a mistake of the program, which aborts. */
int cli_given(const char *option);

/* 1 where the tool has an option --verbose and it was given. */
int cli_verbose(void);

/* Rules about options. Each function ends the tool, as cli_usage does, if its rule is broken:
 *   cli_one_of       exactly one of the options is given
 *   cli_at_most_one  not more than one of them is
 *   cli_only_with    none of them is given without the option `with`
 *   cli_none_with    none of them is given together with it
 * A list ends with NULL. */
void cli_one_of(const char *const *options);
void cli_at_most_one(const char *const *options);
void cli_only_with(const char *with, const char *const *options);
void cli_none_with(const char *with, const char *const *options);

/* A list for these. */
#define CLI_NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* 1 if the user gave operands or --files-from; 0 if "-" stands for operands that are
 * missing. */
int cli_operands(void);

/* Reads the site's policy: that of the system, that of FL_POLICY and that at `path`, the
 * argument of --policy or NULL. */
void cli_policy(struct flp_site *site, const char *path);

/* Makes the descriptors safe and sets the tool of all messages, the first word of `name`. cli_start
 * and cli_verbs do so, for a tool that has nothing to do before. */
void cli_begin(const char *name);

/* One verb of a tool that is a table of verbs; a table ends with { 0 }. */
struct cli_verb {
	const struct cli_tool *tool;
	int (*run)(int argc, char **argv); /* a main, which begins with cli_start */
};

/* For the main of such a tool: runs the verb that the first argument names and
 * returns what it returns. --help, or -h, lists the verbs. If the argument is not a verb, or if
 * there is none, it exits 2. */
int cli_verbs(int argc, char **argv, const char *name, const char *purpose,
    const struct cli_verb *verbs);

/* What a shell asks for, to complete a command line: `TOOL --complete WORD...` prints what the
 * last word may become, where the words are those after the tool's name up to the cursor. The
 * last is empty if nothing of it was typed. Each line is a candidate, a tab and what it is
 * for; a line "files", without a tab, stands for the names of files. This comes from the same
 * tables as --help. cli_start and cli_verbs answer by it; cli_offer prints one candidate, if it
 * begins with what was typed. */
#define CLI_COMPLETE "--complete"

_Noreturn void cli_complete(const struct cli_tool *tool, char **words);
void cli_offer(struct flp_out *out, const char *typed, const char *candidate, const char *text);

/* Prints "fl-tool: sentence" on standard error and exits with the error's code. What is
 * hidden in the sentence is shown only under --verbose. What is unfinished
 * (base/unfinished.h) is removed, as it is after a signal that ends a tool. */
_Noreturn void cli_fail(const struct flp_error *e);
_Noreturn void cli_usage(const char *fmt, ...) FLP_PRINTF(1, 2);

/* cli_fail where status is negative, with the place (NULL for none) before the
 * sentence. */
void cli_check(int status, struct flp_error *e, const char *place);

/* flp_memory_new, which ends the tool where it fails. */
void *cli_new(size_t n, size_t size);

/* A line on standard error that does not end the tool. */
void cli_warn(const char *fmt, ...) FLP_PRINTF(1, 2);

/* The same of an error: an input that is left out, or one that may not be what was meant. */
void cli_tell(const struct flp_error *e);

/* Standard output, and printing to it; all end the tool where they fail.
 * cli_records is for a tool that writes records, which are useless on a terminal. */
void cli_stdout(struct flp_out *out);
void cli_records(struct flp_out *out);
void cli_print(struct flp_out *out, const char *fmt, ...) FLP_PRINTF(2, 3);

/* An entry of a list: two blanks, the entry, and from `column` on its text, wrapped. A text
 * for which there is no room begins on a line of its own; "" is no text. */
void cli_entry(struct flp_out *out, size_t column, const char *entry, const char *text);

void cli_write(struct flp_out *out, const struct flp_record *record);

/* Flushes and closes standard output, so that a full disk is an error; then
 * exits with `status`. */
_Noreturn void cli_finish(struct flp_out *out, int status);

/* The same for a tool that goes on after a bad input. `status` is what flp_each_record
 * returned: if it is negative, the exit status is the code of the error; otherwise it is 3 if
 * an input was left out, else 0. If a bad input ended the run under `strict`, the output for
 * the inputs before it is still written. */
_Noreturn void cli_end(struct flp_out *out, int status, const struct flp_error *e,
    const struct flp_bad *bad);

/* "what done of total" with an estimate of the time that is left, on a terminal, updated at most
 * ten times a second and first shown after one second; silent elsewhere. done = total ends it. If
 * a tool reads many files, this is the work on one of them, and how many files are done is shown
 * before it. Any message, and the end of the tool, wipe the line. */
void cli_progress(const char *what, uint64_t done, uint64_t total);

/* The same for files: cli_inputs_init sees to it that this is told of them. It shows nothing if
 * standard output is a terminal. */
void cli_progress_files(uint64_t done, uint64_t total);

#endif

/* What the files of the command line, src/cli*.c, have between them. No tool includes this. */
#ifndef FL_CLI_INSIDE_H
#define FL_CLI_INSIDE_H

#include "cli.h"

/* The table of --help and --version, which every tool has, in the order of the enum. */
enum { CLI_HELP, CLI_VERSION };
extern const struct cli_option cli_always[];

/* Print what these two show, and exit 0. */
_Noreturn void cli_help(const struct cli_tool *tool);
_Noreturn void cli_version(const char *name);

/* Gives the n operands that the list of --files-from at `path` holds. */
char **cli_files(const char *path, int *n);

/* Is called for a file that will be written, before the files that are read, of which it must not
 * be one. */
void cli_output(const char *option, const char *path);

/* Removes the line of progress. */
void cli_progress_wipe(void);

#endif

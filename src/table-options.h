/* The options that say how a table is written as text, for the option table of each tool that
 * reads one. */
#ifndef FL_TABLE_OPTIONS_H
#define FL_TABLE_OPTIONS_H

#include "cli.h"
#include "import/source.h"
#include "text/separator.h"

/* The tool defines TO before it uses this. `form` is a text before each help line, "csv: " in a
 * tool that reads other forms too; `wish` and `list` are where a struct flp_wish and a struct
 * cli_list are in the tool's options struct. The tool then sets wish.na_in and wish.na_ins to the
 * texts of the list. */
#define TABLE_OPTIONS(form, wish, list) \
	CLI_TEXT(0, "header", TO(wish.header), "COLS", NULL, \
		form "the column names of a file that has no header line"), \
	CLI_WORD(0, "separator", TO(wish.separator), "CHAR", flp_separator_word, NULL, \
		form "the character between fields; detected by default"), \
	CLI_CHOICE(0, "decimal", TO(wish.decimal), flp_decimal_name, ".", \
		form "the decimal mark of numbers"), \
	CLI_TEXT(0, "na", TO(wish.na), "TEXTS", NULL, \
		form "what a missing value looks like, as A,B; by default NA, nan, ? and others"), \
	CLI_LIST(0, "na-in", TO(list), "COL=TEXTS", \
		form "more texts for a missing value, in one column: age=-9,-99"),

/* Ends the tool if something that is wished for is at fault: the sentence of such an error begins
 * with the name of its option. Does nothing after any other error, or where status >= 0. */
void table_options_check(int status, const struct flp_error *e);

#endif

/* The options that say how a table is written as text, for the option table of each tool that
 * reads one. The tool includes cli.h and defines TO before it uses the macro. */
#ifndef FLP_IMPORT_OPTIONS_H
#define FLP_IMPORT_OPTIONS_H

/* `form` is a text before each help line, "csv: " in a tool that reads other forms too; `wish`
 * and `list` are where a struct flp_wish and a struct cli_list are in the tool's options struct.
 * The tool then sets wish.na_in and wish.na_ins to the texts of the list. */
#define FLP_TABLE_OPTIONS(form, wish, list) \
	CLI_TEXT(0, "header", TO(wish.header), "COLS", NULL, \
		form "the column names of a file that has no header line"), \
	CLI_TEXT(0, "separator", TO(wish.separator), "CHAR", NULL, \
		form "the character between fields; by default looked for"), \
	CLI_CHOICE(0, "decimal", TO(wish.decimal), flp_decimal_name, ".", \
		form "the decimal mark of numbers"), \
	CLI_TEXT(0, "na", TO(wish.na), "TEXTS", NULL, \
		form "texts of missing values, in place of NA, nan, ? and others"), \
	CLI_LIST(0, "na-in", TO(list), "COL=TEXTS", \
		form "further missing values of one column, as age=-9,-99"),

#endif

/* A table that programs and people read. A terminal gets columns padded with blanks, in which
 * numbers end at the same place and texts begin at the same place. Anything else gets lines
 * whose cells are separated by tabs.
 *
 * The width of a column is known only when all its cells are known, so a terminal gets the table at
 * its end, or where flp_tabular_show is called. */
#ifndef FLP_EXPORT_TABULAR_H
#define FLP_EXPORT_TABULAR_H

#include "base/out.h"

#include <locale.h>

struct flp_tabular {
	struct flp_out *out;
	int aligned;   /* 1: out is a terminal */
	size_t column; /* of the next cell */
	/* These are used when aligned: */
	struct flp_tabular_column {
		size_t width;
		int text; /* 1: a cell of the column is a text */
	} *of;
	size_t columns, most; /* known so far, and for which there is room */
	char *held; /* all lines so far, as a file gets them */
	size_t used, room;
	locale_t unicode; /* of flp_shown_widths */
};

/* An empty table, whose `out` must outlive it. flp_tabular_free drops what it holds. */
void flp_tabular_init(struct flp_tabular *t, struct flp_out *out);
void flp_tabular_free(struct flp_tabular *t);

/* Each adds a cell to the line: a title, aligned like the cells below it; a text; a
 * number that is written out already, or what stands for none. A cell must be printable UTF-8
 * (base/text.h), or empty. */
int flp_tabular_title(struct flp_tabular *t, const char *cell, struct flp_error *e) FLP_CHECKED;
int flp_tabular_text(struct flp_tabular *t, const char *cell, struct flp_error *e) FLP_CHECKED;
int flp_tabular_number(struct flp_tabular *t, const char *cell, struct flp_error *e) FLP_CHECKED;

/* A number of 6 significant digits, or - for NaN. */
int flp_tabular_real(struct flp_tabular *t, double v, struct flp_error *e) FLP_CHECKED;

/* Ends the line. */
int flp_tabular_line(struct flp_tabular *t, struct flp_error *e) FLP_CHECKED;

/* Writes what is held, of a table too long to wait for its end: what comes later has columns that
 * are at least as wide. */
int flp_tabular_show(struct flp_tabular *t, struct flp_error *e) FLP_CHECKED;

/* Writes what is held. The table is then empty, also on failure. */
int flp_tabular_end(struct flp_tabular *t, struct flp_error *e) FLP_CHECKED;

#endif

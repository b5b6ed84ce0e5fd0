/* A table as CSV: text/csv.h says what that is.
 *
 * A column is a number or has levels, each of which becomes a feature of 1 or 0:
 * as the schema or the options say, else as its first value that is not missing.
 * One that holds both, or that has more than ten levels and fewer than four
 * values a level, is refused where nothing was said about it. So is a table whose
 * undeclared levels would take much more than its bytes. Errors name row (from 1, the
 * header not counted), line and column. */
#include "base/memory.h"
#include "import/forms.h"
#include "import/table.h"

#include <stdlib.h>

static void
close_csv(struct flp_source *source)
{
	flp_table_close(source->state);
	free(source->state);
}

static int
open_csv(struct flp_source *source, struct flp_error *e)
{
	struct flp_table *t = flp_memory_new(1, sizeof *t, e);

	if (t == NULL)
		return -1;
	source->state = t;
	if (flp_in_spool(source->in, e) < 0 ||
	    flp_table_open(t, source->wish, &source->schema, source->in, e) < 0)
		return -1;
	if (t->found && t->csv.separator != ',')
		source->separator = t->csv.separator;
	source->unlabelled = source->schema.y.name != NULL && t->y.kind == 0;
	source->others = t->names.n > t->n + (t->group.kind != 0);
	return 0;
}

const struct flp_import_form flp_import_csv = {
	.name = "csv",
	.makes = FLP_KIND_DATA,
	.takes = { "features", "label", "group", "target", "levels", "reference", "missing",
		"header", "separator", "decimal", "na", "na-in" },
	.open = open_csv,
	.scan = flp_table_scan,
	.emit = flp_table_emit,
	.close = close_csv,
};

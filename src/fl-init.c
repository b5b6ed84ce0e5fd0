/* fl-init: a new model, made for a data set or a schema.
 *
 * A model knows its architecture, its loss, the names of its columns and
 * classes and how columns are standardised, so that no other tool needs to be
 * told. A schema and summed statistics are enough to make it; no rows are needed. */
#include "cli.h"
#include "model/source.h"

#include <string.h>

struct options {
	struct flp_model_source source;
	const char *like, *scale;
};

#define TO(field) struct options, field
#define SPEC(field) TO(source.spec.field)
static const struct cli_option options[] = {
	CLI_TEXT('a', "arch", SPEC(arch), "ARCH", cli_required,
		"the layers of the model, as in 'dense 200 relu dense 10'"),
	CLI_INPUT('i', "input", TO(like), "FILE", NULL,
		"a schema or a data record to make the model for"),
	CLI_COUNT('n', "width", SPEC(inputs), "N", 1, 16777216, NULL,
		"number of columns, if there is no --input"),
	CLI_CHOICE('L', "loss", SPEC(loss), flp_loss_name, "auto",
		"what training minimises; auto: chosen by what there is to predict"),
	CLI_INPUT('S', "scale", TO(scale), "STATS", NULL,
		"standardise columns by these statistics; 'site': each site by its own"),
	CLI_COUNT('s', "seed", SPEC(seed), "SEED", 0, CLI_COUNT_MOST, "0",
		"seed of the random parameters"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-init",
	"Make a new model for a data set or a schema.", "", 0, 0, options };

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct flp_model_spec *spec = &o.source.spec;
	struct flp_record model;
	struct flp_error e;
	struct flp_out out;

	cli_start(argc, argv, &tool, &o);
	cli_one_of(CLI_NAMES("input", "width"));
	spec->site = o.scale != NULL && strcmp(o.scale, "site") == 0;
	if (o.like != NULL)
		cli_check(flp_model_source_read(&o.source, o.like, &e), &e, NULL);
	if (o.scale != NULL && !spec->site)
		cli_check(flp_model_source_scale(&o.source, o.scale, &e), &e, NULL);
	cli_check(flp_model_new(&model, spec, &e), &e, NULL);
	cli_records(&out);
	cli_write(&out, &model);
	flp_record_free(&model);
	flp_model_source_free(&o.source);
	cli_finish(&out, 0);
}

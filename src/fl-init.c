/* fl-init: a new model, made for a data set or a schema.
 *
 * A model knows its architecture, its loss, the names of its columns and
 * classes and how columns are standardised, so that no other tool needs to be
 * told. It is made from the schema and summed statistics alone: no rows. */
#include "cli.h"
#include "model/source.h"

#include <string.h>

struct options {
	const char *arch, *like, *scale;
	int loss;
	uint64_t inputs, seed;
};

#define TO(field) offsetof(struct options, field)
static const struct cli_option options[] = {
	{ 'a', "arch", CLI_TEXT, TO(arch), "ARCH", 0, 0, cli_required,
		"layers, as in 'dense 200 relu dense 10'" },
	{ 'i', "input", CLI_TEXT, TO(like), "FILE", 0, 0, NULL,
		"a schema or a data record it is made for" },
	{ 'n', "inputs", CLI_COUNT, TO(inputs), "N", 1, 16777216, NULL,
		"columns, where there is no --input" },
	{ 'L', "loss", CLI_CHOICE, TO(loss), "auto|mse|binary|softmax", 0, 0, "auto",
		"auto: by what there is to predict" },
	{ 'S', "scale", CLI_TEXT, TO(scale), "STATS", 0, 0, NULL,
		"standardise by these statistics; 'site': each site by its own" },
	{ 's', "seed", CLI_COUNT, TO(seed), "SEED", 0, CLI_COUNT_MOST, "0",
		"of the random parameters" },
	{ 0 },
};

static const struct cli_tool tool = { "fl-init",
	"Make a new model for a data set or a schema.", "", 0, 0, options };

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct flp_model_source source = { 0 };
	struct flp_record model;
	struct flp_error e;
	struct flp_out out;

	cli_start(argc, argv, &tool, &o);
	if ((o.like == NULL) == (o.inputs == 0))
		cli_usage("expected either --input or --inputs");
	source.spec = (struct flp_model_spec){ .arch = o.arch, .inputs = o.inputs,
		.loss = (enum flp_loss)o.loss, .seed = o.seed,
		.site = o.scale != NULL && strcmp(o.scale, "site") == 0 };
	if (o.like != NULL)
		cli_check(flp_model_source_read(&source, o.like, &e), &e, NULL);
	if (o.scale != NULL && !source.spec.site)
		cli_check(flp_model_source_scale(&source, o.scale, &e), &e, NULL);
	cli_check(flp_model_new(&model, &source.spec, &e), &e, NULL);
	cli_records(&out);
	cli_write(&out, &model);
	flp_record_free(&model);
	flp_model_source_free(&source);
	cli_finish(&out, 0);
}

#include "model/source.h"
#include "base/memory.h"
#include "data/stats.h"
#include "format/keys.h"
#include "loop/inputs.h"

#include <stdlib.h>
#include <string.h>

/* The names if the data set has the tensor, even if there are none; NULL if not. */
static const struct flp_texts *
names_of(const struct flp_dataset *set, const char *name, const struct flp_texts *names)
{
	return flp_record_values(&set->record, name, NULL) != NULL ? names : NULL;
}

/* A record does not say which statistics its scaling was made from. */
static enum flp_privacy
scaling_privacy(const struct flp_dataset *set)
{
	return set->x_u8 != NULL && set->scaling.n == flp_scaling_images.n &&
	    flp_scaling_differs(&set->scaling, &flp_scaling_images, set->d) == set->d ?
	    FLP_PRIVACY_PUBLIC : set->record.header.privacy;
}

/* Reads the source from a file of one data record. */
static int
read_record(struct flp_model_source *s, struct flp_in *in, struct flp_error *e)
{
	struct flp_reader *r = flp_reader_new(in, e);
	struct flp_model_spec *spec = &s->spec;
	const struct flp_header *h;
	struct flp_dataset *set = &s->set;
	struct flp_record rec = { 0 };
	int status = -1;

	if (r == NULL || flp_reader_next(r, &h, e) < 0 || flp_record_load(&rec, r, h, e) < 0 ||
	    flp_reader_none(r, e) < 0)
		goto done;
	if (flp_dataset_from(set, &rec, e) < 0)
		goto done;
	/* Otherwise a tiny file could claim any number of columns. */
	if (set->n == 0 && set->feature_names.n == 0) {
		status = flp_error_bad(e, "x: expected rows, or names of its %zu columns, found "
		    "neither", set->d);
		goto done;
	}
	spec->inputs = set->d;
	spec->targets = set->targets != NULL;
	spec->description.features = names_of(set, ":features", &set->feature_names);
	spec->description.classes = names_of(set, ":classes", &set->class_names);
	spec->description.schema = &set->schema;
	spec->description.scaling = set->scaling;
	spec->privacy = scaling_privacy(set);
	status = 0;
done:
	flp_record_free(&rec);
	flp_reader_free(r);
	return status;
}

/* Reads the source from a schema. Errors in its lines already name the place. */
static int
read_schema(struct flp_model_source *s, struct flp_in *in, struct flp_error *e)
{
	struct flp_model_spec *spec = &s->spec;
	const struct flp_column *y = &s->schema.y;

	if (flp_schema_read(&s->schema, in, e) < 0)
		return -1;
	if (flp_schema_features(&s->schema, &s->features, e) < 0 ||
	    flp_schema_lines(&s->schema, &s->lines, e) < 0 ||
	    (s->features.n == 0 && flp_error_bad(e, "expected a schema, found no feature")))
		return flp_error_at(e, "%s", in->name);
	spec->inputs = s->features.n;
	spec->description.features = &s->features;
	spec->description.classes = &y->levels;
	spec->description.schema = &s->lines;
	spec->targets = y->name != NULL && y->kind == FLP_COLUMN_NUMBER;
	return 0;
}

int
flp_model_source_take(struct flp_model_source *s, struct flp_in *in, struct flp_error *e)
{
	int record = flp_reader_begins(in, e);

	if (record == 0)
		return read_schema(s, in, e);
	return record < 0 || read_record(s, in, e) < 0 ? flp_error_at(e, "%s", in->name) : 0;
}

int
flp_model_source_read(struct flp_model_source *s, const char *path, struct flp_error *e)
{
	struct flp_in in;
	int status;

	if (flp_in_open(&in, path, e) < 0)
		return -1;
	status = flp_model_source_take(s, &in, e);
	flp_in_close(&in);
	return status;
}

static int
same_columns(const struct flp_model_spec *spec, const struct flp_record *stats,
    const struct flp_texts *names, size_t d, struct flp_error *e)
{
	const struct flp_texts *ours = spec->description.features;
	static const struct flp_texts none;
	struct flp_texts lines;
	int status = 0;

	if (d != spec->inputs)
		return flp_error_bad(e, "columns of the statistics: expected %llu, found %zu",
		    (unsigned long long)spec->inputs, d);
	if (flp_record_values(stats, ":features", NULL) != NULL && ours != NULL &&
	    flp_texts_same(ours, names, e) < 0)
		return flp_error_bad(e, "the statistics are of columns with other names");
	if (flp_description_schema(&lines, stats, d, names, &none, e) < 0)
		return -1;
	if (spec->description.schema != NULL &&
	    (status = flp_description_same_schema(spec->description.schema, &lines, 0, e)) < 0)
		flp_error_at(e, "the statistics are of another schema");
	flp_texts_free(&lines);
	return status;
}

static int
take_scaling(struct flp_model_source *s, const struct flp_record *stats, struct flp_error *e)
{
	struct flp_scaling *ours = &s->spec.description.scaling, theirs;
	struct flp_texts names;
	size_t d;
	int status;

	if (flp_stats_columns(stats, &d, &names, e) < 0)
		return -1;
	status = same_columns(&s->spec, stats, &names, d, e);
	flp_texts_free(&names);
	if (status < 0 || (s->scaling = flp_memory_new(d, 2 * sizeof *s->scaling, e)) == NULL ||
	    flp_stats_scaling(stats, s->scaling, s->scaling + d, e) < 0)
		return -1;
	theirs = (struct flp_scaling){ s->scaling, s->scaling + d, d };
	/* Even the data that the model is made for would not fit it. */
	if (ours->center != NULL && (ours->n != d || flp_scaling_differs(ours, &theirs, d) < d))
		return flp_error_usage(e, "the data have another scaling of their own");
	*ours = theirs;
	s->spec.privacy = stats->header.privacy;
	return flp_meta_copy_keys(&s->spec.ledger, &stats->header.meta, FLP_KEY_LEDGER, e);
}

int
flp_model_source_scale(struct flp_model_source *s, const char *path, struct flp_error *e)
{
	struct flp_record stats;
	int status;

	if (flp_inputs_load(&stats, NULL, path, FLP_KIND_STATS, e) < 0)
		return -1;
	if ((status = take_scaling(s, &stats, e)) < 0)
		flp_error_at(e, "%s", flp_in_name(path));
	flp_record_free(&stats);
	return status;
}

void
flp_model_source_free(struct flp_model_source *s)
{
	flp_dataset_free(&s->set);
	flp_schema_free(&s->schema);
	flp_texts_free(&s->features);
	flp_texts_free(&s->lines);
	flp_meta_free(&s->spec.ledger);
	free(s->scaling);
	memset(s, 0, sizeof *s);
}

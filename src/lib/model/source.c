#include "model/source.h"
#include "base/memory.h"
#include "data/stats.h"
#include "import/schema.h"
#include "loop/inputs.h"

#include <stdlib.h>
#include <string.h>

static void
take_names(const struct flp_record *rec, const char *name, const char **text, size_t *n)
{
	const struct flp_tensor *t;

	if ((*text = flp_record_values(rec, name, &t)) != NULL)
		*n = t->bytes;
}

/* What the one data record of a file that has at least one tells. */
static int
read_record(struct flp_model_source *s, struct flp_in *in, struct flp_error *e)
{
	struct flp_reader *r = flp_reader_new(in, e);
	struct flp_model_spec *spec = &s->spec;
	const struct flp_header *h;
	struct flp_record rec = { 0 };
	struct flp_dataset set;
	int status = -1, more;

	if (r == NULL || flp_reader_next(r, &h, e) < 0 || flp_record_load(&rec, r, h, e) < 0)
		goto done;
	if ((more = flp_reader_next(r, &h, e)) != 0) {
		if (more > 0)
			flp_error_bad(e, "expected one record, found more");
		flp_error_at(e, "record 2");
		goto done;
	}
	if (flp_dataset_from(&set, &rec, e) < 0)
		goto done;
	s->record = set.record;
	memset(&set.record, 0, sizeof set.record);
	spec->inputs = set.d;
	spec->targets = set.targets != NULL;
	take_names(&s->record, ":features", &spec->features, &spec->features_n);
	take_names(&s->record, ":classes", &spec->classes, &spec->classes_n);
	spec->center = set.center;
	spec->scale = set.scale;
	spec->scaling_n = set.scaling_n;
	flp_dataset_free(&set);
	status = 0;
done:
	flp_record_free(&rec);
	flp_reader_free(r);
	return status;
}

/* What a schema tells; errors of its lines name the place themselves. */
static int
read_schema(struct flp_model_source *s, struct flp_in *in, struct flp_error *e)
{
	struct flp_model_spec *spec = &s->spec;
	struct flp_texts features = { 0 };
	struct flp_schema schema = { 0 };
	int status = -1;

	if (flp_schema_read(&schema, in, e) < 0)
		goto done;
	if (flp_schema_features(&schema, &features, e) < 0 ||
	    flp_texts_lines(&features, &s->features, &spec->features_n, e) < 0 ||
	    flp_texts_lines(&schema.y.levels, &s->classes, &spec->classes_n, e) < 0 ||
	    (features.n == 0 && flp_error_bad(e, "expected a schema, found no feature"))) {
		flp_error_at(e, "%s", in->name);
		goto done;
	}
	spec->inputs = features.n;
	spec->features = s->features;
	spec->classes = s->classes;
	spec->targets = schema.y.name != NULL && schema.y.kind == FLP_COLUMN_NUMBER;
	status = 0;
done:
	flp_texts_free(&features);
	flp_schema_free(&schema);
	return status;
}

int
flp_model_source_read(struct flp_model_source *s, const char *path, struct flp_error *e)
{
	unsigned char first = 0;
	struct flp_in in;
	size_t got;
	int status = -1;

	if (flp_in_open(&in, path, e) < 0)
		return -1;
	if (flp_in_spool(&in, e) < 0 || flp_in_read(&in, &first, 1, &got, e) < 0 ||
	    flp_in_seek(&in, 0, e) < 0)
		flp_error_at(e, "%s", in.name);
	else if (first != 0x89)
		status = read_schema(s, &in, e);
	else if ((status = read_record(s, &in, e)) < 0)
		flp_error_at(e, "%s", in.name);
	flp_in_close(&in);
	return status;
}

static int
take_scaling(struct flp_model_source *s, const struct flp_record *stats, struct flp_error *e)
{
	const struct flp_model_spec *spec = &s->spec;
	const struct flp_tensor *t;
	const char *features = flp_record_values(stats, ":features", &t);
	size_t d;

	if (flp_stats_columns(stats, &d, NULL, e) < 0)
		return -1;
	if (d != spec->inputs)
		return flp_error_bad(e, "columns of the statistics: expected %zu, found %zu",
		    spec->inputs, d);
	if (features != NULL && spec->features != NULL && (t->bytes != spec->features_n ||
	    memcmp(features, spec->features, t->bytes) != 0))
		return flp_error_bad(e, "the statistics are of columns with other names");
	if ((s->scaling = flp_memory_new(d, 2 * sizeof *s->scaling, e)) == NULL ||
	    flp_stats_scaling(stats, s->scaling, s->scaling + d, e) < 0)
		return -1;
	/* No data set would fit the model that it was made for. */
	if (spec->center != NULL && (spec->scaling_n != d ||
	    memcmp(spec->center, s->scaling, d * sizeof *s->scaling) != 0 ||
	    memcmp(spec->scale, s->scaling + d, d * sizeof *s->scaling) != 0))
		return flp_error_usage(e, "the data bring another scaling of their own");
	return 0;
}

int
flp_model_source_scale(struct flp_model_source *s, const char *path, struct flp_error *e)
{
	struct flp_record stats;
	int status;

	if (flp_inputs_load(&stats, path, FLP_KIND_STATS, e) < 0)
		return -1;
	if ((status = take_scaling(s, &stats, e)) < 0) {
		flp_error_at(e, "%s", flp_in_name(path));
	} else {
		s->spec.center = s->scaling;
		s->spec.scale = s->scaling + s->spec.inputs;
		s->spec.scaling_n = s->spec.inputs;
	}
	flp_record_free(&stats);
	return status;
}

void
flp_model_source_free(struct flp_model_source *s)
{
	flp_record_free(&s->record);
	free(s->features);
	free(s->classes);
	free(s->scaling);
	memset(s, 0, sizeof *s);
}

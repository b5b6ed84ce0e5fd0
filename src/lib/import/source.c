#include "import/source.h"
#include "base/memory.h"
#include "data/stats.h"
#include "import/forms.h"

#include <stdlib.h>
#include <string.h>

/* What may become of a missing value: the name, and what is said about a number, a level, and a
 * level beside a reference. */
static const struct {
	const char *name, *becomes[3];
} missing[] = {
	[FLP_MISSING_REFUSE] = { "refuse", { "refused", "refused", "refused" } },
	[FLP_MISSING_DROP] = { "drop", { "rows left out", "rows left out", "rows left out" } },
	[FLP_MISSING_MEAN] = { "mean", { "filled with the mean", "none of its levels set",
		"filled with the shares of its levels" } },
	[FLP_MISSING_ZERO] = { "zero", { "filled with 0", "none of its levels set", "refused" } },
	[FLP_MISSING_KEEP] = { "keep", { "marked as missing", "marked as missing",
		"marked as missing" } },
};

const char *
flp_missing_name(unsigned index)
{
	return index < sizeof missing / sizeof *missing ? missing[index].name : NULL;
}

const char *
flp_source_becomes(const struct flp_source *source, const struct flp_column *c)
{
	int level = c->kind == FLP_COLUMN_LEVEL;
	int referred = level && flp_schema_reference(&source->schema, c) >= 0;

	return missing[source->wish->missing].becomes[level + referred];
}

const char *
flp_decimal_name(unsigned decimal)
{
	static const char *const names[] = { ".", "," };

	return decimal < sizeof names / sizeof *names ? names[decimal] : NULL;
}

void
flp_source_init(struct flp_source *source, const struct flp_import_form *form,
    const struct flp_wish *wish, struct flp_in *in)
{
	memset(source, 0, sizeof *source);
	source->form = form;
	source->wish = wish;
	source->in = in;
}

int
flp_source_scan(struct flp_source *source, struct flp_error *e)
{
	if (source->form->open(source, e) < 0)
		return -1;
	return source->form->scan(source, e);
}

int
flp_source_write(struct flp_source *source, struct flp_out *out, struct flp_error *e)
{
	struct flp_rows rows;
	int status = flp_rows_begin(&rows, &source->frame, out, e);

	if (status == 0)
		status = source->form->emit(source, &rows, e);
	if (status == 0)
		status = flp_rows_end(&rows, e);
	flp_rows_free(&rows);
	return status;
}

void
flp_source_close(struct flp_source *source)
{
	if (source->state != NULL)
		source->form->close(source);
	flp_schema_free(&source->schema);
	flp_texts_free(&source->features);
	flp_texts_free(&source->lines);
	free(source->scaling);
	free(source->lack);
}

int
flp_source_frame(struct flp_source *source, uint64_t n, uint64_t d, struct flp_error *e)
{
	struct flp_frame *f = &source->frame;
	const struct flp_schema *s = &source->schema;

	if (n > UINT32_MAX)
		return flp_error_bad(e, "expected fewer than 2^32 rows, found more");
	if (flp_schema_features(s, &source->features, e) < 0 ||
	    flp_schema_lines(s, &source->lines, e) < 0)
		return -1;
	f->n = n;
	f->d = d ? d : source->features.n;
	if (f->d == 0)
		return flp_error_bad(e, "expected at least one feature, found none");
	f->dtype = FLP_DTYPE_F32;
	if (source->features.n > 0)
		f->description.features = &source->features;
	if (source->lines.n > 0)
		f->description.schema = &source->lines;
	if (s->y.name != NULL && !source->unlabelled)
		f->target = s->y.kind == FLP_COLUMN_NUMBER ? FLP_TARGET_NUMBER : FLP_TARGET_CLASS;
	if (s->y.kind == FLP_COLUMN_LEVEL)
		f->description.classes = &s->y.levels;
	f->grouped = s->group.name != NULL;
	f->missing = source->wish->missing == FLP_MISSING_KEEP;
	if (f->grouped)
		f->description.groups = &s->group.levels;
	return 0;
}

static int
same_features(const struct flp_source *source, const struct flp_record *stats,
    const struct flp_texts *theirs, size_t d, struct flp_error *e)
{
	static const struct flp_texts none;
	struct flp_texts lines;
	int status;

	if (d != source->frame.d)
		return flp_error_bad(e, "features of the statistics: expected %llu, found %zu",
		    (unsigned long long)source->frame.d, d);
	if (flp_texts_same(theirs, &source->features, e) < 0)
		return flp_error_at(e, "feature names");
	if (flp_description_schema(&lines, stats, d, theirs, &none, e) < 0)
		return -1;
	status = flp_description_same_schema(&lines, &source->lines, 0, e);
	flp_texts_free(&lines);
	return status < 0 ? flp_error_at(e, "the statistics are of another schema") : 0;
}

int
flp_source_scale(struct flp_source *source, const struct flp_record *stats, struct flp_error *e)
{
	struct flp_texts names;
	size_t d;
	int status;

	if (flp_stats_columns(stats, &d, &names, e) < 0)
		return -1;
	status = same_features(source, stats, &names, d, e);
	flp_texts_free(&names);
	if (status < 0 ||
	    (source->scaling = flp_memory_new(2 * d, sizeof *source->scaling, e)) == NULL)
		return -1;
	source->frame.description.scaling = (struct flp_scaling){ source->scaling,
		source->scaling + d, d };
	return flp_stats_scaling(stats, source->scaling, source->scaling + d, e);
}

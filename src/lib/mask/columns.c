#include "mask/columns.h"
#include "format/called.h"
#include "data/stats.h"
#include "model/source.h"

#include <string.h>

/* NULL if there are no names, since there must be no tensor for them then. */
static const struct flp_texts *
some(const struct flp_texts *texts)
{
	return texts != NULL && texts->n > 0 ? texts : NULL;
}

static int
make(struct flp_record *to, const struct flp_model_source *s, struct flp_error *e)
{
	const struct flp_description *all = &s->spec.description;
	int classes = s->set.classes != NULL || s->schema.y.kind == FLP_COLUMN_LEVEL;
	const struct flp_description d = { .features = some(all->features),
		.classes = classes ? some(all->classes) : NULL, .schema = some(all->schema) };
	struct flp_header h;
	int status = -1;

	flp_header_init(&h, FLP_KIND_STATS);
	h.privacy = FLP_PRIVACY_PUBLIC;
	if (flp_stats_tensors(&h, s->spec.inputs, classes, d.classes != NULL ? d.classes->n : 0,
	    e) == 0 && flp_description_add(&h, &d, e) == 0 && flp_record_new(to, &h, e) == 0) {
		flp_description_fill(to, &d);
		status = 0;
	}
	flp_header_free(&h);
	return status;
}

static int
load_columns(struct flp_record *to, struct flp_digest *digest, struct flp_in *in,
    struct flp_error *e)
{
	struct flp_model_source s = { 0 };
	int status = flp_model_source_take(&s, in, e);

	if (status == 0 && (status = make(to, &s, e)) == 0 &&
	    (status = flp_record_digest(to, digest, e)) < 0)
		flp_record_free(to);
	flp_model_source_free(&s);
	return status;
}

/* Returns 1 if the first record is a model, which is then in *to, and 0 if it is a data record. */
static int
read_model(struct flp_record *to, struct flp_digest *digest, struct flp_reader *r,
    struct flp_error *e)
{
	const struct flp_header *h;
	int more = flp_reader_compute_digest(r, e) < 0 ? -1 : flp_reader_next(r, &h, e);

	if (more <= 0)
		return more;
	if (h->kind == FLP_KIND_DATA)
		return 0;
	if (h->kind != FLP_KIND_PARAMS)
		return flp_error_bad(e, "expected a model or, for statistics, a schema or a data record, "
		    "found %s", flp_called(h));
	if (flp_record_load(to, r, h, e) < 0)
		return -1;
	*digest = *flp_reader_digest(r);
	if (flp_reader_none(r, e) == 0)
		return 1;
	flp_record_free(to);
	return -1;
}

static int
load_model(struct flp_record *to, struct flp_digest *digest, struct flp_in *in,
    struct flp_error *e)
{
	struct flp_reader *r = flp_reader_new(in, e);
	int found = r == NULL ? -1 : read_model(to, digest, r, e);

	flp_reader_free(r);
	if (found == 0 && flp_in_seek(in, 0, e) < 0)
		found = -1;
	return found < 0 ? flp_error_at(e, "%s", in->name) : found;
}

int
flp_columns_or_model(struct flp_record *to, struct flp_digest *digest, const char *path,
    struct flp_error *e)
{
	struct flp_in in;
	int record = 0, found = 0;

	memset(to, 0, sizeof *to);
	if (flp_in_open(&in, path, e) < 0)
		return -1;
	if (flp_in_spool(&in, e) < 0 || (record = flp_reader_begins(&in, e)) < 0)
		found = flp_error_at(e, "%s", in.name);
	else if (record > 0)
		found = load_model(to, digest, &in, e);
	if (found == 0 && (found = load_columns(to, digest, &in, e)) < 0 && !record)
		flp_error_add(e, "it is not a model either");
	flp_in_close(&in);
	return found < 0 ? -1 : 0;
}

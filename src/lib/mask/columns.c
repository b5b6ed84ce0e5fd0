#include "mask/columns.h"
#include "data/stats.h"
#include "model/source.h"

/* NULL for names of nothing: no tensor then has them. */
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

int
flp_columns_load(struct flp_record *to, struct flp_digest *digest, const char *path,
    struct flp_error *e)
{
	struct flp_model_source s = { 0 };
	int status = flp_model_source_read(&s, path, e);

	if (status == 0 && (status = make(to, &s, e)) == 0 &&
	    (status = flp_record_digest(to, digest, e)) < 0)
		flp_record_free(to);
	flp_model_source_free(&s);
	return status;
}

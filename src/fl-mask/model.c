/* What the verbs that make and open vectors have in common. */
#include "fl-mask/model.h"
#include "cli.h"
#include "loop/inputs.h"
#include "mask/columns.h"

void
mask_model_load(struct flp_vector *v, struct flp_record *model, const char *path, int stats)
{
	struct flp_error e;

	cli_check(stats ? flp_columns_load(model, &v->base, path, &e) :
	    flp_inputs_load(model, &v->base, path, FLP_KIND_PARAMS, &e), &e, NULL);
	v->model = model;
}

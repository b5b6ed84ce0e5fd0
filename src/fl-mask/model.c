#include "fl-mask/model.h"
#include "cli.h"
#include "mask/columns.h"
#include "mask/round.h"

void
mask_model_load(struct flp_vector *v, struct flp_record *model, uint64_t *round,
    const char *path, uint64_t given)
{
	struct flp_error e;

	cli_check(flp_columns_or_model(model, &v->base, path, &e), &e, NULL);
	cli_check(flp_round_number(round, &model->header.meta, cli_given("round") ? &given : NULL, &e),
	    &e, NULL);
	v->model = model;
}

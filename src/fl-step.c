/* fl-step: the next global model from the last one and a round's mean update.
 *
 * The update must be of this model: the base it names is the model's digest. The
 * next model is of the next round and names the last as its base. */
#include "cli.h"
#include "loop/zip.h"
#include "model/update.h"
#include "rule/step.h"

#include <string.h>

struct options {
	const char *model;
	double rate;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_INPUT('m', "model", TO(model), "MODEL", cli_required, "the last global model"),
	CLI_REAL('l', "rate", TO(rate), "RATE", 0, 1e6, "1", "server learning rate"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-step",
	"Make the next global model from the last and a round's mean update.",
	"[UPDATE]", 0, 1, options };

static int
next_header(const struct flp_header *model, const struct flp_digest *base,
    enum flp_privacy update, struct flp_header *next, struct flp_error *e)
{
	uint64_t round = 0;

	if (flp_update_params(next, model, base, e) < 0 ||
	    flp_privacy_join(&next->privacy, model->privacy, update, e) < 0 ||
	    flp_meta_u64(&next->meta, "round", 0, UINT32_MAX - 1, &round, e) < 0)
		return -1;
	return flp_meta_set_u64(&next->meta, "round", round + 1, e);
}

/* A block that is not stepped: descriptions stay what they are, integers are
 * those of new parameters; as an update of them there is only 0. */
static int
keep_block(const struct flp_tensor *t, const struct flp_blocks *m, struct flp_blocks *u,
    struct flp_error *e)
{
	size_t size = flp_dtype_size(t->dtype), i = 0;
	const double *value;

	if (flp_tensor_describes(t)) {
		while (i < u->n && memcmp(m->raw + i * size, u->raw + i * size, size) == 0)
			i++;
		return i == u->n ? 0 : flp_error_bad(e, "tensor %s: value %llu: expected the "
		    "model's description", t->name, (unsigned long long)(u->at + i));
	}
	if (u->header->kind != FLP_KIND_UPDATE) {
		memcpy(m->raw, u->raw, u->n * size);
		return 0;
	}
	value = flp_blocks_f64(u);
	while (i < u->n && value[i] == 0)
		i++;
	return i == u->n ? 0 : flp_error_bad(e, "tensor %s: value %llu: expected 0 in an update "
	    "of integers", t->name, (unsigned long long)(u->at + i));
}

/* A block of the model, stepped in place; a description that the update lacks
 * stays. */
static int
step_block(void *context, struct flp_blocks *m, struct flp_blocks *u, struct flp_error *e)
{
	const double rate = ((const struct options *)context)->rate;
	const struct flp_tensor *t = &m->header->tensor[m->tensor];
	double next[FLP_BLOCKS_N];
	size_t where;

	if (u == NULL)
		return 0;
	if (flp_tensor_describes(t) || !flp_dtype_is_float(t->dtype))
		return keep_block(t, m, u, e);
	(u->header->kind == FLP_KIND_UPDATE ? flp_step_update : flp_step_params)(next,
	    flp_blocks_f64(m), flp_blocks_f64(u), m->n, rate);
	flp_dtype_from_f64(next, m->n, t->dtype, m->raw);
	if (!flp_dtype_finite(m->raw, t->dtype, m->n, &where))
		return flp_error_bad(e, "tensor %s: value %llu of the next model is not finite",
		    t->name, (unsigned long long)(m->at + where));
	return 0;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	const struct flp_zip zip = { .context = &o, .first = "the model",
		.first_alone = flp_update_lacks, .body = step_block };
	const struct flp_header *h;
	struct flp_digest base;
	struct flp_record model;
	struct flp_header next;
	enum flp_privacy privacy;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	cli_check(flp_inputs_load(&model, &base, o.model, FLP_KIND_PARAMS, &e), &e, NULL);
	flp_inputs_init(&in, paths);
	cli_check(flp_inputs_one(&in, &h, &e), &e, NULL);
	privacy = h->privacy;
	cli_check(flp_update_check(h, &base, &e), &e, in.place);
	cli_check(flp_zip(&zip, &(struct flp_zipped){ .record = &model },
	    &(struct flp_zipped){ .in = &in, .header = h }, &e), &e, NULL);
	cli_check(flp_inputs_none(&in, &e), &e, NULL);
	cli_check(next_header(&model.header, &base, privacy, &next, &e), &e,
	    flp_in_name(o.model));
	flp_header_free(&model.header);
	model.header = next;
	cli_records(&out);
	cli_write(&out, &model);
	cli_finish(&out, 0);
}

/* fl-step: the next global model from the last one and a round's mean update.
 *
 * The update must be of this model: the base it names is the model's id. The
 * next model is of the next round and names the last as its base. */
#include "cli.h"
#include "loop/blocks.h"
#include "loop/inputs.h"
#include "model/update.h"
#include "rule/step.h"

#include <string.h>

struct options {
	const char *model;
	double rate;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_TEXT('m', "model", TO(model), "MODEL", cli_required, "the last global model"),
	CLI_REAL('l', "rate", TO(rate), "RATE", 0, 1e6, "1", "server learning rate"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-step",
	"Make the next global model from the last and a round's mean update.",
	"[UPDATE]", 0, 1, options };

/* What has once seen an unprotected update is not protected. */
static int
next_header(const struct flp_record *model, enum flp_privacy privacy, struct flp_header *next,
    struct flp_error *e)
{
	uint64_t round = 0;

	if (flp_update_params(next, &model->header, &model->id, e) < 0 ||
	    flp_meta_u64(&next->meta, "round", 0, UINT32_MAX - 1, &round, e) < 0)
		return -1;
	if (privacy < next->privacy)
		next->privacy = privacy;
	return flp_meta_set_u64(&next->meta, "round", round + 1, e);
}

/* A block that is not stepped: descriptions stay what they are, integers are
 * those of new parameters; as an update of them there is only 0. */
static int
keep_block(const struct flp_tensor *t, unsigned char *values, const struct flp_blocks *b,
    struct flp_error *e)
{
	size_t size = flp_dtype_size(t->dtype), i = 0;
	int update = b->header->kind == FLP_KIND_UPDATE;

	if (flp_tensor_describes(t)) {
		while (i < b->n && memcmp(values + i * size, b->raw + i * size, size) == 0)
			i++;
		return i == b->n ? 0 : flp_error_bad(e, "tensor %s: value %llu: expected the "
		    "model's description", t->name, (unsigned long long)(b->at + i));
	}
	while (update && i < b->n && b->value[i] == 0)
		i++;
	if (update && i < b->n)
		return flp_error_bad(e, "tensor %s: value %llu: expected 0 in an update of integers",
		    t->name, (unsigned long long)(b->at + i));
	if (!update)
		memcpy(values, b->raw, b->n * size);
	return 0;
}

/* One tensor of the model, stepped block by block in place. */
static int
step_tensor(const struct flp_tensor *t, unsigned char *values, struct flp_blocks *b,
    size_t tensor, double rate, struct flp_error *e)
{
	size_t size = flp_dtype_size(t->dtype), where;
	double model[FLP_BLOCKS_N], next[FLP_BLOCKS_N];
	int more;

	if (flp_tensor_same(t, &b->header->tensor[tensor], e) < 0)
		return -1;
	while ((more = flp_blocks_next(b, tensor, e)) > 0) {
		unsigned char *at = values + b->at * size;

		if (flp_tensor_describes(t) || !flp_dtype_is_float(t->dtype)) {
			if (keep_block(t, at, b, e) < 0)
				return -1;
			continue;
		}
		flp_dtype_to_f64(at, t->dtype, b->n, model);
		(b->header->kind == FLP_KIND_UPDATE ? flp_step_update : flp_step_params)(next, model,
		    b->value, b->n, rate);
		flp_dtype_from_f64(next, b->n, t->dtype, at);
		if (!flp_dtype_finite(at, t->dtype, b->n, &where))
			return flp_error_bad(e, "tensor %s: value %llu of the next model is not finite",
			    t->name, (unsigned long long)(b->at + where));
	}
	return more;
}

/* The update has the model's tensors in order; descriptions it may lack. */
static int
step(struct flp_record *model, struct flp_inputs *in, const struct flp_header *h, double rate,
    struct flp_error *e)
{
	struct flp_blocks b;
	struct flp_id id;
	size_t found = 0;

	if (flp_update_check(h, &model->header, &model->id, e) < 0 || flp_blocks_init(&b, in->reader, h, e) < 0)
		return -1;
	for (size_t i = 0; i < model->header.tensors; i++) {
		const struct flp_tensor *t = &model->header.tensor[i];

		if (flp_tensor_describes(t) && (found == h->tensors ||
		    strcmp(h->tensor[found].name, t->name) != 0))
			continue;
		if (found == h->tensors)
			return flp_error_bad(e, "expected tensor %s, found no more", t->name);
		if (step_tensor(t, model->values[i], &b, found++, rate, e) < 0)
			return -1;
	}
	if (found < h->tensors)
		return flp_error_bad(e, "tensor %s: not in the model", h->tensor[found].name);
	flp_blocks_free(&b);
	return flp_reader_finish(in->reader, &id, e);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	const struct flp_header *h;
	struct flp_record model;
	struct flp_header next;
	enum flp_privacy privacy;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	cli_check(flp_inputs_load(&model, o.model, FLP_KIND_PARAMS, &e), &e, NULL);
	flp_inputs_init(&in, paths);
	cli_check(flp_inputs_one(&in, &h, &e), &e, NULL);
	privacy = h->privacy;
	cli_check(step(&model, &in, h, o.rate, &e), &e, in.place);
	cli_check(flp_inputs_none(&in, &e), &e, NULL);
	cli_check(next_header(&model, privacy, &next, &e), &e, flp_in_name(o.model));
	flp_header_free(&model.header);
	model.header = next;
	cli_records(&out);
	cli_write(&out, &model);
	cli_finish(&out, 0);
}

/* fl-step: the next global model from the last one and a round's mean update or sum.
 *
 * The update must be of this model: the base it names is the model's digest. The
 * next model is of the next round and names the last as its base. A sum is divided here
 * and nowhere else. */
#include "cli.h"
#include "format/insecure.h"
#include "loop/zip.h"
#include "model/next.h"
#include "model/update.h"
#include "rule/step.h"

#include <string.h>

struct options {
	const char *model;
	double rate, denominator;
	int insecure;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_INPUT('m', "model", TO(model), "MODEL", cli_required, "the last global model"),
	CLI_REAL('l', "rate", TO(rate), "RATE", 0, 1e6, "1", "learning rate of the server"),
	CLI_REAL(0, "denominator", TO(denominator), "N", 1e-9, 1e18, NULL,
		"divide a sum by N instead of by the weight that it gives"),
	CLI_INSECURE(TO(insecure)),
	{ 0 },
};

static const struct cli_tool tool = { "fl-step",
	"Make the next global model from the last and a round's mean update or sum.",
	"[UPDATE]", 0, 1, options };

/* What is made of each block. */
struct step {
	enum flp_kind kind; /* of the update or, if it is a sum, of what is summed */
	double rate, divisor;
};

/* A block that is not stepped: descriptions stay what they are, integers are
 * those of new parameters; as an update of them, or in a sum, there is only 0. */
static int
keep_block(const struct step *s, const struct flp_tensor *t, const struct flp_blocks *m,
    struct flp_blocks *u, struct flp_error *e)
{
	size_t size = flp_dtype_size(t->dtype), i = 0;
	int sum = u->header->kind == FLP_KIND_SUM;
	const double *value;

	if (flp_tensor_describes(t)) {
		while (i < u->n && memcmp(m->raw + i * size, u->raw + i * size, size) == 0)
			i++;
		return i == u->n ? 0 : flp_error_bad(e, "tensor %s: value %llu: expected the "
		    "model's description", t->name, (unsigned long long)(u->at + i));
	}
	value = flp_blocks_f64(u);
	while ((sum || s->kind == FLP_KIND_UPDATE) && i < u->n && value[i] == 0)
		i++;
	if (s->kind == FLP_KIND_PARAMS && (!sum || i == u->n))
		memcpy(m->raw, u->raw, u->n * size);
	else if (i < u->n)
		return flp_error_bad(e, "tensor %s: value %llu: expected 0 in %s of integers", t->name,
		    (unsigned long long)(u->at + i), sum ? "a sum" : "an update");
	return 0;
}

/* What rides along with an update is not the model's. */
static int
takes_out(void *context, const struct flp_tensor *t)
{
	const struct step *s = context;

	return s->kind == FLP_KIND_UPDATE && flp_update_rides(t);
}

/* A block of the model, stepped in place; a description that the update lacks
 * stays. */
static int
step_block(void *context, struct flp_blocks *m, struct flp_blocks *u, struct flp_error *e)
{
	const struct step *s = context;
	const struct flp_tensor *t;
	double next[FLP_BLOCKS_N];
	size_t where;

	if (u == NULL || m == NULL)
		return 0;
	t = &m->header->tensor[m->tensor];
	if (flp_tensor_describes(t) || !flp_dtype_is_float(t->dtype))
		return keep_block(s, t, m, u, e);
	(s->kind == FLP_KIND_UPDATE ? flp_step_update : flp_step_params)(next, flp_blocks_f64(m),
	    flp_blocks_f64(u), m->n, s->rate, s->divisor);
	flp_dtype_from_f64(next, m->n, t->dtype, m->raw);
	if (!flp_dtype_finite(m->raw, t->dtype, m->n, &where))
		return flp_error_bad(e, "tensor %s: value %llu of the next model is not finite",
		    t->name, (unsigned long long)(m->at + where));
	return 0;
}

/* What is known of the update before its values are: that it is one of this model, and how
 * its values are stepped. */
static int
begin_step(struct step *s, const struct options *o, const struct flp_header *update,
    const struct flp_digest *base, struct flp_error *e)
{
	s->rate = o->rate;
	if (flp_update_check(update, base, &s->kind, e) < 0 ||
	    flp_next_central(update, o->denominator, e) < 0)
		return -1;
	return flp_next_divisor(&s->divisor, update, o->denominator, e);
}

/* Steps the values of the model in place. Clipping and noise may have made floats wider, and
 * a sum is of any float type. */
static int
step_values(struct step *s, struct flp_record *model, struct flp_inputs *in,
    const struct flp_header *update, struct flp_error *e)
{
	int wider = update->kind == FLP_KIND_SUM || update->privacy == FLP_PRIVACY_CLIPPED ||
	    update->privacy == FLP_PRIVACY_NOISED;
	const struct flp_zip zip = { .context = s, .first = "the model",
		.same = wider ? flp_tensor_alike : NULL, .first_alone = flp_update_lacks,
		.second_alone = takes_out, .body = step_block };

	return flp_zip(&zip, &(struct flp_zipped){ .record = model },
	    &(struct flp_zipped){ .in = in, .header = update }, e);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	const char *place = flp_in_name(o.model);
	struct flp_record model;
	const struct flp_header *h;
	struct flp_header next;
	struct flp_digest base;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	struct step s;

	cli_check(flp_inputs_load(&model, &base, o.model, FLP_KIND_PARAMS, &e), &e, NULL);
	cli_check(flp_insecure_check(&model.header.meta, o.insecure, &e), &e, place);
	cli_inputs_init(&in, paths);
	in.digest = 1;
	cli_check(flp_inputs_one(&in, &h, &e), &e, NULL);
	cli_check(begin_step(&s, &o, h, &base, &e), &e, in.place);
	cli_check(step_values(&s, &model, &in, h, &e), &e, NULL);
	cli_check(flp_insecure_check(&h->meta, o.insecure, &e), &e, in.place);
	cli_check(flp_next_central(h, o.denominator, &e), &e, in.place);
	cli_check(flp_next_header(&next, &model.header, &base, h, flp_reader_digest(in.reader), &e),
	    &e, place);
	cli_check(flp_inputs_none(&in, &e), &e, NULL);
	flp_header_free(&model.header);
	model.header = next;
	cli_records(&out);
	cli_write(&out, &model);
	cli_finish(&out, 0);
}

/* fl-scale: multiply the numbers of records by a factor.
 *
 * Descriptions and integers stay. A bad record, or one that would overflow, is
 * named and left out, and the others are scaled. */
#include "cli.h"
#include "loop/map.h"

#include <math.h>
#include <string.h>

struct options {
	double factor;
	uint64_t bad;
};

#define TO(field) offsetof(struct options, field)
static const struct cli_option options[] = {
	{ 0, "by", CLI_REAL, TO(factor), "FACTOR", -1e300, 1e300, cli_required, "the factor" },
	{ 0 },
};

static const struct cli_tool tool = { "fl-scale",
	"Multiply the numbers of records by a factor.", "[FILE]...", 0, -1, options };

/* What was clipped to a norm has another one now, which may be larger. */
static int
edit(void *context, struct flp_header *h, struct flp_error *e)
{
	const struct options *o = context;

	for (size_t i = 0; i < h->tensors; i++)
		if (h->tensor[i].dtype & FLP_DTYPE_SUM)
			return flp_error_bad(e, "tensor %s: exact sums can't be scaled", h->tensor[i].name);
	if (h->privacy == FLP_PRIVACY_CLIPPED && fabs(o->factor) > 1)
		h->privacy = FLP_PRIVACY_RAW;
	return 0;
}

static int
scale(void *context, struct flp_blocks *b, const struct flp_tensor *t, void *made,
    struct flp_error *e)
{
	const struct options *o = context;
	const double *value = flp_blocks_f64(b);
	double scaled[FLP_BLOCKS_N];
	size_t where;

	memcpy(made, b->raw, b->n * flp_dtype_size(t->dtype));
	if (flp_tensor_describes(t) || !flp_dtype_is_float(t->dtype))
		return 0;
	for (size_t i = 0; i < b->n; i++)
		scaled[i] = o->factor * value[i];
	flp_dtype_from_f64(scaled, b->n, t->dtype, made);
	return flp_dtype_finite(made, t->dtype, b->n, &where) ? 0 : flp_error_bad(e,
	    "tensor %s: value %llu times %g is not finite", t->name,
	    (unsigned long long)(b->at + where), o->factor);
}

static int
look(void *context, struct flp_blocks *b, struct flp_error *e)
{
	unsigned char made[FLP_BLOCKS_N * FLP_BLOCKS_SIZE];

	return scale(context, b, &b->header->tensor[b->tensor], made, e);
}

static void
left_out(void *context, const struct flp_error *e)
{
	((struct options *)context)->bad++;
	cli_warn("left out: %s", e->text);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **paths = cli_start(argc, argv, &tool, &o);
	const struct flp_map map = { .context = &o, .edit = edit, .look = look, .body = scale,
		.left_out = left_out };
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	uint64_t n;

	cli_records(&out);
	flp_inputs_init(&in, paths);
	in.some = 1;
	cli_check(flp_map_records(&map, &in, &out, &n, &e), &e, NULL);
	cli_finish(&out, o.bad > 0 ? FLP_ERROR_BAD : 0);
}

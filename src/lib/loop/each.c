#include "loop/each.h"

int
flp_bad_left_out(struct flp_bad *bad, const struct flp_error *e)
{
	if (bad->strict || e->code != FLP_ERROR_BAD)
		return -1;
	bad->n++;
	if (bad->tell != NULL && (bad->most == 0 || bad->n <= bad->most))
		bad->tell(e);
	return 0;
}

int
flp_bad_record(struct flp_bad *bad, struct flp_inputs *in, struct flp_error *e)
{
	return bad->strict || flp_inputs_leave(in, e) < 0 ? -1 : flp_bad_left_out(bad, e);
}

int
flp_each_record(struct flp_inputs *in, struct flp_bad *bad,
    int (*body)(void *context, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e), void *context, struct flp_error *e)
{
	const struct flp_header *h;
	int status;

	in->some = 1;
	while ((status = flp_inputs_next(in, &h, e)) != 0) {
		if (status > 0 && body(context, in, h, e) < 0)
			status = flp_inputs_at(in, e);
		if (status < 0 && flp_bad_record(bad, in, e) < 0)
			return -1;
	}
	return 0;
}

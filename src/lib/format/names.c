#include "format/names.h"

int
flp_names_take(struct flp_texts *names, const char *tensor, const struct flp_record *record,
    struct flp_error *e)
{
	const struct flp_tensor *t;
	const void *text = flp_record_values(record, tensor, &t);
	size_t at;

	if (text == NULL)
		return flp_error_bad(e, "tensor %s: expected names, found none", tensor);
	if (t->dtype != FLP_DTYPE_U8 || t->rank != 1)
		return flp_error_bad(e, "tensor %s: expected u8 of rank 1, found %s of rank %u", tensor,
		    flp_dtype_name(t->dtype), t->rank);
	if (flp_texts_parse(names, text, (size_t)t->bytes, e) < 0) {
		flp_error_reveal(e);
		return flp_error_at(e, "tensor %s", tensor);
	}
	at = flp_texts_unsorted(names);
	return at == names->n ? 0 : flp_error_bad(e, "tensor %s: expected names in order, found "
	    "\"%s\" after \"%s\"", tensor, flp_texts_get(names, at), flp_texts_get(names, at - 1));
}

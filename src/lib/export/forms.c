#include "export/forms.h"
#include "export/tensors.h"
#include "format/secrets.h"

#define ENTRY(name) &flp_export_##name,

const struct flp_export_form *
flp_export_form(unsigned index)
{
	static const struct flp_export_form *const form[] = { FLP_EXPORT_FORMS(ENTRY) };

	return index < sizeof form / sizeof *form ? form[index] : NULL;
}

const char *
flp_export_form_name(unsigned index)
{
	const struct flp_export_form *form = flp_export_form(index);

	return form != NULL ? form->name : NULL;
}

int
flp_export_check(struct flp_export *x, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_id id;

	if (x->form->single && flp_reader_number(r) > 1)
		return flp_error_bad(e, "expected one record for %s, found more", x->form->name);
	if (flp_secrets_check(h, e) < 0 || flp_tensors_check(h, x->tensor, e) < 0)
		return -1;
	return x->form->check != NULL ? x->form->check(x, r, h, e) : flp_reader_finish(r, &id, e);
}

int
flp_export_write(const struct flp_export *x, struct flp_out *out, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e)
{
	return x->form->write(x, out, r, h, e);
}

void
flp_export_close(struct flp_export *x)
{
	if (x->form->close != NULL)
		x->form->close(x);
}

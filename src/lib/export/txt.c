/* Numbers as flp_print_block prints them, and names, one on each line. */
#include "export/forms.h"
#include "export/print.h"
#include "export/tensors.h"

static int
write_name(struct flp_out *out, const struct flp_tensor *t, size_t index, const char *name,
    struct flp_error *e)
{
	(void)t;
	(void)index;
	return flp_print_text(out, name, e) < 0 ? -1 : flp_print_text(out, "\n", e);
}

static int
write_txt(const struct flp_export *x, struct flp_out *out, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e)
{
	static const struct flp_tensors_how how = { flp_print_block, write_name };

	return flp_tensors_write(&how, out, r, h, x->tensor, e);
}

const struct flp_export_form flp_export_txt = {
	.name = "txt",
	.write = write_txt,
};

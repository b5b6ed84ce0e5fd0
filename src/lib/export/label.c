#include "export/label.h"
#include "base/text.h"

static void
take_byte(struct flp_label *l, char c)
{
	if (c == '\n') {
		l->field = l->at = 0;
		return;
	}
	if (c == '\t') {
		l->field++;
		l->at = 0;
		return;
	}
	if (l->field == 0)
		l->of_label = c == 'y' && l->at == 0;
	/* The lines of all classes have the name, so the last is as good as the first. */
	if (l->field == 2 && l->of_label) {
		l->n = l->at < FLP_TEXTS_BYTES ? l->at : FLP_TEXTS_BYTES - 1;
		l->name[l->n++] = c;
		l->name[l->n] = '\0';
	}
	l->at++;
}

void
flp_label_take(struct flp_label *l, const void *bytes, size_t n)
{
	for (const char *c = bytes; n > 0; n--)
		take_byte(l, *c++);
}

const char *
flp_label_name(const struct flp_label *l)
{
	return l->n > 0 && flp_text_printable(l->name, l->n) ? l->name : NULL;
}

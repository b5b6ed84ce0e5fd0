#include "import/forms.h"

#include <string.h>

#define ENTRY(name) &flp_import_##name,

const struct flp_import_form *
flp_import_form(unsigned index)
{
	static const struct flp_import_form *const form[] = { FLP_IMPORT_FORMS(ENTRY) };

	return index < sizeof form / sizeof *form ? form[index] : NULL;
}

const char *
flp_import_form_name(unsigned index)
{
	const struct flp_import_form *form = flp_import_form(index);

	return form != NULL ? form->name : NULL;
}

static int
among(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n && names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return 1;
	return 0;
}

int
flp_import_form_takes(const struct flp_import_form *form, const char *option)
{
	static const char *const data[] = { "schema", "schema-out", "scale", "client" };

	if (form->makes == FLP_KIND_DATA && among(data, sizeof data / sizeof *data, option))
		return 1;
	if (form->makes == FLP_KIND_PARAMS && strcmp(option, "public") == 0)
		return 1;
	return among(form->takes, sizeof form->takes / sizeof *form->takes, option);
}

int
flp_import_option(const char *option)
{
	const struct flp_import_form *form;

	for (unsigned i = 0; (form = flp_import_form(i)) != NULL; i++)
		if (flp_import_form_takes(form, option))
			return 1;
	return 0;
}

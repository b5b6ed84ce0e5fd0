/* import/forms, export/forms: every form is whole, and has a name of its own. */
#include "export/forms.h"
#include "import/forms.h"
#include "unit.h"

#include <string.h>

/* The index of a name in a list, or that of the NULL after its last. */
static unsigned
find(const char *(*name_of)(unsigned), const char *name)
{
	unsigned i = 0;

	while (name_of(i) != NULL && strcmp(name_of(i), name) != 0)
		i++;
	return i;
}

static void
test_import(void)
{
	unsigned n = find(flp_import_form_name, "none of that name");

	CHECK(n >= 4 && flp_import_form(n) == NULL && flp_import_form(~0u) == NULL, "%u", n);
	for (unsigned i = 0; i < n; i++) {
		const struct flp_import_form *form = flp_import_form(i);
		size_t last = sizeof form->takes / sizeof *form->takes - 1;
		int data = form->makes == FLP_KIND_DATA;

		CHECK(find(flp_import_form_name, form->name) == i, "%s: twice", form->name);
		CHECK(data || form->makes == FLP_KIND_PARAMS, "%s: kind %d", form->name, form->makes);
		CHECK(data == (form->open != NULL) && data == (form->scan != NULL) &&
		    data == (form->emit != NULL) && data == (form->close != NULL) &&
		    data == (form->read == NULL), "%s: functions", form->name);
		CHECK(form->takes[last] == NULL, "%s: options", form->name);
	}
}

static void
test_options(void)
{
	const struct flp_import_form *csv = &flp_import_csv, *txt = &flp_import_txt;

	CHECK(flp_import_form_takes(csv, "features"), "csv");
	CHECK(flp_import_form_takes(csv, "schema") && !flp_import_form_takes(csv, "width"), "csv");
	CHECK(flp_import_form_takes(txt, "dtype") && !flp_import_form_takes(txt, "schema"), "txt");
	CHECK(!flp_import_form_takes(&flp_import_idx, "target"), "idx");
	CHECK(!flp_import_form_takes(csv, "feature") && !flp_import_form_takes(csv, ""), "no option");
}

static void
test_export(void)
{
	unsigned n = find(flp_export_form_name, "none of that name");

	CHECK(n >= 2 && flp_export_form(n) == NULL && flp_export_form(~0u) == NULL, "%u", n);
	for (unsigned i = 0; i < n; i++) {
		const struct flp_export_form *form = flp_export_form(i);

		CHECK(find(flp_export_form_name, form->name) == i, "%s: twice", form->name);
		CHECK(form->write != NULL, "%s: functions", form->name);
	}
}

int
main(void)
{
	test_import();
	test_options();
	test_export();
	return unit_done();
}

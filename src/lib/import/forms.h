/* The forms of files that become records: one line a form, which is defined as
 * flp_import_NAME in a file of its own. */
#ifndef FLP_IMPORT_FORMS_H
#define FLP_IMPORT_FORMS_H

#include "import/source.h"

/* In the order in which fl-import names them. */
#define FLP_IMPORT_FORMS(form) \
	form(csv) \
	form(libsvm) \
	form(idx) \
	form(txt)

struct flp_import_form {
	const char *name;
	enum flp_kind makes;   /* data or params */
	const char *takes[16]; /* options of its own, see flp_import_form_takes */
	int files;             /* label and group are files, not columns */

	/* For a form that makes params: reads the whole input into a new record. */
	int (*read)(struct flp_record *to, const struct flp_wish *wish, struct flp_in *in,
	    struct flp_error *e);

	/* For a form that makes data: what flp_source_scan, flp_source_write and
	 * flp_source_close call. open makes the state of a new source, and close frees
	 * it, also where open has failed after making it. */
	int (*open)(struct flp_source *source, struct flp_error *e);
	int (*scan)(struct flp_source *source, struct flp_error *e);
	int (*emit)(struct flp_source *source, struct flp_rows *rows, struct flp_error *e);
	void (*close)(struct flp_source *source);
};

#define FLP_IMPORT_FORM(name) extern const struct flp_import_form flp_import_##name;
FLP_IMPORT_FORMS(FLP_IMPORT_FORM)

/* The form of an index from 0, and its name; NULL after the last. */
const struct flp_import_form *flp_import_form(unsigned index);
const char *flp_import_form_name(unsigned index);

/* Returns 1 if an option goes with some of the forms only. */
int flp_import_option(const char *option);

/* Returns 1 if a form takes an option: its own; schema, schema-out, scale and client if it makes
 * data; public if it makes params. */
int flp_import_form_takes(const struct flp_import_form *form, const char *option);

#endif

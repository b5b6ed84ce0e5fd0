/* The forms of files that records become: one line a form, which is defined as
 * flp_export_NAME in a file of its own. */
#ifndef FLP_EXPORT_FORMS_H
#define FLP_EXPORT_FORMS_H

#include "base/out.h"
#include "format/reader.h"

/* In the order in which fl-export names them. */
#define FLP_EXPORT_FORMS(form) \
	form(txt) \
	form(csv)

/* What is asked for. */
struct flp_export {
	const struct flp_export_form *form;
	const char *tensor; /* write this one alone; NULL for all but descriptions */
	void *state;        /* the form's, NULL before flp_export_check */
};

/* The functions are those below, for one form; check and close may be NULL. */
struct flp_export_form {
	const char *name;
	int single; /* a file of it holds one record, not several one after the other */
	int (*check)(struct flp_export *x, struct flp_reader *r, const struct flp_header *h,
	    struct flp_error *e);
	int (*write)(const struct flp_export *x, struct flp_out *out, struct flp_reader *r,
	    const struct flp_header *h, struct flp_error *e);
	void (*close)(struct flp_export *x);
};

#define FLP_EXPORT_FORM(name) extern const struct flp_export_form flp_export_##name;
FLP_EXPORT_FORMS(FLP_EXPORT_FORM)

/* The form of an index from 0, and its name; NULL after the last. */
const struct flp_export_form *flp_export_form(unsigned index);
const char *flp_export_form_name(unsigned index);

/* Reads the record whose header flp_reader_next just gave to its end. It is an
 * error where the form cannot hold it, or where it does not have the tensor. */
int flp_export_check(struct flp_export *x, struct flp_reader *r, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

/* Writes the same record, begun again, and finishes it. */
int flp_export_write(const struct flp_export *x, struct flp_out *out, struct flp_reader *r,
    const struct flp_header *h, struct flp_error *e) FLP_CHECKED;

/* Frees the form's state. */
void flp_export_close(struct flp_export *x);

#endif

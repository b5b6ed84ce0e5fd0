/* The coefficients of a linear model, as a table (export/tabular.h) or as JSON. */
#ifndef FLP_EXPORT_COEFFICIENTS_H
#define FLP_EXPORT_COEFFICIENTS_H

#include "export/tabular.h"

#include <stdint.h>

struct flp_coefficients {
	struct flp_out *out;
	int json;
	const char *place;    /* of the record */
	const char *loss;     /* its name */
	const char *label;    /* the name of the label's column, or NULL; of label_n bytes */
	size_t label_n;
	const char *baseline; /* the class that the others are compared with, or NULL */
	struct flp_tabular table; /* these two are set by the functions below */
	uint64_t rows;
};

/* A number is NAN if it is not known. */
struct flp_coefficient {
	const char *output;  /* what the output is called */
	const char *class;   /* that it is of, or NULL */
	const char *feature; /* "(intercept)" for the intercept */
	double scaled;       /* as the model stores it */
	double original;     /* on the scale of the data */
	double ratio;        /* exp(original), the odds ratio */
};

/* Prints what comes before the rows: titles, with an empty line before them if the output is not
 * empty; or the beginning of a line with an object:
 *   place, loss, label, baseline  as above, or null
 *   coefficients                  the rows, as objects */
int flp_coefficients_begin(struct flp_coefficients *t, struct flp_error *e) FLP_CHECKED;

/* Prints a row. In a table numbers have 6 digits, and - stands for one that is not known. In JSON
 * they read back the same, and null stands for one that is not known or not finite. */
int flp_coefficients_row(struct flp_coefficients *t, const struct flp_coefficient *c,
    struct flp_error *e) FLP_CHECKED;

/* Ends the output after the last row. */
int flp_coefficients_end(struct flp_coefficients *t, struct flp_error *e) FLP_CHECKED;

/* Frees what *t holds, also after a failure. */
void flp_coefficients_free(struct flp_coefficients *t);

#endif

/* What a model predicts for rows, as a table (export/tabular.h) or as JSON. */
#ifndef FLP_EXPORT_PREDICTIONS_H
#define FLP_EXPORT_PREDICTIONS_H

#include "base/say.h"
#include "export/tabular.h"
#include "text/texts.h"

#include <stddef.h>
#include <stdint.h>

struct flp_probable {
	double p;
	size_t class;
};

struct flp_predictions {
	struct flp_tabular table; /* whose `out` gets JSON, too */
	const char *key;    /* the title of the rows' keys; NULL: rows are told by their numbers */
	size_t classes;     /* 0: a number is predicted */
	const struct flp_texts *names; /* of the classes; n = 0: their indices from 0 are their names */
	size_t top;         /* 0: one line a row; otherwise a line for each of the `top` classes that
	                     * are the most probable, which is at most `classes` */
	struct flp_probable *order; /* [classes], for use under `top` */
	int json;
};

/* One row: its key or, if the table has no keys, its number. For classes, `class` is the one that
 * is predicted and p[classes] are the probabilities; otherwise p[0] is the value. */
struct flp_prediction {
	const char *key;
	uint64_t row;
	size_t class;
	const double *p;
};

/* Prints the titles of the table. JSON has none. */
int flp_predictions_titles(struct flp_predictions *t, struct flp_error *e) FLP_CHECKED;

/* Prints a row: as `key`, then the value; or the class and the probability of each class; or in
 * `top` lines the rank from 1, a class and its probability. The most probable class comes first,
 * and of equals the one with the lower index. In JSON it is one line, an object. Probabilities
 * have 6 significant digits, and a value has as many as it takes to read back as the same f32. */
int flp_predictions_row(struct flp_predictions *t, const struct flp_prediction *row,
    struct flp_error *e) FLP_CHECKED;

/* The same as JSON; under `top`, order[] is sorted. */
void flp_predictions_json(const struct flp_predictions *t, const struct flp_prediction *row,
    struct flp_say *s);

#endif

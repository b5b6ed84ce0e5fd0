/* How well a model does, in the forms in which it is printed. */
#ifndef FLP_EXPORT_MEASURES_H
#define FLP_EXPORT_MEASURES_H

#include "export/tabular.h"
#include "learn/metrics.h"
#include "learn/worst.h"
#include "text/texts.h"

enum flp_measures_form {
	FLP_MEASURES_LINES,       /* a line for each data set and, for more than one, one for all */
	FLP_MEASURES_JSON,        /* the same as JSON objects that hold all that is known */
	FLP_MEASURES_CONFUSION,   /* rows by true and by predicted class */
	FLP_MEASURES_CALIBRATION, /* rows, confidence and accuracy of each bin */
	FLP_MEASURES_SUMMARY,     /* a line for each measure: all rows, the mean, the worst client */
};

/* The measures of a data set, or of all rows. */
struct flp_measured {
	const char *client;              /* NULL for all rows */
	const struct flp_metrics *model; /* of the model that is measured */
	const struct flp_metrics *local; /* of the client's own model, or NULL */
};

#define FLP_MEASURES_MOST (2 * FLP_METRICS_MOST)

struct flp_measures {
	struct flp_out *out;
	enum flp_measures_form form;
	int titles;                      /* 1: tables begin with a line of titles */
	uint32_t round;                  /* of the model */
	const struct flp_texts *classes; /* their names, or n = 0: they go by number */
	/* set by these functions */
	struct flp_tabular table;
	uint64_t sets; /* data sets so far */
	struct flp_worst worst[FLP_MEASURES_MOST];
};

/* Prints a data set. */
int flp_measures_set(struct flp_measures *p, const struct flp_measured *s,
    struct flp_error *e) FLP_CHECKED;

/* Ends the output after the last data set. *all measures their rows together, or is NULL if
 * data sets were left out: nothing is then printed of all. */
int flp_measures_end(struct flp_measures *p, const struct flp_measured *all,
    struct flp_error *e) FLP_CHECKED;

#endif

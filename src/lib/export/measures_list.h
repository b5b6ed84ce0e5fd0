/* What is printed of a data set or of all rows, for the files that print it. */
#ifndef FLP_EXPORT_MEASURES_LIST_H
#define FLP_EXPORT_MEASURES_LIST_H

#include "export/measures.h"

/* The measures of the local model come last and are named local_... */
struct flp_measures_list {
	const struct flp_measured *of;
	size_t n;
	struct {
		char name[24];
		double value;
		int better; /* as in struct flp_measure */
	} item[FLP_MEASURES_MOST];
};

/* Prints it as a JSON object on a line. */
int flp_measures_json(struct flp_measures *p, const struct flp_measures_list *list,
    struct flp_error *e) FLP_CHECKED;

#endif

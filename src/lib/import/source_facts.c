#include "import/source.h"
#include "text/separator.h"

#include <stdio.h>

static void
tell_lack(const struct flp_source *source, size_t i, char to[FLP_SOURCE_FACT])
{
	const struct flp_lack *lack = &source->lack[i];

	snprintf(to, FLP_SOURCE_FACT, "column %s: %llu value%s missing, %s", lack->column->name,
	    (unsigned long long)lack->n, lack->n == 1 ? "" : "s",
	    flp_missing_outcome(source->wish->missing, lack->column->kind));
}

int
flp_source_fact(const struct flp_source *source, size_t i, char to[FLP_SOURCE_FACT])
{
	if (i == 0) {
		snprintf(to, FLP_SOURCE_FACT, "%llu rows of %llu features, %llu rows left out for missing "
		    "values", (unsigned long long)source->frame.n, (unsigned long long)source->frame.d,
		    (unsigned long long)source->dropped);
		return 1;
	}
	if (--i < source->lacks) {
		tell_lack(source, i, to);
		return 1;
	}
	i -= source->lacks;
	if (source->separator && i-- == 0) {
		snprintf(to, FLP_SOURCE_FACT, "%s separates the fields",
		    flp_separator_name(source->separator));
		return 1;
	}
	if (!source->unlabelled || i > 0)
		return 0;
	snprintf(to, FLP_SOURCE_FACT, "the rows have no label, since there is no column %s",
	    source->schema.y.name);
	return 1;
}

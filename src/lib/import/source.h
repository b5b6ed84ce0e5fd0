/* Where the rows of a data record come from: a file in one of several forms,
 * read twice. The first pass finds out how many rows there are and what they
 * hold; nothing is written before it has seen the whole file without error.
 * The second gives the rows. */
#ifndef FLP_IMPORT_SOURCE_H
#define FLP_IMPORT_SOURCE_H

#include "base/in.h"
#include "data/rows.h"
#include "format/record.h"
#include "import/schema.h"

enum flp_missing { FLP_MISSING_REFUSE, FLP_MISSING_DROP, FLP_MISSING_MEAN, FLP_MISSING_ZERO };

/* What is asked for. Lists of columns are a row of CSV: "age,sex". */
struct flp_wish {
	const char *header;   /* csv: the columns of a file without a header line */
	const char *features; /* csv: NULL for all but label and group */
	const char *levels;   /* csv: features that are levels even if they are numbers */
	const char *label;    /* csv: a column; idx: a file */
	const char *group;    /* csv: a column; idx: a file */
	enum flp_target target; /* of a label; none for classes that are not too many */
	enum flp_missing missing; /* csv */
	uint64_t width;       /* libsvm: the greatest index, 0 for what is found */
	int fixed;            /* the schema is given: nothing new comes into it */
};

struct flp_source {
	const struct flp_wish *wish; /* the caller's, like the input, which must be */
	struct flp_in *in;           /* regular (but for idx), at its beginning */
	struct flp_schema schema;   /* given, or made by the scan */
	struct flp_texts features; /* of the schema, after the scan */
	struct flp_frame frame;     /* what the scan finds; client is the caller's */
	uint64_t dropped;           /* rows that it left out for missing values */
	double *scaling;            /* of flp_source_scale: center, then scale */
	void *state;
	int (*scan)(struct flp_source *, struct flp_error *);
	int (*emit)(struct flp_source *, struct flp_rows *, struct flp_error *);
	void (*close)(struct flp_source *);
};

/* table.h, libsvm.h and idx.h open sources: each has a function
 *     int flp_MODULE_open(struct flp_source *source, struct flp_error *e)
 * that takes a source from flp_source_init, whose schema the caller has filled
 * if wish->fixed, and sets its functions. The caller scans, emits, and closes
 * in any case, also after a failure. FLP_ERROR_USAGE of opening or scanning is about
 * the wish or the schema, and begins with its name: "features: age: ...". */
void flp_source_init(struct flp_source *source, const struct flp_wish *wish,
    struct flp_in *in);
void flp_source_close(struct flp_source *source);

/* Between scan and emit: lets the frame carry the scaling of federated
 * statistics, a record of kind stats with the same features. */
int flp_source_scale(struct flp_source *source, const struct flp_record *stats,
    struct flp_error *e) FLP_CHECKED;

/* For the functions above: fills the frame for n rows of d columns, d = 0 for
 * as many as the schema, which is now complete, has features. */
int flp_source_frame(struct flp_source *source, uint64_t n, uint64_t d,
    struct flp_error *e) FLP_CHECKED;

#endif

/* Where the rows of a data record come from: a file in one of the forms of
 * import/forms.h, read twice. The first pass finds out how many rows there are
 * and what they hold; nothing is written before it has seen the whole file
 * without error. The second gives the rows. */
#ifndef FLP_IMPORT_SOURCE_H
#define FLP_IMPORT_SOURCE_H

#include "base/in.h"
#include "data/dataset.h"
#include "data/rows.h"
#include "format/record.h"
#include "data/schema.h"

struct flp_import_form;

enum flp_missing {
	FLP_MISSING_REFUSE,
	FLP_MISSING_DROP,
	FLP_MISSING_MEAN,
	FLP_MISSING_ZERO,
	FLP_MISSING_KEEP,
};

/* Names as base/choice.h says. */
const char *flp_missing_name(unsigned missing);

/* A column that lacks values. */
struct flp_lack {
	const struct flp_column *column;
	uint64_t n; /* how many */
};

/* What stands between the whole part of a number and the rest. */
enum flp_decimal {
	FLP_DECIMAL_POINT,
	FLP_DECIMAL_COMMA,
};

/* Names as base/choice.h says: the mark itself. */
const char *flp_decimal_name(unsigned decimal);

/* The options of an import. Lists of columns are a row of CSV: "age,sex". */
struct flp_wish {
	const char *header;   /* csv: the columns of a file without a header line */
	const char *separator; /* csv: as text/separator.h reads it; NULL: found in the first row */
	enum flp_decimal decimal; /* csv */
	const char *na;       /* csv: texts of a missing value; NULL: FLP_GAPS_USUAL */
	const char **na_in;   /* csv: further ones of one column each, as "COLUMN=TEXT,..." */
	size_t na_ins;        /* how many of these */
	const char *features; /* csv: NULL for all but label and group */
	const char *levels;   /* csv: features that are levels even if they are numbers */
	const char **reference; /* csv: references, "COL=LEVEL" each */
	size_t references;
	const char *label;    /* csv: a column; idx: a file */
	const char *group;    /* csv: a column; idx: a file */
	enum flp_target target; /* of a label; none: classes, but not too many of them */
	enum flp_missing missing; /* csv */
	uint64_t width;       /* libsvm: the greatest index, 0 for what is found */
	enum flp_dtype dtype; /* txt: of the values, f32 or f64 */
};

#define FLP_SOURCE_NOTICES 5 /* kinds of warnings */

struct flp_source {
	const struct flp_import_form *form; /* one that makes data */
	const struct flp_wish *wish; /* the caller's */
	struct flp_in *in;           /* the caller's, at its beginning */
	struct flp_schema schema;   /* given and closed, or made by the scan */
	struct flp_texts features;  /* of the schema, after the scan */
	struct flp_texts lines;     /* its x and y */
	struct flp_frame frame;     /* what the scan finds; client is the caller's */
	int unlabelled;             /* 1: the file lacks the label column of a closed schema, */
	int others;                 /* and has columns that the schema does not name */
	uint64_t dropped;           /* rows that it left out for missing values */
	struct flp_lack *lack;      /* the columns that it found lacking values, in order */
	size_t lacks;
	char separator;             /* the one it found that is not a comma, 0 for none */
	struct flp_error notice[FLP_SOURCE_NOTICES]; /* warnings: what was read may not be meant */
	size_t notices;
	double *scaling;            /* of flp_source_scale: center, then scale */
	void *state;                /* the form's */
};

/* After flp_source_init the caller may put a closed schema into the source. It then
 * scans the source, writes its record, and always closes it, also after a failure. A pipe that is
 * to be read twice is first copied to a temporary file. FLP_ERROR_USAGE of a scan is about an
 * option or the schema; its sentence begins with the part: "features: age: ...". */
void flp_source_init(struct flp_source *source, const struct flp_import_form *form,
    const struct flp_wish *wish, struct flp_in *in);
int flp_source_scan(struct flp_source *source, struct flp_error *e) FLP_CHECKED;
int flp_source_write(struct flp_source *source, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;
void flp_source_close(struct flp_source *source);

/* What became of the missing values of a column: "filled with the mean". */
const char *flp_source_becomes(const struct flp_source *source, const struct flp_column *c);

/* Between scan and write: lets the frame carry the scaling of federated
 * statistics, a record of kind stats with the same features. */
int flp_source_scale(struct flp_source *source, const struct flp_record *stats,
    struct flp_error *e) FLP_CHECKED;

/* For the forms: fills the frame for n rows of d columns, d = 0 for as many as the
 * schema, which is now complete, has features. */
int flp_source_frame(struct flp_source *source, uint64_t n, uint64_t d,
    struct flp_error *e) FLP_CHECKED;

#endif

/* A table in CSV while its rows are read: what the csv form and its two passes
 * share. */
#ifndef FLP_IMPORT_TABLE_H
#define FLP_IMPORT_TABLE_H

#include "import/gaps.h"
#include "import/source.h"
#include "text/csv.h"
#include "text/value.h"

/* What to do about a column that holds both numbers and texts. */
#define FLP_TABLE_MIXED \
	"(see --na-in for missing values; if these are names, give the column to --levels)"

/* A column of the schema in the file. */
struct flp_slot {
	struct flp_column *column;
	enum flp_column_kind kind; /* 0 if the table lacks it */
	int required;   /* 1 for label and group: a value can't be filled in */
	int undeclared; /* 1: the first value that is not missing decides the kind */
	int decided;    /* 1: that value has been seen */
	size_t field;   /* its index in a row of the file */
	const struct flp_gaps *gaps; /* what a missing value looks like */
	size_t feature; /* the index of its first feature in x */
	size_t width;   /* how many features it is */
	long reference; /* the index of the level that is not a feature, or -1 */
	uint64_t count; /* of its values that are not missing */
	uint64_t missing; /* of the others */
	double sum;     /* of its numbers */
	int rounded;    /* 1: one of them is a whole number that f32 does not have */
	double filler;  /* what replaces a missing number */
};

struct flp_table {
	const struct flp_wish *wish; /* the source's, like the schema */
	struct flp_schema *schema;
	struct flp_csv csv;
	struct flp_texts names; /* of the columns that have one */
	size_t *field;          /* where each of them stands */
	size_t *unnamed;        /* where others stand, which must be empty */
	size_t unnameds;
	int given;              /* 1: the schema was closed when the table was opened */
	int doubtful;           /* 1: the header line looks like a row of values */
	size_t width;           /* fields in a row */
	int found;              /* 1: the separator was found in the first row */
	uint64_t row;           /* the current one, from 1 */
	int lost;               /* 1: an error leaves no way to tell where the next row begins */
	struct flp_slot *x, y, group;
	size_t n;               /* x columns */
	struct flp_scaling means; /* of flp_table_fillers, for missing levels */
	struct flp_gaps gaps;   /* of all columns, */
	struct flp_gaps *own;   /* and of those that have more */
	size_t owned;
};

/* Reads the header line, or takes wish->header for it, and finds the columns of the schema:
 * those that the options choose, if it is not closed; otherwise those that it has, of which the
 * file may lack the label (t->y.kind is then 0). The first row comes next. The arguments stay
 * the caller's and must outlive the table, which it closes also after a failure. */
int flp_table_open(struct flp_table *t, const struct flp_wish *wish, struct flp_schema *schema,
    struct flp_in *in, struct flp_error *e) FLP_CHECKED;
void flp_table_close(struct flp_table *t);

/* Sets the separator that the options give, or else the one that the first row shows; t->names has
 * the names of wish->header. Nothing has been read before. */
int flp_table_separator(struct flp_table *t, struct flp_error *e) FLP_CHECKED;

/* Adds texts of a missing value, as flp_gaps_add does. Under FLP_DECIMAL_COMMA, one that is a
 * number with a comma stands for that number. */
int flp_table_add_gaps(const struct flp_table *t, struct flp_gaps *gaps, const char *list,
    struct flp_error *e) FLP_CHECKED;

/* 1 if the names that a separator makes of a row include the columns that the schema or the options
 * name, 0 if not, -1 on error. */
int flp_table_wanted(const struct flp_table *t, const struct flp_field *row, char separator,
    struct flp_error *e) FLP_CHECKED;

/* Gives each slot the texts of its missing values: those of t->gaps and of wish->na_in. The
 * columns have been found. A level of the schema may not be among them: it is FLP_ERROR_USAGE if
 * the options give that text, and FLP_ERROR_BAD if it is one of FLP_GAPS_USUAL. */
int flp_table_gaps(struct flp_table *t, struct flp_error *e) FLP_CHECKED;

/* Under FLP_DECIMAL_COMMA: writes the numbers of the current row with a point in place of the
 * comma, in the features and the label. A number with a point is an error. */
int flp_table_decimal(struct flp_table *t, struct flp_error *e) FLP_CHECKED;

/* 1 for a number in another notation: with a comma, or with thousands separators. */
int flp_table_other_number(const char *s, size_t n);

/* If the value of a column that could be one of numbers is such a number, makes this an error;
 * otherwise returns 0. */
int flp_table_commas(const struct flp_table *t, const struct flp_slot *slot,
    struct flp_error *e) FLP_CHECKED;

/* 1 if the options or the schema name a column, so that the header line must have it. */
int flp_table_chosen(const struct flp_table *t);

/* 1 for a name that is a number. */
int flp_table_number_name(const char *s, size_t n);

/* Reads the header line and takes the names from it. A line that looks like a row of values is
 * refused, unless the options or the schema name a column. */
int flp_table_names(struct flp_table *t, struct flp_error *e) FLP_CHECKED;

/* Refuses wish->header, as FLP_ERROR_USAGE, if the first row has these very names, in any order: it
 * is then a header line. The separator is known, and nothing has been read. */
int flp_table_given(struct flp_table *t, struct flp_error *e) FLP_CHECKED;

/* Reads the header line as a row, for the caller to take names from or to pass over. */
int flp_table_header(struct flp_table *t, struct flp_error *e) FLP_CHECKED;

/* Says that the header line looks like a row of values, where it does. Returns -1. */
int flp_table_doubt(const struct flp_table *t, struct flp_error *e);

/* Goes back to the first row, in an input that can be read twice. */
int flp_table_rewind(struct flp_table *t, struct flp_error *e) FLP_CHECKED;

/* The next row that is not dropped: 1, 0 at the end, -1. */
int flp_table_next(struct flp_table *t, struct flp_error *e) FLP_CHECKED;

/* Put the row or the column before an error; return -1. */
int flp_table_at_row(const struct flp_table *t, struct flp_error *e);
int flp_table_at_column(const struct flp_slot *slot, struct flp_error *e);

/* What stands in the current row where the column is. */
static inline const struct flp_field *
flp_table_field(const struct flp_table *t, const struct flp_slot *slot)
{
	return &t->csv.field[slot->field];
}

/* 1 where there is such a column and its value is missing. */
static inline int
flp_table_missing(const struct flp_table *t, const struct flp_slot *slot)
{
	const struct flp_field *f = flp_table_field(t, slot);

	return slot->kind != 0 && flp_gaps_has(slot->gaps, f->text, f->n);
}

/* What becomes of a missing value: 1 if the column may lack it, else an error. */
int flp_table_gap(const struct flp_table *t, const struct flp_slot *slot,
    struct flp_error *e) FLP_CHECKED;

/* The index of the value among the levels of the column. */
int flp_table_level(const struct flp_table *t, const struct flp_slot *slot, size_t *level,
    struct flp_error *e) FLP_CHECKED;

/* What is not a number, in a column of numbers: 1 where it is missing and may be,
 * else an error. */
int flp_table_other(const struct flp_table *t, const struct flp_slot *slot,
    enum flp_value value, struct flp_error *e) FLP_CHECKED;

/* The value of a column of numbers: 0; 1 where it is missing and may be, and *v stays as it
 * is; else an error. */
static inline int
flp_table_number(const struct flp_table *t, const struct flp_slot *slot, double *v,
    struct flp_error *e)
{
	const struct flp_field *f = flp_table_field(t, slot);
	double found = 0;
	enum flp_value value = flp_value_parse(f->text, f->n, &found);

	if (value != FLP_VALUE_NUMBER)
		return flp_table_other(t, slot, value, e);
	if (flp_gaps_number(slot->gaps, f->text, f->n, found))
		return flp_table_gap(t, slot, e);
	*v = found;
	return 0;
}

/* Lays the features of a closed schema out in x. */
void flp_table_layout(struct flp_table *t);

/* Sets what replaces missing values under FLP_MISSING_MEAN: the center of `means`, whose arrays
 * stay the caller's and must outlive the table; or, if it has no center, the mean of each column
 * of numbers in the n rows that were scanned. Otherwise a missing number becomes 0. The features
 * must be laid out. It is FLP_ERROR_BAD if a mean is not in the range of f32, or if a column that
 * lacks values has no mean: one without numbers, or one that has a reference. */
int flp_table_fillers(struct flp_table *t, const struct flp_scaling *means, uint64_t n,
    struct flp_error *e) FLP_CHECKED;

/* Encodes the current row: x, as many zeros as the schema has features, gets the values; `missing`,
 * which is NULL or as many zeros, gets a 1 for each feature whose value is missing. Under
 * FLP_MISSING_MEAN and FLP_MISSING_ZERO a missing number becomes its slot's `filler`. In a column
 * that has a reference a missing level becomes, under FLP_MISSING_MEAN, the center of each
 * feature in t->means, without which it is an error. The fillers must be set. */
int flp_table_x(const struct flp_table *t, float *x, uint8_t *missing,
    struct flp_error *e) FLP_CHECKED;

/* Sets source->notice after a scan. */
void flp_table_notice(struct flp_source *source);

/* The two passes, as import/forms.h has them. The scan refuses a table whose undeclared levels
 * would become features of much more than the bytes of the input. Levels that the options or
 * the schema declare may make a record of any size, since the caller has declared them. */
int flp_table_scan(struct flp_source *source, struct flp_error *e) FLP_CHECKED;
int flp_table_emit(struct flp_source *source, struct flp_rows *rows,
    struct flp_error *e) FLP_CHECKED;

#endif

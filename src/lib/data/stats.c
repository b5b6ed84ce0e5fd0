#include "data/stats.h"
#include "base/memory.h"
#include "kernel/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums of one column each; `used` counts the values that are not 0. */
struct moments {
	struct flp_exact *sum, *sumsq; /* of f32 data */
	double *square;
	uint64_t *used;
};

static int
at_column(const struct flp_dataset *set, size_t column, struct flp_error *e)
{
	if (set->feature_names.n > 0)
		return flp_error_at(e, "column %s", flp_texts_get(&set->feature_names, column));
	return flp_error_at(e, "column %zu", column);
}

/* Sums of bytes are integers below 2^48: exact, and exact as doubles. */
static void
sum_u8(const struct flp_dataset *set, double *sum, double *sumsq)
{
	for (size_t i = 0; i < set->n; i++)
		for (size_t j = 0; j < set->d; j++) {
			double x = set->x_u8[i * set->d + j];

			sum[j] += x;
			sumsq[j] += x * x;
		}
}

static int
add_row(struct moments *m, const struct flp_dataset *set, size_t row, struct flp_error *e)
{
	const float *x = set->x_f32 + row * set->d;

	for (size_t j = 0; j < set->d; j++) {
		m->square[j] = (double)x[j] * (double)x[j];
		m->used[j] += x[j] != 0;
		if (!(m->square[j] < 0x1p63)) {
			flp_error_bad(e, "row %zu: expected a square below 2^63, found %g: rescale the "
			    "column", row, (double)x[j]);
			return at_column(set, j, e);
		}
	}
	if (flp_exact_add(m->sum, 0, x, FLP_DTYPE_F32, set->d, 1, e) < 0)
		return -1;
	return flp_exact_add(m->sumsq, 0, m->square, FLP_DTYPE_F64, set->d, 1, e);
}

static int
round_column(const struct moments *m, const struct flp_dataset *set, size_t j, double *sum,
    double *sumsq, struct flp_error *e)
{
	if (flp_exact_mean(m->sum, j, sum, FLP_DTYPE_F64, 1, 1, e) < 0 ||
	    flp_exact_mean(m->sumsq, j, sumsq, FLP_DTYPE_F64, 1, 1, e) < 0) {
		flp_error_bad(e, "expected sums below 2^63, found more: rescale the column");
		return at_column(set, j, e);
	}
	if (*sumsq < (double)m->used[j] * 0x1p-40) {
		flp_error_bad(e, "expected a mean square of 2^-40 at least where x is not 0, found "
		    "%g: rescale the column", *sumsq / (double)m->used[j]);
		return at_column(set, j, e);
	}
	return 0;
}

static int
sum_f32(const struct flp_dataset *set, double *sum, double *sumsq, struct flp_error *e)
{
	struct moments m = { 0 };
	int status = -1;

	if ((m.sum = flp_exact_new(set->d, e)) == NULL ||
	    (m.sumsq = flp_exact_new(set->d, e)) == NULL ||
	    (m.square = flp_memory_new(set->d, sizeof *m.square, e)) == NULL ||
	    (m.used = flp_memory_new(set->d, sizeof *m.used, e)) == NULL)
		goto out;
	for (size_t i = 0; i < set->n; i++)
		if (add_row(&m, set, i, e) < 0)
			goto out;
	for (size_t j = 0; j < set->d; j++)
		if (round_column(&m, set, j, &sum[j], &sumsq[j], e) < 0)
			goto out;
	status = 0;
out:
	flp_exact_free(m.sum);
	flp_exact_free(m.sumsq);
	free(m.square);
	free(m.used);
	return status;
}

static int
add_description(struct flp_header *h, const struct flp_dataset *set, const char *name,
    struct flp_error *e)
{
	const struct flp_tensor *t;

	if (flp_record_values(&set->record, name, &t) == NULL)
		return 0;
	return flp_header_add(h, name, t->dtype, t->rank, t->dims, e);
}

static int
make_header(struct flp_header *h, const struct flp_dataset *set, struct flp_error *e)
{
	uint64_t d = set->d, k = set->class_names.n;

	h->privacy = set->record.header.privacy;
	if (flp_meta_copy(&h->meta, &set->record.header.meta, e) < 0 ||
	    flp_meta_set_u64(&h->meta, "examples", set->n, e) < 0 ||
	    flp_header_add(h, "count", FLP_DTYPE_U64, 1, &d, e) < 0 ||
	    flp_header_add(h, "sum", FLP_DTYPE_F64, 1, &d, e) < 0 ||
	    flp_header_add(h, "sumsq", FLP_DTYPE_F64, 1, &d, e) < 0)
		return -1;
	if (set->classes != NULL && flp_header_add(h, "class", FLP_DTYPE_U64, 1, &k, e) < 0)
		return -1;
	if (add_description(h, set, ":features", e) < 0)
		return -1;
	if (set->classes != NULL && add_description(h, set, ":classes", e) < 0)
		return -1;
	return add_description(h, set, ":schema", e);
}

static int
fill(struct flp_record *to, const struct flp_dataset *set, struct flp_error *e)
{
	uint64_t *count = flp_record_values(to, "count", NULL);
	uint64_t *class = flp_record_values(to, "class", NULL);
	double *sum = flp_record_values(to, "sum", NULL);
	double *sumsq = flp_record_values(to, "sumsq", NULL);

	for (size_t j = 0; j < set->d; j++)
		count[j] = set->n;
	for (size_t i = 0; class != NULL && i < set->n; i++)
		class[set->classes[i]]++;
	for (size_t i = 0; i < to->header.tensors; i++) {
		const struct flp_tensor *t = &to->header.tensor[i];

		if (flp_tensor_describes(t))
			memcpy(to->values[i], flp_record_values(&set->record, t->name, NULL),
			    (size_t)t->bytes);
	}
	if (set->x_f32 != NULL)
		return sum_f32(set, sum, sumsq, e);
	sum_u8(set, sum, sumsq);
	return 0;
}

int
flp_stats_record(struct flp_record *to, const struct flp_dataset *set, struct flp_error *e)
{
	struct flp_header h;
	int status = -1;

	memset(to, 0, sizeof *to);
	if (set->n == 0)
		return flp_error_bad(e, "expected rows, found none");
	flp_header_init(&h, FLP_KIND_STATS);
	if (make_header(&h, set, e) == 0 && flp_record_new(to, &h, e) == 0)
		status = fill(to, set, e);
	flp_header_free(&h);
	if (status < 0)
		flp_record_free(to);
	return status;
}

static int
check_column_tensor(const struct flp_record *stats, const char *name, enum flp_dtype dtype,
    uint64_t *d, struct flp_error *e)
{
	const struct flp_tensor *t;

	if (flp_record_values(stats, name, &t) == NULL)
		return flp_error_bad(e, "%s: expected a tensor of that name, found none", name);
	if (t->dtype != dtype || t->rank != 1)
		return flp_error_bad(e, "%s: expected %s of rank 1, found %s of rank %u", name,
		    flp_dtype_name(dtype), flp_dtype_name(t->dtype), t->rank);
	if (*d == 0)
		*d = t->dims[0];
	if (t->dims[0] != *d || *d == 0)
		return flp_error_bad(e, "%s: expected %llu columns, found %llu", name,
		    (unsigned long long)*d, (unsigned long long)t->dims[0]);
	return 0;
}

int
flp_stats_columns(const struct flp_record *stats, size_t *d, struct flp_texts *features,
    struct flp_error *e)
{
	struct flp_texts names;
	uint64_t columns = 0;

	if (stats->header.kind != FLP_KIND_STATS)
		return flp_error_bad(e, "expected a record of kind stats, found %s",
		    flp_kind_name(stats->header.kind));
	if (check_column_tensor(stats, "count", FLP_DTYPE_U64, &columns, e) < 0 ||
	    check_column_tensor(stats, "sum", FLP_DTYPE_F64, &columns, e) < 0 ||
	    check_column_tensor(stats, "sumsq", FLP_DTYPE_F64, &columns, e) < 0 ||
	    flp_description_names(&names, stats, ":features", e) < 0)
		return -1;
	if (names.n != 0 && names.n != columns) {
		flp_error_bad(e, ":features: expected %llu names, found %zu",
		    (unsigned long long)columns, names.n);
		flp_texts_free(&names);
		return -1;
	}
	*d = (size_t)columns;
	if (features != NULL)
		*features = names;
	else
		flp_texts_free(&names);
	return 0;
}

/* n * sumsq - sum^2, by products that fma makes exact: what is left of the
 * difference is then as good as the sums. These carry a relative rounding of
 * 2^-53 each, once where they were made and once where they were added up, so
 * that up to 6 * 2^-53 * sumsq may be nothing but rounding. */
static double
spread(double n, double sum, double sumsq)
{
	double a = n * sumsq, b = sum * sum;
	double s = (a - b) + (fma(n, sumsq, -a) - fma(sum, sum, -b));

	return s > 0x1p-50 * a ? s : 0;
}

int
flp_stats_scaling(const struct flp_record *stats, double *center, double *scale,
    struct flp_error *e)
{
	const uint64_t *count = flp_record_values(stats, "count", NULL);
	const double *sum = flp_record_values(stats, "sum", NULL);
	const double *sumsq = flp_record_values(stats, "sumsq", NULL);
	size_t d;

	if (flp_stats_columns(stats, &d, NULL, e) < 0)
		return -1;
	for (size_t j = 0; j < d; j++) {
		double n = (double)count[j], s;

		if (count[j] < 2 || count[j] > (uint64_t)1 << 53)
			return flp_error_bad(e, "count: column %zu: expected 2 to 2^53 rows, found %llu",
			    j, (unsigned long long)count[j]);
		if (!(fabs(sum[j]) < 0x1p63 && sumsq[j] >= 0 && sumsq[j] < 0x1p63))
			return flp_error_bad(e, "sum, sumsq: column %zu: expected less than 2^63, the "
			    "latter 0 at least, found %g and %g", j, sum[j], sumsq[j]);
		s = spread(n, sum[j], sumsq[j]);
		center[j] = sum[j] / n;
		scale[j] = s > 0 ? sqrt(s / (n * (n - 1))) : 1;
	}
	return 0;
}

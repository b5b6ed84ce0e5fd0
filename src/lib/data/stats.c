#include "data/stats.h"
#include "base/memory.h"
#include "base/simd.h"
#include "kernel/digits.h"

#include <stdlib.h>
#include <string.h>

/* Rows that are added before digits are carried: few enough for tests to see it happen, and
 * for 32 bits to hold the sum of the squares of bytes. */
#define ROWS ((size_t)1 << 16)

_Static_assert(ROWS <= FLP_DIGITS_ROWS && ROWS * 255 * 255 <= UINT32_MAX, "sums overflow");

static int
at_column(const struct flp_dataset *set, size_t column, struct flp_error *e)
{
	if (set->feature_names.n > 0)
		return flp_error_at(e, "column %s", flp_texts_get(&set->feature_names, column));
	return flp_error_at(e, "column %zu", column);
}

/* Counts the rows that have a value in each column. Where a value is missing x is 0, so it
 * adds nothing to the sums. */
static int
count_rows(const struct flp_dataset *set, uint64_t *count, struct flp_error *e)
{
	for (size_t j = 0; j < set->d; j++)
		count[j] = set->n;
	for (size_t i = 0; set->missing != NULL && i < set->n * set->d; i++) {
		if (!set->missing[i])
			continue;
		count[i % set->d]--;
		if (set->x_f32 != NULL ? set->x_f32[i] != 0 : set->x_u8[i] != 0) {
			flp_error_bad(e, "row %zu: expected 0 where the value is missing, found another "
			    "number", i / set->d);
			return at_column(set, i % set->d, e);
		}
	}
	return 0;
}

static void
add_f32(const struct flp_dataset *set, size_t from, size_t to, int64_t *sum, int64_t *sumsq)
{
	for (size_t i = from; i < to; i++)
		flp_digits_add(sum, sumsq, set->x_f32 + i * set->d, set->d);
}

FLP_SIMD static void
add_row_u8(uint32_t *restrict sum, uint32_t *restrict sumsq, const uint8_t *restrict x, size_t d)
{
	for (size_t j = 0; j < d; j++) {
		sum[j] += x[j];
		sumsq[j] += (uint32_t)x[j] * x[j];
	}
}

/* Adds by way of sums of 32 bits in part[2, d]. */
static void
add_u8(const struct flp_dataset *set, size_t from, size_t to, uint32_t *part, int64_t *sum,
    int64_t *sumsq)
{
	size_t d = set->d;

	memset(part, 0, 2 * d * sizeof *part);
	for (size_t i = from; i < to; i++)
		add_row_u8(part, part + d, set->x_u8 + i * d, d);
	for (size_t j = 0; j < d; j++) {
		sum[j * FLP_DIGITS_SUM + FLP_DIGITS_SUM_ONE] += part[j];
		sumsq[j * FLP_DIGITS_SUMSQ + FLP_DIGITS_SUMSQ_ONE] += part[d + j];
	}
}

static int
add_rows(const struct flp_dataset *set, int64_t *sum, int64_t *sumsq, struct flp_error *e)
{
	uint32_t *part = flp_memory_new(set->d, 2 * sizeof *part, e);

	if (part == NULL)
		return -1;
	for (size_t from = 0, to; from < set->n; from = to) {
		to = set->n - from < ROWS ? set->n : from + ROWS;
		if (set->x_f32 != NULL)
			add_f32(set, from, to, sum, sumsq);
		else
			add_u8(set, from, to, part, sum, sumsq);
		flp_digits_carry(sum, FLP_DIGITS_SUM, set->d);
		flp_digits_carry(sumsq, FLP_DIGITS_SUMSQ, set->d);
	}
	free(part);
	return 0;
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

int
flp_stats_tensors(struct flp_header *h, uint64_t d, int classes, uint64_t k,
    struct flp_error *e)
{
	const uint64_t sum[] = { d, FLP_DIGITS_SUM }, sumsq[] = { d, FLP_DIGITS_SUMSQ };

	if (flp_header_add(h, "count", FLP_DTYPE_U64, 1, &d, e) < 0 ||
	    flp_header_add(h, "sum", FLP_DTYPE_I64, 2, sum, e) < 0 ||
	    flp_header_add(h, "sumsq", FLP_DTYPE_I64, 2, sumsq, e) < 0)
		return -1;
	return classes ? flp_header_add(h, "class", FLP_DTYPE_U64, 1, &k, e) : 0;
}

static int
make_header(struct flp_header *h, const struct flp_dataset *set, struct flp_error *e)
{
	h->privacy = set->record.header.privacy;
	if (flp_meta_copy(&h->meta, &set->record.header.meta, e) < 0 ||
	    flp_meta_set_u64(&h->meta, "examples", set->n, e) < 0 ||
	    flp_stats_tensors(h, set->d, set->classes != NULL, set->class_names.n, e) < 0)
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
	uint64_t *class = flp_record_values(to, "class", NULL);

	for (size_t i = 0; class != NULL && i < set->n; i++)
		class[set->classes[i]]++;
	for (size_t i = 0; i < to->header.tensors; i++) {
		const struct flp_tensor *t = &to->header.tensor[i];

		if (flp_tensor_describes(t))
			memcpy(to->values[i], flp_record_values(&set->record, t->name, NULL),
			    (size_t)t->bytes);
	}
	return count_rows(set, flp_record_values(to, "count", NULL), e) < 0 ? -1 : add_rows(set,
	    flp_record_values(to, "sum", NULL), flp_record_values(to, "sumsq", NULL), e);
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
	/* Data may call a column a level that is none. */
	if (make_header(&h, set, e) == 0 && flp_record_new(to, &h, e) == 0 &&
	    fill(to, set, e) == 0)
		status = flp_stats_check(to, e);
	flp_header_free(&h);
	if (status < 0)
		flp_record_free(to);
	return status;
}

/* `digits` is 0 for a tensor of one number a column. */
static int
check_tensor(const struct flp_record *stats, const char *name, uint64_t digits, uint64_t *d,
    struct flp_error *e)
{
	enum flp_dtype dtype = digits > 0 ? FLP_DTYPE_I64 : FLP_DTYPE_U64;
	const struct flp_tensor *t;

	if (flp_record_values(stats, name, &t) == NULL)
		return flp_error_bad(e, "%s: expected a tensor of that name, found none", name);
	if (t->dtype != dtype || t->rank != (digits > 0 ? 2 : 1))
		return flp_error_bad(e, "%s: expected %s of rank %d, found %s of rank %u", name,
		    flp_dtype_name(dtype), digits > 0 ? 2 : 1, flp_dtype_name(t->dtype), t->rank);
	if (*d == 0)
		*d = t->dims[0];
	if (t->dims[0] == 0 || t->dims[0] > FLP_DATASET_FEATURES)
		return flp_error_bad(e, "%s: expected 1 to %zu columns, found %llu", name,
		    FLP_DATASET_FEATURES, (unsigned long long)t->dims[0]);
	if (t->dims[0] != *d)
		return flp_error_bad(e, "%s: expected %llu columns, found %llu", name,
		    (unsigned long long)*d, (unsigned long long)t->dims[0]);
	if (digits > 0 && t->dims[1] != digits)
		return flp_error_bad(e, "%s: expected %llu digits, found %llu", name,
		    (unsigned long long)digits, (unsigned long long)t->dims[1]);
	return 0;
}

int
flp_stats_columns(const struct flp_record *stats, size_t *d, struct flp_texts *features,
    struct flp_error *e)
{
	enum flp_kind kind = stats->header.kind;
	struct flp_texts names;
	uint64_t columns = 0;

	if (kind != FLP_KIND_STATS && kind != FLP_KIND_PARTIAL)
		return flp_error_bad(e, "expected a record of kind stats, found %s",
		    flp_kind_name(kind));
	if (check_tensor(stats, "count", 0, &columns, e) < 0 ||
	    check_tensor(stats, "sum", FLP_DIGITS_SUM, &columns, e) < 0 ||
	    check_tensor(stats, "sumsq", FLP_DIGITS_SUMSQ, &columns, e) < 0 ||
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

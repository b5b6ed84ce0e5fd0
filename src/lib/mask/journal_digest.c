#include "mask/journal_digest.h"
#include "base/memory.h"
#include "base/secret.h"
#include "data/description.h"
#include "data/schema.h"
#include "data/stats.h"
#include "kernel/digits.h"
#include "mask/kdf.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char salt[] = "journal.salt";

int
flp_journal_input(struct flp_digest *to, const struct flp_record *from,
    const struct flp_identity *id, struct flp_error *e)
{
	struct flp_digest plain;
	struct flp_kdf k;

	if (flp_record_digest(from, &plain, e) < 0)
		return -1;
	flp_kdf_begin(&k, id->secret->mask, "input");
	flp_kdf_bytes(&k, plain.byte, sizeof plain.byte);
	flp_kdf_end(&k, to->byte);
	return 0;
}

static int
by_digits(const void *a, const void *b)
{
	return memcmp(a, b, FLP_JOURNAL_COLUMN);
}

static void
end_column(struct flp_kdf *k, char to[FLP_JOURNAL_COLUMN])
{
	unsigned char digest[FLP_KDF_BYTES];
	char text[FLP_JOURNAL_COLUMN];

	flp_kdf_end(k, digest);
	sodium_bin2hex(text, sizeof text, digest, FLP_JOURNAL_COLUMN / 2);
	memcpy(to, text, FLP_JOURNAL_COLUMN - 1);
	to[FLP_JOURNAL_COLUMN - 1] = ' ';
}

static uint64_t
count_of(const struct flp_record *stats, const char *tensor, size_t i)
{
	return ((const uint64_t *)flp_record_values(stats, tensor, NULL))[i];
}

/* The statistics of one column, as a record has them. */
struct column {
	const char *name;
	const uint64_t *count;
	const int64_t *sum, *sumsq;
};

/* Writes the digest of a column. */
static void
write_column(char to[FLP_JOURNAL_COLUMN], const struct column *c, const struct flp_identity *id)
{
	struct flp_kdf k;

	flp_kdf_begin(&k, id->secret->mask, "column");
	flp_kdf_text(&k, c->name != NULL ? c->name : "");
	flp_kdf_bytes(&k, c->count, sizeof *c->count);
	flp_kdf_bytes(&k, c->sum, FLP_DIGITS_SUM * sizeof *c->sum);
	flp_kdf_bytes(&k, c->sumsq, FLP_DIGITS_SUMSQ * sizeof *c->sumsq);
	end_column(&k, to);
}

static struct column
column_of(const struct flp_record *stats, size_t i, const char *name)
{
	return (struct column){ name, (uint64_t *)flp_record_values(stats, "count", NULL) + i,
		(int64_t *)flp_record_values(stats, "sum", NULL) + i * FLP_DIGITS_SUM,
		(int64_t *)flp_record_values(stats, "sumsq", NULL) + i * FLP_DIGITS_SUMSQ };
}

/* What a reference's column would be if it were a feature: whoever has the sums of the n other
 * levels, from column `from` on, can subtract. Returns 0 if the statistics do not tell. */
static int
write_reference(char to[FLP_JOURNAL_COLUMN], const struct flp_record *stats, size_t from, size_t n,
    const char *name, const struct flp_identity *id)
{
	int64_t sum[FLP_DIGITS_SUM] = { 0 }, sumsq[FLP_DIGITS_SUMSQ] = { 0 };
	uint64_t count = count_of(stats, "count", from), rest = count, ones;

	for (size_t i = from; i < from + n; i++) {
		if (!flp_stats_ones(stats, i, &ones) || ones > rest)
			return 0;
		rest -= ones;
	}
	sum[FLP_DIGITS_SUM_ONE] = sumsq[FLP_DIGITS_SUMSQ_ONE] = (int64_t)(rest & UINT32_MAX);
	sum[FLP_DIGITS_SUM_ONE + 1] = sumsq[FLP_DIGITS_SUMSQ_ONE + 1] = (int64_t)(rest >> 32);
	write_column(to, &(struct column){ name, &count, sum, sumsq }, id);
	return 1;
}

static void
write_class(char to[FLP_JOURNAL_COLUMN], const char *label, const char *name, uint64_t count,
    const struct flp_identity *id)
{
	struct flp_kdf k;

	flp_kdf_begin(&k, id->secret->mask, "class");
	flp_kdf_text(&k, label);
	flp_kdf_text(&k, name != NULL ? name : "");
	flp_kdf_u64(&k, count);
	end_column(&k, to);
}

/* The names of the columns and classes of statistics. */
struct columns {
	struct flp_texts features, classes;
	struct flp_schema schema;
	size_t d, k; /* how many columns and classes there are */
};

static int
read_columns(struct columns *c, const struct flp_record *stats, struct flp_error *e)
{
	struct flp_texts lines = { 0 };
	const struct flp_tensor *t;
	int status;

	memset(c, 0, sizeof *c);
	if (flp_stats_columns(stats, &c->d, &c->features, e) < 0 ||
	    flp_description_names(&c->classes, stats, ":classes", e) < 0)
		return -1;
	c->k = flp_record_values(stats, "class", &t) != NULL ? (size_t)t->count : 0;
	status = flp_description_schema(&lines, stats, c->d, &c->features, &c->classes, e);
	if (status == 0)
		status = flp_schema_take(&c->schema, &lines, ":schema", e);
	flp_texts_free(&lines);
	return status;
}

static void
free_columns(struct columns *c)
{
	flp_texts_free(&c->features);
	flp_texts_free(&c->classes);
	flp_schema_free(&c->schema);
}

static size_t
write_references(char *to, const struct columns *c, const struct flp_record *stats,
    const struct flp_identity *id)
{
	char name[2 * FLP_TEXTS_BYTES + 2];
	size_t from = 0, written = 0;

	for (size_t i = 0; i < c->schema.columns; i++) {
		const struct flp_column *x = &c->schema.x[i];
		size_t n = flp_schema_width(&c->schema, x);
		long level = flp_schema_reference(&c->schema, x);

		if (level >= 0 && n > 0 && count_of(stats, "count", from) > 0) {
			snprintf(name, sizeof name, "%s=%s", x->name,
			    flp_texts_get(&x->levels, (size_t)level));
			written += (size_t)write_reference(to + written * FLP_JOURNAL_COLUMN, stats, from, n,
			    name, id);
		}
		from += n;
	}
	return written;
}

/* A column or a class without rows at this site adds nothing to a sum, so a difference of sums
 * reveals nothing about it. */
static size_t
write_all(char *to, const struct columns *c, const struct flp_record *stats,
    const struct flp_identity *id)
{
	const char *label = c->schema.y.name != NULL ? c->schema.y.name : "";
	size_t n = 0;

	for (size_t i = 0; i < c->d; i++) {
		struct column column = column_of(stats, i, flp_texts_get(&c->features, i));

		if (*column.count > 0)
			write_column(to + n++ * FLP_JOURNAL_COLUMN, &column, id);
	}
	n += write_references(to + n * FLP_JOURNAL_COLUMN, c, stats, id);
	for (size_t i = 0; i < c->k; i++)
		if (count_of(stats, "class", i) > 0)
			write_class(to + n++ * FLP_JOURNAL_COLUMN, label, flp_texts_get(&c->classes, i),
			    count_of(stats, "class", i), id);
	return n;
}

char *
flp_journal_columns(const struct flp_record *stats, const struct flp_identity *id,
    struct flp_error *e)
{
	struct columns c;
	char *text = NULL;
	size_t n = 0;

	if (read_columns(&c, stats, e) == 0 &&
	    (text = flp_memory_new(c.d + c.schema.columns + c.k + 1, FLP_JOURNAL_COLUMN, e)) != NULL)
		qsort(text, n = write_all(text, &c, stats, id), FLP_JOURNAL_COLUMN, by_digits);
	if (text != NULL && n == 0)
		strcpy(text, "none"); /* a line has no empty text */
	free_columns(&c);
	return text;
}

int
flp_journal_salt(struct flp_record *to, const struct flp_record *from, struct flp_error *e)
{
	unsigned char bytes[32];
	char text[2 * sizeof bytes + 1];

	*to = *from;
	if (flp_header_copy(&to->header, &from->header, e) < 0)
		return -1;
	if (flp_secret_bytes(bytes, sizeof bytes, e) == 0 &&
	    flp_meta_set(&to->header.meta, salt, sodium_bin2hex(text, sizeof text, bytes, sizeof bytes),
	    sizeof text - 1, e) == 0)
		return 0;
	flp_header_free(&to->header);
	return -1;
}

void
flp_journal_unsalt(struct flp_record *record)
{
	flp_meta_drop(&record->header.meta, salt);
}

#include "mask/journal_digest.h"
#include "base/memory.h"
#include "base/secret.h"
#include "data/description.h"
#include "data/schema.h"
#include "data/stats.h"
#include "mask/kdf.h"

#include <sodium.h>
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

/* Writes the digits of column i. */
static void
write_column(char to[FLP_JOURNAL_COLUMN], const struct flp_record *stats, size_t i,
    const char *name, const struct flp_identity *id)
{
	static const char *const tensor[] = { "count", "sum", "sumsq" };
	struct flp_kdf k;

	flp_kdf_begin(&k, id->secret->mask, "column");
	flp_kdf_text(&k, name != NULL ? name : "");
	for (size_t j = 0; j < sizeof tensor / sizeof *tensor; j++) {
		const struct flp_tensor *t;
		const char *values = flp_record_values(stats, tensor[j], &t);
		size_t width = (size_t)(t->bytes / t->dims[0]);

		flp_kdf_bytes(&k, values + i * width, width);
	}
	end_column(&k, to);
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

/* A column or a class without rows at this site adds nothing to a sum, so a difference of sums
 * reveals nothing about it. */
static size_t
write_all(char *to, const struct columns *c, const struct flp_record *stats,
    const struct flp_identity *id)
{
	const char *label = c->schema.y.name != NULL ? c->schema.y.name : "";
	size_t n = 0;

	for (size_t i = 0; i < c->d; i++)
		if (count_of(stats, "count", i) > 0)
			write_column(to + n++ * FLP_JOURNAL_COLUMN, stats, i,
			    flp_texts_get(&c->features, i), id);
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
	    (text = flp_memory_new(c.d + c.k + 1, FLP_JOURNAL_COLUMN, e)) != NULL)
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

#include "mask/journal_digest.h"
#include "base/memory.h"
#include "base/secret.h"
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

/* The statistics of column i. */
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
write_classes(char to[FLP_JOURNAL_COLUMN], const struct flp_record *stats,
    const struct flp_identity *id)
{
	const struct flp_tensor *t;
	const void *values = flp_record_values(stats, "class", &t);
	struct flp_kdf k;

	flp_kdf_begin(&k, id->secret->mask, "classes");
	flp_kdf_bytes(&k, values, (size_t)t->bytes);
	end_column(&k, to);
}

char *
flp_journal_columns(const struct flp_record *stats, const struct flp_identity *id,
    struct flp_error *e)
{
	struct flp_texts names;
	const struct flp_tensor *t;
	size_t d, classes;
	char *text;

	if (flp_stats_columns(stats, &d, &names, e) < 0)
		return NULL;
	classes = flp_record_values(stats, "class", &t) != NULL ? (size_t)t->count : 0;
	if ((text = flp_memory_new(d + (classes > 0) + 1, FLP_JOURNAL_COLUMN, e)) != NULL) {
		for (size_t i = 0; i < d; i++)
			write_column(text + i * FLP_JOURNAL_COLUMN, stats, i, flp_texts_get(&names, i), id);
		if (classes > 0)
			write_classes(text + d * FLP_JOURNAL_COLUMN, stats, id);
		qsort(text, d + (classes > 0), FLP_JOURNAL_COLUMN, by_digits);
	}
	flp_texts_free(&names);
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

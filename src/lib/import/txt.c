/* Numbers as text, gzipped or not, separated by blanks, newlines or commas: the tensor values
 * [n] of dtype f32 or f64, n at least 1. Errors name the line. */
#include "base/gzip.h"
#include "base/memory.h"
#include "base/number.h"
#include "import/forms.h"
#include "text/encoding.h"
#include "text/value.h"

#include <stdlib.h>
#include <string.h>

#define WORD 1100 /* bytes: more than any double has digits */
#define BLOCK ((size_t)64 << 10)

struct words {
	struct flp_gzip *in;
	char *block;
	const char *at, *end; /* what is left of the block */
	uint64_t line;
	int begun;
	char word[WORD];
	size_t n;
};

struct values {
	double *v;
	size_t n, room;
};

static int
separates(unsigned char c)
{
	return c == ' ' || c == ',' || c == '\n' || (c >= '\t' && c <= '\r');
}

/* Reads the next block, which is empty at the end of the input. */
static int
next_block(struct words *w, struct flp_error *e)
{
	size_t n;

	if (flp_gzip_read(w->in, w->block, BLOCK, &n, e) < 0)
		return -1;
	w->at = w->block;
	w->end = w->block + n;
	if (!w->begun) {
		if (flp_encoding_check(w->at, n, e) < 0)
			return -1;
		w->at += flp_encoding_mark(w->at, n);
	}
	w->begun = 1;
	return 0;
}

/* The next word, which may run over the ends of blocks: 1, 0 at the end, -1. */
static int
next_word(struct words *w, struct flp_error *e)
{
	for (w->n = 0;;) {
		for (; w->at < w->end; w->at++) {
			if (separates((unsigned char)*w->at)) {
				if (w->n > 0)
					return 1;
				w->line += *w->at == '\n';
				continue;
			}
			if (w->n == sizeof w->word)
				return flp_error_bad(e, "expected a number of at most %zu bytes, found "
				    "more", sizeof w->word);
			w->word[w->n++] = *w->at;
		}
		if (next_block(w, e) < 0)
			return -1;
		if (w->at == w->end)
			return w->n > 0;
	}
}

static int
take_word(const struct words *w, enum flp_dtype dtype, double *v, struct flp_error *e)
{
	enum flp_value kind = flp_value_parse(w->word, w->n, v);

	if (kind == FLP_VALUE_NUMBER)
		return 0;
	if (kind != FLP_VALUE_BEYOND || dtype == FLP_DTYPE_F32)
		return flp_value_refuse(kind, w->word, w->n, e);
	/* What is too large for f32 may do for f64. */
	if (flp_number_f64(w->word, w->n, v) == 0)
		return 0;
	flp_error_bad(e, "expected a finite number, found \"%.*s\"", flp_value_shown(w->n), w->word);
	return flp_value_hide(e, w->word, w->n);
}

static int
take_words(struct values *to, struct words *w, enum flp_dtype dtype, struct flp_error *e)
{
	int status;
	double v;

	while ((status = next_word(w, e)) > 0) {
		if (take_word(w, dtype, &v, e) < 0)
			break;
		if (flp_memory_grow(&to->v, &to->room, to->n + 1, sizeof v, e) < 0)
			return -1;
		to->v[to->n++] = v;
	}
	if (status != 0)
		return flp_error_at(e, "line %llu", (unsigned long long)w->line);
	return to->n > 0 ? 0 : flp_error_bad(e, "expected a number, found none");
}

static int
read_values(struct values *to, struct flp_in *in, enum flp_dtype dtype, struct flp_error *e)
{
	struct words w = { .line = 1 };
	int status = -1;

	if ((w.in = flp_gzip_open(in, e)) != NULL && (w.block = flp_memory_new(BLOCK, 1, e)) != NULL)
		status = take_words(to, &w, dtype, e);
	free(w.block);
	flp_gzip_close(w.in);
	return status;
}

static int
read_txt(struct flp_record *to, const struct flp_wish *wish, struct flp_in *in,
    struct flp_error *e)
{
	struct values values = { 0 };
	struct flp_header h;
	uint64_t n;
	int status;

	memset(to, 0, sizeof *to);
	flp_header_init(&h, FLP_KIND_PARAMS);
	if ((status = read_values(&values, in, wish->dtype, e)) == 0) {
		n = values.n;
		status = flp_header_add(&h, "values", wish->dtype, 1, &n, e);
	}
	if (status == 0 && (status = flp_record_new(to, &h, e)) == 0)
		flp_dtype_from_f64(values.v, values.n, wish->dtype, to->values[0]);
	flp_header_free(&h);
	free(values.v);
	return status;
}

const struct flp_import_form flp_import_txt = {
	.name = "txt",
	.makes = FLP_KIND_PARAMS,
	.takes = { "dtype" },
	.read = read_txt,
};

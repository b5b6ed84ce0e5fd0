#include "export/print.h"
#include "base/memory.h"
#include "base/shown.h"
#include "format/record.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
flp_print_text(struct flp_out *out, const char *text, struct flp_error *e)
{
	return flp_out_write(out, text, strlen(text), e);
}

void
flp_print_shown(struct flp_say *s, const char *text, size_t n)
{
	if (s->status == 0)
		s->status = flp_out_shown(s->out, text, n, s->e);
}

void
flp_print_padded(struct flp_say *s, const char *text, int width)
{
	int blanks = width - (int)flp_shown_columns(text, s->out->terminal);

	flp_print_shown(s, text, strlen(text));
	flp_say(s, "%*s", blanks > 0 ? blanks : 0, "");
}

static size_t
print_element(char text[FLP_NUMBER_TEXT], enum flp_dtype dtype, double value,
    const unsigned char *raw)
{
	uint64_t whole;

	if (dtype == FLP_DTYPE_U64 || dtype == FLP_DTYPE_I64) {
		memcpy(&whole, raw, sizeof whole);
		whole = le64toh(whole);
		return (size_t)(dtype == FLP_DTYPE_U64 ?
		    snprintf(text, FLP_NUMBER_TEXT, "%llu", (unsigned long long)whole) :
		    snprintf(text, FLP_NUMBER_TEXT, "%lld", (long long)whole));
	}
	if (!flp_dtype_is_float(dtype) && (dtype & FLP_DTYPE_SUM) == 0)
		return (size_t)snprintf(text, FLP_NUMBER_TEXT, "%lld", (long long)value);
	if (dtype == FLP_DTYPE_F32 || dtype == FLP_DTYPE_F16 || dtype == FLP_DTYPE_BF16)
		return flp_number_print_f32(text, (float)value);
	return flp_number_print(text, value);
}

int
flp_print_value(struct flp_out *out, enum flp_dtype dtype, double value,
    const unsigned char *raw, struct flp_error *e)
{
	char text[FLP_NUMBER_TEXT];

	return flp_out_write(out, text, print_element(text, dtype, value, raw), e);
}

size_t
flp_print_number(char text[FLP_NUMBER_TEXT], const struct flp_blocks *b, size_t i)
{
	enum flp_dtype dtype = b->header->tensor[b->tensor].dtype;
	const unsigned char *raw = b->raw + i * b->digits * flp_dtype_size(dtype);
	return b->digits == 1 ? print_element(text, dtype, b->value[i], raw) :
	    flp_digits_print(text, raw, b->digits);
}

int
flp_print_block(struct flp_out *out, const struct flp_blocks *b, struct flp_error *e)
{
	const struct flp_tensor *t = &b->header->tensor[b->tensor];
	unsigned last = b->digits > 1 ? 2 : 1; /* which dimension from the end is a row */
	uint64_t row = t->rank ? t->dims[t->rank - last] : 1, at = b->at / b->digits;
	char text[FLP_NUMBER_TEXT];

	for (size_t i = 0; i < b->n / b->digits; i++)
		if (flp_out_write(out, text, flp_print_number(text, b, i), e) < 0 ||
		    flp_print_text(out, (at + i + 1) % row == 0 ? "\n" : " ", e) < 0)
			return -1;
	return 0;
}

/* Escapes a line. The tabs that separate the fields of a schema's lines stay. */
static void
escape_line(char *to, size_t room, const struct flp_tensor *t, const char *line, size_t n)
{
	const char *tab;

	while (strcmp(t->name, ":schema") == 0 && (tab = memchr(line, '\t', n)) != NULL) {
		size_t used = flp_shown_text(to, room, line, (size_t)(tab - line));

		to[used++] = '\t';
		to += used;
		room -= used;
		n -= (size_t)(tab + 1 - line);
		line = tab + 1;
	}
	flp_shown_text(to, room, line, n);
}

/* The tensor is read whole, since a block may end inside a character. */
int
flp_print_lines(struct flp_out *out, struct flp_reader *r, const struct flp_tensor *t,
    struct flp_label *label, struct flp_error *e)
{
	void *text;
	char *shown;
	int status = flp_record_tensor(&text, t, r, e);
	size_t room = 4 * (size_t)t->bytes + 1;

	if (status < 0)
		return -1;
	if (label != NULL)
		flp_label_take(label, text, (size_t)t->bytes);
	if ((shown = flp_memory_new(room, 1, e)) == NULL)
		status = -1;
	for (const char *s = text, *end = s + t->bytes; status == 0 && s < end; s++) {
		const char *line = s;

		s = memchr(line, '\n', (size_t)(end - line));
		s = s ? s : end;
		escape_line(shown, room, t, line, (size_t)(s - line));
		status = flp_print_text(out, shown, e) < 0 ? -1 : flp_print_text(out, "\n", e);
	}
	free(shown);
	free(text);
	return status;
}

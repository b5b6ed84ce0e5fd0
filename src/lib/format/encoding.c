#include "format/encoding.h"

#define ENTRY(name) &flp_encoding_##name,

/* A reserved code. A tensor that has it is refused by this name. */
#define KEPT(n, c) &(const struct flp_encoding_kind){ .name = (n), .code = (c) }

static const struct flp_encoding_kind *const table[] = {
	FLP_ENCODINGS(ENTRY)
	KEPT("quantized", FLP_ENCODING_QUANTIZED),
	KEPT("sparse", FLP_ENCODING_SPARSE),
};
#define KINDS (sizeof table / sizeof *table)

static const struct flp_encoding_kind *
row(enum flp_encoding code)
{
	for (size_t i = 0; i < KINDS; i++)
		if (table[i]->code == code)
			return table[i];
	return NULL;
}

const char *
flp_encoding_name(enum flp_encoding code)
{
	const struct flp_encoding_kind *kind = row(code);

	return kind != NULL ? kind->name : NULL;
}

uint32_t
flp_encoding_flag(enum flp_encoding code)
{
	unsigned bit = (unsigned)code - FLP_ENCODING_QUANTIZED;

	return bit < 8 ? 1u << bit : 0;
}

const struct flp_encoding_kind *
flp_encoding_find(enum flp_encoding code)
{
	const struct flp_encoding_kind *kind = row(code);

	return kind != NULL && kind->read != NULL ? kind : NULL;
}

/* Names as base/choice.h says, of those that can be read. */
static const char *
known(unsigned index)
{
	for (size_t i = 0; i < KINDS; i++)
		if (table[i]->read != NULL && index-- == 0)
			return table[i]->name;
	return NULL;
}

const char *
flp_encoding_words(char text[FLP_CHOICE_TEXT])
{
	return flp_choice_list(text, known, 0, ", ", " or ");
}

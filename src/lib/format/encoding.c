#include "format/encoding.h"

#include <stdio.h>

#define ENTRY(name) &flp_encoding_##name,

/* A code that is kept for later. A tensor that has it is refused with this name. */
#define KEPT(n, c) &(const struct flp_encoding_kind){ .name = (n), .code = (c) }

static const struct flp_encoding_kind *const table[] = {
	FLP_ENCODINGS(ENTRY)
	KEPT("quantized", FLP_ENCODING_QUANTIZED),
	KEPT("sparse", FLP_ENCODING_SPARSE),
	KEPT("modular", FLP_ENCODING_MODULAR),
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

const struct flp_encoding_kind *
flp_encoding_find(enum flp_encoding code)
{
	const struct flp_encoding_kind *kind = row(code);

	return kind != NULL && kind->read != NULL ? kind : NULL;
}

void
flp_encoding_words(char text[FLP_ENCODING_WORDS])
{
	size_t n = 0, known = 0, used = 0;

	for (size_t i = 0; i < KINDS; i++)
		n += table[i]->read != NULL;
	for (size_t i = 0; i < KINDS && used < FLP_ENCODING_WORDS; i++) {
		if (table[i]->read == NULL)
			continue;
		known++;
		used += (size_t)snprintf(text + used, FLP_ENCODING_WORDS - used, "%s%s",
		    known == 1 ? "" : known == n ? " or " : ", ", table[i]->name);
	}
}

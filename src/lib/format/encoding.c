#include "format/encoding.h"

#include <stddef.h>

const char *
flp_encoding_name(enum flp_encoding encoding)
{
	static const char *const name[] = { NULL, "dense", "zlib", "quantized", "sparse",
		"modular" };

	return encoding >= FLP_ENCODING_DENSE && encoding <= FLP_ENCODING_MODULAR ? name[encoding] : NULL;
}

#include "format/kind.h"

#include <stddef.h>

const char *
flp_kind_name(enum flp_kind kind)
{
	static const char *const name[] = { NULL, "params", "update", "sum", "partial", "data",
		"stats", "cohort", "state", "masked", "key", "share" };

	return kind >= 1 && kind <= FLP_KINDS ? name[kind] : NULL;
}

#include "format/kind.h"
#include "format/privacy.h"

#include <stddef.h>

#define STATE(name) (1u << FLP_PRIVACY_##name)
/* The states of kinds that are made by joining records. Without any records they are public. */
#define JOINED (STATE(RAW) | STATE(CLIPPED) | STATE(NOISED) | STATE(PUBLIC))

static const struct {
	const char *name;
	unsigned states; /* a bit for each state that it may have */
	int digested;    /* 1: other records name it by its digest */
} table[] = {
	[FLP_KIND_PARAMS] = { "params", JOINED, 1 },
	[FLP_KIND_UPDATE] = { "update", JOINED, 0 },
	[FLP_KIND_SUM] = { "sum", JOINED, 1 },
	[FLP_KIND_PARTIAL] = { "partial", JOINED, 0 },
	[FLP_KIND_DATA] = { "data", STATE(RAW), 0 },
	[FLP_KIND_STATS] = { "stats", JOINED, 0 },
	[FLP_KIND_COHORT] = { "cohort", STATE(RAW), 0 },
	[FLP_KIND_STATE] = { "state", JOINED, 0 },
	[FLP_KIND_MASKED] = { "masked", STATE(MASKED), 0 },
	[FLP_KIND_KEY] = { "key", STATE(RAW), 1 },
	[FLP_KIND_SHARE] = { "share", STATE(RAW), 0 },
};
#define CODES (sizeof table / sizeof *table) /* from 0, which is not a kind */

const char *
flp_kind_name(enum flp_kind kind)
{
	return (unsigned)kind < CODES ? table[kind].name : NULL;
}

int
flp_kind_digested(enum flp_kind kind)
{
	return (unsigned)kind < CODES && table[kind].digested;
}

unsigned
flp_kind_states(enum flp_kind kind)
{
	return (unsigned)kind < CODES ? table[kind].states : 0;
}

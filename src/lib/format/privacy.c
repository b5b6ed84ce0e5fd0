#include "format/privacy.h"

#include <stddef.h>

const char *
flp_privacy_name(enum flp_privacy privacy)
{
	static const char *const name[] = { "raw", "clipped", "noised", "masked", "public" };

	return (unsigned)privacy < FLP_PRIVACIES ? name[privacy] : NULL;
}

int
flp_privacy_allowed(enum flp_kind kind, enum flp_privacy privacy)
{
	return (unsigned)privacy < FLP_PRIVACIES && (flp_kind_states(kind) >> privacy & 1) != 0;
}

int
flp_privacy_join(enum flp_privacy *joined, enum flp_privacy a, enum flp_privacy b,
    struct flp_error *e)
{
	if (flp_privacy_name(a) == NULL || flp_privacy_name(b) == NULL)
		return flp_error_misuse(e, "unknown privacy state %d",
		    (int)(flp_privacy_name(a) == NULL ? a : b));
	if ((a == FLP_PRIVACY_MASKED) != (b == FLP_PRIVACY_MASKED))
		return flp_error_bad(e, "privacy state: expected masked with masked alone, "
		    "found %s with %s", flp_privacy_name(a), flp_privacy_name(b));
	/* But for masked, the codes are in the order of protection. */
	*joined = a < b ? a : b;
	return 0;
}

#include "format/privacy.h"

#include <stddef.h>

const char *
flp_privacy_name(enum flp_privacy privacy)
{
	static const char *const name[] = { "raw", "clipped", "noised", "masked" };

	return (unsigned)privacy < FLP_PRIVACIES ? name[privacy] : NULL;
}

#include "base/secret.h"

#include <sodium.h>

int
flp_secret_bytes(void *to, size_t n, struct flp_error *e)
{
	if (sodium_init() < 0)
		return flp_error_system(e, 0, "the system's random generator");
	randombytes_buf(to, n);
	return 0;
}

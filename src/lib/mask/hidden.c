#include "mask/hidden.h"

#include <errno.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { STACK = 1 << 14 }; /* more than calls into libsodium use */

int
flp_hidden_begin(struct flp_error *e)
{
	static const struct rlimit none;

	if (sodium_init() < 0)
		return flp_error_system(e, 0, "libsodium does not start");
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return flp_error_system(e, errno, "core dumps can't be forbidden");
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return flp_error_system(e, errno, "debuggers can't be forbidden");
	return 0;
}

void
flp_hidden_tidy(void)
{
	sodium_stackzero(STACK);
}

void *
flp_hidden_new(size_t n, size_t size, struct flp_error *e)
{
	void *secret;

	if (sodium_init() < 0) {
		flp_error_system(e, 0, "libsodium does not start");
		return NULL;
	}
	secret = sodium_allocarray(n, size);
	if (secret == NULL)
		flp_error_system(e, errno, "memory for %zu secrets", n);
	else
		sodium_memzero(secret, n * size);
	return secret;
}

void
flp_hidden_free(void *secret)
{
	sodium_free(secret);
}

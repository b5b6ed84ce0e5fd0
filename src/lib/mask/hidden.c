#include "mask/hidden.h"
#include "base/memory.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { STACK = 1 << 14 }; /* bytes, more than calls into libsodium use */

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

int
flp_hidden_record(struct flp_record *to, const struct flp_header *h, struct flp_error *e)
{
	memset(to, 0, sizeof *to);
	if (flp_header_copy(&to->header, h, e) < 0)
		return -1;
	if ((to->values = flp_memory_new(h->tensors, sizeof *to->values, e)) == NULL)
		goto fail;
	for (size_t i = 0; i < h->tensors; i++)
		if ((to->values[i] = flp_hidden_new((size_t)h->tensor[i].bytes, 1, e)) == NULL)
			goto fail;
	return 0;
fail:
	flp_hidden_record_free(to);
	return -1;
}

void
flp_hidden_record_free(struct flp_record *record)
{
	for (size_t i = 0; record->values != NULL && i < record->header.tensors; i++) {
		flp_hidden_free(record->values[i]);
		record->values[i] = NULL;
	}
	flp_record_free(record);
}

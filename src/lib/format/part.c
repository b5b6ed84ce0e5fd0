#include "format/part.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static int
cut_off(const struct flp_in *in, uint64_t missing, const char *part, struct flp_error *e)
{
	return flp_error_bad(e, "%s: cut off at byte %llu, %llu bytes are missing", part,
	    (unsigned long long)in->offset, (unsigned long long)missing);
}

int
flp_part_read(struct flp_in *in, void *to, size_t n, const char *part, struct flp_error *e)
{
	size_t got;

	if (flp_in_read(in, to, n, &got, e) < 0)
		return -1;
	return got < n ? cut_off(in, n - got, part, e) : 0;
}

int
flp_part_skip(struct flp_in *in, uint64_t n, const char *part, struct flp_error *e)
{
	uint64_t got;

	if (flp_in_skip(in, n, &got, e) < 0)
		return -1;
	return got < n ? cut_off(in, n - got, part, e) : 0;
}

int
flp_part_rest(struct flp_in *in, const unsigned char first[FLP_ALIGNMENT], size_t n,
    unsigned char **whole, const char *part, struct flp_error *e)
{
	if (n < FLP_ALIGNMENT)
		return flp_error_misuse(e, "%s of %zu bytes", part, n);
	if ((*whole = flp_memory_new(n, 1, e)) == NULL)
		return -1;
	memcpy(*whole, first, FLP_ALIGNMENT);
	if (flp_part_read(in, *whole + FLP_ALIGNMENT, n - FLP_ALIGNMENT, part, e) == 0)
		return 0;
	free(*whole);
	return -1;
}

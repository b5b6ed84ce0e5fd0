/* Any bytes as a stream of records: read whole, read in part, passed over. */
#include "format/record.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
read_all(unsigned char *bytes, size_t n, int how)
{
	static int nothing = -1;
	struct flp_in in = { .buffer = bytes, .to = n };
	const struct flp_header *h;
	struct flp_record rec;
	struct flp_reader *r;
	struct flp_error e;
	struct flp_id id;
	int status;

	/* Behind the bytes the input ends. */
	if (nothing < 0)
		nothing = open("/dev/null", O_RDONLY);
	in.fd = nothing;
	if ((r = flp_reader_new(&in, &e)) == NULL)
		return;
	while ((status = flp_reader_next(r, &h, &e)) != 0 && !flp_reader_spent(r)) {
		if (status < 0)
			continue;
		if (how == 0 && flp_record_load(&rec, r, h, &e) == 0)
			flp_record_free(&rec);
		else if (how == 1)
			status = flp_reader_finish(r, &id, &e);
		else if (how == 2)
			status = flp_reader_skip(r, &id, &e);
		if (how > 2 || status < 0)
			status = flp_reader_leave(r, &e);
	}
	flp_reader_free(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	for (int how = 0; how < 4; how++) {
		unsigned char *copy = malloc(n + 1);

		if (copy == NULL)
			return 0;
		memcpy(copy, bytes, n);
		read_all(copy, n, how);
		free(copy);
	}
	return 0;
}

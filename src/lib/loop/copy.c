#include "loop/copy.h"
#include "base/memory.h"
#include "format/writer.h"
#include "loop/inputs.h"

#include <stdlib.h>

#define BLOCK ((uint64_t)64 << 10) /* bytes, a multiple of every dtype's size */

static int
copy_values(const struct flp_header *h, struct flp_reader *r, struct flp_writer *w,
    void *block, struct flp_error *e)
{
	for (size_t i = 0; i < h->tensors; i++)
		for (uint64_t left = h->tensor[i].bytes, k; left > 0; left -= k) {
			k = left < BLOCK ? left : BLOCK;
			if (flp_reader_values(r, block, k, e) < 0 ||
			    flp_writer_values(w, block, k, e) < 0)
				return -1;
		}
	return 0;
}

static int
copy_record(const struct flp_header *h, struct flp_reader *r, struct flp_writer *w,
    enum flp_encoding encoding, void *block, struct flp_error *e)
{
	struct flp_header copy;
	struct flp_id id;
	int status = -1;

	if (flp_header_copy(&copy, h, e) < 0)
		return -1;
	for (size_t i = 0; encoding != 0 && i < copy.tensors; i++)
		copy.tensor[i].encoding = encoding;
	if (flp_writer_begin(w, &copy, e) < 0 || copy_values(h, r, w, block, e) < 0 ||
	    flp_reader_finish(r, &id, e) < 0)
		goto done;
	status = flp_writer_end(w, flp_reader_footer(r), NULL, e);
done:
	flp_header_free(&copy);
	return status;
}

int
flp_copy_records(char **paths, struct flp_out *out, enum flp_encoding encoding, uint64_t *n,
    struct flp_error *e)
{
	struct flp_inputs inputs;
	const struct flp_header *h;
	struct flp_writer *w = flp_writer_new(out, e);
	void *block = flp_memory_new(BLOCK, 1, e);
	int status = -1;

	flp_inputs_init(&inputs, paths);
	inputs.some = 1;
	if (w == NULL || block == NULL)
		goto done;
	for (*n = 0; (status = flp_inputs_next(&inputs, &h, e)) > 0; ++*n)
		if (copy_record(h, inputs.reader, w, encoding, block, e) < 0) {
			status = flp_inputs_at(&inputs, e);
			break;
		}
done:
	flp_inputs_close(&inputs);
	flp_writer_free(w);
	free(block);
	return status;
}

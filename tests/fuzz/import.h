/* What the fuzz targets of the importers share: bytes as an input, and an
 * import whose record, where there is one, must be a data set. */
#ifndef FLP_TESTS_FUZZ_IMPORT_H
#define FLP_TESTS_FUZZ_IMPORT_H

#include "data/dataset.h"
#include "import/forms.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define must(ok) do { \
	if (!(ok)) \
		abort(); \
} while (0)

/* A message is a sentence, and its code is no success. */
static inline void
is_error(const struct flp_error *e)
{
	must(e->text[0] != '\0' && e->code >= FLP_ERROR_USAGE && e->code <= FLP_ERROR_SYSTEM);
}

static inline void
bytes_in(struct flp_in *in, const uint8_t *p, size_t n)
{
	struct flp_error e;
	struct flp_out out;

	must(flp_out_temporary(&out, &e) == 0 && flp_out_write(&out, p, n, &e) == 0 &&
	    flp_in_temporary(in, &out, &e) == 0);
}

static inline void
check_record(struct flp_out *out, const struct flp_frame *frame)
{
	const struct flp_header *h;
	struct flp_dataset set;
	struct flp_record rec;
	struct flp_reader *r;
	struct flp_error e;
	struct flp_in in;

	must(flp_in_temporary(&in, out, &e) == 0 && (r = flp_reader_new(&in, &e)) != NULL);
	must(flp_reader_next(r, &h, &e) == 1 && flp_record_load(&rec, r, h, &e) == 0);
	must(flp_reader_next(r, &h, &e) == 0);
	must(flp_dataset_from(&set, &rec, &e) == 0);
	must(set.n == frame->n && set.d == frame->d);
	flp_dataset_free(&set);
	flp_reader_free(r);
	flp_in_close(&in);
}

/* The whole way of fl-import. Rows that would fill the disk are left out. */
static inline void
import(struct flp_source *source)
{
	struct flp_error e = { 0 };
	struct flp_out out;

	if (flp_source_scan(source, &e) < 0) {
		is_error(&e);
		return;
	}
	if (source->frame.n * source->frame.d > 1 << 20)
		return;
	must(flp_out_temporary(&out, &e) == 0);
	if (flp_source_write(source, &out, &e) == 0)
		check_record(&out, &source->frame);
	else
		is_error(&e);
	flp_out_discard(&out);
}

#endif

/* Numbers as text into parameters, as f32 or f64 by the first byte. */
#include "import.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct flp_wish wish = { .dtype = n > 0 && p[0] & 1 ? FLP_DTYPE_F64 : FLP_DTYPE_F32 };
	struct flp_error e = { 0 };
	struct flp_record rec;
	struct flp_in in;
	size_t where;

	if (n == 0)
		return 0;
	bytes_in(&in, p + 1, n - 1);
	if (flp_import_txt.read(&rec, &wish, &in, &e) < 0)
		is_error(&e);
	else
		must(rec.header.tensor[0].count > 0 && flp_dtype_finite(rec.values[0], wish.dtype,
		    (size_t)rec.header.tensor[0].count, &where));
	flp_record_free(&rec);
	flp_in_close(&in);
	return 0;
}

/* LIBSVM into a data record; the first byte chooses the options. */
#include "import.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct flp_wish wish = { .target = FLP_TARGET_CLASS };
	struct flp_source source;
	struct flp_in in;

	if (n == 0)
		return 0;
	if (p[0] & 1)
		wish.target = FLP_TARGET_NUMBER;
	wish.width = p[0] >> 1;
	bytes_in(&in, p + 1, n - 1);
	flp_source_init(&source, &flp_import_libsvm, &wish, &in);
	import(&source);
	flp_source_close(&source);
	flp_in_close(&in);
	return 0;
}

/* CSV into a data record; the first byte chooses the options. */
#include "import.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct flp_wish wish = { .target = FLP_TARGET_CLASS };
	struct flp_source source;
	struct flp_in in;

	if (n == 0)
		return 0;
	wish.missing = (enum flp_missing)(p[0] & 3);
	if (p[0] & 4)
		wish.label = "y";
	if (p[0] & 8)
		wish.group = "g";
	if (p[0] & 16)
		wish.target = FLP_TARGET_NUMBER;
	if (p[0] & 32)
		wish.header = "a,y,g";
	if (p[0] & 64)
		wish.levels = "a";
	if (p[0] & 128)
		wish.features = "a,b";
	bytes_in(&in, p + 1, n - 1);
	flp_source_init(&source, &flp_import_csv, &wish, &in);
	import(&source);
	flp_source_close(&source);
	flp_in_close(&in);
	return 0;
}

/* CSV into a data record; the first two bytes choose the options. */
#include "import.h"

/* How the table is written as text. */
static void
choose_text(struct flp_wish *wish, uint8_t bits)
{
	static const char *const separator[] = { NULL, "tab", "semicolon", "|" };
	static const char *const na[] = { NULL, "", "x,-9", "\"a,b\",u" };
	static const char *in[] = { "a=-1,here", "y=0" };

	wish->separator = separator[bits & 3];
	wish->na = na[bits >> 2 & 3];
	if (bits & 16)
		wish->decimal = FLP_DECIMAL_COMMA;
	if (bits & 32) {
		wish->na_in = in;
		wish->na_ins = sizeof in / sizeof *in;
	}
	if (bits & 64)
		wish->missing = FLP_MISSING_KEEP;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct flp_wish wish = { .target = FLP_TARGET_CLASS };
	struct flp_source source;
	struct flp_in in;

	if (n < 2)
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
	choose_text(&wish, p[1]);
	bytes_in(&in, p + 2, n - 2);
	flp_source_init(&source, &flp_import_csv, &wish, &in);
	import(&source);
	flp_source_close(&source);
	flp_in_close(&in);
	return 0;
}

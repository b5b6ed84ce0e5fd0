/* IDX into a data record. The first byte says which parts there are, two
 * lengths follow: labels, groups; what is left are the examples. */
#include "import.h"

#include <stdio.h>

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct flp_wish wish = { .target = FLP_TARGET_CLASS };
	char label[32], group[32];
	struct flp_source source;
	struct flp_in x, y, g;
	size_t k, m;

	if (n < 3)
		return 0;
	k = p[1] < n - 3 ? p[1] : n - 3;
	m = p[2] < n - 3 - k ? p[2] : n - 3 - k;
	bytes_in(&y, p + 3, k);
	bytes_in(&g, p + 3 + k, m);
	bytes_in(&x, p + 3 + k + m, n - 3 - k - m);
	snprintf(label, sizeof label, "/proc/self/fd/%d", y.fd);
	snprintf(group, sizeof group, "/proc/self/fd/%d", g.fd);
	if (p[0] & 1)
		wish.label = label;
	if (p[0] & 2)
		wish.group = group;
	flp_source_init(&source, &flp_import_idx, &wish, &x);
	import(&source);
	flp_source_close(&source);
	flp_in_close(&x);
	flp_in_close(&y);
	flp_in_close(&g);
	return 0;
}

/* A site's policy, which tightened by itself is the same. */
#include "import.h"
#include "privacy/site.h"

#include <string.h>

static void
check_same(const struct flp_site *a, const struct flp_site *b)
{
	const struct flp_site_key *key;

	for (size_t i = 0; (key = flp_site_key(i)) != NULL; i++) {
		const struct flp_site_limit *x = flp_site_limit(a, key), *y = flp_site_limit(b, key);

		must(x->set == y->set && x->line == y->line && x->names.n == y->names.n);
		must(!x->set || (x->number == y->number &&
		    (x->text == NULL) == (y->text == NULL)));
		must(!x->set || x->text == NULL || strcmp(x->text, y->text) == 0);
	}
}

static int
take(struct flp_site *site, const uint8_t *p, size_t n, struct flp_error *e)
{
	struct flp_in in;
	int status;

	bytes_in(&in, p, n);
	status = flp_site_read(site, &in, e);
	flp_in_close(&in);
	return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct flp_site once = { 0 }, twice = { 0 };
	struct flp_error e = { 0 };

	if (take(&once, p, n, &e) < 0) {
		is_error(&e);
		must(!flp_site_ruled(&once));
	} else {
		must(take(&twice, p, n, &e) == 0 && take(&twice, p, n, &e) == 0);
		check_same(&once, &twice);
		must(once.min_rows.set && once.min_count.set && once.max_levels.set);
		if (flp_site_settle(&once, &e) < 0)
			is_error(&e);
		if (flp_site_cell(&once, n, 2 * n, &e) < 0)
			is_error(&e);
	}
	flp_site_free(&once);
	flp_site_free(&twice);
	return 0;
}

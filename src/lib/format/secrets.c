#include "format/secrets.h"

const char flp_secrets_sentence[] = "secrets of this site, which are not shown and never leave";

int
flp_secrets_in(const struct flp_header *h)
{
	return h->kind == FLP_KIND_STATE &&
	    (flp_meta_is(&h->meta, "verb", "key") || flp_meta_is(&h->meta, "verb", "secret"));
}

int
flp_secrets_check(const struct flp_header *h, struct flp_error *e)
{
	return flp_secrets_in(h) ? flp_error_bad(e, "found %s", flp_secrets_sentence) : 0;
}

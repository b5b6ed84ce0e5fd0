#include "format/called.h"

/* The sorts, by the metadata key `verb`. */
static const struct {
	enum flp_kind kind;
	const char *verb, *called;
} table[] = {
	{ FLP_KIND_STATE, "key", "state (the secret key of a party)" },
	{ FLP_KIND_STATE, "secret", "state (secrets of a journal)" },
	{ FLP_KIND_KEY, "identity", "key (the public key of a party)" },
	{ FLP_KIND_KEY, "roster", "key (a roster)" },
	{ FLP_KIND_KEY, "leave", "key (a leave message)" },
	{ FLP_KIND_KEY, "advertise", "key (an advertise message)" },
	{ FLP_KIND_KEY, "graph", "key (a graph)" },
	{ FLP_KIND_KEY, "confirm", "key (a confirm message)" },
	{ FLP_KIND_SHARE, "share", "share (a share message)" },
	{ FLP_KIND_SHARE, "deliver", "share (an inbox)" },
	{ FLP_KIND_SHARE, "reveal", "share (a reveal message)" },
	{ FLP_KIND_COHORT, "survivors", "cohort (a list of survivors)" },
};

const char *
flp_called(const struct flp_header *h)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (h->kind == table[i].kind && flp_meta_is(&h->meta, "verb", table[i].verb))
			return table[i].called;
	return flp_kind_name(h->kind);
}

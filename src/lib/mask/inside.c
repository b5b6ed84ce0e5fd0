#include "mask/inside.h"
#include "mask/journal.h"

int
flp_inside_find(struct flp_record *inside, const char *folder, const struct flp_record *masked,
    struct flp_error *e)
{
	struct flp_digest digest;
	struct flp_journal j;
	long found;
	int status;

	if (flp_record_digest(masked, &digest, e) < 0 || flp_journal_open(&j, folder, NULL, e) < 0)
		return -1;
	found = flp_journal_of(&j, &digest);
	status = found >= 0 ? flp_journal_inside(&j, (size_t)found, inside, e) : flp_error_bad(e,
	    "%s: expected a journal with this record, found one without it", folder);
	flp_journal_close(&j);
	return status;
}

#include "mask/inside.h"
#include "mask/journal.h"

#include <string.h>

/* 1 if message i of the journal has this digest, 0 if not. */
static int
is_message(const struct flp_journal *j, size_t i, const struct flp_digest *masked,
    struct flp_error *e)
{
	struct flp_record message;
	struct flp_digest digest;
	int status;

	if (strcmp(j->entry[i].verb, "apply") != 0)
		return 0;
	if (flp_journal_message(j, i, &message, e) < 0)
		return -1;
	status = flp_record_digest(&message, &digest, e) < 0 ? -1 :
	    memcmp(&digest, masked, sizeof digest) == 0;
	flp_record_free(&message);
	return status;
}

int
flp_inside_find(struct flp_record *inside, const char *folder, const struct flp_record *masked,
    struct flp_error *e)
{
	struct flp_digest digest;
	struct flp_journal j;
	int found = 0;
	size_t i;

	if (flp_record_digest(masked, &digest, e) < 0 || flp_journal_open(&j, folder, NULL, e) < 0)
		return -1;
	for (i = j.n; i > 0 && found == 0; i--)
		found = is_message(&j, i - 1, &digest, e);
	if (found > 0)
		found = flp_journal_inside(&j, i, inside, e) < 0 ? -1 : 1;
	flp_journal_close(&j);
	return found != 0 ? found < 0 ? -1 : 0 : flp_error_bad(e, "%s: expected a journal with this "
	    "record, found one without it", folder);
}

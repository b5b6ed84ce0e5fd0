#include "mask/inside.h"
#include "mask/journal.h"
#include "mask/signed.h"

#include <string.h>

/* The message was found by its digest, which does not cover the signature. So the signature is
 * checked too, or a record with bytes that nobody has looked at could leave the site. */
static int
check_signature(const struct flp_journal *j, size_t i, const struct flp_record *masked,
    struct flp_error *e)
{
	unsigned char was[FLP_SIGNED_BYTES], is[FLP_SIGNED_BYTES];
	struct flp_record sent;
	int status;

	if (flp_journal_message(j, i, &sent, e) < 0)
		return -1;
	status = flp_signed_bytes(&sent, was, e);
	flp_record_free(&sent);
	if (status < 0 || flp_signed_bytes(masked, is, e) < 0)
		return -1;
	return memcmp(was, is, sizeof was) == 0 ? 0 : flp_error_bad(e, "signature: expected the one "
	    "that was sent with this record, found another");
}

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
	if ((found = flp_journal_of(&j, &digest)) < 0)
		status = flp_error_bad(e, "%s: expected a journal with this record, found one without it: "
		    "give --state the folder NAME.state of the site that masked it", folder);
	else if ((status = check_signature(&j, (size_t)found, masked, e)) == 0)
		status = flp_journal_inside(&j, (size_t)found, inside, e);
	flp_journal_close(&j);
	return status;
}

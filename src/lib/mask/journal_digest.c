#include "mask/journal_digest.h"
#include "base/secret.h"
#include "mask/kdf.h"

#include <sodium.h>

static const char salt[] = "journal.salt";

int
flp_journal_input(struct flp_digest *to, const struct flp_record *from,
    const struct flp_identity *id, struct flp_error *e)
{
	struct flp_digest plain;
	struct flp_kdf k;

	if (flp_record_digest(from, &plain, e) < 0)
		return -1;
	flp_kdf_begin(&k, id->secret->mask, "input");
	flp_kdf_bytes(&k, plain.byte, sizeof plain.byte);
	flp_kdf_end(&k, to->byte);
	return 0;
}

int
flp_journal_salt(struct flp_record *to, const struct flp_record *from, struct flp_error *e)
{
	unsigned char bytes[32];
	char text[2 * sizeof bytes + 1];

	*to = *from;
	if (flp_header_copy(&to->header, &from->header, e) < 0)
		return -1;
	if (flp_secret_bytes(bytes, sizeof bytes, e) == 0 &&
	    flp_meta_set(&to->header.meta, salt, sodium_bin2hex(text, sizeof text, bytes, sizeof bytes),
	    sizeof text - 1, e) == 0)
		return 0;
	flp_header_free(&to->header);
	return -1;
}

void
flp_journal_unsalt(struct flp_record *record)
{
	flp_meta_drop(&record->header.meta, salt);
}

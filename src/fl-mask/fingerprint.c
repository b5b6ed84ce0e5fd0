/* fl-mask fingerprint: print digests of rosters and public keys for people to compare. */
#include "base/text.h"
#include "fl-mask/verbs.h"
#include "mask/roster.h"

#include <stdio.h>
#include <string.h>

struct options {
	struct flp_bad bad;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_STRICT(TO(bad.strict)),
	CLI_FILES,
	{ 0 },
};

const struct cli_tool mask_fingerprint_tool = { "fl-mask fingerprint",
	"Print the digests of rosters and public keys in groups to read out.", "[FILE]...", 0, -1,
	options };

/* Says what was digested, in words[room]. The record is taken over. */
static int
describe(char *words, size_t room, struct flp_record *record, struct flp_digest *digest,
    struct flp_error *e)
{
	struct flp_identity_public party;
	struct flp_roster roster;
	int status;

	if (flp_meta_is(&record->header.meta, "verb", "roster")) {
		if (flp_roster_take(&roster, record, NULL, e) < 0)
			return -1;
		snprintf(words, room, "roster of %zu, session %s", roster.n, roster.session);
		*digest = roster.digest;
		flp_roster_free(&roster);
		return 0;
	}
	status = flp_identity_public(&party, record, e);
	if (status == 0) {
		snprintf(words, room, "key of %s", party.name);
		status = flp_record_digest(record, digest, e);
	}
	flp_record_free(record);
	return status;
}

static int
print(void *out, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	char words[2048], shown[4 * sizeof words], groups[FLP_FINGERPRINT_TEXT];
	struct flp_record record;
	struct flp_digest digest;

	if (flp_record_load(&record, in->reader, h, e) < 0 ||
	    describe(words, sizeof words, &record, &digest, e) < 0)
		return -1;
	flp_identity_fingerprint(&digest, groups);
	flp_text_escape(shown, sizeof shown, words, strlen(words));
	cli_print(out, "%s\t%s\n", groups, shown);
	return 0;
}

int
mask_fingerprint(int argc, char **argv)
{
	struct options o = { .bad.tell = cli_left_out };
	char **paths = cli_start(argc, argv, &mask_fingerprint_tool, &o);
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	cli_stdout(&out);
	flp_inputs_init(&in, paths);
	cli_end(&out, flp_each_record(&in, &o.bad, print, &out, &e), &e, &o.bad);
}

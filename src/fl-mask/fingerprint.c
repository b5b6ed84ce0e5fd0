/* fl-mask fingerprint: print digests of rosters and public keys for people to compare.
 *
 * For a roster it also prints the names of the members and the digests of their keys, which the
 * members see when they print the fingerprints of their own keys. */
#include "base/shown.h"
#include "fl-mask/verbs.h"
#include "mask/roster.h"

#include <stdio.h>
#include <string.h>

#define WORDS 2048 /* bytes of a text and its NUL */

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

/* Prints a line: the groups of a digest, and words that say what it is of. */
static void
print_line(struct flp_out *out, const struct flp_digest *digest, const char *words)
{
	char shown[4 * WORDS], groups[FLP_FINGERPRINT_TEXT];

	flp_identity_fingerprint(digest, groups);
	flp_shown_text(shown, sizeof shown, words, strlen(words));
	cli_print(out, "%s\t%s\n", groups, shown);
}

static void
print_key(struct flp_out *out, const struct flp_digest *digest, const char *name)
{
	char words[WORDS];

	snprintf(words, sizeof words, "key of %s", name);
	print_line(out, digest, words);
}

/* Prints the line of a roster, and then a line for each member, the same as for its public key. */
static int
print_roster(struct flp_out *out, struct flp_record *record, struct flp_error *e)
{
	struct flp_identity_public party;
	struct flp_digest digest;
	struct flp_roster r;
	char words[WORDS];
	int status = 0;

	if (flp_roster_take(&r, record, NULL, e) < 0)
		return -1;
	snprintf(words, sizeof words, "roster of %zu, session %s", r.n, r.session);
	print_line(out, &r.digest, words);
	for (size_t i = 0; status == 0 && i < r.n; i++) {
		flp_roster_member(&r, i, &party);
		if ((status = flp_identity_digest(&digest, &party, e)) == 0)
			print_key(out, &digest, party.name);
	}
	flp_roster_free(&r);
	return status;
}

static int
print(void *out, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_identity_public party;
	struct flp_record record;
	struct flp_digest digest;
	int status;

	if (flp_record_load(&record, in->reader, h, e) < 0)
		return -1;
	if (flp_meta_is(&record.header.meta, "verb", "roster"))
		return print_roster(out, &record, e);
	status = flp_identity_public(&party, &record, e);
	if (status == 0 && (status = flp_record_digest(&record, &digest, e)) == 0)
		print_key(out, &digest, party.name);
	flp_record_free(&record);
	return status;
}

int
mask_fingerprint(int argc, char **argv)
{
	struct options o = { .bad.tell = cli_tell };
	char **paths = cli_start(argc, argv, &mask_fingerprint_tool, &o);
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	cli_stdout(&out);
	cli_inputs_init(&in, paths);
	cli_end(&out, flp_each_record(&in, &o.bad, print, &out, &e), &e, &o.bad);
}

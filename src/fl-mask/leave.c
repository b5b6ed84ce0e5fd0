/* fl-mask leave: sign that this site has masked nothing in a round or a later one, and will not.
 *
 * With this message the others can go on without this site. A site that has already masked
 * something can't leave: the server may have its masked update, and a sum with this update and one
 * without it would give the update away. */
#include "fl-mask/verbs.h"
#include "mask/silo.h"

struct options {
	struct mask_key key;
	const char *roster;
	uint64_t round;
	int stats;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_KEY_OPTIONS(key),
	CLI_INPUT(0, "roster", TO(roster), "ROSTER", cli_required, "the roster that it leaves"),
	CLI_COUNT('r', "round", TO(round), "N", 0, CLI_COUNT_MOST, cli_required,
		"the first round in which it takes no part"),
	CLI_FLAG(0, "stats", TO(stats), "leave the rounds of statistics, not those of updates"),
	{ 0 },
};

const struct cli_tool mask_leave_tool = { "fl-mask leave",
	"Sign that this site takes no part in a round or any later one.", "", 0, 0, options };

int
mask_leave(int argc, char **argv)
{
	struct options o = { 0 };
	struct mask_party party;
	struct flp_roster roster;
	struct flp_record message;
	struct flp_error e;
	struct flp_out out;
	size_t self;
	int status;

	cli_start(argc, argv, &mask_leave_tool, &o);
	cli_records(&out);
	cli_check(flp_roster_load(&roster, o.roster, NULL, &e), &e, NULL);
	if ((status = mask_party_open(&party, &o.key, &e)) == 0) {
		if ((status = flp_roster_self(&roster, &party.id, &self, &e)) < 0)
			flp_error_at(&e, "%s", flp_in_name(o.roster));
		else
			status = flp_silo_leave(&roster, &party.journal, o.round, o.stats, &message, &e);
	}
	mask_party_close(&party);
	flp_roster_free(&roster);
	cli_check(status, &e, NULL);
	cli_write(&out, &message);
	flp_record_free(&message);
	cli_finish(&out, 0);
}

/* fl-mask advertise: say that a client will take part in a round, and make its keys for the round.
 *
 * The first turn of a round of fleet mode. If it is called again for the same round, it writes the
 * same bytes. With --anew the round begins again, with new keys. */
#include "mask/advertise.h"
#include "fl-mask/fleet.h"
#include "fl-mask/verbs.h"

struct options {
	struct mask_clients clients;
	struct mask_round_options round;
	int anew;
};

struct turn {
	const struct mask_fleet *fleet;
	int anew;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	MASK_CLIENT_OPTIONS(clients),
	MASK_ROUND_OPTIONS(round),
	CLI_FLAG(0, "anew", TO(anew), "begin a failed round again, with new keys"),
	{ 0 },
};

const struct cli_tool mask_advertise_tool = { "fl-mask advertise",
	"Say that a client takes part in a round, with fresh keys.", "", 0, 0, options };

static int
take(void *context, size_t i, struct flp_journal *j, struct flp_record *message,
    struct flp_error *e)
{
	const struct turn *t = context;
	const struct flp_roster *roster = t->fleet->trust.roster;
	size_t self;

	(void)i;
	if (roster != NULL && flp_roster_self(roster, j->id, &self, e) < 0)
		return flp_error_at(e, "roster");
	return flp_advertise(message, j, &t->fleet->round, t->anew, e);
}

int
mask_advertise(int argc, char **argv)
{
	struct options o = { 0 };
	struct mask_fleet f;
	struct flp_out out;

	cli_start(argc, argv, &mask_advertise_tool, &o);
	cli_records(&out);
	mask_fleet_begin(&f, &o.round);
	mask_clients_each(&o.clients, &(struct mask_turn){ take, &(struct turn){ &f, o.anew } }, &out);
}

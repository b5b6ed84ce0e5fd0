/* fl-stats: tell the counts and moments of each data set, but none of its rows.
 *
 * Each data record becomes one record of kind stats: rows, sums and sums of
 * squares of each column, rows of each class. They add up. A data set with a count of
 * fewer rows, or people, than the site's policy allows is refused, unless the statistics are to
 * be masked: then only their sum over all sites is looked at. */
#include "cli.h"
#include "data/stats.h"
#include "privacy/cells.h"

#include <string.h>

struct options {
	struct flp_bad bad;
	const char *policy, *subject;
	int to_mask;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_TEXT(0, "subject", TO(subject), "COLUMN", NULL,
		"count people, not rows, for the policy: COLUMN is the group column, which says whose "
		"row it is"),
	CLI_FLAG(0, "to-mask", TO(to_mask),
		"check no counts, and let the statistics leave only through fl-mask"),
	CLI_POLICY(TO(policy)),
	CLI_STRICT(TO(bad.strict)),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-stats",
	"Count the rows and sum the columns of data sets.",
	"[FILE]...", 0, -1, options };

/* What is needed to make a data set into statistics. */
struct count {
	struct flp_site site;
	const char *subject;
	int to_mask;
	struct flp_out out;
};

/* Whether a feature or the label has this name, so that it is not that of the groups. */
static int
is_column(const struct flp_dataset *set, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < set->schema.n; i++) {
		const char *role = flp_texts_get(&set->schema, i);
		const char *column = strchr(strchr(role, '\t') + 1, '\t') + 1;

		if (strncmp(column, name, n) == 0 && (column[n] == '\t' || column[n] == '\0'))
			return 1;
	}
	return flp_texts_find(&set->feature_names, name, n) >= 0;
}

/* Asks the policy, or says that only a mask may let the statistics out. */
static int
check(const struct count *c, struct flp_record *stats, const struct flp_dataset *set,
    struct flp_error *e)
{
	if (c->to_mask)
		return flp_meta_set_text(&stats->header.meta, "leaves", "masked", e);
	if (c->subject == NULL)
		return flp_cells_check(&c->site, stats, set, e);
	if (set->group == NULL)
		return flp_error_bad(e, "subject: expected data with groups, found none (see fl-import "
		    "--group)");
	if (is_column(set, c->subject))
		return flp_error_bad(e, "subject: expected the group column, found %s, which is a "
		    "feature or the label", c->subject);
	return flp_cells_people(&c->site, stats, set, set->group, set->group_names.n, e);
}

static int
count(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct count *c = context;
	struct flp_record data, stats;
	struct flp_dataset set;
	int status = -1;

	if (flp_record_load(&data, in->reader, h, e) < 0)
		return -1;
	if (flp_dataset_from(&set, &data, e) == 0) {
		if (flp_stats_record(&stats, &set, e) == 0) {
			if ((status = check(c, &stats, &set, e)) == 0)
				cli_write(&c->out, &stats);
			flp_record_free(&stats);
		}
		flp_dataset_free(&set);
	}
	flp_record_free(&data);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = { .bad.tell = cli_tell };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct count c = { .subject = o.subject, .to_mask = o.to_mask };
	struct flp_inputs in;
	struct flp_error e;

	if (o.to_mask && o.subject != NULL)
		cli_usage("option --subject: not allowed with --to-mask, which checks no counts");
	cli_policy(&c.site, o.policy);
	cli_records(&c.out);
	cli_inputs_init(&in, paths);
	cli_end(&c.out, flp_each_record(&in, &o.bad, count, &c, &e), &e, &o.bad);
}

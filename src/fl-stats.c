/* fl-stats: tell the counts and moments of each data set, but none of its rows.
 *
 * Each data record becomes one record of kind stats: rows, sums and sums of
 * squares of each column, rows of each class. They add up. */
#include "cli.h"
#include "data/stats.h"

struct options {
	struct flp_bad bad;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_STRICT(TO(bad.strict)),
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-stats",
	"Count the rows and sum the columns of data sets.",
	"[FILE]...", 0, -1, options };

static int
count(void *out, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct flp_record data, stats;
	struct flp_dataset set;
	int status = -1;

	if (flp_record_load(&data, in->reader, h, e) < 0)
		return -1;
	if (flp_dataset_from(&set, &data, e) == 0) {
		if ((status = flp_stats_record(&stats, &set, e)) == 0) {
			cli_write(out, &stats);
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
	struct options o = { .bad.tell = cli_left_out };
	char **paths = cli_start(argc, argv, &tool, &o);
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;

	cli_records(&out);
	flp_inputs_init(&in, paths);
	cli_end(&out, flp_each_record(&in, &o.bad, count, &out, &e), &e, &o.bad);
}

/* fl-stats: tell of each data set its counts and moments, and no row.
 *
 * Each data record becomes one record of kind stats: rows, sums and sums of
 * squares of each column, rows of each class. They add up. */
#include "cli.h"
#include "data/stats.h"
#include "loop/inputs.h"

static const struct cli_option options[] = {
	CLI_FILES,
	{ 0 },
};

static const struct cli_tool tool = { "fl-stats",
	"Count the rows and sum the columns of data sets.",
	"[FILE]...", 0, -1, options };

/* The statistics of the record just read, which is freed. */
static void
take(const struct flp_inputs *inputs, struct flp_record *data, struct flp_record *stats)
{
	struct flp_dataset set;
	struct flp_error e;

	cli_check(flp_dataset_from(&set, data, &e), &e, inputs->place);
	cli_check(flp_stats_record(stats, &set, &e), &e, inputs->place);
	flp_dataset_free(&set);
}

int
main(int argc, char **argv)
{
	char **paths = cli_start(argc, argv, &tool, NULL);
	struct flp_record data, stats;
	struct flp_inputs inputs;
	struct flp_error e;
	struct flp_out out;
	int more;

	cli_records(&out);
	flp_inputs_init(&inputs, paths);
	inputs.some = 1;

	while ((more = flp_inputs_record(&inputs, &data, &e)) > 0) {
		take(&inputs, &data, &stats);
		cli_write(&out, &stats);
		flp_record_free(&stats);
	}
	cli_check(more, &e, NULL);

	flp_inputs_close(&inputs);
	cli_finish(&out, 0);
}

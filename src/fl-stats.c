/* fl-stats: tell of each data set its counts and moments, and no row.
 *
 * Each data record becomes one record of kind stats: rows, sums and sums of
 * squares of each column, rows of each class. They add up. */
#include "cli.h"
#include "data/stats.h"
#include "loop/inputs.h"

static const struct cli_option options[] = {
	{ 0, NULL, 0, 0, NULL, 0, 0, NULL, NULL },
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

	if (flp_dataset_from(&set, data, &e) < 0 || flp_stats_record(stats, &set, &e) < 0) {
		flp_inputs_at(inputs, &e);
		cli_fail(&e);
	}
	flp_dataset_free(&set);
}

int
main(int argc, char **argv)
{
	char **paths = cli_start(argc, argv, &tool, NULL);
	struct flp_record data, stats;
	struct flp_writer *writer;
	struct flp_inputs inputs;
	struct flp_error e;
	struct flp_out out;
	uint64_t records = 0;
	int more;

	cli_stdout(&out);
	flp_inputs_init(&inputs, paths);
	if ((writer = flp_writer_new(&out, &e)) == NULL)
		cli_fail(&e);

	for (; (more = flp_inputs_record(&inputs, &data, &e)) > 0; records++) {
		take(&inputs, &data, &stats);
		if (flp_record_write(&stats, writer, &e) < 0) {
			flp_error_at(&e, "standard output");
			cli_fail(&e);
		}
		flp_record_free(&stats);
	}
	if (more == 0 && records == 0)
		more = flp_error_bad(&e, "%s: expected a record, found nothing", inputs.place);
	if (more < 0)
		cli_fail(&e);

	flp_inputs_close(&inputs);
	flp_writer_free(writer);
	cli_finish(&out, 0);
}

/* fl-put: store records from standard input in a file, whole or not at all.
 *
 * Every record is checked on the way. The file has its final name only when
 * all of it is on the disk; an empty or damaged input leaves what was there. */
#include "cli.h"
#include "loop/copy.h"

struct options {
	uint64_t expect;
	int zlib, quick;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_COUNT('n', "expect", TO(expect), "N", 1, 1e15, NULL,
		"refuse any other number of records"),
	CLI_FLAG('z', "zlib", TO(zlib), "store the values compressed"),
	CLI_FLAG('q', "no-sync", TO(quick), "do not wait for the disk: atomic, but not durable"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-put",
	"Store records from standard input in FILE, whole or not at all.",
	"FILE", 1, 1, options };

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **path = cli_start(argc, argv, &tool, &o);
	char *from[] = { "-", NULL };
	struct flp_error e;
	struct flp_out out;
	uint64_t n;

	cli_check(flp_out_create(&out, path[0], &e), &e, path[0]);
	if (flp_copy_records(from, &out, o.zlib ? FLP_ENCODING_ZLIB : 0, &n, &e) < 0)
		goto fail;
	if (o.expect != 0 && n != o.expect) {
		flp_error_bad(&e, "stdin: records: expected %llu, found %llu",
		    (unsigned long long)o.expect, (unsigned long long)n);
		goto fail;
	}
	cli_check(flp_out_commit(&out, !o.quick, &e), &e, NULL);
	return 0;
fail:
	flp_out_discard(&out);
	cli_fail(&e);
}

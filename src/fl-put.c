/* fl-put: store records from standard input in a file, whole or not at all.
 *
 * Every record is checked on the way. The file gets its final name only when
 * all of it is on the disk; an empty or damaged input leaves what was there. */
#include "cli.h"
#include "format/insecure.h"
#include "loop/map.h"

#include <string.h>

struct options {
	uint64_t expect;
	int zlib, quick, insecure;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_COUNT('n', "expect", TO(expect), "N", 1, 1e15, NULL,
		"fail unless there are exactly N records"),
	CLI_FLAG(0, "zlib", TO(zlib), "compress the values"),
	CLI_FLAG('q', "no-sync", TO(quick),
		"do not wait for the disk: FILE is whole, but may be lost if the machine stops"),
	CLI_INSECURE(TO(insecure)),
	{ 0 },
};

static const struct cli_tool tool = { "fl-put",
	"Store records from standard input in FILE, whole or not at all.",
	"FILE", 1, 1, options };

static int
prepare(void *context, struct flp_header *h, struct flp_error *e)
{
	const struct options *o = context;

	for (size_t i = 0; o->zlib && i < h->tensors; i++)
		if (h->tensor[i].encoding != FLP_ENCODING_MODULAR) /* masked values don't shrink */
			h->tensor[i].encoding = FLP_ENCODING_ZLIB;
	return flp_insecure_check(&h->meta, o->insecure, e);
}

static int
check_footer(void *context, struct flp_meta *footer, struct flp_error *e)
{
	return flp_insecure_check(footer, ((const struct options *)context)->insecure, e);
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **path = cli_start_names(argc, argv, &tool, &o);
	char *from[] = { "-", NULL };
	const struct flp_map map = { .context = &o, .edit = prepare, .end = check_footer };
	struct flp_inputs in;
	struct flp_error e;
	struct flp_out out;
	uint64_t n;

	if (strcmp(path[0], "-") == 0)
		cli_usage("expected a name for the file, found - (a file of that name is ./-)");
	cli_check(flp_out_create(&out, path[0], &e), &e, path[0]);
	cli_inputs_init(&in, from);
	in.some = 1;
	cli_check(flp_map_records(&map, &in, &out, &n, &e), &e, NULL);
	if (o.expect != 0 && n != o.expect)
		cli_check(flp_error_bad(&e, "standard input: records: expected %llu, found %llu",
		    (unsigned long long)o.expect, (unsigned long long)n), &e, NULL);
	cli_check(flp_out_commit(&out, !o.quick, &e), &e, NULL);
	return 0;
}

/* fl-cmp: compare the numbers of two files of records, within a tolerance.
 *
 * Silent and 0 where all agree; 1 where something differs, and the first
 * difference of each kind is named. Metadata counts with --meta alone: two
 * runs may differ in where their numbers came from. */
#include "cli.h"
#include "loop/blocks.h"
#include "loop/inputs.h"

#include <math.h>
#include <string.h>

struct options {
	double absolute, relative;
	int meta, verbose;
};

#define TO(field) offsetof(struct options, field)
static const struct cli_option options[] = {
	{ 't', "tolerance", CLI_REAL, TO(absolute), "ABS", 0, 1e300, "0",
		"greatest difference of two values that agree" },
	{ 'r', "relative", CLI_REAL, TO(relative), "REL", 0, 1, "0",
		"plus this times the larger magnitude" },
	{ 'm', "meta", CLI_FLAG, TO(meta), NULL, 0, 0, NULL,
		"compare metadata and privacy state too" },
	{ 'v', "verbose", CLI_FLAG, TO(verbose), NULL, 0, 0, NULL,
		"print the greatest difference found" },
	{ 0 },
};

static const struct cli_tool tool = { "fl-cmp",
	"Compare the numbers of two files of records, within a tolerance.",
	"FILE1 FILE2", 2, 2, options };

struct difference {
	double most;
	uint64_t count;
};

/* Doubles hold 64-bit integers and exact sums only to 53 bits, so equal raw
 * bytes are asked for where no tolerance is given. */
static void
compare_block(const struct flp_blocks *a, const struct flp_blocks *b,
    const struct options *o, struct difference *d)
{
	const struct flp_tensor *t = &a->header->tensor[a->tensor];
	size_t size = flp_dtype_size(t->dtype);

	for (size_t i = 0; i < a->n; i++) {
		double x = a->value[i], y = b->value[i], gap = fabs(x - y);

		if (memcmp(a->raw + i * size, b->raw + i * size, size) == 0)
			continue;
		if (!(gap <= d->most))
			d->most = gap;
		if (gap <= o->absolute + o->relative * fmax(fabs(x), fabs(y)) &&
		    (gap > 0 || o->absolute > 0 || o->relative > 0 || x == 0))
			continue;
		if (d->count++ == 0)
			cli_warn("tensor %s: value %llu: %.17g and %.17g differ", t->name,
			    (unsigned long long)(a->at + i), x, y);
	}
}

static int
same_headers(const struct flp_header *a, const struct flp_header *b, struct flp_error *e)
{
	if (a->kind != b->kind)
		return flp_error_bad(e, "kinds differ: %s and %s", flp_kind_name(a->kind),
		    flp_kind_name(b->kind));
	return flp_header_same_tensors(a, b, e);
}

/* Compares one record of each input: 1 when they agree, 0 when not, -1. */
static int
compare_record(struct flp_inputs *a, const struct flp_header *ha, struct flp_inputs *b,
    const struct flp_header *hb, const struct options *o, struct difference *d,
    struct flp_error *e)
{
	struct flp_blocks x, y;
	struct flp_id id[2];
	uint64_t before = d->count;
	int more;

	if (same_headers(ha, hb, e) < 0) {
		cli_warn("%s", e->text);
		return 0;
	}
	if (flp_blocks_init(&x, a->reader, ha, e) < 0 || flp_blocks_init(&y, b->reader, hb, e) < 0)
		return -1;
	for (size_t i = 0; i < ha->tensors; i++) {
		while ((more = flp_blocks_next(&x, i, e)) > 0) {
			if (flp_blocks_next(&y, i, e) < 0)
				return flp_inputs_at(b, e);
			compare_block(&x, &y, o, d);
		}
		if (more < 0)
			return flp_inputs_at(a, e);
	}
	if (flp_reader_finish(a->reader, &id[0], e) < 0)
		return flp_inputs_at(a, e);
	if (flp_reader_finish(b->reader, &id[1], e) < 0)
		return flp_inputs_at(b, e);
	flp_blocks_free(&x);
	flp_blocks_free(&y);
	if (o->meta && (ha->privacy != hb->privacy || ha->meta.n != hb->meta.n ||
	    (ha->meta.n > 0 && memcmp(ha->meta.text, hb->meta.text, ha->meta.n) != 0))) {
		cli_warn("metadata or privacy state differ");
		return 0;
	}
	return d->count == before;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	char **path = cli_start(argc, argv, &tool, &o);
	char *first[] = { path[0], NULL }, *second[] = { path[1], NULL };
	struct flp_inputs a, b;
	const struct flp_header *ha, *hb;
	struct difference d = { 0 };
	struct flp_error e;
	struct flp_out out;
	int same = 1;

	flp_inputs_init(&a, first);
	flp_inputs_init(&b, second);
	cli_stdout(&out);
	while (same) {
		int more_a = flp_inputs_next(&a, &ha, &e), more_b;

		if (more_a < 0 || (more_b = flp_inputs_next(&b, &hb, &e)) < 0)
			cli_fail(&e);
		if (more_a != more_b)
			cli_warn("%s ends before %s", more_a ? path[1] : path[0],
			    more_a ? path[0] : path[1]);
		if (!more_a || !more_b) {
			same = same && more_a == more_b;
			break;
		}
		if ((same = compare_record(&a, ha, &b, hb, &o, &d, &e)) < 0)
			cli_fail(&e);
	}
	if (o.verbose)
		cli_print(&out, "greatest difference %.17g\n", d.most);
	cli_finish(&out, same ? 0 : 1);
}

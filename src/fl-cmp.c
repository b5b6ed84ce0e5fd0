/* fl-cmp: compare the numbers of two files of records, within a tolerance.
 *
 * Silent, with status 0, if all agree; 1 if something differs, and the first value
 * that differs in each record is named. Both files are read to their ends: damage
 * is damage, wherever it is. Metadata are compared only under --meta, since two
 * runs may differ in where their numbers came from. */
#include "cli.h"
#include "export/print.h"
#include "format/secrets.h"
#include "loop/zip.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct options {
	double absolute, relative;
	int meta, verbose;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_REAL('t', "tolerance", TO(absolute), "ABS", 0, 1e300, "0",
		"let two values agree if they differ by at most ABS"),
	CLI_REAL(0, "relative", TO(relative), "REL", 0, 1, "0",
		"also let them differ by REL times the larger magnitude"),
	CLI_FLAG(0, "meta", TO(meta), "compare metadata and privacy states too"),
	CLI_FLAG('v', "verbose", TO(verbose), "print the greatest difference found"),
	{ 0 },
};

static const struct cli_tool tool = { "fl-cmp",
	"Compare the numbers of two files of records, within a tolerance.",
	"FILE1 FILE2", 2, 2, options };

struct compare {
	struct options o;
	struct flp_inputs a, b;
	double most;    /* the greatest difference so far */
	int same;       /* all so far */
	int named;      /* the first value of this record that differs */
	char place[32]; /* "record 2: ", nothing for the first */
};

/* One number may have two forms, since digits are added up without carrying. */
static int
same_digits(const unsigned char *raw_x, const unsigned char *raw_y, size_t digits)
{
	struct flp_wide x = flp_digits_wide(raw_x, digits), y = flp_digits_wide(raw_y, digits);

	return flp_wide_compare(&x, &y) == 0;
}

/* Doubles hold 64-bit integers and exact sums only to 53 bits, so equal raw
 * bytes are asked for where no tolerance is given. */
static int
agree(struct compare *c, const unsigned char *raw_x, const unsigned char *raw_y, size_t digits,
    size_t size, double x, double y)
{
	double gap = fabs(x - y);

	if (memcmp(raw_x, raw_y, size) == 0 || (digits > 1 && same_digits(raw_x, raw_y, digits)))
		return 1;
	if (!(gap <= c->most))
		c->most = gap;
	return gap <= c->o.absolute + c->o.relative * fmax(fabs(x), fabs(y)) &&
	    (gap > 0 || c->o.absolute > 0 || c->o.relative > 0 || x == 0);
}

static void
name_values(const struct compare *c, const struct flp_blocks *a, const struct flp_blocks *b,
    size_t i)
{
	const struct flp_tensor *t = &a->header->tensor[a->tensor];
	char x[FLP_NUMBER_TEXT], y[FLP_NUMBER_TEXT];

	flp_print_number(x, a, i);
	flp_print_number(y, b, i);
	/* Sums are printed rounded. */
	cli_warn("%stensor %s: value %llu: %s and %s differ%s", c->place, t->name,
	    (unsigned long long)(a->at / a->digits + i), x, y,
	    strcmp(x, y) == 0 ? " beyond these digits" : "");
}

static int
compare_block(void *context, struct flp_blocks *a, struct flp_blocks *b, struct flp_error *e)
{
	struct compare *c = context;
	size_t value = flp_dtype_size(a->header->tensor[a->tensor].dtype);
	size_t size = a->digits * value; /* of a number */
	const double *x, *y;

	(void)e;
	if (memcmp(a->raw, b->raw, a->n * value) == 0)
		return 0;
	x = flp_blocks_f64(a);
	y = flp_blocks_f64(b);
	for (size_t i = 0; i < a->n / a->digits; i++)
		if (!agree(c, a->raw + i * size, b->raw + i * size, a->digits, size, x[i], y[i]) &&
		    !c->named) {
			name_values(c, a, b, i);
			c->named = 1;
		}
	return 0;
}

static int
same_headers(const struct flp_header *a, const struct flp_header *b, struct flp_error *e)
{
	if (a->kind != b->kind)
		return flp_error_bad(e, "kinds differ: %s and %s", flp_kind_name(a->kind),
		    flp_kind_name(b->kind));
	return flp_header_same_tensors(a, b, e);
}

/* A footer's metadata are there once the record is finished. */
static int
same_meta(const struct flp_header *a, const struct flp_header *b)
{
	return a->privacy == b->privacy && a->meta.n == b->meta.n &&
	    (a->meta.n == 0 || memcmp(a->meta.text, b->meta.text, a->meta.n) == 0);
}

static int
compare_record(struct compare *c, const struct flp_header *ha, const struct flp_header *hb,
    struct flp_error *e)
{
	const struct flp_zip zip = { .context = c, .first = c->a.place, .body = compare_block };
	const struct flp_zipped a = { .in = &c->a, .header = ha }, b = { .in = &c->b, .header = hb };
	uint64_t number = flp_reader_number(c->a.reader);
	struct flp_id id;

	if (flp_secrets_check(ha, e) < 0)
		return flp_inputs_at(&c->a, e);
	if (flp_secrets_check(hb, e) < 0)
		return flp_inputs_at(&c->b, e);
	c->named = 0;
	if (number > 1)
		snprintf(c->place, sizeof c->place, "record %llu: ", (unsigned long long)number);
	if (same_headers(ha, hb, e) < 0) {
		cli_warn("%s%s", c->place, e->text);
		c->same = 0;
		if (flp_inputs_finish(&c->a, &id, e) < 0 || flp_inputs_finish(&c->b, &id, e) < 0)
			return -1;
	} else if (flp_zip(&zip, &a, &b, e) < 0) {
		return -1;
	}
	c->same = c->same && !c->named;
	if (c->o.meta && !same_meta(ha, hb)) {
		cli_warn("%smetadata or privacy state differ", c->place);
		c->same = 0;
	}
	return 0;
}

/* Reads and so checks what is left. */
static int
finish(struct flp_inputs *in, struct flp_error *e)
{
	const struct flp_header *h;
	int more;

	while ((more = flp_inputs_next(in, &h, e)) > 0)
		;
	return more;
}

int
main(int argc, char **argv)
{
	struct compare c = { .same = 1 };
	char **path = cli_start(argc, argv, &tool, &c.o);
	char *first[] = { path[0], NULL }, *second[] = { path[1], NULL };
	const struct flp_header *ha, *hb;
	struct flp_error e;
	struct flp_out out;
	int more_a, more_b;

	cli_inputs_init(&c.a, first);
	cli_inputs_init(&c.b, second);
	c.a.some = strcmp(path[0], "-") == 0;
	c.b.some = strcmp(path[1], "-") == 0;
	cli_stdout(&out);
	for (;;) {
		if ((more_a = flp_inputs_next(&c.a, &ha, &e)) < 0 ||
		    (more_b = flp_inputs_next(&c.b, &hb, &e)) < 0)
			cli_fail(&e);
		if (!more_a || !more_b)
			break;
		cli_check(compare_record(&c, ha, hb, &e), &e, NULL);
	}
	if (more_a != more_b) {
		if (finish(more_a ? &c.a : &c.b, &e) < 0)
			cli_fail(&e);
		cli_warn("%s ends before %s", flp_in_name(path[more_a ? 1 : 0]),
		    flp_in_name(path[more_a ? 0 : 1]));
		c.same = 0;
	}
	if (c.o.verbose)
		cli_print(&out, "greatest difference %.17g\n", c.most);
	cli_finish(&out, c.same ? 0 : 1);
}

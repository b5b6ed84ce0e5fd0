/* CSV that a model predicts for; the first byte chooses the options. For each row there must be
 * its line or its message. */
#include "import.h"
#include "import/table.h"
#include "model/predict.h"

#include <stdio.h>
#include <string.h>

/* A model of a number, a column of levels and classes, which the file is encoded for. */
static void
make(struct flp_model *m)
{
	static const char schema[] = "x\tnumber\ta\nx\tlevel\tb\t1\nx\tlevel\tb\tu\n"
	    "y\tclass\ty\t0\ny\tclass\ty\tno\n";
	static const double center[] = { 2, 0.5, 0.25 }, scale[] = { 1, 2, 3 };
	struct flp_model_spec spec = { .arch = "dense 2", .inputs = 3, .seed = 1,
		.privacy = FLP_PRIVACY_RAW };
	struct flp_texts lines = { 0 }, features = { 0 };
	struct flp_schema s = { 0 };
	struct flp_record record;
	struct flp_writer *w;
	struct flp_error e;
	struct flp_out out;
	char path[64];

	must(flp_texts_parse_fields(&lines, schema, sizeof schema - 1, &e) == 0);
	must(flp_schema_take(&s, &lines, "schema", &e) == 0);
	must(flp_schema_features(&s, &features, &e) == 0);
	spec.description = (struct flp_description){ .features = &features,
		.classes = &s.y.levels, .schema = &lines, .scaling = { center, scale, 3 } };
	must(flp_model_new(&record, &spec, &e) == 0);
	must(flp_out_temporary(&out, &e) == 0 && (w = flp_writer_new(&out, &e)) != NULL);
	must(flp_record_write(&record, w, &e) == 0 && flp_out_flush(&out, &e) == 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", out.fd);
	must(flp_model_load(m, NULL, path, &e) == 0);
	flp_writer_free(w);
	flp_out_discard(&out);
	flp_record_free(&record);
	flp_schema_free(&s);
	flp_texts_free(&lines);
	flp_texts_free(&features);
}

static void
count(const struct flp_error *e)
{
	is_error(e);
}

/* The lines that were written. */
static uint64_t
count_lines(struct flp_out *out)
{
	const unsigned char *block;
	struct flp_error e;
	struct flp_in in;
	uint64_t lines = 0;
	size_t n;

	must(flp_in_temporary(&in, out, &e) == 0);
	do {
		must(flp_in_buffered(&in, &block, &n, &e) == 0);
		for (size_t i = 0; i < n; i++)
			lines += block[i] == '\n';
	} while (n > 0);
	flp_in_close(&in);
	return lines;
}

static uint64_t
rows_of(const struct flp_model *m, const struct flp_wish *wish, const uint8_t *p, size_t n)
{
	struct flp_table table;
	struct flp_schema s = { 0 };
	struct flp_error e;
	struct flp_in in;
	uint64_t rows = 0;

	bytes_in(&in, p, n);
	must(flp_schema_take(&s, &m->schema, "schema", &e) == 0);
	s.closed = 1;
	must(flp_table_open(&table, wish, &s, &in, &e) == 0);
	while (flp_table_next(&table, &e) != 0)
		rows++;
	flp_table_close(&table);
	flp_schema_free(&s);
	flp_in_close(&in);
	return rows;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const enum flp_missing missing[] = { FLP_MISSING_REFUSE, FLP_MISSING_MEAN,
		FLP_MISSING_ZERO, FLP_MISSING_REFUSE };
	static struct flp_model model;
	struct flp_wish wish = { 0 };
	struct flp_predict predict;
	struct flp_error e;
	struct flp_out out;
	struct flp_in in;
	unsigned top;
	int status;

	if (n == 0)
		return 0;
	if (model.params == NULL)
		make(&model);
	wish.missing = missing[p[0] & 3];
	if (p[0] & 4)
		wish.header = "a,b,k";
	top = p[0] >> 3 & 3;
	must(flp_out_temporary(&out, &e) == 0);
	must(flp_predict_init(&predict, &model, &out, &e) == 0);
	predict.table.key = p[0] & 32 ? "k" : NULL;
	predict.table.top = top < 3 ? top : 0;
	predict.table.json = p[0] >> 6 & 1;
	predict.bad.tell = count;
	bytes_in(&in, p + 1, n - 1);
	status = flp_predict_csv(&predict, &wish, &in, &e);
	if (status < 0)
		is_error(&e);
	else
		must(count_lines(&out) == (rows_of(&model, &wish, p + 1, n - 1) - predict.bad.n) *
		    (top == 2 && !predict.table.json ? 2 : 1));
	flp_out_discard(&out);
	flp_predict_free(&predict);
	flp_in_close(&in);
	return 0;
}

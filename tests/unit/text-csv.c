/* text/csv, text/lines, text/value, import/gaps: random rows against a splitter that goes byte by
 * byte, with lines across the ends of blocks; which texts are numbers, and which are missing. */
#include "import/gaps.h"
#include "text/csv.h"
#include "text/value.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static uint64_t state = 7;

static uint64_t
roll(uint64_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (state >> 33) % below;
}

static void
open_text(struct flp_in *in, const char *text, size_t n)
{
	struct flp_error e;
	struct flp_out out;

	CHECK(flp_out_temporary(&out, &e) == 0 && flp_out_write(&out, text, n, &e) == 0 &&
	    flp_in_temporary(in, &out, &e) == 0, "%s", e.text);
}

/* A field: its value, and how it is written. */
struct sample {
	char meant[16], written[64];
};

static void
make_sample(struct sample *s)
{
	static const char *const quoted[] = { "a,b", "\"", "x\ny", "\r\n", " pad ", "", "\n\n", ",\"," };
	static const char *const plain[] = { "1.5", "", "x y", "-3", "NA", "\xc3\xa9" };
	static const char *const blanks[] = { "", " ", "\t", "  " };
	const char *left = blanks[roll(4)], *right = blanks[roll(4)];
	char *to = s->written;

	if (roll(2)) {
		strcpy(s->meant, plain[roll(6)]);
		sprintf(s->written, "%s%s%s", left, s->meant, right);
		return;
	}
	strcpy(s->meant, quoted[roll(8)]);
	to += sprintf(to, "%s\"", left);
	for (const char *p = s->meant; *p; p++) {
		if (*p == '"')
			*to++ = '"';
		*to++ = *p;
	}
	sprintf(to, "\"%s", right);
}

/* Looking at a row and at the line after it changes nothing. */
static void
peek(struct flp_csv *csv)
{
	struct flp_field row, after;
	struct flp_error e;

	CHECK(flp_csv_peek(csv, &row, roll(2) ? NULL : &after, &e) == 1, "%s", e.text);
	CHECK(memchr(row.text, csv->separator, row.n) != NULL, "a row without separators");
	CHECK(flp_csv_peek(csv, &row, &after, &e) == 1, "again: %s", e.text);
}

static void
check_rows(struct flp_csv *csv, const struct sample *sample, size_t rows, size_t columns)
{
	struct flp_error e;

	for (size_t i = 0; i < rows; i++) {
		if (roll(3) == 0)
			peek(csv);
		CHECK(flp_csv_next(csv, &e) == 1, "row %zu: %s", i, e.text);
		CHECK(csv->n == columns, "row %zu: %zu fields", i, csv->n);
		for (size_t k = 0; k < columns && k < csv->n; k++) {
			const struct flp_field *f = &csv->field[k];
			const char *meant = sample[i * columns + k].meant;

			CHECK(f->n == strlen(meant) && memcmp(f->text, meant, f->n) == 0,
			    "row %zu, field %zu: expected \"%s\", found \"%.*s\"", i, k, meant,
			    (int)f->n, f->text);
		}
	}
	CHECK(flp_csv_next(csv, &e) == 0, "the end");
}

static void
test_round_trip(size_t rows, size_t columns, const char *end, int mark, char separator)
{
	char between[] = { separator, '\0' };
	struct sample *sample = malloc(rows * columns * sizeof *sample);
	char *text = malloc(rows * columns * 70 + 8), *to = text;
	struct flp_csv csv;
	struct flp_error e;
	struct flp_in in;

	if (mark)
		to += sprintf(to, "\xef\xbb\xbf");
	for (size_t i = 0; i < rows * columns; i++) {
		make_sample(&sample[i]);
		to += sprintf(to, "%s%s", sample[i].written, (i + 1) % columns ? between : end);
		if ((i + 1) % columns == 0 && roll(9) == 0)
			to += sprintf(to, "%s", end); /* an empty line */
	}
	open_text(&in, text, (size_t)(to - text));
	CHECK(flp_csv_open(&csv, &in, &e) == 0, "%s", e.text);
	csv.separator = separator;
	check_rows(&csv, sample, rows, columns);
	CHECK(flp_csv_rewind(&csv, &e) == 0, "%s", e.text);
	check_rows(&csv, sample, rows, columns);
	flp_csv_close(&csv);
	flp_in_close(&in);
	free(sample);
	free(text);
}

/* A row of `n` bytes is taken or refused; memory is that of the row. */
static void
test_long(size_t n, int status)
{
	char *text = malloc(n + 4);
	struct flp_csv csv;
	struct flp_error e;
	struct flp_in in;

	strcpy(text, "a\n");
	memset(text + 2, '1', n);
	text[n + 2] = '\n';
	open_text(&in, text, n + 3);
	CHECK(flp_csv_open(&csv, &in, &e) == 0 && flp_csv_next(&csv, &e) == 1, "header");
	CHECK(flp_csv_next(&csv, &e) == status, "%zu bytes: %s", n, status < 0 ? e.text : "");
	CHECK(status < 0 || csv.field[0].n == n, "%zu bytes", n);
	CHECK(csv.line == 2, "line %llu", (unsigned long long)csv.line);
	flp_csv_close(&csv);
	flp_in_close(&in);
	free(text);
}

static void
test_bad(const char *text, const char *message)
{
	struct flp_csv csv;
	struct flp_error e = { 0 };
	struct flp_in in;

	open_text(&in, text, strlen(text));
	CHECK(flp_csv_open(&csv, &in, &e) == 0, "%s", e.text);
	CHECK(flp_csv_next(&csv, &e) < 0 && strstr(e.text, message) != NULL, "\"%s\": \"%s\"", text,
	    e.text);
	flp_csv_close(&csv);
	flp_in_close(&in);
}

/* In a file of one column an empty line is an empty field. */
static void
test_one_column(void)
{
	struct flp_csv csv;
	struct flp_error e;
	struct flp_in in;

	open_text(&in, "\n\na\n1\n\n2", 8);
	CHECK(flp_csv_open(&csv, &in, &e) == 0, "%s", e.text);
	for (int i = 0; i < 4; i++) {
		CHECK(flp_csv_next(&csv, &e) == 1 && csv.n == 1 && csv.field[0].n == (i != 2),
		    "row %d", i);
		csv.single = 1;
	}
	CHECK(csv.line == 6 && flp_csv_next(&csv, &e) == 0, "the end");
	flp_csv_close(&csv);
	flp_in_close(&in);
}

static void
test_values(void)
{
	static const struct {
		const char *text;
		enum flp_value value;
	} sample[] = {
		{ "1", FLP_VALUE_NUMBER }, { "+1.5", FLP_VALUE_NUMBER }, { "-0", FLP_VALUE_NUMBER },
		{ "3.4028235e38", FLP_VALUE_NUMBER }, { "340282356779733600000000000000000000000", FLP_VALUE_NUMBER },
		{ "340282356779733661637539395458142568448", FLP_VALUE_BEYOND }, { "-1e39", FLP_VALUE_BEYOND },
		{ "1e400", FLP_VALUE_BEYOND }, { "-1E+9999", FLP_VALUE_BEYOND }, { "nan", FLP_VALUE_BEYOND },
		{ "-NaN", FLP_VALUE_BEYOND }, { "+Inf", FLP_VALUE_BEYOND }, { "INFINITY", FLP_VALUE_BEYOND },
		{ "", FLP_VALUE_TEXT }, { "+", FLP_VALUE_TEXT }, { "+-1", FLP_VALUE_TEXT }, { "1e", FLP_VALUE_TEXT },
		{ "infinit", FLP_VALUE_TEXT }, { "nano", FLP_VALUE_TEXT }, { "1.2.3", FLP_VALUE_TEXT },
		{ "0x1p3", FLP_VALUE_TEXT }, { "1 ", FLP_VALUE_TEXT }, { "1e5x", FLP_VALUE_TEXT },
		{ "1e999x", FLP_VALUE_TEXT }, { "--1e999", FLP_VALUE_TEXT }, { ".", FLP_VALUE_TEXT },
	};
	struct flp_error e;
	double v;

	flp_value_refuse(FLP_VALUE_TEXT, "seven", 5, &e);
	CHECK(strcmp(e.text, "expected a number, found \"seven\"") == 0, "%s", e.text);
	flp_value_refuse(FLP_VALUE_BEYOND, "1e39", 4, &e);
	CHECK(strcmp(e.text, "expected a finite number in the range of f32, found \"1e39\"") == 0,
	    "%s", e.text);
	CHECK(flp_value_shown(64) == 64 && flp_value_shown(65) == 64 && flp_value_shown(0) == 0, "shown");
	for (size_t i = 0; i < sizeof sample / sizeof *sample; i++)
		CHECK(flp_value_parse(sample[i].text, strlen(sample[i].text), &v) == sample[i].value,
		    "\"%s\"", sample[i].text);
}

/* Whether each text stands for a missing value: usually, and if those of `list` do. */
static void
test_gaps(void)
{
	static const struct {
		const char *text;
		int usual, listed;
	} sample[] = {
		{ "", 1, 1 }, { "NA", 1, 0 }, { "N/A", 1, 0 }, { "NaN", 1, 0 }, { "nan", 1, 0 },
		{ "NULL", 1, 0 }, { "null", 1, 0 }, { "None", 1, 0 }, { "?", 1, 0 }, { ".", 1, 0 },
		{ "N", 0, 0 }, { "na", 0, 0 }, { "??", 0, 0 }, { ".5", 0, 0 }, { "none", 0, 0 },
		{ "NAN", 0, 0 }, { "-9", 0, 1 }, { "-9.0", 0, 1 }, { "-90e-1", 0, 1 }, { "9", 0, 0 },
		{ "a,b", 0, 1 }, { "a", 0, 0 }, { "1.50", 0, 1 }, { "1.5", 0, 1 }, { "1e400", 0, 1 },
		{ "10e399", 0, 1 }, { "1e401", 0, 0 }, { "9007199254740993", 0, 1 },
		{ "9007199254740992", 0, 0 }, { "+9007199254740993.0", 0, 1 }, { "1e999999999999999999999", 0, 0 },
	};
	struct flp_gaps usual = { 0 }, listed = { 0 }, none = { 0 };
	struct flp_error e;

	CHECK(flp_gaps_add(&usual, FLP_GAPS_USUAL, &e) == 0, "%s", e.text);
	CHECK(flp_gaps_add(&listed, "-9,\"a,b\", 1.5 ,1e400,9007199254740993", &e) == 0, "%s", e.text);
	CHECK(flp_gaps_add(&none, "", &e) == 0 && none.words.n == 0, "%s", e.text);
	CHECK(flp_gaps_add(&none, "a,a", &e) < 0 && e.code == FLP_ERROR_USAGE, "twice");
	CHECK(flp_gaps_add(&none, "a,,b", &e) < 0 && e.code == FLP_ERROR_USAGE, "empty");
	CHECK(flp_gaps_add(&none, "1e9999999999999999999", &e) < 0 && e.code == FLP_ERROR_USAGE, "power");
	flp_gaps_free(&none);
	for (size_t i = 0; i < sizeof sample / sizeof *sample; i++) {
		const char *s = sample[i].text;
		size_t n = strlen(s);

		CHECK(flp_gaps_has(&usual, s, n) == sample[i].usual, "\"%s\": usual", s);
		CHECK(flp_gaps_has(&listed, s, n) == sample[i].listed, "\"%s\": listed", s);
		CHECK(flp_gaps_has(&none, s, n) == (n == 0), "\"%s\": none", s);
	}
	flp_gaps_free(&usual);
	flp_gaps_free(&listed);
	flp_gaps_free(&none);
}

int
main(void)
{
	for (size_t columns = 2; columns < 9; columns++) {
		test_round_trip(50, columns, "\n", columns & 1, ',');
		test_round_trip(50, columns, "\r\n", columns & 1, ',');
		test_round_trip(50, columns, "\n", columns & 1, ';');
		test_round_trip(50, columns, "\r\n", columns & 1, '|');
	}
	test_round_trip(40000, 5, "\n", 1, ',');
	test_round_trip(40000, 5, "\n", 0, ';');
	test_round_trip(2, 30000, "\r\n", 0, ',');
	for (size_t n = ((size_t)256 << 10) - 6; n < ((size_t)256 << 10) + 3; n++)
		test_long(n, 1);
	test_long(FLP_LINES_LIMIT, 1);
	test_long(FLP_LINES_LIMIT + 1, -1);
	test_long(2 * FLP_LINES_LIMIT, -1);
	test_bad("a\"b,c\nd\n", "no quote inside an unquoted field");
	test_bad("a,\"b\"c\n", "a comma after the closing quote, found \"c\"");
	test_bad("a,\"b\nc,d\n", "field 2: expected a closing quote");
	test_bad("\"", "field 1: expected a closing quote");
	test_one_column();
	test_values();
	test_gaps();
	return unit_done();
}

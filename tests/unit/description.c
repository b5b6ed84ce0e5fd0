/* data/description: descriptions are read back as they were written, by either writer, and errors
 * use the words that suit the kind of record. */
#include "data/description.h"
#include "unit.h"

#include <string.h>

static const double center[] = { 1, -2 }, scale[] = { 3, 0.5 };

static void
parse(struct flp_texts *texts, const char *lines)
{
	struct flp_error e;

	CHECK(flp_texts_parse(texts, lines, strlen(lines), &e) == 0, "%s", e.text);
}

/* A record of nothing but the description. */
static void
fill(struct flp_record *to, enum flp_kind kind, const struct flp_description *d)
{
	struct flp_header h;
	struct flp_error e;

	flp_header_init(&h, kind);
	CHECK(flp_description_add(&h, d, &e) == 0 && flp_record_new(to, &h, &e) == 0, "%s", e.text);
	flp_description_fill(to, d);
	flp_header_free(&h);
}

/* The same through a writer and a reader. */
static void
pass(struct flp_record *to, const struct flp_description *d)
{
	const struct flp_header *next;
	struct flp_writer *w = NULL;
	struct flp_reader *r = NULL;
	struct flp_header h;
	struct flp_error e;
	struct flp_out out;
	struct flp_in in;

	flp_header_init(&h, FLP_KIND_DATA);
	CHECK(flp_out_temporary(&out, &e) == 0 && (w = flp_writer_new(&out, &e)) != NULL &&
	    flp_description_add(&h, d, &e) == 0 && flp_writer_begin(w, &h, &e) == 0 &&
	    flp_description_write(w, d, &e) == 0 && flp_writer_end(w, NULL, NULL, &e) == 0 &&
	    flp_in_temporary(&in, &out, &e) == 0 && (r = flp_reader_new(&in, &e)) != NULL &&
	    flp_reader_next(r, &next, &e) == 1 && flp_record_load(to, r, next, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	flp_writer_free(w);
	flp_reader_free(r);
	flp_in_close(&in);
}

static void
test_round(void)
{
	static const char lines[] = "x\tnumber\ta\nx\tnumber\tb c\n";
	struct flp_texts features, schema, none = { 0 }, read;
	struct flp_description d = { .features = &features, .classes = &none, .schema = &schema,
		.scaling = { center, scale, 2 } };
	struct flp_record filled, passed;
	struct flp_scaling s;
	struct flp_error e;

	parse(&features, "a\nb c\n");
	CHECK(flp_texts_parse_fields(&schema, lines, strlen(lines), &e) == 0, "%s", e.text);
	fill(&filled, FLP_KIND_DATA, &d);
	pass(&passed, &d);
	CHECK(flp_header_same_tensors(&filled.header, &passed.header, &e) == 0, "%s", e.text);
	CHECK(filled.header.tensors == 5, "%zu tensors", filled.header.tensors);
	for (size_t i = 0; i < filled.header.tensors; i++)
		CHECK(memcmp(filled.values[i], passed.values[i], filled.header.tensor[i].bytes) == 0,
		    "%s", filled.header.tensor[i].name);
	CHECK(flp_description_names(&read, &passed, ":features", &e) == 0 &&
	    flp_texts_same(&features, &read, &e) == 0, "%s", e.text);
	flp_texts_free(&read);
	CHECK(flp_description_names(&read, &passed, ":classes", &e) == 0 && read.n == 0, "an empty set");
	CHECK(flp_record_values(&passed, ":classes", NULL) != NULL, "and its tensor");
	CHECK(flp_description_names(&read, &passed, ":groups", &e) == 0 && read.n == 0, "none");
	CHECK(flp_description_schema(&read, &passed, 2, &features, &none, &e) == 0 &&
	    flp_texts_same(&schema, &read, &e) == 0, "%s", e.text);
	flp_texts_free(&read);
	CHECK(flp_description_schema(&read, &passed, 3, &features, &none, &e) < 0 && read.n == 0,
	    "too few columns");
	flp_texts_free(&schema);
	CHECK(flp_description_scaling(&s, &passed, 2, &e) == 0, "%s", e.text);
	CHECK(s.n == 2 && memcmp(s.center, center, sizeof center) == 0 &&
	    memcmp(s.scale, scale, sizeof scale) == 0, "scaling");
	flp_record_free(&filled);
	flp_record_free(&passed);
	flp_texts_free(&features);
}

/* Classes that are numbers have one spelling, and other names have theirs. */
static void
test_classes(void)
{
	static const char *const lines[] = { "+1\n01e1\nB\n-0.0\n1e400\n\xc3\xa9\n",
		"1\n10\nB\n0\n1e400\n\xc3\xa9\n", "1\n2\n1.0\n", NULL, "1e9999999999999999999\n", NULL };
	struct flp_texts names, read, plain;
	struct flp_record rec;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i += 2) {
		struct flp_description d = { .features = &names, .classes = &names };
		struct flp_error e = { 0 };
		int status;

		parse(&names, lines[i]);
		fill(&rec, FLP_KIND_DATA, &d);
		CHECK(flp_description_names(&read, &rec, ":features", &e) == 0 &&
		    flp_texts_same(&names, &read, &e) == 0, "%s", e.text);
		flp_texts_free(&read);
		status = flp_description_names(&read, &rec, ":classes", &e);
		CHECK(status == (lines[i + 1] != NULL ? 0 : -1), "%zu: %s", i, e.text);
		if (status == 0) {
			parse(&plain, lines[i + 1]);
			CHECK(flp_texts_same(&plain, &read, &e) == 0, "%zu: %s", i, e.text);
			flp_texts_free(&plain);
		}
		flp_texts_free(&read);
		flp_texts_free(&names);
		flp_record_free(&rec);
	}
}

/* A fault, and the messages about it in data and in a model. */
static void
test_fault(int fault, const char *data, const char *model)
{
	struct flp_texts features, read;

	parse(&features, "a\nb\n");
	for (int kind = 0; kind < 2; kind++) {
		struct flp_description d = { .features = &features, .scaling = { center, scale, 2 } };
		struct flp_error e = { 0 };
		struct flp_scaling s;
		struct flp_record rec;
		const char *said = kind ? model : data;
		int status;

		fill(&rec, kind ? FLP_KIND_PARAMS : FLP_KIND_DATA, &d);
		switch (fault) {
		case 0: rec.header.tensor[0].dtype = FLP_DTYPE_I8; break;
		case 1: memcpy(rec.values[0], "\t\nb\n", 4); break;
		case 2: strcpy(rec.header.tensor[2].name, ":s"); break;
		case 3: rec.header.tensor[1].dtype = FLP_DTYPE_I64; break;
		case 4: rec.header.tensor[1].count = rec.header.tensor[2].count = 3; break;
		case 5: ((double *)rec.values[2])[1] = -1; break;
		case 6: rec.header.tensor[0].rank = 2; break;
		case 7: rec.header.tensor[1].rank = 2; break;
		}
		status = flp_description_names(&read, &rec, ":features", &e);
		if (status == 0)
			status = flp_description_scaling(&s, &rec, 2, &e);
		CHECK((status < 0) == (said != NULL) && (said == NULL || strcmp(e.text, said) == 0),
		    "fault %d of kind %d: %s", fault, kind, e.text);
		flp_texts_free(&read);
		flp_record_free(&rec);
	}
	flp_texts_free(&features);
}

static void
test_faults(void)
{
	static const char shape[] = "tensors :center and :scale: expected f64 of 1 or 2 values";
	static const struct {
		const char *data, *model;
	} said[] = {
		{ ":features: expected u8, found i8", "tensor :features: expected names as u8" },
		{ ":features: name 1: expected printable UTF-8, found other bytes",
		  "tensor :features: name 1: expected printable UTF-8, found other bytes" },
		{ "expected :center and :scale together, found :center alone", shape },
		{ ":center, :scale: expected f64, found i64 and f64", shape },
		{ ":center, :scale: expected 1 or 2 values, found 3 and 3", shape },
		{ ":scale: column 1: expected more than 0, found -1",
		  "tensor :scale: value 1: expected more than 0, found -1" },
		{ NULL, "tensor :features: expected names as u8" },
		{ ":center, :scale: expected 1 or 2 values, found 2 and 2", NULL },
	};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		test_fault((int)i, said[i].data, said[i].model);
}

static void
test_differs(void)
{
	static const double other[] = { 1, -1 }, same[] = { 1, 1, 1 };
	const struct flp_scaling a = { center, scale, 2 }, b = { other, scale, 2 },
	    c = { center, other, 2 }, one = { same, same, 1 }, three = { same, same, 3 };

	CHECK(flp_scaling_differs(&a, &a, 2) == 2, "itself");
	CHECK(flp_scaling_differs(&a, &b, 2) == 1, "another center");
	CHECK(flp_scaling_differs(&a, &c, 2) == 0, "another scale");
	CHECK(flp_scaling_differs(&one, &three, 3) == 3, "one value for all columns");
	CHECK(flp_scaling_at(&one, 2) == 0 && flp_scaling_at(&three, 2) == 2, "where it is");
}

int
main(void)
{
	test_round();
	test_classes();
	test_faults();
	test_differs();
	return unit_done();
}

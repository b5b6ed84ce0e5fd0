/* data/dataset, data/folder: what is refused, rows gathered. */
#include "data/dataset.h"
#include "data/folder.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

/* Three rows of two columns, with everything that a data record may have. */
static void
make(struct flp_record *record)
{
	static const float x[] = { 0, 1, 2, 3, 4, 5 };
	static const uint32_t y[] = { 1, 0, 1 }, group[] = { 0, 2, 1 };
	static const double center[] = { 1, 2 }, scale[] = { 3, 4 };
	static const uint8_t missing[] = { 1, 0, 0, 0, 0, 1 };
	static const struct {
		const char *name;
		enum flp_dtype dtype;
		unsigned rank;
		uint64_t dims[2];
		const void *values;
	} all[] = {
		{ "x", FLP_DTYPE_F32, 2, { 3, 2 }, x }, { "y", FLP_DTYPE_U32, 1, { 3 }, y },
		{ "group", FLP_DTYPE_U32, 1, { 3 }, group }, { ":features", FLP_DTYPE_U8, 1, { 4 }, "a\nb\n" },
		{ ":classes", FLP_DTYPE_U8, 1, { 4 }, "p\nq\n" }, { ":groups", FLP_DTYPE_U8, 1, { 6 }, "r\ns\nt\n" },
		{ ":center", FLP_DTYPE_F64, 1, { 2 }, center }, { ":scale", FLP_DTYPE_F64, 1, { 2 }, scale },
		{ ":unknown", FLP_DTYPE_U8, 1, { 1 }, "?" }, { "missing", FLP_DTYPE_U8, 2, { 3, 2 }, missing },
	};
	struct flp_header h;
	struct flp_error e;

	flp_header_init(&h, FLP_KIND_DATA);
	CHECK(flp_meta_set_text(&h.meta, "client", "me", &e) == 0, "%s", e.text);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		CHECK(flp_header_add(&h, all[i].name, all[i].dtype, all[i].rank, all[i].dims, &e) == 0,
		    "%s", e.text);
	CHECK(flp_record_new(record, &h, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < h.tensors; i++)
		memcpy(record->values[i], all[i].values, h.tensor[i].bytes);
	flp_header_free(&h);
}

static struct flp_tensor *
tensor(struct flp_record *record, const char *name)
{
	return &record->header.tensor[flp_header_find(&record->header, name)];
}

/* A fault in an otherwise good record, and how its error begins. */
static void
test_fault(int fault, const char *text)
{
	struct flp_record record;
	struct flp_dataset set;
	struct flp_error e = { 0 };

	make(&record);
	switch (fault) {
	case 0: record.header.kind = FLP_KIND_PARAMS; break;
	case 1: strcpy(tensor(&record, "x")->name, "z"); break;
	case 2: tensor(&record, "x")->rank = 1; break;
	case 3: tensor(&record, "x")->dtype = FLP_DTYPE_I32; break;
	case 4: tensor(&record, "y")->dims[0] = 2; break;
	case 5: *(uint32_t *)flp_record_values(&record, "y", NULL) = 2; break;
	case 6: tensor(&record, "y")->dtype = FLP_DTYPE_I32; break;
	case 7: ((uint32_t *)flp_record_values(&record, "group", NULL))[2] = 3; break;
	case 8: strcpy(tensor(&record, ":groups")->name, ":gruops"); break;
	case 9: memcpy(flp_record_values(&record, ":classes", NULL), "p\np\n", 4); break;
	case 10: strcpy(tensor(&record, ":scale")->name, ":s"); break;
	case 11: *(double *)flp_record_values(&record, ":scale", NULL) = 0; break;
	case 12: tensor(&record, ":center")->count = tensor(&record, ":scale")->count = 3; break;
	case 13: memcpy(flp_record_values(&record, ":features", NULL), "abc\n", 4); break;
	case 14: tensor(&record, ":classes")->dtype = FLP_DTYPE_I8; break;
	case 15: tensor(&record, "x")->dims[0] = (uint64_t)1 << 32; break;
	case 16: tensor(&record, "x")->dims[1] = 0; break;
	case 17: ((double *)flp_record_values(&record, ":scale", NULL))[1] = 1e-310; break;
	case 18: tensor(&record, "missing")->dtype = FLP_DTYPE_I8; break;
	case 19: tensor(&record, "missing")->rank = 1; break;
	case 20: tensor(&record, "missing")->dims[0] = 2; break;
	case 21: tensor(&record, "missing")->dims[1] = 3; break;
	case 22: ((uint8_t *)flp_record_values(&record, "missing", NULL))[3] = 2; break;
	}
	CHECK(flp_dataset_from(&set, &record, &e) < 0, "fault %d", fault);
	CHECK(e.code == FLP_ERROR_BAD && strncmp(e.text, text, strlen(text)) == 0, "fault %d: %s", fault,
	    e.text);
	flp_record_free(&record);
}

static void
test_gather(void)
{
	static const uint32_t row[] = { 2, 0 };
	struct flp_record record, to;
	struct flp_dataset set, part;
	struct flp_error e;

	make(&record);
	tensor(&record, "x")->encoding = FLP_ENCODING_ZLIB;
	CHECK(flp_dataset_from(&set, &record, &e) == 0, "%s", e.text);
	CHECK(record.values == NULL, "the record is taken over");
	CHECK(set.n == 3 && set.d == 2 && set.scaling.n == 2 && set.group_names.n == 3, "shape");
	CHECK(flp_dataset_gather(&to, &set, row, 2, &e) == 0, "%s", e.text);
	CHECK(to.header.tensors == 10 && tensor(&to, "x")->encoding == FLP_ENCODING_ZLIB, "tensors");
	CHECK(flp_dataset_from(&part, &to, &e) == 0, "%s", e.text);
	CHECK(part.n == 2 && part.x_f32[0] == 4 && part.x_f32[3] == 1, "x");
	CHECK(part.classes[0] == 1 && part.classes[1] == 1, "y");
	CHECK(part.group[0] == 1 && part.group[1] == 0, "group");
	CHECK(part.scaling.scale[1] == 4, "scale");
	CHECK(memcmp(part.missing, (uint8_t[]){ 0, 1, 1, 0 }, 4) == 0, "missing");
	flp_dataset_free(&part);
	CHECK(flp_dataset_gather(&to, &set, row, 0, &e) == 0, "%s", e.text);
	CHECK(flp_dataset_from(&part, &to, &e) == 0 && part.n == 0, "%s", e.text);
	flp_dataset_free(&part);
	flp_dataset_free(&set);
}

static void
test_file_names(void)
{
	static const struct {
		const char *client, *file;
	} all[] = {
		{ "Biscoe", "client-Biscoe.flp" }, { "../../etc/x", "client-%2E.%2F..%2Fetc%2Fx.flp" },
		{ ".", "client-%2E.flp" }, { "a.b-c_D9", "client-a.b-c_D9.flp" },
		{ "a%2Eb", "client-a%252Eb.flp" }, { "\xc3\xa9 *", "client-%C3%A9%20%2A.flp" },
	};
	struct flp_error e;
	char *name;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		name = flp_folder_name("client-", all[i].client, &e);
		CHECK(strcmp(name, all[i].file) == 0, "%s", name);
		free(name);
	}
	name = flp_folder_name("test", NULL, &e);
	CHECK(strcmp(name, "test.flp") == 0, "%s", name);
	free(name);
	name = flp_folder_index(7, 10001, &e);
	CHECK(strcmp(name, "00007") == 0, "%s", name);
	free(name);
	name = flp_folder_index(0, 1, &e);
	CHECK(strcmp(name, "000") == 0, "%s", name);
	free(name);
}

int
main(void)
{
	static const char *const fault[] = { "expected a record of kind data", "z: expected no such",
		"x: expected rank 2", "x: expected f32 or u8", "y: expected 3 rows", "y: row 0:",
		"y: expected u32 or f32", "group: row 2:", "group: row 0:", ":classes: name \"p\"",
		"expected :center and :scale", ":scale: column 0", ":center, :scale: expected 1 or 2",
		":features: expected 2", ":classes: expected u8", "x: expected fewer",
		"x: expected fewer", ":scale: column 1: expected more than 0, found 1e-310",
		"missing: expected u8, found i8", "missing: expected rank 2, found 1",
		"missing: expected 3 rows, found 2", "missing: expected 2 columns, found 3",
		"missing: row 1: expected 0 or 1, found 2" };

	for (size_t i = 0; i < sizeof fault / sizeof *fault; i++)
		test_fault((int)i, fault[i]);
	test_gather();
	test_file_names();
	return unit_done();
}

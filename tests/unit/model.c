/* model/model, model/measure: new models, records that are not models, and data that do not fit. */
#include "model/measure.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char path[] = "/tmp/fl-unit-XXXXXX";

static void
drop(struct flp_header *h, const char *name)
{
	size_t i = (size_t)flp_header_find(h, name);

	free(h->tensor[i].name);
	memmove(&h->tensor[i], &h->tensor[i + 1], (--h->tensors - i) * sizeof h->tensor[0]);
}

static void
add(struct flp_header *h, const char *name, enum flp_dtype dtype, unsigned rank, uint64_t a,
    uint64_t b)
{
	struct flp_error e;

	if (flp_header_find(h, name) >= 0)
		drop(h, name);
	CHECK(flp_header_add(h, name, dtype, rank, (uint64_t[]){ a, b }, &e) == 0, "%s", e.text);
}

static void
set(struct flp_header *h, const char *key, const char *value)
{
	struct flp_error e;

	CHECK(flp_meta_set_text(&h->meta, key, value, &e) == 0, "%s", e.text);
}

/* A good model of 4 columns and 3 classes, without values. */
static void
good(struct flp_header *h)
{
	flp_header_init(h, FLP_KIND_PARAMS);
	set(h, "arch", "dense 5 relu dense 3");
	set(h, "loss", "softmax");
	set(h, "round", "7");
	add(h, "0.weight", FLP_DTYPE_F32, 2, 5, 4);
	add(h, "0.bias", FLP_DTYPE_F32, 1, 5, 0);
	add(h, "2.weight", FLP_DTYPE_F32, 2, 3, 5);
	add(h, "2.bias", FLP_DTYPE_F32, 1, 3, 0);
	add(h, ":features", FLP_DTYPE_U8, 1, 8, 0);
	add(h, ":classes", FLP_DTYPE_U8, 1, 6, 0);
	add(h, ":center", FLP_DTYPE_F64, 1, 4, 0);
	add(h, ":scale", FLP_DTYPE_F64, 1, 4, 0);
}

/* Writes a record of the header, whose values are its tensors' numbers. */
static void
store(const struct flp_header *h, double scale)
{
	struct flp_record rec;
	struct flp_writer *w;
	struct flp_error e;
	struct flp_out out;

	CHECK(flp_record_new(&rec, h, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];

		for (uint64_t j = 0; j < t->count; j++)
			if (t->dtype == FLP_DTYPE_F32)
				((float *)rec.values[i])[j] = (float)i;
			else if (t->dtype == FLP_DTYPE_F64)
				((double *)rec.values[i])[j] = strcmp(t->name, ":scale") ? 1 : scale;
			else if (t->dtype == FLP_DTYPE_U8)
				((char *)rec.values[i])[j] = j % 2 ? '\n' : (char)('a' + j / 2);
	}
	CHECK(flp_out_create(&out, path, &e) == 0, "%s", e.text);
	CHECK((w = flp_writer_new(&out, &e)) != NULL && flp_record_write(&rec, w, &e) == 0, "%s",
	    e.text);
	flp_writer_free(w);
	CHECK(flp_out_commit(&out, 0, &e) == 0, "%s", e.text);
	flp_record_free(&rec);
}

static void
test_load(void)
{
	struct flp_header h;
	struct flp_model m;
	struct flp_error e;

	good(&h);
	store(&h, 2);
	CHECK(flp_model_load(&m, NULL, path, &e) == 0, "%s", e.text);
	CHECK(m.round == 7 && m.loss == FLP_LOSS_SOFTMAX && !m.site, "round %u", m.round);
	CHECK(m.arch.inputs == 4 && m.arch.outputs == 3, "shape");
	CHECK(m.params[0] == 0 && m.params[20] == 1 && m.params[25] == 2 && m.params[42] == 3, "values");
	CHECK(m.features.n == 4 && strcmp(flp_texts_get(&m.classes, 2), "c") == 0, "names");
	CHECK(m.scaling.n == 4 && m.scaling.center[3] == 1 && m.scaling.scale[0] == 2, "scaling");
	flp_model_free(&m);
	flp_header_free(&h);
}

/* A fault in an otherwise good model, and the message about it. */
static void
test_fault(int fault, const char *text)
{
	char long_arch[8192] = "", wide[] = "dense 16777216 dense 16777216 dense 3";
	double scale = 2;
	struct flp_header h;
	struct flp_model m;
	struct flp_error e = { 0 };

	good(&h);
	switch (fault) {
	case 0: flp_meta_drop(&h.meta, "arch"); break;
	case 1: flp_meta_drop(&h.meta, "loss"); break;
	case 2: set(&h, "loss", "hinge"); break;
	case 3: set(&h, "arch", "dense 5 relu dense"); break;
	case 4:
		for (int i = 0; i < 1000; i++)
			strcat(long_arch, "relu ");
		set(&h, "arch", strcat(long_arch, "dense 3"));
		break;
	case 5: set(&h, "arch", wide); break;
	case 6: set(&h, "arch", "dense 16777216"); break;
	case 7: set(&h, "arch", "dense 99999999999999999999"); break;
	case 8: drop(&h, "2.bias"); break;
	case 9: drop(&h, "0.weight"); break;
	case 10: add(&h, "4.weight", FLP_DTYPE_F32, 2, 3, 3); break;
	case 11: add(&h, "0.weight", FLP_DTYPE_F32, 2, 5, 4); break; /* now last */
	case 12: add(&h, "2.bias", FLP_DTYPE_F64, 1, 3, 0); break;
	case 13: add(&h, "2.bias", FLP_DTYPE_F32, 2, 3, 1); break;
	case 14: add(&h, "2.bias", FLP_DTYPE_F32, 1, 4, 0); break;
	case 15: set(&h, "scaling", "none"); break;
	case 16: drop(&h, ":scale"); break;
	case 17: scale = 0; break;
	case 18: add(&h, ":center", FLP_DTYPE_F64, 1, 3, 0); add(&h, ":scale", FLP_DTYPE_F64, 1, 3, 0); break;
	case 19: add(&h, ":features", FLP_DTYPE_U8, 1, 6, 0); break;
	case 20: add(&h, ":classes", FLP_DTYPE_U8, 1, 4, 0); break;
	case 21: add(&h, ":classes", FLP_DTYPE_U16, 1, 4, 0); break;
	case 22: add(&h, ":classes", FLP_DTYPE_U8, 1, 5, 0); break;
	case 23: set(&h, "loss", "mse"); break;
	case 24: set(&h, "loss", "binary"); break;
	case 25: set(&h, "round", "4294967296"); break;
	case 26: h.kind = FLP_KIND_UPDATE; break;
	case 27: scale = 1e-310; break; /* 1 / scale is beyond doubles */
	}
	store(&h, scale);
	CHECK(flp_model_load(&m, NULL, path, &e) < 0, "fault %d", fault);
	CHECK(e.code == FLP_ERROR_BAD && strstr(e.text, path) == e.text && strstr(e.text, text) != NULL,
	    "fault %d: %d %s", fault, e.code, e.text);
	flp_header_free(&h);
}

static void
test_faults(void)
{
	static const char *const said[] = { "arch: missing", "loss: missing",
		"found \"hinge\"", "layer 3: dense: expected a width", "more than 64 layers",
		"0.weight: expected dims 16777216x4, found 5x4",
		"0.weight: expected dims 16777216x4, found 5x4", "layer 1: dense: expected a width",
		"expected 4 tensors of parameters", "expected tensor 0.weight, found tensor 0.bias",
		"4.weight: not in the architecture", "expected tensor 0.weight, found tensor 0.bias",
		"2.bias: expected f32, found f64", "2.bias: expected dims 3, found 3x1",
		"2.bias: expected dims 3, found 4", "scaling: expected site", ":center and :scale",
		"expected more than 0, found 0", ":center and :scale",
		":features: names: expected 4, found 3", "3 outputs and 2 classes",
		":classes: expected names", "newline", "loss mse: expected 1 output",
		"loss binary: expected 1 output", "round: expected", "kind params",
		"expected more than 0, found 1e-310" };

	for (int i = 0; i < (int)(sizeof said / sizeof *said); i++)
		test_fault(i, said[i]);
}

/* Three rows for the good model. */
static void
make_data(struct flp_record *rec, int targets, int scaling)
{
	struct flp_header h;
	struct flp_error e;

	flp_header_init(&h, FLP_KIND_DATA);
	add(&h, "x", FLP_DTYPE_F32, 2, 3, 4);
	if (targets >= 0)
		add(&h, "y", targets ? FLP_DTYPE_F32 : FLP_DTYPE_U32, 1, 3, 0);
	add(&h, ":features", FLP_DTYPE_U8, 1, 8, 0);
	if (!targets)
		add(&h, ":classes", FLP_DTYPE_U8, 1, 6, 0);
	if (scaling) {
		add(&h, ":center", FLP_DTYPE_F64, 1, (uint64_t)scaling, 0);
		add(&h, ":scale", FLP_DTYPE_F64, 1, (uint64_t)scaling, 0);
	}
	CHECK(flp_record_new(rec, &h, &e) == 0, "%s", e.text);
	memcpy(flp_record_values(rec, ":features", NULL), "a\nb\nc\nd\n", 8);
	if (!targets)
		memcpy(flp_record_values(rec, ":classes", NULL), "a\nb\nc\n", 6);
	for (int i = 0; i < scaling; i++) {
		((double *)flp_record_values(rec, ":center", NULL))[i] = 1;
		((double *)flp_record_values(rec, ":scale", NULL))[i] = 2;
	}
	flp_header_free(&h);
}

/* Measures the good model, or one that requires data with their own scaling, on data with a fault.
 * Without a text it must succeed. */
static void
test_fit(int fault, const char *text)
{
	struct flp_error e = { 0 };
	struct flp_record rec;
	struct flp_dataset data;
	struct flp_metrics r;
	struct flp_network *net;
	struct flp_header h;
	struct flp_model m;
	char *client;
	int status;

	good(&h);
	if (fault == 5 || fault == 6)
		set(&h, "scaling", "site");
	if (fault == 7)
		drop(&h, ":center"), drop(&h, ":scale");
	store(&h, 2);
	CHECK(flp_model_load(&m, NULL, path, &e) == 0, "%s", e.text);
	CHECK((net = flp_network_new(&m.arch, FLP_LAYOUT_ARCH, &e)) != NULL, "%s", e.text);
	make_data(&rec, fault == 3 ? 1 : fault == 4 ? -1 : 0, fault == 6 ? 1 : fault >= 7 ? 4 : 0);
	if (fault == 1)
		memcpy(flp_record_values(&rec, ":features", NULL), "a\nb\nd\nc\n", 8);
	if (fault == 2)
		memcpy(flp_record_values(&rec, ":classes", NULL), "b\na\nc\n", 6);
	if (fault == 9)
		((double *)flp_record_values(&rec, ":scale", NULL))[3] = 2.5;
	if (fault == 10)
		rec.header.kind = FLP_KIND_STATS;
	client = flp_measure_client(&rec.header, "here\n", &e);
	CHECK(client != NULL && strcmp(client, "here\\x0a") == 0, "fault %d: %s", fault, client);
	free(client);
	if ((status = flp_dataset_from(&data, &rec, &e)) == 0) {
		status = flp_measure(&m, net, &data, &r, &e);
		flp_dataset_free(&data);
	}
	flp_record_free(&rec);
	CHECK((status == 0) == (text == NULL), "fault %d: %s", fault, e.text);
	if (status == 0) {
		CHECK(r.rows == 3, "fault %d: %llu rows", fault, (unsigned long long)r.rows);
		flp_metrics_free(&r);
	} else {
		CHECK(e.code == FLP_ERROR_BAD && strstr(e.text, text) != NULL, "fault %d: %d %s", fault,
		    e.code, e.text);
	}
	flp_network_free(net);
	flp_model_free(&m);
	flp_header_free(&h);
}

static void
test_fits(void)
{
	static const char *const said[] = { NULL,
		"features are not the model's (see fl-import --schema MODEL): name 3",
		"classes are not the model's", "expected classes in the data, found targets",
		"expected classes in the data, found neither", "expected one in the data", NULL,
		"expected none in the data", NULL, "column 4: scaling: expected that of", "kind data" };

	for (int i = 0; i < (int)(sizeof said / sizeof *said); i++)
		test_fit(i, said[i]);
}

/* The loss that follows from outputs, classes and targets; 0 is a usage error. */
static void
test_new(void)
{
	static const struct {
		const char *arch, *classes;
		int targets, asked, loss;
	} all[] = {
		{ "dense 1", "", 0, 0, FLP_LOSS_MSE }, { "dense 2", "", 0, 0, FLP_LOSS_SOFTMAX },
		{ "dense 1", "", 1, 0, FLP_LOSS_MSE }, { "dense 2", "", 1, 0, 0 },
		{ "dense 1", "a\nb\n", 0, 0, FLP_LOSS_BINARY },
		{ "dense 2", "a\nb\n", 0, 0, FLP_LOSS_SOFTMAX },
		{ "dense 1", "a\nb\nc\n", 0, 0, 0 }, { "dense 4", "a\nb\nc\n", 0, 0, 0 },
		{ "dense 1", "", 1, FLP_LOSS_BINARY, 0 }, { "dense 2", "", 1, FLP_LOSS_SOFTMAX, 0 },
		{ "dense 1", "a\nb\n", 0, FLP_LOSS_MSE, 0 }, { "dense 3", "", 0, FLP_LOSS_BINARY, 0 },
		{ "dense 1", "", 0, FLP_LOSS_BINARY, FLP_LOSS_BINARY }, { "relu", "", 0, 0, 0 },
		{ "dense 1", "", 0, FLP_LOSS_SOFTMAX, 0 }, { "dens 1", "", 0, 0, 0 },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct flp_texts classes;
		struct flp_model_spec spec = { .arch = all[i].arch, .inputs = 3,
			.description = { .classes = &classes }, .targets = all[i].targets,
			.loss = (enum flp_loss)all[i].asked };
		struct flp_record rec = { 0 };
		struct flp_error e = { 0 };
		const char *loss;
		size_t n = 0;
		int status = flp_texts_parse(&classes, all[i].classes, strlen(all[i].classes), &e);

		CHECK(status == 0, "case %zu: %s", i, e.text);
		status = flp_model_new(&rec, &spec, &e);
		flp_texts_free(&classes);
		CHECK((status == 0) == (all[i].loss != 0), "case %zu: %s", i, e.text);
		if (status < 0) {
			CHECK(e.code == FLP_ERROR_USAGE, "case %zu: %s", i, e.text);
			continue;
		}
		loss = flp_meta_get(&rec.header.meta, "loss", &n);
		CHECK(n == strlen(flp_loss_name((unsigned)all[i].loss)) &&
		    memcmp(loss, flp_loss_name((unsigned)all[i].loss), n) == 0, "case %zu: %.*s", i,
		    (int)n, loss);
		flp_record_free(&rec);
	}
}

int
main(void)
{
	struct rusage usage;
	int fd = mkstemp(path);

	CHECK(fd >= 0, "%s", path);
	close(fd);
	test_load();
	test_faults();
	test_fits();
	test_new();
	unlink(path);
	getrusage(RUSAGE_SELF, &usage);
	/* KiB; the memory that hostile sizes claim would be far more */
	CHECK(usage.ru_maxrss < 512 << 10, "%ld", usage.ru_maxrss);
	return unit_done();
}

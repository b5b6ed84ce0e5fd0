/* loop/zip: which tensors belong together, in memory and from files, and the places that errors
 * name. */
#include "loop/zip.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[2][32] = { "/tmp/fl-unit-XXXXXX", "/tmp/fl-unit-XXXXXX" };

/* A record of the words of `text`, each a tensor of so many values, i + seed. "w=3"
 * is f32, ":n=2" u8, "e=0" empty. */
static void
make(struct flp_record *rec, const char *text, int seed)
{
	char copy[256], *word, *save = NULL;
	struct flp_header h;
	struct flp_error e;

	flp_header_init(&h, FLP_KIND_PARAMS);
	strcpy(copy, text);
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		char *equals = strchr(word, '=');
		uint64_t n = strtoull(equals + 1, NULL, 10);

		*equals = '\0';
		CHECK(flp_header_add(&h, word, *word == ':' ? FLP_DTYPE_U8 : FLP_DTYPE_F32, 1, &n,
		    &e) == 0, "%s", e.text);
	}
	CHECK(flp_record_new(rec, &h, &e) == 0, "%s", e.text);
	for (size_t t = 0; t < h.tensors; t++)
		for (size_t i = 0; i < h.tensor[t].count; i++)
			if (h.tensor[t].dtype == FLP_DTYPE_U8)
				((unsigned char *)rec->values[t])[i] = (unsigned char)(i + (size_t)seed);
			else
				((float *)rec->values[t])[i] = (float)(i + (size_t)seed);
	flp_header_free(&h);
}

/* Stores it; of a damaged record one byte of the tail is another. */
static void
store(const char *name, const struct flp_record *rec, int damaged)
{
	struct flp_writer *w = NULL;
	struct flp_out out;
	struct flp_error e;
	FILE *f;

	CHECK(flp_out_create(&out, name, &e) == 0 && (w = flp_writer_new(&out, &e)) != NULL &&
	    flp_record_write(rec, w, &e) == 0 && flp_out_commit(&out, 0, &e) == 0, "%s", e.text);
	flp_writer_free(w);
	if (!damaged)
		return;
	CHECK((f = fopen(name, "r+")) != NULL && fseek(f, -1, SEEK_END) == 0, "%s", name);
	fputc('x', f);
	fclose(f);
}

/* What the body sees, as text: "w+8192 w+3616 first:x+1". */
struct seen {
	char text[512];
	const char *refuses; /* the tensor at which the body fails */
};

static int
body(void *context, struct flp_blocks *a, struct flp_blocks *b, struct flp_error *e)
{
	struct flp_blocks *one = a != NULL ? a : b;
	const char *name = one->header->tensor[one->tensor].name;
	struct seen *seen = context;
	size_t n = strlen(seen->text);

	snprintf(seen->text + n, sizeof seen->text - n, "%s%s%s+%zu", n ? " " : "",
	    a == NULL ? "second:" : b == NULL ? "first:" : "", name, one->n);
	for (size_t i = 0; i < one->n; i++) {
		double want = (double)(*name == ':' ? (one->at + i) & 0xff : one->at + i);

		CHECK(a == NULL || flp_blocks_f64(a)[i] == want, "%s %zu", name, i);
		CHECK(b == NULL || flp_blocks_f64(b)[i] == want + 1, "%s %zu", name, i);
	}
	CHECK(a == NULL || b == NULL || (a->at == b->at && a->n == b->n), "%s", name);
	if (seen->refuses != NULL && strcmp(name, seen->refuses) == 0)
		return flp_error_bad(e, "tensor %s: refused", name);
	return 0;
}

/* In the first descriptions may stand alone, in the second what begins with x. */
static int
describes(void *context, const struct flp_tensor *t)
{
	(void)context;
	return flp_tensor_describes(t);
}

static int
is_extra(void *context, const struct flp_tensor *t)
{
	(void)context;
	return t->name[0] == 'x';
}

/* Zips two records, each in memory or from a file: bits 0 and 1 of `files`. */
static int
run(const struct flp_record rec[2], int files, struct seen *seen, struct flp_error *e)
{
	const struct flp_zip z = { .context = seen, .first = "the first", .first_alone = describes,
		.second_alone = is_extra, .body = body };
	struct flp_zipped side[2] = { { .record = &rec[0] }, { .record = &rec[1] } };
	char *paths[2][2] = { { path[0], NULL }, { path[1], NULL } };
	struct flp_inputs in[2];
	int status;

	seen->text[0] = '\0';
	for (int i = 0; i < 2; i++) {
		flp_inputs_init(&in[i], paths[i]);
		if (!(files >> i & 1))
			continue;
		side[i] = (struct flp_zipped){ .in = &in[i] };
		CHECK(flp_inputs_one(&in[i], &side[i].header, e) == 0, "%s", e->text);
	}
	status = flp_zip(&z, &side[0], &side[1], e);
	flp_inputs_close(&in[0]);
	flp_inputs_close(&in[1]);
	return status;
}

/* What the body sees of two records or, with `refused`, what is said of them. */
static void
test(const char *a, const char *b, const char *seen_want, const char *refused)
{
	struct flp_record rec[2];
	struct flp_error e;
	char want[128];

	make(&rec[0], a, 0);
	make(&rec[1], b, 1);
	store(path[0], &rec[0], 0);
	store(path[1], &rec[1], 0);
	for (int files = 0; files < 4; files++) {
		struct seen seen = { .refuses = "r" };
		int status = run(rec, files, &seen, &e);

		CHECK((status == 0) == (refused == NULL), "%s, %s, %d: %s", a, b, files, e.text);
		CHECK(strcmp(seen.text, seen_want) == 0, "%s, %s, %d: %s", a, b, files, seen.text);
		if (refused == NULL)
			continue;
		snprintf(want, sizeof want, "%s%s%s", files & 2 ? path[1] : "",
		    files & 2 ? ": " : "", refused);
		CHECK(e.code == FLP_ERROR_BAD && strcmp(e.text, want) == 0, "%s, %s, %d: %s", a, b,
		    files, e.text);
	}
	flp_record_free(&rec[0]);
	flp_record_free(&rec[1]);
}

static void
test_pairs(void)
{
	test("", "", "", NULL);
	test("w=3 v=20000 e=0 :n=2", "w=3 v=20000 e=0 :n=2", "w+3 v+8192 v+8192 v+3616 :n+2", NULL);
	test(":a=1 w=1 :b=9000 :c=0", "w=1", "first::a+1 w+1 first::b+8192 first::b+808", NULL);
	test(":a=1 w=1 :b=1", "w=1 :b=1", "first::a+1 w+1 :b+1", NULL);
	test("w=1", "x1=1 w=1 x2=9000", "second:x1+1 w+1 second:x2+8192 second:x2+808", NULL);
	test(":a=1 w=1", "x=1 :a=1 w=1", "second:x+1 :a+1 w+1", NULL);
	test(":a=1 w=1", "x=1 w=1", "second:x+1 first::a+1 w+1", NULL);
	test("x=2", "x=2", "x+2", NULL);
	test(":a=2", "", "first::a+2", NULL);
	test("", "x=2", "second:x+2", NULL);
}

static void
test_refused(void)
{
	test("w=1 v=1", "w=1", "w+1", "expected tensor v, found no more");
	test("w=1", "w=1 v=1", "w+1", "tensor v: not in the first");
	test("w=1", "w=1 :a=1", "w+1", "tensor :a: not in the first");
	test("x=1 w=1", "w=1", "", "expected tensor x, found tensor w");
	test("w=1 v=1", "v=1 w=1", "", "expected tensor w, found tensor v");
	test("w=1 v=2", "w=1 v=3", "w+1", "tensor v: expected dims 2, found 3");
	test(":a=1 :b=1", ":b=1 :a=1", "first::a+1 :b+1", "tensor :a: not in the first");
	test("w=1 r=1 v=1", "w=1 r=1 v=1", "w+1 r+1", "tensor r: refused");
}

/* A record that is read is read to its end and checked, whatever it holds. */
static void
test_damage(void)
{
	struct flp_record rec[2];

	for (int bad = 0; bad < 2; bad++)
		for (int empty = 0; empty < 2; empty++) {
			struct seen seen = { .refuses = NULL };
			struct flp_error e = { 0 };

			make(&rec[0], empty ? ":a=1" : "w=3", 0);
			make(&rec[1], empty ? "x=1" : "w=3", 1);
			store(path[0], &rec[0], bad == 0);
			store(path[1], &rec[1], bad == 1);
			CHECK(run(rec, 2 - bad, &seen, &e) == 0, "%s", e.text);
			CHECK(run(rec, 1 + bad, &seen, &e) < 0 && run(rec, 3, &seen, &e) < 0, "not read");
			CHECK(strstr(e.text, path[bad]) == e.text && strstr(e.text, "tail: ") != NULL,
			    "%s", e.text);
			flp_record_free(&rec[0]);
			flp_record_free(&rec[1]);
		}
}

/* A record that ends too early, in the middle of a tensor of both or of one. */
static void
test_cut(const char *a, const char *b, int cut)
{
	struct seen seen = { .refuses = NULL };
	struct flp_record rec[2];
	struct flp_error e = { 0 };

	make(&rec[0], a, 0);
	make(&rec[1], b, 1);
	store(path[0], &rec[0], 0);
	store(path[1], &rec[1], 0);
	CHECK(run(rec, 3, &seen, &e) == 0, "%s", e.text);
	CHECK(truncate(path[cut], 20000) == 0, "truncate");
	CHECK(run(rec, 3, &seen, &e) < 0 && strstr(e.text, path[cut]) == e.text &&
	    strstr(e.text, "values: cut off") != NULL, "%s, %s: %s", a, b, e.text);
	flp_record_free(&rec[0]);
	flp_record_free(&rec[1]);
}

/* Without a function that allows it, no tensor may be alone. A body may write into a record in
 * memory. */
static int
add(void *context, struct flp_blocks *a, struct flp_blocks *b, struct flp_error *e)
{
	(void)context;
	(void)e;
	for (size_t i = 0; i < a->n; i++)
		((float *)(void *)a->raw)[i] += (float)flp_blocks_f64(b)[i];
	return 0;
}

static void
test_plain(void)
{
	const struct flp_zip z = { .first = "it", .body = add };
	struct flp_record a, b, more;
	struct flp_zipped za = { .record = &a }, zb = { .record = &b }, zm = { .record = &more };
	struct flp_error e;

	make(&a, "w=10000", 0);
	make(&b, "w=10000", 1);
	make(&more, "w=10000 :n=1", 1);
	CHECK(flp_zip(&z, &za, &zb, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < 10000; i++)
		CHECK(((float *)a.values[0])[i] == (float)(2 * i + 1), "value %zu", i);
	CHECK(flp_zip(&z, &zm, &zb, &e) < 0 &&
	    strcmp(e.text, "expected tensor :n, found no more") == 0, "%s", e.text);
	CHECK(flp_zip(&z, &zb, &zm, &e) < 0 && strcmp(e.text, "tensor :n: not in it") == 0, "%s",
	    e.text);
	flp_record_free(&a);
	flp_record_free(&b);
	flp_record_free(&more);
}

/* Blocks of a record in memory, then of the same in a file; tensors there are not. */
static void
test_blocks(void)
{
	char *paths[] = { path[0], NULL };
	const struct flp_header *h;
	struct flp_record rec;
	struct flp_inputs in;
	struct flp_blocks b;
	struct flp_error e;

	make(&rec, "w=9000", 0);
	store(path[0], &rec, 0);
	flp_inputs_init(&in, paths);
	CHECK(flp_inputs_one(&in, &h, &e) == 0 && flp_blocks_of(&b, &rec, &e) == 0, "%s", e.text);
	for (int file = 0; file < 2; file++) {
		CHECK(!file || flp_blocks_reset(&b, in.reader, h, &e) == 0, "%s", e.text);
		CHECK(flp_blocks_raw(&b, 0, &e) == 1 && b.n == FLP_BLOCKS_N, "%zu", b.n);
		CHECK((b.raw == rec.values[0]) == !file, "%d", file);
		CHECK(flp_blocks_next(&b, 0, &e) == 1 && b.at == FLP_BLOCKS_N, "%zu", b.n);
		CHECK(b.n == 9000 - FLP_BLOCKS_N && b.value[b.n - 1] == 8999, "%zu", b.n);
		CHECK(flp_blocks_raw(&b, 0, &e) == 0, "more");
		CHECK(flp_blocks_raw(&b, 1, &e) < 0 &&
		    strcmp(e.text, "a program error: expected one of 1 tensors, found number 1") == 0, "%s", e.text);
	}
	flp_blocks_free(&b);
	flp_inputs_close(&in);
	flp_record_free(&rec);
}

int
main(void)
{
	for (int i = 0; i < 2; i++) {
		int fd = mkstemp(path[i]);

		CHECK(fd >= 0, "%s", path[i]);
		close(fd);
	}
	test_pairs();
	test_refused();
	test_damage();
	test_cut("w=30000", "w=30000", 0);
	test_cut("w=30000", "w=30000", 1);
	test_cut("w=1 :a=30000", "w=1", 0);
	test_cut("w=1", "w=1 x=30000", 1);
	test_plain();
	test_blocks();
	unlink(path[0]);
	unlink(path[1]);
	return unit_done();
}

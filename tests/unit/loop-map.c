/* loop/map, and the reading again that it needs: copies, edits, a look before the
 * first byte, bad records, files that change between two readings. */
#include "loop/map.h"
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N 20000 /* values of the tensor w */

static char from[] = "/tmp/fl-unit-XXXXXX", to[] = "/tmp/fl-unit-XXXXXX";

/* Appends to the open file: f32 w [n], all `value`, packed or dense; u8 :d [2], e
 * empty; or only the first so many tensors. client=1 in the header,
 * parents=2 in the footer. */
static void
make(struct flp_out *out, float value, uint64_t n, enum flp_encoding encoding, size_t tensors)
{
	const struct { const char *name; enum flp_dtype dtype; uint64_t n; } all[] = {
		{ "w", FLP_DTYPE_F32, n }, { ":d", FLP_DTYPE_U8, 2 }, { "e", FLP_DTYPE_F64, 0 } };
	struct flp_writer *w = NULL;
	struct flp_meta footer = { 0 };
	struct flp_header h;
	struct flp_error e;
	float *values = malloc(n * sizeof *values);

	for (size_t i = 0; i < n; i++)
		values[i] = value;
	flp_header_init(&h, FLP_KIND_UPDATE);
	for (size_t i = 0; i < tensors; i++) {
		CHECK(flp_header_add(&h, all[i].name, all[i].dtype, 1, &all[i].n, &e) == 0, "%s",
		    e.text);
		h.tensor[i].encoding = encoding;
	}
	CHECK(flp_meta_set_text(&h.meta, "client", "1", &e) == 0, "%s", e.text);
	CHECK(flp_meta_set_text(&footer, "parents", "2", &e) == 0, "%s", e.text);
	CHECK((w = flp_writer_new(out, &e)) != NULL && flp_writer_begin(w, &h, &e) == 0 &&
	    flp_writer_values(w, values, n * sizeof *values, &e) == 0 &&
	    (tensors < 2 || flp_writer_values(w, "ab", 2, &e) == 0) &&
	    flp_writer_end(w, &footer, NULL, &e) == 0, "%s", e.text);
	flp_writer_free(w);
	flp_meta_free(&footer);
	flp_header_free(&h);
	free(values);
}

/* Three records, of ones, twos and threes, in the file `from`. */
static void
make_three(void)
{
	struct flp_out out;
	struct flp_error e;

	CHECK(flp_out_create(&out, from, &e) == 0, "%s", e.text);
	make(&out, 1, N, FLP_ENCODING_DENSE, 3);
	make(&out, 2, N, FLP_ENCODING_DENSE, 3);
	make(&out, 3, N, FLP_ENCODING_ZLIB, 3);
	CHECK(flp_out_commit(&out, 0, &e) == 0, "%s", e.text);
}

/* What the functions of a map do, and what they have seen. */
struct seen {
	double factor;        /* the body's */
	double sum;           /* of w's values, by the look; 1 without one */
	int edits, looks, looked, fills;
	int refuse;           /* the edit that refuses, from 1 */
	int refuse_look;      /* the look that refuses, from 1 */
	void (*change)(void); /* done by the last look at w */
};

static int
edit(void *context, struct flp_header *h, struct flp_error *e)
{
	struct seen *seen = context;

	seen->sum = 0;
	if (++seen->edits == seen->refuse)
		return flp_error_bad(e, "refused");
	h->kind = FLP_KIND_PARAMS;
	h->privacy = FLP_PRIVACY_CLIPPED;
	h->tensor[0].encoding = FLP_ENCODING_ZLIB;
	return flp_tensor_set_dtype(&h->tensor[0], FLP_DTYPE_F64, e) < 0 ? -1 :
	    flp_meta_set_text(&h->meta, "client", "3", e);
}

static int
look(void *context, struct flp_blocks *b, struct flp_error *e)
{
	struct seen *seen = context;

	if (++seen->looks == seen->refuse_look)
		return flp_error_bad(e, "refused");
	for (size_t i = 0; b->tensor == 0 && i < b->n; i++)
		seen->sum += flp_blocks_f64(b)[i];
	if (seen->change != NULL && b->tensor == 0 && b->at + b->n == N)
		seen->change();
	return 0;
}

/* w becomes f64, each value by its share of the sum. */
static int
body(void *context, struct flp_blocks *b, const struct flp_tensor *t, void *made,
    struct flp_error *e)
{
	const struct seen *seen = context;
	const double *value = flp_blocks_f64(b);

	(void)e;
	CHECK(t->name[0] == b->header->tensor[b->tensor].name[0] &&
	    t->count == b->header->tensor[b->tensor].count, "%s", t->name);
	if (b->tensor != 0)
		memcpy(made, b->raw, b->n);
	for (size_t i = 0; b->tensor == 0 && i < b->n; i++)
		((double *)made)[i] = value[i] * seen->factor / (seen->looks > 0 ? seen->sum : 1);
	return 0;
}

static int
end(void *context, struct flp_meta *footer, struct flp_error *e)
{
	const struct seen *seen = context;

	CHECK(footer->n == 10 && memcmp(footer->text, "parents=2\n", 10) == 0, "%.*s", (int)footer->n,
	    footer->text);
	flp_meta_drop(footer, "parents");
	return flp_meta_set_u64(footer, "steps", (uint64_t)seen->edits, e);
}

/* The message about the record that was left out last. */
static char text[256];

static void
left_out(const struct flp_error *e)
{
	snprintf(text, sizeof text, "%.255s", e->text);
}

/* Maps the file at `path` to the file `to`, also what comes before an error. */
static int
run(const struct flp_map *m, const char *path, uint64_t *n, struct flp_error *e)
{
	char *paths[] = { (char *)path, NULL };
	struct flp_inputs in;
	struct flp_out out;
	int status;

	flp_inputs_init(&in, paths);
	CHECK(flp_out_create(&out, to, e) == 0, "%s", e->text);
	memset(e, 0, sizeof *e);
	status = flp_map_records(m, &in, &out, n, e);
	flp_inputs_close(&in);
	CHECK(flp_out_commit(&out, 0, &(struct flp_error){ 0 }) == 0, "commit");
	return status;
}

static int
same_files(void)
{
	static char a[4 * N * 8], b[sizeof a];
	FILE *f = fopen(from, "r"), *g = fopen(to, "r");
	size_t n = fread(a, 1, sizeof a, f), m = fread(b, 1, sizeof b, g);

	fclose(f);
	fclose(g);
	return n == m && n > 0 && memcmp(a, b, n) == 0;
}

/* The records in `to`: of each the first value of w, which all its values must be.
 * The end may be cut off. */
static size_t
results(double value[4], struct flp_record rec[4])
{
	char *paths[] = { to, NULL };
	struct flp_inputs in;
	struct flp_error e;
	size_t n = 0;

	flp_inputs_init(&in, paths);
	for (; n < 4 && flp_inputs_record(&in, &rec[n], &e) > 0; n++) {
		double *w = rec[n].values[0];

		CHECK(rec[n].header.tensor[0].dtype == FLP_DTYPE_F64, "dtype");
		value[n] = w[0];
		for (size_t i = 0; i < N; i++)
			CHECK(w[i] == w[0], "value %zu: %g", i, w[i]);
	}
	flp_inputs_close(&in);
	return n;
}

static void
free_all(struct flp_record *rec, size_t n)
{
	while (n > 0)
		flp_record_free(&rec[--n]);
}

/* With nothing to do records are copied, byte for byte; also where they are looked
 * at. */
static void
test_copy(void)
{
	struct flp_bad bad = { .tell = left_out };
	struct flp_map m = { 0 };
	struct seen seen = { 0 };
	struct flp_out out;
	struct flp_error e;
	uint64_t n;

	make_three();
	CHECK(run(&m, from, &n, &e) == 0 && n == 3, "%s", e.text);
	CHECK(same_files(), "not a copy");
	m = (struct flp_map){ .context = &seen, .look = look };
	CHECK(run(&m, from, &n, &e) == 0 && n == 3, "%s", e.text);
	CHECK(same_files() && seen.looks == 12, "%d looks", seen.looks);
	CHECK(run(&m, "/dev/null", &n, &e) == 0 && n == 0, "%s", e.text);
	CHECK(flp_out_create(&out, from, &e) == 0, "%s", e.text);
	make(&out, 1, N, FLP_ENCODING_DENSE, 1);
	make(&out, 2, 10, FLP_ENCODING_DENSE, 1);
	make(&out, 3, N, FLP_ENCODING_DENSE, 1);
	CHECK(flp_out_commit(&out, 0, &e) == 0, "%s", e.text);
	CHECK(run(&m, from, &n, &e) == 0 && n == 3 && same_files(), "%s", e.text);
	/* After a look that ends in the middle of a tensor. */
	seen = (struct seen){ .refuse_look = 1 };
	m.bad = &bad;
	CHECK(run(&m, from, &n, &e) == 0 && n == 2 && seen.looks == 5, "%d: %s", seen.looks, e.text);
	CHECK(bad.n == 1, "%s", text);
}

/* Header, values and footer are changed, by a look (1 / N each) or without. */
static void
test_change(int looks)
{
	struct seen seen = { .factor = 2 };
	const struct flp_map m = { .context = &seen, .edit = edit, .look = looks ? look : NULL,
		.body = body, .end = end };
	struct flp_record rec[4];
	struct flp_error e;
	double value[4];
	uint64_t n;
	size_t found;

	make_three();
	CHECK(run(&m, from, &n, &e) == 0 && n == 3 && seen.edits == 3, "%s", e.text);
	found = results(value, rec);
	CHECK(found == 3, "%zu", found);
	for (size_t i = 0; i < found; i++) {
		const struct flp_header *h = &rec[i].header;
		char want[] = "client=3\nsteps=1\n";

		want[sizeof want - 3] += (char)i;
		CHECK(value[i] == (looks ? 2.0 / N : 2.0 * (double)(i + 1)), "%zu: %g", i, value[i]);
		CHECK(h->kind == FLP_KIND_PARAMS && h->privacy == FLP_PRIVACY_CLIPPED &&
		    h->tensor[0].encoding == FLP_ENCODING_ZLIB, "header %zu", i);
		CHECK(h->meta.n == sizeof want - 1 && memcmp(h->meta.text, want, sizeof want - 1) == 0, "%.*s", (int)h->meta.n,
		    h->meta.text);
		CHECK(memcmp(rec[i].values[1], "ab", 2) == 0 && h->tensor[2].count == 0, "others");
	}
	free_all(rec, found);
}

/* A pipe can be read twice too. */
static void
test_pipe(void)
{
	struct seen seen = { .factor = 2 };
	const struct flp_map m = { .context = &seen, .edit = edit, .look = look, .body = body };
	static char bytes[1 << 19];
	struct flp_record rec[4];
	struct flp_error e;
	double value[4];
	char path[32];
	size_t size, found;
	uint64_t n;
	int fd[2];
	FILE *f;

	make_three();
	f = fopen(from, "r");
	size = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	CHECK(pipe(fd) == 0 && fcntl(fd[1], F_SETPIPE_SZ, sizeof bytes) >= (int)size &&
	    write(fd[1], bytes, size) == (ssize_t)size && close(fd[1]) == 0, "pipe");
	snprintf(path, sizeof path, "/dev/fd/%d", fd[0]);
	CHECK(run(&m, path, &n, &e) == 0 && n == 3, "%s", e.text);
	found = results(value, rec);
	CHECK(found == 3 && value[2] == 2.0 / N, "%zu", found);
	free_all(rec, found);
	close(fd[0]);
}

/* Changes one byte of the second record's w. */
static void
damage_second(void)
{
	char *paths[] = { from, NULL };
	const struct flp_header *h;
	struct flp_inputs in;
	struct flp_error e;
	uint64_t at;
	int fd;

	flp_inputs_init(&in, paths);
	CHECK(flp_inputs_next(&in, &h, &e) == 1 && flp_inputs_next(&in, &h, &e) == 1, "%s", e.text);
	at = in.in.offset + 32; /* reading has come to the values */
	flp_inputs_close(&in);
	CHECK((fd = open(from, O_WRONLY)) >= 0 && pwrite(fd, "?", 1, (off_t)at) == 1, "write");
	close(fd);
}

/* The second record is bad. With a look it is left out or, if bad records are not reported, the map
 * ends before it; without a look the map ends in the middle of it. */
static void
test_bad(int looks, int tells, int refuse)
{
	struct seen seen = { .factor = 2, .refuse = refuse ? 2 : 0 };
	struct flp_bad bad = { .tell = left_out };
	const struct flp_map m = { .context = &seen, .edit = edit, .look = looks ? look : NULL,
		.body = body, .bad = tells ? &bad : NULL };
	int goes_on = tells && (looks || refuse);
	char place[64];
	struct flp_record rec[4];
	struct flp_error e;
	double value[4];
	uint64_t n;
	size_t found;

	make_three();
	if (!refuse)
		damage_second();
	CHECK(run(&m, from, &n, &e) == (goes_on ? 0 : -1), "%d %d %d: %s", looks, tells, refuse,
	    e.text);
	CHECK(n == (goes_on ? 2 : 1) && bad.n == (uint64_t)goes_on, "%llu", (unsigned long long)n);
	found = results(value, rec);
	CHECK(found == n, "%zu", found);
	snprintf(place, sizeof place, "%s: record 2: ", from);
	CHECK(strstr(goes_on ? text : e.text, place) == (goes_on ? text : e.text), "%s, %s", e.text,
	    text);
	free_all(rec, found);
}

/* The result lacks :d and has more at its end: x of u16, 0 to N, and an empty y. */
static int
exchange(void *context, struct flp_header *h, struct flp_error *e)
{
	const uint64_t n = N + 1, none = 0;

	flp_header_remove(h, 1);
	flp_header_remove(h, 9);
	return edit(context, h, e) < 0 || flp_header_add(h, "x", FLP_DTYPE_U16, 1, &n, e) < 0 ? -1 :
	    flp_header_add(h, "y", FLP_DTYPE_F32, 1, &none, e);
}

static int
fill(void *context, const struct flp_tensor *t, uint64_t at, size_t n, void *made,
    struct flp_error *e)
{
	struct seen *seen = context;

	(void)e;
	CHECK(strcmp(t->name, "x") == 0 && n > 0 && n <= FLP_BLOCKS_N && at + n <= t->count,
	    "%s %llu %zu", t->name, (unsigned long long)at, n);
	for (size_t i = 0; i < n; i++)
		((uint16_t *)made)[i] = (uint16_t)(at + i);
	seen->fills++;
	return 0;
}

/* What is known after the look can still go into the header, and into the new tensors. */
static int
looked(void *context, struct flp_header *h, struct flp_error *e)
{
	struct seen *seen = context;

	CHECK(flp_header_find(h, "x") == 2 && h->kind == FLP_KIND_PARAMS, "not the result's header");
	return ++seen->looked % 2 == 1 ? 1 : flp_meta_set_u64(&h->meta, "examples",
	    (uint64_t)seen->sum, e);
}

/* Tensors are left out and others added; the values of those that stay don't change. */
static void
test_exchange(void)
{
	struct seen seen = { .factor = 2 };
	const struct flp_map m = { .context = &seen, .edit = exchange, .look = look,
		.looked = looked, .body = body, .fill = fill, .end = end };
	struct flp_record rec[4];
	struct flp_error e;
	double value[4];
	uint64_t n;
	size_t found;

	make_three();
	CHECK(run(&m, from, &n, &e) == 0 && n == 3 && seen.fills == 9 && seen.looked == 6, "%d %s",
	    seen.fills, e.text);
	found = results(value, rec);
	CHECK(found == 3, "%zu", found);
	for (size_t i = 0; i < found; i++) {
		const struct flp_header *h = &rec[i].header;
		const uint16_t *x = flp_record_values(&rec[i], "x", NULL);
		const char *sum;
		size_t found_n;

		CHECK(h->tensors == 4 && strcmp(h->tensor[1].name, "e") == 0, "%zu", h->tensors);
		for (size_t k = 0; x != NULL && k <= N; k++)
			CHECK(x[k] == k, "%zu: %u", k, x[k]);
		sum = flp_meta_get(&h->meta, "examples", &found_n);
		CHECK(sum != NULL && strtol(sum, NULL, 10) == 2 * N * (long)(i + 1), "%zu", i);
	}
	free_all(rec, found);
}

/* A result that a reader would refuse, and those that are not of these tensors. */
static int
drop_tensor(void *context, struct flp_header *h, struct flp_error *e)
{
	(void)context;
	(void)e;
	flp_header_remove(h, h->tensors - 1);
	return 0;
}

static int
swap(void *context, struct flp_header *h, struct flp_error *e)
{
	const struct flp_tensor first = h->tensor[0];

	(void)context;
	(void)e;
	h->tensor[0] = h->tensor[1];
	h->tensor[1] = first;
	return 0;
}

static int
add_tensor(void *context, struct flp_header *h, struct flp_error *e)
{
	(void)context;
	return flp_header_add(h, "x", FLP_DTYPE_U16, 0, NULL, e);
}

static int
widen(void *context, struct flp_header *h, struct flp_error *e)
{
	(void)context;
	return flp_tensor_set_dtype(&h->tensor[0], FLP_DTYPE_F64, e);
}

static int
lengthen(void *context, struct flp_header *h, struct flp_error *e)
{
	(void)context;
	h->tensor[1].count = h->tensor[1].dims[0] = 3;
	return flp_tensor_set_dtype(&h->tensor[1], FLP_DTYPE_U8, e);
}

static void
test_misuse(void)
{
	static const struct {
		int (*edit)(void *, struct flp_header *, struct flp_error *);
		int bodied, filled;
	} all[] = { { widen, 0, 0 }, { drop_tensor, 0, 0 }, { drop_tensor, 0, 1 }, { lengthen, 1, 1 },
		{ swap, 1, 0 }, { swap, 1, 1 }, { add_tensor, 1, 0 }, { add_tensor, 0, 1 } };
	struct seen seen = { .factor = 1.7e308 };
	struct flp_map m = { .context = &seen, .edit = edit, .body = body };
	struct flp_error e;
	uint64_t n;

	make_three();
	CHECK(run(&m, from, &n, &e) < 0 && n == 1 && e.code == FLP_ERROR_BAD &&
	    strstr(e.text, "record 2: tensor w: value 0 of the result is not finite") != NULL, "%s",
	    e.text);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		m = (struct flp_map){ .context = &seen, .edit = all[i].edit,
			.body = all[i].bodied ? body : NULL, .fill = all[i].filled ? fill : NULL };
		CHECK(run(&m, from, &n, &e) < 0 && strstr(e.text, "the result's tensors") != NULL,
		    "%zu: %s", i, e.text);
	}
}

/* A header that is damaged is left out too where a record was written before it. */
static void
test_damaged_header(void)
{
	char broken[] = "/tmp/fl-unit-XXXXXX", *paths[] = { from, broken, from, NULL };
	int fd = mkstemp(broken);
	struct flp_bad bad = { .tell = left_out };
	const struct flp_map m = { .bad = &bad };
	struct flp_inputs in;
	struct flp_out out;
	struct flp_error e;
	uint64_t n;

	CHECK(fd >= 0 && write(fd, "not a record", 12) == 12 && close(fd) == 0, "%s", broken);
	make_three();
	CHECK(flp_out_create(&out, to, &e) == 0, "%s", e.text);
	flp_inputs_init(&in, paths);
	CHECK(flp_map_records(&m, &in, &out, &n, &e) == 0 && n == 6 && bad.n == 1, "%s",
	    e.text);
	flp_inputs_close(&in);
	flp_out_discard(&out);
	unlink(broken);
}

/* The same file with other values, or with another number of them. */
static void
replace(uint64_t n)
{
	static char bytes[N * 8];
	struct flp_out out;
	struct flp_error e;
	size_t size;
	FILE *f;

	CHECK(flp_out_create(&out, to, &e) == 0, "%s", e.text);
	make(&out, 7, n, FLP_ENCODING_DENSE, 3);
	CHECK(flp_out_commit(&out, 0, &e) == 0, "%s", e.text);
	f = fopen(to, "r");
	size = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	f = fopen(from, "r+");
	CHECK(fwrite(bytes, 1, size, f) == size && fflush(f) == 0 &&
	    ftruncate(fileno(f), (off_t)size) == 0, "write");
	fclose(f);
}

static void
replace_values(void)
{
	replace(N);
}

static void
replace_all(void)
{
	replace(N - 1);
}

static void
remove_all(void)
{
	CHECK(truncate(from, 0) == 0, "truncate");
}

/* A file that changes between the two readings: nothing whole comes of it. */
static void
test_changed(void)
{
	static void (*const changes[])(void) = { replace_values, replace_all, remove_all };

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct seen seen = { .factor = 1, .change = changes[i] };
		struct flp_bad bad = { .tell = left_out };
		const struct flp_map m = { .context = &seen, .edit = edit, .look = look, .body = body,
			.bad = &bad };
		struct flp_record rec[4];
		struct flp_error e;
		double value[4];
		uint64_t n;
		size_t found;

		make_three();
		CHECK(run(&m, from, &n, &e) < 0 && n == 0 && e.code == FLP_ERROR_SYSTEM &&
		    strstr(e.text, "changed while it was read") != NULL, "%zu: %s", i, e.text);
		found = results(value, rec);
		CHECK(found == 0 && bad.n == 0, "%zu: %zu", i, found);
		free_all(rec, found);
	}
}

/* A record can be read again any number of times, and reading goes on after it. */
static void
test_again(void)
{
	char *paths[] = { from, NULL };
	const struct flp_header *h;
	struct flp_reader *r = NULL;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_id id, other;
	float value;

	make_three();
	flp_inputs_init(&in, paths);
	CHECK(flp_inputs_next(&in, &h, &e) == 1 && flp_inputs_next(&in, &h, &e) == 1, "%s", e.text);
	for (int i = 0; i < 3; i++) {
		CHECK((i == 1 ? flp_reader_skip(in.reader, &id, &e) : flp_inputs_finish(&in, &id, &e)) == 0,
		    "%s", e.text);
		CHECK(flp_reader_back(in.reader, &e) == 0 && h->tensors == 3, "%s", e.text);
		CHECK(flp_reader_number(in.reader) == 2, "number");
		CHECK(flp_reader_values(in.reader, &value, sizeof value, &e) == 0 && value == 2, "%s",
		    e.text);
		CHECK(i == 0 || memcmp(&id, &other, sizeof id) == 0, "another id");
		other = id;
	}
	CHECK(flp_inputs_next(&in, &h, &e) == 1 && flp_reader_number(in.reader) == 3, "%s", e.text);
	CHECK(flp_inputs_next(&in, &h, &e) == 0, "%s", e.text);
	flp_inputs_close(&in);
	CHECK(flp_in_open(&in.in, from, &e) == 0 && (r = flp_reader_new(&in.in, &e)) != NULL, "%s",
	    e.text);
	CHECK(flp_reader_back(r, &e) < 0 && strstr(e.text, "no record to read again") != NULL, "%s",
	    e.text);
	CHECK(flp_reader_next(r, &h, &e) == 1 && flp_reader_back(r, &e) < 0, "in a record");
	in.in.regular = 0;
	CHECK(flp_reader_skip(r, &id, &e) == 0 && flp_reader_back(r, &e) < 0, "a pipe");
	flp_reader_free(r);
	flp_in_close(&in.in);
}

/* Only the last record of a file counts as its last, even if the file is a pipe, and the question
 * does not consume anything. */
static void
test_last(int piped)
{
	char path[40], *paths[] = { piped ? path : from, from, NULL };
	const struct flp_header *h;
	struct flp_inputs in;
	struct flp_error e;
	struct flp_id id;
	int end[2];

	make_three();
	if (piped) {
		char bytes[4096];
		FILE *f = fopen(from, "r");
		size_t n = 0;

		CHECK(f != NULL && pipe(end) == 0, "pipe");
		fcntl(end[1], F_SETPIPE_SZ, 1 << 20);
		while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
			CHECK(write(end[1], bytes, n) == (ssize_t)n, "write");
		fclose(f);
		close(end[1]);
		snprintf(path, sizeof path, "/dev/fd/%d", end[0]);
	}
	flp_inputs_init(&in, paths);
	for (int i = 0; i < 6; i++) {
		CHECK(flp_inputs_next(&in, &h, &e) == 1 && flp_inputs_finish(&in, &id, &e) == 0, "%d: %s", i,
		    e.text);
		for (int again = 0; again < 2; again++)
			CHECK(flp_inputs_last(&in, &e) == (i % 3 == 2), "%d", i);
	}
	CHECK(flp_inputs_next(&in, &h, &e) == 0, "%s", e.text);
	flp_inputs_close(&in);
	if (piped)
		close(end[0]);
}

int
main(void)
{
	close(mkstemp(from));
	close(mkstemp(to));
	test_copy();
	test_change(0);
	test_change(1);
	test_pipe();
	for (int i = 0; i < 8; i++)
		test_bad(i & 1, i >> 1 & 1, i >> 2);
	test_exchange();
	test_misuse();
	test_damaged_header();
	test_changed();
	test_again();
	test_last(0);
	test_last(1);
	unlink(from);
	unlink(to);
	return unit_done();
}

/* The format: reader and writer held against the vectors, each other, and
 * damage. Vectors are in $VECTORS, data/vectors where that is not set. */
#include "base/memory.h"
#include "format/bytes.h"
#include "format/chunks.h"
#include "format/keys.h"
#include "format/record.h"
#include "format/tail.h"
#include "kernel/random.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>
#include <zlib.h>

static struct flp_random dice;

/* A file in memory. */
#define ROOM (128 << 10) /* what an input reads at once */

struct bytes {
	unsigned char *p;
	size_t n;
	char name[280];
};

static uint64_t
below(uint64_t n)
{
	return flp_random_below(&dice, n);
}

static void
must(int status, const struct flp_error *e)
{
	if (status >= 0)
		return;
	fprintf(stderr, "unit: %s\n", e->text);
	exit(4);
}

static const char *
root(void)
{
	return getenv("VECTORS") ? getenv("VECTORS") : "data/vectors";
}

/* A file below the vectors' folder: "bad/id.flp". */
static struct bytes
slurp(const char *path)
{
	struct bytes b = { .p = NULL };
	char whole[600];
	FILE *f;

	snprintf(whole, sizeof whole, "%s/%s", root(), path);
	if ((f = fopen(whole, "rb")) == NULL) {
		perror(whole);
		exit(4);
	}
	snprintf(b.name, sizeof b.name, "%s", strrchr(path, '/') + 1);
	b.p = calloc(1, ROOM);
	b.n = fread(b.p, 1, 4095, f);
	fclose(f);
	return b;
}

/* An input that gives these bytes from its buffer and then ends, as a pipe
 * would; not to be closed. */
static struct flp_in
input(const struct bytes *b)
{
	static int nothing = -1;

	if (nothing < 0)
		nothing = open("/dev/null", O_RDONLY);
	return (struct flp_in){ .fd = nothing, .buffer = b->p, .to = b->n };
}

/* Reads every record, looking at all values (how = 0), at some (1), or at none
 * (2); counts the good ones, and their ends where at is not NULL. */
static int
read_through(struct flp_in *in, int how, size_t *records, uint64_t *at, struct flp_error *e)
{
	struct flp_reader *r = flp_reader_new(in, e);
	const struct flp_header *h;
	struct flp_record rec;
	struct flp_id id;
	unsigned char few[16];
	int status;

	*records = 0;
	while ((status = flp_reader_next(r, &h, e)) > 0) {
		if (how == 0 && (status = flp_record_load(&rec, r, h, e)) == 0)
			flp_record_free(&rec);
		if (how == 1 && h->tensors > 0 && h->tensor[0].count > 0)
			status = flp_reader_values(r, few, flp_dtype_size(h->tensor[0].dtype), e);
		if (how == 1 && status >= 0)
			status = flp_reader_finish(r, &id, e);
		if (how == 2)
			status = flp_reader_skip(r, &id, e);
		if (status < 0)
			break;
		if (at != NULL)
			at[*records] = in->offset;
		++*records;
	}
	flp_reader_free(r);
	return status;
}

static int
refused(const struct bytes *b, int how, struct flp_error *e)
{
	struct flp_in in = input(b);
	size_t records;

	return read_through(&in, how, &records, NULL, e) < 0 && e->code == FLP_ERROR_BAD;
}

static void
every_prefix(const struct bytes *b)
{
	struct bytes part = *b;
	struct flp_in in = input(b);
	struct flp_error e;
	uint64_t at[16];
	size_t records, got, ended = 0;

	CHECK(read_through(&in, 0, &records, at, &e) == 0, "%s: %s", b->name, e.text);
	CHECK(records > 0 && records <= 16 && at[records - 1] == b->n, "%s", b->name);
	for (part.n = 0; part.n < b->n; part.n++) {
		/* The memory after its end belongs to somebody else. */
		part.p = malloc(part.n + 1);
		memcpy(part.p, b->p, part.n);
		for (int how = 0; how < 3; how++) {
			int whole = part.n == 0 || part.n == at[ended];

			in = input(&part);
			CHECK((read_through(&in, how, &got, NULL, &e) == 0) == whole, "%s cut at %zu, %d",
			    b->name, part.n, how);
			CHECK(!whole || got == ended + (part.n > 0), "%s cut at %zu", b->name, part.n);
		}
		ended += part.n == at[ended];
		free(part.p);
	}
}

static void
every_flip(const struct bytes *b)
{
	struct flp_error e;

	for (size_t i = 0; i < 8 * b->n; i++) {
		b->p[i / 8] ^= (unsigned char)(1 << i % 8);
		for (int how = 0; how < 2; how++)
			CHECK(refused(b, how, &e), "%s: bit %zu, %d", b->name, i, how);
		refused(b, 2, &e);
		b->p[i / 8] ^= (unsigned char)(1 << i % 8);
	}
}

static void
trailing_bytes(const struct bytes *b)
{
	struct flp_error e;

	for (int byte = 0; byte < 256; byte++) {
		struct bytes more = { .n = b->n + 1, .p = malloc(b->n + 1) };

		memcpy(more.p, b->p, b->n);
		more.p[b->n] = (unsigned char)byte;
		CHECK(refused(&more, byte % 3, &e), "%s and byte %d", b->name, byte);
		free(more.p);
	}
}

/* Takes what a writer wrote. */
static struct bytes
written(struct flp_out *out)
{
	struct bytes b = { .n = (size_t)out->offset };
	struct flp_error e;
	struct flp_in in;
	size_t got;

	must(flp_in_temporary(&in, out, &e), &e);
	b.p = malloc(b.n + 1);
	must(flp_in_read(&in, b.p, b.n, &got, &e), &e);
	CHECK(got == b.n, "%zu of %zu bytes", got, b.n);
	flp_in_close(&in);
	return b;
}

/* All records again, in another encoding, or in their own for 0. */
static struct bytes
again(const struct bytes *b, enum flp_encoding encoding, struct flp_id *id)
{
	struct flp_in in = input(b);
	struct flp_error e;
	struct flp_out out;
	struct flp_reader *r = flp_reader_new(&in, &e);
	struct flp_writer *w;
	const struct flp_header *h;
	struct flp_record rec;

	must(flp_out_temporary(&out, &e), &e);
	w = flp_writer_new(&out, &e);
	for (; flp_reader_next(r, &h, &e) > 0; id++) {
		must(flp_record_load(&rec, r, h, &e), &e);
		for (size_t i = 0; encoding && i < h->tensors; i++)
			rec.header.tensor[i].encoding = encoding;
		*id = rec.id;
		must(flp_record_write(&rec, w, &e), &e);
		flp_record_free(&rec);
	}
	flp_writer_free(w);
	flp_reader_free(r);
	return written(&out);
}

/* The independent writer's bytes are ours, where it uses no freedom that ours
 * does not; ids are the same in every encoding. */
static void
rewrite(const struct bytes *b)
{
	struct flp_id id[16], other[16];
	struct bytes same = again(b, 0, id), packed = again(b, FLP_ENCODING_ZLIB, other), back;
	int free_to_differ = strstr(b->name, "footer") || strstr(b->name, "flag") ||
	    strstr(b->name, "zlib") || strcmp(b->name, "records-mixed.flp") == 0 ||
	    strcmp(b->name, "dims-zero.flp") == 0 || strcmp(b->name, "modular-mixed.flp") == 0 ||
	    strcmp(b->name, "modular-chunks.flp") == 0;
	int modular = strcmp(b->name, "masked.flp") == 0 || (strncmp(b->name, "modular-", 8) == 0 &&
	    strcmp(b->name, "modular-dense.flp") != 0 && strcmp(b->name, "modular-mixed.flp") != 0);

	CHECK(free_to_differ || (same.n == b->n && memcmp(same.p, b->p, b->n) == 0), "%s", b->name);
	back = again(&packed, 0, id);
	CHECK(memcmp(id, other, sizeof id[0]) == 0, "%s", b->name);
	CHECK(back.n == packed.n && memcmp(back.p, packed.p, back.n) == 0, "%s", b->name);
	free(back.p);
	back = again(&packed, modular ? FLP_ENCODING_MODULAR : FLP_ENCODING_DENSE, id);
	CHECK(memcmp(id, other, sizeof id[0]) == 0, "%s", b->name);
	CHECK(free_to_differ || (back.n == b->n && memcmp(back.p, b->p, b->n) == 0), "%s", b->name);
	free(same.p);
	free(packed.p);
	free(back.p);
}

/* Gives bytes to a pipe in pieces of one to `most`. */
struct feed {
	const struct bytes *b;
	size_t most;
	int fd;
};

static void *
feed(void *arg)
{
	struct feed *f = arg;
	size_t at = 0;
	ssize_t k;

	while (at < f->b->n) {
		size_t some = 1 + at % f->most, n = some < f->b->n - at ? some : f->b->n - at;

		if ((k = write(f->fd, f->b->p + at, n)) <= 0)
			break;
		at += (size_t)k;
	}
	close(f->fd);
	return NULL;
}

static int
through_pipe(const struct bytes *b, size_t most, int how, size_t *records, struct flp_error *e)
{
	int end[2], stdin_copy = dup(STDIN_FILENO), status;
	struct feed f = { b, most, -1 };
	struct flp_in in;
	pthread_t thread;

	if (pipe(end) < 0 || dup2(end[0], STDIN_FILENO) < 0)
		exit(4);
	close(end[0]);
	f.fd = end[1];
	pthread_create(&thread, NULL, feed, &f);
	must(flp_in_open(&in, "-", e), e);
	status = read_through(&in, how, records, NULL, e);
	flp_in_close(&in);
	dup2(stdin_copy, STDIN_FILENO);
	close(stdin_copy);
	pthread_join(thread, NULL);
	return status;
}

static void
slow_pipe(const struct bytes *b)
{
	struct flp_in in = input(b);
	struct flp_error e;
	size_t records, got;

	must(read_through(&in, 0, &records, NULL, &e), &e);
	for (int how = 0; how < 3; how++)
		for (size_t most = 1; most < 100; most += 32)
			CHECK(through_pipe(b, most, how, &got, &e) == 0 && got == records,
			    "%s by %zu: %s", b->name, most, e.text);
}

static void
bad_vector(const struct bytes *b)
{
	struct flp_error e = { .text = "" };
	char path[300], *say;
	struct bytes text;
	size_t records;

	snprintf(path, sizeof path, "bad/%.*s.txt", (int)strlen(b->name) - 4, b->name);
	text = slurp(path);
	text.p[text.n - 1] = '\0';
	say = strchr((char *)text.p, '\n') + 1;
	if (strncmp(say, "record ", 7) == 0)
		say = strstr(say, ": ") + 2;
	CHECK(refused(b, 0, &e) && (int)e.code == atoi((char *)text.p), "%s", b->name);
	CHECK(strstr(e.text, say) != NULL, "%s: expected \"%s\", found \"%s\"", b->name, say, e.text);
	CHECK(refused(b, 1, &e), "%s", b->name);
	CHECK(through_pipe(b, 7, 0, &records, &e) < 0 && strstr(e.text, say) != NULL, "%s: %s",
	    b->name, e.text);
	refused(b, 2, &e);
	free(text.p);
}

static void
vectors(int good)
{
	char folder[300], path[300];
	struct dirent *entry;
	int n = 0;
	DIR *dir;

	snprintf(folder, sizeof folder, "%s/%s", root(), good ? "good" : "bad");
	if ((dir = opendir(folder)) == NULL) {
		perror(folder);
		exit(4);
	}
	while ((entry = readdir(dir)) != NULL) {
		struct bytes b;

		if (strstr(entry->d_name, ".flp") == NULL)
			continue;
		snprintf(path, sizeof path, "%s/%s", good ? "good" : "bad", entry->d_name);
		b = slurp(path);
		/* Small, but for sets of ids of 2 KiB. */
		CHECK(b.n > 0 && (b.n <= 1024 || (good && (strcmp(b.name, "partial.flp") == 0 ||
		    strcmp(b.name, "dtypes-sum.flp") == 0))), "%s: %zu bytes", b.name, b.n);
		if (good) {
			every_prefix(&b);
			every_flip(&b);
			trailing_bytes(&b);
			rewrite(&b);
			slow_pipe(&b);
		} else {
			bad_vector(&b);
		}
		free(b.p);
		n++;
	}
	closedir(dir);
	CHECK(n >= (good ? 30 : 150), "%d vectors in %s", n, folder);
}

static const enum flp_dtype dtypes[] = { FLP_DTYPE_F64, FLP_DTYPE_F32, FLP_DTYPE_F16, FLP_DTYPE_BF16, FLP_DTYPE_I8, FLP_DTYPE_I16,
	FLP_DTYPE_I32, FLP_DTYPE_I64, FLP_DTYPE_U8, FLP_DTYPE_U16, FLP_DTYPE_U32, FLP_DTYPE_U64, FLP_DTYPE_SUM_F64, FLP_DTYPE_SUM_F32, FLP_DTYPE_SUM_F16,
	FLP_DTYPE_SUM_BF16 };
#define DTYPES (sizeof dtypes / sizeof dtypes[0])

/* Random bytes, but finite: the upper half of each float's exponent is out. */
static void
fill(unsigned char *p, const struct flp_tensor *t)
{
	size_t size = flp_dtype_size(t->dtype);
	int same = below(2) == 0;

	for (uint64_t i = 0; i < t->bytes; i++) {
		p[i] = same ? (unsigned char)(i % size) : (unsigned char)flp_random_u64(&dice);
		if (flp_dtype_is_float(t->dtype) && i % size == size - 1)
			p[i] &= 0xbf;
	}
}

static void
random_meta(struct flp_meta *m)
{
	struct flp_error e;
	char key[9], value[40];

	for (uint64_t n = below(8); n > 0; n--) {
		size_t k = 1 + below(8), v = 1 + below(39);

		for (size_t i = 0; i < k; i++)
			key[i] = "abcxyz019.-"[below(11)];
		key[k] = '\0';
		for (size_t i = 0; i < v; i++)
			value[i] = (char)(' ' + below(95));
		must(flp_meta_set(m, key, value, v, &e), &e);
	}
}

static void
random_record(struct flp_record *rec)
{
	struct flp_header h;
	struct flp_error e;
	char name[32];

	flp_header_init(&h, 1 + (enum flp_kind)below(FLP_KINDS));
	do
		h.privacy = (enum flp_privacy)below(FLP_PRIVACIES);
	while (!flp_privacy_allowed(h.kind, h.privacy));
	random_meta(&h.meta);
	for (uint64_t n = below(6), i = 0; i < n; i++) {
		uint64_t dims[FLP_RANK_LIMIT];
		unsigned rank = (unsigned)below(4);

		for (unsigned d = 0; d < rank; d++)
			dims[d] = below(20);
		snprintf(name, sizeof name, "%s%llu", below(4) ? "t" : ":\xc3\xa9", (unsigned long long)i);
		must(flp_header_add(&h, name, dtypes[below(DTYPES)], rank, dims, &e), &e);
		h.tensor[i].encoding = below(2) ? FLP_ENCODING_DENSE : FLP_ENCODING_ZLIB;
	}
	must(flp_record_new(rec, &h, &e), &e);
	for (size_t i = 0; i < h.tensors; i++)
		fill(rec->values[i], &h.tensor[i]);
	flp_header_free(&h);
}

static int
same_record(const struct flp_record *a, const struct flp_record *b)
{
	struct flp_error e;

	if (a->header.kind != b->header.kind || a->header.privacy != b->header.privacy ||
	    a->header.meta.n != b->header.meta.n ||
	    (a->header.meta.n && memcmp(a->header.meta.text, b->header.meta.text, a->header.meta.n)) ||
	    flp_header_same_tensors(&a->header, &b->header, &e) < 0)
		return 0;
	for (size_t i = 0; i < a->header.tensors; i++)
		if (memcmp(a->values[i], b->values[i], a->header.tensor[i].bytes) != 0 ||
		    a->header.tensor[i].encoding != b->header.tensor[i].encoding)
			return 0;
	return 1;
}

/* Values in calls of random size, with a footer of random keys. */
static void
write_in_pieces(struct flp_record *rec, struct flp_writer *w)
{
	struct flp_meta footer = { 0 }, merged = { 0 };
	struct flp_error e;

	random_meta(&footer);
	must(flp_meta_copy(&merged, &rec->header.meta, &e), &e);
	if (flp_meta_join(&merged, &footer, &e) < 0)
		flp_meta_free(&footer); /* a key stands in both */
	must(flp_writer_begin(w, &rec->header, &e), &e);
	for (size_t i = 0; i < rec->header.tensors; i++) {
		const struct flp_tensor *t = &rec->header.tensor[i];
		size_t size = flp_dtype_size(t->dtype);
		uint64_t at = 0, k;

		for (; at < t->bytes; at += k) {
			k = (1 + below((t->bytes - at) / size)) * size;
			must(flp_writer_values(w, (char *)rec->values[i] + at, k, &e), &e);
		}
	}
	must(flp_writer_end(w, &footer, &rec->id, &e), &e);
	must(flp_meta_join(&rec->header.meta, &footer, &e), &e);
	flp_meta_free(&footer);
	flp_meta_free(&merged);
}

static void
check_in_pieces(struct flp_reader *r, const struct flp_record *rec)
{
	const struct flp_header *h;
	struct flp_error e = { .text = "" };
	struct flp_id id;

	CHECK(flp_reader_next(r, &h, &e) == 1, "%s", e.text);
	for (size_t i = 0; i < h->tensors; i++) {
		const struct flp_tensor *t = &h->tensor[i];
		size_t size = flp_dtype_size(t->dtype);
		uint64_t at = 0, k;

		for (; at < t->bytes; at += k) {
			unsigned char block[8192];

			k = (1 + below((t->bytes - at) / size)) * size;
			k = k < sizeof block ? k : sizeof block;
			CHECK(flp_reader_values(r, block, k, &e) == 0, "%s", e.text);
			CHECK(memcmp(block, (char *)rec->values[i] + at, k) == 0, "tensor %zu", i);
		}
	}
	CHECK(flp_reader_finish(r, &id, &e) == 0, "%s", e.text);
	CHECK(memcmp(&id, &rec->id, sizeof id) == 0, "id");
}

/* Streams of random records come back, whole or in pieces. */
static void
round_trips(void)
{
	enum { N = 20 };
	struct flp_record rec[N], back;
	const struct flp_header *h;
	struct flp_error e = { .text = "" };
	struct flp_out out;
	struct flp_in in;
	struct flp_writer *w;
	struct flp_reader *r;

	must(flp_out_temporary(&out, &e), &e);
	w = flp_writer_new(&out, &e);
	for (int i = 0; i < N; i++) {
		random_record(&rec[i]);
		write_in_pieces(&rec[i], w);
	}
	flp_writer_free(w);
	CHECK(out.offset % FLP_ALIGNMENT == 0, "%llu bytes", (unsigned long long)out.offset);
	must(flp_in_temporary(&in, &out, &e), &e);
	r = flp_reader_new(&in, &e);
	for (int i = 0; i < N; i++) {
		CHECK(flp_reader_next(r, &h, &e) == 1, "%s", e.text);
		CHECK(flp_record_load(&back, r, h, &e) == 0, "%s", e.text);
		CHECK(same_record(&rec[i], &back), "record %d", i);
		CHECK(memcmp(&rec[i].id, &back.id, sizeof back.id) == 0, "record %d", i);
		CHECK(flp_reader_number(r) == (uint64_t)i + 1, "record %d", i);
		flp_record_free(&back);
	}
	CHECK(flp_reader_next(r, &h, &e) == 0, "%s", e.text);
	flp_reader_free(r);
	must(flp_in_seek(&in, 0, &e), &e);
	r = flp_reader_new(&in, &e);
	for (int i = 0; i < N; i++) {
		check_in_pieces(r, &rec[i]);
		flp_record_free(&rec[i]);
	}
	flp_reader_free(r);
	flp_in_close(&in);
}

/* One tensor of `bytes` bytes, whose neighbour shows where it ended. */
static void
of_size(uint64_t bytes, enum flp_encoding encoding)
{
	struct flp_record rec, back;
	const struct flp_header *h;
	struct flp_header header;
	struct flp_error e = { .text = "" };
	struct flp_reader *r;
	struct flp_writer *w;
	struct flp_out out;
	struct flp_in in;
	struct flp_id id;
	uint64_t one = 1;

	flp_header_init(&header, FLP_KIND_PARAMS);
	must(flp_header_add(&header, "big", FLP_DTYPE_U8, 1, &bytes, &e), &e);
	must(flp_header_add(&header, "one", FLP_DTYPE_U8, 1, &one, &e), &e);
	header.tensor[0].encoding = encoding;
	must(flp_record_new(&rec, &header, &e), &e);
	for (uint64_t i = 0; i < bytes; i++)
		((unsigned char *)rec.values[0])[i] = (unsigned char)(i * i >> 7);
	must(flp_out_temporary(&out, &e), &e);
	w = flp_writer_new(&out, &e);
	must(flp_record_write(&rec, w, &e), &e);
	must(flp_record_write(&rec, w, &e), &e);
	flp_writer_free(w);
	must(flp_in_temporary(&in, &out, &e), &e);
	r = flp_reader_new(&in, &e);
	CHECK(flp_reader_next(r, &h, &e) == 1, "%s", e.text);
	CHECK(flp_reader_skip(r, &id, &e) == 0, "%llu bytes: %s", (unsigned long long)bytes, e.text);
	CHECK(flp_reader_next(r, &h, &e) == 1, "%s", e.text);
	CHECK(flp_record_load(&back, r, h, &e) == 0, "%llu bytes: %s", (unsigned long long)bytes, e.text);
	CHECK(same_record(&rec, &back), "%llu bytes", (unsigned long long)bytes);
	CHECK(memcmp(&id, &back.id, sizeof id) == 0, "%llu bytes", (unsigned long long)bytes);
	CHECK(flp_reader_next(r, &h, &e) == 0, "%s", e.text);
	flp_reader_free(r);
	flp_in_close(&in);
	flp_record_free(&rec);
	flp_record_free(&back);
	flp_header_free(&header);
}

static void
boundaries(void)
{
	static const uint64_t size[] = { 64, 4096, 16 << 10, 64 << 10, 128 << 10, 256 << 10, 1 << 20,
		4 << 20, 8 << 20 };

	for (size_t i = 0; i < sizeof size / sizeof size[0]; i++)
		for (int off = -1; off <= 1; off++) {
			of_size(size[i] + (uint64_t)off, FLP_ENCODING_DENSE);
			of_size(size[i] + (uint64_t)off, FLP_ENCODING_ZLIB);
		}
}

/* Another writer's chunks: one of the greatest length, stored, and one byte. */
static void
greatest_chunk(void)
{
	const uint64_t n = FLP_CHUNK + 1;
	unsigned char *values = calloc(1, n), *p, *at;
	uLong bound = compressBound(FLP_CHUNK), part[2];
	struct flp_header h;
	struct flp_tail tail = { .footer = { 0 } };
	struct flp_error e = { .text = "" };
	struct flp_hash *hash = flp_hash_new(&e);
	struct bytes b = { .p = calloc(1, 2 * bound) };
	size_t header_n, tail_n, encoded;

	values[n - 1] = 9;
	flp_header_init(&h, FLP_KIND_PARAMS);
	must(flp_header_add(&h, "x", FLP_DTYPE_U8, 1, &n, &e), &e);
	h.tensor[0].encoding = FLP_ENCODING_ZLIB;
	must(flp_header_encode(&h, &p, &header_n, &e), &e);
	memcpy(b.p, p, header_n);
	free(p);
	at = b.p + header_n;
	for (int i = 0; i < 2; i++) {
		size_t some = i == 0 ? FLP_CHUNK : 1;

		part[i] = bound;
		compress2(at + 8, &part[i], values + (i ? FLP_CHUNK : 0), some, i ? 9 : 0);
		flp_bytes_put_u32(at, (uint32_t)some);
		flp_bytes_put_u32(at + 4, (uint32_t)part[i]);
		at += 8 + part[i];
	}
	encoded = (size_t)(at + 8 - (b.p + header_n));
	flp_bytes_put_u64(at + 8, XXH3_64bits(b.p + header_n, encoded));
	b.n = header_n + flp_bytes_padded(encoded + 8);
	flp_canonical_begin(flp_hash_sink(hash), &h);
	flp_canonical_values(flp_hash_sink(hash), values, n);
	flp_canonical_end(flp_hash_sink(hash), &h.meta);
	flp_hash_id(hash, &tail.id);
	tail.length = b.n + flp_tail_size(0);
	must(flp_tail_encode(&tail, &p, &tail_n, &e), &e);
	memcpy(b.p + b.n, p, tail_n);
	b.n += tail_n;
	for (int how = 0; how < 3; how++) {
		struct flp_in in = input(&b);
		size_t records;

		CHECK(read_through(&in, how, &records, NULL, &e) == 0 && records == 1, "%s", e.text);
	}
	flp_hash_free(hash);
	flp_header_free(&h);
	free(p);
	free(b.p);
	free(values);
}

/* Names and metadata as large as they may be, and one beyond. */
static void
limits(void)
{
	struct flp_header h, copy = { 0 };
	struct flp_error e;
	unsigned char *p;
	char name[257];
	size_t n;

	memset(name, 'n', 256);
	name[256] = '\0';
	flp_header_init(&h, FLP_KIND_PARAMS);
	CHECK(flp_header_add(&h, name, FLP_DTYPE_U8, 0, NULL, &e) < 0, "name of 256 bytes");
	CHECK(flp_header_add(&h, name + 1, FLP_DTYPE_U8, 0, NULL, &e) == 0, "name of 255 bytes");
	CHECK(flp_header_add(&h, "", FLP_DTYPE_U8, 0, NULL, &e) < 0, "empty name");
	CHECK(flp_header_add(&h, "a\tb", FLP_DTYPE_U8, 0, NULL, &e) < 0, "tab");
	CHECK(flp_header_add(&h, "d", 0, 0, NULL, &e) < 0, "dtype 0");
	CHECK(flp_header_add(&h, "r", FLP_DTYPE_U8, 9, (uint64_t[9]){ 1 }, &e) < 0, "rank 9");
	CHECK(h.tensors == 1, "%zu tensors", h.tensors);
	CHECK(flp_header_add(&h, "between", FLP_DTYPE_U8, 0, NULL, &e) == 0 &&
	    flp_header_add(&h, name + 1, FLP_DTYPE_U8, 0, NULL, &e) == 0 &&
	    flp_header_encode(&h, &p, &n, &e) < 0, "name twice");
	flp_header_free(&h);

	h.tensors = FLP_TENSOR_LIMIT + 1;
	h.tensor = calloc(h.tensors, sizeof *h.tensor);
	h.kind = FLP_KIND_PARAMS;
	for (size_t i = 0; i < h.tensors; i++) {
		h.tensor[i] = (struct flp_tensor){ .name = malloc(24), .dtype = FLP_DTYPE_U8,
			.encoding = FLP_ENCODING_DENSE, .count = 1, .bytes = 1 };
		snprintf(h.tensor[i].name, 24, "%06zu", i);
	}
	CHECK(flp_header_copy(&copy, &h, &e) < 0, "one tensor too many");
	CHECK(flp_header_encode(&h, &p, &n, &e) == 0, "%s", e.text);
	CHECK(flp_header_decode(&copy, p, n, &e) < 0, "one tensor too many");
	free(p);
	free(h.tensor[--h.tensors].name);
	CHECK(flp_header_encode(&h, &p, &n, &e) == 0, "%s", e.text);
	CHECK(flp_header_decode(&copy, p, n, &e) == 0 && copy.tensors == FLP_TENSOR_LIMIT, "%s", e.text);
	flp_header_free(&copy);
	free(p);
	for (size_t i = 0; i < h.tensors; i++) {
		h.tensor[i].name = realloc(h.tensor[i].name, 256);
		snprintf(h.tensor[i].name, 256, "%06zu%s", i, name + 30);
	}
	CHECK(flp_header_encode(&h, &p, &n, &e) < 0, "header beyond its limit");
	flp_header_free(&h);
}

static void
overflows(void)
{
	static const struct {
		int good;
		enum flp_dtype dtype;
		unsigned rank;
		uint64_t dims[3];
	} c[] = {
		{ 1, FLP_DTYPE_U8, 0, { 0 } },
		{ 1, FLP_DTYPE_U8, 1, { 0 } },
		{ 1, FLP_DTYPE_U8, 1, { (uint64_t)INT64_MAX - 64 } },
		{ 0, FLP_DTYPE_U8, 1, { (uint64_t)INT64_MAX - 63 } },
		{ 0, FLP_DTYPE_U8, 1, { UINT64_MAX } },
		{ 1, FLP_DTYPE_F32, 2, { 1u << 30, 1u << 30 } },
		{ 0, FLP_DTYPE_F32, 2, { 1ull << 31, 1u << 30 } },
		{ 0, FLP_DTYPE_F32, 3, { 1ull << 32, 1ull << 32, 1 } },
		{ 0, FLP_DTYPE_F32, 3, { 1ull << 32, 1ull << 32, 0 } },
		{ 0, FLP_DTYPE_F32, 3, { 0, UINT64_MAX, 3 } },
		{ 0, FLP_DTYPE_SUM_F32, 1, { 1ull << 60 } },
		{ 1, FLP_DTYPE_SUM_F32, 1, { 1ull << 58 } },
	};
	struct flp_header h;
	struct flp_error e;

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		flp_header_init(&h, FLP_KIND_PARAMS);
		CHECK((flp_header_add(&h, "w", c[i].dtype, c[i].rank, c[i].dims, &e) == 0) == c[i].good,
		    "case %zu", i);
		flp_header_free(&h);
	}
	flp_header_init(&h, FLP_KIND_PARAMS);
	must(flp_header_add(&h, "w", FLP_DTYPE_U8, 1, &(uint64_t){ 1ull << 60 }, &e), &e);
	CHECK(h.tensor[0].bytes == 1ull << 60, "bytes");
	CHECK(flp_tensor_set_dtype(&h.tensor[0], FLP_DTYPE_F64, &e) < 0, "2^63 bytes");
	flp_header_free(&h);
}

static void
comparisons(void)
{
	static const struct {
		const char *name;
		enum flp_dtype dtype;
		unsigned rank;
		uint64_t dims[2];
		const char *say;
	} c[] = {
		{ "w", FLP_DTYPE_F32, 2, { 2, 3 }, NULL },
		{ "v", FLP_DTYPE_F32, 2, { 2, 3 }, "expected tensor w, found tensor v" },
		{ "w", FLP_DTYPE_F64, 2, { 2, 3 }, "tensor w: expected f32, found f64" },
		{ "w", FLP_DTYPE_F32, 2, { 3, 2 }, "tensor w: expected dims 2x3, found 3x2" },
		{ "w", FLP_DTYPE_F32, 1, { 2, 0 }, "tensor w: expected dims 2x3, found 2" },
		{ "w", FLP_DTYPE_F32, 0, { 0, 0 }, "tensor w: expected dims 2x3, found scalar" },
	};
	struct flp_header a, b;
	struct flp_error e;

	flp_header_init(&a, FLP_KIND_PARAMS);
	must(flp_header_add(&a, "w", FLP_DTYPE_F32, 2, c[0].dims, &e), &e);
	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		e.text[0] = '\0';
		flp_header_init(&b, FLP_KIND_UPDATE);
		CHECK(flp_header_same_tensors(&a, &b, &e) < 0, "no tensors");
		must(flp_header_add(&b, c[i].name, c[i].dtype, c[i].rank, c[i].dims, &e), &e);
		CHECK((flp_header_same_tensors(&a, &b, &e) == 0) == (c[i].say == NULL), "case %zu", i);
		CHECK(c[i].say == NULL || strcmp(e.text, c[i].say) == 0, "case %zu: %s", i, e.text);
		CHECK((flp_header_alike_tensors(&a, &b, &e) == 0) == (c[i].say == NULL ||
		    strstr(c[i].say, "found f64") != NULL), "case %zu: alike", i);
		flp_header_free(&b);
	}
	CHECK(flp_header_find(&a, "w") == 0 && flp_header_find(&a, "x") == -1, "find");
	flp_header_free(&a);
}

/* A record that lacks some of its values does not get a tail. */
static void
unfinished(void)
{
	for (int zlib = 0; zlib < 2; zlib++) {
		struct flp_header h;
		struct flp_out out;
		struct flp_error e = { .text = "" };
		struct flp_writer *w;

		flp_header_init(&h, FLP_KIND_PARAMS);
		must(flp_header_add(&h, "none", FLP_DTYPE_U8, 1, &(uint64_t){ 0 }, &e), &e);
		must(flp_header_add(&h, "w", FLP_DTYPE_F32, 1, &(uint64_t){ 2 }, &e), &e);
		h.tensor[1].encoding = zlib ? FLP_ENCODING_ZLIB : FLP_ENCODING_DENSE;
		must(flp_out_temporary(&out, &e), &e);
		w = flp_writer_new(&out, &e);
		must(flp_writer_begin(w, &h, &e), &e);
		CHECK(flp_writer_end(w, NULL, NULL, &e) < 0 && strstr(e.text, "tensor w: 8 bytes"), "%s",
		    e.text);
		must(flp_writer_begin(w, &h, &e), &e);
		must(flp_writer_values(w, &(float){ 1 }, 4, &e), &e);
		CHECK(flp_writer_end(w, NULL, NULL, &e) < 0 && strstr(e.text, "tensor w: 4 bytes"), "%s",
		    e.text);
		must(flp_writer_begin(w, &h, &e), &e);
		must(flp_writer_values(w, &(float[]){ 1, 2 }, 8, &e), &e);
		CHECK(flp_writer_end(w, NULL, NULL, &e) == 0, "%s", e.text);
		flp_writer_free(w);
		flp_out_discard(&out);
		flp_header_free(&h);
	}
}

/* A failure of the system is not a bad input. */
static void
system_failures(void)
{
	struct flp_in in = { .fd = -1 };
	struct flp_out out;
	struct flp_error e;
	struct flp_reader *r = flp_reader_new(&in, &e);
	struct flp_writer *w;
	const struct flp_header *h;
	struct flp_record rec;

	CHECK(flp_reader_next(r, &h, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "%s", e.text);
	flp_reader_free(r);
	for (int zlib = 0; zlib < 2; zlib++) {
		struct flp_header header;

		flp_header_init(&header, FLP_KIND_PARAMS);
		must(flp_header_add(&header, "w", FLP_DTYPE_U8, 1, &(uint64_t){ 1 << 20 }, &e), &e);
		header.tensor[0].encoding = zlib ? FLP_ENCODING_ZLIB : FLP_ENCODING_DENSE;
		must(flp_record_new(&rec, &header, &e), &e);
		for (int i = 0; i < 1 << 20; i++)
			((unsigned char *)rec.values[0])[i] = (unsigned char)flp_random_u64(&dice);
		must(flp_out_temporary(&out, &e), &e);
		close(out.fd);
		out.fd = open("/dev/full", O_WRONLY);
		w = flp_writer_new(&out, &e);
		CHECK(flp_record_write(&rec, w, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "%s", e.text);
		flp_writer_free(w);
		flp_out_discard(&out);
		flp_record_free(&rec);
		flp_header_free(&header);
	}
}

/* Claims of 2^60 bytes cost no memory. */
static void
claims(void)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	for (int zlib = 0; zlib < 2; zlib++) {
		struct bytes b = slurp(zlib ? "bad/zlib-dims-huge.flp" : "bad/values-huge.flp");
		struct flp_error e;

		CHECK(refused(&b, 0, &e), "claim of 2^60 bytes");
		free(b.p);
	}
	getrusage(RUSAGE_SELF, &after);
	CHECK(after.ru_maxrss - before.ru_maxrss < 32 << 10, "%ld KiB", after.ru_maxrss - before.ru_maxrss);
}

static int
meta_is(const struct flp_meta *m, const char *text)
{
	return m->n == strlen(text) && (m->n == 0 || memcmp(m->text, text, m->n) == 0);
}

static int
set(struct flp_meta *m, const char *key, const char *value, struct flp_error *e)
{
	return flp_meta_set(m, key, value, strlen(value), e);
}

static void
metadata(void)
{
	struct flp_meta m = { 0 }, other = { 0 };
	struct flp_error e;
	uint64_t v = 7;
	size_t n;
	char *long_value = malloc(FLP_META_LIMIT);

	CHECK(flp_meta_get(&m, "round", &n) == NULL, "empty");
	CHECK(set(&m, "round", "12", &e) == 0, "set");
	CHECK(set(&m, "a.b", "x", &e) == 0, "set");
	CHECK(set(&m, "rounds", "13", &e) == 0, "set");
	CHECK(set(&m, "a", "18446744073709551615", &e) == 0, "set");
	CHECK(meta_is(&m, "a=18446744073709551615\na.b=x\nround=12\nrounds=13\n"), "%.*s", (int)m.n, m.text);
	CHECK(set(&m, "round", "1", &e) == 0, "set again");
	flp_meta_drop(&m, "a.b");
	flp_meta_drop(&m, "none");
	CHECK(meta_is(&m, "a=18446744073709551615\nround=1\nrounds=13\n"), "%.*s", (int)m.n, m.text);
	CHECK(flp_meta_get(&m, "round", &n) != NULL && n == 1, "get");
	CHECK(flp_meta_get(&m, "roun", &n) == NULL, "get a prefix");
	CHECK(flp_meta_u64(&m, "a", 0, UINT64_MAX, &v, &e) == 1 && v == UINT64_MAX, "number");
	CHECK(flp_meta_u64(&m, "round", 2, 9, &v, &e) == -1, "below the least");
	CHECK(flp_meta_u64(&m, "none", 0, 9, &v, &e) == 0, "absent");
	CHECK(set(&m, "Round", "1", &e) < 0, "upper case");
	CHECK(set(&m, "", "1", &e) < 0, "no key");
	CHECK(set(&m, "x", "", &e) < 0, "no value");
	CHECK(set(&m, "x", "a\nb=c", &e) < 0, "newline");
	CHECK(flp_meta_set(&m, "x", "a\0b", 3, &e) < 0, "NUL");
	CHECK(flp_meta_parse(&m, "b=1\na=1\n", 8, &e) < 0, "unsorted");
	CHECK(meta_is(&m, "a=18446744073709551615\nround=1\nrounds=13\n"), "unharmed");
	CHECK(flp_meta_parse(&other, "b=1\nround=1\n", 12, &e) == 0, "%s", e.text);
	CHECK(flp_meta_join(&m, &other, &e) < 0, "a key in both");
	CHECK(flp_meta_parse(&other, "b=1\nc=2\n", 8, &e) == 0, "%s", e.text);
	flp_meta_drop(&m, "b");
	CHECK(flp_meta_join(&m, &other, &e) == 0, "%s", e.text);
	CHECK(meta_is(&m, "a=18446744073709551615\nb=1\nc=2\nround=1\nrounds=13\n"), "%.*s", (int)m.n, m.text);

	CHECK(flp_meta_parse(&m, "b=1\nd=2\n", 8, &e) == 0 &&
	    flp_meta_parse(&other, "a=1\nbb=1\nc=1\ne=1\n", 17, &e) == 0 &&
	    flp_meta_join(&m, &other, &e) == 0, "%s", e.text);
	CHECK(meta_is(&m, "a=1\nb=1\nbb=1\nc=1\nd=2\ne=1\n"), "%.*s", (int)m.n, m.text);
	CHECK(flp_meta_parse(&m, "arch=x\nclient=a\nclients=2\nexamples=3\nnote=n\nparents=p\n"
	    "round=1\nsteps=4\nweighting=uniform\n", 88, &e) == 0, "%s", e.text);
	flp_meta_drop_keys(&m, FLP_KEY_MADE);
	CHECK(meta_is(&m, "arch=x\nnote=n\nround=1\n"), "%.*s", (int)m.n, m.text);
	CHECK(flp_meta_parse(&other, "clip=1\nclip.1=1\nmechanism=m\nnote=o\nround=2\n", 43, &e) == 0 &&
	    flp_meta_copy_keys(&m, &other, FLP_KEY_LEDGER, &e) == 0, "%s", e.text);
	CHECK(meta_is(&m, "arch=x\nclip=1\nclip.1=1\nmechanism=m\nnote=n\nround=1\n"), "%.*s",
	    (int)m.n, m.text);
	flp_meta_drop_keys(&m, FLP_KEY_NOISE);
	CHECK(meta_is(&m, "arch=x\nclip=1\nclip.1=1\nnote=n\nround=1\n"), "%.*s", (int)m.n, m.text);

	memset(long_value, 'v', FLP_META_LIMIT);
	CHECK(flp_meta_parse(&m, "a=1\n", 4, &e) == 0, "%s", e.text);
	CHECK(flp_meta_set(&m, "b", long_value, FLP_META_LIMIT - 6, &e) < 0, "a byte beyond the limit");
	CHECK(flp_meta_set(&m, "b", long_value, FLP_META_LIMIT - 7, &e) == 0, "%s", e.text);
	CHECK(m.n == FLP_META_LIMIT, "%zu bytes", m.n);
	CHECK(flp_meta_parse(&other, "c=2\n", 4, &e) == 0, "%s", e.text);
	CHECK(flp_meta_join(&m, &other, &e) < 0, "beyond the limit together");
	flp_meta_free(&m);
	flp_meta_free(&other);
	free(long_value);
}

static struct bytes
joined(const char *const *name, int n)
{
	struct bytes b = { .p = calloc(1, ROOM) };

	for (int i = 0; i < n; i++) {
		char path[200];
		struct bytes one;

		snprintf(path, sizeof path, "%s.flp", name[i]);
		one = slurp(path);
		memcpy(b.p + b.n, one.p, one.n);
		b.n += one.n;
		free(one.p);
	}
	return b;
}

/* After bad values reading goes on, since lengths lead to the record's end; after any other
 * damage it does not. `leave`: the end is looked for before the next record is asked for. */
static void
after_damage(int load, int leave)
{
	static const char *const names[] = { "bad/nan-f32", "good/params", "bad/nan-zlib",
		"good/zlib", "bad/id", "good/update", "bad/infinity-f64", "bad/value-padding",
		"bad/zlib-stream", "bad/zlib-stream-twice", "bad/zlib-checksum", "good/params",
		"bad/zlib-padding", "bad/zlib-fewer", "bad/zlib-more", "bad/zlib-more-chunks",
		"good/zlib", "bad/tail-checksum", "good/params" };
	const int n = sizeof names / sizeof *names;
	struct bytes b = joined(names, n);
	struct flp_in in = input(&b);
	struct flp_error e;
	struct flp_reader *r = flp_reader_new(&in, &e);
	const struct flp_header *h;
	struct flp_record rec;
	struct flp_id id;

	for (int i = 0; i < n - 1; i++) {
		int status = flp_reader_next(r, &h, &e);

		CHECK(status == 1, "%s: %s", names[i], e.text);
		status = load ? flp_record_load(&rec, r, h, &e) : flp_reader_finish(r, &id, &e);
		CHECK((status == 0) == (names[i][0] == 'g'), "%s", names[i]);
		if (load && status == 0)
			flp_record_free(&rec);
		if (leave)
			CHECK(flp_reader_leave(r, &e) == (i < n - 2), "%s: %s", names[i], e.text);
		CHECK(flp_reader_spent(r) == (i == n - 2), "%s", names[i]);
	}
	CHECK(flp_reader_next(r, &h, &e) < 0 && flp_reader_spent(r), "spent");
	CHECK(flp_reader_finish(r, &id, &e) < 0, "spent");
	flp_reader_free(r);
	free(b.p);
}

/* A record is left whatever was read of it: its header alone, or a part of its values. */
static void
leave(void)
{
	static const char *const names[] = { "good/zlib", "good/params", "good/zlib", "good/update",
		"bad/cut-values", };
	struct bytes b = joined(names, 5);
	struct flp_in in = input(&b);
	struct flp_error e;
	struct flp_reader *r = flp_reader_new(&in, &e);
	const struct flp_header *h;
	char values[8];

	CHECK(flp_reader_leave(r, &e) == 1, "%s", e.text);
	for (int i = 0; i < 5; i++) {
		CHECK(flp_reader_next(r, &h, &e) == 1, "%s: %s", names[i], e.text);
		if (i % 2 == 0)
			CHECK(flp_reader_values(r, values, sizeof values, &e) == 0, "%s", e.text);
		CHECK(flp_reader_leave(r, &e) == (i < 4), "%s: %s", names[i], e.text);
		CHECK(i == 4 || flp_reader_leave(r, &e) == 1, "%s: %s", names[i], e.text);
	}
	CHECK(flp_reader_spent(r) && flp_reader_leave(r, &e) == 0, "spent");
	flp_reader_free(r);
	free(b.p);
}

static void
nonfinite(void)
{
	static const char *const names[] = { "bad/nan-f16", "bad/infinity-bf16", "bad/nan-zlib" };
	struct bytes b = joined(names, 3);
	struct flp_in in = input(&b);
	struct flp_error e = { .text = "" };
	struct flp_reader *r = flp_reader_new(&in, &e);
	const struct flp_header *h;
	int n = 0;

	flp_reader_allow_nonfinite(r);
	while (flp_reader_next(r, &h, &e) > 0)
		n++;
	CHECK(n == 3, "%d records, %s", n, e.text);
	flp_reader_free(r);
	free(b.p);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN); /* a reader that refuses closes its pipe */
	flp_random_init(&dice, 1, 0, 0, FLP_PURPOSE_SPLIT);
	vectors(1);
	vectors(0);
	for (int i = 0; i < 50; i++)
		round_trips();
	boundaries();
	greatest_chunk();
	limits();
	overflows();
	comparisons();
	unfinished();
	system_failures();
	claims();
	metadata();
	for (int i = 0; i < 4; i++)
		after_damage(i & 1, i >> 1);
	leave();
	nonfinite();
	return unit_done();
}

/* Misuse of the format by a program. Every call out of turn, and every size, index and code that
 * does not exist, is an error of its own, and does no harm. */
#include "format/record.h"
#include "format/tail.h"
#include "loop/inputs.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static void
must(int status, const struct flp_error *e)
{
	if (status >= 0)
		return;
	fprintf(stderr, "unit: %s\n", e->text);
	exit(4);
}

/* Expects the call to be refused as misuse, with these words in the message. */
#define MISUSE(call, words) do { \
	e = (struct flp_error){ .text = "" }; \
	CHECK((call) == -1 && e.code == FLP_ERROR_SYSTEM && \
	    strncmp(e.text, "a program error: ", 17) == 0 && strstr(e.text, words) != NULL, "%s", \
	    e.text); \
} while (0)

static const float values[] = { 1, 2, 3, 4, 5, 6 };

/* Two tensors of three and two values, and one between them that has none. */
static void
make_header(struct flp_header *h, enum flp_encoding encoding)
{
	struct flp_error e;

	flp_header_init(h, FLP_KIND_PARAMS);
	must(flp_header_add(h, "a", FLP_DTYPE_F32, 1, (uint64_t[]){ 3 }, &e), &e);
	must(flp_header_add(h, "none", FLP_DTYPE_F64, 1, (uint64_t[]){ 0 }, &e), &e);
	must(flp_header_add(h, "b", FLP_DTYPE_F32, 1, (uint64_t[]){ 2 }, &e), &e);
	for (size_t i = 0; i < h->tensors; i++)
		h->tensor[i].encoding = encoding;
}

/* Makes every wrong call while a record is written, which must not harm the record. */
static void
write_wrong(struct flp_writer *w, enum flp_encoding encoding, struct flp_id *id)
{
	struct flp_header h;
	struct flp_error e;

	make_header(&h, encoding);
	MISUSE(flp_writer_values(w, values, 4, &e), "no record is begun");
	MISUSE(flp_writer_values(w, values, 0, &e), "no record is begun");
	MISUSE(flp_writer_end(w, NULL, NULL, &e), "no record is begun");
	must(flp_writer_begin(w, &h, &e), &e);
	MISUSE(flp_writer_begin(w, &h, &e), "not ended");
	MISUSE(flp_writer_values(w, values, 16, &e), "a: 16 bytes of values, but 12 are left");
	MISUSE(flp_writer_values(w, values, UINT64_MAX, &e), "but 12 are left");
	MISUSE(flp_writer_values(w, values, 3, &e), "tensor a: 3 bytes, but a value has 4");
	must(flp_writer_values(w, values, 4, &e), &e);
	MISUSE(flp_writer_values(w, values, 12, &e), "tensor a: 12 bytes of values, but 8 are left");
	must(flp_writer_values(w, values + 1, 8, &e), &e);
	MISUSE(flp_writer_values(w, values, 12, &e), "tensor b: 12 bytes of values, but 8 are left");
	must(flp_writer_values(w, values + 3, 8, &e), &e);
	MISUSE(flp_writer_values(w, values, 4, &e), "after the last tensor's");
	must(flp_writer_end(w, NULL, id, &e), &e);
	MISUSE(flp_writer_values(w, values, 4, &e), "no record is begun, or the last is ended");
	MISUSE(flp_writer_end(w, NULL, NULL, &e), "no record is begun, or the last is ended");
	flp_header_free(&h);
}

static void
read_wrong(struct flp_reader *r, const struct flp_id *id)
{
	const struct flp_header *h;
	struct flp_error e;
	struct flp_id found;
	float v[6];

	MISUSE(flp_reader_values(r, v, 4, &e), "no record is begun");
	MISUSE(flp_reader_values(r, v, 0, &e), "no record is begun");
	MISUSE(flp_reader_finish(r, &found, &e), "no record is begun");
	MISUSE(flp_reader_skip(r, &found, &e), "no record is begun");
	CHECK(flp_reader_next(r, &h, &e) == 1, "%s", e.text);
	MISUSE(flp_reader_values(r, v, 16, &e), "tensor a: 16 bytes of values, but 12 are left");
	MISUSE(flp_reader_values(r, v, UINT64_MAX, &e), "but 12 are left");
	MISUSE(flp_reader_values(r, v, 3, &e), "tensor a: 3 bytes, but a value has 4");
	must(flp_reader_values(r, v, 4, &e), &e);
	MISUSE(flp_reader_values(r, v, 12, &e), "tensor a: 12 bytes of values, but 8 are left");
	must(flp_reader_values(r, v + 1, 8, &e), &e);
	MISUSE(flp_reader_values(r, v, 12, &e), "tensor b: 12 bytes of values, but 8 are left");
	must(flp_reader_values(r, v + 3, 8, &e), &e);
	MISUSE(flp_reader_values(r, v, 4, &e), "after the last tensor's");
	CHECK(memcmp(v, values, 20) == 0, "values");
	must(flp_reader_finish(r, &found, &e), &e);
	CHECK(memcmp(&found, id, sizeof found) == 0, "id");
	MISUSE(flp_reader_values(r, v, 4, &e), "the last is finished");
	MISUSE(flp_reader_finish(r, &found, &e), "the last is finished");
	MISUSE(flp_reader_skip(r, &found, &e), "the last is finished");
	CHECK(!flp_reader_spent(r), "spent");
}

static void
reader_and_writer(enum flp_encoding encoding)
{
	struct flp_error e;
	struct flp_out out;
	struct flp_in in;
	struct flp_writer *w;
	struct flp_reader *r;
	const struct flp_header *h;
	struct flp_id id[2], found;

	must(flp_out_temporary(&out, &e), &e);
	w = flp_writer_new(&out, &e);
	write_wrong(w, encoding, &id[0]);
	write_wrong(w, encoding, &id[1]);
	flp_writer_free(w);
	must(flp_in_temporary(&in, &out, &e), &e);
	r = flp_reader_new(&in, &e);
	read_wrong(r, &id[0]);
	CHECK(flp_reader_next(r, &h, &e) == 1, "%s", e.text);
	CHECK(flp_reader_skip(r, &found, &e) == 0 && memcmp(&found, &id[1], sizeof found) == 0,
	    "skip");
	MISUSE(flp_reader_skip(r, &found, &e), "the last is finished");
	CHECK(flp_reader_next(r, &h, &e) == 0, "%s", e.text);
	MISUSE(flp_reader_values(r, &found, 4, &e), "the last is finished");
	CHECK(flp_reader_next(r, &h, &e) == 0, "%s", e.text);
	flp_reader_free(r);
	flp_in_close(&in);
}

/* After damage nothing more is read, and trying to read it is not misuse. */
static void
after_damage(void)
{
	unsigned char junk[FLP_ALIGNMENT] = "junk";
	struct flp_in in = { .fd = -1, .buffer = junk, .to = sizeof junk };
	struct flp_error e;
	struct flp_reader *r = flp_reader_new(&in, &e);
	const struct flp_header *h;
	struct flp_id id;

	CHECK(flp_reader_next(r, &h, &e) == -1 && flp_reader_spent(r), "junk");
	CHECK(flp_reader_values(r, junk, 4, &e) == -1 && e.code == FLP_ERROR_BAD, "values");
	CHECK(flp_reader_finish(r, &id, &e) == -1 && e.code == FLP_ERROR_BAD, "finish");
	CHECK(flp_reader_skip(r, &id, &e) == -1 && e.code == FLP_ERROR_BAD, "skip");
	CHECK(flp_reader_next(r, &h, &e) == -1 && e.code == FLP_ERROR_BAD, "next");
	flp_reader_free(r);
}

/* A header that the program has filled with values that do not exist. */
static void
spoil(struct flp_header *h, int c, char *long_name)
{
	switch (c) {
	case 0: h->kind = 0; break;
	case 1: h->kind = FLP_KINDS + 1; break;
	case 2: h->kind = (enum flp_kind)-1; break;
	case 3: h->privacy = FLP_PRIVACIES; break;
	case 4: h->privacy = (enum flp_privacy)-1; break;
	case 5: h->tensor[2].dtype = 0; break;
	case 6: h->tensor[2].dtype = FLP_DTYPE_SUM; break;
	case 7: h->tensor[2].dtype = (enum flp_dtype)-1; break;
	case 8: h->tensor[2].encoding = 0; break;
	case 9: h->tensor[2].encoding = FLP_ENCODING_QUANTIZED; break;
	case 10: h->tensor[2].encoding = FLP_ENCODING_MODULAR + 1; break;
	case 11: h->tensor[2].encoding = (enum flp_encoding)-1; break;
	case 12: h->tensor[2].rank = FLP_RANK_LIMIT + 1; break;
	case 13: h->tensor[2].rank = (unsigned)-1; break;
	case 14: h->tensor[2].name = long_name; break;
	case 15: h->tensor[2].name = long_name + 256; break;
	case 16: h->privacy = FLP_PRIVACY_MASKED; break;
	case 17: h->kind = FLP_KIND_MASKED; break;
	}
}

static void
headers(void)
{
	static const char *const say[] = { "unknown kind 0", "unknown kind 12", "unknown kind -1",
		"unknown privacy state 5", "unknown privacy state -1", "tensor 2: unknown dtype 0",
		"tensor 2: unknown dtype 16", "tensor 2: unknown dtype -1",
		"tensor 2: unknown encoding 0", "tensor 2: unknown encoding 3",
		"tensor 2: unknown encoding 6", "tensor 2: unknown encoding -1", "9 dimensions",
		"4294967295 dimensions", "a name of 256 bytes", "a name of 0 bytes",
		"privacy state masked in a record of kind params",
		"privacy state raw in a record of kind masked" };
	struct flp_error e;
	struct flp_out out;
	struct flp_writer *w;
	unsigned char *p;
	char long_name[257];
	size_t n;

	memset(long_name, 'n', 256);
	long_name[256] = '\0';
	must(flp_out_temporary(&out, &e), &e);
	w = flp_writer_new(&out, &e);
	for (int c = 0; c < (int)(sizeof say / sizeof say[0]); c++) {
		struct flp_header h;
		struct flp_tensor kept;

		make_header(&h, FLP_ENCODING_DENSE);
		kept = h.tensor[2];
		spoil(&h, c, long_name);
		MISUSE(flp_writer_begin(w, &h, &e), say[c]);
		MISUSE(flp_header_encode(&h, &p, &n, &e), say[c]);
		MISUSE(flp_writer_values(w, values, 4, &e), "no record is begun");
		h.tensor[2] = kept;
		flp_header_free(&h);
	}
	CHECK(out.offset == 0, "%llu bytes written", (unsigned long long)out.offset);
	flp_writer_free(w);
	flp_out_discard(&out);
}

/* Headers and tails of another length than they say. */
static void
lengths(void)
{
	static const size_t wrong[] = { 0, 1, 40, 63, 64, 192, (size_t)1 << 40, (size_t)-1 };
	struct flp_tail tail = { .length = 1 };
	struct flp_header h, back = { 0 };
	struct flp_error e;
	unsigned char *head, *end;
	size_t head_n, end_n;

	make_header(&h, FLP_ENCODING_DENSE);
	must(flp_header_encode(&h, &head, &head_n, &e), &e);
	must(flp_tail_encode(&tail, &end, &end_n, &e), &e);
	CHECK(head_n == 128 && end_n == 64, "%zu and %zu bytes", head_n, end_n);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		MISUSE(flp_header_decode(&back, head, wrong[i], &e), "which is not the length it gives");
		if (wrong[i] != end_n)
			MISUSE(flp_tail_decode(&tail, end, wrong[i], &e),
			    "which is not the length it gives");
	}
	CHECK(flp_header_decode(&back, head, head_n, &e) == 0, "%s", e.text);
	CHECK(flp_tail_decode(&tail, end, end_n, &e) == 0, "%s", e.text);
	flp_header_free(&back);
	flp_header_free(&h);
	free(head);
	free(end);
}

static void
tensors_and_records(void)
{
	struct flp_error e;
	struct flp_header h;
	struct flp_record rec, none = { .values = NULL };
	struct flp_tensor bad;
	const struct flp_tensor *t = NULL;
	char text[FLP_DIMS_TEXT];
	void *p = &e;

	make_header(&h, FLP_ENCODING_DENSE);
	must(flp_record_new(&rec, &h, &e), &e);
	CHECK(flp_record_values(&rec, "b", &t) == rec.values[2] && t == &rec.header.tensor[2], "b");
	CHECK(flp_record_values(&rec, "c", &t) == NULL, "no such tensor");
	CHECK(flp_record_values(&rec, NULL, &t) == NULL, "no name");
	CHECK(flp_record_values(NULL, "b", &t) == NULL, "no record");
	CHECK(flp_record_values(&none, "b", &t) == NULL, "an empty record");
	none.header = rec.header;
	CHECK(flp_record_values(&none, "b", &t) == NULL, "no values");
	CHECK(t == &rec.header.tensor[2], "untouched");
	bad = h.tensor[0];
	MISUSE(flp_tensor_set_dtype(&bad, 0, &e), "tensor a: unknown dtype 0");
	MISUSE(flp_tensor_set_dtype(&bad, FLP_DTYPE_SUM, &e), "tensor a: unknown dtype 16");
	CHECK(bad.dtype == FLP_DTYPE_F32 && bad.bytes == 12, "untouched");
	bad.dtype = 0;
	bad.bytes = (uint64_t)1 << 40;
	MISUSE(flp_record_tensor(&p, &bad, NULL, &e), "tensor a: unknown dtype 0");
	CHECK(p == NULL, "values");
	bad.rank = 1000;
	flp_tensor_dims(&bad, text);
	CHECK(strcmp(text, "3x0x0x0x0x0x0x0") == 0, "%s", text);
	flp_record_free(&rec);
	flp_header_free(&h);
}

/* The digest of a record of a kind that has none, or of any kind. */
static void
digests(void)
{
	struct flp_digest digest;
	struct flp_record rec;
	struct flp_header h;
	struct flp_error e;

	for (int kind = 0; kind <= FLP_KINDS; kind++) {
		if (kind == FLP_KIND_PARAMS || kind == FLP_KIND_SUM || kind == FLP_KIND_KEY)
			continue;
		MISUSE(flp_inputs_load(&rec, &digest, "/dev/null", (enum flp_kind)kind, &e), "digest");
		MISUSE(flp_inputs_load_header(&h, &digest, "/dev/null", (enum flp_kind)kind, &e),
		    "digest");
	}
}

/* Names for codes that do not exist. */
static void
names(void)
{
	for (int code = -2; code < 300; code++) {
		CHECK((flp_kind_name((enum flp_kind)code) != NULL) == (code >= 1 && code <= FLP_KINDS),
		    "kind %d", code);
		CHECK((flp_privacy_name((enum flp_privacy)code) != NULL) ==
		    (code >= 0 && code < FLP_PRIVACIES), "privacy state %d", code);
	}
}

int
main(void)
{
	reader_and_writer(FLP_ENCODING_DENSE);
	reader_and_writer(FLP_ENCODING_ZLIB);
	after_damage();
	headers();
	lengths();
	tensors_and_records();
	digests();
	names();
	return unit_done();
}

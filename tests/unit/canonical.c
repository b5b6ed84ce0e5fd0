/* The canonical form, whose hashes are the id and the digest (fl(5)). It is written out here by
 * hand, and compared in every encoding and in pieces of any size; and which records have a
 * digest. */
#include "format/digest.h"
#include "format/reader.h"
#include "format/record.h"
#include "format/writer.h"
#include "unit.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define BIG 5000  /* values of a tensor, more than a hash takes at once */
#define ROOM 8192 /* more than the record's canonical form */

/* A sink that keeps what it takes. */
struct kept {
	struct flp_sink sink;
	int begun;
	size_t n;
	unsigned char byte[ROOM];
};

static void
begin(struct flp_sink *s)
{
	struct kept *k = (struct kept *)s;

	k->begun++;
	k->n = 0;
}

static void
take(struct flp_sink *s, const void *bytes, size_t n)
{
	struct kept *k = (struct kept *)s;

	if (n > ROOM - k->n)
		exit(4);
	memcpy(k->byte + k->n, bytes, n);
	k->n += n;
}

static void
must(int status, const struct flp_error *e)
{
	if (status >= 0)
		return;
	fprintf(stderr, "unit: %s\n", e->text);
	exit(4);
}

/* An update, clipped, of four tensors; then values; then header's and footer's
 * metadata as one. */
static const char table[] = "\x02\x01" "\x04\0\0\0"
    "\x02\0\x02\x01w" "\x02\0\0\0\0\0\0\0" "\x03\0\0\0\0\0\0\0"
    "\x09\0\0\x06scalar"
    "\x0a\0\x01\x04none" "\0\0\0\0\0\0\0\0"
    "\x09\0\x01\x02:b" "\x88\x13\0\0\0\0\0\0";
static const char metadata[] = "\x10\0\0\0" "a=1\nround=7\nz=2\n";
static const float w[6] = { 1, -2, 0.5, 0, -0.0f, 3e38f };

static size_t
expected(unsigned char *p, unsigned char *big)
{
	unsigned char *from = p;

	for (int i = 0; i < BIG; i++)
		big[i] = (unsigned char)(i * i >> 3);
	p = (unsigned char *)mempcpy(p, table, sizeof table - 1);
	p = (unsigned char *)mempcpy(p, w, sizeof w);
	*p++ = 200;
	p = (unsigned char *)mempcpy(p, big, BIG);
	p = (unsigned char *)mempcpy(p, metadata, sizeof metadata - 1);
	return (size_t)(p - from);
}

/* Writes the record, tensor i in encoding[i]. */
static void
write_record(struct flp_out *out, const enum flp_encoding encoding[4], const unsigned char *big,
    struct flp_id *id)
{
	struct flp_meta footer = { 0 };
	struct flp_header h;
	struct flp_error e;
	struct flp_writer *writer = flp_writer_new(out, &e);

	flp_header_init(&h, FLP_KIND_UPDATE);
	h.privacy = FLP_PRIVACY_CLIPPED;
	must(flp_meta_parse(&h.meta, "round=7\n", 8, &e), &e);
	must(flp_meta_parse(&footer, "a=1\nz=2\n", 8, &e), &e);
	must(flp_header_add(&h, "w", FLP_DTYPE_F32, 2, (uint64_t[]){ 2, 3 }, &e), &e);
	must(flp_header_add(&h, "scalar", FLP_DTYPE_U8, 0, NULL, &e), &e);
	must(flp_header_add(&h, "none", FLP_DTYPE_U16, 1, (uint64_t[]){ 0 }, &e), &e);
	must(flp_header_add(&h, ":b", FLP_DTYPE_U8, 1, (uint64_t[]){ BIG }, &e), &e);
	for (int i = 0; i < 4; i++)
		h.tensor[i].encoding = encoding[i];
	must(flp_writer_begin(writer, &h, &e), &e);
	must(flp_writer_values(writer, w, sizeof w, &e), &e);
	must(flp_writer_values(writer, &(unsigned char){ 200 }, 1, &e), &e);
	must(flp_writer_values(writer, big, BIG, &e), &e);
	must(flp_writer_end(writer, &footer, id, &e), &e);
	flp_writer_free(writer);
	flp_header_free(&h);
	flp_meta_free(&footer);
}

/* Reads it and hands what was read to the sinks, `step` bytes at a time. */
static void
read_record(struct flp_in *in, struct flp_sink *sinks, size_t step, struct flp_id *id)
{
	unsigned char block[BIG];
	struct flp_error e;
	struct flp_reader *r = flp_reader_new(in, &e);
	const struct flp_header *h;

	must(flp_reader_next(r, &h, &e), &e);
	flp_canonical_begin(sinks, h);
	for (size_t i = 0; i < h->tensors; i++)
		for (uint64_t left = h->tensor[i].bytes, k; left > 0; left -= k) {
			k = left < step ? left : step;
			must(flp_reader_values(r, block, k, &e), &e);
			flp_canonical_values(sinks, block, k);
		}
	must(flp_reader_finish(r, id, &e), &e);
	flp_canonical_end(sinks, &h->meta);
	flp_reader_free(r);
}

/* Hashes n bytes at once, as an oracle. */
static void
digest_of(const void *bytes, size_t n, struct flp_digest *to)
{
	crypto_generichash(to->byte, sizeof to->byte, bytes, n, NULL, 0);
}

static void
in_encodings(const enum flp_encoding encoding[4], const char *name)
{
	static const size_t step[] = { 4, 24, 1000, 1024, BIG };
	unsigned char all[ROOM], big[BIG];
	size_t n = expected(all, big);
	XXH128_canonical_t whole;
	struct flp_id written, read, hashed;
	struct flp_error e;
	struct flp_hash *hash = flp_hash_new(&e);
	struct flp_digester *digester = flp_digester_new(&e);
	struct kept kept = { .sink = { begin, take, flp_hash_sink(hash) } };
	struct flp_digest want, digest;
	struct flp_out out;
	struct flp_in in;

	flp_hash_sink(hash)->next = flp_digester_sink(digester);
	XXH128_canonicalFromHash(&whole, XXH3_128bits(all, n));
	digest_of(all, n, &want);
	must(flp_out_temporary(&out, &e), &e);
	write_record(&out, encoding, big, &written);
	must(flp_in_temporary(&in, &out, &e), &e);
	for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
		must(flp_in_seek(&in, 0, &e), &e);
		read_record(&in, &kept.sink, step[i], &read);
		flp_hash_id(hash, &hashed);
		CHECK(kept.begun == (int)i + 1, "%s: begun %d times", name, kept.begun);
		CHECK(kept.n == n && memcmp(kept.byte, all, n) == 0, "%s by %zu: %zu bytes", name,
		    step[i], kept.n);
		CHECK(memcmp(written.byte, whole.digest, 16) == 0, "%s: written", name);
		CHECK(memcmp(read.byte, whole.digest, 16) == 0, "%s: read", name);
		CHECK(memcmp(hashed.byte, whole.digest, 16) == 0, "%s by %zu: hashed", name, step[i]);
		flp_digester_end(digester, &digest);
		CHECK(memcmp(&digest, &want, sizeof want) == 0, "%s by %zu: digest", name, step[i]);
	}
	flp_in_close(&in);
	flp_hash_free(hash);
	flp_digester_free(digester);
}

/* The example of RFC 7693 at 32 bytes. */
static void
known_digest(void)
{
	struct flp_error e;
	struct flp_digester *d = flp_digester_new(&e);
	struct flp_sink *s = flp_digester_sink(d);
	struct flp_digest digest;
	char text[FLP_DIGEST_TEXT];

	for (int again = 0; again < 2; again++) {
		s->begin(s);
		s->take(s, "no", 2);
		s->begin(s); /* forgets */
		s->take(s, "a", 1);
		s->take(s, "bc", 2);
		flp_digester_end(d, &digest);
		flp_digest_text(&digest, text);
		CHECK(strcmp(text, "bddd813c634239723171ef3fee98579b"
		    "94964e3bb1cb3e427262c8c068d52319") == 0, "%s", text);
	}
	flp_digester_free(d);
}

/* A record of that kind without tensors. */
static void
write_empty(struct flp_writer *to, enum flp_kind kind)
{
	struct flp_header h;
	struct flp_error e;

	flp_header_init(&h, kind);
	must(flp_writer_begin(to, &h, &e), &e);
	must(flp_writer_end(to, NULL, NULL, &e), &e);
	flp_header_free(&h);
}

/* A reader gives the digest only of a finished record of a kind that has one, and only if it was
 * asked to. */
static void
reader_digests(int asked)
{
	static const enum flp_kind kind[] = { FLP_KIND_UPDATE, FLP_KIND_PARAMS, FLP_KIND_DATA,
		FLP_KIND_PARAMS };
	struct flp_error e;
	struct flp_out out;
	struct flp_in in;
	struct flp_reader *r;
	struct flp_writer *to;
	const struct flp_header *h;
	struct flp_digest want;
	struct flp_id id;

	must(flp_out_temporary(&out, &e), &e);
	to = flp_writer_new(&out, &e);
	for (int i = 0; i < 4; i++)
		write_empty(to, kind[i]);
	flp_writer_free(to);
	must(flp_in_temporary(&in, &out, &e), &e);
	r = flp_reader_new(&in, &e);
	if (asked)
		must(flp_reader_compute_digest(r, &e), &e);
	for (int i = 0; i < 4; i++) {
		int has = asked && kind[i] == FLP_KIND_PARAMS;

		digest_of((unsigned char[10]){ (unsigned char)kind[i] }, 10, &want);
		must(flp_reader_next(r, &h, &e), &e);
		CHECK(flp_reader_digest(r) == NULL, "%d: before the end", i);
		must(flp_reader_finish(r, &id, &e), &e);
		for (int again = 0; again < 2; again++) {
			const struct flp_digest *got = flp_reader_digest(r);

			CHECK((got != NULL) == has, "%d: asked %d", i, asked);
			CHECK(!has || memcmp(got, &want, sizeof want) == 0, "%d", i);
			must(flp_reader_back(r, &e), &e);
			CHECK(flp_reader_digest(r) == NULL, "%d: to be read again", i);
			must(flp_reader_finish(r, &id, &e), &e);
		}
		must(flp_reader_back(r, &e), &e);
		must(flp_reader_skip(r, &id, &e), &e);
		CHECK(flp_reader_digest(r) == NULL, "%d: passed over", i);
	}
	flp_reader_free(r);
	flp_in_close(&in);
}

/* A signed record has the digest that its writer gives it without the signature. */
static void
signed_digest(void)
{
	const uint64_t three = 3;
	struct flp_digest want, found[3];
	struct flp_record rec;
	struct flp_header h;
	struct flp_writer *to;
	struct flp_error e;
	struct flp_out out;

	flp_header_init(&h, FLP_KIND_KEY);
	must(flp_header_add(&h, "x", FLP_DTYPE_U8, 1, &three, &e), &e);
	must(flp_meta_set_text(&h.meta, "client", "a", &e), &e);
	must(flp_meta_set_text(&h.meta, "verb", "identity", &e), &e);
	must(flp_record_new(&rec, &h, &e), &e);
	memcpy(rec.values[0], "abc", 3);
	must(flp_out_temporary(&out, &e), &e);
	if ((to = flp_writer_new(&out, &e)) == NULL)
		must(-1, &e);
	must(flp_writer_compute_digest(to, &e), &e);
	must(flp_record_write(&rec, to, &e), &e);
	flp_writer_digest(to, &want);
	must(flp_record_digest(&rec, &found[0], &e), &e);
	must(flp_meta_set_text(&rec.header.meta, "signature", "00", &e), &e);
	must(flp_record_digest(&rec, &found[1], &e), &e);
	CHECK(flp_meta_is(&rec.header.meta, "signature", "00"), "the record is as it was");
	must(flp_meta_set_text(&rec.header.meta, "verb", "roster", &e), &e);
	must(flp_record_digest(&rec, &found[2], &e), &e);
	CHECK(memcmp(&want, &found[0], sizeof want) == 0, "not signed");
	CHECK(memcmp(&want, &found[1], sizeof want) == 0, "signed");
	CHECK(memcmp(&want, &found[2], sizeof want) != 0, "another verb");
	flp_writer_free(to);
	flp_out_discard(&out);
	flp_record_free(&rec);
	flp_header_free(&h);
}

static void
kinds(void)
{
	for (int kind = -1; kind < 300; kind++)
		CHECK(flp_kind_digested((enum flp_kind)kind) == (kind == FLP_KIND_PARAMS ||
		    kind == FLP_KIND_SUM || kind == FLP_KIND_KEY), "%d", kind);
}

int
main(void)
{
	const enum flp_encoding dense = FLP_ENCODING_DENSE, zlib = FLP_ENCODING_ZLIB;

	in_encodings((enum flp_encoding[]){ dense, dense, dense, dense }, "dense");
	in_encodings((enum flp_encoding[]){ zlib, zlib, zlib, zlib }, "zlib");
	in_encodings((enum flp_encoding[]){ dense, zlib, dense, zlib }, "both");
	known_digest();
	reader_digests(0);
	reader_digests(1);
	signed_digest();
	kinds();
	return unit_done();
}

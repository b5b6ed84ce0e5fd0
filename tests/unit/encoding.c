/* The table of encodings, and what an encoding gets from the framing of chunks:
 * zlib and one that is made up here go through the same. */
#include "format/chunks.h"
#include "format/payload.h"
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST ((size_t)1 << 20) /* bytes of values here, and of their encoding */

static void
must(int status, const struct flp_error *e)
{
	if (status >= 0)
		return;
	fprintf(stderr, "unit: %s\n", e->text);
	exit(4);
}

/* Runs: the dtype, a key and six zeros before the chunks; then of each run of
 * bytes its length (u16 in two bytes) and the byte plus the key. */
static int
runs_begin_write(struct flp_payload *p, struct flp_error *e)
{
	memset(p->params, 0, sizeof p->params);
	p->params[0] = (unsigned char)p->tensor->dtype;
	p->params[1] = (unsigned char)(p->tensor->dims[0] * 37 + 11);
	return flp_chunks_begin(p, e) < 0 ? -1 : flp_chunks_give(p, p->params, 8, e);
}

static int
runs_begin_read(struct flp_payload *p, struct flp_error *e)
{
	if (flp_chunks_begin(p, e) < 0 || flp_chunks_take(p, p->params, 8, e) < 0)
		return -1;
	if (p->params[0] != p->tensor->dtype || !flp_bytes_zero(p->params + 2, 6))
		return flp_error_bad(e, "parameters of another tensor");
	return 0;
}

static int
runs_encode(const struct flp_payload *p, const unsigned char *values, size_t n,
    unsigned char *encoded, size_t *encoded_n, struct flp_error *e)
{
	size_t used = 0, run;

	for (size_t i = 0; i < n; i += run, used += 3) {
		for (run = 1; i + run < n && run < 0xffff && values[i + run] == values[i]; run++)
			;
		if (*encoded_n - used < 3)
			return flp_error_bad(e, "too few runs");
		encoded[used] = (unsigned char)run;
		encoded[used + 1] = (unsigned char)(run >> 8);
		encoded[used + 2] = (unsigned char)(values[i] + p->params[1]);
	}
	*encoded_n = used;
	return 0;
}

static int
runs_decode(const struct flp_payload *p, const unsigned char *encoded, size_t encoded_n,
    unsigned char *values, size_t n, struct flp_error *e)
{
	size_t made = 0, run;

	if (encoded_n % 3 != 0)
		return flp_error_bad(e, "half a run");
	for (size_t i = 0; i < encoded_n; i += 3, made += run) {
		run = encoded[i] + 256u * encoded[i + 1];
		if (run == 0 || run > n - made)
			return flp_error_bad(e, "a run of %zu", run);
		memset(values + made, encoded[i + 2] - p->params[1], run);
	}
	return made == n ? 0 : flp_error_bad(e, "runs of %zu in %zu", made, n);
}

static const struct flp_encoding_kind runs = {
	.name = "runs",
	.code = 99,
	.begin_read = runs_begin_read,
	.read = flp_chunks_read,
	.end_read = flp_chunks_end_read,
	.skip = flp_chunks_skip,
	.begin_write = runs_begin_write,
	.write = flp_chunks_write,
	.end_write = flp_chunks_end_write,
	.encode = runs_encode,
	.decode = runs_decode,
};

/* Values of a tensor, and their encoding. The header says what modular needs. */
struct sample {
	const struct flp_encoding_kind *kind;
	struct flp_header header;
	struct flp_tensor tensor;
	unsigned char *values, *encoded;
	size_t n;
};

static void
make_sample(struct sample *s, const struct flp_encoding_kind *kind, uint64_t count)
{
	int modular = kind == &flp_encoding_modular;
	struct flp_error e;

	*s = (struct sample){ .kind = kind, .tensor = { .name = (char *)"t", .rank = 1,
		.dims = { count }, .count = count } };
	must(flp_tensor_set_dtype(&s->tensor, modular ? FLP_DTYPE_U64 : FLP_DTYPE_U16, &e), &e);
	must(flp_meta_set_u64(&s->header.meta, "bits", 24, &e), &e);
	s->values = malloc(MOST);
	s->encoded = malloc(MOST);
	for (size_t i = 0; i < s->tensor.bytes; i++)
		s->values[i] = (unsigned char)(modular && i % 8 > 2 ? 0 :
		    i % 50000 < 9 ? i % 50000 : i >> 17);
}

static void
free_sample(struct sample *s)
{
	flp_meta_free(&s->header.meta);
	free(s->values);
	free(s->encoded);
}

/* Encodes it, `step` bytes at a time; -1 where the encoding refuses. */
static int
encode(struct sample *s, size_t step, struct flp_error *e)
{
	struct flp_payload p = { .header = &s->header, .tensor = &s->tensor, .kind = s->kind,
		.left = s->tensor.bytes };
	struct flp_out out;
	struct flp_in in;
	int status;

	must(flp_out_temporary(&out, e), e);
	p.out = &out;
	status = s->kind->begin_write(&p, e);
	for (size_t at = 0, k; status == 0 && p.left > 0; at += k, p.left -= k) {
		k = p.left < step ? (size_t)p.left : step;
		status = s->kind->write(&p, s->values + at, k, e);
	}
	if (status == 0)
		status = s->kind->end_write(&p, e);
	must(flp_in_temporary(&in, &out, e), e);
	must(flp_in_read(&in, s->encoded, MOST, &s->n, e), e);
	flp_in_close(&in);
	flp_payload_free(&p);
	return status;
}

/* Decodes the first n encoded bytes, `step` values' bytes at a time, and after
 * `most` of them skips the rest. 0 where all is as it was and nothing is left. */
static int
decode(const struct sample *s, size_t n, size_t step, uint64_t most, struct flp_error *e)
{
	static int nothing = -1;
	unsigned char *all = malloc(n + 1), *back = malloc(s->tensor.bytes + 1);
	struct flp_payload p = { .header = &s->header, .tensor = &s->tensor, .kind = s->kind,
		.left = s->tensor.bytes };
	struct flp_in in = { .buffer = all, .to = n };
	size_t at = 0;
	int status;

	if (nothing < 0)
		nothing = open("/dev/null", O_RDONLY);
	in.fd = nothing;
	p.in = &in;
	memcpy(all, s->encoded, n); /* after its own end the memory is another's */
	status = s->kind->begin_read(&p, e);
	for (size_t k; status == 0 && p.left > 0 && at < most; at += k, p.left -= k) {
		k = p.left < step ? (size_t)p.left : step;
		status = s->kind->read(&p, back + at, k, e);
	}
	if (status == 0)
		status = most < s->tensor.bytes ? s->kind->skip(&p, e) : s->kind->end_read(&p, e);
	if (status == 0 && (memcmp(back, s->values, at) != 0 || in.offset != n))
		status = 1;
	flp_payload_free(&p);
	free(all);
	free(back);
	return status;
}

/* Round trips in odd pieces; the pieces don't show in the encoding. */
static void
round_trips(const struct flp_encoding_kind *kind, uint64_t count)
{
	static const size_t steps[] = { 2, 62, 4098, 262142, 262144, 262146, MOST };
	size_t step[sizeof steps / sizeof steps[0]], size;
	struct sample first, s;
	struct flp_error e = { .text = "" };

	make_sample(&first, kind, count);
	make_sample(&s, kind, count);
	size = flp_dtype_size(first.tensor.dtype);
	for (size_t i = 0; i < sizeof step / sizeof step[0]; i++)
		step[i] = (steps[i] + size - 1) / size * size;
	must(encode(&first, MOST, &e), &e);
	CHECK(first.n % FLP_ALIGNMENT == 0, "%s: %zu bytes", kind->name, first.n);
	for (size_t i = count > 1000; i < sizeof step / sizeof step[0]; i++) {
		CHECK(encode(&s, step[i], &e) == 0 && s.n == first.n &&
		    memcmp(s.encoded, first.encoded, s.n) == 0, "%s by %zu", kind->name, step[i]);
		CHECK(decode(&s, s.n, step[i], MOST, &e) == 0, "%s by %zu: %s", kind->name, step[i],
		    e.text);
		for (uint64_t most = 0; most < s.tensor.bytes; most += most / 2 + 12346)
			CHECK(decode(&s, s.n, step[i], most, &e) == 0, "%s: %llu bytes, then a skip: %s",
			    kind->name, (unsigned long long)most, e.text);
	}
	free_sample(&first);
	free_sample(&s);
}

static void
every_prefix(const struct flp_encoding_kind *kind, uint64_t count)
{
	struct sample s;
	struct flp_error e = { .text = "" };

	make_sample(&s, kind, count);
	must(encode(&s, MOST, &e), &e);
	for (size_t n = 0; n < s.n; n++)
		for (uint64_t most = 0; most <= s.tensor.bytes; most += s.tensor.bytes / 2 + 1) {
			e.code = FLP_ERROR_NONE;
			CHECK(decode(&s, n, MOST, most, &e) == -1 && e.code == FLP_ERROR_BAD,
			    "%s cut at %zu, %llu bytes read", kind->name, n, (unsigned long long)most);
		}
	free_sample(&s);
}

static void
every_flip(const struct flp_encoding_kind *kind, uint64_t count)
{
	struct sample s;
	struct flp_error e = { .text = "" };

	make_sample(&s, kind, count);
	must(encode(&s, MOST, &e), &e);
	for (size_t i = 0; i < 8 * s.n; i++) {
		s.encoded[i / 8] ^= (unsigned char)(1 << i % 8);
		e.code = FLP_ERROR_NONE;
		CHECK(decode(&s, s.n, MOST, MOST, &e) == -1 && e.code == FLP_ERROR_BAD,
		    "%s: bit %zu of %zu", kind->name, i, 8 * s.n);
		decode(&s, s.n, MOST, 0, &e);
		s.encoded[i / 8] ^= (unsigned char)(1 << i % 8);
	}
	free_sample(&s);
}

/* Encoded values of a tensor that has one less, or one more. */
static void
other_lengths(const struct flp_encoding_kind *kind, uint64_t count)
{
	struct sample s;
	struct flp_error e = { .text = "" };

	make_sample(&s, kind, count);
	must(encode(&s, MOST, &e), &e);
	s.tensor.bytes -= flp_dtype_size(s.tensor.dtype);
	CHECK(decode(&s, s.n, MOST, MOST, &e) == -1 && strncmp(e.text, "more values", 11) == 0,
	    "%s: %s", kind->name, e.text);
	s.tensor.bytes += 2 * flp_dtype_size(s.tensor.dtype);
	CHECK(decode(&s, s.n, MOST, MOST, &e) == -1 && strncmp(e.text, "fewer values", 12) == 0,
	    "%s: %s", kind->name, e.text);
	free_sample(&s);
}

/* The framing does not trust an encoding that makes no bytes, or more than there is room for. */
static size_t claim;

static int
claims(const struct flp_payload *p, const unsigned char *values, size_t n,
    unsigned char *encoded, size_t *encoded_n, struct flp_error *e)
{
	(void)p, (void)values, (void)n, (void)encoded, (void)e;
	*encoded_n = claim > 0 ? *encoded_n + claim : 0;
	return 0;
}

static void
bad_encoders(void)
{
	struct flp_encoding_kind kind = runs;
	struct flp_error e = { .text = "" };
	struct sample s;

	make_sample(&s, &kind, 100);
	for (size_t i = 0; i < s.tensor.bytes; i++)
		s.values[i] = (unsigned char)i;
	CHECK(encode(&s, MOST, &e) == -1 && strcmp(e.text, "too few runs") == 0, "%s", e.text);
	kind.encode = claims;
	for (claim = 0; claim < 2; claim++)
		CHECK(encode(&s, MOST, &e) == -1 && e.code == FLP_ERROR_SYSTEM &&
		    strncmp(e.text, "a program error: encoding runs: ", 32) == 0, "%s", e.text);
	free_sample(&s);
}

/* Passes over encoded values whose beginning is refused. */
static int
pass(const struct sample *s, struct flp_error *e)
{
	struct flp_payload p = { .header = &s->header, .tensor = &s->tensor, .kind = s->kind,
		.left = s->tensor.bytes };
	struct flp_in in = { .buffer = s->encoded, .to = s->n, .fd = open("/dev/null", O_RDONLY) };
	int status;

	p.in = &in;
	CHECK(s->kind->begin_read(&p, e) == -1 && e->code == FLP_ERROR_BAD, "%s", e->text);
	status = s->kind->skip(&p, e);
	CHECK(status < 0 || in.offset == s->n, "%llu of %zu bytes", (unsigned long long)in.offset,
	    s->n);
	flp_payload_free(&p);
	close(in.fd);
	return status;
}

/* What the header, the dtype and the values must be for modular to be written. */
static void
modular_refuses(void)
{
	static const struct {
		const char *bits, *text;
	} c[] = {
		{ NULL, "metadata: bits: missing in the header" },
		{ "20", "metadata: bits: expected 16, 24, 32, 48 or 64, found 20" },
		{ "280", "metadata: bits: expected 16, 24, 32, 48 or 64, found 280" },
		{ "x", "metadata: bits: expected " },
		{ "16", "a program error: encoding modular: a value of 2^16 or more" },
	};
	struct flp_error e = { .text = "" };
	struct sample s;

	make_sample(&s, &flp_encoding_modular, 3000);
	memset(s.values, 0, s.tensor.bytes);
	s.values[8 * 2999 + 2] = 1;
	CHECK(encode(&s, MOST, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		flp_meta_free(&s.header.meta);
		must(c[i].bits == NULL ? 0 : flp_meta_set(&s.header.meta, "bits", c[i].bits,
		    strlen(c[i].bits), &e), &e);
		CHECK(encode(&s, MOST, &e) == -1 && strncmp(e.text, c[i].text, strlen(c[i].text)) == 0,
		    "%s", e.text);
	}
	must(flp_meta_set(&s.header.meta, "bits", "24", 2, &e), &e);
	CHECK(encode(&s, MOST, &e) == 0, "%s", e.text);
	must(flp_meta_set(&s.header.meta, "bits", "20", 2, &e), &e);
	CHECK(pass(&s, &e) == 0, "a tensor that is refused can be passed over: %s", e.text);
	s.tensor.dtype = FLP_DTYPE_I64;
	CHECK(encode(&s, MOST, &e) == -1 && strcmp(e.text,
	    "encoding modular: expected dtype u64, found i64") == 0, "%s", e.text);
	free_sample(&s);
}

/* The codes that are read, those that are kept, and the others. */
static void
codes(void)
{
	char words[FLP_CHOICE_TEXT];

	for (int code = -1; code < 300; code++) {
		const struct flp_encoding_kind *kind = flp_encoding_find((enum flp_encoding)code);
		const char *name = flp_encoding_name((enum flp_encoding)code);

		CHECK((name != NULL) == (code >= 1 && code <= 5), "code %d", code);
		CHECK((kind != NULL) == (code == 1 || code == 2 || code == 5), "code %d", code);
		CHECK(flp_encoding_flag((enum flp_encoding)code) ==
		    (code >= 3 && code <= 10 ? 1u << (code - 3) : 0), "code %d", code);
		if (kind == NULL)
			continue;
		CHECK((int)kind->code == code && strcmp(kind->name, name) == 0, "code %d", code);
		CHECK(kind->begin_read && kind->read && kind->end_read && kind->skip &&
		    kind->begin_write && kind->write && kind->end_write, "%s", name);
		CHECK(kind->read != flp_chunks_read || (kind->encode && kind->decode), "%s", name);
	}
	CHECK(strcmp(flp_encoding_words(words), "dense, zlib or modular") == 0, "%s", words);
}

int
main(void)
{
	static const struct flp_encoding_kind *const kinds[] = { &flp_encoding_dense,
		&flp_encoding_zlib, &flp_encoding_modular, &runs };
	static const uint64_t count[] = { 0, 1, 31, 32, 1000, 131071, 131072, 131073, 300000 };

	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		int modular = kinds[k] == &flp_encoding_modular;

		for (size_t i = 0; i < sizeof count / sizeof count[0]; i++)
			round_trips(kinds[k], modular ? count[i] / 4 : count[i]);
		every_prefix(kinds[k], 0);
		every_prefix(kinds[k], 40);
		if (kinds[k] == &flp_encoding_dense)
			continue;
		every_prefix(kinds[k], modular ? 1000 : 131200);
		every_flip(kinds[k], 0);
		every_flip(kinds[k], 40);
		other_lengths(kinds[k], 40);
		other_lengths(kinds[k], modular ? 32768 : 131072);
	}
	every_flip(&runs, 131200);
	modular_refuses();
	bad_encoders();
	codes();
	return unit_done();
}

/* A reader of .flp records that checks all that fl(5) says, in one file and without any code of
 * the other tools.
 *
 *	cc -o reader reader.c -lm -lsodium -lxxhash -lz
 *
 * It reads records from standard input and prints for each
 *	kind K privacy P, by their codes
 *	each tensor's name, dtype, dimensions and, unless it holds sums, its values
 *	the metadata, header's and footer's together
 *	the digest of params, sums and keys
 *	the id
 * It exits with 3 if the input is bad. It has room for 256 MiB of input, and as much for a tensor
 * in chunks; if that is not enough, it exits with 4. */
#include <math.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <zlib.h>

#define ROOM ((size_t)1 << 28)
#define METADATA_MOST ((uint64_t)1 << 20)
#define HEADER_MOST ((uint64_t)1 << 24)
#define CHUNK_MOST ((uint64_t)1 << 20) /* bytes of values */
#define STREAM_MOST ((uint64_t)1 << 21)

enum { DENSE = 1, ZLIB = 2, MODULAR = 5 };
enum { PARAMS = 1, SUM = 3, KEY = 10 }; /* the kinds that have a digest */
enum { F64 = 1, BF16 = 4, I64 = 8, U64 = 12 }; /* floats end at BF16, signed integers at I64 */

static unsigned char in[ROOM];  /* the input */
static unsigned char out[ROOM]; /* the values of a tensor in chunks */
static size_t size, at;         /* bytes of the input, and how many of them were read */

static XXH3_state_t *id;
static crypto_generichash_state digest;

/* Bytes of a value of each dtype, 0 if there is no such dtype. */
static const unsigned char width[256] = {
	0, 8, 4, 2, 2, 1, 2, 4, 8, 1, 2, 4, 8, [17] = 16, 16, 16, 16,
};

/* The states that each kind may have: bit 0 raw, 1 clipped, 2 noised, 3 masked, 4 public. */
static const unsigned char states[] = {
	0, 0x17, 0x17, 0x17, 0x17, 0x01, 0x17, 0x01, 0x17, 0x08, 0x01, 0x01,
};

struct row { /* of the table */
	const unsigned char *start, *name, *dims, *end;
	unsigned dtype, encoding, rank, name_n;
};

static void
must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "byte %zu: expected %s\n", at, what);
	exit(3);
}

static void
must_fit(int fits)
{
	if (fits)
		return;
	fputs("more than 256 MiB\n", stderr);
	exit(4);
}

/* Takes the next n bytes of the input. */
static const unsigned char *
take(uint64_t n)
{
	must(n <= size - at, "more bytes");
	at += n;
	return in + at - n;
}

/* A number of n bytes, little-endian. */
static uint64_t
number(const unsigned char *p, int n)
{
	uint64_t u = 0;

	while (n-- > 0)
		u = u << 8 | p[n];
	return u;
}

/* Takes zeros up to `less` bytes before a multiple of 64. */
static void
take_zeros(unsigned less)
{
	while ((at + less) % 64 != 0)
		must(*take(1) == 0, "zeros");
}

/* Takes the XXH3-64 of all bytes from `start` up to here. */
static void
take_checksum(const unsigned char *start)
{
	const unsigned char *sum = take(8);

	must(number(sum, 8) == XXH3_64bits(start, (size_t)(sum - start)), "another checksum");
}

/* Adds bytes to those that the id and the digest are hashes of. */
static void
hash(const void *p, size_t n)
{
	XXH3_128bits_update(id, p, n);
	crypto_generichash_update(&digest, p, n);
}

/* How many bytes follow the first one of a character in UTF-8; -1 if it can't be a first byte, or
 * is a control character. */
static int
following(unsigned c)
{
	if (c < 0x80)
		return c >= 0x20 && c != 0x7f ? 0 : -1;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	return 1 + (c >= 0xe0) + (c >= 0xf0);
}

/* Checks that text is UTF-8 (RFC 3629) without control characters. */
static void
check_text(const unsigned char *p, const unsigned char *end)
{
	while (p < end) {
		unsigned first = *p++, least = 0x80, most = 0xbf;
		int n = following(first);

		must(n >= 0 && n <= end - p, "printable UTF-8");
		if (first == 0xc2 || first == 0xe0)
			least = 0xa0; /* C1 come before, and characters that have a shorter form */
		if (first == 0xf0)
			least = 0x90; /* characters that have a shorter form come before */
		if (first == 0xed)
			most = 0x9f; /* surrogates come after */
		if (first == 0xf4)
			most = 0x8f; /* Unicode ends here */
		for (int i = 0; i < n; i++, p++) {
			must(*p >= least && *p <= most, "printable UTF-8");
			least = 0x80;
			most = 0xbf;
		}
	}
}

/* Compares the keys of two lines: less than 0, 0, more than 0. */
static int
compare_keys(const unsigned char *p, const unsigned char *q)
{
	while (*p == *q && *p != '=') {
		p++;
		q++;
	}
	return (*p == '=' ? 0 : *p) - (*q == '=' ? 0 : *q);
}

/* Takes n bytes of metadata and checks each line and their order. */
static const unsigned char *
take_metadata(uint64_t n)
{
	const unsigned char *text = take(n), *end = text + n, *last = NULL, *value, *stop;

	must(n <= METADATA_MOST, "at most 2^20 bytes of metadata");
	for (const unsigned char *line = text; line < end; line = stop + 1) {
		stop = memchr(line, '\n', (size_t)(end - line));
		must(stop != NULL, "a newline after metadata");
		value = line + strspn((const char *)line, "abcdefghijklmnopqrstuvwxyz0123456789.-");
		must(value < stop && *value == '=', "a key and =");
		must(value > line && value - line <= 64, "a key of 1 to 64 characters");
		must(stop - value > 1, "a value");
		must(last == NULL || compare_keys(last, line) < 0, "sorted keys");
		check_text(value + 1, stop);
		last = line;
	}
	return text;
}

/* The whole number in text[n]; some number above 64 if it is above 249, or not a whole number. */
static unsigned
small_number(const unsigned char *text, size_t n)
{
	unsigned u = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9' || u > 24)
			return 255;
		u = 10 * u + (text[i] - '0');
	}
	return u;
}

/* The width in bytes that the key `bits` gives values of the encoding modular. 0 if the key is
 * missing or has a value that it can't have. */
static unsigned
modular_width(const unsigned char *line, const unsigned char *end)
{
	while (line < end) {
		size_t n = strcspn((const char *)line, "\n");

		if (n > 5 && memcmp(line, "bits=", 5) == 0) {
			unsigned bits = small_number(line + 5, n - 5);
			int known = bits == 16 || bits == 24 || bits == 32 || bits == 48 || bits == 64;

			return known ? bits / 8 : 0;
		}
		line += n + 1;
	}
	return 0;
}

/* Reads the row of the table that begins at p. */
static struct row
read_row(const unsigned char *p, const unsigned char *end)
{
	struct row row = { .start = p };

	must(end - p > 3, "a row of the table");
	row.dtype = p[0];
	row.encoding = p[1];
	row.rank = p[2];
	row.name_n = p[3];
	must(width[row.dtype] > 0, "a dtype");
	must(row.rank <= 8, "a rank of at most 8");
	must(row.name_n > 0, "a name");
	must(end - p >= (long)(4 + row.name_n + 8 * row.rank), "the rest of a row");
	row.name = p + 4;
	row.dims = row.name + row.name_n;
	row.end = row.dims + 8 * row.rank;
	return row;
}

/* Checks a row and hashes it. Returns the flag that its encoding needs. */
static unsigned
check_row(const struct row *row, const unsigned char *table, unsigned modular)
{
	const unsigned char codes[] = { (unsigned char)row->dtype, 0 };
	struct row other;

	must(row->encoding == DENSE || row->encoding == ZLIB || row->encoding == MODULAR,
	    "an encoding");
	must(row->encoding != MODULAR || (row->dtype == U64 && modular > 0), "u64 and the key bits");
	for (const unsigned char *p = table; p < row->start; p = other.end) {
		other = read_row(p, row->start);
		must(other.name_n != row->name_n || memcmp(other.name, row->name, row->name_n) != 0,
		    "another name");
	}
	check_text(row->name, row->dims);
	hash(codes, sizeof codes);
	hash(row->start + 2, (size_t)(row->end - row->start - 2));
	return row->encoding == MODULAR ? 4 : 0;
}

/* Takes the values of a tensor in chunks, `all` bytes once decoded. */
static const unsigned char *
take_chunks(uint64_t all, unsigned encoding, unsigned modular)
{
	const unsigned char *start = in + at, *p;
	uint64_t n = 0, decoded, stored;

	for (;;) {
		uLong made, used;

		decoded = number(take(4), 4);
		stored = number(take(4), 4);
		if (decoded == 0 && stored == 0)
			break;
		must(decoded > 0 && decoded <= CHUNK_MOST, "1 to 2^20 bytes of values in a chunk");
		must(stored > 0 && stored <= STREAM_MOST, "1 to 2^21 bytes in a chunk");
		must(decoded <= all - n, "fewer values");
		must_fit(decoded <= ROOM - n);
		p = take(stored);
		made = (uLong)decoded;
		used = (uLong)stored;
		if (encoding == ZLIB) {
			must(uncompress2(out + n, &made, p, &used) == Z_OK, "a zlib stream");
			must(made == decoded && used == stored, "a zlib stream of these lengths");
		} else {
			must(decoded % 8 == 0 && decoded / 8 * modular == stored, "whole values");
			for (uint64_t i = 0; i < decoded; i++)
				out[n + i] = i % 8 < modular ? p[i / 8 * modular + i % 8] : 0;
		}
		n += decoded;
	}
	must(n == all, "more values");
	take_checksum(start);
	return out;
}

/* A float of this dtype from its bits: sign, exponent, fraction. */
static double
float_of(uint64_t u, unsigned dtype)
{
	static const int fractions[] = { 0, 52, 23, 10, 7 };
	int fraction = fractions[dtype], sign = 8 * width[dtype] - 1;
	int bias = (1 << (sign - fraction - 1)) - 1;
	int exponent = (int)(u >> fraction) & (2 * bias + 1);
	double m = (double)(u & (((uint64_t)1 << fraction) - 1)), v;

	must(exponent <= 2 * bias, "finite values");
	if (exponent == 0)
		v = ldexp(m, 1 - bias - fraction);
	else
		v = ldexp(m + ldexp(1, fraction), exponent - bias - fraction);
	return u >> sign ? -v : v;
}

static void
print_value(uint64_t u, unsigned dtype)
{
	unsigned left = 64 - 8u * width[dtype];

	if (dtype <= BF16)
		printf(" %.17g", float_of(u, dtype));
	else if (dtype <= I64)
		printf(" %jd", (intmax_t)(u << left) >> left);
	else
		printf(" %ju", (uintmax_t)u);
}

/* Takes the values of a tensor, hashes them and prints the tensor. */
static void
take_tensor(const struct row *row, unsigned modular)
{
	size_t w = width[row->dtype];
	uint64_t bytes = w; /* of all values, as if a dimension 0 were 1 */
	int none = 0;       /* 1: a dimension is 0 */
	const unsigned char *v;

	printf("\n%.*s %u", (int)row->name_n, (const char *)row->name, row->dtype);
	for (unsigned i = 0; i < row->rank; i++) {
		uint64_t dim = number(row->dims + 8 * i, 8);

		printf(" x%ju", (uintmax_t)dim);
		if (dim == 0) {
			none = 1;
			continue;
		}
		must(bytes <= (INT64_MAX - 64) / dim, "smaller dimensions");
		bytes *= dim;
	}
	if (none)
		bytes = 0;
	v = row->encoding == DENSE ? take(bytes) : take_chunks(bytes, row->encoding, modular);
	hash(v, bytes);
	for (uint64_t i = 0; i < bytes && w < 16; i += w)
		print_value(number(v + i, (int)w), row->dtype);
	take_zeros(0);
}

/* Takes a header and checks it up to its end. Returns the number of bytes of its metadata. */
static uint64_t
take_header(const unsigned char **table, const unsigned char **table_end, unsigned *modular)
{
	const unsigned char *h = take(32), *meta;
	uint64_t meta_n = number(h + 20, 4), length = number(h + 16, 4), n = 0;
	unsigned flags = 0;

	must(memcmp(h, "\x89" "FLP\r\n\x1a\n", 8) == 0, "the magic of a record");
	must(h[8] == 1, "version 1");
	must(h[9] < sizeof states && h[10] < 5 && states[h[9]] >> h[10] & 1, "a kind and its state");
	must(h[11] == 0, "a zero");
	must(h[13] == 0, "no flag of 8 to 15");
	meta = take_metadata(meta_n);
	*table = take(number(h + 28, 4));
	*table_end = in + at;
	take_zeros(8);
	take_checksum(h);
	must(in + at == h + length && length <= HEADER_MOST, "another length of the header");
	*modular = modular_width(meta, meta + meta_n);
	hash(h + 9, 2);
	hash(h + 24, 4);
	for (const unsigned char *p = *table; p < *table_end; n++) {
		struct row row = read_row(p, *table_end);

		flags |= check_row(&row, *table, *modular);
		p = row.end;
	}
	must(n == number(h + 24, 4), "another number of tensors");
	must(flags == h[12], "a flag for each encoding, and no other");
	return meta_n;
}

/* Hashes and prints the metadata of header and footer, merged in the order of their keys. */
static void
merge_metadata(const unsigned char *p, uint64_t p_n, const unsigned char *q, uint64_t q_n)
{
	const unsigned char *p_end = p + p_n, *q_end = q + q_n, **line;
	uint64_t n = p_n + q_n;
	const unsigned char length[] = { n & 255, n >> 8 & 255, n >> 16 & 255, 0 };
	size_t line_n;

	must(n <= METADATA_MOST, "at most 2^20 bytes of metadata");
	hash(length, sizeof length);
	while (p < p_end || q < q_end) {
		int order = p == p_end ? 1 : q == q_end ? -1 : compare_keys(p, q);

		must(order != 0, "a key only once in header and footer");
		line = order < 0 ? &p : &q;
		line_n = strcspn((const char *)*line, "\n") + 1;
		hash(*line, line_n);
		printf("\n%.*s", (int)line_n - 1, (const char *)*line);
		*line += line_n;
	}
}

static void
print_bytes(const char *what, const unsigned char *p, size_t n)
{
	printf("\n%s ", what);
	for (size_t i = 0; i < n; i++)
		printf("%02x", p[i]);
}

/* Takes the tail of the record whose header is at h, and compares its length and its id. */
static void
take_tail(const unsigned char *h, uint64_t meta_n)
{
	const unsigned char *tail = take(8), *footer, *last;
	uint64_t footer_n = number(tail + 4, 4);
	unsigned char hashed[crypto_generichash_BYTES];
	XXH128_canonical_t found;

	footer = take_metadata(footer_n);
	take_zeros(32);
	last = take(24);
	take_checksum(tail);
	must(in + at == tail + number(tail, 4), "another length of the tail");
	must((uint64_t)(in + at - h) == number(last, 8), "another length of the record");
	merge_metadata(h + 32, meta_n, footer, footer_n);
	XXH128_canonicalFromHash(&found, XXH3_128bits_digest(id));
	must(memcmp(&found, last + 8, sizeof found) == 0, "another id");
	crypto_generichash_final(&digest, hashed, sizeof hashed);
	if (h[9] == PARAMS || h[9] == SUM || h[9] == KEY)
		print_bytes("digest", hashed, sizeof hashed);
	print_bytes("id", last + 8, 16);
	printf("\n");
}

static void
take_record(void)
{
	const unsigned char *h = in + at, *table, *end;
	unsigned modular;
	uint64_t meta_n;

	XXH3_128bits_reset(id);
	crypto_generichash_init(&digest, NULL, 0, crypto_generichash_BYTES);
	meta_n = take_header(&table, &end, &modular);
	printf("kind %d privacy %d", h[9], h[10]);
	for (const unsigned char *p = table; p < end;) {
		struct row row = read_row(p, end);

		take_tensor(&row, modular);
		p = row.end;
	}
	take_tail(h, meta_n);
}

int
main(void)
{
	size = fread(in, 1, sizeof in, stdin);
	must_fit(getchar() == EOF);
	if ((id = XXH3_createState()) == NULL || sodium_init() < 0)
		return 4;
	while (at < size)
		take_record();
	return fflush(stdout) == 0 && !ferror(stdin) ? 0 : 4;
}

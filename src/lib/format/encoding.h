/* How a tensor's values are stored in a record: the table of encodings.
 *
 * An encoding is a line in FLP_ENCODINGS and a file that defines it as flp_encoding_NAME. All
 * but dense are made of chunks (format/chunks.h), so their files say only how the values of one
 * chunk are encoded and decoded. Decoding must give back exactly the bytes that were encoded,
 * since the id covers them. A tool that wants to store fewer digits must round the values
 * first. */
#ifndef FLP_FORMAT_ENCODING_H
#define FLP_FORMAT_ENCODING_H

#include "base/choice.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_ENCODINGS(encoding) \
	encoding(dense) \
	encoding(zlib) \
	encoding(modular)

/* The codes of fl(5). From quantized on, a record that uses an encoding also has a flag for
 * it in its header, so that a reader without the encoding can say what it lacks. */
enum flp_encoding {
	FLP_ENCODING_DENSE = 1,
	FLP_ENCODING_ZLIB,
	FLP_ENCODING_QUANTIZED,
	FLP_ENCODING_SPARSE,
	FLP_ENCODING_MODULAR,
};

struct flp_payload;

/* What is done with the values of one tensor, which is p->tensor (format/payload.h).
 * Error messages don't name the tensor: the caller puts its name before them. */
struct flp_encoding_kind {
	const char *name;
	enum flp_encoding code;

	/* Reading from p->in: begin_read comes before the values; read gives the next
	 * n bytes of them, p->left at most; end_read comes after the last. skip
	 * passes over the values that are left without decoding them, and end_read
	 * is not called after it. */
	int (*begin_read)(struct flp_payload *p, struct flp_error *e);
	int (*read)(struct flp_payload *p, void *to, size_t n, struct flp_error *e);
	int (*end_read)(struct flp_payload *p, struct flp_error *e);
	int (*skip)(struct flp_payload *p, struct flp_error *e);

	/* Writing to p->out, in the same order. */
	int (*begin_write)(struct flp_payload *p, struct flp_error *e);
	int (*write)(struct flp_payload *p, const void *from, size_t n, struct flp_error *e);
	int (*end_write)(struct flp_payload *p, struct flp_error *e);

	/* For an encoding that is made of chunks: chunks.c calls these for each chunk.
	 * encode turns n bytes of values into *encoded_n bytes at most, and sets
	 * *encoded_n to how many there are. decode turns exactly these back into exactly
	 * n bytes of values, or refuses: its bytes may be hostile. */
	int (*encode)(const struct flp_payload *p, const unsigned char *values, size_t n,
	    unsigned char *encoded, size_t *encoded_n, struct flp_error *e);
	int (*decode)(const struct flp_payload *p, const unsigned char *encoded, size_t encoded_n,
	    unsigned char *values, size_t n, struct flp_error *e);
};

#define FLP_ENCODING(name) extern const struct flp_encoding_kind flp_encoding_##name;
FLP_ENCODINGS(FLP_ENCODING)

/* "dense", ..., also for a reserved code; NULL for any other. */
const char *flp_encoding_name(enum flp_encoding code);

/* The flag of an encoding, one of the bits 0 to 7; 0 if it has none. */
uint32_t flp_encoding_flag(enum flp_encoding code);

/* NULL for a code that can't be read or written, because it is reserved or unknown. */
const struct flp_encoding_kind *flp_encoding_find(enum flp_encoding code);

/* Writes the names of the encodings that can be read and written to text, "dense, zlib or
 * modular", and returns it. */
const char *flp_encoding_words(char text[FLP_CHOICE_TEXT]);

#endif

#include "text/encoding.h"
#include "base/text.h"

#include <string.h>

#define MARK "\xef\xbb\xbf"

/* Without a mark two characters decide, so that one stray NUL is not called UTF-16. */
#define CHARACTERS 2

size_t
flp_encoding_mark(const char *s, size_t n)
{
	return n >= sizeof MARK - 1 && memcmp(s, MARK, sizeof MARK - 1) == 0 ? sizeof MARK - 1 : 0;
}

/* 1 if the bytes at `first` + 0, 2, ... of the first characters are 0 and the others are not. */
static int
zeros(const char *s, size_t n, size_t first)
{
	if (n < 2 * CHARACTERS)
		return 0;
	for (size_t i = 0; i < 2 * CHARACTERS; i++)
		if ((s[i] == 0) != (i % 2 == first))
			return 0;
	return 1;
}

/* How other kinds of files begin, by the documents of each: what was found, and what to do. */
static const struct other {
	size_t at;
	const char *bytes;
	size_t n;
	const char *name, *advice;
} others[] = {
	{ 0, "\xff\xfe\0\0", 4, "UTF-32", "convert it: iconv -f UTF-32 -t UTF-8" },
	{ 0, "\0\0\xfe\xff", 4, "UTF-32", "convert it: iconv -f UTF-32 -t UTF-8" },
	{ 0, "\xff\xfe", 2, "UTF-16", "convert it: iconv -f UTF-16 -t UTF-8" },
	{ 0, "\xfe\xff", 2, "UTF-16", "convert it: iconv -f UTF-16 -t UTF-8" },
	{ 0, "\xfd" "7zXZ", 6, "an xz file", "unpack it: xz -dc" },
	{ 0, "\x28\xb5\x2f\xfd", 4, "a zstd file", "unpack it: zstd -dc" },
	{ 4, "1AY&SY", 6, "a bzip2 file", "unpack it: bzip2 -dc" },
	{ 0, "PK\3\4", 4, "a spreadsheet or a zip file",
		"save the sheet as CSV, or unpack it: unzip -p" },
	{ 0, "\xd0\xcf\x11\xe0", 4, "an old spreadsheet or document", "save it as CSV" },
	{ 0, "PAR1\x15", 5, "a Parquet file", "write it as CSV" },
	{ 0, "\x89HDF", 4, "an HDF5 file", "write it as CSV" },
	{ 0, "\x89" "FLP", 4, "an .flp record", "other tools read it as it is, but not compressed" },
};

int
flp_encoding_check(const char *s, size_t n, struct flp_error *e)
{
	const char *utf16 = zeros(s, n, 1) ? "UTF-16LE" : zeros(s, n, 0) ? "UTF-16BE" : NULL;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		const struct other *o = &others[i];

		if (n >= o->at + o->n && memcmp(s + o->at, o->bytes, o->n) == 0)
			return flp_error_bad(e, "expected text in UTF-8, found %s (%s)", o->name, o->advice);
	}
	return utf16 == NULL ? 0 : flp_error_bad(e, "expected text in UTF-8, found %s (convert it: "
	    "iconv -f %s -t UTF-8)", utf16, utf16);
}

int
flp_encoding_check_ends(const char *s, size_t n, struct flp_error *e)
{
	const char *newline = memchr(s, '\n', n), *end = newline ? newline : s + n;
	int quoted = 0;

	for (; s < end; s++) {
		quoted ^= *s == '"';
		if (*s == '\r' && !quoted && s + 1 < end)
			return flp_error_bad(e, "expected lines that end in LF, found CR alone (convert "
			    "it: tr '\\r' '\\n')");
	}
	return 0;
}

int
flp_encoding_hint(const char *s, size_t n, struct flp_error *e)
{
	for (size_t step; n > 0; s += step, n -= step)
		if ((step = flp_text_step(s, n)) == 0)
			return *s == '\n' || *s == '\r' ? flp_error_add(e, "it has a line break") :
			    (unsigned char)*s < 0x80 ? -1 : flp_error_add(e, "if it is a "
			    "Windows or Latin-1 file, convert it: iconv -f WINDOWS-1252 -t UTF-8");
	return -1;
}

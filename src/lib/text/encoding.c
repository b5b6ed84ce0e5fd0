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

static const char *
name(const char *s, size_t n)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *name;
	} mark[] = {
		{ "\xff\xfe\0\0", 4, "UTF-32" }, { "\0\0\xfe\xff", 4, "UTF-32" },
		{ "\xff\xfe", 2, "UTF-16" }, { "\xfe\xff", 2, "UTF-16" },
	};

	for (size_t i = 0; i < sizeof mark / sizeof *mark; i++)
		if (n >= mark[i].n && memcmp(s, mark[i].bytes, mark[i].n) == 0)
			return mark[i].name;
	return zeros(s, n, 1) ? "UTF-16LE" : zeros(s, n, 0) ? "UTF-16BE" : NULL;
}

int
flp_encoding_check(const char *s, size_t n, struct flp_error *e)
{
	const char *found = name(s, n);

	return found == NULL ? 0 : flp_error_bad(e, "expected UTF-8, found %s (convert it: "
	    "iconv -f %s -t UTF-8)", found, found);
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
			return (unsigned char)*s < 0x80 ? -1 : flp_error_add(e, "to convert a "
			    "Windows or Latin-1 file: iconv -f WINDOWS-1252 -t UTF-8");
	return -1;
}

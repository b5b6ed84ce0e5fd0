#include "base/shown.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define MARK sizeof "\\u{10FFFF}"

/* In order. */
static const struct hidden {
	uint32_t first, last;
	int spells; /* 1: words of some script may need it */
} hidden[] = {
	{ 0xad, 0xad, 0 },       /* soft hyphen */
	{ 0x34f, 0x34f, 1 },
	{ 0x61c, 0x61c, 0 },     /* direction */
	{ 0x115f, 0x1160, 0 },   /* fillers */
	{ 0x17b4, 0x17b5, 0 },
	{ 0x180b, 0x180d, 1 },
	{ 0x180e, 0x180e, 0 },
	{ 0x180f, 0x180f, 1 },
	{ 0x200b, 0x200b, 0 },   /* zero width space */
	{ 0x200c, 0x200d, 1 },
	{ 0x200e, 0x200f, 0 },   /* direction */
	{ 0x2028, 0x202e, 0 },   /* separators, direction */
	{ 0x2060, 0x206f, 0 },   /* invisible operators, direction */
	{ 0x3164, 0x3164, 0 },   /* filler */
	{ 0xfe00, 0xfe0f, 1 },
	{ 0xfeff, 0xfeff, 0 },   /* byte order mark */
	{ 0xffa0, 0xffa0, 0 },   /* filler */
	{ 0xfff0, 0xfffb, 0 },
	{ 0x1bca0, 0x1bca3, 0 },
	{ 0x1d173, 0x1d17a, 0 },
	{ 0xe0000, 0xe00ff, 0 }, /* tags */
	{ 0xe0100, 0xe01ef, 1 },
	{ 0xe01f0, 0xe0fff, 0 },
};

/* The number of a character of `step` bytes, as flp_text_step gives them. */
static uint32_t
number_of(const char *s, size_t step)
{
	uint32_t c = (unsigned char)s[0];

	if (step > 1)
		c &= 0x7fu >> step;
	for (size_t i = 1; i < step; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	return c;
}

static const struct hidden *
find(uint32_t c)
{
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden && hidden[i].first <= c; i++)
		if (c <= hidden[i].last)
			return &hidden[i];
	return NULL;
}

size_t
flp_shown_text(char *out, size_t cap, const char *s, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n;) {
		size_t step = flp_text_step(s + i, n - i), more;
		uint32_t c = number_of(s + i, step);
		char mark[MARK];

		if (step > 0 && find(c) == NULL)
			memcpy(mark, s + i, more = step);
		else if (step > 0)
			more = (size_t)snprintf(mark, sizeof mark, "\\u{%04X}", (unsigned)c);
		else
			more = flp_text_escape(mark, sizeof mark, s + i, 1);
		if (at + more + 1 > cap)
			break;
		memcpy(out + at, mark, more);
		at += more;
		i += step ? step : 1;
	}
	if (cap > 0)
		out[at] = '\0';
	return at;
}

size_t
flp_shown_plain(const char *s, size_t n, size_t *step)
{
	for (size_t i = 0; i < n; i += *step ? *step : 1) {
		*step = (unsigned char)s[i] < 0x80 ? 1 : flp_text_step(s + i, n - i);
		if (*step > 1 && find(number_of(s + i, *step)) != NULL)
			return i;
	}
	*step = 0;
	return n;
}

uint32_t
flp_shown_hidden(const char *s, size_t n, int odd)
{
	size_t step;

	for (size_t at; (at = flp_shown_plain(s, n, &step)) < n; s += at + step, n -= at + step) {
		uint32_t c = number_of(s + at, step);

		if (!odd || !find(c)->spells)
			return c;
	}
	return 0;
}

int
flp_shown_name(const char *s, size_t n)
{
	return flp_text_printable(s, n) && flp_shown_hidden(s, n, 1) == 0;
}

/* The columns of a character, which the C library knows, in the locale of this thread. */
static size_t
width_of(uint32_t c, int terminal)
{
	int width;

	if (find(c) != NULL)
		return (size_t)snprintf(NULL, 0, "\\u{%04X}", (unsigned)c);
	width = terminal ? wcwidth((wchar_t)c) : 1;
	return width < 0 ? 1 : (size_t)width;
}

static size_t
count(const char *s, int terminal)
{
	size_t columns = 0, left = strlen(s);

	for (size_t step; left > 0; s += step, left -= step) {
		step = flp_text_step(s, left);
		columns += step > 1 ? width_of(number_of(s, step), terminal) : 1;
		step = step > 0 ? step : 1;
	}
	return columns;
}

static int
is_ascii(const char *s)
{
	while (*s != '\0' && (unsigned char)*s < 0x80)
		s++;
	return *s == '\0';
}

/* The locale is of this thread and for this text alone, since others depend on it: the patterns of
 * fnmatch(3), for one. */
size_t
flp_shown_widths(const char *s, locale_t *unicode)
{
	locale_t before;
	size_t columns;

	if (!is_ascii(s) && *unicode == (locale_t)0)
		*unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (is_ascii(s) || *unicode == (locale_t)0)
		return count(s, 0);
	before = uselocale(*unicode);
	columns = count(s, 1);
	uselocale(before);
	return columns;
}

size_t
flp_shown_columns(const char *s, int terminal)
{
	locale_t unicode = (locale_t)0;
	size_t columns = terminal ? flp_shown_widths(s, &unicode) : count(s, 0);

	if (unicode != (locale_t)0)
		freelocale(unicode);
	return columns;
}

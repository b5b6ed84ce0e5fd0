#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

size_t
flp_text_step(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t len;

	if (n == 0)
		return 0;
	if (p[0] < 0x80)
		return p[0] >= 0x20 && p[0] != 0x7f;
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n < len)
		return 0;
	c = p[0] & (0x7f >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || c < 0xa0)
		return 0;
	return len;
}

int
flp_text_printable(const char *s, size_t n)
{
	for (size_t step; n > 0; s += step, n -= step)
		if ((step = flp_text_step(s, n)) == 0)
			return 0;
	return 1;
}

const char *
flp_text_end(const char *s, size_t most)
{
	size_t n = strlen(s);

	if (n <= most)
		return s;
	for (s += n - most; (*s & 0xc0) == 0x80; s++)
		;
	return s;
}

size_t
flp_text_escape(char *out, size_t cap, const char *s, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n;) {
		size_t step = flp_text_step(s + i, n - i);
		char hex[5];

		if (at + (step ? step : 4) + 1 > cap)
			break;
		if (step == 0)
			snprintf(hex, sizeof hex, "\\x%02x", (unsigned char)s[i]);
		memcpy(out + at, step ? s + i : hex, step ? step : 4);
		at += step ? step : 4;
		i += step ? step : 1;
	}
	if (cap > 0)
		out[at] = '\0';
	return at;
}

#include "text/separator.h"

#include <ctype.h>
#include <string.h>

#define ARTICLE "a "

static const struct {
	char separator;
	const char *name;
} words[] = {
	{ ',', ARTICLE "comma" },
	{ ';', ARTICLE "semicolon" },
	{ '\t', ARTICLE "tab" },
	{ ' ', ARTICLE "space" },
	{ '|', ARTICLE "bar" },
};

#define WORDS (sizeof words / sizeof *words)

const char *
flp_separator_word(unsigned index)
{
	return index < WORDS ? words[index].name + strlen(ARTICLE) : NULL;
}

int
flp_separator_parse(char *separator, const char *text, struct flp_error *e)
{
	unsigned char c = (unsigned char)text[0];

	for (unsigned i = 0; i < WORDS; i++)
		if (strcmp(text, flp_separator_word(i)) == 0) {
			*separator = words[i].separator;
			return 0;
		}
	if (c == '\0' || text[1] != '\0' || c > 0x7f || isalnum(c) || strchr("\"+-._\r\n", c))
		return flp_error_usage(e, "expected comma, semicolon, tab, space, bar or one other "
		    "character that is not a letter, digit, quote or part of a number, found \"%s\"", text);
	*separator = (char)c;
	return 0;
}

const char *
flp_separator_name(char separator)
{
	for (size_t i = 0; i < WORDS; i++)
		if (words[i].separator == separator)
			return words[i].name;
	return ARTICLE "separator";
}

size_t
flp_separator_count(char separator, const char *s, size_t n)
{
	size_t count = 0;
	int quoted = 0;

	for (size_t i = 0; i < n; i++) {
		quoted ^= s[i] == '"';
		count += s[i] == separator && !quoted;
	}
	return count;
}

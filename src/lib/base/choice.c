#include "base/choice.h"

#include <stdio.h>
#include <string.h>

int
flp_choice_find(const char *(*name)(unsigned), const char *text, size_t n)
{
	const char *s;

	for (unsigned i = 0; n > 0 && (s = name(i)) != NULL; i++)
		if (strlen(s) == n && memcmp(s, text, n) == 0)
			return (int)i;
	return -1;
}

/* The first index from i on whose name is not empty, or that of the end. */
static unsigned
named(const char *(*name)(unsigned), unsigned i)
{
	while (name(i) != NULL && *name(i) == '\0')
		i++;
	return i;
}

const char *
flp_choice_list(char out[FLP_CHOICE_TEXT], const char *(*name)(unsigned), unsigned first,
    const char *between, const char *last)
{
	unsigned i = named(name, first), next;
	size_t n = 0;

	out[0] = '\0';
	for (; name(i) != NULL; i = next) {
		next = named(name, i + 1);
		snprintf(out + n, FLP_CHOICE_TEXT - n, "%s%s", n == 0 ? "" :
		    name(next) != NULL ? between : last, name(i));
		n = strlen(out);
	}
	return out;
}

#include "data/value.h"

#include <strings.h>

/* A decimal number by its looks, however large; white space, which strtod
 * would pass over, is no part of one. */
static int
decimal(const char *s, size_t n)
{
	size_t i = 0, digits = 0, power = 0;
	int points = 0;

	for (; i < n && ((s[i] >= '0' && s[i] <= '9') || (s[i] == '.' && points++ == 0)); i++)
		digits += s[i] != '.';
	if (digits == 0 || i == n)
		return digits > 0;
	if ((s[i++] | 0x20) != 'e')
		return 0;
	if (i < n && (s[i] == '-' || s[i] == '+'))
		i++;
	for (; i < n && s[i] >= '0' && s[i] <= '9'; i++)
		power++;
	return power > 0 && i == n;
}

enum flp_value
flp_value_other(const char *s, size_t n)
{
	static const char *const name[] = { "nan", "inf", "infinity" };
	static const size_t length[] = { 3, 3, 8 };

	if (n > 0 && (*s == '-' || *s == '+')) {
		s++;
		n--;
	}
	for (int i = 0; i < 3; i++)
		if (n == length[i] && strncasecmp(s, name[i], n) == 0)
			return FLP_VALUE_BEYOND;
	return decimal(s, n) ? FLP_VALUE_BEYOND : FLP_VALUE_TEXT;
}

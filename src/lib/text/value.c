#include "text/value.h"

#include <strings.h>

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
	return FLP_VALUE_TEXT;
}

int
flp_value_refuse(enum flp_value value, const char *s, size_t n, struct flp_error *e)
{
	flp_error_bad(e, "expected a %s, found \"%.*s\"", value == FLP_VALUE_BEYOND ?
	    "finite number in the range of f32" : "number", flp_value_shown(n), s);
	return flp_value_hide(e, s, n);
}

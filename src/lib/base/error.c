#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int
set(struct flp_error *e, enum flp_code code, int number, const char *fmt, va_list ap)
{
	char raw[sizeof e->text];
	size_t used;

	vsnprintf(raw, sizeof raw, fmt, ap);
	e->code = code;
	used = flp_text_escape(e->text, sizeof e->text, raw, strlen(raw));
	if (number != 0)
		snprintf(e->text + used, sizeof e->text - used, ": %s", strerror(number));
	return -1;
}

#define SET(e, code, number, fmt) do { \
	va_list ap; \
	va_start(ap, fmt); \
	set(e, code, number, fmt, ap); \
	va_end(ap); \
	return -1; \
} while (0)

int
flp_error_usage(struct flp_error *e, const char *fmt, ...)
{
	SET(e, FLP_USAGE, 0, fmt);
}

int
flp_error_bad(struct flp_error *e, const char *fmt, ...)
{
	SET(e, FLP_BAD, 0, fmt);
}

int
flp_error_system(struct flp_error *e, const char *fmt, ...)
{
	int number = errno;

	SET(e, FLP_SYSTEM, number, fmt);
}

int
flp_error_at(struct flp_error *e, const char *fmt, ...)
{
	char place[sizeof e->text], rest[sizeof e->text];
	va_list ap;
	size_t used;

	va_start(ap, fmt);
	vsnprintf(place, sizeof place, fmt, ap);
	va_end(ap);
	memcpy(rest, e->text, sizeof rest);
	used = flp_text_escape(e->text, sizeof e->text, place, strlen(place));
	snprintf(e->text + used, sizeof e->text - used, ": %s", rest);
	return -1;
}

#include "base/error.h"
#include "base/text.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SENTENCE ((size_t)1024)
#define PLACE ((size_t)1024)

static void
set(struct flp_error *e, enum flp_code code, int number, const char *fmt, va_list ap)
{
	const char *why = number != 0 ? strerror(number) : "";
	size_t room = SENTENCE - strlen(why), used;

	e->code = code;
	e->placed = 0;
	e->value[0] = '\0';
	vsnprintf(e->text, room, fmt, ap);
	used = strlen(e->text);
	snprintf(e->text + used, sizeof e->text - used, "%s%s", number != 0 ? ": " : "", why);
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
	SET(e, FLP_ERROR_USAGE, 0, fmt);
}

int
flp_error_bad(struct flp_error *e, const char *fmt, ...)
{
	SET(e, FLP_ERROR_BAD, 0, fmt);
}

int
flp_error_system(struct flp_error *e, int number, const char *fmt, ...)
{
	SET(e, FLP_ERROR_SYSTEM, number, fmt);
}

int
flp_error_misuse(struct flp_error *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, FLP_ERROR_SYSTEM, 0, fmt, ap);
	va_end(ap);
	return flp_error_at(e, "a program error");
}

int
flp_error_at(struct flp_error *e, const char *fmt, ...)
{
	char place[PATH_MAX + 64], shown[PLACE + sizeof "...: "];
	size_t n = strlen(e->text), more;
	const char *end;
	va_list ap;

	if (e->placed)
		return -1;
	va_start(ap, fmt);
	vsnprintf(place, sizeof place, fmt, ap);
	va_end(ap);
	end = flp_text_end(place, PLACE);
	more = (size_t)snprintf(shown, sizeof shown, "%s%s: ", end > place ? "..." : "", end);
	if (n + more >= sizeof e->text)
		return -1;
	memmove(e->text + more, e->text, n + 1);
	memcpy(e->text, shown, more);
	return -1;
}

int
flp_error_value(struct flp_error *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->value, sizeof e->value, fmt, ap);
	va_end(ap);
	return -1;
}

int
flp_error_add(struct flp_error *e, const char *more)
{
	size_t n = strlen(e->text), room = sizeof e->text - n;

	if (strlen(more) + sizeof "; " <= room)
		snprintf(e->text + n, room, "; %s", more);
	return -1;
}

int
flp_error_in(struct flp_error *e, const char *place)
{
	flp_error_at(e, "%s", place);
	e->placed = 1;
	return -1;
}

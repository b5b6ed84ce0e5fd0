#include "base/error.h"
#include "base/text.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SENTENCE ((size_t)1024)
#define PLACE ((size_t)1024)
#define HIDDEN (sizeof ((struct flp_error *)0)->hidden / sizeof (struct flp_hidden))

static void
set(struct flp_error *e, enum flp_code code, int number, const char *fmt, va_list ap)
{
	const char *why = number != 0 ? strerror(number) : "";
	size_t room = SENTENCE - strlen(why), used;

	e->code = code;
	e->placed = 0;
	memset(e->hidden, 0, sizeof e->hidden);
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
	for (size_t i = 0; i < HIDDEN; i++)
		e->hidden[i].at += more;
	return -1;
}

/* Finds the last occurrence of the value. If the value does not occur, as when the sentence was
 * cut, all of the sentence is taken for it. */
static struct flp_hidden
find(const struct flp_error *e, const char *value, const char *instead)
{
	const char *at = NULL, *next = e->text;
	size_t n = strlen(value);

	while (n > 0 && (next = strstr(next, value)) != NULL)
		at = next++;
	return at != NULL ? (struct flp_hidden){ (size_t)(at - e->text), n, instead } :
	    (struct flp_hidden){ 0, strlen(e->text), instead };
}

int
flp_error_hide(struct flp_error *e, const char *instead, const char *fmt, ...)
{
	struct flp_hidden *h = &e->hidden[e->hidden[0].n > 0];
	char value[SENTENCE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof value, fmt, ap);
	va_end(ap);
	*h = find(e, value, instead);
	return -1;
}

int
flp_error_reveal(struct flp_error *e)
{
	memset(e->hidden, 0, sizeof e->hidden);
	return -1;
}

void
flp_error_public(const struct flp_error *e, char *to)
{
	size_t room = sizeof e->text, n = strlen(e->text), from = 0, used = 0;

	for (size_t at = 0; at <= n && used + 1 < room; at++) {
		const struct flp_hidden *h = NULL;

		for (size_t i = 0; i < HIDDEN; i++)
			if (e->hidden[i].n > 0 && e->hidden[i].at == at)
				h = &e->hidden[i];
		if (h != NULL) {
			used += (size_t)snprintf(to + used, room - used, "%s", h->instead);
			from = at + h->n;
		}
		if (at >= from && at < n && used + 1 < room)
			to[used++] = e->text[at];
	}
	to[used < room ? used : room - 1] = '\0';
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

#include "text/lines.h"
#include "base/memory.h"
#include "text/encoding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define ROOM ((size_t)256 << 10)

int
flp_lines_open(struct flp_lines *lines, struct flp_in *in, struct flp_error *e)
{
	memset(lines, 0, sizeof *lines);
	lines->room = ROOM;
	if ((lines->in = flp_gzip_open(in, e)) == NULL ||
	    (lines->buffer = flp_memory_new(ROOM, 1, e)) == NULL)
		goto fail;
	if ((lines->hash = XXH3_createState()) == NULL) {
		flp_error_system(e, ENOMEM, "memory for a hash");
		goto fail;
	}
	XXH3_64bits_reset(lines->hash);
	return 0;
fail:
	flp_lines_close(lines);
	return -1;
}

void
flp_lines_close(struct flp_lines *lines)
{
	free(lines->buffer);
	lines->buffer = NULL;
	XXH3_freeState(lines->hash);
	lines->hash = NULL;
	flp_gzip_close(lines->in);
	lines->in = NULL;
}

int
flp_lines_rewind(struct flp_lines *lines, struct flp_error *e)
{
	if (lines->ended) {
		lines->again = 1;
		lines->whole = XXH3_64bits_digest(lines->hash);
	}
	XXH3_64bits_reset(lines->hash);
	lines->to = lines->at = lines->next = 0;
	lines->number = lines->passed = lines->bytes = 0;
	lines->ended = 0;
	return flp_gzip_rewind(lines->in, e);
}

static int
too_long(struct flp_error *e)
{
	return flp_error_bad(e, "expected a line of at most %zu bytes, found more", FLP_LINES_LIMIT);
}

/* The first bytes tell what kind of text it is. */
static int
check_first(const struct flp_lines *lines, struct flp_error *e)
{
	if (lines->bytes > 0)
		return 0;
	if (flp_encoding_check(lines->buffer, lines->to, e) < 0)
		return -1;
	return lines->check_ends ? flp_encoding_check_ends(lines->buffer, lines->to, e) : 0;
}

/* Reads more bytes after those of the current line, which move to the front. */
static int
fill(struct flp_lines *lines, struct flp_error *e)
{
	size_t got;

	memmove(lines->buffer, lines->buffer + lines->at, lines->to - lines->at);
	lines->to -= lines->at;
	lines->next -= lines->at;
	lines->at = 0;
	if (lines->to > FLP_LINES_LIMIT)
		return too_long(e);
	if (lines->room - lines->to < ROOM / 2) {
		if (flp_memory_resize((void **)&lines->buffer, lines->to, 2 * lines->room, e) < 0)
			return -1;
		lines->room *= 2;
	}
	if (flp_gzip_read(lines->in, lines->buffer + lines->to, lines->room - lines->to, &got, e) < 0)
		return -1;
	XXH3_64bits_update(lines->hash, lines->buffer + lines->to, got);
	lines->to += got;
	lines->ended = got == 0;
	if (check_first(lines, e) < 0)
		return -1;
	lines->bytes += got;
	if (lines->ended && lines->again && XXH3_64bits_digest(lines->hash) != lines->whole)
		return flp_in_changed(e);
	return 0;
}

/* Ends the current line after the next newline at or after lines->next. */
static int
take(struct flp_lines *lines, char **text, size_t *n, struct flp_error *e)
{
	size_t seen = lines->next - lines->at, end;
	char *newline;

	for (;;) {
		char *from = lines->buffer + lines->at + seen;

		newline = memchr(from, '\n', lines->to - lines->at - seen);
		if (newline != NULL || lines->ended)
			break;
		seen = lines->to - lines->at;
		if (fill(lines, e) < 0)
			return -1;
	}
	if (newline == NULL && lines->next == lines->to)
		return 0;
	end = newline == NULL ? lines->to : (size_t)(newline - lines->buffer);
	if (end - lines->at > FLP_LINES_LIMIT)
		return too_long(e);
	lines->next = newline == NULL ? end : end + 1;
	lines->passed++;
	if (newline != NULL && end > lines->at && newline[-1] == '\r')
		end--;
	*text = lines->buffer + lines->at;
	*n = end - lines->at;
	return 1;
}

int
flp_lines_next(struct flp_lines *lines, char **text, size_t *n, struct flp_error *e)
{
	int status;

	lines->at = lines->next;
	lines->number = lines->passed + 1;
	status = take(lines, text, n, e);
	if (status > 0 && lines->number == 1) {
		size_t mark = flp_encoding_mark(*text, *n);

		lines->at += mark;
		*text += mark;
		*n -= mark;
	}
	return status;
}

int
flp_lines_more(struct flp_lines *lines, char **text, size_t *n, struct flp_error *e)
{
	int status = take(lines, text, n, e);

	/* Looking for more may have moved what there is. */
	*text = lines->buffer + lines->at;
	return status;
}

int
flp_lines_peek(struct flp_lines *lines, char **text, char **after, size_t *n, struct flp_error *e)
{
	size_t next = lines->next - lines->at, both;
	uint64_t passed = lines->passed;
	int status = take(lines, text, &both, e);

	lines->next = lines->at + next;
	lines->passed = passed;
	*text = lines->buffer + lines->at;
	*after = *text + next;
	*n = status > 0 ? both - next : 0;
	return status;
}

#include "format/log.h"
#include "base/memory.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char own[] = "\tline=";

/* Computes `line` of a line, where `last` is that of the line before. */
static void
chain(const char *last, const char *text, size_t n, char digest[FLP_DIGEST_TEXT])
{
	struct flp_digest bytes;
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof bytes.byte);
	crypto_generichash_update(&state, (const unsigned char *)last, strlen(last));
	crypto_generichash_update(&state, (const unsigned char *)"\n", 1);
	crypto_generichash_update(&state, (const unsigned char *)text, n);
	crypto_generichash_final(&state, bytes.byte, sizeof bytes.byte);
	flp_digest_text(&bytes, digest);
}

/* The keys of a line: metadata with tabs in place of newlines. */
static int
parse_keys(struct flp_meta *keys, const char *text, size_t n, struct flp_error *e)
{
	char *copy = flp_memory_text(text, n + 1, e);
	int status;

	if (copy == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (copy[i] == '\t')
			copy[i] = '\n';
	copy[n] = '\n';
	status = flp_meta_parse(keys, copy, n + 1, e);
	free(copy);
	return status;
}

static int
take_line(struct flp_log *l, const char *text, size_t n, struct flp_error *e)
{
	const size_t end = sizeof own - 1 + FLP_DIGEST_TEXT - 1;
	char digest[FLP_DIGEST_TEXT];

	if (n <= end || memcmp(text + n - end, own, sizeof own - 1) != 0)
		return flp_error_bad(e, "expected line=DIGEST at its end");
	n -= end;
	chain(l->last, text, n, digest);
	if (memcmp(text + n + sizeof own - 1, digest, FLP_DIGEST_TEXT - 1) != 0)
		return flp_error_bad(e, "this line or one before it was changed, or a line before it "
		    "is missing");
	if (flp_memory_grow(&l->line, &l->room, l->lines + 1, sizeof *l->line, e) < 0)
		return -1;
	l->line[l->lines] = (struct flp_meta){ 0 };
	if (parse_keys(&l->line[l->lines], text, n, e) < 0)
		return -1;
	l->lines++;
	memcpy(l->last, digest, sizeof digest);
	return 0;
}

/* Takes line `number`: the magic, if that is 1, or a line of keys. */
static int
take(struct flp_log *l, size_t number, const char *text, size_t n, struct flp_error *e)
{
	if (number > 1)
		return take_line(l, text, n, e);
	memcpy(l->last, l->magic, strlen(l->magic) + 1);
	return n == strlen(l->magic) && memcmp(text, l->magic, n) == 0 ? 0 :
	    flp_error_bad(e, "expected \"%s\"", l->magic);
}

/* With `cut`, the last line may lack its newline. */
static int
take_all(struct flp_log *l, int cut, struct flp_error *e)
{
	const char *at = l->file.text, *end = at + l->file.n, *stop;
	size_t number = 0;
	int status = 0;

	while (status == 0 && (at < end || number == 0)) {
		number++;
		stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		if (stop == NULL && number > 1 && cut)
			l->cut = (size_t)(end - at);
		else if (stop == NULL && at < end)
			status = flp_error_bad(e, "cut short: expected a newline at its end");
		else
			status = take(l, number, at, stop == NULL ? 0 : (size_t)(stop - at), e);
		at = stop == NULL ? end : stop + 1;
	}
	if (status < 0)
		flp_error_at(e, "%s: line %zu", l->file.path, number);
	return status;
}

static int
open_log(struct flp_log *l, const char *path, const char *magic, int write, int cut,
    struct flp_error *e)
{
	char first[FLP_DIGEST_TEXT + 1];

	*l = (struct flp_log){ .magic = magic, .file.fd = -1 };
	if (strlen(magic) >= sizeof l->last)
		return flp_error_misuse(e, "the first line of a log has %zu bytes", strlen(magic));
	snprintf(first, sizeof first, "%s\n", magic);
	if (flp_append_open(&l->file, path, first, write, e) < 0)
		return -1;
	if (take_all(l, cut, e) == 0)
		return 0;
	flp_log_close(l);
	return -1;
}

int
flp_log_open(struct flp_log *l, const char *path, const char *magic, int write,
    struct flp_error *e)
{
	return open_log(l, path, magic, write, 0, e);
}

int
flp_log_open_cut(struct flp_log *l, const char *path, const char *magic, int write,
    struct flp_error *e)
{
	return open_log(l, path, magic, write, 1, e);
}

int
flp_log_mend(struct flp_log *l, struct flp_error *e)
{
	if (l->cut > 0 && flp_append_cut(&l->file, l->cut, e) < 0)
		return -1;
	l->cut = 0;
	return 0;
}

void
flp_log_close(struct flp_log *l)
{
	if (l->magic == NULL)
		return;
	for (size_t i = 0; i < l->lines; i++)
		flp_meta_free(&l->line[i]);
	free(l->line);
	l->line = NULL;
	l->lines = l->room = 0;
	flp_append_close(&l->file);
}

const struct flp_meta *
flp_log_find(const struct flp_log *l, const char *key, const char *value, size_t n)
{
	for (size_t i = 0; i < l->lines; i++) {
		size_t found_n;
		const char *found = flp_meta_get(&l->line[i], key, &found_n);

		if (found != NULL && found_n == n && memcmp(found, value, n) == 0)
			return &l->line[i];
	}
	return NULL;
}

/* The line of these keys, which the caller frees. *n is its length with its newline. */
static char *
make_line(const struct flp_log *l, const struct flp_meta *keys, size_t *n,
    struct flp_error *e)
{
	char *line = flp_memory_new(keys->n + sizeof own + FLP_DIGEST_TEXT, 1, e);
	size_t used = keys->n - 1; /* its last newline is left out */

	if (line == NULL)
		return NULL;
	for (size_t i = 0; i < used; i++)
		line[i] = keys->text[i] == '\n' ? '\t' : keys->text[i];
	memcpy(line + used, own, sizeof own - 1);
	chain(l->last, line, used, line + used + sizeof own - 1);
	*n = used + sizeof own - 1 + FLP_DIGEST_TEXT;
	line[*n - 1] = '\n';
	return line;
}

int
flp_log_add(struct flp_log *l, const struct flp_meta *keys, struct flp_error *e)
{
	char *line;
	int status = -1;
	size_t n;

	if (keys->n == 0 || l->cut > 0)
		return flp_error_misuse(e, "a line of a log without keys, or after one that is cut");
	if ((line = make_line(l, keys, &n, e)) == NULL)
		return -1;
	if (flp_append_line(&l->file, line, n, e) == 0)
		status = take_line(l, line, n - 1, e);
	free(line);
	return status;
}

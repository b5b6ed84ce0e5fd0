#include "privacy/ledger.h"
#include "base/memory.h"
#include "format/keys.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char magic[] = "fl-ledger 1";
static const char own[] = "\tline=";

/* What `line` must be after a line whose own is `last`. */
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
take_line(struct flp_ledger *l, const char *text, size_t n, struct flp_error *e)
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

/* The first line, for number 1, or one of a release. */
static int
take(struct flp_ledger *l, size_t number, const char *text, size_t n, struct flp_error *e)
{
	if (number > 1)
		return take_line(l, text, n, e);
	strcpy(l->last, magic);
	return n == strlen(magic) && memcmp(text, magic, n) == 0 ? 0 :
	    flp_error_bad(e, "expected \"%s\"", magic);
}

static int
take_all(struct flp_ledger *l, struct flp_error *e)
{
	const char *at = l->file.text, *end = at + l->file.n, *stop;
	size_t number = 0;
	int status = 0;

	while (status == 0 && (at < end || number == 0)) {
		number++;
		stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		if (stop == NULL && at < end)
			status = flp_error_bad(e, "cut short: expected a newline at its end");
		else
			status = take(l, number, at, stop == NULL ? 0 : (size_t)(stop - at), e);
		at = stop == NULL ? end : stop + 1;
	}
	if (status < 0)
		flp_error_at(e, "%s: line %zu", l->file.path, number);
	return status;
}

int
flp_ledger_open(struct flp_ledger *l, const char *path, int write, struct flp_error *e)
{
	char first[sizeof magic + 1];

	memset(l, 0, sizeof *l);
	l->file.fd = -1;
	if (*path == '\0' || strcmp(path, "-") == 0)
		return flp_error_usage(e, "ledger: expected the name of a file, found \"%s\" (a file of "
		    "the name - is ./-)", path);
	snprintf(first, sizeof first, "%s\n", magic);
	if (flp_append_open(&l->file, path, first, write, e) < 0)
		return -1;
	if (take_all(l, e) == 0)
		return 0;
	flp_ledger_close(l);
	return -1;
}

void
flp_ledger_close(struct flp_ledger *l)
{
	for (size_t i = 0; i < l->lines; i++)
		flp_meta_free(&l->line[i]);
	free(l->line);
	l->line = NULL;
	l->lines = l->room = 0;
	flp_append_close(&l->file);
}

const struct flp_meta *
flp_ledger_find(const struct flp_ledger *l, const char *key, const char *value, size_t n)
{
	for (size_t i = 0; i < l->lines; i++) {
		size_t found_n;
		const char *found = flp_meta_get(&l->line[i], key, &found_n);

		if (found != NULL && found_n == n && memcmp(found, value, n) == 0)
			return &l->line[i];
	}
	return NULL;
}

/* The keys of a release's line. */
static int
describe(struct flp_meta *keys, const struct flp_meta *release, const struct flp_digest *digest,
    struct flp_error *e)
{
	static const char *const origin[] = { "base", "round" };
	char text[FLP_DIGEST_TEXT];
	const char *value;
	size_t n;

	if (flp_meta_copy_keys(keys, release, FLP_KEY_LEDGER, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof origin / sizeof *origin; i++)
		if ((value = flp_meta_get(release, origin[i], &n)) != NULL &&
		    flp_meta_set(keys, origin[i], value, n, e) < 0)
			return -1;
	flp_digest_text(digest, text);
	return flp_meta_set_text(keys, "release", text, e);
}

/* The line of these keys, to be freed; *n is its length, which includes the newline. */
static char *
make_line(const struct flp_ledger *l, const struct flp_meta *keys, size_t *n,
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
flp_ledger_add(struct flp_ledger *l, const struct flp_meta *release,
    const struct flp_digest *digest, struct flp_error *e)
{
	struct flp_meta keys = { 0 };
	char *line = NULL;
	int status = -1;
	size_t n;

	if (describe(&keys, release, digest, e) == 0 && (line = make_line(l, &keys, &n, e)) != NULL &&
	    flp_append_line(&l->file, line, n, e) == 0)
		status = take_line(l, line, n - 1, e);
	free(line);
	flp_meta_free(&keys);
	return status;
}

#include "format/meta.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "format/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
flp_meta_free(struct flp_meta *m)
{
	free(m->text);
	memset(m, 0, sizeof *m);
}

int
flp_meta_copy(struct flp_meta *to, const struct flp_meta *from, struct flp_error *e)
{
	to->n = 0;
	if (flp_memory_grow(&to->text, &to->room, from->n, 1, e) < 0)
		return -1;
	if (from->n > 0)
		memcpy(to->text, from->text, from->n);
	to->n = from->n;
	return 0;
}

static int
compare(const char *a, size_t a_n, const char *b, size_t b_n)
{
	int order = memcmp(a, b, a_n < b_n ? a_n : b_n);

	return order ? order : (a_n > b_n) - (a_n < b_n);
}

int
flp_meta_each(const struct flp_meta *m, size_t *at, const char **key, size_t *key_n,
    const char **value, size_t *value_n)
{
	const char *line, *end, *equals;

	if (*at >= m->n)
		return 0;
	line = m->text + *at;
	end = memchr(line, '\n', m->n - *at);
	equals = memchr(line, '=', (size_t)(end - line));
	*key = line;
	*key_n = (size_t)(equals - line);
	*value = equals + 1;
	*value_n = (size_t)(end - *value);
	*at += (size_t)(end - line) + 1;
	return 1;
}

static int
check_pair(const char *key, size_t key_n, const char *value, size_t value_n,
    struct flp_error *e)
{
	size_t good = 0;

	while (good < key_n && key[good] != '\0' &&
	    strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", key[good]) != NULL)
		good++;
	if (good < key_n || key_n == 0 || key_n > FLP_META_KEY_LIMIT)
		return flp_error_bad(e, "metadata: expected a key of 1 to %d characters "
		    "a-z 0-9 . -, found \"%.*s\"", FLP_META_KEY_LIMIT,
		    (int)(key_n < 80 ? key_n : 80), key);
	if (value_n == 0 || !flp_text_printable(value, value_n))
		return flp_error_bad(e, "metadata: %.*s: expected printable UTF-8, found \"%.*s\"",
		    (int)key_n, key, (int)(value_n < 80 ? value_n : 80), value);
	return 0;
}

int
flp_meta_parse(struct flp_meta *m, const char *text, size_t n, struct flp_error *e)
{
	const char *last = NULL;
	size_t last_n = 0;

	for (size_t at = 0; at < n;) {
		const char *line = text + at, *end = memchr(line, '\n', n - at), *equals;

		if (end == NULL || (equals = memchr(line, '=', (size_t)(end - line))) == NULL)
			return flp_error_bad(e, "metadata: byte %zu: expected a line key=value", at);
		if (check_pair(line, (size_t)(equals - line), equals + 1,
		    (size_t)(end - equals - 1), e) < 0)
			return -1;
		if (last != NULL && compare(last, last_n, line, (size_t)(equals - line)) >= 0)
			return flp_error_bad(e, "metadata: expected sorted keys, found %.*s after %.*s",
			    (int)(equals - line), line, (int)last_n, last);
		last = line;
		last_n = (size_t)(equals - line);
		at += (size_t)(end - line) + 1;
	}
	m->n = 0;
	if (flp_memory_grow(&m->text, &m->room, n, 1, e) < 0)
		return -1;
	if (n > 0)
		memcpy(m->text, text, n);
	m->n = n;
	return 0;
}

/* Where the line of a key is, or would be: its byte, and its length or 0. */
static size_t
find(const struct flp_meta *m, const char *key, size_t key_n, size_t *length)
{
	const char *k, *v;
	size_t at = 0, here = 0, k_n, v_n;

	*length = 0;
	while (flp_meta_each(m, &at, &k, &k_n, &v, &v_n)) {
		int order = compare(k, k_n, key, key_n);

		if (order == 0)
			*length = at - here;
		if (order >= 0)
			break;
		here = at;
	}
	return here;
}

const char *
flp_meta_get(const struct flp_meta *m, const char *key, size_t *n)
{
	size_t key_n = strlen(key), length, at = find(m, key, key_n, &length);

	if (length == 0)
		return NULL;
	*n = length - key_n - 2;
	return m->text + at + key_n + 1;
}

int
flp_meta_set(struct flp_meta *m, const char *key, const char *value, size_t n,
    struct flp_error *e)
{
	size_t key_n = strlen(key), old, at = find(m, key, key_n, &old), line = key_n + n + 2;
	char *p;

	if (check_pair(key, key_n, value, n, e) < 0)
		return -1;
	if (n > FLP_META_LIMIT || m->n - old + line > FLP_META_LIMIT)
		return flp_error_bad(e, "metadata: %s: expected at most %zu bytes in all", key,
		    FLP_META_LIMIT);
	if (flp_memory_grow(&m->text, &m->room, m->n + line, 1, e) < 0)
		return -1;
	p = m->text + at;
	memmove(p + line, p + old, m->n - at - old);
	memcpy(p, key, key_n);
	p[key_n] = '=';
	memcpy(p + key_n + 1, value, n);
	p[line - 1] = '\n';
	m->n = m->n - old + line;
	return 0;
}

int
flp_meta_set_text(struct flp_meta *m, const char *key, const char *value,
    struct flp_error *e)
{
	const struct flp_meta_key *known = flp_keys_find(key, strlen(key));
	size_t n = strlen(value);

	if (known == NULL)
		return flp_error_misuse(e, "metadata: %s: not in the table of keys", key);
	if (!flp_keys_fits(known, value, n))
		return flp_error_misuse(e, "metadata: %s: \"%.*s\" is not of the key's type", key,
		    (int)(n < 80 ? n : 80), value);
	return flp_meta_set(m, key, value, n, e);
}

int
flp_meta_set_u64(struct flp_meta *m, const char *key, uint64_t value, struct flp_error *e)
{
	char text[FLP_NUMBER_TEXT];

	snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	return flp_meta_set_text(m, key, text, e);
}

int
flp_meta_is(const struct flp_meta *m, const char *key, const char *value)
{
	size_t n;
	const char *found = flp_meta_get(m, key, &n);

	return found != NULL && strlen(value) == n && memcmp(found, value, n) == 0;
}

void
flp_meta_drop(struct flp_meta *m, const char *key)
{
	size_t length, at = find(m, key, strlen(key), &length);

	if (length > 0)
		memmove(m->text + at, m->text + at + length, m->n - at - length);
	m->n -= length;
}

int
flp_meta_u64(const struct flp_meta *m, const char *key, uint64_t least, uint64_t most,
    uint64_t *value, struct flp_error *e)
{
	size_t n;
	const char *text = flp_meta_get(m, key, &n);

	if (text == NULL)
		return 0;
	if (flp_number_u64(text, n, value) < 0 || *value < least || *value > most)
		return flp_error_bad(e, "metadata: %s: expected a whole number from %llu to %llu, "
		    "found \"%.*s\"", key, (unsigned long long)least, (unsigned long long)most,
		    (int)(n < 80 ? n : 80), text);
	return 1;
}

int
flp_meta_expect(const struct flp_meta *m, const char *key, const char *want, size_t n,
    struct flp_error *e)
{
	size_t found_n;
	const char *found = flp_meta_get(m, key, &found_n);

	if (found != NULL && found_n == n && memcmp(found, want, n) == 0)
		return 0;
	return flp_error_bad(e, "metadata: %s: expected %.*s, found %.*s", key, (int)n, want,
	    found ? (int)(found_n < 80 ? found_n : 80) : 7, found ? found : "nothing");
}

/* The line at `at`, up to the end of the text, and its key's length. */
static size_t
line(const struct flp_meta *m, size_t at, const char **key, size_t *key_n)
{
	const char *value;
	size_t from = at, value_n;

	*key_n = 0;
	flp_meta_each(m, &at, key, key_n, &value, &value_n);
	return at - from;
}

int
flp_meta_join(struct flp_meta *m, const struct flp_meta *footer, struct flp_error *e)
{
	struct flp_meta all = { 0 };
	size_t a = 0, b = 0;

	if (footer->n == 0)
		return 0;
	if (m->n + footer->n > FLP_META_LIMIT)
		return flp_error_bad(e, "footer: expected at most %zu bytes of metadata with the "
		    "header's, found %zu", FLP_META_LIMIT, m->n + footer->n);
	if (flp_memory_grow(&all.text, &all.room, m->n + footer->n, 1, e) < 0)
		return -1;
	while (a < m->n || b < footer->n) {
		const char *k, *l;
		size_t k_n, l_n, n = line(m, a, &k, &k_n), o = line(footer, b, &l, &l_n);
		int order = n == 0 ? 1 : o == 0 ? -1 : compare(k, k_n, l, l_n);

		if (order == 0) {
			flp_meta_free(&all);
			return flp_error_bad(e, "footer: %.*s: found in the header too", (int)l_n, l);
		}
		memcpy(all.text + all.n, order < 0 ? m->text + a : footer->text + b, order < 0 ? n : o);
		all.n += order < 0 ? n : o;
		a += order < 0 ? n : 0;
		b += order < 0 ? 0 : o;
	}
	flp_meta_free(m);
	*m = all;
	return 0;
}

int
flp_meta_listed(const char *const *list, const char *key, size_t n)
{
	for (; *list != NULL; list++)
		if (strlen(*list) == n && memcmp(*list, key, n) == 0)
			return 1;
	return 0;
}

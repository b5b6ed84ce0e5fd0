#include "privacy/site_limit.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"
#define NAMES ((size_t)1024) /* of a list, at the most */

void
flp_site_limit_free(struct flp_site_limit *limit)
{
	free(limit->text);
	flp_texts_free(&limit->names);
	memset(limit, 0, sizeof *limit);
}

static int
is_whole(const struct flp_site_key *key)
{
	return key->type == FLP_SITE_LEAST || key->type == FLP_SITE_MOST;
}

static int
take_number(struct flp_site_limit *limit, const struct flp_site_key *key, const char *text,
    struct flp_error *e)
{
	char least[FLP_NUMBER_TEXT], most[FLP_NUMBER_TEXT];
	uint64_t whole = 0;
	int bad;

	if (is_whole(key)) {
		bad = flp_number_u64(text, strlen(text), &whole);
		limit->number = (double)whole;
	} else {
		bad = flp_number_f64(text, strlen(text), &limit->number);
	}
	if (bad == 0 && limit->number >= key->least && limit->number <= key->most)
		return 0;
	flp_number_print(least, key->least);
	flp_number_print(most, key->most);
	return flp_error_bad(e, "expected a %snumber from %s to %s, found \"%.64s\"",
	    is_whole(key) ? "whole " : "", least, most, text);
}

/* A relative path is relative to the policy's folder. */
static int
take_file(struct flp_site_limit *limit, const char *policy, const char *text,
    struct flp_error *e)
{
	const char *slash = strrchr(policy, '/');
	size_t folder = text[0] != '/' && slash != NULL ? (size_t)(slash + 1 - policy) : 0;
	size_t n = strlen(text);

	if ((limit->text = flp_memory_new(folder + n + 1, 1, e)) == NULL)
		return -1;
	memcpy(limit->text, policy, folder);
	memcpy(limit->text + folder, text, n);
	return 0;
}

static int
take_digest(struct flp_site_limit *limit, const char *text, struct flp_error *e)
{
	size_t n = strlen(text);

	if (n != FLP_DIGEST_TEXT - 1 || strspn(text, "0123456789abcdef") != n)
		return flp_error_bad(e, "expected %d hexadecimal digits, found \"%.80s\"",
		    FLP_DIGEST_TEXT - 1, text);
	limit->text = flp_memory_text(text, n, e);
	return limit->text == NULL ? -1 : 0;
}

static int
take_names(struct flp_site_limit *limit, const char *text, struct flp_error *e)
{
	for (const char *at = text + strspn(text, BLANKS ","); *at != '\0';) {
		size_t n = strcspn(at, BLANKS ",");

		if (strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789.-") < n)
			return flp_error_bad(e, "expected keys of metadata, found \"%.*s\"",
			    n > 64 ? 64 : (int)n, at);
		if (flp_texts_add(&limit->names, at, n, NAMES, e) < 0)
			return -1;
		at += n;
		at += strspn(at, BLANKS ",");
	}
	return limit->names.n > 0 ? 0 : flp_error_bad(e, "expected keys of metadata, found none");
}

int
flp_site_limit_take(struct flp_site_limit *limit, const struct flp_site_key *key,
    const char *policy, const char *text, struct flp_error *e)
{
	switch (key->type) {
	case FLP_SITE_LEAST:
	case FLP_SITE_MOST:
	case FLP_SITE_ABOVE:
	case FLP_SITE_BELOW: return take_number(limit, key, text, e);
	case FLP_SITE_FILE: return take_file(limit, policy, text, e);
	case FLP_SITE_DIGEST: return take_digest(limit, text, e);
	case FLP_SITE_NAMES: return take_names(limit, text, e);
	}
	return flp_error_misuse(e, "a key of the policy that has no type");
}

/* Returns 1 if the limit `by` is tighter than another of the same key. */
static int
is_tighter(const struct flp_site_key *key, const struct flp_site_limit *by,
    const struct flp_site_limit *than)
{
	int more = key->type == FLP_SITE_LEAST || key->type == FLP_SITE_ABOVE;

	return more ? by->number > than->number : by->number < than->number;
}

/* Drops the names that are not in `others` too. */
static int
intersect(struct flp_texts *names, const struct flp_texts *others, struct flp_error *e)
{
	struct flp_texts both = { 0 };
	int status = 0;

	for (size_t i = 0; status == 0 && i < names->n; i++) {
		const char *name = flp_texts_get(names, i);

		if (flp_texts_find(others, name, strlen(name)) >= 0)
			status = flp_texts_add(&both, name, strlen(name), NAMES, e);
	}
	flp_texts_free(status < 0 ? &both : names);
	if (status == 0)
		*names = both;
	return status;
}

int
flp_site_limit_tighten(struct flp_site_limit *limit, const struct flp_site_key *key,
    struct flp_site_limit *by, struct flp_error *e)
{
	int status = 0;

	if (!by->set)
		return 0;
	if (!limit->set || (key->type <= FLP_SITE_BELOW && is_tighter(key, by, limit))) {
		flp_site_limit_free(limit);
		*limit = *by;
		memset(by, 0, sizeof *by);
		return 0;
	}
	if (key->type == FLP_SITE_NAMES)
		status = intersect(&limit->names, &by->names, e);
	else if (limit->text != NULL && strcmp(limit->text, by->text) != 0) {
		flp_error_bad(e, "expected %s, as in line %llu of %s, found %s", limit->text,
		    (unsigned long long)limit->line, limit->file, by->text);
		status = flp_error_at(e, "policy %s: line %llu: %s", by->file,
		    (unsigned long long)by->line, key->name);
	}
	flp_site_limit_free(by);
	return status;
}

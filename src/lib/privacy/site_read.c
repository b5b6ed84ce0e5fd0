#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "privacy/site.h"
#include "text/lines.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"
#define NAMES ((size_t)1024) /* of a list, at the most */

static struct flp_site_limit *
limit_of(struct flp_site *site, const struct flp_site_key *key)
{
	return (void *)((char *)site + key->to);
}

static void
free_limit(struct flp_site_limit *limit)
{
	free(limit->text);
	flp_texts_free(&limit->names);
	memset(limit, 0, sizeof *limit);
}

void
flp_site_free(struct flp_site *site)
{
	const struct flp_site_key *key;

	for (size_t i = 0; (key = flp_site_key(i)) != NULL; i++)
		free_limit(limit_of(site, key));
	memset(site, 0, sizeof *site);
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

/* A path that is not whole begins at the policy's folder. */
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

static int
take_value(struct flp_site_limit *limit, const struct flp_site_key *key, const char *policy,
    const char *text, struct flp_error *e)
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

static const struct flp_site_key *
find_key(const char *name)
{
	const struct flp_site_key *key;

	for (size_t i = 0; (key = flp_site_key(i)) != NULL; i++)
		if (strcmp(key->name, name) == 0)
			return key;
	return NULL;
}

/* One line, without blanks at its ends, which is changed. */
static int
take_fact(struct flp_site *site, char *line, uint64_t number, struct flp_error *e)
{
	size_t n = strcspn(line, BLANKS);
	char *value = line + n + strspn(line + n, BLANKS);
	const struct flp_site_key *key;
	struct flp_site_limit *limit;

	line[n] = '\0';
	if ((key = find_key(line)) == NULL)
		return flp_error_bad(e, "expected a key of fl-privacy(7), found \"%.64s\"", line);
	limit = limit_of(site, key);
	if (limit->set)
		return flp_error_bad(e, "%s: expected once, found in line %llu too", key->name,
		    (unsigned long long)limit->line);
	*limit = (struct flp_site_limit){ .set = 1, .file = site->file, .line = number };
	if (*value == '\0')
		return flp_error_bad(e, "%s: expected a value after the key, found nothing", key->name);
	return take_value(limit, key, site->file, value, e) < 0 ? flp_error_at(e, "%s", key->name) :
	    0;
}

static int
take_line(struct flp_site *site, const char *text, size_t n, uint64_t number,
    struct flp_error *e)
{
	char *line;
	int status;

	while (n > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		n--;
	}
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
		n--;
	if (n == 0)
		return 0;
	if ((line = flp_memory_text(text, n, e)) == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (line[i] == '\t')
			line[i] = ' ';
	if (!flp_text_printable(line, n)) /* in a comment too: a CR may hide the lines after it */
		status = flp_error_bad(e, "expected printable UTF-8, found other bytes");
	else
		status = *line == '#' ? 0 : take_fact(site, line, number, e);
	free(line);
	return status;
}

static int
read_lines(struct flp_site *site, struct flp_in *in, struct flp_error *e)
{
	struct flp_lines lines;
	char *text;
	size_t n;
	int status;

	if (flp_lines_open(&lines, in, e) < 0)
		return -1;
	while ((status = flp_lines_next(&lines, &text, &n, e)) > 0)
		if ((status = take_line(site, text, n, lines.number, e)) < 0)
			break;
	if (status < 0)
		flp_error_at(e, "line %llu", (unsigned long long)lines.number);
	flp_lines_close(&lines);
	return status < 0 ? flp_error_at(e, "policy %s", in->name) : 0;
}

/* Where a policy has no line. */
static void
take_presets(struct flp_site *site, int always)
{
	const struct flp_site_key *key;

	for (size_t i = 0; (key = flp_site_key(i)) != NULL; i++) {
		struct flp_site_limit *limit = limit_of(site, key);

		if (!limit->set && key->preset > 0 && (key->always || !always))
			*limit = (struct flp_site_limit){ .set = 1, .number = key->preset };
	}
}

/* Whether the limit `by` is tighter than another of the same key. */
static int
is_tighter(const struct flp_site_key *key, const struct flp_site_limit *by,
    const struct flp_site_limit *than)
{
	int more = key->type == FLP_SITE_LEAST || key->type == FLP_SITE_ABOVE;

	return more ? by->number > than->number : by->number < than->number;
}

/* Leaves in `names` those that are in `others` too. */
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

/* Tightens a limit by that of another policy, which it takes over or frees. */
static int
tighten(struct flp_site_limit *limit, const struct flp_site_key *key,
    struct flp_site_limit *by, struct flp_error *e)
{
	int status = 0;

	if (!by->set)
		return 0;
	if (!limit->set || (key->type <= FLP_SITE_BELOW && is_tighter(key, by, limit))) {
		free_limit(limit);
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
	free_limit(by);
	return status;
}

int
flp_site_read(struct flp_site *site, struct flp_in *in, struct flp_error *e)
{
	struct flp_site next = { .files = 1, .file = in->name };
	const struct flp_site_key *key;
	int status = read_lines(&next, in, e);

	if (status == 0 && site->files == 0) {
		next.open = site->open;
		take_presets(&next, 0);
		*site = next;
		return 0;
	}
	for (size_t i = 0; status == 0 && (key = flp_site_key(i)) != NULL; i++)
		status = tighten(limit_of(site, key), key, limit_of(&next, key), e);
	site->files += status == 0;
	flp_site_free(&next);
	return status;
}

int
flp_site_take(struct flp_site *site, const char *path, struct flp_error *e)
{
	struct flp_in in;
	int status;

	if (strcmp(path, FLP_SITE_OPEN) == 0) {
		site->open = 1;
		return 0;
	}
	if (flp_in_open(&in, path, e) < 0)
		return -1;
	status = flp_site_read(site, &in, e);
	flp_in_close(&in);
	return status;
}

int
flp_site_system(struct flp_site *site, struct flp_error *e)
{
	struct flp_in in;
	int status = flp_in_open_regular(&in, FLP_SITE_SYSTEM, e);

	if (status <= 0)
		return status;
	status = flp_site_read(site, &in, e);
	flp_in_close(&in);
	return status;
}

int
flp_site_settle(struct flp_site *site, struct flp_error *e)
{
	const struct flp_site_limit *counted = site->max_epsilon.set ? &site->max_epsilon :
	    &site->max_rounds;

	if (site->files == 0 && !site->open)
		take_presets(site, 1);
	if (counted->set && !site->ledger.set)
		return flp_site_refuse(site, counted, e, "expected a line with ledger, in which it is "
		    "counted, found none");
	return 0;
}

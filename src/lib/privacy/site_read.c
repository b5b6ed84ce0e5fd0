#include "base/memory.h"
#include "base/text.h"
#include "privacy/site_limit.h"
#include "text/lines.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"

static struct flp_site_limit *
limit_of(struct flp_site *site, const struct flp_site_key *key)
{
	return (void *)((char *)site + key->to);
}

void
flp_site_free(struct flp_site *site)
{
	const struct flp_site_key *key;

	for (size_t i = 0; (key = flp_site_key(i)) != NULL; i++)
		flp_site_limit_free(limit_of(site, key));
	memset(site, 0, sizeof *site);
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

/* Takes one line, which has no blanks at its ends. Its text is changed. */
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
	return flp_site_limit_take(limit, key, site->file, value, e) < 0 ?
	    flp_error_at(e, "%s", key->name) : 0;
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
	if (!flp_text_printable(line, n)) /* even in a comment: a CR may hide the lines after it */
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

/* Sets the defaults of the keys that have no line. */
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
		status = flp_site_limit_tighten(limit_of(site, key), key, limit_of(&next, key), e);
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

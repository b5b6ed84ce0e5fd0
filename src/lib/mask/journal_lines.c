#include "mask/journal_lines.h"
#include "base/in.h"
#include "base/memory.h"
#include "base/number.h"
#include "mask/kdf.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char forgets[] = "forgets"; /* the key of a line that says that secrets were erased */

/* The texts of an entry, by their keys in its line. */
static const struct {
	const char *key;
	size_t at;
} field[] = {
#define FIELD(name) { #name, offsetof(struct flp_journal_entry, name) }
	FIELD(verb), FIELD(session), FIELD(roster), FIELD(instead), FIELD(members), FIELD(purpose),
	FIELD(base), FIELD(weights), FIELD(graph), FIELD(survivors), FIELD(input),
#undef FIELD
};
#define FIELDS (sizeof field / sizeof *field)

static const char **
text_of(struct flp_journal_entry *entry, size_t i)
{
	return (const char **)((char *)entry + field[i].at);
}

static int
put(struct flp_meta *keys, const char *key, const char *value, struct flp_error *e)
{
	return flp_meta_set(keys, key, value, strlen(value), e);
}

/* A digest of the machine's id, since the id itself is not for others to see. All machines without
 * an id have the same digest. */
static int
find_machine(char text[FLP_DIGEST_TEXT], struct flp_error *e)
{
	struct flp_digest digest;
	char line[256] = "";
	struct flp_kdf k;
	struct flp_in in;
	size_t n = 0;
	int found = flp_in_open_regular(&in, "/etc/machine-id", e);

	if (found < 0)
		return -1;
	if (found > 0) {
		int status = flp_in_read(&in, line, sizeof line, &n, e);

		flp_in_close(&in);
		if (status < 0)
			return flp_error_in(e, "/etc/machine-id");
	}
	flp_kdf_begin(&k, NULL, "machine");
	flp_kdf_bytes(&k, line, n);
	flp_kdf_end(&k, digest.byte);
	flp_digest_text(&digest, text);
	return 0;
}

/* The keys of line 0: the owner, and the facts in which a copy differs. */
static int
describe_owner(struct flp_meta *keys, const struct flp_journal *j, const struct flp_identity *id,
    struct flp_error *e)
{
	char machine[FLP_DIGEST_TEXT], key[2 * sizeof id->sign_public + 1], inode[FLP_NUMBER_TEXT];
	struct stat st;

	if (fstat(j->log.file.fd, &st) < 0)
		return flp_error_system(e, errno, "log");
	snprintf(inode, sizeof inode, "%llu", (unsigned long long)st.st_ino);
	sodium_bin2hex(key, sizeof key, id->sign_public, sizeof id->sign_public);
	if (find_machine(machine, e) < 0 || put(keys, "key", key, e) < 0 ||
	    put(keys, "inode", inode, e) < 0 || put(keys, "machine", machine, e) < 0)
		return -1;
	return 0;
}

static int
check_owner(const struct flp_journal *j, struct flp_error *e)
{
	static const struct { const char *key, *why; } checks[] = {
		{ "key", "expected the journal of this key, found that of another" },
		{ "inode", "expected the journal that keygen made, found a copy of it: what was sent after "
		    "the copy is not known, so make new keys" },
		{ "machine", "expected the journal of this machine, found that of another: make new keys" },
	};
	struct flp_meta want = { 0 };
	int status = describe_owner(&want, j, j->id, e);

	for (size_t i = 0; status == 0 && i < sizeof checks / sizeof *checks; i++) {
		size_t n, found_n;
		const char *value = flp_meta_get(&want, checks[i].key, &n);
		const char *found = flp_meta_get(&j->log.line[0], checks[i].key, &found_n);

		if (found == NULL || found_n != n || memcmp(found, value, n) != 0)
			status = flp_error_bad(e, "%s", checks[i].why);
	}
	flp_meta_free(&want);
	return status;
}

int
flp_journal_lines_begin(struct flp_journal *j, const struct flp_identity *id, struct flp_error *e)
{
	struct flp_meta owner = { 0 };
	int status = describe_owner(&owner, j, id, e);

	if (status == 0)
		status = flp_log_add(&j->log, &owner, e);
	flp_meta_free(&owner);
	return status;
}

static void
free_entry(struct flp_journal_entry *entry)
{
	for (size_t i = 0; i < FIELDS; i++)
		free((void *)*text_of(entry, i));
}

static int
fill_entry(struct flp_journal_entry *entry, const struct flp_meta *line, struct flp_error *e)
{
	const char *value;
	size_t n;

	for (size_t i = 0; i < FIELDS; i++)
		if ((value = flp_meta_get(line, field[i].key, &n)) != NULL &&
		    (*text_of(entry, i) = flp_memory_text(value, n, e)) == NULL)
			return -1;
	value = flp_meta_get(line, "round", &n);
	if (value == NULL || flp_number_u64(value, n, &entry->round) < 0 || entry->verb == NULL ||
	    entry->session == NULL || entry->input == NULL)
		return flp_error_bad(e, "expected verb, session, round and input");
	return 0;
}

/* Makes the entry of a message from its line. */
static int
take_entry(struct flp_journal *j, size_t number, struct flp_error *e)
{
	struct flp_journal_entry entry = { .line = number };

	if (flp_memory_grow(&j->entry, &j->room, j->n + 1, sizeof *j->entry, e) < 0)
		return -1;
	if (fill_entry(&entry, &j->log.line[number], e) < 0) {
		free_entry(&entry);
		return -1;
	}
	j->entry[j->n++] = entry;
	return 0;
}

/* Takes a line that says that the secrets of an earlier message were erased. */
static int
take_forgets(struct flp_journal *j, const char *value, size_t n, struct flp_error *e)
{
	uint64_t number;

	if (flp_number_u64(value, n, &number) == 0)
		for (size_t i = 0; i < j->n; i++)
			if (j->entry[i].line == number) {
				j->entry[i].forgotten = 1;
				return 0;
			}
	return flp_error_bad(e, "%s: expected the number of an earlier line", forgets);
}

int
flp_journal_lines_later(const struct flp_journal *j, size_t i, size_t k)
{
	const struct flp_journal_entry *a = &j->entry[i], *b = &j->entry[k];

	return b->round > a->round && strcmp(a->verb, "leave") != 0 &&
	    flp_journal_same(a->verb, b->verb) &&
	    flp_journal_same(a->session, b->session) && flp_journal_same(a->purpose, b->purpose);
}

/* Round numbers never fall (mask/permit.h), so the next message of the same turn that is of another
 * round is of a later one. */
static void
mark_over(struct flp_journal *j)
{
	for (size_t i = 0; i < j->n; i++)
		for (size_t k = i + 1; k < j->n && !j->entry[i].over; k++)
			j->entry[i].over = flp_journal_lines_later(j, i, k);
}

int
flp_journal_lines_read(struct flp_journal *j, struct flp_error *e)
{
	size_t n;

	if (j->log.lines == 0)
		return flp_error_bad(e, "log: expected a line that names its key, found none: keygen did "
		    "not finish");
	for (size_t i = 1; i < j->log.lines; i++) {
		const char *value = flp_meta_get(&j->log.line[i], forgets, &n);

		if ((value != NULL ? take_forgets(j, value, n, e) : take_entry(j, i, e)) < 0)
			return flp_error_at(e, "log: line %zu", i + 2);
	}
	mark_over(j);
	return j->id != NULL ? check_owner(j, e) : 0;
}

void
flp_journal_lines_free(struct flp_journal *j)
{
	for (size_t i = 0; i < j->n; i++)
		free_entry(&j->entry[i]);
	free(j->entry);
}

int
flp_journal_lines_add(struct flp_journal *j, const struct flp_journal_entry *entry,
    struct flp_meta *keys, struct flp_error *e)
{
	struct flp_journal_entry copy = *entry;

	for (size_t i = 0; i < FIELDS; i++)
		if (*text_of(&copy, i) != NULL && put(keys, field[i].key, *text_of(&copy, i), e) < 0)
			return -1;
	if (flp_meta_set_u64(keys, "round", entry->round, e) < 0 || flp_log_add(&j->log, keys, e) < 0)
		return -1;
	return take_entry(j, j->log.lines - 1, e);
}

int
flp_journal_lines_forget(struct flp_journal *j, size_t i, struct flp_error *e)
{
	char number[FLP_NUMBER_TEXT];
	struct flp_meta keys = { 0 };
	int status;

	snprintf(number, sizeof number, "%zu", j->entry[i].line);
	if ((status = put(&keys, forgets, number, e)) == 0)
		status = flp_log_add(&j->log, &keys, e);
	flp_meta_free(&keys);
	j->entry[i].forgotten = status == 0;
	return status;
}

/* A journal whose log says what the input says: as it is, or as lines that are chained as they
 * should be. It is refused with a sentence, or what it gives can be used, and it opens again; and
 * the secrets of an entry, whose box holds any bytes.
 *
 *	byte 0   0: the input is the log; 1: it is what is in a box; 2: its lines, with tabs between
 *	         keys, come after the line of the owner */
#include "edits.h"
#include "mask/journal.h"
#include "mask/journal_seal.h"
#include "mask/permit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int fsync(int fd);

enum { SENT = 3, PARTS = 3, ROOM = 1 << 12 };

static const char *const ends[PARTS] = { "sent", "secret", "inside" };

static const char *const verbs[SENT] = { "share", "confirm", "advertise" };

static char folder[] = "journal-XXXXXX";
static struct flp_identity id;
static struct flp_journal_entry entry = { .session = "study", .input = "0" };
static char *begin; /* of the log: the magic and the line of the owner */
static size_t begin_n, whole_n;
static unsigned char file[SENT][PARTS][ROOM]; /* what was sent and kept */
static size_t file_n[SENT][PARTS];

/* Nothing that is written here has to last. */
int
fsync(int fd)
{
	(void)fd;
	return 0;
}

static void
make_message(struct flp_record *to, uint64_t round)
{
	const uint64_t n = 32;
	struct flp_header h;
	struct flp_error e;

	flp_header_init(&h, FLP_KIND_KEY);
	must(flp_header_add(&h, "mask", FLP_DTYPE_U8, 1, &n, &e) == 0);
	must(flp_meta_set_u64(&h.meta, "round", round, &e) == 0);
	must(flp_record_new(to, &h, &e) == 0);
	flp_header_free(&h);
}

static void
read_log(void)
{
	char path[64];
	struct flp_error e;
	struct flp_in in;
	char *newline;

	snprintf(path, sizeof path, "%s/log", folder);
	begin = malloc(1 << 16);
	must(begin != NULL && flp_in_open(&in, path, &e) == 0);
	must(flp_in_read(&in, begin, 1 << 16, &whole_n, &e) == 0);
	flp_in_close(&in);
	newline = memchr(begin, '\n', whole_n);
	newline = memchr(newline + 1, '\n', whole_n - (size_t)(newline + 1 - begin));
	begin_n = (size_t)(newline + 1 - begin);
}

static const char *
path_of(size_t number, size_t part)
{
	static char path[64];

	snprintf(path, sizeof path, "%s/%zu.%s", folder, number, ends[part]);
	return path;
}

static void
read_files(void)
{
	struct flp_error e;
	struct flp_in in;

	for (size_t i = 0; i < SENT; i++)
		for (size_t k = 0; k < PARTS; k++) {
			must(flp_in_open(&in, path_of(i + 1, k), &e) == 0);
			must(flp_in_read(&in, file[i][k], ROOM, &file_n[i][k], &e) == 0);
			must(file_n[i][k] < ROOM);
			flp_in_close(&in);
		}
}

static void
make_world(void)
{
	struct flp_record message;
	struct flp_journal j;
	struct flp_error e;

	edits_begin();
	edits_hide();
	must(flp_identity_make(&id, "site", &e) == 0);
	must(mkdtemp(folder) != NULL && rmdir(folder) == 0);
	must(flp_journal_make(folder, &id, &e) == 0 && flp_journal_open(&j, folder, &id, &e) == 0);
	entry.round = 1; /* one of a later round would remove those of an earlier one */
	for (size_t i = 0; i < SENT; i++) {
		entry.verb = verbs[i];
		make_message(&message, entry.round);
		must(flp_journal_send(&j, &entry, &message, &message, &message, &e) == 0);
		flp_record_free(&message);
	}
	flp_journal_close(&j);
	read_log();
	read_files();
}

static void
write_file(const char *path, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CREAT, 0600);

	must(fd >= 0 && write(fd, bytes, n) == (ssize_t)n && close(fd) == 0);
}

/* The folder as it was, whatever the input before has made of it. */
static void
restore(void)
{
	DIR *dir = opendir(folder);
	struct dirent *d;

	must(dir != NULL);
	while ((d = readdir(dir)) != NULL)
		if (d->d_name[0] != '.' && strcmp(d->d_name, "log") != 0)
			must(unlinkat(dirfd(dir), d->d_name, 0) == 0);
	closedir(dir);
	for (size_t i = 0; i < SENT; i++)
		for (size_t k = 0; k < PARTS; k++)
			write_file(path_of(i + 1, k), file[i][k], file_n[i][k]);
}

/* The log in its place, for its inode is in it. */
static void
write_log(const void *text, size_t n)
{
	char path[64];

	snprintf(path, sizeof path, "%s/log", folder);
	write_file(path, text, n);
}

/* Adds the lines of the input that can be keys of a log. */
static void
add_lines(const uint8_t *p, size_t n)
{
	char path[64], *text = malloc(n + 1);
	struct flp_meta keys = { 0 };
	struct flp_error e;
	struct flp_log log;

	snprintf(path, sizeof path, "%s/log", folder);
	must(text != NULL && flp_log_open(&log, path, "fl-journal 1", 1, &e) == 0);
	for (size_t at = 0, end; at < n; at = end + 1) {
		for (end = at; end < n && p[end] != '\n'; end++)
			text[end] = (char)(p[end] == '\t' ? '\n' : p[end]);
		text[end] = '\n';
		if (flp_meta_parse(&keys, text + at, end + 1 - at, &e) < 0)
			is_error(&e);
		else if (flp_log_add(&log, &keys, &e) < 0)
			is_error(&e);
	}
	flp_meta_free(&keys);
	flp_log_close(&log);
	free(text);
}

typedef int part(const struct flp_journal *, size_t, struct flp_record *, struct flp_error *);

/* Uses all entries of a journal that was opened, and sends one more. */
static void
use(struct flp_journal *j)
{
	part *const parts[] = { flp_journal_message, flp_journal_secret, flp_journal_inside };
	struct flp_record record;
	struct flp_error e;
	size_t again;

	for (size_t i = 0; i < j->n; i++) {
		struct flp_journal_entry *own = &j->entry[i];

		must(flp_journal_find(j, own->verb, own->session, own->purpose, own->round) >= (long)i);
		if (flp_permit_message(j, own, &again, &e) < 0)
			is_error(&e);
		if (flp_permit_leave(j, own, &again, &e) < 0)
			is_error(&e);
		for (size_t k = 0; k < 3; k++)
			if (parts[k](j, i, &record, &e) < 0)
				is_error(&e);
			else if (parts[k] == flp_journal_secret)
				flp_journal_wipe(&record);
			else
				flp_record_free(&record);
	}
	make_message(&record, 9);
	entry.round = 9;
	if (flp_journal_send(j, &entry, &record, &record, NULL, &e) < 0)
		is_error(&e);
	flp_record_free(&record);
}

static void
take_journal(void)
{
	struct flp_journal j;
	struct flp_error e;

	if (flp_journal_open(&j, folder, NULL, &e) < 0)
		is_error(&e);
	else
		flp_journal_close(&j);
	if (flp_journal_open(&j, folder, &id, &e) < 0) {
		is_error(&e);
		return;
	}
	use(&j);
	flp_journal_close(&j);
	must(flp_journal_open(&j, folder, &id, &e) == 0);
	must(flp_journal_find(&j, entry.verb, entry.session, NULL, 9) >= 0);
	flp_journal_close(&j);
}

static void
take_box(const uint8_t *p, size_t n)
{
	struct flp_record message, box, secret;
	struct flp_header h;
	struct flp_error e;

	make_message(&message, 1);
	must(flp_journal_seal(&box, &message, &id, "0", &e) == 0);
	must(flp_header_copy(&h, &box.header, &e) == 0);
	h.tensor[1].bytes = h.tensor[1].count = h.tensor[1].dims[0] = n + 16;
	set_header(&box, &h);
	flp_header_free(&h);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box.values[1], NULL, p, n,
	    (const unsigned char *)"0", 1, NULL, box.values[0], id.secret->journal);
	if (flp_journal_unseal(&secret, &box, &id, "0", &e) < 0)
		is_error(&e);
	else
		flp_journal_wipe(&secret);
	flp_record_free(&box);
	flp_record_free(&message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (begin == NULL)
		make_world();
	if (n == 0)
		return 0;
	if (p[0] == 1) {
		take_box(p + 1, n - 1);
		return 0;
	}
	restore();
	if (p[0] == 0) {
		write_log(p + 1, n - 1);
	} else {
		write_log(begin, p[0] & 1 ? whole_n : begin_n);
		add_lines(p + 1, n - 1);
	}
	take_journal();
	return 0;
}

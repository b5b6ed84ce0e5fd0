/* journal: messages that come back, files between any two steps of a process that ended, logs
 * that were changed or shortened, copies and folders of others. */
#include "base/file.h"
#include "base/memory.h"
#include "mask/hidden.h"
#include "mask/journal.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM = 1 << 16 };

static struct flp_error e;
static struct flp_identity id;

static void
run(const char *command)
{
	CHECK(system(command) == 0, "%s", command);
}

static void
make_record(struct flp_record *record, enum flp_kind kind, const char *text)
{
	const uint64_t n = strlen(text);
	struct flp_header h;

	flp_header_init(&h, kind);
	if (kind == FLP_KIND_MASKED)
		h.privacy = FLP_PRIVACY_MASKED;
	CHECK(flp_header_add(&h, "x", FLP_DTYPE_U8, 1, &n, &e) == 0 &&
	    flp_meta_set_text(&h.meta, "client", "a", &e) == 0 &&
	    flp_record_new(record, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	memcpy(record->values[0], text, n);
}

static int
has_text(const struct flp_record *record, const char *text)
{
	return record->header.tensors == 1 && record->header.tensor[0].bytes == strlen(text) &&
	    memcmp(record->values[0], text, strlen(text)) == 0 &&
	    flp_meta_is(&record->header.meta, "client", "a");
}

static const char *one_session; /* of all messages; NULL: of each round another */

static const char *
session_of(uint64_t round)
{
	static char name[32];

	snprintf(name, sizeof name, "s%llu", (unsigned long long)round);
	return one_session != NULL ? one_session : name;
}

static int
send(struct flp_journal *j, uint64_t round, const char *text, int with_secret)
{
	const struct flp_journal_entry entry = { .verb = "apply", .session = session_of(round),
		.roster = "r", .purpose = "update", .round = round, .input = text };
	struct flp_record message, secret, inside;
	int status;

	make_record(&message, FLP_KIND_SHARE, text);
	make_record(&secret, FLP_KIND_STATE, "a secret text");
	make_record(&inside, FLP_KIND_STATS, "inside");
	status = flp_journal_send(j, &entry, &message, with_secret ? &secret : NULL,
	    with_secret ? &inside : NULL, &e);
	flp_record_free(&message);
	flp_record_free(&secret);
	flp_record_free(&inside);
	return status;
}

static int
holds(struct flp_journal *j, uint64_t round, const char *text)
{
	struct flp_record record;
	long i = flp_journal_find(j, "apply", session_of(round), "update", round);
	int ok;

	if (i < 0 || flp_journal_message(j, (size_t)i, &record, &e) < 0)
		return 0;
	ok = has_text(&record, text);
	flp_record_free(&record);
	return ok;
}

/* 1 if it opens, and then holds these rounds, each with its text, and no others. */
static int
opens(size_t n)
{
	static const char *const texts[] = { "", "one", "two", "three" };
	struct flp_journal j;
	int ok;

	if (flp_journal_open(&j, "a.state", &id, &e) < 0)
		return 0;
	ok = j.n == n;
	for (size_t i = 1; ok && i <= n; i++)
		ok = holds(&j, i, texts[i]);
	flp_journal_close(&j);
	return ok;
}

static int
refused(const char *why)
{
	struct flp_journal j;

	if (flp_journal_open(&j, "a.state", &id, &e) == 0) {
		flp_journal_close(&j);
		return 0;
	}
	return e.code == FLP_ERROR_BAD && strstr(e.text, why) != NULL && strstr(e.text, "a.state") != NULL;
}

/* A journal of two messages, the first with secrets. */
static void
begin(void)
{
	struct flp_journal j;

	run("rm -rf a.state");
	CHECK(flp_journal_make("a.state", &id, &e) == 0, "%s", e.text);
	CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0, "%s", e.text);
	CHECK(j.n == 0 && send(&j, 1, "one", 1) == 0 && send(&j, 2, "two", 0) == 0, "%s", e.text);
	flp_journal_close(&j);
	flp_journal_close(&j);
}

/* The whole work of one process. */
static void
send_third(int with_secret)
{
	struct flp_journal j;

	CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0 && send(&j, 3, "three", with_secret) == 0,
	    "%s", e.text);
	flp_journal_close(&j);
}

static void
forget_first(void)
{
	struct flp_journal j;

	CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0 && flp_journal_forget(&j, 0, &e) == 0, "%s",
	    e.text);
	flp_journal_close(&j);
}

/* A journal, left open, in which the round of the first message is over: the third is of a later
 * round of its session. */
static void
begin_over(struct flp_journal *j)
{
	begin();
	CHECK(flp_journal_open(j, "a.state", &id, &e) == 0, "%s", e.text);
	one_session = "s1";
	CHECK(send(j, 4, "four", 1) == 0, "%s", e.text);
	one_session = NULL;
	CHECK(j->entry[0].over && !j->entry[1].over && !j->entry[2].over, "which are over");
}

/* The log has the digest of the file N.inside, but nothing against which a guess at its content
 * could be tested. */
static void
check_guess(void)
{
	struct flp_record guess;
	struct flp_digest digest;
	struct flp_journal j;
	char text[FLP_DIGEST_TEXT], command[2 * FLP_DIGEST_TEXT];

	begin();
	make_record(&guess, FLP_KIND_STATS, "inside");
	CHECK(flp_record_digest(&guess, &digest, &e) == 0, "%s", e.text);
	flp_digest_text(&digest, text);
	snprintf(command, sizeof command, "grep -q inside= a.state/log && ! grep %s a.state/log", text);
	run(command);
	flp_record_free(&guess);
	CHECK(flp_journal_open(&j, "a.state", NULL, &e) == 0, "%s", e.text);
	CHECK(flp_journal_inside(&j, 0, &guess, &e) == 0 && has_text(&guess, "inside"), "%s", e.text);
	CHECK(flp_record_digest(&guess, &digest, &e) == 0, "%s", e.text);
	snprintf(command, sizeof command, "%s", text);
	flp_digest_text(&digest, text);
	CHECK(strcmp(command, text) == 0, "something rides along");
	flp_record_free(&guess);
	flp_journal_close(&j);
}

static void
check_plain(void)
{
	struct flp_record record;
	struct flp_journal j;
	long first;

	begin();
	CHECK(flp_journal_make("a.state", &id, &e) < 0 && e.code == FLP_ERROR_BAD, "made twice");
	CHECK(opens(2), "%s", e.text);
	CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0, "%s", e.text);
	first = flp_journal_find(&j, "apply", "s1", "update", 1);
	CHECK(first == 0 && flp_journal_find(&j, "apply", "s1", "stats", 1) < 0 &&
	    flp_journal_find(&j, "leave", "s1", "update", 1) < 0 &&
	    flp_journal_find(&j, "apply", "t", "update", 1) < 0 &&
	    flp_journal_find(&j, "apply", "s1", NULL, 1) < 0 &&
	    flp_journal_find(&j, "apply", "s1", "update", 3) < 0, "what is found");
	CHECK(strcmp(j.entry[0].input, "one") == 0 && strcmp(j.entry[0].roster, "r") == 0 &&
	    j.entry[0].base == NULL && j.entry[1].round == 2, "what a line says");
	CHECK(flp_journal_secret(&j, 0, &record, &e) == 0 && has_text(&record, "a secret text"), "%s",
	    e.text);
	flp_journal_wipe(&record);
	CHECK(flp_journal_inside(&j, 0, &record, &e) == 0 && has_text(&record, "inside"), "%s", e.text);
	flp_record_free(&record);
	CHECK(flp_journal_secret(&j, 1, &record, &e) < 0 && e.code == FLP_ERROR_BAD, "none was kept");
	CHECK(flp_journal_message(&j, 2, &record, &e) < 0, "no such entry");
	run("! grep -rq 'a secret text' a.state");
	run("grep -q inside a.state/1.inside");
	run("test \"$(stat -c %a a.state/1.sent a.state/1.secret | sort -u)\" = 600");
	CHECK(flp_journal_forget(&j, 0, &e) == 0 && flp_journal_forget(&j, 0, &e) == 0 &&
	    flp_journal_forget(&j, 1, &e) == 0, "%s", e.text);
	CHECK(flp_journal_secret(&j, 0, &record, &e) < 0 && e.code == FLP_ERROR_BAD, "forgotten");
	run("! test -e a.state/1.secret");
	run("test \"$(wc -l < a.state/log)\" = 5");
	CHECK(send(&j, 3, "three", 0) == 0, "%s", e.text);
	flp_journal_close(&j);
	CHECK(opens(3), "%s", e.text);
}

/* sed makes a new file, so what was in it is written into the old one. */
static void
edit(const char *how)
{
	char command[256];

	snprintf(command, sizeof command, "%s a.state/log > changed && cat changed > a.state/log", how);
	run(command);
}

static size_t
size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

/* Cuts the log so that n bytes of it are left. */
static void
cut(size_t n)
{
	CHECK(truncate("a.state/log", (off_t)n) == 0, "%zu", n);
}

/* What a process leaves that ends after each step of sending, and of forgetting. */
static void
check_ends(void)
{
	begin();
	/* before the line: files that are not a message yet */
	run("cp a.state/1.sent a.state/3.sent.new; echo half > a.state/3.secret.new");
	CHECK(opens(2), "%s", e.text);
	send_third(0);
	CHECK(opens(3), "%s", e.text);
	run("! ls a.state/3.secret* a.state/*.new 2> /dev/null");
	/* after the line: the files get their names, some of them or all */
	run("mv a.state/3.sent a.state/3.sent.new");
	CHECK(opens(3), "%s", e.text);
	run("mv a.state/1.secret a.state/1.secret.new; mv a.state/1.inside a.state/1.inside.new");
	CHECK(opens(3), "%s", e.text);
	run("test -e a.state/3.sent && test -e a.state/1.secret && test -e a.state/1.inside");
	/* secrets that a line forgets and that are still there */
	run("cp a.state/1.secret kept");
	forget_first();
	run("mv kept a.state/1.secret");
	CHECK(opens(3), "%s", e.text);
	run("! test -e a.state/1.secret");
	/* the first line alone: keygen ended */
	run("sed -i 1q a.state/log");
	CHECK(refused("keygen did not finish"), "%s", e.text);
}

static void
check_damage(void)
{
	begin();
	edit("sed '$d'");
	CHECK(refused("shortened"), "%s", e.text);
	begin();
	edit("sed '3d'");
	CHECK(refused("line 3"), "%s", e.text);
	begin();
	edit("head -c -1");
	CHECK(refused("expected a line for 2.sent"), "%s", e.text);
	begin();
	edit("sed '3s/$/\\n half/'");
	CHECK(refused("line 4"), "%s", e.text);
	begin();
	run("printf '\\0\\n' >> a.state/log");
	CHECK(refused("line 5"), "%s", e.text);
	begin();
	edit("sed 's/round=1/round=3/'");
	CHECK(refused("line 3"), "%s", e.text);
	begin();
	run("rm a.state/2.sent");
	CHECK(refused("2.sent"), "%s", e.text);
	begin();
	run("rm a.state/1.secret");
	CHECK(refused("1.secret"), "%s", e.text);
	begin();
	run("rm a.state/log");
	CHECK(refused("found none"), "%s", e.text);
	run("rm -r a.state");
	CHECK(refused("found none"), "%s", e.text);
}

/* 1 if it opens with n entries and is mended, and then is as if nothing had been written. */
static int
mends(size_t n, size_t whole)
{
	struct flp_journal j;
	int mended;

	if (flp_journal_open(&j, "a.state", &id, &e) < 0)
		return 0;
	mended = j.mended && j.n == n && size_of("a.state/log") == whole;
	flp_journal_close(&j);
	if (!mended || flp_journal_open(&j, "a.state", &id, &e) < 0)
		return 0;
	mended = !j.mended && j.n == n;
	flp_journal_close(&j);
	return mended;
}

/* The power fails while the line of a message is written: its files have no names yet. Once they
 * have them, the line was whole, so a cut is damage. */
static void
check_cut_message(void)
{
	struct flp_journal j;
	size_t before, after;

	begin();
	before = size_of("a.state/log");
	send_third(1);
	after = size_of("a.state/log");
	run("cat a.state/log > whole; mkdir files && cp a.state/3.* files");
	for (size_t n = before + 1; n < after; n++) {
		cut(n);
		CHECK(refused("expected a line for 3.sent"), "%zu: %s", n, e.text);
		CHECK(size_of("a.state/log") == n, "%zu: it stays as it is", n);
		run("for f in files/*; do mv a.state/${f#files/} a.state/${f#files/}.new; done");
		CHECK(flp_journal_open(&j, "a.state", NULL, &e) == 0 && j.n == 2 && !j.mended, "%zu: %s", n,
		    e.text);
		flp_journal_close(&j);
		CHECK(size_of("a.state/log") == n, "%zu: changed by looking", n);
		CHECK(mends(2, before) && opens(2), "%zu: %s", n, e.text);
		run("! ls a.state/3.* 2> /dev/null");
		run("cat whole > a.state/log; cp files/* a.state");
	}
	CHECK(opens(3), "%s", e.text);
	cut(before + 1);
	run("rm a.state/3.*");
	send_third(0);
	CHECK(opens(3), "%s", e.text);
	run("rm -r files whole");
}

/* The same for the line that forgets secrets: they are there until it is whole. */
static void
check_cut_forgets(void)
{
	size_t before, after;

	begin();
	before = size_of("a.state/log");
	run("cp a.state/1.secret kept");
	forget_first();
	after = size_of("a.state/log");
	run("cat a.state/log > whole");
	for (size_t n = before + 1; n < after; n++) {
		cut(n);
		CHECK(refused("1.secret"), "%zu: %s", n, e.text);
		run("cp kept a.state/1.secret");
		CHECK(mends(2, before), "%zu: %s", n, e.text);
		run("rm a.state/1.secret; cat whole > a.state/log");
	}
	run("rm kept whole");
}

/* So it is if the round of the secrets is over. */
static void
check_cut_forgets_old(void)
{
	struct flp_journal j;

	begin_over(&j);
	CHECK(flp_journal_forget(&j, 0, &e) == 0, "%s", e.text);
	flp_journal_close(&j);
	CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0 && j.n == 3, "%s", e.text);
	flp_journal_close(&j);
	cut(size_of("a.state/log") - 1);
	CHECK(refused("1.secret"), "%s", e.text);
}

/* keygen makes the first two lines; without them there is no journal. */
static void
check_cut_first(void)
{
	begin();
	run("rm a.state/[12].*; sed -n 1,2p a.state/log > whole");
	for (size_t n = 0, all = size_of("whole"); n < all; n++) {
		run("cat whole > a.state/log");
		cut(n);
		CHECK(refused(n < strlen("fl-journal 1\n") ? "line 1" : "keygen did not finish"), "%zu: %s",
		    n, e.text);
	}
	run("rm whole");
}

/* A killed process leaves files that are not whole, or that do not have a line. They may contain
 * the plain update, so they are removed; but a journal that is only read is not changed. */
static void
check_stale(void)
{
	struct flp_journal j;

	begin();
	run("cp a.state/1.inside a.state/.fl-a1B2c3; cp a.state/1.inside a.state/3.inside.new");
	CHECK(flp_journal_open(&j, "a.state", NULL, &e) == 0, "%s", e.text);
	flp_journal_close(&j);
	run("test \"$(ls -A a.state | wc -l)\" = 7");
	CHECK(opens(2), "%s", e.text);
	run("test \"$(ls -A a.state | wc -l)\" = 5");
	run("cp a.state/1.inside a.state/3.inside.new");
	forget_first();
	run("! ls a.state/*.new 2> /dev/null");
}

/* A process was killed after it added the line and before the files got their names: whoever only
 * looks sees the message all the same. */
static void
check_look(void)
{
	struct flp_record record;
	struct flp_journal j;

	begin();
	run("mv a.state/1.sent a.state/1.sent.new; mv a.state/1.inside a.state/1.inside.new");
	CHECK(flp_journal_open(&j, "a.state", NULL, &e) == 0, "%s", e.text);
	CHECK(holds(&j, 1, "one") && holds(&j, 2, "two"), "%s", e.text);
	CHECK(flp_journal_inside(&j, 0, &record, &e) == 0 && has_text(&record, "inside"), "%s", e.text);
	flp_record_free(&record);
	flp_journal_close(&j);
	run("ls a.state/1.sent.new a.state/1.inside.new > /dev/null");
	CHECK(opens(2), "%s", e.text);
}

/* A whole message that is not the one that the log names. */
static void
check_swapped(void)
{
	struct flp_record record;
	struct flp_journal j;

	begin();
	run("cp a.state/2.sent a.state/1.sent");
	CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0, "%s", e.text);
	CHECK(flp_journal_message(&j, 0, &record, &e) < 0 && e.code == FLP_ERROR_BAD, "swapped");
	CHECK(flp_journal_message(&j, 1, &record, &e) == 0, "%s", e.text);
	flp_record_free(&record);
	flp_journal_close(&j);
}

static void
check_others(void)
{
	struct flp_identity other;
	struct flp_record record;
	struct flp_journal j;

	begin();
	CHECK(flp_identity_make(&other, "a", &e) == 0, "%s", e.text);
	CHECK(flp_journal_open(&j, "a.state", &other, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strstr(e.text, "another") != NULL, "%s", e.text);
	flp_identity_free(&other);
	/* to look at: by anybody, and a copy too */
	run("rm -rf copy && cp -a a.state copy");
	CHECK(flp_journal_open(&j, "copy", NULL, &e) == 0 && j.n == 2 && holds(&j, 1, "one"), "%s",
	    e.text);
	CHECK(send(&j, 3, "three", 0) < 0 && flp_journal_forget(&j, 0, &e) < 0 &&
	    flp_journal_secret(&j, 0, &record, &e) < 0, "only to look at");
	flp_journal_close(&j);
	run("test \"$(ls copy | wc -l)\" = 5");
	/* a copy in the place of it; moved it is still itself */
	run("mv a.state moved && cp -a moved a.state");
	CHECK(refused("a copy"), "%s", e.text);
	run("rm -r a.state && mv moved a.state");
	CHECK(opens(2), "%s", e.text);
	run("cp -a a.state/log log && rm a.state/log && mv log a.state/log");
	CHECK(refused("a copy"), "%s", e.text);
	run("rm -r copy");
}

/* A later round of the same session leaves the lines of those before, and the secrets, which a
 * later step may need. */
static void
check_over(void)
{
	struct flp_record record;
	struct flp_journal j;

	begin_over(&j);
	CHECK(flp_journal_message(&j, 0, &record, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strstr(e.text, "its round is over") != NULL, "%s", e.text);
	run("! ls a.state/1.sent a.state/1.inside 2> /dev/null");
	run("ls a.state/1.secret a.state/2.sent a.state/3.sent a.state/3.inside > /dev/null");
	flp_journal_close(&j);
	CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0, "%s", e.text);
	CHECK(j.n == 3 && j.entry[0].over && !j.entry[1].over, "which are over, read again");
	CHECK(flp_journal_secret(&j, 0, &record, &e) == 0, "%s", e.text);
	flp_journal_wipe(&record);
	flp_journal_close(&j);
}

/* Processes that all want the next line: each has the journal alone. */
static void
check_lock(void)
{
	enum { MANY = 8 };
	struct flp_journal j;
	int status, failed = 0;

	run("rm -rf a.state");
	CHECK(flp_journal_make("a.state", &id, &e) == 0, "%s", e.text);
	for (int i = 0; i < MANY; i++)
		if (fork() == 0) {
			int bad = flp_journal_open(&j, "a.state", &id, &e) < 0;

			bad = bad || send(&j, j.n, "one", i % 2) < 0;
			_exit(bad);
		}
	while (wait(&status) > 0)
		failed += status != 0;
	CHECK(failed == 0, "%d", failed);
	CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0 && j.n == MANY, "%s", e.text);
	for (uint64_t i = 0; i < j.n; i++)
		CHECK(j.entry[i].round == i && holds(&j, i, "one"), "%llu", (unsigned long long)i);
	flp_journal_close(&j);
}

/* Processes that are killed at any time: all that a line says is there, and nothing more was
 * sent. A sent message is one after which the process has written a byte to the pipe. */
static void
check_kills(void)
{
	run("rm -rf a.state");
	CHECK(flp_journal_make("a.state", &id, &e) == 0, "%s", e.text);
	for (int i = 0; i < 40; i++) {
		struct flp_journal j;
		size_t before, sent = 0;
		int fd[2];
		char byte;
		pid_t pid;

		CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0, "%s", e.text);
		before = j.n;
		flp_journal_close(&j);
		CHECK(pipe(fd) == 0, "pipe");
		if ((pid = fork()) == 0) {
			if (flp_journal_open(&j, "a.state", &id, &e) < 0)
				_exit(1);
			while (send(&j, j.n, "one", 1) == 0)
				if (write(fd[1], "x", 1) != 1)
					_exit(1);
			_exit(1);
		}
		close(fd[1]);
		usleep((useconds_t)(2000 + 700 * i));
		kill(pid, SIGKILL);
		while (read(fd[0], &byte, 1) == 1)
			sent++;
		close(fd[0]);
		waitpid(pid, NULL, 0);
		CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0, "%s", e.text);
		CHECK(j.n == before + sent || j.n == before + sent + 1, "%zu, %zu and %zu", j.n, before, sent);
		CHECK(j.n == 0 || holds(&j, j.n - 1, "one"), "%s", e.text);
		flp_journal_close(&j);
	}
}

static void
check_misuse(void)
{
	const struct flp_journal_entry none = { .verb = "apply", .session = "s" };
	struct flp_journal j = { 0 };
	struct flp_record record;
	char name[5000];

	flp_journal_close(&j);
	begin();
	make_record(&record, FLP_KIND_SHARE, "x");
	CHECK(flp_journal_open(&j, "a.state", &id, &e) == 0, "%s", e.text);
	CHECK(flp_journal_send(&j, &none, &record, NULL, NULL, &e) < 0 && e.code == FLP_ERROR_SYSTEM,
	    "no input");
	CHECK(j.n == 2, "%zu", j.n);
	flp_journal_close(&j);
	flp_record_free(&record);
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	CHECK(flp_journal_open(&j, name, &id, &e) < 0 && e.code == FLP_ERROR_USAGE, "a long name");
}

int
main(void)
{
	char folder[] = "/tmp/journal-XXXXXX";

	CHECK(flp_hidden_begin(&e) == 0, "%s", e.text);
	CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0, "%s", folder);
	CHECK(flp_identity_make(&id, "a", &e) == 0, "%s", e.text);
	check_plain();
	check_guess();
	check_ends();
	check_damage();
	check_cut_message();
	check_cut_forgets();
	check_cut_forgets_old();
	check_cut_first();
	check_stale();
	check_look();
	check_swapped();
	check_others();
	check_over();
	check_lock();
	check_kills();
	check_misuse();
	flp_identity_free(&id);
	run("rm -rf a.state changed");
	rmdir(folder);
	return unit_done();
}

/* ledger and append: chained lines, a change of every byte, every missing line, files that are not
 * ledgers, many processes at once, and full disks. */
#include "privacy/ledger.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM = 1 << 16 };

static char text[ROOM + 1]; /* of the ledger at hand */

static size_t
slurp(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n = f == NULL ? 0 : fread(text, 1, ROOM, f);

	text[n] = '\0';
	if (f != NULL)
		fclose(f);
	return n;
}

static void
spill(const char *path, const char *what, size_t n)
{
	FILE *f = fopen(path, "w");

	CHECK(f != NULL && fwrite(what, 1, n, f) == n && fclose(f) == 0, "%s", path);
}

/* The metadata of a release: a cohort, and what no ledger takes. */
static void
describe(struct flp_meta *m, const char *cohort)
{
	struct flp_error e;

	memset(m, 0, sizeof *m);
	CHECK(flp_meta_set_text(m, "cohort", cohort, &e) == 0 &&
	    flp_meta_set_text(m, "mechanism", "gaussian", &e) == 0 &&
	    flp_meta_set_f64(m, "clip", 0.8, &e) == 0 && flp_meta_set_u64(m, "noise", 7, &e) == 0 &&
	    flp_meta_set_u64(m, "round", 3, &e) == 0 && flp_meta_set_text(m, "arch", "dense", &e) == 0 &&
	    flp_meta_set_u64(m, "examples", 12, &e) == 0 && flp_meta_set(m, "own", "x", 1, &e) == 0,
	    "%s", e.text);
}

static int
add(struct flp_log *l, const char *cohort, struct flp_error *e)
{
	struct flp_digest digest = { { 0 } };
	struct flp_meta m;
	int status;

	digest.byte[31] = (unsigned char)cohort[0];
	describe(&m, cohort);
	status = flp_ledger_add(l, &m, &digest, e);
	flp_meta_free(&m);
	return status;
}

/* A ledger of these cohorts, a letter each. */
static void
make(const char *path, const char *cohorts)
{
	struct flp_log l;
	struct flp_error e;
	char cohort[2] = { 0 };

	unlink(path);
	CHECK(flp_ledger_open(&l, path, 1, &e) == 0, "%s", e.text);
	for (; *cohorts != '\0'; cohorts++) {
		cohort[0] = *cohorts;
		CHECK(add(&l, cohort, &e) == 0, "%s", e.text);
	}
	flp_log_close(&l);
}

/* The number of lines, or -1. */
static int
count(const char *path, int write, struct flp_error *e)
{
	struct flp_log l;
	int n;

	*e = (struct flp_error){ .text = "" };
	if (flp_ledger_open(&l, path, write, e) < 0)
		return -1;
	n = (int)l.lines;
	flp_log_close(&l);
	return n;
}

/* The keys of a release that are in its line, and how the line is found again. */
static void
test_lines(void)
{
	static const char want[] = "clip=0.8\tcohort=a\tmechanism=gaussian\tnoise=7\t"
	    "release=0000000000000000000000000000000000000000000000000000000000000061\tround=3\tline=";
	struct flp_log l;
	struct flp_error e;
	size_t n;

	make("ledger", "");
	CHECK(slurp("ledger") == 12 && strcmp(text, "fl-ledger 1\n") == 0, "%s", text);
	CHECK(count("ledger", 0, &e) == 0, "%s", e.text);
	make("ledger", "abc");
	slurp("ledger");
	CHECK(strncmp(text + 12, want, strlen(want)) == 0, "%s", text);
	CHECK(flp_ledger_open(&l, "ledger", 0, &e) == 0 && l.lines == 3, "%s", e.text);
	CHECK(flp_log_find(&l, "cohort", "b", 1) == &l.line[1], "find");
	CHECK(flp_log_find(&l, "cohort", "bc", 2) == NULL, "find a part");
	CHECK(flp_log_find(&l, "mechanism", "gaussian", 8) == &l.line[0], "find the first");
	CHECK(flp_log_find(&l, "line", l.last, 64) == NULL, "line");
	CHECK(flp_meta_get(&l.line[2], "cohort", &n) != NULL && n == 1, "keys");
	CHECK(flp_meta_get(&l.line[2], "examples", &n) == NULL, "keys of no ledger");
	flp_log_close(&l);
}

/* Each `line` is the BLAKE2b-256 of the one before it, a newline, and what is before it. */
static void
test_chain(void)
{
	char last[65] = "fl-ledger 1", digest[65], *at, *end, *own;
	unsigned char bytes[32];

	make("ledger", "abcdefgh");
	slurp("ledger");
	for (at = strchr(text, '\n') + 1; *at != '\0'; at = end + 1) {
		crypto_generichash_state state;

		end = strchr(at, '\n');
		own = end - 70;
		CHECK(strncmp(own, "\tline=", 6) == 0, "%s", own);
		crypto_generichash_init(&state, NULL, 0, sizeof bytes);
		crypto_generichash_update(&state, (unsigned char *)last, strlen(last));
		crypto_generichash_update(&state, (unsigned char *)"\n", 1);
		crypto_generichash_update(&state, (unsigned char *)at, (size_t)(own - at));
		crypto_generichash_final(&state, bytes, sizeof bytes);
		sodium_bin2hex(digest, sizeof digest, bytes, sizeof bytes);
		CHECK(strncmp(own + 6, digest, 64) == 0, "%s", at);
		memcpy(last, digest, sizeof last);
	}
}

/* A change of any byte is found, and the message names the line of the byte or the next line. */
static void
test_changed(void)
{
	static char changed[ROOM];
	struct flp_error e;
	size_t n, line = 1;

	make("ledger", "abcd");
	n = slurp("ledger");
	for (size_t i = 0; i < n; line += text[i++] == '\n') {
		static const char bits[] = { 1, 2, 32 };
		unsigned long named;
		char *rest;

		memcpy(changed, text, n);
		changed[i] ^= bits[i % 3];
		spill("changed", changed, n);
		CHECK(count("changed", 0, &e) < 0 && e.code == FLP_ERROR_BAD &&
		    strncmp(e.text, "changed: line ", 14) == 0, "byte %zu: %s", i, e.text);
		named = strtoul(e.text + 14, &rest, 10);
		CHECK(*rest == ':' && (named == line || named == line + 1), "byte %zu: %s", i, e.text);
		CHECK(count("changed", 1, &e) < 0, "byte %zu", i);
	}
}

/* A cut at any byte but the end of a line is found. So are lines that are missing before the last,
 * that have changed places, that come twice, and those of another ledger. */
static void
test_missing(void)
{
	static char other[ROOM];
	struct flp_error e;
	char *at[7], *end;
	size_t n, lines = 0, line, used;

	make("ledger", "abcd");
	n = slurp("ledger");
	for (size_t i = 0; i < n; i++) {
		spill("cut", text, i);
		if (i > 0 && text[i - 1] == '\n')
			continue;
		CHECK(count("cut", 0, &e) < 0 && strstr(e.text, i == 0 ? "line 1: expected" :
		    "cut short: expected a newline at its end") != NULL, "%zu: %s", i, e.text);
	}
	for (end = text; *end != '\0'; end = strchr(end, '\n') + 1)
		at[lines++] = end;
	at[lines] = end;
	for (size_t from = 0; from < lines; from++)
		for (size_t to = 0; to < lines; to++) { /* line `to` again, in place of line `from` */
			if (from == to)
				continue;
			used = 0;
			for (size_t i = 0; i < lines; i++) {
				line = i == from ? to : i;
				memcpy(other + used, at[line], (size_t)(at[line + 1] - at[line]));
				used += (size_t)(at[line + 1] - at[line]);
			}
			spill("other", other, used);
			CHECK(count("other", 0, &e) < 0 && e.code == FLP_ERROR_BAD, "%zu for %zu", to, from);
		}
	for (size_t without = 0; without < lines - 1; without++) {
		used = (size_t)(at[without] - text);
		memcpy(other, text, used);
		memcpy(other + used, at[without + 1], (size_t)(end - at[without + 1]));
		spill("other", other, n - (size_t)(at[without + 1] - at[without]));
		CHECK(count("other", 0, &e) < 0 && e.code == FLP_ERROR_BAD, "without %zu", without);
	}
}

static void
test_twice(void)
{
	struct flp_error e;
	size_t n;

	make("ledger", "ab");
	make("second", "xb");
	n = slurp("ledger");
	memcpy(text + n, text + 12, n - 12);
	spill("twice", text, 2 * n - 12);
	CHECK(count("twice", 0, &e) < 0 && strstr(e.text, "line 4") != NULL, "%s", e.text);
	slurp("second");
	CHECK(count("second", 0, &e) == 2, "%s", e.text);
}

static void
test_texts(void)
{
	static const struct {
		const char *text;
		size_t n;
		const char *message;
	} all[] = {
		{ "", 0, "bad: line 1: expected \"fl-ledger 1\"" },
		{ "\n", 1, "bad: line 1: expected \"fl-ledger 1\"" },
		{ "fl-ledger 2\n", 12, "bad: line 1: expected \"fl-ledger 1\"" },
		{ "fl-ledger 1", 11, "bad: line 1: cut short: expected a newline at its end" },
		{ "fl-ledger 1\r\n", 13, "bad: line 1: expected \"fl-ledger 1\"" },
		{ "fl-ledger 1\n\n", 13, "bad: line 2: expected line=DIGEST at its end" },
		{ "fl-ledger 1\nclip=1\n", 19, "bad: line 2: expected line=DIGEST at its end" },
		{ "fl-ledger 1\0\n", 13, "bad: line 1: expected \"fl-ledger 1\"" },
	};
	struct flp_error e;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		spill("bad", all[i].text, all[i].n);
		for (int write = 0; write < 2; write++)
			CHECK(count("bad", write, &e) < 0 && e.code == FLP_ERROR_BAD &&
			    strcmp(e.text, all[i].message) == 0, "%zu: %s", i, e.text);
		CHECK(slurp("bad") == all[i].n, "%zu: changed", i);
	}
}

/* A file that is not regular is refused at once; in particular, nobody waits at a pipe. */
static void
test_no_files(void)
{
	struct flp_error e;

	CHECK(mkfifo("fifo", 0600) == 0 && mkdir("folder", 0700) == 0, "mkfifo");
	CHECK(symlink("ledger", "link") == 0 && symlink("none", "dangling") == 0, "symlink");
	make("ledger", "ab");
	for (int write = 0; write < 2; write++) {
		CHECK(count("fifo", write, &e) < 0 && e.code != FLP_ERROR_NONE &&
		    strncmp(e.text, "fifo: ", 6) == 0, "%s", e.text);
		CHECK(count("folder", write, &e) < 0 && strncmp(e.text, "folder: ", 8) == 0, "%s", e.text);
		CHECK(count("/dev/null", write, &e) < 0 && e.code == FLP_ERROR_BAD &&
		    strcmp(e.text, "/dev/null: expected a regular file") == 0, "%s", e.text);
		CHECK(count("link", write, &e) == 2, "%s", e.text);
		CHECK(count("dangling", write, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "%s", e.text);
		CHECK(count("none/ledger", write, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "%s", e.text);
	}
	CHECK(count("absent", 0, &e) < 0 && e.code == FLP_ERROR_SYSTEM &&
	    strcmp(e.text, "absent: open: No such file or directory") == 0, "%s", e.text);
	CHECK(access("absent", F_OK) < 0, "made by reading");
	if (getuid() != 0) {
		CHECK(chmod("ledger", 0400) == 0 && count("ledger", 1, &e) < 0 &&
		    strstr(e.text, "Permission denied") != NULL, "%s", e.text);
		CHECK(count("ledger", 0, &e) == 2, "%s", e.text);
	}
}

/* Several processes begin one ledger and add to it. No line is lost, and all are chained. */
static void
test_processes(void)
{
	enum { PROCESSES = 8, EACH = 20 };
	struct flp_error e;
	int status;

	unlink("shared");
	for (int i = 0; i < PROCESSES; i++) {
		char cohort[2] = { (char)('a' + i) };

		if (fork() != 0)
			continue;
		for (int k = 0; k < EACH; k++) {
			struct flp_log l;

			if (flp_ledger_open(&l, "shared", 1, &e) < 0 || add(&l, cohort, &e) < 0)
				_exit(1);
			flp_log_close(&l);
		}
		_exit(0);
	}
	while (wait(&status) > 0)
		CHECK(status == 0, "%d", status);
	CHECK(count("shared", 0, &e) == PROCESSES * EACH, "%s", e.text);
}

/* If there is no room for a line, the ledger does not change, and a later line can be added. */
static void
test_full(void)
{
	struct rlimit before, full;
	struct flp_log l;
	struct flp_error e;
	size_t n;

	make("ledger", "ab");
	n = slurp("ledger");
	signal(SIGXFSZ, SIG_IGN);
	CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0, "getrlimit");
	full = before;
	full.rlim_cur = n + 50;
	CHECK(flp_ledger_open(&l, "ledger", 1, &e) == 0 && setrlimit(RLIMIT_FSIZE, &full) == 0, "%s",
	    e.text);
	CHECK(add(&l, "c", &e) < 0 && e.code == FLP_ERROR_SYSTEM &&
	    strcmp(e.text, "ledger: write: File too large") == 0, "%s", e.text);
	CHECK(l.lines == 2 && slurp("ledger") == n, "a part of a line is left");
	CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0 && add(&l, "c", &e) == 0, "%s", e.text);
	flp_log_close(&l);
	CHECK(count("ledger", 0, &e) == 3, "%s", e.text);
}

int
main(void)
{
	char folder[] = "/tmp/fl-unit-XXXXXX";

	if (sodium_init() < 0 || mkdtemp(folder) == NULL || chdir(folder) < 0)
		return 4;
	test_lines();
	test_chain();
	test_changed();
	test_missing();
	test_twice();
	test_texts();
	test_no_files();
	test_processes();
	test_full();
	if (chdir("/") == 0 && fork() == 0)
		execlp("rm", "rm", "-rf", folder, (char *)NULL);
	wait(NULL);
	return unit_done();
}

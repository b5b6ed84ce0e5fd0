/* guard: no release leaves before its line or without one; and each limit by itself. */
#include "privacy/guard.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct flp_out to;
static struct flp_guard guard;

/* Bytes that left so far. */
static uint64_t
sent(void)
{
	return to.offset;
}

static size_t
lines(const char *path)
{
	struct flp_log l;
	struct flp_error e;
	size_t n;

	CHECK(flp_ledger_open(&l, path, 0, &e) == 0, "%s", e.text);
	n = l.lines;
	flp_log_close(&l);
	return n;
}

/* Holds a release of this noise, and lets it pass. */
static int
pass(const char *cohort, uint64_t noise, struct flp_error *e)
{
	struct flp_digest digest = { { 1 } };
	struct flp_header h;
	int status;

	*e = (struct flp_error){ .text = "" };
	flp_header_init(&h, FLP_KIND_SUM);
	CHECK(flp_meta_set_text(&h.meta, "mechanism", "gaussian", e) == 0 &&
	    flp_meta_set_text(&h.meta, "adjacency", "add-remove", e) == 0 &&
	    flp_meta_set_text(&h.meta, "unit", "client", e) == 0 &&
	    flp_meta_set_text(&h.meta, "place", "central", e) == 0 &&
	    flp_meta_set_text(&h.meta, "unit", "client", e) == 0 &&
	    flp_meta_set_f64(&h.meta, "clip", 1, e) == 0 &&
	    flp_meta_set_u64(&h.meta, "grid", 20, e) == 0 &&
	    flp_meta_set_u64(&h.meta, "noise", noise, e) == 0, "%s", e->text);
	if (cohort != NULL)
		CHECK(flp_meta_set_text(&h.meta, "cohort", cohort, e) == 0, "%s", e->text);
	CHECK(flp_out_write(&guard.held, "a release", 9, e) == 0, "%s", e->text);
	status = flp_guard_pass(&guard, &h, &digest, e);
	flp_header_free(&h);
	return status;
}

static void
begin(const char *ledger, double epsilon, double delta, const struct flp_site *site)
{
	struct flp_error e = { .text = "" };

	unlink("ledger");
	guard = (struct flp_guard){ .ledger = ledger, .epsilon = epsilon, .delta = delta,
		.site = site };
	CHECK(flp_guard_begin(&guard, &to, &e) == 0, "%s", e.text);
}

static void
settled(struct flp_site *site, const char *text)
{
	struct flp_error e = { .text = "" };
	FILE *f = fopen("policy", "w");

	*site = (struct flp_site){ 0 };
	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0, "policy");
	CHECK(flp_site_take(site, "policy", &e) == 0 && flp_site_settle(site, &e) == 0, "%s", e.text);
}

/* Without a ledger nothing is held. With one, each release that passed has left, after its line. */
static void
test_passes(const struct flp_site *site)
{
	struct flp_error e;
	uint64_t before = sent();

	begin(NULL, 0, 0, site);
	CHECK(!flp_guard_holds(&guard), "holds");
	flp_guard_end(&guard);
	begin("ledger", 0, 0, site);
	CHECK(flp_guard_holds(&guard) && access("ledger", F_OK) < 0, "a ledger before a release");
	for (uint64_t i = 1; i <= 3; i++) {
		CHECK(pass(i == 1 ? NULL : i == 2 ? "a" : "b", 1 << 20, &e) == 0, "%s", e.text);
		CHECK(sent() == before + 9 * i && lines("ledger") == i, "%llu", (unsigned long long)sent());
	}
	CHECK(pass("a", 1 << 20, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strcmp(e.text, "ledger: cohort a: it has been released already; draw another") == 0, "%s", e.text);
	CHECK(sent() == before + 27 && lines("ledger") == 3, "a second release of a cohort");
	flp_guard_end(&guard);
}

/* One release with a noise of 2 costs 1.99 at 1e-5, and two cost 2.95. The next one is refused, but
 * one with more noise, which costs less, passes. */
static void
test_epsilon(const struct flp_site *site)
{
	struct flp_error e;
	uint64_t before = sent();

	begin("ledger", 3, 1e-5, site);
	CHECK(pass(NULL, 2 << 20, &e) == 0 && pass(NULL, 2 << 20, &e) == 0, "%s", e.text);
	CHECK(pass(NULL, 2 << 20, &e) < 0 && e.code == FLP_ERROR_BAD && strncmp(e.text,
	    "--max-epsilon 3: with this release the ledger ledger would cost 3.", 66) == 0 &&
	    strstr(e.text, " at delta 1e-05") != NULL, "%s", e.text);
	CHECK(sent() == before + 18 && lines("ledger") == 2, "a release over the limit");
	flp_guard_end(&guard);
	guard.epsilon = 4;
	CHECK(flp_guard_begin(&guard, &to, &e) == 0 && pass(NULL, 2 << 20, &e) == 0, "%s", e.text);
	flp_guard_end(&guard);
	begin("ledger", 0, 1e-5, site);
	CHECK(pass(NULL, 1 << 28, &e) < 0 && strncmp(e.text, "--max-epsilon 0: ", 17) == 0, "%s",
	    e.text);
	flp_guard_end(&guard);
}

static void
test_policy(void)
{
	struct flp_site site;
	struct flp_error e;
	uint64_t before = sent();

	settled(&site, "ledger ledger\nmax-epsilon 3\ndelta 1e-5\n");
	begin(NULL, 0, 0, &site); /* the policy's ledger */
	CHECK(flp_guard_holds(&guard), "holds");
	CHECK(pass(NULL, 2 << 20, &e) == 0 && pass(NULL, 2 << 20, &e) == 0, "%s", e.text);
	CHECK(pass(NULL, 2 << 20, &e) < 0 && e.code == FLP_ERROR_BAD && strncmp(e.text,
	    "policy policy: line 2: max-epsilon 3: with this release the ledger ", 67) == 0, "%s",
	    e.text);
	CHECK(sent() == before + 18 && lines("ledger") == 2, "a release over the policy's limit");
	flp_guard_end(&guard);
	flp_site_free(&site);
	settled(&site, "max-rounds 2\nledger ledger\n");
	begin("ledger", 0, 0, &site); /* the same path, of no file yet */
	CHECK(pass(NULL, 9, &e) == 0 && pass(NULL, 9, &e) == 0 && pass(NULL, 9, &e) < 0 &&
	    strncmp(e.text, "policy policy: line 1: max-rounds 2: ", 37) == 0, "%s", e.text);
	CHECK(lines("ledger") == 2, "a release too many");
	flp_guard_end(&guard);
	guard.ledger = "./ledger"; /* another path of the same file */
	CHECK(flp_guard_begin(&guard, &to, &e) == 0, "%s", e.text);
	flp_guard_end(&guard);
	flp_site_free(&site);
}

static void
test_refused(const struct flp_site *site)
{
	struct flp_site ruled;
	struct flp_error e;

	guard = (struct flp_guard){ .epsilon = 1, .delta = 1e-5, .site = site };
	CHECK(flp_guard_begin(&guard, &to, &e) < 0 && e.code == FLP_ERROR_USAGE &&
	    strcmp(e.text, "option --max-epsilon: needs --ledger") == 0, "%s", e.text);
	flp_guard_end(&guard);
	settled(&ruled, "ledger one\n");
	guard = (struct flp_guard){ .ledger = "two", .site = &ruled };
	CHECK(flp_guard_begin(&guard, &to, &e) < 0 && e.code == FLP_ERROR_USAGE && strcmp(e.text,
	    "policy policy: line 1: ledger one: expected that ledger, found --ledger two") == 0, "%s",
	    e.text);
	flp_guard_end(&guard);
	flp_site_free(&ruled);
}

/* A ledger that is damaged, or whose lines can't be counted, lets nothing pass. */
static void
test_damaged(const struct flp_site *site)
{
	struct flp_error e;
	uint64_t before = sent();
	FILE *f;

	begin("ledger", 9, 1e-5, site);
	CHECK(pass(NULL, 1 << 21, &e) == 0, "%s", e.text);
	CHECK((f = fopen("ledger", "r+")) != NULL && fseek(f, 14, SEEK_SET) == 0 &&
	    fputc('x', f) == 'x' && fclose(f) == 0, "ledger");
	CHECK(pass(NULL, 1 << 21, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strncmp(e.text, "ledger: line 2: this line", 25) == 0, "%s", e.text);
	CHECK(sent() == before + 9, "a release past a damaged ledger");
	flp_guard_end(&guard);
}

int
main(void)
{
	char folder[] = "/tmp/fl-unit-XXXXXX";
	struct flp_site site = { 0 };
	struct flp_error e;

	if (mkdtemp(folder) == NULL || chdir(folder) < 0)
		return 4;
	CHECK(flp_site_settle(&site, &e) == 0 && flp_out_create(&to, "out", &e) == 0, "%s", e.text);
	test_passes(&site);
	test_epsilon(&site);
	test_policy();
	test_refused(&site);
	test_damaged(&site);
	CHECK(flp_out_commit(&to, 0, &e) == 0, "%s", e.text);
	flp_site_free(&site);
	if (chdir("/") == 0 && fork() == 0)
		execlp("rm", "rm", "-rf", folder, (char *)NULL);
	wait(NULL);
	return unit_done();
}

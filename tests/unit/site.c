/* A site's policy: its lines, what is wrong in them, and how several files tighten one
 * another. */
#include "privacy/site.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Reads a policy from a text, as the file `name`. */
static int
take(struct flp_site *site, const char *name, const char *text, struct flp_error *e)
{
	struct flp_in in;
	int fd[2], status;

	CHECK(pipe(fd) == 0, "pipe");
	CHECK(write(fd[1], text, strlen(text)) == (ssize_t)strlen(text), "write");
	close(fd[1]);
	CHECK(dup2(fd[0], 0) == 0, "dup2");
	close(fd[0]);
	CHECK(flp_in_open(&in, "-", e) == 0, "%s", e->text);
	in.name = name;
	status = flp_site_read(site, &in, e);
	flp_in_close(&in);
	return status;
}

static void
good(struct flp_site *site, const char *name, const char *text)
{
	struct flp_error e = { .text = "" };

	CHECK(take(site, name, text, &e) == 0, "%s: %s", text, e.text);
}

static void
settled(struct flp_site *site)
{
	struct flp_error e = { .text = "" };

	CHECK(flp_site_settle(site, &e) == 0, "%s", e.text);
}

static void
lines(void)
{
	struct flp_site s = { 0 };

	good(&s, "etc/p", "\xef\xbb\xbf# a site\r\nmin-count 11\r\n\n  \t\n min-rows \t 5  \n"
	    "max-levels 12\nparameters-per-row .5\nmax-clip 1e0\nmin-noise 0.25\n"
	    "ledger /var/a b\nmax-epsilon 8\ndelta 1e-5\nmax-rounds 100\nmin-clients 3\n"
	    "min-threshold 2\nmin-bits 80\nroster r\nauthority ../a\n"
	    "metadata base, round\texamples\nmodel " DIGEST);
	settled(&s);
	CHECK(s.min_count.number == 11 && s.min_count.line == 2, "min-count");
	CHECK(s.min_rows.number == 5 && s.min_rows.line == 5, "min-rows");
	CHECK(s.max_levels.number == 12 && s.parameters_per_row.number == 0.5, "numbers");
	CHECK(s.max_clip.number == 1 && s.min_noise.number == 0.25, "numbers");
	CHECK(strcmp(s.ledger.text, "/var/a b") == 0, "%s", s.ledger.text);
	CHECK(strcmp(s.roster.text, "etc/r") == 0, "%s", s.roster.text);
	CHECK(strcmp(s.authority.text, "etc/../a") == 0, "%s", s.authority.text);
	CHECK(s.max_epsilon.number == 8 && s.delta.number == 1e-5, "epsilon");
	CHECK(s.max_rounds.number == 100 && s.min_clients.number == 3, "rounds");
	CHECK(s.min_threshold.number == 2 && s.min_bits.number == 80, "masks");
	CHECK(s.metadata.names.n == 3 && strcmp(s.model.text, DIGEST) == 0, "texts");
	CHECK(strcmp(s.model.file, "etc/p") == 0 && s.model.line == 20, "place");
	CHECK(flp_site_ruled(&s), "ruled");
	flp_site_free(&s);
}

static void
bad(void)
{
	static const struct {
		const char *text, *message;
	} c[] = {
		{ "rows 3", "line 1: expected a key of fl-privacy(7), found \"rows\"" },
		{ "\n#\nMin-rows 3", "line 3: expected a key of fl-privacy(7), found \"Min-rows\"" },
		{ "min-rows 3\nmin-rows 3", "line 2: min-rows: expected once, found in line 1 too" },
		{ "min-rows", "line 1: min-rows: expected a value after the key, found nothing" },
		{ "min-rows \t", "line 1: min-rows: expected a value after the key, found nothing" },
		{ "min-rows=3", "line 1: expected a key of fl-privacy(7), found \"min-rows=3\"" },
		{ "min-rows 3 # three", "line 1: min-rows: expected a whole number from 0 to "
		    "9007199254740991, found \"3 # three\"" },
		{ "min-rows -1", "min-rows: expected a whole number" },
		{ "min-rows 1e3", "min-rows: expected a whole number" },
		{ "min-rows 9007199254740992", "min-rows: expected a whole number" },
		{ "min-rows 18446744073709551617", "min-rows: expected a whole number" },
		{ "max-levels 0", "max-levels: expected a whole number from 1 to" },
		{ "max-clip 0", "max-clip: expected a number from 1e-12 to 1000" },
		{ "max-clip nan", "max-clip: expected a number" },
		{ "max-clip inf", "max-clip: expected a number" },
		{ "max-clip 1e999", "max-clip: expected a number" },
		{ "delta 1", "delta: expected a number from 1e-300 to 0.5, found \"1\"" },
		{ "model 12", "model: expected 64 hexadecimal digits, found \"12\"" },
		{ "model " DIGEST "0", "model: expected 64 hexadecimal digits" },
		{ "model 0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
		    "model: expected 64 hexadecimal digits" },
		{ "metadata ,", "metadata: expected keys of metadata, found none" },
		{ "metadata a b_c", "metadata: expected keys of metadata, found \"b_c\"" },
		{ "ledger a\x1b[2J", "line 1: expected printable UTF-8, found other bytes" },
		{ "# a\rmax-clip 1\n", "line 1: expected printable UTF-8, found other bytes" },
		{ "open", "line 1: expected a key of fl-privacy(7), found \"open\"" },
	};

	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		struct flp_site s = { 0 };
		struct flp_error e = { .text = "" };

		CHECK(take(&s, "p", c[i].text, &e) < 0 && e.code == FLP_ERROR_BAD, "%s", c[i].text);
		CHECK(strncmp(e.text, "policy p: line ", 15) == 0 &&
		    strstr(e.text, c[i].message) != NULL, "%s: %s", c[i].text, e.text);
		CHECK(!flp_site_ruled(&s), "%s", c[i].text);
		flp_site_free(&s);
	}
}

/* The limits without any policy, under "open", and for keys that a policy does not have. */
static void
defaults(void)
{
	struct flp_site s = { 0 };
	struct flp_error e = { .text = "" };

	settled(&s);
	CHECK(s.min_rows.set && s.min_rows.number == 3 && s.min_count.set, "none");
	CHECK(!s.max_levels.set && !s.parameters_per_row.set && !flp_site_ruled(&s), "none");
	CHECK(flp_site_rows(&s, 2, &e) < 0 && strcmp(e.text, "policy: min-rows 3 by default: "
	    "expected at least 3 rows, found fewer; see --policy and fl-privacy(7)") == 0, "%s", e.text);
	CHECK(flp_site_rows(&s, 3, &e) == 0, "rows");
	flp_site_free(&s);

	CHECK(flp_site_take(&s, "open", &e) == 0, "%s", e.text);
	settled(&s);
	CHECK(!s.min_rows.set && !s.min_count.set && flp_site_rows(&s, 0, &e) == 0, "open");
	good(&s, "p", "\n");
	settled(&s);
	CHECK(s.min_rows.number == 3 && s.max_levels.number == 40 && s.delta.number == 1e-6 &&
	    s.parameters_per_row.number == 0.33 && !s.max_clip.set, "an empty policy");
	CHECK(flp_site_rows(&s, 2, &e) < 0 && strcmp(e.text, "policy p: min-rows 3 by default: "
	    "expected at least 3 rows, found fewer") == 0, "%s", e.text);
	flp_site_free(&s);
}

static void
tightened(void)
{
	struct flp_site s = { 0 };
	struct flp_error e = { .text = "" };

	good(&s, "a", "min-rows 10\nmin-count 1\nmax-clip 1\nmetadata base round\n");
	good(&s, "b", "min-rows 1\nmin-count 2\nmax-clip 2\nmax-levels 50\nmin-noise 1\n"
	    "metadata round, of\nmodel " DIGEST);
	CHECK(flp_site_take(&s, "open", &e) == 0, "%s", e.text);
	good(&s, "c", "max-clip .5\nmin-noise 0.5\nmodel " DIGEST);
	settled(&s);
	CHECK(s.min_rows.number == 10 && s.min_rows.line == 1, "min-rows");
	CHECK(s.min_count.number == 2 && strcmp(s.min_count.file, "b") == 0, "min-count");
	CHECK(s.max_clip.number == 0.5 && strcmp(s.max_clip.file, "c") == 0, "max-clip");
	CHECK(s.max_levels.number == 40 && s.max_levels.file == NULL, "a default is not loosened");
	CHECK(s.min_noise.number == 1 && strcmp(s.min_noise.file, "b") == 0, "min-noise");
	CHECK(s.metadata.names.n == 1 && flp_site_metadata(&s, "round", 5, &e) == 0 &&
	    flp_site_metadata(&s, "base", 4, &e) < 0 && flp_site_metadata(&s, "of", 2, &e) < 0,
	    "metadata");
	CHECK(take(&s, "d", "\nmodel " OTHER, &e) < 0 && strcmp(e.text, "policy d: line 2: model: "
	    "expected " DIGEST ", as in line 7 of b, found " OTHER) == 0, "%s", e.text);
	flp_site_free(&s);
}

/* A budget is counted in a ledger. */
static void
counted(void)
{
	static const char *const text[] = { "max-epsilon 1", "max-rounds 0" };

	for (size_t i = 0; i < 2; i++) {
		struct flp_site s = { 0 };
		struct flp_error e = { .text = "" };

		good(&s, "p", text[i]);
		CHECK(flp_site_settle(&s, &e) < 0 && e.code == FLP_ERROR_BAD &&
		    strncmp(e.text, "policy p: line 1: max-", 22) == 0 &&
		    strstr(e.text, "expected a line with ledger") != NULL, "%s", e.text);
		good(&s, "q", "ledger l");
		settled(&s);
		CHECK(strcmp(s.ledger.text, "l") == 0, "%s", s.ledger.text);
		flp_site_free(&s);
	}
}

static void
questions(void)
{
	struct flp_site s = { 0 };
	struct flp_error e = { .text = "" };
	struct flp_digest digest = { { 0 } };

	good(&s, "p", "min-count 5\nmax-clip 2\nmin-noise 0.5\nmodel " DIGEST);
	settled(&s);
	CHECK(flp_site_cell(&s, 0, 100, &e) == 0 && flp_site_cell(&s, 5, 100, &e) == 0 &&
	    flp_site_cell(&s, 95, 100, &e) == 0 && flp_site_cell(&s, 100, 100, &e) == 0 &&
	    flp_site_cell(&s, 0, 0, &e) == 0, "cells");
	CHECK(flp_site_cell(&s, 1, 100, &e) < 0 && flp_site_cell(&s, 4, 100, &e) < 0 &&
	    flp_site_cell(&s, 96, 100, &e) < 0 && flp_site_cell(&s, 99, 100, &e) < 0 &&
	    flp_site_cell(&s, 4, 4, &e) < 0, "small cells");
	CHECK(flp_site_clip(&s, 2, &e) == 0 && flp_site_clip(&s, 2.0001, &e) < 0 &&
	    flp_site_clip(&s, 0.0 / 0.0, &e) < 0, "clip");
	CHECK(strstr(e.text, "policy p: line 2: max-clip 2: ") == e.text, "%s", e.text);
	CHECK(flp_site_noise(&s, 0.5, &e) == 0 && flp_site_noise(&s, 0, &e) < 0 &&
	    flp_site_noise(&s, 0.0 / 0.0, &e) < 0, "noise");
	CHECK(flp_site_design(&s, &digest, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strstr(e.text, "policy p: line 4: model 0123") == e.text, "%s", e.text);
	for (size_t i = 0; i < 32; i++)
		digest.byte[i] = (unsigned char)(0x11 * (2 * (i % 8)) + 1);
	CHECK(flp_site_design(&s, &digest, &e) == 0, "%s", e.text);
	flp_site_free(&s);
}

static void
table(void)
{
	const struct flp_site_key *key;
	size_t i;

	for (i = 0; (key = flp_site_key(i)) != NULL; i++) {
		CHECK(flp_site_type_name(key->type) != NULL, "%s", key->name);
		CHECK(key->type > FLP_SITE_BELOW || key->least < key->most, "%s", key->name);
		CHECK(key->preset == 0 || (key->preset >= key->least && key->preset <= key->most), "%s",
		    key->name);
		for (size_t k = 0; k < i; k++)
			CHECK(strcmp(flp_site_key(k)->name, key->name) != 0 &&
			    flp_site_key(k)->to != key->to, "%s", key->name);
	}
	CHECK(i > 10 && flp_site_key(1000) == NULL, "%zu", i);
}

/* The lines of fl-privacy(7) between its anchors; those that begin with a blank say what a key
 * means. The page is $POLICY_PAGE, man/fl-privacy.7 where that is not set. */
static void
page(void)
{
	const char *path = getenv("POLICY_PAGE") ? getenv("POLICY_PAGE") : "man/fl-privacy.7";
	FILE *f = fopen(path, "r");
	char line[200], name[80], type[80], preset[80], binds[80];
	const struct flp_site_key *key;
	int inside = 0;
	size_t i = 0;

	if (f == NULL) {
		perror(path);
		exit(4);
	}
	while (fgets(line, sizeof line, f) != NULL) {
		if (line[0] == '.' || line[0] == ' ' || !inside) {
			inside = strcmp(line, ".\\\" policy begin\n") == 0 ||
			    (inside && strcmp(line, ".\\\" policy end\n") != 0);
			continue;
		}
		key = flp_site_key(i++);
		CHECK(key != NULL, "%s: a key too many: %s", path, line);
		if (key == NULL)
			break;
		CHECK(sscanf(line, "%79s %79s %79s %79[^\n]", name, type, preset, binds) == 4, "%s: %s",
		    path, line);
		CHECK(strcmp(name, key->name) == 0, "%s: expected %s: %s", path, key->name, line);
		CHECK(strcmp(type, flp_site_type_name(key->type)) == 0, "%s: %s", path, line);
		CHECK(key->preset > 0 ? strtod(preset, NULL) == key->preset : strcmp(preset, "-") == 0,
		    "%s: %s", path, line);
		CHECK(strcmp(binds, *key->binds ? key->binds : "none") == 0, "%s: expected %s: %s",
		    path, key->binds, line);
	}
	fclose(f);
	CHECK(i > 0 && flp_site_key(i) == NULL, "%s: %zu keys, the table has more", path, i);
}

int
main(void)
{
	page();
	lines();
	bad();
	defaults();
	tightened();
	counted();
	questions();
	table();
	return unit_done();
}

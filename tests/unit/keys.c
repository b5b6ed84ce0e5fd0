/* The table of metadata keys is the same as in fl(5), and the tools keep to it.
 * The page is $PAGE, man/fl.5 where that is not set. */
#include "format/keys.h"
#include "format/meta.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const char *const types[] = { NULL, "whole", "real", "text" };
static const char *const rules[] = { NULL, "dropped", "equal", "added" };

/* The lines of the page between its anchors; those that begin with a blank go on
 * with what a key means. */
static void
page(void)
{
	const char *path = getenv("PAGE") ? getenv("PAGE") : "man/fl.5";
	FILE *f = fopen(path, "r");
	char line[200], name[80], type[80], rule[80];
	int inside = 0, other = 0;
	size_t i = 0;

	if (f == NULL) {
		perror(path);
		exit(4);
	}
	while (fgets(line, sizeof line, f) != NULL) {
		const struct flp_meta_key *key = flp_keys_at(i);

		if (line[0] == '.' || line[0] == ' ' || !inside) {
			inside = strcmp(line, ".\\\" keys begin\n") == 0 ||
			    (inside && strcmp(line, ".\\\" keys end\n") != 0);
			continue;
		}
		if (strcmp(line, "any other           dropped\n") == 0) {
			other = 1;
			continue;
		}
		CHECK(key != NULL && !other, "%s: a key too many: %s", path, line);
		if (key == NULL)
			break;
		CHECK(sscanf(line, "%79s %79s %79s", name, type, rule) == 3, "%s: %s", path, line);
		CHECK(strcmp(name, key->name) == 0, "%s: expected %s: %s", path, key->name, line);
		CHECK(strcmp(type, types[key->type]) == 0, "%s: expected %s: %s", path,
		    types[key->type], line);
		CHECK(strcmp(rule, rules[key->merge]) == 0, "%s: expected %s: %s", path,
		    rules[key->merge], line);
		i++;
	}
	fclose(f);
	CHECK(other, "%s: what becomes of other keys is missing", path);
	CHECK(i > 0 && flp_keys_at(i) == NULL, "%s: %zu keys, the table has more", path, i);
}

static void
table(void)
{
	const struct flp_meta_key *key, *last = NULL;

	for (size_t i = 0; (key = flp_keys_at(i)) != NULL; last = key, i++) {
		size_t n = strlen(key->name);

		CHECK(key->type >= FLP_META_WHOLE && key->type <= FLP_META_TEXT, "%s", key->name);
		CHECK(key->merge >= FLP_MERGE_DROP && key->merge <= FLP_MERGE_SUM, "%s", key->name);
		CHECK(key->merge != FLP_MERGE_SUM || key->type == FLP_META_WHOLE, "%s", key->name);
		CHECK((key->is & FLP_KEY_NOISE) == 0 || (key->merge == FLP_MERGE_EQUAL &&
		    (key->is & FLP_KEY_OPEN) != 0), "%s", key->name);
		CHECK((key->is & FLP_KEY_OPEN) == 0 || (key->is & FLP_KEY_MADE) == 0, "%s",
		    key->name);
		CHECK(last == NULL || strcmp(last->name, key->name) < 0, "%s", key->name);
		CHECK(flp_keys_find(key->name, n) == key, "%s", key->name);
		CHECK(flp_keys_find(key->name, n - 1) != key, "%s", key->name);
	}
	CHECK(flp_keys_find("clientsx", 7) == flp_keys_find("clients", 7), "n bytes");
	CHECK(flp_keys_find("note", 4) == NULL && flp_keys_find("", 0) == NULL, "unknown");
	CHECK(flp_keys_at((size_t)-1) == NULL && flp_keys_at(1000) == NULL, "past the end");
}

/* A tool can set only the keys in the table, to values of their types. Keys of another record are
 * passed on unchanged. */
static void
setting(void)
{
	static const struct {
		const char *key, *value;
		int good;
	} c[] = {
		{ "round", "7", 1 }, { "round", "18446744073709551615", 1 },
		{ "round", "18446744073709551616", 0 }, { "round", "-1", 0 }, { "round", "7.5", 0 },
		{ "round", "", 0 }, { "round", " 7", 0 }, { "round", "seven", 0 },
		{ "rate", "0.25", 1 }, { "rate", "1e-05", 1 }, { "rate", "1", 1 }, { "rate", "nan", 0 },
		{ "rate", "1e999", 0 }, { "rate", "", 0 }, { "rate", "0.25 ", 0 },
		{ "seed", "secret", 1 }, { "seed", "7", 1 },
		{ "note", "7", 0 }, { "rounds", "7", 0 }, { "Round", "7", 0 }, { "", "7", 0 },
	};
	static const char all[] = "note=x\nrate=1\nround=seven\nseed=7\nsize=12\n";
	struct flp_meta m = { 0 };
	struct flp_error e = { .text = "" };

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		size_t n = m.n;

		CHECK((flp_meta_set_text(&m, c[i].key, c[i].value, &e) == 0) == c[i].good, "%s=%s",
		    c[i].key, c[i].value);
		CHECK(c[i].good || (e.code == FLP_ERROR_SYSTEM && m.n == n &&
		    strncmp(e.text, "a program error: metadata: ", 27) == 0), "%s", e.text);
	}
	CHECK(flp_meta_set_text(&m, "seed", "", &e) < 0 && e.code == FLP_ERROR_BAD, "no value");
	CHECK(flp_meta_set_u64(&m, "size", 12, &e) == 0, "%s", e.text);
	CHECK(flp_meta_set_u64(&m, "sizes", 12, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "unknown");
	CHECK(flp_meta_set(&m, "round", "seven", 5, &e) == 0, "%s", e.text);
	CHECK(flp_meta_set(&m, "note", "x", 1, &e) == 0, "%s", e.text);
	CHECK(m.n == strlen(all) && memcmp(m.text, all, m.n) == 0, "%.*s", (int)m.n, m.text);
	flp_meta_free(&m);
}

/* Numbers are the same in any spelling, but only under a key that is one. */
static void
same(void)
{
	static const struct {
		const char *key, *a, *b;
		int same;
	} c[] = {
		{ "round", "7", "7", 1 }, { "round", "7", "007", 1 }, { "round", "7", "70", 0 },
		{ "round", "7", "8", 0 }, { "round", "7", "7.0", 0 }, { "round", "x", "x", 1 },
		{ "round", "x", "y", 0 }, { "round", "", "", 1 }, { "round", "", "0", 0 },
		{ "round", "18446744073709551615", "18446744073709551614", 0 },
		{ "round", "18446744073709551616", "18446744073709551616", 1 },
		{ "rate", "0.5", "5e-1", 1 }, { "rate", "0.5", ".50", 1 }, { "rate", "0.5", "0.25", 0 },
		{ "rate", "0", "-0", 1 }, { "rate", "1e999", "1e998", 0 }, { "rate", "x", "x", 1 },
		{ "client", "7", "007", 0 }, { "client", "7", "7", 1 }, { "client", "a", "ab", 0 },
		{ "note", "7", "007", 0 }, { "note", "7", "7", 1 },
	};

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		const struct flp_meta_key *key = flp_keys_find(c[i].key, strlen(c[i].key));
		size_t a_n = strlen(c[i].a), b_n = strlen(c[i].b);

		CHECK(flp_keys_same(key, c[i].a, a_n, c[i].b, b_n) == c[i].same, "%s: %s %s", c[i].key,
		    c[i].a, c[i].b);
		CHECK(flp_keys_same(key, c[i].b, b_n, c[i].a, a_n) == c[i].same, "%s: %s %s", c[i].key,
		    c[i].b, c[i].a);
	}
	CHECK(flp_keys_same(NULL, "ab", 1, "ac", 1) && !flp_keys_same(NULL, "1", 1, "01", 2), "n bytes");
}

int
main(void)
{
	page();
	table();
	setting();
	same();
	return unit_done();
}

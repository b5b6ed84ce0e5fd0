#include "privacy/site.h"
#include "base/number.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COUNT_MOST 9007199254740991. /* 2^53 - 1 */
#define TO(field) offsetof(struct flp_site, field)

static const struct flp_site_key table[] = {
	{ "min-count", FLP_SITE_LEAST, 0, COUNT_MOST, 3, 1, "fl-stats fl-import fl-mask",
	    TO(min_count) },
	{ "min-rows", FLP_SITE_LEAST, 0, COUNT_MOST, 3, 1, "fl-train", TO(min_rows) },
	{ "max-levels", FLP_SITE_MOST, 1, COUNT_MOST, 40, 0, "fl-import", TO(max_levels) },
	{ "parameters-per-row", FLP_SITE_BELOW, 1e-9, 1e9, 0.33, 0, "", TO(parameters_per_row) },
	{ "max-clip", FLP_SITE_BELOW, 1e-12, 1e12, 0, 0, "fl-noise fl-mask", TO(max_clip) },
	{ "min-noise", FLP_SITE_ABOVE, 0, 1e9, 0, 0, "fl-noise fl-mask", TO(min_noise) },
	{ "ledger", FLP_SITE_FILE, 0, 0, 0, 0, "fl-noise", TO(ledger) },
	{ "max-epsilon", FLP_SITE_BELOW, 1e-9, 1e9, 0, 0, "fl-noise fl-mask", TO(max_epsilon) },
	{ "delta", FLP_SITE_BELOW, 1e-300, 0.5, 1e-6, 0, "fl-noise", TO(delta) },
	{ "max-rounds", FLP_SITE_MOST, 0, COUNT_MOST, 0, 0, "fl-noise", TO(max_rounds) },
	{ "min-clients", FLP_SITE_LEAST, 1, COUNT_MOST, 0, 0, "fl-mask", TO(min_clients) },
	{ "min-threshold", FLP_SITE_LEAST, 1, COUNT_MOST, 0, 0, "fl-mask", TO(min_threshold) },
	{ "min-bits", FLP_SITE_LEAST, 1, COUNT_MOST, 0, 0, "fl-mask", TO(min_bits) },
	{ "roster", FLP_SITE_FILE, 0, 0, 0, 0, "fl-mask", TO(roster) },
	{ "authority", FLP_SITE_FILE, 0, 0, 0, 0, "fl-mask", TO(authority) },
	{ "metadata", FLP_SITE_NAMES, 0, 0, 0, 0, "fl-dump", TO(metadata) },
	{ "model", FLP_SITE_DIGEST, 0, 0, 0, 0, "fl-train", TO(model) },
};
#define KEYS (sizeof table / sizeof *table)

const char *
flp_site_word(unsigned index)
{
	return index == 0 ? FLP_SITE_OPEN : NULL;
}

const struct flp_site_key *
flp_site_key(size_t i)
{
	return i < KEYS ? &table[i] : NULL;
}

const char *
flp_site_type_name(enum flp_site_type type)
{
	switch (type) {
	case FLP_SITE_LEAST:
	case FLP_SITE_MOST: return "whole";
	case FLP_SITE_ABOVE:
	case FLP_SITE_BELOW: return "real";
	case FLP_SITE_FILE: return "file";
	case FLP_SITE_DIGEST: return "digest";
	case FLP_SITE_NAMES: return "names";
	}
	return NULL;
}

const struct flp_site_limit *
flp_site_limit(const struct flp_site *site, const struct flp_site_key *key)
{
	return (const void *)((const char *)site + key->to);
}

int
flp_site_ruled(const struct flp_site *site)
{
	return site->files > 0;
}

/* Puts the place before the error: "policy a: line 4" or, if there is no line, "policy a" or
 * "policy". */
static int
at_line(const char *file, uint64_t line, struct flp_error *e)
{
	if (file == NULL)
		return flp_error_at(e, "policy");
	if (line == 0)
		return flp_error_at(e, "policy %s", file);
	return flp_error_at(e, "policy %s: line %llu", file, (unsigned long long)line);
}

/* Puts the key and its value before the sentence, and the place before them. */
int
flp_site_at(const struct flp_site *site, const struct flp_site_limit *limit, struct flp_error *e)
{
	const struct flp_site_key *key = table;
	char number[FLP_NUMBER_TEXT] = "";

	while (key < table + KEYS - 1 && flp_site_limit(site, key) != limit)
		key++;
	if (key->type == FLP_SITE_NAMES)
		flp_error_at(e, "%s", key->name);
	else if (limit->text != NULL)
		flp_error_at(e, "%s %s", key->name, limit->text);
	else {
		flp_number_print(number, limit->number);
		flp_error_at(e, "%s %s%s", key->name, number, limit->file ? "" : " by default");
	}
	return limit->file != NULL ? at_line(limit->file, limit->line, e) :
	    at_line(site->file, 0, e);
}

#define SENTENCE(e, fmt) do { \
	char text[512]; \
	va_list ap; \
	va_start(ap, fmt); \
	vsnprintf(text, sizeof text, fmt, ap); \
	va_end(ap); \
	flp_error_bad(e, "%s", text); \
} while (0)

int
flp_site_refuse(const struct flp_site *site, const struct flp_site_limit *limit,
    struct flp_error *e, const char *fmt, ...)
{
	SENTENCE(e, fmt);
	if (!flp_site_ruled(site))
		flp_error_add(e, "see --policy and fl-privacy(7)");
	return flp_site_at(site, limit, e);
}

int
flp_site_forbid(const struct flp_site *site, struct flp_error *e, const char *fmt, ...)
{
	SENTENCE(e, fmt);
	return at_line(site->file, 0, e);
}

int
flp_site_rows(const struct flp_site *site, uint64_t n, struct flp_error *e)
{
	const struct flp_site_limit *least = &site->min_rows;

	if (!least->set || (double)n >= least->number)
		return 0;
	return flp_site_refuse(site, least, e, "expected at least %.0f rows, found fewer",
	    least->number);
}

int
flp_site_cell(const struct flp_site *site, uint64_t n, uint64_t total, struct flp_error *e)
{
	const struct flp_site_limit *least = &site->min_count;
	uint64_t rest = total > n ? total - n : 0;

	if (!least->set)
		return 0;
	if (n > 0 && (double)n < least->number)
		return flp_site_refuse(site, least, e, "a count of fewer than %.0f rows may not leave",
		    least->number);
	if (rest > 0 && (double)rest < least->number)
		return flp_site_refuse(site, least, e, "all rows but fewer than %.0f are in one count, "
		    "which may not leave", least->number);
	return 0;
}

int
flp_site_clip(const struct flp_site *site, double clip, struct flp_error *e)
{
	const struct flp_site_limit *most = &site->max_clip;

	if (!most->set || clip <= most->number)
		return 0;
	return flp_site_refuse(site, most, e, "expected a clip norm of at most that, found a greater "
	    "one");
}

int
flp_site_noise(const struct flp_site *site, double z, struct flp_error *e)
{
	const struct flp_site_limit *least = &site->min_noise;

	if (!least->set || z >= least->number)
		return 0;
	return flp_site_refuse(site, least, e, "expected at least that much noise from this site, "
	    "found %s (noise that a server adds does not count)",
	    z > 0 ? "less" : "none");
}

int
flp_site_masked(const struct flp_site *site, uint64_t clients, uint64_t threshold, unsigned bits,
    struct flp_error *e)
{
	const struct {
		const struct flp_site_limit *least;
		uint64_t found;
		const char *what;
	} asked[] = {
		{ &site->min_clients, clients, "clients of a masked sum" },
		{ &site->min_threshold, threshold, "clients whose help opens a masked sum" },
		{ &site->min_bits, bits, "bits of security of the masks" },
	};

	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		if (asked[i].least->set && !((double)asked[i].found >= asked[i].least->number))
			return flp_site_refuse(site, asked[i].least, e, "expected at least that many %s, "
			    "found %llu", asked[i].what, (unsigned long long)asked[i].found);
	return 0;
}

int
flp_site_metadata(const struct flp_site *site, const char *key, size_t n, struct flp_error *e)
{
	const struct flp_site_limit *names = &site->metadata;

	if (!names->set || flp_texts_find(&names->names, key, n) >= 0)
		return 0;
	return flp_site_refuse(site, names, e, "expected only the keys of that list, found %.*s",
	    (int)(n < 64 ? n : 64), key);
}

int
flp_site_design(const struct flp_site *site, const struct flp_digest *design,
    struct flp_error *e)
{
	char text[FLP_DIGEST_TEXT];

	flp_digest_text(design, text);
	if (!site->model.set || strcmp(site->model.text, text) == 0)
		return 0;
	return flp_site_refuse(site, &site->model, e, "expected a model of that design, found %s",
	    text);
}

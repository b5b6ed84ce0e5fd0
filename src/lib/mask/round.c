#include "mask/round.h"

#include <stdio.h>
#include <string.h>

#define SHOWN 12 /* digits of a digest in messages */

static const struct {
	const char *key;
	size_t digest; /* offsetof the digest; 0 for a key that is not a digest */
	size_t has;    /* offsetof the flag that says that the round has it; 0 if every round has it */
	const char *why; /* what a difference means */
} table[] = {
	{ "session", 0, 0, NULL },
	{ "round", 0, 0, NULL },
	{ "base", offsetof(struct flp_round, base), 0, "it is of a round of another model" },
	{ "roster", offsetof(struct flp_round, roster), offsetof(struct flp_round, has_roster),
		"it was made under another roster" },
	{ "graph", offsetof(struct flp_round, graph), offsetof(struct flp_round, has_graph),
		"it was made for another graph" },
};
#define KEYS (sizeof table / sizeof *table)

/* The value of a key: NULL if the round does not have it. `text` is where it is made. */
static const char *
value(const struct flp_round *r, size_t i, char text[FLP_DIGEST_TEXT])
{
	const char *bytes = (const char *)r;

	if (table[i].has > 0 && !*(const int *)(const void *)(bytes + table[i].has))
		return NULL;
	if (r->any_base && table[i].digest == offsetof(struct flp_round, base))
		return NULL;
	if (table[i].digest > 0)
		flp_digest_text((const void *)(bytes + table[i].digest), text);
	else if (i == 0)
		return r->session;
	else
		snprintf(text, FLP_DIGEST_TEXT, "%llu", (unsigned long long)r->number);
	return text;
}

const char *
flp_round_purpose(int stats)
{
	return stats ? "stats" : "update";
}

int
flp_round_number(uint64_t *round, const struct flp_meta *model, const uint64_t *given,
    struct flp_error *e)
{
	int has = flp_meta_u64(model, "round", 0, UINT64_MAX, round, e);

	if (has < 0)
		return -1;
	if (has > 0 && given != NULL && *given != *round)
		return flp_error_usage(e, "option --round: expected that of the model, %llu, found %llu",
		    (unsigned long long)*round, (unsigned long long)*given);
	if (has == 0)
		*round = given != NULL ? *given : 0;
	return 0;
}

int
flp_round_set(struct flp_meta *m, const struct flp_round *r, struct flp_error *e)
{
	char text[FLP_DIGEST_TEXT];

	for (size_t i = 0; i < KEYS; i++) {
		const char *want = value(r, i, text);

		if (want != NULL && flp_meta_set_text(m, table[i].key, want, e) < 0)
			return -1;
	}
	return 0;
}

/* The error for two digests that differ, with what that means. */
static int
refuse_digest(size_t i, const char *want, const char *found, size_t n, struct flp_error *e)
{
	return flp_error_bad(e, "metadata: %s: expected %.*s, found %.*s: %s", table[i].key, SHOWN,
	    want, (int)(n < SHOWN ? n : SHOWN), found, table[i].why);
}

static int
check_key(const struct flp_meta *m, size_t i, const char *want, struct flp_error *e)
{
	size_t n;
	const char *found = flp_meta_get(m, table[i].key, &n);

	if (table[i].why != NULL && found != NULL && !flp_meta_is(m, table[i].key, want))
		return refuse_digest(i, want, found, n, e);
	return flp_meta_expect(m, table[i].key, want, strlen(want), e);
}

int
flp_round_check(const struct flp_meta *m, const struct flp_round *r, struct flp_error *e)
{
	char text[FLP_DIGEST_TEXT];

	for (size_t i = 0; i < KEYS; i++) {
		const char *want = value(r, i, text), *found;
		size_t n;

		if (want != NULL) {
			if (check_key(m, i, want, e) < 0)
				return -1;
		} else if ((found = flp_meta_get(m, table[i].key, &n)) != NULL) {
			return flp_error_bad(e, "metadata: %s: expected nothing, found %.*s",
			    table[i].key, (int)(n < 80 ? n : 80), found);
		}
	}
	return 0;
}

int
flp_round_key(const char *key, size_t n)
{
	for (size_t i = 0; i < KEYS; i++)
		if (strlen(table[i].key) == n && memcmp(table[i].key, key, n) == 0)
			return 1;
	return 0;
}

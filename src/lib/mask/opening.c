#include "mask/opening.h"
#include "base/memory.h"
#include "mask/hidden.h"
#include "mask/prg.h"
#include "mask/shamir.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define BATCH ((size_t)4096) /* masks at a time */
#define WITHOUT ": begin another round without this client"

static int
find_parts(struct flp_opening *o, struct flp_error *e)
{
	const struct flp_gathering *g = o->g;

	for (size_t i = 0; i < g->n; i++)
		o->what[i] = flp_dealing_shared(o->d, i) ? FLP_OPENING_LOST : FLP_OPENING_AWAY;
	for (size_t i = 0; i < o->survivors; i++) {
		if (o->what[o->survivor[i]] != FLP_OPENING_LOST)
			return flp_error_bad(e, "client %s: expected a share message from each survivor, "
			    "found none", flp_gathering_name(g, o->survivor[i]));
		o->what[o->survivor[i]] = FLP_OPENING_SURVIVOR;
	}
	flp_gathering_set(g, o->survivor, o->survivors, &o->set);
	return 0;
}

int
flp_opening_begin(struct flp_opening *o, const struct flp_dealing *d, const uint32_t *survivor,
    size_t survivors, struct flp_error *e)
{
	const struct flp_gathering *g = d->g;
	size_t all = g->n * g->threshold; /* fewer than the shares that were dealt */

	*o = (struct flp_opening){ .g = g, .d = d, .survivor = survivor, .survivors = survivors };
	if ((o->what = flp_memory_new(g->n, sizeof *o->what, e)) != NULL &&
	    (o->x = flp_memory_new(all, sizeof *o->x, e)) != NULL &&
	    (o->have = flp_memory_new(g->n, sizeof *o->have, e)) != NULL &&
	    (o->share = flp_hidden_new(all, sizeof *o->share, e)) != NULL && find_parts(o, e) == 0)
		return 0;
	flp_opening_end(o);
	return -1;
}

void
flp_opening_end(struct flp_opening *o)
{
	free(o->what);
	free(o->x);
	free(o->have);
	flp_hidden_free(o->share);
	flp_hidden_tidy();
	memset(o, 0, sizeof *o);
}

/* The rows of a reveal message. */
struct rows {
	const uint32_t *of;
	const unsigned char *secret, (*share)[32];
	size_t n;
};

/* Which secret of a client is to be opened. */
static enum flp_derive_share
wanted(const struct flp_opening *o, uint32_t of)
{
	return o->what[of] == FLP_OPENING_SURVIVOR ? FLP_DERIVE_SELF : FLP_DERIVE_SEED;
}

/* Checks that client `by` may reveal the share in row r: no honest client reveals shares of both
 * secrets of a client, or a share that it did not receive. */
static int
check_row(const struct flp_opening *o, const struct rows *rows, size_t r, uint32_t by,
    struct flp_error *e)
{
	uint32_t of = rows->of[r];

	if (r > 0 && of <= rows->of[r - 1])
		return flp_error_bad(e, "tensor of: row %zu: expected clients in order, each once, "
		    "found %lu after %lu", r + 1, (unsigned long)of,
		    (unsigned long)rows->of[r - 1]);
	if (flp_dealing_find(o->d, of, by) < 0 || o->what[of] == FLP_OPENING_AWAY)
		return flp_error_bad(e, "tensor of: row %zu: expected a client that has sent its sender "
		    "a box, found %lu", r + 1, (unsigned long)of);
	if (rows->secret[r] != wanted(o, of))
		return flp_error_bad(e, "tensor secret: row %zu: expected %u, because client %s is %s "
		    "survivor, found %u", r + 1, wanted(o, of), flp_gathering_name(o->g, of),
		    o->what[of] == FLP_OPENING_SURVIVOR ? "a" : "not a", rows->secret[r]);
	return 0;
}

/* Adds a share to the others of its dealer, unless there are enough of them, or this holder's,
 * which is the same, is there already. */
static void
put(struct flp_opening *o, uint32_t of, uint32_t by, const unsigned char share[32])
{
	const size_t t = o->g->threshold, first = of * t;
	uint32_t have = o->have[of];

	for (uint32_t i = 0; i < have; i++)
		if (o->x[first + i] == by + 1)
			return;
	if (have == t)
		return;
	o->x[first + have] = by + 1;
	memcpy(o->share[first + have], share, sizeof *o->share);
	o->have[of]++;
}

static int
take_rows(struct flp_opening *o, const struct rows *rows, uint32_t by, struct flp_bad *bad,
    struct flp_error *e)
{
	const struct flp_derive d = flp_gathering_derive(o->g, NULL);

	for (size_t r = 0; r < rows->n; r++) {
		uint32_t of = rows->of[r];
		enum flp_derive_share what = wanted(o, of);
		const unsigned char *want = o->d->check[flp_dealing_find(o->d, of, by)];
		unsigned char check[FLP_DERIVE_CHECK];

		flp_derive_check(check, &d, of, by, what, rows->share[r]);
		if (what == FLP_DERIVE_SELF)
			want += FLP_DERIVE_CHECK;
		if (sodium_memcmp(check, want, sizeof check) == 0) {
			put(o, of, by, rows->share[r]);
			continue;
		}
		flp_error_bad(e, "client %s: expected the share that %s has dealt to it, found another",
		    flp_gathering_name(o->g, by), flp_gathering_name(o->g, of));
		if (flp_bad_left_out(bad, e) < 0)
			return -1;
	}
	return 0;
}

static int
check_set(const struct flp_opening *o, const struct flp_record *message, size_t by,
    struct flp_error *e)
{
	char set[FLP_DIGEST_TEXT];

	flp_digest_text(&o->set, set);
	if (flp_meta_expect(&message->header.meta, "survivors", set, strlen(set), e) < 0)
		return -1;
	return o->what[by] == FLP_OPENING_SURVIVOR ? 0 :
	    flp_error_bad(e, "expected a survivor, found a client that is not in the sum");
}

int
flp_opening_add(struct flp_opening *o, const struct flp_record *message, struct flp_bad *bad,
    struct flp_error *e)
{
	const struct rows rows = { flp_record_values(message, "of", NULL),
		flp_record_values(message, "secret", NULL),
		flp_record_values(message, "share", NULL), flp_message_rows(message) };
	size_t by;
	int status;

	if (flp_gathering_sender(o->g, message, &by, e) < 0)
		return -1;
	status = check_set(o, message, by, e);
	for (size_t r = 0; status == 0 && r < rows.n; r++)
		status = check_row(o, &rows, r, (uint32_t)by, e);
	if (status < 0)
		return flp_error_at(e, "client %s", flp_gathering_name(o->g, by));
	return take_rows(o, &rows, (uint32_t)by, bad, e);
}

/* Keys of masks that are still to be removed, in hidden memory. */
struct masks {
	struct flp_record *sum;
	unsigned bits;
	struct flp_prg_key *key;
	size_t n;
};

static int
take_away(struct masks *m, struct flp_error *e)
{
	int status = flp_prg_add_record(m->sum, m->bits, m->key, m->n, e);

	m->n = 0;
	return status;
}

static struct flp_prg_key *
next(struct masks *m, struct flp_error *e)
{
	if (m->n == BATCH && take_away(m, e) < 0)
		return NULL;
	return &m->key[m->n++];
}

static int
join(const struct flp_opening *o, uint32_t of, unsigned char secret[32], struct flp_error *e)
{
	const size_t t = o->g->threshold, first = of * t;

	if (o->have[of] < t)
		return flp_error_bad(e, "expected %zu revealed shares of its %s, found %lu: wait for more "
		    "reveal messages", t,
		    o->what[of] == FLP_OPENING_SURVIVOR ? "own mask" :
		    "mask key, since it is not a survivor", (unsigned long)o->have[of]);
	return flp_shamir_join(secret, (unsigned)t, o->x + first,
	    (const unsigned char (*)[32])o->share + first, e);
}

/* Rebuilds the own mask of a survivor. */
static int
open_self(const struct flp_opening *o, uint32_t of, const struct flp_derive *d, struct masks *m,
    struct flp_error *e)
{
	unsigned char b[32], commit[32];
	struct flp_prg_key *key;

	if (join(o, of, b, e) < 0)
		return -1;
	flp_derive_commit(commit, d, of, b);
	if (sodium_memcmp(commit, o->d->commit[of], sizeof commit) != 0) {
		sodium_memzero(b, sizeof b);
		return flp_error_bad(e, "expected shares of the own mask that this client committed to, "
		    "found shares of another" WITHOUT);
	}
	if ((key = next(m, e)) != NULL) {
		flp_derive_self(key->key, d, b);
		key->subtract = 1;
	}
	sodium_memzero(b, sizeof b);
	return key != NULL ? 0 : -1;
}

/* Rebuilds the masks that survivors have in common with a lost client. A mask that a survivor has
 * added is subtracted, and one that it has subtracted is added. */
static int
open_pairs(const struct flp_opening *o, uint32_t of, const unsigned char secret[32],
    const struct flp_derive *d, struct masks *m, struct flp_error *e)
{
	const struct flp_gathering *g = o->g;
	const uint32_t *holder = o->d->holder + of * g->holders;
	struct flp_prg_key *key;

	for (size_t i = 0; i < g->holders; i++) {
		uint32_t v = holder[i];

		if (o->what[v] != FLP_OPENING_SURVIVOR)
			continue;
		if ((key = next(m, e)) == NULL)
			return -1;
		if (flp_derive_pair(key->key, d, secret, g->mask[of], g->mask[v], e) < 0)
			return flp_error_at(e, "client %s", flp_gathering_name(g, v));
		key->subtract = v > of;
	}
	return 0;
}

static int
open_lost(const struct flp_opening *o, uint32_t of, const struct flp_derive *d, struct masks *m,
    struct flp_error *e)
{
	unsigned char seed[32], secret[32], public[32];
	int status;

	if (join(o, of, seed, e) < 0)
		return -1;
	flp_derive_mask(secret, public, seed);
	sodium_memzero(seed, sizeof seed);
	if (memcmp(public, o->g->mask[of], sizeof public) != 0)
		status = flp_error_bad(e, "expected shares of the mask key that this client advertised, "
		    "found shares of another" WITHOUT);
	else
		status = open_pairs(o, of, secret, d, m, e);
	sodium_memzero(secret, sizeof secret);
	return status;
}

/* How many holders of a client's shares survive. If none does, no mask of a lost client is in
 * the sum. */
static size_t
count_holders(const struct flp_opening *o, uint32_t of)
{
	const uint32_t *holder = o->d->holder + of * o->g->holders;
	size_t n = 0;

	for (size_t i = 0; i < o->g->holders; i++)
		n += o->what[holder[i]] == FLP_OPENING_SURVIVOR;
	return n;
}

int
flp_opening_possible(const struct flp_opening *o, struct flp_error *e)
{
	for (uint32_t i = 0; i < o->g->n; i++) {
		size_t n = o->what[i] == FLP_OPENING_AWAY ? 0 : count_holders(o, i);

		if (o->what[i] != FLP_OPENING_AWAY && n < o->g->threshold &&
		    (n > 0 || o->what[i] == FLP_OPENING_SURVIVOR))
			return flp_error_bad(e, "client %s: expected %llu of the %zu who hold its shares to "
			    "survive, found %zu: wait for more masked records, or begin the round again (see "
			    "fl-mask advertise --anew)",
			    flp_gathering_name(o->g, i), (unsigned long long)o->g->threshold, o->g->holders, n);
	}
	return 0;
}

int
flp_opening_unmask(const struct flp_opening *o, const char *purpose, unsigned bits,
    struct flp_record *sum, struct flp_error *e)
{
	const struct flp_derive d = flp_gathering_derive(o->g, purpose);
	struct masks m = { .sum = sum, .bits = bits,
		.key = flp_hidden_new(BATCH, sizeof *m.key, e) };
	int status = m.key != NULL ? 0 : -1;

	for (uint32_t i = 0; status == 0 && i < o->g->n; i++) {
		if (o->what[i] == FLP_OPENING_SURVIVOR)
			status = open_self(o, i, &d, &m, e);
		else if (o->what[i] == FLP_OPENING_LOST && count_holders(o, i) > 0)
			status = open_lost(o, i, &d, &m, e);
		if (status < 0)
			flp_error_at(e, "client %s", flp_gathering_name(o->g, i));
	}
	if (status == 0)
		status = take_away(&m, e);
	flp_hidden_free(m.key);
	return status;
}

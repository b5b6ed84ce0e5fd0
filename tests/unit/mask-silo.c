/* mask-silo: the masks of all members cancel, bit for bit, for 3, 5, 10 and 100 of them; no two
 * masks are alike, and masked values are uniform; a member that sends what it must not is named. */
#include "base/memory.h"
#include "data/stats.h"
#include "kernel/random.h"
#include "kernel/ring.h"
#include "mask/hidden.h"
#include "mask/inside.h"
#include "mask/signed.h"
#include "mask/silo.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 100, VALUES = 5000 };

static struct flp_random dice;
static struct flp_error e;
static char folder[] = "/tmp/mask-silo-XXXXXX";

static struct flp_identity id[MOST];
static struct flp_identity_public public[MOST];

/* Identities p000 to p099, whose order in a roster is theirs. */
static void
make_identities(void)
{
	char name[16];

	for (size_t i = 0; i < MOST; i++) {
		snprintf(name, sizeof name, "p%03zu", i);
		CHECK(flp_identity_make(&id[i], name, &e) == 0, "%s", e.text);
		snprintf(public[i].name, sizeof public[i].name, "%s", name);
		memcpy(public[i].sign, id[i].sign_public, 32);
		memcpy(public[i].mask, id[i].mask_public, 32);
	}
}

static struct flp_roster
roster(const char *session, size_t n)
{
	struct flp_record record;
	struct flp_roster r;

	CHECK(flp_roster_make(&record, session, public, n, NULL, &e) == 0, "%s", e.text);
	CHECK(flp_roster_take(&r, &record, NULL, &e) == 0, "%s", e.text);
	return r;
}

/* The journal of member i: a new one each time, as if the member had sent nothing. */
static struct flp_journal
journal(size_t i)
{
	static unsigned made;
	struct flp_journal j;
	char path[64];

	snprintf(path, sizeof path, "%s/%u", folder, made++);
	CHECK(flp_journal_make(path, &id[i], &e) == 0, "%s", e.text);
	CHECK(flp_journal_open(&j, path, &id[i], &e) == 0, "%s", e.text);
	return j;
}

static struct flp_record
model(uint64_t seed)
{
	struct flp_record rec;
	struct flp_header h;
	const uint64_t n = VALUES, three = 3;

	flp_header_init(&h, FLP_KIND_PARAMS);
	h.privacy = FLP_PRIVACY_PUBLIC;
	CHECK(flp_header_add(&h, "w", FLP_DTYPE_F32, 1, &n, &e) == 0 &&
	    flp_header_add(&h, "b", FLP_DTYPE_F32, 1, &three, &e) == 0 &&
	    flp_record_new(&rec, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	*(float *)rec.values[1] = (float)seed;
	return rec;
}

/* An update of the model, clipped to 1 with K = 16: random steps, or zeros. */
static struct flp_record
update(const struct flp_record *of, int zeros)
{
	struct flp_digest digest;
	struct flp_record rec;
	struct flp_header h;
	char base[FLP_DIGEST_TEXT];

	flp_header_init(&h, FLP_KIND_UPDATE);
	h.privacy = FLP_PRIVACY_CLIPPED;
	CHECK(flp_record_digest(of, &digest, &e) == 0, "%s", e.text);
	flp_digest_text(&digest, base);
	for (size_t i = 0; i < of->header.tensors; i++)
		CHECK(flp_header_add(&h, of->header.tensor[i].name, FLP_DTYPE_F32, 1,
		    of->header.tensor[i].dims, &e) == 0, "%s", e.text);
	CHECK(flp_meta_set_text(&h.meta, "base", base, &e) == 0 &&
	    flp_meta_set_u64(&h.meta, "grid", 16, &e) == 0 &&
	    flp_meta_set_f64(&h.meta, "clip", 1, &e) == 0 &&
	    flp_record_new(&rec, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	for (size_t i = 0; i < VALUES && !zeros; i++)
		((float *)rec.values[0])[i] = (float)flp_random_below(&dice, 1001) * 0x1p-16f - 0x1.f4p-8f;
	return rec;
}

static struct flp_silo
silo(const struct flp_roster *r, const struct flp_record *of, uint64_t round)
{
	struct flp_silo s = { .roster = r, .vector = { .model = of }, .round = round };

	CHECK(flp_record_digest(of, &s.vector.base, &e) == 0, "%s", e.text);
	return s;
}

/* What member i sends for an update, with a journal of its own. */
static struct flp_record
apply(struct flp_silo *s, size_t i, const struct flp_record *u)
{
	struct flp_journal j = journal(i);
	struct flp_record message = { 0 };

	CHECK(flp_silo_apply(s, &j, u, &message, &e) == 0, "%s", e.text);
	flp_journal_close(&j);
	return message;
}

/* The sum of n members' updates, opened in an order other than theirs. */
static void
test_sum(size_t n)
{
	static double want[VALUES];
	struct flp_roster r = roster("a session", n);
	struct flp_record m = model(1), sum;
	struct flp_silo s = silo(&r, &m, 4), open = silo(&r, &m, 4);

	memset(want, 0, sizeof want);
	CHECK(flp_silo_begin(&open, &e) == 0, "%s", e.text);
	for (size_t k = 0; k < n; k++) {
		size_t i = (k * 7 + 1) % n; /* n is not a multiple of 7 */
		struct flp_record u = update(&m, 0), message = apply(&s, i, &u);

		for (size_t v = 0; v < VALUES; v++)
			want[v] += ((float *)u.values[0])[v];
		CHECK(flp_silo_open(&open, &sum, &e) < 0 && e.code == FLP_ERROR_BAD, "%zu of %zu", k, n);
		CHECK(flp_silo_add(&open, &message, &e) == 0, "%s", e.text);
		flp_record_free(&u);
		flp_record_free(&message);
	}
	CHECK(flp_silo_open(&open, &sum, &e) == 0, "%s", e.text);
	CHECK(memcmp(sum.values[0], want, sizeof want) == 0, "the sum of %zu", n);
	flp_record_free(&sum);
	flp_silo_end(&open);
	flp_record_free(&m);
	flp_roster_free(&r);
}

/* Zeros under a mask, in 256 bins by their highest byte; and how many values two masks share. */
static void
check_uniform(const struct flp_record *masked, unsigned bits)
{
	const uint64_t *value = masked->values[0];
	double count[256] = { 0 }, chi = 0;

	for (size_t i = 0; i < VALUES; i++)
		count[value[i] >> (bits - 8)]++;
	for (size_t i = 0; i < 256; i++)
		chi += (count[i] - VALUES / 256.) * (count[i] - VALUES / 256.) / (VALUES / 256.);
	/* with 255 degrees of freedom the chance of more is 1e-6 */
	CHECK(chi < 377.5, "chi-square %g", chi);
}

static size_t
agree(const struct flp_record *a, const struct flp_record *b)
{
	const uint64_t *x = a->values[0], *y = b->values[0];
	size_t n = 0;

	for (size_t i = 0; i < VALUES; i++)
		n += x[i] == y[i];
	return n;
}

/* The same zeros masked in other rounds, sessions, rosters and models, and by another member. */
static void
test_masks(void)
{
	struct flp_roster r[] = { roster("a", 3), roster("b", 3), roster("a", 4) };
	struct flp_record m[] = { model(1), model(2) };
	const struct {
		size_t roster, model, member;
		uint64_t round;
	} rows[] = { { 0, 0, 0, 0 }, { 0, 0, 0, 1 }, { 0, 1, 0, 0 }, { 1, 0, 0, 0 }, { 2, 0, 0, 0 },
		{ 0, 0, 1, 0 } };
	enum { ROWS = sizeof rows / sizeof *rows };
	struct flp_record made[ROWS];

	for (size_t i = 0; i < ROWS; i++) {
		struct flp_silo s = silo(&r[rows[i].roster], &m[rows[i].model], rows[i].round);
		struct flp_record u = update(&m[rows[i].model], 1);

		made[i] = apply(&s, rows[i].member, &u);
		CHECK(s.vector.fit.bits == 24, "%u", s.vector.fit.bits);
		check_uniform(&made[i], 24);
		for (size_t k = 0; k < i; k++) /* by chance one in 3,000 pairs shares a value of 2^24 */
			CHECK(agree(&made[i], &made[k]) <= 1, "masks %zu and %zu agree %zu times", i, k,
			    agree(&made[i], &made[k]));
		flp_record_free(&u);
	}
	for (size_t i = 0; i < ROWS; i++)
		flp_record_free(&made[i]);
	for (size_t i = 0; i < 3; i++)
		flp_roster_free(&r[i]);
	flp_record_free(&m[0]);
	flp_record_free(&m[1]);
}

/* A journal does not have the digest of what was masked, which could confirm a guess at it. */
static void
check_guess(const struct flp_journal *j, struct flp_silo *s, const struct flp_record *u)
{
	struct flp_vector v = s->vector;
	struct flp_record guess;
	struct flp_digest digest;
	char text[FLP_DIGEST_TEXT];

	CHECK(flp_vector_make(&v, &guess, u, &e) == 0 &&
	    flp_meta_set_text(&guess.header.meta, "session", s->roster->session, &e) == 0 &&
	    flp_meta_set_text(&guess.header.meta, "roster", s->roster->digest_text, &e) == 0 &&
	    flp_meta_set_u64(&guess.header.meta, "round", s->round, &e) == 0 &&
	    flp_meta_set_text(&guess.header.meta, "client", j->id->name, &e) == 0 &&
	    flp_record_digest(&guess, &digest, &e) == 0, "%s", e.text);
	flp_digest_text(&digest, text);
	CHECK(strcmp(j->entry[0].input, text) != 0, "%s", text);
	flp_record_free(&guess);
}

/* The same update gives the same message again; its masks never depend on the call. */
static void
test_again(void)
{
	struct flp_roster r = roster("again", 3);
	struct flp_record m = model(1), u = update(&m, 0), first, second;
	struct flp_silo s = silo(&r, &m, 0);
	struct flp_journal j = journal(0);

	CHECK(flp_silo_apply(&s, &j, &u, &first, &e) == 0, "%s", e.text);
	CHECK(flp_silo_apply(&s, &j, &u, &second, &e) == 0, "%s", e.text);
	check_guess(&j, &s, &u);
	CHECK(j.n == 1 && memcmp(first.values[0], second.values[0], VALUES * 8) == 0, "%zu", j.n);
	flp_record_free(&second);
	((float *)u.values[0])[17] += 0x1p-16f;
	CHECK(flp_silo_apply(&s, &j, &u, &second, &e) < 0 && e.code == FLP_ERROR_BAD,
	    "another");
	j.id = &id[3];
	CHECK(flp_silo_apply(&s, &j, &u, &second, &e) < 0 && e.code == FLP_ERROR_BAD,
	    "a stranger");
	flp_journal_close(&j);
	flp_record_free(&first);
	flp_record_free(&u);
	flp_record_free(&m);
	flp_roster_free(&r);
}

/* Adds what member i signed after changing it: it must be refused, and the sentence says why. */
static void
refuse(struct flp_silo *open, struct flp_record *message, size_t i, const char *why)
{
	if (i < MOST)
		CHECK(flp_signed_sign(message, &id[i], &e) == 0, "%s", e.text);
	CHECK(flp_silo_add(open, message, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strstr(e.text, why) != NULL, "expected %s, found %s", why, e.text);
}

static void
set(struct flp_record *message, const char *key, const char *value)
{
	if (value == NULL)
		flp_meta_drop(&message->header.meta, key);
	else
		CHECK(flp_meta_set(&message->header.meta, key, value, strlen(value), &e) == 0, "%s",
		    e.text);
}

/* A message in which its member changed one thing and which it signed again. */
static void
test_changed(const struct flp_record *message, struct flp_silo *open)
{
	static const struct {
		const char *key, *value, *why;
	} rows[] = {
		{ "session", "b", "client p001: metadata: session: expected attacks, found b" },
		{ "session", NULL, "client p001: metadata: session" },
		{ "roster", "0", "client p001: metadata: roster: expected" },
		{ "round", "3", "client p001: metadata: round: expected 4, found 3" },
		{ "round", NULL, "client p001: metadata: round: expected 4, found nothing" },
		{ "base", "00", "client p001: metadata: base: expected" },
		{ "graph", "00", "client p001: metadata: graph: expected none in silo mode, found one" },
		{ "of", "params", "client p001: does not agree with client p000: metadata: of" },
		{ "of", "stats", "client p001: metadata: of: expected update, found stats" },
		{ "state", "raw", "client p001: metadata: range: expected a number above 0, found "
		  "nothing" },
		{ "state", "masked", "metadata: state: expected raw, clipped or noised, found masked" },
		{ "clip", "0.9", "does not agree with client p000: metadata: clip: expected 1, found 0.9" },
		{ "clip", "8", "does not agree with client p000: metadata: clip: expected 1, found 8" },
		{ "clip", NULL, "client p001: metadata: clip: expected with grid, found nothing" },
		{ "clip.1", "1", "does not agree with client p000: metadata: clip.1" },
		{ "grid", "15", "does not agree with client p000: metadata: grid" },
		{ "bits", "32", "client p001: metadata: bits: expected 24" },
		{ "weighting", "examples", "client p001: metadata: weighting: expected uniform" },
		{ "range", "1", "client p001: metadata: range: expected none" },
		{ "client", "p002", "client p002: signature: expected" },
		{ "client", "p003", "client p003: expected a member of the roster, found a client that is not" },
		{ "client", NULL, "client: expected a name, found none" },
		{ "examples", "90", "client p001: metadata: expected no key examples in a masked record" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct flp_record one;

		CHECK(flp_record_new(&one, &message->header, &e) == 0, "%s", e.text);
		set(&one, rows[i].key, rows[i].value);
		refuse(open, &one, 1, rows[i].why);
		flp_record_free(&one);
	}
}

/* Wrong tensors, bits and signatures. */
static void
test_damaged(struct flp_record *message, struct flp_silo *open)
{
	struct flp_header h;
	struct flp_record one;
	const uint64_t n = VALUES - 1, three = 3;

	for (uint64_t bit = 1; bit < (uint64_t)1 << 24; bit <<= 5) {
		((uint64_t *)message->values[0])[VALUES - 1] ^= bit;
		refuse(open, message, MOST, "client p001: signature: expected");
		((uint64_t *)message->values[0])[VALUES - 1] ^= bit;
	}
	/* Nobody can sign it, since the key `bits` says which bytes are signed. */
	set(message, "bits", NULL);
	refuse(open, message, MOST, "client p001: metadata: bits: missing");
	set(message, "bits", "24");
	flp_header_init(&h, FLP_KIND_MASKED);
	h.privacy = FLP_PRIVACY_MASKED;
	CHECK(flp_meta_copy(&h.meta, &message->header.meta, &e) == 0 &&
	    flp_header_append(&h, "w", 1, FLP_DTYPE_U64, FLP_ENCODING_MODULAR, 1, &n, &e) == 0 &&
	    flp_header_append(&h, "b", 1, FLP_DTYPE_U64, FLP_ENCODING_MODULAR, 1, &three, &e) == 0 &&
	    flp_record_new(&one, &h, &e) == 0, "%s", e.text);
	refuse(open, &one, 1, "client p001: tensor");
	one.header.tensors--;
	refuse(open, &one, 1, "client p001: ");
	one.header.tensors++;
	one.header.kind = FLP_KIND_UPDATE;
	refuse(open, &one, 1, "expected a masked record, found update");
	flp_record_free(&one);
	flp_header_free(&h);
}

static void
test_attacks(void)
{
	struct flp_roster r = roster("attacks", 3);
	struct flp_record m = model(1), sum, message[3];
	struct flp_silo s = silo(&r, &m, 4), open = silo(&r, &m, 4);

	CHECK(flp_silo_begin(&open, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < 3; i++) {
		struct flp_record u = update(&m, 0);

		message[i] = apply(&s, i, &u);
		flp_record_free(&u);
	}
	CHECK(flp_silo_add(&open, &message[0], &e) == 0, "%s", e.text);
	test_changed(&message[1], &open);
	test_damaged(&message[1], &open);
	refuse(&open, &message[0], 0, "client p000: expected one record from it, found a second");
	CHECK(flp_silo_add(&open, &message[1], &e) == 0, "%s", e.text);
	CHECK(flp_silo_open(&open, &sum, &e) < 0 && strstr(e.text, "found none from p002") != NULL, "%s",
	    e.text);
	/* a member that masks nothing, or adds garbage: no three updates have such a sum */
	for (size_t i = 0; i < VALUES; i++)
		((uint64_t *)message[2].values[0])[i] = flp_random_below(&dice, 1 << 24);
	CHECK(flp_signed_sign(&message[2], &id[2], &e) == 0, "%s", e.text);
	CHECK(flp_silo_add(&open, &message[2], &e) == 0, "%s", e.text);
	CHECK(flp_silo_open(&open, &sum, &e) < 0 &&
	    strstr(e.text, "expected a sum of values within") != NULL, "%s", e.text);
	flp_silo_end(&open);
	for (size_t i = 0; i < 3; i++)
		flp_record_free(&message[i]);
	flp_record_free(&m);
	flp_roster_free(&r);
}

/* Statistics of one column for each value, or their schema. */
static struct flp_record
statistics(enum flp_privacy privacy)
{
	struct flp_record rec = { 0 };
	struct flp_header h;

	flp_header_init(&h, FLP_KIND_STATS);
	h.privacy = privacy;
	CHECK(flp_stats_tensors(&h, VALUES, 0, 0, &e) == 0 &&
	    (privacy == FLP_PRIVACY_PUBLIC || flp_meta_set_u64(&h.meta, "examples", 9, &e) == 0) &&
	    flp_record_new(&rec, &h, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	return rec;
}

/* A key that may not be there is refused even if all members have agreed on it. */
static void
test_keys(const struct flp_record *of, const struct flp_record *u, const char *key)
{
	struct flp_roster r = roster("keys", 3);
	struct flp_silo s = silo(&r, of, 0), open = silo(&r, of, 0);
	char why[128];

	CHECK(flp_silo_begin(&open, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < 3; i++) {
		struct flp_record message = apply(&s, i, u);

		set(&message, key, "1");
		snprintf(why, sizeof why, "client p00%zu: metadata: expected no key %s in a masked "
		    "record, found one", i, key);
		refuse(&open, &message, i, why);
		set(&message, key, NULL);
		CHECK(flp_signed_sign(&message, &id[i], &e) == 0, "%s", e.text);
		CHECK(flp_silo_add(&open, &message, &e) == 0, "%s", e.text);
		flp_record_free(&message);
	}
	flp_silo_end(&open);
	flp_roster_free(&r);
}

static void
test_rides(void)
{
	struct flp_record m = model(1), u = update(&m, 0);
	struct flp_record schema = statistics(FLP_PRIVACY_PUBLIC), s = statistics(FLP_PRIVACY_RAW);

	test_keys(&m, &u, "note");
	test_keys(&m, &u, "examples");
	test_keys(&m, &u, "arch");
	test_keys(&schema, &s, "note");
	test_keys(&schema, &s, "examples");
	test_keys(&schema, &s, "clip");
	test_keys(&schema, &s, "grid");
	flp_record_free(&m);
	flp_record_free(&u);
	flp_record_free(&schema);
	flp_record_free(&s);
}

/* A member whose public key is another spelling of its neighbour's: both masks of the member
 * between them come from one shared secret, and must not cancel. */
static void
test_same_secret(void)
{
	const struct flp_identity_public before = public[0];
	struct flp_record m = model(1), u = update(&m, 1), message;
	struct flp_roster r;
	struct flp_silo s;

	memcpy(public[0].mask, public[2].mask, sizeof public[0].mask);
	public[0].mask[31] ^= 0x80;
	r = roster("a session", 3);
	s = silo(&r, &m, 1);
	message = apply(&s, 1, &u);
	check_uniform(&message, s.vector.fit.bits);
	public[0] = before;
	flp_record_free(&message);
	flp_record_free(&u);
	flp_record_free(&m);
	flp_roster_free(&r);
}

/* What is inside a message is shown for the message that was sent alone, and not for one that has
 * another signature, which could carry something out: the digest does not tell them apart. */
static void
test_inside(void)
{
	struct flp_roster r = roster("a session", 3);
	struct flp_record m = model(1), u = update(&m, 0), message = { 0 }, inside;
	struct flp_silo s = silo(&r, &m, 1);
	struct flp_journal j = journal(0);
	char path[64];

	snprintf(path, sizeof path, "%s", j.folder);
	CHECK(flp_silo_apply(&s, &j, &u, &message, &e) == 0, "%s", e.text);
	flp_journal_close(&j);
	CHECK(flp_inside_find(&inside, path, &message, &e) == 0, "%s", e.text);
	CHECK(memcmp(inside.values[0], u.values[0], VALUES * sizeof(float)) == 0, "another update");
	flp_record_free(&inside);
	CHECK(flp_signed_sign(&message, &id[1], &e) == 0, "%s", e.text);
	CHECK(flp_inside_find(&inside, path, &message, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strstr(e.text, "signature: expected the one that was sent with this record, found another"),
	    "%s", e.text);
	flp_meta_drop(&message.header.meta, "signature");
	CHECK(flp_inside_find(&inside, path, &message, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strstr(e.text, "signature: expected 128 hexadecimal digits"), "%s", e.text);
	flp_record_free(&message);
	flp_record_free(&u);
	flp_record_free(&m);
	flp_roster_free(&r);
}

int
main(void)
{
	char command[64];

	flp_random_init(&dice, 12, 0, 0, FLP_PURPOSE_INIT);
	CHECK(flp_hidden_begin(&e) == 0, "%s", e.text);
	CHECK(mkdtemp(folder) != NULL, "%s", folder);
	make_identities();
	test_sum(3);
	test_sum(5);
	test_sum(10);
	test_sum(100);
	test_masks();
	test_again();
	test_attacks();
	test_rides();
	test_same_secret();
	test_inside();
	for (size_t i = 0; i < MOST; i++)
		flp_identity_free(&id[i]);
	snprintf(command, sizeof command, "rm -r %s", folder);
	CHECK(system(command) == 0, "%s", command);
	return unit_done();
}

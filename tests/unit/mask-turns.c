/* mask-turns: the clients of a round of fleet mode, and what a server can't make them do.
 *
 * In the rounds that are opened, every second client is one of fleet.h, whose code was written
 * from the description of the protocol alone. */
#include "fleet.h"

#include "mask/advertise.h"
#include "mask/hidden.h"
#include "mask/masking.h"
#include "mask/reveal.h"
#include "mask/share.h"
#include "mask/turn.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { MOST = 40, VALUES = 3000 };

static struct flp_error e;
static struct flp_bad bad;
static char folder[] = "/tmp/mask-turns-XXXXXX";

/* A fleet with journals, and how far its round has come. */
struct test {
	struct fleet f;
	struct flp_journal journal[MOST];
	struct flp_gathering g;
	struct flp_dealing d;
	struct flp_record inbox[MOST], confirmed[MOST], revealed[MOST];
	struct flp_survivors s;
	int anew; /* 1: clients advertise as for a round that is begun anew */
};

/* A call that must be refused, with this text in its sentence. */
#define REFUSED(call, says) do { \
	memset(&e, 0, sizeof e); \
	CHECK((call) < 0 && e.code == FLP_ERROR_BAD, "not refused: %s", e.text); \
	CHECK(strstr(e.text, says) != NULL, "not \"%s\" but \"%s\"", says, e.text); \
} while (0)

static void
open_journal(struct flp_journal *j, const struct flp_identity *id)
{
	static unsigned made;
	static char path[8 * MOST][64];

	if (made == 8 * MOST)
		exit(1);
	snprintf(path[made], sizeof path[made], "%s/%u", folder, made);
	MUST(flp_journal_make(path[made], id, &fleet_e));
	MUST(flp_journal_open(j, path[made++], id, &fleet_e));
}

/* Client i goes on with an empty journal, as with a copy of its key. */
static void
new_journal(struct test *t, size_t i)
{
	flp_journal_close(&t->journal[i]);
	open_journal(&t->journal[i], &t->f.client[i].id);
}

static void
begin(struct test *t, size_t n)
{
	memset(t, 0, sizeof *t);
	fleet_begin(&t->f, n, VALUES, NULL);
	t->f.rule.security = 20;
	t->f.rule.dropout = .15; /* as many as stop in test_rounds */
	for (size_t i = 0; i < n; i++) {
		open_journal(&t->journal[i], &t->f.client[i].id);
		t->f.client[i].at = -1;
	}
}

/* Forgets the messages of a round; the journals stay. */
static void
end_round(struct test *t)
{
	flp_survivors_free(&t->s);
	flp_dealing_end(&t->d);
	flp_gathering_free(&t->g);
	for (size_t i = 0; i < t->f.n; i++) {
		flp_record_free(&t->inbox[i]);
		flp_record_free(&t->confirmed[i]);
		flp_record_free(&t->revealed[i]);
		flp_record_free(&t->f.client[i].advertised);
		flp_record_free(&t->f.client[i].shared);
		flp_record_free(&t->f.client[i].masked);
		t->f.client[i].at = -1;
	}
}

static void
end(struct test *t)
{
	end_round(t);
	for (size_t i = 0; i < t->f.n; i++)
		flp_journal_close(&t->journal[i]);
	fleet_end(&t->f);
}

/* One turn of client i; with `twin` by the code of fleet.h. */
static void
advertise(struct test *t, size_t i, int twin)
{
	if (twin)
		fleet_advertise(&t->f, i);
	else
		MUST(flp_advertise(&t->f.client[i].advertised, &t->journal[i], &t->f.round,
		    t->anew, &fleet_e));
}

static void
share(struct test *t, size_t i, int twin)
{
	struct fleet_client *c = &t->f.client[i];

	if (twin)
		fleet_share(&t->f, &t->g, i);
	else
		MUST(flp_share(&c->shared, &t->journal[i], &t->g, &fleet_e));
	c->at = flp_gathering_find(&t->g, c->id.name);
	MUST(flp_dealing_add(&t->d, &c->shared, &fleet_e));
}

static int
apply(struct test *t, size_t i, const struct flp_record *update, struct flp_record *masked,
    struct flp_error *to)
{
	struct flp_masking m = { .gathering = &t->g, .vector = fleet_vector(&t->f, &t->g) };

	return flp_masking_apply(&m, &t->journal[i], &t->inbox[i], update, masked, to);
}

/* Client 0 can't mask what it would mask now. */
static void
refuse_apply(struct test *t, const char *says)
{
	struct flp_record update, message;

	fleet_update(&t->f, 0, &update);
	REFUSED(apply(t, 0, &update, &message, &e), says);
	flp_record_free(&update);
}

static void
mask(struct test *t, size_t i, int twin)
{
	struct fleet_client *c = &t->f.client[i];
	struct flp_record update;

	flp_record_free(&t->inbox[i]);
	MUST(flp_dealing_inbox(&t->d, (size_t)c->at, &t->inbox[i], &fleet_e));
	if (twin) {
		fleet_open(&t->f, &t->g, i, &t->inbox[i]);
		fleet_mask(&t->f, &t->g, i);
		return;
	}
	fleet_update(&t->f, i, &update);
	MUST(apply(t, i, &update, &c->masked, &fleet_e));
	flp_record_free(&update);
}

static void
confirm(struct test *t, size_t i, int twin)
{
	struct flp_record *to = &t->confirmed[i];

	if (!twin) {
		MUST(flp_confirm(to, &t->journal[i], &t->g, &t->s, &fleet_e));
		return;
	}
	MUST(flp_message_new(to, FLP_MESSAGE_CONFIRM, &t->g.round, 0, 0, &fleet_e));
	MUST(flp_meta_set_text(&to->header.meta, "survivors", t->s.digest, &fleet_e));
	fleet_sign(&t->f.client[i], to);
}

static int
reveal(struct test *t, size_t i, struct flp_record *to, struct flp_error *why)
{
	struct flp_confirmed c;
	int status;

	MUST(flp_confirmed_begin(&c, &t->g, &t->s, &fleet_e));
	for (size_t k = 0; k < t->f.n; k++)
		if (t->confirmed[k].values != NULL)
			MUST(flp_confirmed_add(&c, &t->confirmed[k], &fleet_e));
	status = flp_reveal(to, &t->journal[i], &c, why);
	flp_confirmed_end(&c);
	return status;
}

/* The server's message that names the survivors: n clients of the fleet. */
static void
survivors(struct test *t, struct flp_survivors *s, const size_t *client, size_t n)
{
	struct flp_texts names = { 0 };
	struct flp_record message;

	for (size_t i = 0; i < n; i++) {
		const char *name = t->f.client[client[i]].id.name;

		MUST(flp_texts_add(&names, name, strlen(name), SIZE_MAX, &fleet_e));
	}
	MUST(flp_message_new(&message, FLP_MESSAGE_SURVIVORS, &t->g.round, 0, names.used, &fleet_e));
	flp_texts_lines(&names, message.values[0]);
	MUST(flp_survivors_take(s, &t->g, &message, &fleet_e));
	flp_record_free(&message);
	flp_texts_free(&names);
}

enum { ADVERTISE, SHARE, APPLY, CONFIRM, REVEAL, STEPS };

/* Goes on to the step `last`; on[i] is the first step that client i does not take. With `twins`
 * every second client runs the code of fleet.h. */
static void
go(struct test *t, const int *on, int last, int twins)
{
	size_t n = t->f.n, alive[MOST] = { 0 }, k = 0;
	unsigned char all[MOST];

	for (size_t i = 0; i < n; i++)
		if ((all[i] = on[i] > ADVERTISE))
			advertise(t, i, twins && i % 2);
	CHECK(fleet_gather(&t->f, &t->g, all), "no graph");
	MUST(flp_dealing_begin(&t->d, &t->g, 1, &fleet_e));
	for (size_t i = 0; i < n && last >= SHARE; i++)
		if (on[i] > SHARE)
			share(t, i, twins && i % 2);
	for (size_t i = 0; i < n && last >= APPLY; i++)
		if (on[i] > APPLY)
			mask(t, i, twins && i % 2);
	for (size_t i = 0; i < n; i++)
		if (on[i] > APPLY)
			alive[k++] = i;
	if (last >= CONFIRM)
		survivors(t, &t->s, alive, k);
	for (size_t i = 0; i < n && last >= CONFIRM; i++)
		if (on[i] > CONFIRM)
			confirm(t, i, twins && i % 2);
	for (size_t i = 0; i < n && last >= REVEAL; i++)
		if (on[i] > REVEAL && twins && i % 2)
			fleet_reveal(&t->f, &t->g, i, t->s.client, t->s.n, &t->revealed[i]);
		else if (on[i] > REVEAL)
			MUST(reveal(t, i, &t->revealed[i], &fleet_e));
}

static void
check_values(const struct test *t, const struct flp_record *sum)
{
	double want[VALUES] = { 0 }, value[VALUES];

	for (size_t i = 0; i < t->f.n; i++)
		if (t->f.client[i].at >= 0 && flp_survivors_has(&t->s, (uint32_t)t->f.client[i].at)) {
			fleet_draw(&t->f, i, value);
			for (size_t k = 0; k < VALUES; k++)
				want[k] += value[k];
		}
	for (size_t k = 0; k < VALUES; k++) {
		double found = k < VALUES - 2 ? ((double *)sum->values[0])[k] :
		    ((double *)sum->values[1])[k - (VALUES - 2)];

		CHECK(want[k] == found, "value %zu: %g, not %g", k, found, want[k]);
	}
}

/* Opens the sum as the server does, and compares it with the plain one. */
static void
check_sum(struct test *t)
{
	struct flp_opening o;
	struct flp_turnout out;
	struct flp_record sum;

	MUST(flp_turnout_begin(&out, &t->d, &fleet_e));
	out.vector = fleet_vector(&t->f, &t->g);
	MUST(flp_opening_begin(&o, &t->d, t->s.client, t->s.n, &fleet_e));
	for (size_t i = 0; i < t->f.n; i++) {
		if (t->f.client[i].at >= 0 && flp_survivors_has(&t->s, (uint32_t)t->f.client[i].at))
			MUST(flp_turnout_add(&out, &t->f.client[i].masked, t->s.client, t->s.n, &fleet_e));
		if (t->revealed[i].values != NULL)
			MUST(flp_opening_add(&o, &t->revealed[i], &bad, &fleet_e));
	}
	CHECK(bad.n == 0, "%llu shares", (unsigned long long)bad.n);
	MUST(flp_opening_unmask(&o, "update", out.vector.fit.bits, &out.sum, &fleet_e));
	out.vector.added = t->s.n;
	MUST(flp_vector_open(&out.vector, &sum, &out.sum, &fleet_e));
	check_values(t, &sum);
	flp_record_free(&sum);
	flp_opening_end(&o);
	flp_turnout_end(&out);
}

/* Whole rounds, with clients that stop at each step. */
static void
test_rounds(size_t n, int stop)
{
	static struct test t;
	int on[MOST];

	begin(&t, n);
	for (size_t i = 0; i < n; i++)
		on[i] = stop > 0 && i % (size_t)stop == 3 ? (int)(i / (size_t)stop) % (STEPS + 1) : STEPS;
	go(&t, on, REVEAL, 1);
	check_sum(&t);
	end(&t);
}

static const int all_on[MOST] = { [0 ... MOST - 1] = STEPS };

static void
check_same(const struct flp_record *a, const struct flp_record *b, const char *what)
{
	struct flp_digest x, y;

	MUST(flp_record_digest(a, &x, &fleet_e));
	MUST(flp_record_digest(b, &y, &fleet_e));
	CHECK(memcmp(&x, &y, sizeof x) == 0, "%s: others", what);
}

/* The journal does not have the digest of what was masked, which could confirm a guess at it. */
static void
check_guess(const struct test *t, const struct flp_record *update)
{
	const struct flp_journal *j = &t->journal[0];
	struct flp_vector v = fleet_vector(&t->f, &t->g);
	long at = flp_journal_find(j, "apply", t->g.round.session, "update", t->g.round.number);
	struct flp_record guess;
	struct flp_digest digest;
	char text[FLP_DIGEST_TEXT];

	MUST(flp_vector_make(&v, &guess, update, &fleet_e));
	MUST(flp_round_set(&guess.header.meta, &t->g.round, &fleet_e));
	MUST(flp_record_digest(&guess, &digest, &fleet_e));
	flp_digest_text(&digest, text);
	CHECK(at >= 0 && strcmp(j->entry[at].input, text) != 0, "%s", text);
	flp_record_free(&guess);
}

/* Asked again for what it has sent, a client gives the stored message, also when the round is
 * over and its secrets are erased. */
static void
test_again(void)
{
	static struct test t;
	struct flp_journal *j = &t.journal[0];
	struct flp_record again, update;
	struct flp_confirmed c = { 0 };

	begin(&t, 4);
	go(&t, all_on, REVEAL, 0);
	check_sum(&t);
	for (size_t i = 0; i < j->n; i++)
		CHECK(j->entry[i].forgotten == (strcmp(j->entry[i].verb, "confirm") != 0 &&
		    strcmp(j->entry[i].verb, "reveal") != 0), "%s", j->entry[i].verb);
	MUST(flp_advertise(&again, j, &t.f.round, 0, &fleet_e));
	check_same(&again, &t.f.client[0].advertised, "advertise");
	flp_record_free(&again);
	MUST(flp_share(&again, j, &t.g, &fleet_e));
	check_same(&again, &t.f.client[0].shared, "share");
	flp_record_free(&again);
	fleet_update(&t.f, 0, &update);
	MUST(apply(&t, 0, &update, &again, &fleet_e));
	check_same(&again, &t.f.client[0].masked, "apply");
	check_guess(&t, &update);
	flp_record_free(&again);
	MUST(flp_confirm(&again, j, &t.g, &t.s, &fleet_e));
	check_same(&again, &t.confirmed[0], "confirm");
	flp_record_free(&again);
	MUST(flp_confirmed_begin(&c, &t.g, &t.s, &fleet_e));
	MUST(flp_reveal(&again, j, &c, &fleet_e));
	check_same(&again, &t.revealed[0], "reveal");
	flp_record_free(&again);
	flp_confirmed_end(&c);

	/* Another update under the masks of the round. */
	*(float *)update.values[0] = 0;
	REFUSED(apply(&t, 0, &update, &again, &e), "apply: expected the input of");
	flp_record_free(&update);
	end(&t);
}

/* Earlier rounds, other models, invented members. */
static void
test_advertise(void)
{
	static struct test t;
	struct flp_round round;
	struct flp_record message;

	begin(&t, 4);
	advertise(&t, 0, 0);
	round = t.f.round;
	round.number--;
	REFUSED(flp_advertise(&message, &t.journal[0], &round, 0, &e), "expected round 7 or a later one");
	round = t.f.round;
	round.base.byte[0] ^= 1;
	REFUSED(flp_advertise(&message, &t.journal[0], &round, 0, &e), "advertise: base: expected");
	round = t.f.round;
	round.number++;
	round.roster.byte[0] ^= 1;
	REFUSED(flp_advertise(&message, &t.journal[0], &round, 0, &e), "expected the roster");
	end(&t);
}

/* What is left of an unfinished round when a later one begins. */
static void
test_left(void)
{
	static struct test t;
	struct flp_record message;

	begin(&t, 4);
	go(&t, all_on, SHARE, 0);
	t.f.round.number++;
	MUST(flp_advertise(&message, &t.journal[0], &t.f.round, 0, &fleet_e));
	CHECK(t.journal[0].n == 3 && t.journal[0].entry[0].forgotten &&
	    t.journal[0].entry[1].forgotten && !t.journal[0].entry[2].forgotten, "kept");
	flp_record_free(&message);
	MUST(flp_dealing_inbox(&t.d, 0, &t.inbox[0], &fleet_e));
	refuse_apply(&t, "found them erased");
	end(&t);
}

/* A round that too few clients have answered is begun anew, with other keys and the same model,
 * unless this client has confirmed whose updates are added. */
static void
test_anew(void)
{
	static struct test t;
	struct flp_record message;

	const size_t all[] = { 0, 1, 2, 3 };

	begin(&t, 4);
	go(&t, all_on, APPLY, 0);
	survivors(&t, &t.s, all, 4);
	MUST(flp_confirm(&message, &t.journal[3], &t.g, &t.s, &fleet_e));
	flp_record_free(&message);
	REFUSED(flp_advertise(&message, &t.journal[3], &t.f.round, 1, &e),
	    "expected a round in which this client has not confirmed survivors");
	MUST(flp_advertise(&message, &t.journal[0], &t.f.round, 1, &fleet_e));
	CHECK(memcmp(flp_record_values(&message, "mask", NULL),
	    flp_record_values(&t.f.client[0].advertised, "mask", NULL), 32) != 0, "the same keys");
	flp_record_free(&message);
	for (size_t i = 0; i < t.journal[0].n; i++)
		CHECK(t.journal[0].entry[i].forgotten == (i + 1 < t.journal[0].n), "entry %zu", i);

	/* In the attempt that was given up, nothing is answered or sent again. */
	REFUSED(flp_confirm(&message, &t.journal[0], &t.g, &t.s, &e), "found them erased");
	REFUSED(flp_share(&message, &t.journal[0], &t.g, &e),
	    "expected the keys that it has advertised");
	refuse_apply(&t, "found them erased");

	/* A client that has merely lost its message gets it again. */
	MUST(flp_advertise(&message, &t.journal[1], &t.f.round, 0, &fleet_e));
	check_same(&message, &t.f.client[1].advertised, "advertise");
	flp_record_free(&message);

	end_round(&t);
	new_journal(&t, 3);
	t.anew = 1;
	go(&t, all_on, REVEAL, 0);
	check_sum(&t);
	end(&t);
}

/* Graph records that the client must not answer. */
static void
test_graph(void)
{
	static struct test t, other;
	struct flp_gathering smaller = { 0 };
	unsigned char three[] = { 1, 1, 1, 0 }, without[] = { 0, 1, 1, 1 };
	struct flp_record message;

	begin(&t, 4);
	go(&t, all_on, ADVERTISE, 0);
	MUST(flp_share(&message, &t.journal[0], &t.g, &fleet_e));
	flp_record_free(&message);
	CHECK(fleet_gather(&t.f, &smaller, three), "no graph");
	REFUSED(flp_share(&message, &t.journal[0], &smaller, &e), "share: graph: expected");
	flp_gathering_free(&smaller);
	CHECK(fleet_gather(&t.f, &smaller, without), "no graph");
	REFUSED(flp_share(&message, &t.journal[0], &smaller, &e), "share: graph: expected");
	flp_gathering_free(&smaller);
	end(&t);

	/* Keys that this client has signed with the key of a copy, which this journal does not know. */
	begin(&other, 4);
	go(&other, all_on, ADVERTISE, 0);
	new_journal(&other, 1);
	REFUSED(flp_share(&message, &other.journal[1], &other.g, &e), "found none: run fl-mask advertise first");
	MUST(flp_advertise(&message, &other.journal[1], &other.f.round, 0, &fleet_e));
	flp_record_free(&message);
	REFUSED(flp_share(&message, &other.journal[1], &other.g, &e),
	    "client client00001: expected the keys that it has advertised");
	CHECK(fleet_gather(&other.f, &smaller, without), "no graph");
	REFUSED(flp_share(&message, &other.journal[0], &smaller, &e), "found it left out");
	flp_gathering_free(&smaller);
	end(&other);
}

/* A public key that is a point of small order: everybody would know a secret agreed with it. */
static void
test_zero(const char *tensor)
{
	static struct test t;
	struct flp_record message;
	unsigned char *key;

	begin(&t, 4);
	go(&t, all_on, SHARE, 0);
	key = flp_record_values(&t.g.record, tensor, NULL);
	memset(key + 32 * 2, 0, 32);
	if (strcmp(tensor, "encrypt") == 0) {
		new_journal(&t, 0);
		MUST(flp_advertise(&message, &t.journal[0], &t.f.round, 0, &fleet_e));
		memcpy(key, flp_record_values(&message, "encrypt", NULL), 32);
		memcpy(flp_record_values(&t.g.record, "mask", NULL),
		    flp_record_values(&message, "mask", NULL), 32);
		memcpy(flp_record_values(&t.g.record, "nonce", NULL),
		    flp_record_values(&message, "nonce", NULL), 32);
		flp_record_free(&message);
		REFUSED(flp_share(&message, &t.journal[0], &t.g, &e), "found a point of small order");
	} else {
		MUST(flp_dealing_inbox(&t.d, 0, &t.inbox[0], &fleet_e));
		refuse_apply(&t, "found a point of small order");
	}
	CHECK(strstr(e.text, "client00002: ") != NULL, "%s", e.text);
	end(&t);
}

/* An inbox of `rows` rows: the rows of the full inbox that row[] lists. */
static void
cut_inbox(struct test *t, struct flp_record *to, const size_t *row, size_t rows)
{
	static const char *const tensors[] = { "from", "box", "check" };
	const struct flp_record *from = &t->inbox[0];

	MUST(flp_message_new(to, FLP_MESSAGE_DELIVER, &t->g.round, rows, 0, &fleet_e));
	MUST(flp_meta_set_text(&to->header.meta, "client", t->f.client[0].id.name, &fleet_e));
	for (size_t k = 0; k < 3; k++) {
		const struct flp_tensor *tensor;
		const char *whole = flp_record_values(from, tensors[k], &tensor);
		size_t one = (size_t)(tensor->bytes / tensor->dims[0]);

		for (size_t i = 0; i < rows; i++)
			memcpy((char *)flp_record_values(to, tensors[k], NULL) + i * one,
			    whole + row[i] * one, one);
	}
}

static void
try_inbox(struct test *t, const size_t *row, size_t rows, const char *flip, size_t at,
    const char *says)
{
	struct flp_masking m = { .gathering = &t->g, .vector = fleet_vector(&t->f, &t->g) };
	struct flp_record inbox, update, message;

	cut_inbox(t, &inbox, row, rows);
	if (strcmp(flip, "client") == 0)
		MUST(flp_meta_set_text(&inbox.header.meta, flip, "client00001", &fleet_e));
	else if (flip[0] != '\0')
		((unsigned char *)flp_record_values(&inbox, flip, NULL))[at] ^= 0x10;
	fleet_update(&t->f, 0, &update);
	REFUSED(flp_masking_apply(&m, &t->journal[0], &inbox, &update, &message, &e), says);
	flp_record_free(&update);
	flp_record_free(&inbox);
}

/* Makes the box of client 1 for client 0 anew, as client 1 would, with a share that is as large as
 * 32 bytes can say: number `which` of the two. */
static void
deal_large(struct test *t, int which)
{
	const struct flp_derive d = flp_gathering_derive(&t->g, NULL);
	const struct fleet_client *c = &t->f.client[1];
	unsigned char key[32], bound[32], share[64] = { 1, [32] = 1 };
	unsigned char *box = (unsigned char *)flp_record_values(&t->inbox[0], "box", NULL) +
	    FLP_MESSAGE_BOX;
	unsigned char *check = (unsigned char *)flp_record_values(&t->inbox[0], "check", NULL) +
	    FLP_MESSAGE_CHECK;

	memset(share + 32 * which, 0xff, 32);
	MUST(flp_derive_box(key, &d, c->encrypt, t->g.encrypt[0], t->g.encrypt[1], t->g.encrypt[0],
	    &fleet_e));
	flp_derive_box_bound(bound, &d, 1, 0);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + 24, NULL, share, sizeof share, bound,
	    sizeof bound, NULL, box, key);
	flp_derive_check(check, &d, 1, 0, FLP_DERIVE_SEED, share);
	flp_derive_check(check + 16, &d, 1, 0, FLP_DERIVE_SELF, share + 32);
}

/* A share that no polynomial has is refused before it can be revealed. */
static void
test_large(void)
{
	static struct test t;
	static const size_t whole[] = { 0, 1, 2, 3 };

	for (int which = 0; which < 2; which++) {
		begin(&t, 4);
		go(&t, all_on, SHARE, 1);
		MUST(flp_dealing_inbox(&t.d, 0, &t.inbox[0], &fleet_e));
		deal_large(&t, which);
		try_inbox(&t, whole, 4, "", 0,
		    "client client00001: expected shares below the order of Ed25519");
		mask(&t, 0, 0);
		end(&t);
	}
}

/* Boxes that the server must not deliver. None of these uses up the client's turn: it can still
 * mask when the right boxes come. */
static void
test_inbox(void)
{
	static struct test t;
	static const size_t whole[] = { 0, 1, 2, 3 }, own_gone[] = { 1, 2, 3 }, few[] = { 0, 1 },
	    twice[] = { 0, 1, 1, 3 };
	int on[MOST];

	memcpy(on, all_on, sizeof on);
	begin(&t, 4);
	go(&t, on, SHARE, 0);
	MUST(flp_dealing_inbox(&t.d, 0, &t.inbox[0], &fleet_e));
	try_inbox(&t, whole, 4, "box", 2 * FLP_MESSAGE_BOX + 30,
	    "client client00002: expected a box that opens");
	for (size_t half = 0; half < 2; half++)
		try_inbox(&t, whole, 4, "check", 2 * FLP_MESSAGE_CHECK + half * FLP_DERIVE_CHECK + 4,
		    "client client00002: expected the shares that its message announces");
	try_inbox(&t, whole, 4, "from", 12, "expected a client below 4, found 19");
	try_inbox(&t, whole, 4, "client", 0, "metadata: client: expected client00000");
	try_inbox(&t, own_gone, 3, "", 0, "client client00000: expected its own box");
	try_inbox(&t, few, 2, "", 0, "expected boxes from at least 3 clients, found 2");
	try_inbox(&t, twice, 4, "", 0, "client client00001: expected each sender once");
	mask(&t, 0, 0);
	end(&t);
}

/* In a graph that is not complete, a box from a client that is not a neighbour. */
static void
test_stranger(void)
{
	static struct test t;
	uint32_t *from, *holder, stranger = 1;

	begin(&t, MOST);
	go(&t, all_on, SHARE, 0);
	MUST(flp_dealing_inbox(&t.d, 0, &t.inbox[0], &fleet_e));
	CHECK(t.g.holders == t.g.degree, "complete");
	holder = NEW(t.g.holders, sizeof *holder);
	flp_gathering_holders(&t.g, 0, holder);
	for (size_t i = 0; i < t.g.holders && holder[i] == stranger; i++)
		stranger++;
	from = flp_record_values(&t.inbox[0], "from", NULL);
	while (*from < stranger)
		from++;
	*from = stranger;
	refuse_apply(&t, "expected boxes from neighbours only");
	free(holder);
	end(&t);
}

/* Two sets of survivors would give the server both shares of a client. */
static void
test_survivors(void)
{
	static struct test t;
	static const size_t less[] = { 0, 1, 2 }, few[] = { 0, 1 }, without[] = { 1, 2, 3 };
	struct flp_survivors s;
	struct flp_confirmed c;
	struct flp_record message, torn;

	begin(&t, 4);
	go(&t, all_on, APPLY, 0);
	survivors(&t, &s, few, 2);
	REFUSED(flp_confirm(&message, &t.journal[0], &t.g, &s, &e),
	    "expected at least 3 survivors among the holders");
	flp_survivors_free(&s);
	survivors(&t, &s, without, 3);
	REFUSED(flp_confirm(&message, &t.journal[0], &t.g, &s, &e), "found it left out");
	flp_survivors_free(&s);

	/* The first client is told of three survivors, the others of four. */
	survivors(&t, &s, less, 3);
	MUST(flp_confirm(&torn, &t.journal[0], &t.g, &s, &fleet_e));
	survivors(&t, &t.s, (const size_t[]){ 0, 1, 2, 3 }, 4);
	REFUSED(flp_confirm(&message, &t.journal[0], &t.g, &t.s, &e), "confirm: survivors: expected");
	for (size_t i = 1; i < 4; i++)
		confirm(&t, i, 0);
	MUST(flp_confirmed_begin(&c, &t.g, &t.s, &fleet_e));
	REFUSED(flp_reveal(&message, &t.journal[1], &c, &e),
	    "expected signatures of at least 3 holders");
	REFUSED(flp_reveal(&message, &t.journal[0], &c, &e),
	    "expected those that this client has confirmed");
	for (size_t i = 1; i < 4; i++)
		MUST(flp_confirmed_add(&c, &t.confirmed[i], &fleet_e));
	REFUSED(flp_confirmed_add(&c, &torn, &e), "client client00000: expected a signature of the "
	    "survivors in --survivors");
	/* Three have confirmed the set of four; not enough are left for another. */
	MUST(flp_reveal(&message, &t.journal[1], &c, &fleet_e));
	flp_record_free(&message);
	flp_confirmed_end(&c);
	MUST(flp_confirmed_begin(&c, &t.g, &s, &fleet_e));
	REFUSED(flp_reveal(&message, &t.journal[1], &c, &e), "reveal: survivors: expected");
	flp_confirmed_end(&c);
	flp_record_free(&torn);
	flp_survivors_free(&s);
	end(&t);
}

/* Signatures of the survivors that do not count. */
static void
test_signatures(void)
{
	static struct test t;
	struct flp_confirmed c;
	struct flp_record *one = &t.confirmed[1], message;
	int on[MOST];

	memcpy(on, all_on, sizeof on);
	on[3] = CONFIRM;
	begin(&t, 4);
	go(&t, on, CONFIRM, 0);
	MUST(flp_confirmed_begin(&c, &t.g, &t.s, &fleet_e));
	MUST(flp_confirmed_add(&c, &t.confirmed[0], &fleet_e));
	MUST(flp_confirmed_add(&c, &t.confirmed[2], &fleet_e));
	MUST(flp_confirmed_add(&c, &t.confirmed[2], &fleet_e));
	REFUSED(flp_reveal(&message, &t.journal[0], &c, &e), "at least 3 holders of this client's "
	    "shares, found 2");
	MUST(flp_meta_set_text(&one->header.meta, "client", "client00003", &fleet_e));
	REFUSED(flp_confirmed_add(&c, one, &e), "client client00003: signature: expected one by");
	MUST(flp_meta_set_text(&one->header.meta, "client", "nobody", &fleet_e));
	REFUSED(flp_confirmed_add(&c, one, &e), "client nobody: expected a client of the graph");
	MUST(flp_meta_set_text(&one->header.meta, "client", "client00001", &fleet_e));
	MUST(flp_meta_set_u64(&one->header.meta, "examples", 3, &fleet_e));
	REFUSED(flp_confirmed_add(&c, one, &e), "expected no key examples");
	flp_meta_drop(&one->header.meta, "examples");
	MUST(flp_meta_set_text(&one->header.meta, "session", "another", &fleet_e));
	REFUSED(flp_confirmed_add(&c, one, &e), "session: expected study, found another");
	MUST(flp_meta_set_text(&one->header.meta, "session", "study", &fleet_e));
	MUST(flp_confirmed_add(&c, one, &fleet_e));
	MUST(flp_reveal(&message, &t.journal[0], &c, &fleet_e));
	flp_record_free(&message);
	flp_confirmed_end(&c);
	end(&t);
}

/* A neighbour that survives but has sent no box did not mask with this client. */
static void
test_boxless(void)
{
	static struct test t;
	struct flp_record *inbox = &t.inbox[0], whole, message, update;
	static const size_t three[] = { 0, 1, 2 };

	begin(&t, 4);
	go(&t, all_on, SHARE, 0);
	MUST(flp_dealing_inbox(&t.d, 0, inbox, &fleet_e));
	cut_inbox(&t, &whole, three, 3);
	flp_record_free(inbox);
	*inbox = whole;
	fleet_update(&t.f, 0, &update);
	MUST(apply(&t, 0, &update, &t.f.client[0].masked, &fleet_e));
	flp_record_free(&update);
	survivors(&t, &t.s, (const size_t[]){ 0, 1, 2, 3 }, 4);
	REFUSED(flp_confirm(&message, &t.journal[0], &t.g, &t.s, &e),
	    "client client00003: expected a survivor that has sent a box");
	end(&t);
}

/* The same weights under other metadata: a model of a later round that is the same model. */
static void
test_weights(void)
{
	static struct test t;
	struct flp_record update, message;
	char base[FLP_DIGEST_TEXT];

	begin(&t, 4);
	go(&t, all_on, APPLY, 0);
	end_round(&t);
	MUST(flp_meta_set_u64(&t.f.model.header.meta, "round", 8, &fleet_e));
	MUST(flp_record_digest(&t.f.model, &t.f.base, &fleet_e));
	t.f.round.base = t.f.base;
	t.f.round.number = 8;
	go(&t, all_on, SHARE, 0);
	MUST(flp_dealing_inbox(&t.d, 0, &t.inbox[0], &fleet_e));
	fleet_update(&t.f, 0, &update);
	flp_digest_text(&t.f.base, base);
	MUST(flp_meta_set_text(&update.header.meta, "base", base, &fleet_e));
	REFUSED(apply(&t, 0, &update, &message, &e),
	    "expected parameters for which this site has not masked");
	flp_record_free(&update);
	end(&t);
}

/* The masked record of a client without the masks that its seed gives. */
static void
take_pairs(struct test *t, size_t i, const struct flp_record *advertised, uint64_t *values,
    unsigned bits)
{
	const struct flp_derive d = flp_gathering_derive(&t->g, "update");
	const unsigned char *seed = flp_record_values(advertised, "seed", NULL);
	unsigned char secret[32], public[32];
	struct flp_prg_key key[4];
	size_t n = 0;

	flp_derive_mask(secret, public, seed);
	for (uint32_t k = 0; k < t->g.n; k++)
		if (k != (uint32_t)i) {
			key[n].subtract = !(i < k);
			MUST(flp_derive_pair(key[n++].key, &d, secret, public, t->g.mask[k], &fleet_e));
		}
	MUST(flp_prg_add(values, 0, VALUES - 2, bits, key, n, &fleet_e));
}

static double
chi_square(const uint64_t *values, unsigned bits)
{
	double seen[64] = { 0 }, sum = 0, want = (VALUES - 2) / 64.;

	for (size_t k = 0; k < VALUES - 2; k++)
		seen[values[k] >> (bits - 6)]++;
	for (size_t k = 0; k < 64; k++)
		sum += (seen[k] - want) * (seen[k] - want) / want;
	return sum;
}

/* A message that comes late, after others have revealed the seed of its sender, still has the
 * sender's own mask. Chi-square of 63 degrees of freedom is above 147 with a chance of 1e-8. */
static void
test_late(void)
{
	static struct test t;
	struct flp_record kept, plain, update;
	struct flp_vector v;
	struct flp_turn turn;
	uint64_t *values;
	size_t same = 0;

	begin(&t, 4);
	go(&t, all_on, SHARE, 0);
	flp_turn_begin(&turn, &t.journal[0], "apply", &t.g.round);
	MUST(flp_turn_kept(&turn, "advertise", &kept, &fleet_e));
	mask(&t, 0, 0);
	v = fleet_vector(&t.f, &t.g);
	fleet_update(&t.f, 0, &update);
	MUST(flp_vector_make(&v, &plain, &update, &fleet_e));
	values = t.f.client[0].masked.values[0];
	CHECK(chi_square(values, v.fit.bits) < 147, "%g", chi_square(values, v.fit.bits));
	take_pairs(&t, 0, &kept, values, v.fit.bits);
	CHECK(chi_square(values, v.fit.bits) < 147, "%g", chi_square(values, v.fit.bits));
	for (size_t k = 0; k < VALUES - 2; k++)
		same += values[k] == ((uint64_t *)plain.values[0])[k];
	CHECK(same < 10, "%zu of %d values are in clear", same, VALUES);
	flp_journal_wipe(&kept);
	flp_record_free(&plain);
	flp_record_free(&update);
	end(&t);
}

/* Secrets with every bit inverted, so that the list itself is not found. */
static struct {
	const char *what;
	unsigned char turned[32];
} sought[4];

static void
seek(size_t i, const char *what, const struct flp_record *kept, const char *tensor)
{
	const unsigned char *secret = flp_record_values(kept, tensor, NULL);

	sought[i].what = what;
	for (size_t k = 0; k < 32; k++)
		sought[i].turned[k] = (unsigned char)~secret[k];
}

/* How often secret number i occurs in n bytes. */
static unsigned
count_in(const unsigned char *at, size_t n, size_t i)
{
	unsigned found = 0;

	for (; n >= 32; at++, n--) {
		size_t k = 0;

		while (k < 32 && at[k] == (unsigned char)~sought[i].turned[k])
			k++;
		found += k == 32;
	}
	return found;
}

/* How often it occurs in a region, which is read through /proc/self/mem in pieces that overlap.
 * Each piece is wiped, or it would be found too. */
static unsigned
count_region(int memory, unsigned long from, unsigned long to, size_t i)
{
	static unsigned char piece[1 << 16];
	unsigned found = 0;

	for (; from < to; from += sizeof piece - 31) {
		ssize_t n = pread(memory, piece, to - from < sizeof piece ? to - from : sizeof piece,
		    (off_t)from);

		if (n > 0)
			found += count_in(piece, (size_t)n, i);
		sodium_memzero(piece, sizeof piece);
	}
	return found;
}

/* How often it occurs in all writable memory of this process. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAN_SCAN 0 /* their own memory is vast */
#else
#define CAN_SCAN 1
#endif
static unsigned
scan(size_t i)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long begin_at, end_at;
	char line[512], mode[8];
	unsigned n = 0;
	int memory;

	/* A process that leaves no core may not read its own memory in this way either. */
	if (prctl(PR_SET_DUMPABLE, 1) < 0 || maps == NULL ||
	    (memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)) < 0)
		exit(1);
	while (fgets(line, sizeof line, maps) != NULL)
		if (sscanf(line, "%lx-%lx %7s", &begin_at, &end_at, mode) == 3 && mode[0] == 'r' &&
		    mode[1] == 'w')
			n += count_region(memory, begin_at, end_at, i);
	fclose(maps);
	close(memory);
	return n;
}

/* Whether these bytes are in memory that is never written to the disk. */
static int
is_locked(const void *p)
{
	unsigned long long begin, end, at = (unsigned long long)(uintptr_t)p;
	FILE *maps = fopen("/proc/self/smaps", "r");
	int here = 0, locked = 0;
	char line[1024];

	if (maps == NULL)
		return 0;
	while (fgets(line, sizeof line, maps) != NULL) {
		if (sscanf(line, "%llx-%llx ", &begin, &end) == 2)
			here = begin <= at && at < end;
		if (here && strncmp(line, "VmFlags:", 8) == 0)
			locked = strstr(line, " lo") != NULL;
	}
	fclose(maps);
	return locked;
}

/* What is kept for later turns is in memory like that of keys. */
static void
check_locked(const struct flp_record *kept)
{
	void *key = flp_hidden_new(32, 1, &e);
	int can = is_locked(key); /* the system may not let this user lock any */

	for (size_t i = 0; i < kept->header.tensors; i++)
		CHECK(is_locked(kept->values[i]) == can, "tensor %s", kept->header.tensor[i].name);
	flp_hidden_free(key);
}

static void
test_locked(void)
{
	static const char *const verbs[] = { "advertise", "share" };
	static struct test t;
	struct flp_record kept;
	struct flp_turn turn;

	begin(&t, 4);
	go(&t, all_on, SHARE, 0);
	flp_turn_begin(&turn, &t.journal[0], "apply", &t.g.round);
	for (size_t i = 0; i < 2; i++) {
		MUST(flp_turn_kept(&turn, verbs[i], &kept, &fleet_e));
		check_locked(&kept);
		flp_journal_wipe(&kept);
		MUST(flp_turn_keep(&kept, verbs[i], 0, &fleet_e));
		check_locked(&kept);
		flp_journal_wipe(&kept);
	}
	mask(&t, 0, 0);
	MUST(flp_turn_kept(&turn, "apply", &kept, &fleet_e));
	check_locked(&kept);
	flp_journal_wipe(&kept);
	end(&t);
}

/* Nothing that a client keeps from turn to turn is left in memory after a turn. */
static void
test_memory(void)
{
	static struct test t;
	struct flp_record kept;
	struct flp_turn turn;

	begin(&t, 4);
	go(&t, all_on, SHARE, 0);
	flp_turn_begin(&turn, &t.journal[0], "apply", &t.g.round);
	MUST(flp_turn_kept(&turn, "advertise", &kept, &fleet_e));
	seek(0, "seed", &kept, "seed");
	seek(1, "encrypt", &kept, "encrypt");
	CHECK(scan(0) == 1 && scan(1) == 1, "what is there is not found");
	flp_journal_wipe(&kept);
	MUST(flp_turn_kept(&turn, "share", &kept, &fleet_e));
	seek(2, "b", &kept, "self");
	flp_journal_wipe(&kept);
	for (size_t i = 0; i < 3; i++)
		CHECK(scan(i) == 0, "%s before apply", sought[i].what);
	mask(&t, 0, 0);
	MUST(flp_turn_kept(&turn, "apply", &kept, &fleet_e));
	seek(3, "a share of a seed", &kept, "seed");
	flp_journal_wipe(&kept);
	for (size_t i = 0; i < 4; i++)
		CHECK(scan(i) == 0, "%s after apply", sought[i].what);
	end(&t);
}

int
main(void)
{
	char command[128];

	if (mkdtemp(folder) == NULL)
		return 1;
	test_rounds(3, 0);
	test_rounds(10, 5);
	test_rounds(MOST, 7);
	test_again();
	test_advertise();
	test_left();
	test_anew();
	test_graph();
	test_zero("encrypt");
	test_zero("mask");
	test_inbox();
	test_large();
	test_stranger();
	test_survivors();
	test_signatures();
	test_boxless();
	test_weights();
	test_late();
	test_locked();
	if (CAN_SCAN)
		test_memory();
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) != 0 || unit_done();
}

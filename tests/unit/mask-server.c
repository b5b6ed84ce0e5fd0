/* mask-server: messages of clients that are properly signed but must not be believed. The server
 * says whose they are and what is wrong, and goes on without them if it can. */
#include "fleet.h"

enum { N = 5, VALUES = 6 };

static struct flp_error e;
static char told[4096];
static size_t tellings;

static void
tell(const struct flp_error *error)
{
	tellings++;
	snprintf(told, sizeof told, "%s", error->text);
}

static struct flp_bad bad = { .tell = tell };

/* A call that must fail because an input is bad, with this text in its sentence. */
#define REFUSED(call, what) do { \
	memset(&e, 0, sizeof e); \
	CHECK((call) < 0 && e.code == FLP_ERROR_BAD && strstr(e.text, what) != NULL, \
	    "expected \"%s\", found \"%s\"", what, e.text); \
} while (0)

/* Everything up to the shares. */
struct server {
	struct fleet f;
	struct flp_gathering g;
	struct flp_dealing d;
};

static const unsigned char all[N] = { 1, 1, 1, 1, 1 };

static void
begin(struct server *s, const struct flp_identity *authority)
{
	fleet_begin(&s->f, N, VALUES, authority);
	for (size_t i = 0; i < N; i++)
		fleet_advertise(&s->f, i);
	CHECK(fleet_gather(&s->f, &s->g, all), "%s", fleet_e.text);
	MUST(flp_dealing_begin(&s->d, &s->g, 1, &fleet_e));
	for (size_t i = 0; i < N; i++)
		fleet_share(&s->f, &s->g, i);
}

static void
end(struct server *s)
{
	flp_dealing_end(&s->d);
	flp_gathering_free(&s->g);
	fleet_end(&s->f);
}

/* Delivers what clients have shared, and lets all mask. */
static void
deliver(struct server *s)
{
	struct flp_record inbox;

	for (size_t i = 0; i < N; i++)
		MUST(flp_dealing_add(&s->d, &s->f.client[i].shared, &fleet_e));
	for (size_t i = 0; i < N; i++) {
		MUST(flp_dealing_inbox(&s->d, i, &inbox, &fleet_e));
		fleet_open(&s->f, &s->g, i, &inbox);
		fleet_mask(&s->f, &s->g, i);
		flp_record_free(&inbox);
	}
}

static void
flip(struct flp_record *message, const char *tensor)
{
	*(unsigned char *)flp_record_values(message, tensor, NULL) ^= 1;
}

static int
graph(struct fleet *f, struct flp_advertised *a, struct flp_record *to)
{
	struct flp_finder rule = f->rule;

	memset(&e, 0, sizeof e);
	return flp_advertised_graph(a, to, &rule, &bad, &e);
}

static void
test_advertised(void)
{
	struct flp_record one, record;
	struct flp_advertised a;
	struct fleet f;
	static const unsigned char zero[32];

	fleet_begin(&f, N, VALUES, NULL);
	for (size_t i = 0; i < N; i++)
		fleet_advertise(&f, i);
	flp_advertised_begin(&a, &f.round, &f.trust);
	one = f.client[0].advertised;
	memcpy(flp_record_values(&one, "mask", NULL), zero, 32);
	fleet_sign(&f.client[0], &one);
	REFUSED(flp_advertised_add(&a, &one, &e),
	    "client client00000: tensor mask: expected a public key of X25519");
	fleet_advertise(&f, 0);
	flip(&f.client[0].advertised, "nonce");
	REFUSED(flp_advertised_add(&a, &f.client[0].advertised, &e),
	    "client client00000: signature: expected one by client00000");
	fleet_sign(&f.client[1], &f.client[0].advertised);
	MUST(flp_meta_set_text(&f.client[0].advertised.header.meta, "client", "client00000",
	    &fleet_e));
	REFUSED(flp_advertised_add(&a, &f.client[0].advertised, &e),
	    "client client00000: signature: expected one by client00000");
	MUST(flp_meta_set_text(&f.client[0].advertised.header.meta, "client", "nobody", &fleet_e));
	REFUSED(flp_advertised_add(&a, &f.client[0].advertised, &e),
	    "client nobody: expected a member of the roster, found a client that is not");

	/* two that differ, and a copy of another client's key: of four clients only one is left */
	for (size_t i = 1; i < N; i++)
		MUST(flp_advertised_add(&a, &f.client[i].advertised, &fleet_e));
	MUST(flp_advertised_add(&a, &f.client[1].advertised, &fleet_e));
	fleet_advertise(&f, 1);
	REFUSED(flp_advertised_add(&a, &f.client[1].advertised, &e),
	    "client client00001: expected one advertisement, found two that differ");
	fleet_advertise(&f, 0);
	memcpy(flp_record_values(&f.client[0].advertised, "encrypt", NULL),
	    flp_record_values(&f.client[2].advertised, "mask", NULL), 32);
	fleet_sign(&f.client[0], &f.client[0].advertised);
	MUST(flp_advertised_add(&a, &f.client[0].advertised, &fleet_e));
	bad.n = 0;
	CHECK(graph(&f, &a, &record) < 0 && strstr(e.text, "found 2") != NULL, "%s", e.text);
	CHECK(bad.n == 1 && strstr(told, "expected keys that differ") != NULL &&
	    strstr(told, "client00000") != NULL && strstr(told, "client00002") != NULL, "%s", told);
	flp_advertised_end(&a);
	fleet_end(&f);
}

/* Gives client 1 another key in a graph record, in an advertisement that it has signed. */
static void
advertise_key(struct server *s, struct flp_record *graph, const char *tensor,
    const unsigned char key[32])
{
	static const char *const tensors[] = { "encrypt", "mask", "nonce" };
	struct flp_record own;

	memcpy((unsigned char *)flp_record_values(graph, tensor, NULL) + 32, key, 32);
	MUST(flp_message_new(&own, FLP_MESSAGE_ADVERTISE, &s->f.round, 0, 0, &fleet_e));
	for (size_t i = 0; i < 3; i++)
		memcpy(flp_record_values(&own, tensors[i], NULL),
		    (unsigned char *)flp_record_values(graph, tensors[i], NULL) + 32, 32);
	fleet_sign(&s->f.client[1], &own);
	MUST(flp_signed_bytes(&own,
	    (unsigned char *)flp_record_values(graph, "signature", NULL) + 64, &fleet_e));
	flp_record_free(&own);
}

/* What every client checks in the graph record. The server makes that record, so it does not check
 * it. */
static void
test_gathering(void)
{
	struct flp_gathering g;
	struct flp_record copy;
	struct server s;
	char *names;

	begin(&s, NULL);
#define AGAIN(change, what) do { \
	MUST(flp_record_new(&copy, &s.g.record.header, &fleet_e)); \
	for (size_t t = 0; t < copy.header.tensors; t++) \
		memcpy(copy.values[t], s.g.record.values[t], copy.header.tensor[t].bytes); \
	change; \
	REFUSED(flp_gathering_take(&g, &copy, &s.f.round, &s.f.trust, &s.f.rule, &e), what); \
} while (0)
	AGAIN(flip(&copy, "encrypt"), "client client00000: signature: expected one by");
	AGAIN(flip(&copy, "signature"), "client client00000: signature: expected one by");
	AGAIN(MUST(flp_meta_set_u64(&copy.header.meta, "degree", 2, &fleet_e)),
	    "metadata: degree: expected 4 for 5 clients, found 2");
	AGAIN(MUST(flp_meta_set_u64(&copy.header.meta, "threshold", 3, &fleet_e)),
	    "metadata: threshold: expected 4 for 5 clients, found 3");
	AGAIN(MUST(flp_meta_set_text(&copy.header.meta, "client", "x", &fleet_e)),
	    "expected no key client in a graph");
	AGAIN(names = flp_record_values(&copy, ":clients", NULL); names[10] = '9',
	    "expected names in order, found \"client00001\" after \"client00009\"");
	AGAIN(names = flp_record_values(&copy, ":clients", NULL); names[58] = '9',
	    "client client00009: expected a member of the roster, found a client that is not");
	AGAIN(names = flp_record_values(&copy, ":clients", NULL); names[11] = 'x',
	    "expected a row for each of 4 clients, found 5");
	AGAIN(names = flp_record_values(&copy, ":clients", NULL); memcpy(names + 48, "d\nd00000000", 11),
	    "expected a row for each of 6 clients, found 5");
	AGAIN(advertise_key(&s, &copy, "encrypt", s.g.encrypt[3]),
	    "clients client00001 and client00003: expected keys that differ");
	AGAIN(advertise_key(&s, &copy, "mask", s.g.encrypt[0]),
	    "clients client00000 and client00001: expected keys that differ");
	AGAIN(advertise_key(&s, &copy, "encrypt", s.g.sign[2]),
	    "clients client00001 and client00002: expected keys that differ");
	AGAIN(s.f.round.number++, "metadata: round: expected 8, found 7");
	s.f.round.number--;
	AGAIN(s.f.round.has_roster = 0; s.f.trust.authority = s.g.sign[0],
	    "expected 8 tensors, found 5");
#undef AGAIN
	s.f.trust.authority = NULL;
	end(&s);
}

static void
test_dealing(void)
{
	struct fleet_client *c;
	struct flp_record inbox, few;
	struct server s;

	begin(&s, NULL);
	c = s.f.client;
	flip(&c[0].shared, "box");
	REFUSED(flp_dealing_add(&s.d, &c[0].shared, &e), "client client00000: signature");
	flip(&c[0].shared, "box");
	((uint32_t *)flp_record_values(&c[0].shared, "to", NULL))[2] = 3;
	fleet_sign(&c[0], &c[0].shared);
	REFUSED(flp_dealing_add(&s.d, &c[0].shared, &e),
	    "client client00000: tensor to: row 3: expected client 2 of the graph, found 3");
	MUST(flp_message_new(&few, FLP_MESSAGE_SHARE, &s.g.round, N - 1, 0, &fleet_e));
	for (uint32_t i = 0; i < N - 1; i++)
		((uint32_t *)flp_record_values(&few, "to", NULL))[i] = i;
	fleet_sign(&c[0], &few);
	REFUSED(flp_dealing_add(&s.d, &few, &e),
	    "client client00000: expected shares for 5 clients, found 4");
	flp_record_free(&few);
	MUST(flp_dealing_add(&s.d, &c[1].shared, &fleet_e));
	MUST(flp_dealing_add(&s.d, &c[1].shared, &fleet_e));
	CHECK(flp_dealing_count(&s.d) == 1, "%zu", flp_dealing_count(&s.d));
	fleet_share(&s.f, &s.g, 1);
	REFUSED(flp_dealing_add(&s.d, &c[1].shared, &e),
	    "client client00001: expected one share message, found two that differ");
	CHECK(flp_dealing_count(&s.d) == 0, "%zu", flp_dealing_count(&s.d));
	CHECK(flp_dealing_inbox(&s.d, 1, &inbox, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "made");
	CHECK(flp_dealing_find(&s.d, N, 0) < 0 && flp_dealing_find(&s.d, 0, N) < 0, "found");
	end(&s);
}

/* Messages whose form is wrong. */
static void
test_messages(void)
{
	struct flp_record message;
	struct server s;
	uint64_t few = 31;

	begin(&s, NULL);
	MUST(flp_message_check(&s.f.client[0].shared, FLP_MESSAGE_SHARE, &s.g.round, &fleet_e));
	REFUSED(flp_message_check(&s.f.client[0].shared, FLP_MESSAGE_DELIVER, &s.g.round, &e),
	    "expected an inbox, found share (a share message)");
	REFUSED(flp_message_check(&s.f.client[0].shared, FLP_MESSAGE_ADVERTISE, &s.g.round, &e),
	    "expected an advertise message, found share (a share message)");
	MUST(flp_message_new(&message, FLP_MESSAGE_ADVERTISE, &s.f.round, 0, 0, &fleet_e));
	REFUSED(flp_message_check(&message, FLP_MESSAGE_ADVERTISE, &s.f.round, &e),
	    "metadata: client: expected one in an advertise message, found nothing");
	fleet_sign(&s.f.client[0], &message);
	MUST(flp_message_check(&message, FLP_MESSAGE_ADVERTISE, &s.f.round, &fleet_e));
	MUST(flp_meta_set_u64(&message.header.meta, "examples", 9, &fleet_e));
	REFUSED(flp_message_check(&message, FLP_MESSAGE_ADVERTISE, &s.f.round, &e),
	    "expected no key examples in an advertise message, found one");
	flp_meta_drop(&message.header.meta, "examples");
	MUST(flp_meta_set_text(&message.header.meta, "graph", "00", &fleet_e));
	REFUSED(flp_message_check(&message, FLP_MESSAGE_ADVERTISE, &s.f.round, &e),
	    "metadata: graph: expected nothing, found 00");
	flp_meta_drop(&message.header.meta, "graph");
	MUST(flp_header_add(&message.header, "more", FLP_DTYPE_U8, 1, &few, &fleet_e));
	CHECK(flp_message_check(&message, FLP_MESSAGE_ADVERTISE, &s.f.round, &e) < 0 &&
	    e.code == FLP_ERROR_BAD, "a further tensor");
	flp_header_remove(&message.header, 3);
	message.header.tensor[0].dims[0] = few;
	REFUSED(flp_message_check(&message, FLP_MESSAGE_ADVERTISE, &s.f.round, &e),
	    "tensor encrypt: expected dims 32, found 31");
	message.header.tensor[0].dims[0] = 32;
	flp_record_free(&message);
	MUST(flp_message_new(&message, FLP_MESSAGE_CONFIRM, &s.g.round, 0, 0, &fleet_e));
	CHECK(message.header.tensors == 0 && flp_message_rows(&message) == 0, "rows");
	flp_record_free(&message);
	CHECK(flp_message_new(&message, FLP_MESSAGES, &s.g.round, 0, 0, &e) < 0 &&
	    e.code == FLP_ERROR_SYSTEM, "unknown");
	CHECK(flp_message_new(&message, FLP_MESSAGE_SHARE, &s.f.round, 0, 0, &e) < 0 &&
	    e.code == FLP_ERROR_SYSTEM, "no graph");
	end(&s);
}

/* A masked record of client 0 that is signed after the change. */
#define MASKED(change, call, what) do { \
	fleet_mask(&s.f, &s.g, 0); \
	change; \
	fleet_sign(&s.f.client[0], masked); \
	REFUSED(call, what); \
} while (0)

static void
test_turnout(void)
{
	struct flp_record *masked;
	struct flp_turnout t;
	struct server s;
	uint32_t *survivor, three[] = { 1, 2, 3 };
	size_t n;

	begin(&s, NULL);
	deliver(&s);
	masked = &s.f.client[0].masked;
	MUST(flp_turnout_begin(&t, &s.d, &fleet_e));
	t.vector = fleet_vector(&s.f, &s.g);
	MASKED(MUST(flp_meta_set_u64(&masked->header.meta, "examples", 9, &fleet_e)),
	    flp_turnout_note(&t, masked, &e), "client client00000: metadata: expected no key examples");
	MASKED(MUST(flp_meta_set_u64(&masked->header.meta, "bits", 64, &fleet_e)),
	    flp_turnout_note(&t, masked, &e), "metadata: bits: expected");
	MASKED(s.d.sent[0] = FLP_DEALING_TWO, flp_turnout_note(&t, masked, &e),
	    "client client00000: expected a client that has sent its shares");
	s.d.sent[0] = FLP_DEALING_SENT;

	/* terms of its own, which are not those of the majority; then a second record */
	fleet_mask(&s.f, &s.g, 0);
	MUST(flp_meta_set_f64(&masked->header.meta, "range", .5, &fleet_e));
	fleet_sign(&s.f.client[0], masked);
	for (size_t i = 0; i < N; i++)
		MUST(flp_turnout_note(&t, &s.f.client[i].masked, &fleet_e));
	bad.n = 0;
	MUST(flp_turnout_survivors(&t, &survivor, &n, &bad, &fleet_e));
	CHECK(n == N - 1 && survivor[0] == 1 && bad.n == 1 &&
	    strstr(told, "client client00000: expected the clip, grid, range") != NULL, "%zu: %s", n,
	    told);
	free(survivor);
	MASKED((void)0, flp_turnout_note(&t, masked, &e),
	    "client client00000: expected one masked record, found a second");
	flp_turnout_end(&t);

	MUST(flp_turnout_begin(&t, &s.d, &fleet_e));
	t.vector = fleet_vector(&s.f, &s.g);
	MUST(flp_turnout_add(&t, &s.f.client[1].masked, three, 3, &fleet_e));
	masked = &s.f.client[2].masked;
	MUST(flp_meta_set_f64(&masked->header.meta, "range", .5, &fleet_e));
	fleet_sign(&s.f.client[2], masked);
	REFUSED(flp_turnout_add(&t, masked, three, 3, &e),
	    "client client00002: does not agree with the first record: metadata: range: expected ");
	masked = &s.f.client[0].masked;
	REFUSED(flp_turnout_add(&t, masked, three, 3, &e),
	    "client client00000: expected a survivor, found a client whose record came too late");
	REFUSED(flp_turnout_whole(&t, three, 3, &e),
	    "client client00002: expected the masked record of each of 3 survivors, found none");
	flp_turnout_end(&t);
	end(&s);
}

/* Opens the sum of all but client 4 with the reveals of 0 to 3, of which that of client 0 is
 * changed. Returns -1 with *e if this is refused. */
static int
open_changed(struct server *s, void (*change)(struct server *, struct flp_record *))
{
	uint32_t four[] = { 0, 1, 2, 3 };
	struct flp_opening o;
	struct flp_record reveal, sum;
	struct flp_turnout t;
	int status = 0;

	MUST(flp_turnout_begin(&t, &s->d, &fleet_e));
	t.vector = fleet_vector(&s->f, &s->g);
	MUST(flp_opening_begin(&o, &s->d, four, 4, &fleet_e));
	for (size_t i = 0; i < 4; i++)
		MUST(flp_turnout_add(&t, &s->f.client[i].masked, four, 4, &fleet_e));
	for (size_t i = 0; status == 0 && i < 4; i++) {
		fleet_reveal(&s->f, &s->g, i, four, 4, &reveal);
		if (i == 0) {
			change(s, &reveal);
			fleet_sign(&s->f.client[0], &reveal);
		}
		status = flp_opening_add(&o, &reveal, &bad, &e);
		flp_record_free(&reveal);
	}
	if (status == 0)
		status = flp_opening_unmask(&o, "update", t.vector.fit.bits, &t.sum, &e);
	if (status == 0) {
		t.vector.added = 4;
		status = flp_vector_open(&t.vector, &sum, &t.sum, &e);
		flp_record_free(&sum);
	}
	flp_opening_end(&o);
	flp_turnout_end(&t);
	return status;
}

static void
same(struct server *s, struct flp_record *reveal)
{
	(void)s;
	(void)reveal;
}

static void
false_share(struct server *s, struct flp_record *reveal)
{
	(void)s;
	((unsigned char *)flp_record_values(reveal, "share", NULL))[32] ^= 1;
}

static void
other_secret(struct server *s, struct flp_record *reveal)
{
	(void)s;
	((unsigned char *)flp_record_values(reveal, "secret", NULL))[1] = 1;
}

static void
twice(struct server *s, struct flp_record *reveal)
{
	(void)s;
	((uint32_t *)flp_record_values(reveal, "of", NULL))[2] = 1;
}

static void
of_nobody(struct server *s, struct flp_record *reveal)
{
	(void)s;
	((uint32_t *)flp_record_values(reveal, "of", NULL))[4] = 77;
}

static void
other_set(struct server *s, struct flp_record *reveal)
{
	char text[FLP_DIGEST_TEXT];

	flp_digest_text(&s->g.round.graph, text);
	MUST(flp_meta_set_text(&reveal->header.meta, "survivors", text, &fleet_e));
}

static void
test_reveals(void)
{
	struct server s;

	begin(&s, NULL);
	deliver(&s);
	CHECK(open_changed(&s, same) == 0, "%s", e.text);
	REFUSED(open_changed(&s, other_secret),
	    "client client00000: tensor secret: row 2: expected 0, because client client00001 is a "
	    "survivor, found 1");
	REFUSED(open_changed(&s, twice), "client client00000: tensor of: row 3: expected clients in "
	    "order");
	REFUSED(open_changed(&s, of_nobody), "client client00000: tensor of: row 5: expected a client "
	    "that has sent its sender a box, found 77");
	REFUSED(open_changed(&s, other_set), "client client00000: metadata: survivors: expected");
	/* four shares of four are needed, so one false share is too many, for that client alone */
	bad.n = 0;
	REFUSED(open_changed(&s, false_share),
	    "client client00001: expected 4 revealed shares of its own mask, found 3");
	CHECK(bad.n == 1 && strcmp(told, "client client00000: expected the share that client00001 has "
	    "dealt to it, found another") == 0, "%s", told);
	end(&s);
}

/* With five survivors, one false share of five is left out, and four are enough. */
static void
test_spare(void)
{
	uint32_t five[] = { 0, 1, 2, 3, 4 };
	struct flp_opening o;
	struct flp_record reveal;
	struct flp_turnout t;
	struct server s;

	begin(&s, NULL);
	deliver(&s);
	MUST(flp_turnout_begin(&t, &s.d, &fleet_e));
	t.vector = fleet_vector(&s.f, &s.g);
	MUST(flp_opening_begin(&o, &s.d, five, N, &fleet_e));
	bad.n = 0;
	for (size_t i = 0; i < N; i++) {
		MUST(flp_turnout_add(&t, &s.f.client[i].masked, five, N, &fleet_e));
		fleet_reveal(&s.f, &s.g, i, five, N, &reveal);
		if (i == 2) {
			false_share(&s, &reveal);
			fleet_sign(&s.f.client[i], &reveal);
		}
		MUST(flp_opening_add(&o, &reveal, &bad, &fleet_e));
		flp_record_free(&reveal);
	}
	CHECK(bad.n == 1, "%llu", (unsigned long long)bad.n);
	MUST(flp_opening_unmask(&o, "update", t.vector.fit.bits, &t.sum, &fleet_e));
	flp_opening_end(&o);
	flp_turnout_end(&t);
	end(&s);
}

/* A client that is not a survivor reveals nothing, and fewer than t holders open nothing. */
static void
test_survivors(void)
{
	uint32_t four[] = { 0, 1, 2, 3 };
	struct flp_opening o;
	struct flp_record reveal;
	struct server s;

	begin(&s, NULL);
	deliver(&s);
	MUST(flp_opening_begin(&o, &s.d, four, 4, &fleet_e));
	MUST(flp_opening_possible(&o, &fleet_e));
	fleet_reveal(&s.f, &s.g, 4, four, 4, &reveal);
	REFUSED(flp_opening_add(&o, &reveal, &bad, &e),
	    "client client00004: expected a survivor, found a client that is not in the sum");
	flp_record_free(&reveal);
	flp_opening_end(&o);
	MUST(flp_opening_begin(&o, &s.d, four, 3, &fleet_e));
	REFUSED(flp_opening_possible(&o, &e),
	    "client client00000: expected 4 of the 5 who hold its shares to survive, found 3");
	flp_opening_end(&o);
	s.d.sent[2] = FLP_DEALING_NONE;
	REFUSED(flp_opening_begin(&o, &s.d, four, 4, &e),
	    "client client00002: expected a share message from each survivor, found none");
	end(&s);
}

/* A dealer whose shares each pass its own check, but give another secret than it committed to. */
static void
deal_falsely(struct server *s, size_t dealer, int which)
{
	struct fleet_client *c = &s->f.client[dealer];
	unsigned char *secret = which == 0 ? c->seed : c->b, true_one[32];

	memcpy(true_one, secret, 32);
	if (which == 0) {
		secret[0] ^= 1;
		fleet_share(&s->f, &s->g, dealer);
		memcpy(secret, true_one, 32);
	} else {
		flip(&c->shared, "commit");
		fleet_sign(c, &c->shared);
	}
}

static void
test_dealers(void)
{
	struct server s;

	begin(&s, NULL);
	deal_falsely(&s, 4, 0);
	deliver(&s);
	REFUSED(open_changed(&s, same), "client client00004: expected shares of the mask key that this "
	    "client advertised, found shares of another");
	end(&s);
	begin(&s, NULL);
	deal_falsely(&s, 1, 1);
	deliver(&s);
	REFUSED(open_changed(&s, same), "client client00001: expected shares of the own mask that this "
	    "client committed to");
	end(&s);
}

/* Under an authority nobody needs the roster to trust the graph record. */
static void
test_authority(void)
{
	struct flp_identity authority, other;
	struct flp_gathering g;
	struct flp_record copy;
	struct flp_trust trust;
	struct server s;

	MUST(flp_hidden_begin(&fleet_e));
	MUST(flp_identity_make(&authority, "authority", &fleet_e));
	MUST(flp_identity_make(&other, "authority", &fleet_e));
	begin(&s, &authority);
	deliver(&s);
	CHECK(open_changed(&s, same) == 0, "%s", e.text);
	for (int k = 0; k < 3; k++) {
		MUST(flp_record_new(&copy, &s.g.record.header, &fleet_e));
		for (size_t t = 0; t < copy.header.tensors; t++)
			memcpy(copy.values[t], s.g.record.values[t], copy.header.tensor[t].bytes);
		trust = (struct flp_trust){ NULL, k == 1 ? other.sign_public : authority.sign_public };
		if (k == 2)
			flip(&copy, "member/mask");
		if (k > 0) {
			REFUSED(flp_gathering_take(&g, &copy, &s.f.round, &trust, &s.f.rule, &e),
			    "client client00000: certificate: expected one by the authority");
			continue;
		}
		MUST(flp_gathering_take(&g, &copy, &s.f.round, &trust, &s.f.rule, &fleet_e));
		CHECK(memcmp(&g.round.graph, &s.g.round.graph, sizeof g.round.graph) == 0, "digest");
		flp_gathering_free(&g);
	}
	end(&s);
	flp_identity_free(&authority);
	flp_identity_free(&other);
}

int
main(void)
{
	test_advertised();
	test_gathering();
	test_dealing();
	test_messages();
	test_turnout();
	test_reveals();
	test_spare();
	test_survivors();
	test_dealers();
	test_authority();
	CHECK(tellings > 0, "nothing was told");
	return unit_done();
}

#include "mask/message.h"
#include "format/called.h"
#include "format/names.h"
#include "loop/inputs.h"

#include <string.h>

/* The first dimension of a tensor: 1, the number of rows, or the bytes of :clients. */
enum rows { ONE, ROWS, TEXT };

struct shape {
	const char *name;
	enum rows rows;
	enum flp_dtype dtype;
	unsigned width; /* the other dimension, 0 for none */
	int authority;  /* 1: only under an authority */
};

enum { CLIENT = 1, SIGNED = 2, SURVIVORS = 4, SIZES = 8, GRAPH = 16 };

#define U8 FLP_DTYPE_U8
#define U32 FLP_DTYPE_U32
static const struct {
	const char *verb, *called;
	enum flp_kind kind;
	unsigned keys;
	struct shape tensor[9];
} table[] = {
	[FLP_MESSAGE_ADVERTISE] = { "advertise", "an advertise message", FLP_KIND_KEY,
		CLIENT | SIGNED, {
		{ "encrypt", ONE, U8, 32, 0 }, { "mask", ONE, U8, 32, 0 },
		{ "nonce", ONE, U8, 32, 0 } } },
	[FLP_MESSAGE_GRAPH] = { "graph", "a graph", FLP_KIND_KEY, SIZES, {
		{ FLP_NAMES_CLIENTS, TEXT, U8, 0, 0 }, { "encrypt", ROWS, U8, 32, 0 },
		{ "mask", ROWS, U8, 32, 0 }, { "nonce", ROWS, U8, 32, 0 },
		{ "signature", ROWS, U8, 64, 0 }, { "member/sign", ROWS, U8, 32, 1 },
		{ "member/mask", ROWS, U8, 32, 1 }, { "member/certificate", ROWS, U8, 64, 1 } } },
	[FLP_MESSAGE_SHARE] = { "share", "a share message", FLP_KIND_SHARE,
		CLIENT | SIGNED | GRAPH, {
		{ "to", ROWS, U32, 0, 0 }, { "box", ROWS, U8, FLP_MESSAGE_BOX, 0 },
		{ "check", ROWS, U8, FLP_MESSAGE_CHECK, 0 }, { "commit", ONE, U8, 32, 0 } } },
	[FLP_MESSAGE_DELIVER] = { "deliver", "an inbox", FLP_KIND_SHARE, CLIENT | GRAPH, {
		{ "from", ROWS, U32, 0, 0 }, { "box", ROWS, U8, FLP_MESSAGE_BOX, 0 },
		{ "check", ROWS, U8, FLP_MESSAGE_CHECK, 0 } } },
	[FLP_MESSAGE_SURVIVORS] = { "survivors", "a list of survivors", FLP_KIND_COHORT, GRAPH, {
		{ FLP_NAMES_CLIENTS, TEXT, U8, 0, 0 } } },
	[FLP_MESSAGE_CONFIRM] = { "confirm", "a confirm message", FLP_KIND_KEY,
		CLIENT | SIGNED | SURVIVORS | GRAPH, { { 0 } } },
	[FLP_MESSAGE_REVEAL] = { "reveal", "a reveal message", FLP_KIND_SHARE,
		CLIENT | SIGNED | SURVIVORS | GRAPH, {
		{ "of", ROWS, U32, 0, 0 }, { "secret", ROWS, U8, 0, 0 },
		{ "share", ROWS, U8, 32, 0 } } },
};

static const struct {
	const char *name;
	unsigned of; /* 0: every message has it */
} keys[] = {
	{ "verb", 0 }, { "client", CLIENT }, { "signature", SIGNED }, { "survivors", SURVIVORS },
	{ "degree", SIZES }, { "threshold", SIZES },
};
#define KEYS (sizeof keys / sizeof *keys)

static int
add(struct flp_header *h, const struct shape *s, uint64_t rows, uint64_t text,
    struct flp_error *e)
{
	uint64_t dims[2] = { s->rows == TEXT ? text : rows, s->width };

	if (s->rows == ONE)
		return flp_header_add(h, s->name, s->dtype, 1, &dims[1], e);
	return flp_header_add(h, s->name, s->dtype, s->width > 0 ? 2 : 1, dims, e);
}

static int
make_tensors(struct flp_header *h, enum flp_message m, int authority, uint64_t rows,
    uint64_t text, struct flp_error *e)
{
	for (const struct shape *s = table[m].tensor; s->name != NULL; s++)
		if ((authority || !s->authority) && add(h, s, rows, text, e) < 0)
			return -1;
	return 0;
}

/* The round as a message names it. The first two messages are made before there is a graph. */
static struct flp_round
named(enum flp_message m, const struct flp_round *round)
{
	struct flp_round r = *round;

	r.has_graph = (table[m].keys & GRAPH) != 0;
	return r;
}

int
flp_message_new(struct flp_record *to, enum flp_message m, const struct flp_round *round,
    size_t rows, size_t text, struct flp_error *e)
{
	struct flp_header h;
	struct flp_round r;
	int status = -1;

	if ((unsigned)m >= FLP_MESSAGES)
		return flp_error_misuse(e, "unknown message %d", (int)m);
	r = named(m, round);
	if (r.has_graph && !round->has_graph)
		return flp_error_misuse(e, "message %s: without a graph", table[m].verb);
	flp_header_init(&h, table[m].kind);
	if (flp_meta_set_text(&h.meta, "verb", table[m].verb, e) == 0 &&
	    flp_round_set(&h.meta, &r, e) == 0 &&
	    make_tensors(&h, m, !r.has_roster, rows, text, e) == 0)
		status = flp_record_new(to, &h, e);
	flp_header_free(&h);
	return status;
}

/* The first dimension of the first tensor that has rows, or of :clients. */
static uint64_t
dimension(const struct flp_header *h, enum flp_message m, enum rows rows)
{
	for (const struct shape *s = table[m].tensor; s->name != NULL; s++) {
		long i = s->rows == rows ? flp_header_find(h, s->name) : -1;

		if (i >= 0)
			return h->tensor[i].rank > 0 ? h->tensor[i].dims[0] : 0;
	}
	return 0;
}

static int
check_tensors(const struct flp_header *h, enum flp_message m, const struct flp_round *round,
    struct flp_error *e)
{
	uint64_t rows = dimension(h, m, ROWS), text = dimension(h, m, TEXT);
	struct flp_header want;
	int status = -1;

	if (rows > FLP_MESSAGE_ROWS)
		return flp_error_bad(e, "expected at most %llu rows, found %llu",
		    (unsigned long long)FLP_MESSAGE_ROWS, (unsigned long long)rows);
	if (text > FLP_MESSAGE_ROWS * (UINT8_MAX + 1))
		return flp_error_bad(e, "tensor :clients: expected at most %llu bytes, found %llu",
		    (unsigned long long)FLP_MESSAGE_ROWS * (UINT8_MAX + 1),
		    (unsigned long long)text);
	flp_header_init(&want, table[m].kind);
	if (make_tensors(&want, m, !round->has_roster, rows, text, e) == 0)
		status = flp_header_same_tensors(&want, h, e);
	flp_header_free(&want);
	return status;
}

/* Checks what can be checked before the values are read. The verb may be in the footer, so it may
 * be missing unless `whole` is 1. */
static int
check_header(const struct flp_header *h, enum flp_message m, const struct flp_round *round,
    int whole, struct flp_error *e)
{
	size_t n;

	if ((unsigned)m >= FLP_MESSAGES)
		return flp_error_misuse(e, "unknown message %d", (int)m);
	if (h->kind != table[m].kind ||
	    ((whole || flp_meta_get(&h->meta, "verb", &n) != NULL) &&
	    !flp_meta_is(&h->meta, "verb", table[m].verb)))
		return flp_error_bad(e, "expected %s, found %s", table[m].called, flp_called(h));
	return check_tensors(h, m, round, e);
}

/* Refuses a key that this message does not have. */
static int
check_known(const struct flp_meta *meta, enum flp_message m, struct flp_error *e)
{
	const char *key, *value;
	size_t at = 0, key_n, value_n, i;

	while (flp_meta_each(meta, &at, &key, &key_n, &value, &value_n)) {
		if (flp_round_key(key, key_n))
			continue;
		for (i = 0; i < KEYS; i++)
			if (strlen(keys[i].name) == key_n && memcmp(keys[i].name, key, key_n) == 0)
				break;
		if (i == KEYS || (keys[i].of > 0 && (keys[i].of & table[m].keys) == 0))
			return flp_error_bad(e, "metadata: expected no key %.*s in %s, "
			    "found one", (int)key_n, key, table[m].called);
	}
	return 0;
}

static int
check_keys(const struct flp_meta *meta, enum flp_message m, const struct flp_round *round,
    struct flp_error *e)
{
	struct flp_round r = named(m, round);
	size_t n;

	for (size_t i = 0; i < KEYS; i++)
		if ((keys[i].of == 0 || (keys[i].of & table[m].keys) != 0) &&
		    flp_meta_get(meta, keys[i].name, &n) == NULL)
			return flp_error_bad(e, "metadata: %s: expected one in %s, found "
			    "nothing", keys[i].name, table[m].called);
	if (flp_meta_expect(meta, "verb", table[m].verb, strlen(table[m].verb), e) < 0 ||
	    flp_round_check(meta, &r, e) < 0)
		return -1;
	return check_known(meta, m, e);
}

int
flp_message_check(const struct flp_record *record, enum flp_message m,
    const struct flp_round *round, struct flp_error *e)
{
	if (check_header(&record->header, m, round, 1, e) < 0)
		return -1;
	return check_keys(&record->header.meta, m, round, e);
}

int
flp_message_open(struct flp_record *record, const char *path, enum flp_message m,
    struct flp_error *e)
{
	return (unsigned)m < FLP_MESSAGES ?
	    flp_inputs_load_called(record, path, table[m].kind, table[m].called, e) :
	    flp_error_misuse(e, "unknown message %d", (int)m);
}

int
flp_message_load(struct flp_record *record, struct flp_reader *r, const struct flp_header *h,
    enum flp_message m, const struct flp_round *round, struct flp_error *e)
{
	memset(record, 0, sizeof *record);
	if (check_header(h, m, round, 0, e) < 0 || flp_record_load(record, r, h, e) < 0)
		return -1;
	if (check_keys(&record->header.meta, m, round, e) == 0)
		return 0;
	flp_record_free(record);
	return -1;
}

size_t
flp_message_rows(const struct flp_record *record)
{
	static const char *const first[] = { "to", "from", "of", "signature" };
	const struct flp_tensor *t;

	for (size_t i = 0; i < sizeof first / sizeof *first; i++)
		if (flp_record_values(record, first[i], &t) != NULL)
			return (size_t)t->dims[0];
	return 0;
}

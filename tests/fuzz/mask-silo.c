/* Keys, rosters and the messages of silo mode: one record is not what it should be. It is
 * refused with a sentence, or is one that its maker could have made; and a sum that opens of
 * records that others could not change is the right one. */
#include "edits.h"
#include "mask/roster.h"
#include "mask/silo.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N = 4, STAY = N - 1, VALUES = 9, POOL = 3 * N + 5 };

static struct flp_identity id[N], authority;
static struct flp_identity_public public[N];
static struct flp_record pub[N], key, sealed, roster, larger, certified, masked[STAY], leave, model;
static struct flp_roster members, old;
static double expected[VALUES];
static const struct flp_record *pool[POOL];
static size_t pooled;

static void
load_file(struct flp_record *to, const char *path)
{
	const struct flp_header *h;
	struct flp_reader *r;
	struct flp_error e;
	struct flp_in in;

	must(flp_in_open(&in, path, &e) == 0 && (r = flp_reader_new(&in, &e)) != NULL);
	must(flp_reader_next(r, &h, &e) == 1 && flp_record_load(to, r, h, &e) == 0);
	flp_reader_free(r);
	flp_in_close(&in);
	must(unlink(path) == 0);
	pool[pooled++] = to;
}

static void
make_identities(void)
{
	struct flp_error e;
	char name[16];

	must(flp_identity_make(&authority, "authority", &e) == 0);
	for (size_t i = 0; i < N; i++) {
		snprintf(name, sizeof name, "site%zu", i);
		must(flp_identity_make(&id[i], name, &e) == 0);
		must(flp_identity_publish(&id[i], "pub", &e) == 0);
		load_file(&pub[i], "pub");
		must(flp_identity_public(&public[i], &pub[i], &e) == 0);
	}
	must(flp_identity_save(&id[0], "key", NULL, &e) == 0);
	load_file(&key, "key");
}

/* A key under a passphrase that costs little time. */
static void
make_sealed(void)
{
	static const struct { const char *name; uint64_t n; enum flp_dtype dtype; } rows[] = {
		{ "salt", 16, FLP_DTYPE_U8 }, { "limits", 2, FLP_DTYPE_U64 },
		{ "nonce", 24, FLP_DTYPE_U8 }, { "sealed", 80, FLP_DTYPE_U8 },
	};
	const uint64_t limits[2] = { crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN };
	unsigned char of[32];
	struct flp_header h;
	struct flp_error e;

	must(flp_header_copy(&h, &key.header, &e) == 0);
	flp_header_remove(&h, 0);
	for (size_t i = 0; i < 4; i++)
		must(flp_header_add(&h, rows[i].name, rows[i].dtype, 1, &rows[i].n, &e) == 0);
	must(flp_record_new(&sealed, &h, &e) == 0);
	flp_header_free(&h);
	memcpy(sealed.values[1], limits, sizeof limits);
	must(crypto_pwhash(of, sizeof of, "word", 4, sealed.values[0], limits[0], limits[1],
	    crypto_pwhash_ALG_ARGON2ID13) == 0);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.values[3], NULL, key.values[0], 64,
	    (const unsigned char *)"site0", 5, NULL, sealed.values[2], of);
	pool[pooled++] = &sealed;
}

static void
make_roster(struct flp_roster *to, struct flp_record *record, size_t n,
    const struct flp_identity *by)
{
	struct flp_record copy;
	struct flp_error e;

	must(flp_roster_make(record, "study", public, n, by, &e) == 0);
	copy_record(&copy, record);
	if (to != NULL)
		must(flp_roster_take(to, &copy, NULL, &e) == 0);
	else
		flp_record_free(&copy);
	pool[pooled++] = record;
}

static void
make_model(void)
{
	const uint64_t n = VALUES;
	struct flp_header h;
	struct flp_error e;

	flp_header_init(&h, FLP_KIND_PARAMS);
	must(flp_header_add(&h, "w", FLP_DTYPE_F32, 1, &n, &e) == 0 &&
	    flp_record_new(&model, &h, &e) == 0);
	flp_header_free(&h);
}

static struct flp_silo
silo(void)
{
	struct flp_silo s = { .roster = &members, .round = 2,
		.vector = { .range = 1, .grid = 16, .model = &model } };
	struct flp_error e;

	must(flp_record_digest(&model, &s.vector.base, &e) == 0);
	return s;
}

static void
make_update(struct flp_record *to, size_t i)
{
	struct flp_silo s = silo();
	char base[FLP_DIGEST_TEXT];
	struct flp_error e;

	copy_record(to, &model);
	to->header.kind = FLP_KIND_UPDATE;
	flp_digest_text(&s.vector.base, base);
	must(flp_meta_set_text(&to->header.meta, "base", base, &e) == 0);
	for (size_t k = 0; k < VALUES; k++) {
		((float *)to->values[0])[k] = (float)((double)i - (double)k) / 16;
		expected[k] += ((double)i - (double)k) / 16;
	}
}

static void
make_messages(size_t i)
{
	char folder[] = "journal-XXXXXX";
	struct flp_silo s = silo();
	struct flp_record update;
	struct flp_journal j;
	struct flp_error e;

	must(mkdtemp(folder) != NULL && rmdir(folder) == 0);
	must(flp_journal_make(folder, &id[i], &e) == 0);
	must(flp_journal_open(&j, folder, &id[i], &e) == 0);
	if (i < STAY) {
		make_update(&update, i);
		must(flp_silo_apply(&s, &j, &update, &masked[i], &e) == 0);
		flp_record_free(&update);
		pool[pooled++] = &masked[i];
	} else {
		must(flp_silo_leave(&old, &j, 2, 0, &leave, &e) == 0);
		pool[pooled++] = &leave;
	}
	flp_journal_close(&j);
}

static void
make_world(void)
{
	edits_begin();
	edits_hide();
	make_identities();
	make_sealed();
	make_roster(&members, &roster, STAY, NULL);
	make_roster(&old, &larger, N, NULL);
	make_roster(NULL, &certified, N, &authority);
	make_model();
	for (size_t i = 0; i < N; i++)
		make_messages(i);
	must(pooled <= POOL);
}

/* Each takes a record that may be false: 0 if it was refused, which is_error has looked at. */

static int
refused(const struct flp_error *e)
{
	is_error(e);
	return 0;
}

static int
take_public(const struct flp_record *record)
{
	struct flp_identity_public found;
	struct flp_error e;

	if (flp_identity_public(&found, record, &e) < 0)
		return refused(&e);
	must(strlen(found.name) > 0);
	return 1;
}

/* Slow limits are refused here, and not by whoever reads the key of its owner. */
static int
answer(void *context, char *passphrase, struct flp_error *e)
{
	const struct flp_tensor *t;
	const uint64_t *limits = flp_record_values(context, "limits", &t);

	if (limits == NULL || t->bytes != 16 || limits[0] > 8 || limits[1] > 1 << 16)
		return flp_error_bad(e, "slow");
	strcpy(passphrase, "word");
	return 0;
}

static int
take_key(struct flp_record *record)
{
	const struct flp_identity_asker asker = { answer, record };
	struct flp_identity found;
	struct flp_error e;
	struct flp_out out;
	int status;

	must(flp_out_create(&out, "key", &e) == 0 && flp_out_private(&out, &e) == 0);
	if (write_out(&out, record, &e) < 0) {
		flp_out_discard(&out);
		return refused(&e);
	}
	must(flp_out_commit(&out, 0, &e) == 0);
	status = flp_identity_load(&found, "key", &asker, &e);
	must(unlink("key") == 0);
	if (status < 0)
		return refused(&e);
	must(strlen(found.name) > 0 && memcmp(found.sign_public, found.secret->sign + 32, 32) == 0);
	flp_identity_free(&found);
	return 1;
}

/* A member whom the authority has signed is one of those that it has signed. */
static int
take_roster(struct flp_record *record, int signs)
{
	struct flp_roster r;
	struct flp_error e;

	if (flp_roster_take(&r, record, signs ? authority.sign_public : NULL, &e) < 0)
		return refused(&e);
	must(r.n >= FLP_ROSTER_LEAST);
	for (size_t i = 0; i < r.n; i++) {
		const char *name = flp_texts_get(&r.clients, i);
		long was = flp_roster_find(&old, name);

		must(flp_roster_find(&r, name) == (long)i);
		must(!signs || (was >= 0 && memcmp(r.sign[i], old.sign[was], 32) == 0 &&
		    memcmp(r.mask[i], old.mask[was], 32) == 0));
	}
	flp_roster_free(&r);
	return 1;
}

static int
take_larger(struct flp_record *record)
{
	const struct flp_silo s = silo();
	struct flp_roster r;
	struct flp_error e;
	int status;

	if (flp_roster_take(&r, record, NULL, &e) < 0)
		return refused(&e);
	status = flp_silo_replaces(&s, &r, &leave, 1, &e) == 0 ? 1 : refused(&e);
	flp_roster_free(&r);
	return status;
}

static int
take_leave(const struct flp_record *record)
{
	const struct flp_silo s = silo();
	struct flp_error e;

	return flp_silo_replaces(&s, &old, record, 1, &e) == 0 ? 1 : refused(&e);
}

static void
check_sum(const struct flp_record *sum)
{
	for (size_t k = 0; k < VALUES; k++)
		must(((const double *)sum->values[0])[k] == expected[k]);
}

/* A record that comes after those of the others, or before them. */
static int
take_masked(const struct flp_record *record, size_t from, int first)
{
	int same = same_record(record, &masked[from]);
	struct flp_silo s = silo();
	struct flp_record sum;
	struct flp_error e;
	int status = 0;

	must(flp_silo_begin(&s, &e) == 0);
	if (first)
		status = flp_silo_add(&s, record, &e) == 0 ? 1 : refused(&e);
	for (size_t i = 0; i < STAY; i++)
		if (i != from && flp_silo_add(&s, &masked[i], &e) < 0)
			is_error(&e);
	if (!first)
		status = flp_silo_add(&s, record, &e) == 0 ? 1 : refused(&e);
	if (flp_silo_open(&s, &sum, &e) == 0) {
		must(status);
		if (same)
			check_sum(&sum);
		flp_record_free(&sum);
	} else {
		is_error(&e);
		must(!status || !same);
	}
	flp_silo_end(&s);
	return status;
}

enum { PUBLIC, KEY, SEALED, ROSTER, CERTIFIED, LARGER, LEAVE, FIRST, LAST, RECORDS };

static const struct flp_record *
good(unsigned what, size_t from)
{
	const struct flp_record *const all[RECORDS] = { &pub[from], &key, &sealed, &roster, &certified,
		&larger, &leave, &masked[from % STAY], &masked[from % STAY] };

	return all[what];
}

/* Whether what is taken must be as its maker has signed it. */
static int
is_signed(unsigned what)
{
	return what == PUBLIC || what >= LEAVE;
}

static int
take(unsigned what, struct flp_record *record, size_t from)
{
	switch (what) {
	case PUBLIC:
		return take_public(record);
	case KEY:
	case SEALED:
		return take_key(record);
	case ROSTER:
	case CERTIFIED:
		return take_roster(record, what == CERTIFIED);
	case LARGER:
		return take_larger(record);
	case LEAVE:
		return take_leave(record);
	default:
		return take_masked(record, from % STAY, what == FIRST);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct edits b = { p, n, pool, POOL };
	struct flp_record record, found = { 0 };
	unsigned what, signer;
	size_t from;

	if (pooled == 0)
		make_world();
	b.records = pooled;
	what = next(&b);
	from = what / RECORDS % N;
	what %= RECORDS;
	signer = next(&b) % (N + 1);
	copy_record(&record, good(what, from));
	edit(&b, &record);
	if ((signer == 0 || sign_again(&record, &id[signer - 1])) &&
	    arrives_whole(&found, &record) && take(what, &found, from))
		must(!is_signed(what) || signer > 0 || same_record(&record, good(what, from)));
	flp_record_free(&found);
	flp_record_free(&record);
	return 0;
}

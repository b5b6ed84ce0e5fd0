/* policy: what the caller decides, what the metadata of records say, on what they must agree, how
 * many clients they count as, which of them are given twice, and the report. */
#include "format/record.h"
#include "rule/admit.h"
#include "rule/clipped.h"
#include "rule/report.h"
#include "rule/result.h"
#include "rule/unique.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint64_t parents = FLP_IDSET_WORDS, values = 2;

static int
says(const struct flp_error *e, const char *text)
{
	return strstr(e->text, text) != NULL;
}

static struct flp_rule
rule(const char *text)
{
	struct flp_rule r = { 0 };
	struct flp_error e;

	CHECK(flp_rule_parse(&r, text, &e) == 0, "%s: %s", text, e.text);
	return r;
}

static struct flp_meta
meta(const char *text)
{
	struct flp_meta m = { 0 };
	struct flp_error e;

	CHECK(flp_meta_parse(&m, text, strlen(text), &e) == 0, "%s: %s", text, e.text);
	return m;
}

static int
meta_is(const struct flp_meta *m, const char *text)
{
	return m->n == strlen(text) && (m->n == 0 || memcmp(m->text, text, m->n) == 0);
}

/* Metadata and a tensor w, with its parents in a partial. */
static struct flp_header
header(enum flp_kind kind, enum flp_privacy privacy, const char *text)
{
	int partial = kind == FLP_KIND_PARTIAL;
	struct flp_header h;
	struct flp_error e;

	flp_header_init(&h, kind);
	h.privacy = privacy;
	h.meta = meta(text);
	CHECK(flp_header_add(&h, "w", partial ? FLP_DTYPE_SUM_F32 : FLP_DTYPE_F32, 1, &values,
	    &e) == 0, "%s", e.text);
	CHECK(!partial || flp_header_add(&h, FLP_MERGED_PARENTS, FLP_DTYPE_U16, 1, &parents, &e) == 0,
	    "%s", e.text);
	return h;
}

static void
test_names(void)
{
	static const char *const weightings[] = { "auto", "examples", "uniform", NULL };
	static const char *const states[] = { "raw", "clipped", "noised", NULL, NULL, NULL };

	for (unsigned i = 0; i < sizeof weightings / sizeof *weightings; i++)
		CHECK(flp_weighting_name(i) == weightings[i] || strcmp(flp_weighting_name(i),
		    weightings[i]) == 0, "%u", i);
	for (unsigned i = 0; i < sizeof states / sizeof *states; i++)
		CHECK(flp_policy_state(i) == states[i] || strcmp(flp_policy_state(i), states[i]) == 0,
		    "%u", i);
	CHECK(flp_weighting_name(-1u) == NULL && flp_policy_state(-1u) == NULL, "past the end");
}

/* Every kind and state under each demand that a header answers. */
static void
test_header(void)
{
	for (unsigned kind = FLP_KIND_PARAMS; flp_kind_name(kind) != NULL; kind++)
		for (unsigned state = 0; state < FLP_PRIVACIES * 8; state++) {
			unsigned privacy = state % FLP_PRIVACIES, demand = state / FLP_PRIVACIES;
			struct flp_policy policy = { .trust_partials = demand & 1,
				.max_norm = demand & 2 ? 1 : 0, .required = (demand & 4) != 0,
				.state = FLP_PRIVACY_CLIPPED };
			struct flp_header h = { .kind = kind, .privacy = privacy };
			struct flp_error e = { .code = FLP_ERROR_NONE };
			const char *why = kind == FLP_KIND_PARTIAL && !(demand & 1) ? "--trust-partials" :
			    kind != FLP_KIND_UPDATE && demand & 2 ? "under --max-norm" :
			    kind != FLP_KIND_MASKED && privacy != FLP_PRIVACY_CLIPPED && privacy != FLP_PRIVACY_PUBLIC && demand & 4 ?
			    "expected privacy state clipped" : NULL;
			int status = flp_policy_header(&policy, &h, &e);

			CHECK(why == NULL ? status == 0 : status < 0 && e.code == FLP_ERROR_BAD &&
			    says(&e, why), "%s %s %u: %s", flp_kind_name(kind),
			    flp_privacy_name(privacy), demand, e.text);
		}
}

static void
test_keys(void)
{
	static const struct {
		const char *where[2]; /* NULL: no such demand */
		enum flp_privacy privacy;
		const char *meta, *why; /* NULL: taken */
	} c[] = {
		{ { NULL }, FLP_PRIVACY_RAW, "", NULL },
		{ { NULL }, FLP_PRIVACY_NOISED, "", "mechanism: expected in a noised record, found" },
		{ { NULL }, FLP_PRIVACY_NOISED, "mechanism=x\n", NULL },
		{ { NULL }, FLP_PRIVACY_RAW, "mechanism=x\n", "found in one that is raw" },
		{ { NULL }, FLP_PRIVACY_CLIPPED, "mechanism=x\n", "found in one that is clipped" },
		{ { NULL }, FLP_PRIVACY_PUBLIC, "mechanism=x\n", "found in one that is public" },
		{ { "round=3" }, FLP_PRIVACY_RAW, "round=3\n", NULL },
		{ { "round=3" }, FLP_PRIVACY_RAW, "round=03\n", NULL },
		{ { "round=03" }, FLP_PRIVACY_RAW, "round=3\n", NULL },
		{ { "round=3" }, FLP_PRIVACY_RAW, "round=30\n", "round: expected 3, found 30" },
		{ { "round=3" }, FLP_PRIVACY_RAW, "round=3.0\n", "round: expected 3, found 3.0" },
		{ { "round=3" }, FLP_PRIVACY_RAW, "", "round: expected 3, found nothing" },
		{ { "rate=0.5" }, FLP_PRIVACY_RAW, "rate=5e-1\n", NULL },
		{ { "rate=0.5" }, FLP_PRIVACY_RAW, "rate=0.25\n", "rate: expected 0.5, found 0.25" },
		{ { "client=07" }, FLP_PRIVACY_RAW, "client=7\n", "client: expected 07, found 7" },
		{ { "site=3" }, FLP_PRIVACY_RAW, "site=03\n", "site: expected 3, found 03" },
		{ { "site=a=b" }, FLP_PRIVACY_RAW, "site=a=b\n", NULL },
		{ { "site=a", "round=3" }, FLP_PRIVACY_RAW, "round=3\nsite=a\n", NULL },
		{ { "site=a", "round=3" }, FLP_PRIVACY_RAW, "round=4\nsite=a\n", "round: expected" },
		{ { "site=a", "round=3" }, FLP_PRIVACY_RAW, "round=3\nsites=a\n", "site: expected a" },
		{ { "clip=1" }, FLP_PRIVACY_RAW, "clip=1\n", NULL },
		{ { "clip=1" }, FLP_PRIVACY_RAW, "clip=1\nclip.3=1\n", "metadata: clip.3: expected "
		    "nothing, found 1 (see --where)" },
		{ { "clip=1" }, FLP_PRIVACY_NOISED, "clip=1\nclip.9=x\nmechanism=x\n", "clip.9: expected "
		    "nothing, found x" },
		{ { "clip=1", "clip.3=1" }, FLP_PRIVACY_RAW, "clip=1\nclip.3=1\n", NULL },
		{ { "clip=1", "clip.3=1" }, FLP_PRIVACY_RAW, "clip=1\nclip.3=1\nclip.4=1\n", "clip.4: "
		    "expected nothing, found 1" },
		{ { "clip=1", "clip.3=1" }, FLP_PRIVACY_RAW, "clip=1\n", "clip.3: expected 1, found "
		    "nothing" },
		{ { "clip=1" }, FLP_PRIVACY_NOISED, "clip=1\nclip.next=2\nmechanism=x\n", NULL },
		{ { "clip=1" }, FLP_PRIVACY_RAW, "clip=1\nclip.0=1\nclip.10=1\nclips=1\n", NULL },
		{ { "grid=20" }, FLP_PRIVACY_RAW, "clip=1\nclip.3=1\ngrid=20\n", NULL },
		{ { NULL }, FLP_PRIVACY_RAW, "clip=1\nclip.3=1\n", NULL },
	};

	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		struct flp_policy policy = { 0 };
		struct flp_header h = header(FLP_KIND_UPDATE, c[i].privacy, c[i].meta);
		struct flp_error e = { .text = "" };
		int status;

		for (int k = 0; k < 2 && c[i].where[k] != NULL; k++)
			CHECK(flp_policy_where(&policy, c[i].where[k], &e) == 0, "%s", e.text);
		status = flp_policy_keys(&policy, &h, &e);
		CHECK(c[i].why == NULL ? status == 0 : status < 0 && e.code == FLP_ERROR_BAD &&
		    says(&e, c[i].why), "%zu: %d: %s", i, status, e.text);
		flp_header_free(&h);
		flp_policy_free(&policy);
	}
}

/* For a masked record, the state of what is inside counts. */
static void
test_masked(void)
{
	static const struct {
		int required;
		const char *meta, *why;
	} c[] = {
		{ 0, "state=raw\n", NULL }, { 0, "state=noised\n", "mechanism: expected in a noised" },
		{ 0, "mechanism=x\nstate=noised\n", NULL },
		{ 0, "mechanism=x\nstate=clipped\n", "found in one that is clipped" },
		{ 1, "state=clipped\n", NULL }, { 1, "state=public\n", NULL },
		{ 1, "state=raw\n", "expected privacy state clipped, found raw" },
		{ 1, "mechanism=x\nstate=noised\n", "expected privacy state clipped, found noised" },
		{ 1, "", "expected privacy state clipped, found masked" },
		{ 1, "state=x\n", "expected privacy state clipped, found masked" },
	};

	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		struct flp_policy policy = { .required = c[i].required, .state = FLP_PRIVACY_CLIPPED };
		struct flp_header h = header(FLP_KIND_MASKED, FLP_PRIVACY_MASKED, c[i].meta);
		struct flp_error e = { .text = "" };
		int status = flp_policy_keys(&policy, &h, &e);

		CHECK(c[i].why == NULL ? status == 0 : status < 0 && e.code == FLP_ERROR_BAD &&
		    says(&e, c[i].why), "%zu: %d: %s", i, status, e.text);
		flp_header_free(&h);
	}
}

static void
test_where(void)
{
	static const char *const bad[] = { "", "round", "=3", "round=", "round=x", "round=-1",
		"round=1.5", "rate=x", "Round=3", "a b=3", "a\n=3", "site=a\nb" };
	struct flp_policy policy = { 0 };
	struct flp_error e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(flp_policy_where(&policy, bad[i], &e) < 0 && e.code == FLP_ERROR_USAGE &&
		    policy.where.n == 0, "%s", bad[i]);
	CHECK(flp_policy_where(&policy, "site=a", &e) == 0 && flp_policy_where(&policy, "round=3",
	    &e) == 0, "%s", e.text);
	CHECK(flp_policy_where(&policy, "site=a", &e) < 0 && e.code == FLP_ERROR_USAGE &&
	    says(&e, "site: given twice"), "%s", e.text);
	CHECK(meta_is(&policy.where, "round=3\nsite=a\n"), "%.*s", (int)policy.where.n,
	    policy.where.text);
	flp_policy_free(&policy);
}

/* The counts of records, their sums, and counts that are taken back. */
static void
test_counts(void)
{
	static const char *const keys[] = { "clients", "examples", "steps", "weight", NULL };
	static const char *const said[] = { "clients=1\nexamples=10\nsteps=3\n",
		"clients=2\nexamples=20\nweight=7\n", "clients=4\nexamples=40\nsteps=0\nweight=9\n" };
	struct flp_counts one[3];
	struct flp_counts_sum sum = { 0 };
	struct flp_meta m = { 0 };
	struct flp_error e = { .text = "" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		CHECK(flp_counts_key(i) == keys[i] || strcmp(flp_counts_key(i), keys[i]) == 0, "%zu", i);
	CHECK(flp_counts_write(&sum, &m, &e) == 0 && m.n == 0, "%s", e.text);
	for (int i = 0; i < 3; i++) {
		struct flp_meta from = meta(said[i]);

		CHECK(flp_counts_read(&one[i], &from, 40, &e) == 0, "%s", e.text);
		CHECK(flp_counts_read(&one[i], &from, 39, &e) == (i == 2 ? -1 : 0), "%d: a bound", i);
		CHECK(flp_counts_read(&one[i], &from, 40, &e) == 0, "%s", e.text);
		flp_counts_add(&sum, &one[i]);
		flp_meta_free(&from);
	}
	CHECK(flp_counts_get(&sum, "clients") == 7 && flp_counts_get(&sum, "weight") == 16 &&
	    sum.records == 3, "clients %llu", (unsigned long long)flp_counts_get(&sum, "clients"));
	m = meta("arch=x\nexamples=1\nsteps=1\nweight=1\n");
	CHECK(flp_counts_write(&sum, &m, &e) == 0 && meta_is(&m, "arch=x\nclients=7\nexamples=70\n"),
	    "%.*s %s", (int)m.n, m.text, e.text);
	flp_counts_take_away(&sum, &one[1]);
	CHECK(flp_counts_write(&sum, &m, &e) == 0 && meta_is(&m,
	    "arch=x\nclients=5\nexamples=50\nsteps=3\n"), "%.*s %s", (int)m.n, m.text, e.text);
	flp_counts_take_away(&sum, &one[0]);
	flp_counts_take_away(&sum, &one[2]);
	CHECK(flp_counts_write(&sum, &m, &e) == 0 && meta_is(&m, "arch=x\n") && sum.records == 0,
	    "%.*s", (int)m.n, m.text);
	flp_meta_free(&m);
}

/* At the limit of a sum and beyond it, and back: no order of additions is an error. */
static void
test_counts_limit(void)
{
	const struct flp_counts most = { .value = { FLP_COUNTS_LIMIT }, .has = { 1 } },
	    one = { .value = { 1 }, .has = { 1 } };
	struct flp_counts_sum sum = { 0 };
	struct flp_meta m = { 0 };
	struct flp_error e = { .text = "" };

	flp_counts_add(&sum, &most);
	CHECK(flp_counts_write(&sum, &m, &e) == 0 && meta_is(&m, "clients=4611686018427387904\n"), "%s",
	    e.text);
	flp_counts_add(&sum, &one);
	CHECK(flp_counts_write(&sum, &m, &e) < 0 && e.code == FLP_ERROR_BAD && says(&e,
	    "metadata: clients: expected a sum of at most 2^62, found more"), "%s", e.text);
	for (int i = 0; i < 100; i++)
		flp_counts_add(&sum, &most);
	for (int i = 0; i < 100; i++)
		flp_counts_take_away(&sum, &most);
	flp_counts_take_away(&sum, &one);
	CHECK(flp_counts_write(&sum, &m, &e) == 0 && sum.records == 1, "%s", e.text);
	flp_meta_free(&m);
}

/* What of metadata joined by '|' is agreed and added up; NULL where they differ. */
static void
merge(const char *all, const char *expected)
{
	struct flp_agreed agreed = { 0 };
	struct flp_counts_sum sum = { 0 };
	struct flp_merged nothing = { 0 };
	struct flp_error e = { .text = "" };
	int status = 0;

	for (const char *from = all; status == 0 && from != NULL; from = strchr(from, '|') ?
	    strchr(from, '|') + 1 : NULL) {
		struct flp_entry entry = { .path = "a", .clients = 1 };
		char text[400];
		struct flp_meta m;

		snprintf(text, sizeof text, "%.*s", (int)strcspn(from, "|"), from);
		m = meta(text);
		if ((status = flp_counts_read(&entry.counts, &m, UINT64_MAX, &e)) == 0 &&
		    (status = flp_agreed_keys(&agreed, &m, &entry, 0, &e)) == 0 &&
		    (status = flp_agreed_add(&agreed, &nothing, &entry, &e)) == 0 &&
		    (status = flp_agreed_add_keys(&agreed, &m, &entry, &e)) == 0)
			flp_counts_add(&sum, &entry.counts);
		flp_meta_free(&m);
	}
	if (status == 0)
		status = flp_counts_write(&sum, &agreed.merged.header.meta, &e);
	if (expected == NULL)
		CHECK(status < 0 && e.code == FLP_ERROR_BAD, "%s gave %.*s", all,
		    (int)agreed.merged.header.meta.n, agreed.merged.header.meta.text);
	else
		CHECK(status == 0 && meta_is(&agreed.merged.header.meta, expected), "%s gave %.*s %s", all,
		    (int)agreed.merged.header.meta.n, agreed.merged.header.meta.text, e.text);
	flp_merged_free(&nothing);
	flp_agreed_free(&agreed);
}

static void
test_merge(void)
{
	merge("", "");
	merge("|", "");
	merge("arch=x\n", "arch=x\n");
	merge("arch=x\n|arch=x\n", "arch=x\n");
	merge("arch=x\n|arch=y\n", NULL);
	merge("arch=x\n|arch=xy\n", NULL);
	merge("arch=x\n|", NULL);
	merge("|arch=x\n", NULL);
	merge("arch=x\nround=1\n|round=1\n", NULL);
	merge("arch=x\n|round=1\n", NULL);
	merge("round=1\n|round=01\n", "round=1\n");
	merge("examples=1\n|examples=2\n|examples=39\n", "examples=42\n");
	merge("examples=1\n|steps=2\n|examples=39\n", "");
	merge("examples=1\n|examples=x\n", NULL);
	merge("examples=1\n|examples=-1\n", NULL);
	merge("examples=a note to the server\n", NULL);
	merge("examples=18446744073709551615\n|examples=1\n", NULL);
	merge("examples=4611686018427387903\n|examples=1\n", "examples=4611686018427387904\n");
	merge("examples=4611686018427387904\n|examples=1\n", NULL);
	merge("client=a\nround=1\n|client=b\nround=1\n", "round=1\n");
	merge("note=x\n|", "");
	merge("|note=x\n", "");
	merge("base=b\nclients=2\nloss=mse\nsteps=5\nweight=9\n|base=b\nclients=1\nloss=mse\nsteps=6\nweight=1\n",
	    "base=b\nclients=3\nloss=mse\nsteps=11\nweight=10\n");
}

static void
begin(struct flp_admit *a, const char *by, enum flp_weighting weighting)
{
	struct flp_rule r = rule(by);

	*a = (struct flp_admit){ .policy = { .weighting = weighting, .trust_partials = 1,
		.max_examples = FLP_POLICY_EXAMPLES } };
	flp_admit_begin(a, &r);
}

/* Takes a record, or says why not; fills *entry, which is the caller's to free. */
static int
take(struct flp_admit *a, const struct flp_header *h, const char *path, struct flp_entry *entry,
    struct flp_error *e)
{
	const float w[2] = { 1, 2 };
	const __int128 sums[2] = { 0 };
	uint64_t records = flp_admit_records(a), clients = flp_admit_clients(a);
	int status, partial = h->kind == FLP_KIND_PARTIAL;

	*entry = (struct flp_entry){ .path = path, .number = 1, .id = { { 1, 2, 3 } } };
	status = flp_admit_check(a, h, entry, e);
	CHECK(records == flp_admit_records(a) && clients == flp_admit_clients(a),
	    "a check took the record");
	for (size_t i = 0; status == 0 && i < h->tensors - (size_t)partial; i++)
		if (h->tensor[i].count == values)
			status = flp_admit_values(a, entry, i, h->tensor[i].dtype, 0,
			    partial ? (const void *)sums : w, 2, e);
	if (status == 0)
		status = flp_admit_norm(a, entry, e);
	return status < 0 ? status : flp_admit_take(a, entry, e);
}

/* The same, of a raw record that must not be in a dispute. */
static int
take_text(struct flp_admit *a, enum flp_kind kind, const char *text, uint64_t *weight,
    struct flp_error *e)
{
	struct flp_header h = header(kind, FLP_PRIVACY_RAW, text);
	struct flp_entry entry;
	int status = take(a, &h, "a", &entry, e);

	*weight = entry.weight;
	CHECK(a->dispute.code == FLP_ERROR_NONE, "%s", a->dispute.text);
	flp_entry_free(&entry);
	flp_header_free(&h);
	return status;
}

/* The header of the result. */
static void
result(struct flp_admit *a, int partial, struct flp_header *h)
{
	struct flp_result r;
	struct flp_error e = { .text = "" };
	struct flp_out out;

	CHECK(flp_admit_end(a, &e) == 0 && flp_out_temporary(&out, &e) == 0 &&
	    flp_result_init(&r, a, partial, &e) == 0 && flp_result_begin(&r, &out, &e) == 0 &&
	    flp_header_copy(h, &r.header, &e) == 0, "%s", e.text);
	flp_result_free(&r);
	flp_out_discard(&out);
}

#define PARTIAL(rest) "of=update\nrule=mean\n" rest

/* One after the other, under -w examples. */
static const struct {
	enum flp_kind kind;
	const char *meta, *why; /* why it is refused, NULL where it is not */
	uint64_t weight;
} records[] = {
	{ FLP_KIND_UPDATE, "examples=0\n", "examples: expected", 0 },
	{ FLP_KIND_UPDATE, "clients=7\nexamples=5\n", NULL, 5 },
	{ FLP_KIND_UPDATE, "", "examples: missing", 0 },
	{ FLP_KIND_UPDATE, "examples=1099511627776\nnote=x\n", NULL, FLP_POLICY_EXAMPLES },
	{ FLP_KIND_UPDATE, "examples=1099511627777\n", "expected at most 1099511627776, found "
	    "1099511627777 (see --max-examples)", 0 },
	{ FLP_KIND_UPDATE, "examples=9007199254740993\n", "examples: expected a whole", 0 },
	{ FLP_KIND_UPDATE, "clients=0\nexamples=5\n", "clients: expected", 0 },
	{ FLP_KIND_UPDATE, "examples=5\nsteps=9007199254740993\n", "steps: expected", 0 },
	{ FLP_KIND_UPDATE, "examples=5\nmechanism=x\n", "mechanism: expected only in a noised", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\n" PARTIAL("weight=3\nweighting=examples\n"), NULL,
	    3 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\n" PARTIAL("weight=3\nweighting=uniform\n"),
	    "weighting: expected examples, found uniform", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nrule=sum\nweight=3\n"
	    "weighting=examples\n", "rule: expected mean, found sum", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nof=update\nweight=3\nweighting=examples\n",
	    "rule: expected mean, found nothing", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\nrule=mean\nweight=3\nweighting=examples\n",
	    "of: missing", 0 },
	{ FLP_KIND_PARTIAL, "examples=3\n" PARTIAL("weight=3\nweighting=examples\n"),
	    "expected clients and weight", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\n" PARTIAL("weight=0\nweighting=examples\n"),
	    "expected clients and weight", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\n"
	    PARTIAL("weight=18446744073709551615\nweighting=examples\n"), "weight: expected a "
	    "whole number from 0 to 4611686018427387904", 0 },
	{ FLP_KIND_PARTIAL, "clients=4611686018427387905\nexamples=3\n"
	    PARTIAL("weight=4611686018427387905\nweighting=examples\n"), "clients: expected", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\n"
	    PARTIAL("weight=18014398509481985\nweighting=examples\n"), "weight: expected a whole "
	    "number from 2 to 18014398509481984", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\n"
	    PARTIAL("weight=2199023255553\nweighting=examples\n"), "weight: expected at most "
	    "2199023255552, found 2199023255553", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=2199023255553\n"
	    PARTIAL("weight=3\nweighting=examples\n"), "examples: expected at most 2199023255552", 0 },
	{ FLP_KIND_PARTIAL, "clients=2\nexamples=3\n" PARTIAL("weight=1\nweighting=examples\n"),
	    "weight: expected a whole number from 2", 0 },
	{ FLP_KIND_PARTIAL, "clients=1\nexamples=3\nof=update\nrule=mean\nsteps=9007199254740993\n"
	    "weight=3\nweighting=examples\n", "steps: expected", 0 },
	{ FLP_KIND_SUM, "of=update\n", "sums have no mean", 0 },
	{ FLP_KIND_STATS, "examples=1\n", "statistics have no mean", 0 },
	{ FLP_KIND_DATA, "examples=1\n", "expected params, update, sum, stats", 0 },
	{ FLP_KIND_PARTIAL, "clients=1\nexamples=3\nof=sum\nrule=mean\nweight=3\n"
	    "weighting=examples\n", "found sum", 0 },
	{ FLP_KIND_PARTIAL, "clients=0\nof=update\nrule=mean\nweight=0\n", NULL, 0 },
};

static void
test_admit(void)
{
	struct flp_admit m;
	struct flp_error e;
	struct flp_header h;
	uint64_t weight, value = 0, all;

	begin(&m, "mean", FLP_WEIGHTING_EXAMPLES);
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		int status = take_text(&m, records[i].kind, records[i].meta, &weight, &e);

		CHECK(records[i].why == NULL ? status == 0 : status < 0 && e.code == FLP_ERROR_BAD &&
		    says(&e, records[i].why), "%zu: %d, %s", i, status, e.text);
		CHECK(weight == (records[i].why ? 0 : records[i].weight), "%zu: %llu", i,
		    (unsigned long long)weight);
	}
	all = flp_counts_get(&m.counts, "weight");
	CHECK(flp_admit_records(&m) == 3 && flp_admit_clients(&m) == 4 &&
	    all == FLP_POLICY_EXAMPLES + 8, "%llu records, %llu clients, weight %llu",
	    (unsigned long long)flp_admit_records(&m), (unsigned long long)flp_admit_clients(&m),
	    (unsigned long long)all);
	result(&m, 0, &h);
	CHECK(h.kind == FLP_KIND_UPDATE && h.tensors == 1 && h.privacy == FLP_PRIVACY_RAW &&
	    h.tensor[0].dtype == FLP_DTYPE_F32, "%s", e.text);
	CHECK(flp_meta_u64(&h.meta, "examples", 0, UINT64_MAX, &value, &e) == 1 && value == all,
	    "%llu examples", (unsigned long long)value);
	CHECK(flp_meta_get(&h.meta, "note", &value) == NULL && flp_meta_get(&h.meta, "of", &value) ==
	    NULL, "more metadata than there should be");
	flp_header_free(&h);
	result(&m, 1, &h);
	CHECK(h.kind == FLP_KIND_PARTIAL && h.tensors == 2 &&
	    h.tensor[0].dtype == FLP_DTYPE_SUM_F32 && flp_admit_fits(&m, &h, &e) == 1, "%s", e.text);
	flp_header_free(&h);
	flp_admit_free(&m);
}

/* Two records that are good by themselves: which pairs differ, and what is said of it. */
static void
test_disputes(void)
{
	static const struct {
		enum flp_kind kind[2];
		enum flp_privacy privacy[2];
		const char *meta[2], *why; /* NULL: they agree */
	} c[] = {
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { 0, 0 }, { "base=a\nround=1\n",
		    "base=a\nround=1\n" }, NULL },
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { 0, 0 }, { "base=a\n", "base=b\n" },
		    "metadata: base: expected a, found b; see --like" },
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { 0, 0 }, { "round=1\n", "" },
		    "metadata: round: expected 1, found nothing; see --like" },
		{ { FLP_KIND_UPDATE, FLP_KIND_PARAMS }, { 0, 0 }, { "", "" },
		    "expected kind update, found params; see --like" },
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { 0, 0 }, { "examples=1\n", "" },
		    "only one of them is weighted by its examples; see --weight" },
		{ { FLP_KIND_PARAMS, FLP_KIND_PARAMS }, { 0, 0 }, { "arch=x\n", "arch=y\n" },
		    "metadata: arch: expected x, found y; see --where" },
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { 0, 0 }, { "arch=x\n", "arch=y\n" }, NULL },
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { 0, 0 }, { "client=x\nnote=1\n",
		    "client=y\nnote=2\n" }, NULL },
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { FLP_PRIVACY_RAW, FLP_PRIVACY_CLIPPED },
		    { "", "" }, NULL },
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { FLP_PRIVACY_NOISED, FLP_PRIVACY_PUBLIC },
		    { "mechanism=x\n", "" }, NULL },
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { FLP_PRIVACY_NOISED, FLP_PRIVACY_NOISED },
		    { "mechanism=x\n", "mechanism=y\n" }, "mechanism: expected x, found y" },
		{ { FLP_KIND_UPDATE, FLP_KIND_UPDATE }, { FLP_PRIVACY_NOISED, FLP_PRIVACY_RAW },
		    { "mechanism=x\n", "" }, NULL },
		{ { FLP_KIND_UPDATE, FLP_KIND_PARTIAL }, { 0, 0 }, { "base=a\n", "base=b\nclients=0\n"
		    PARTIAL("weight=0\n") }, "metadata: base: expected a, found b; see --like" },
		{ { FLP_KIND_UPDATE, FLP_KIND_PARTIAL }, { 0, 0 }, { "base=a\n", "base=a\nclients=0\n"
		    PARTIAL("weight=0\n") }, NULL },
	};
	static const char *const paths[] = { "one", "two" };

	for (size_t i = 0; i < 2 * sizeof c / sizeof *c; i++) {
		int back = i % 2, k = (int)(i / 2);
		struct flp_admit m;
		struct flp_error e = { .text = "" };

		begin(&m, "mean", FLP_WEIGHTING_AUTO);
		for (int j = 0; j < 2; j++) {
			int at = j ^ back;
			struct flp_header h = header(c[k].kind[at], c[k].privacy[at], c[k].meta[at]);
			struct flp_entry entry;

			CHECK(take(&m, &h, paths[at], &entry, &e) == 0, "%d: %s", k, e.text);
			/* Noise is compared at the end, when it is known whether the result is noised. */
			CHECK(c[k].why == NULL || j == 0 || flp_admit_records(&m) <= 1 ||
			    m.noises.code != FLP_ERROR_NONE, "%d: a record that differs was taken", k);
			flp_entry_free(&entry);
			flp_header_free(&h);
		}
		CHECK((c[k].why != NULL) == (m.dispute.code != FLP_ERROR_NONE ||
		    m.noises.code != FLP_ERROR_NONE), "%d: %s", k, m.dispute.text);
		if (c[k].why != NULL) {
			CHECK(flp_admit_end(&m, &e) < 0 && e.code == FLP_ERROR_BAD, "%d", k);
			CHECK(says(&e, back ? "one: does not agree with two: " :
			    "two: does not agree with one: "), "%d: %s", k, e.text);
			CHECK(back || says(&e, c[k].why), "%d: %s", k, e.text);
			CHECK(strchr(c[k].why, ';') == NULL || says(&e, strchr(c[k].why, ';')), "%d: %s", k,
			    e.text);
		} else {
			CHECK(flp_admit_end(&m, &e) == 0, "%d: %s", k, e.text);
		}
		flp_admit_free(&m);
	}
}

/* Tensors that differ can be told before the footer is read, and what is bad too. */
static void
test_fits(void)
{
	static const uint64_t other[] = { 3, 2 };
	struct flp_header one = header(FLP_KIND_UPDATE, FLP_PRIVACY_RAW, ""),
	    far = header(FLP_KIND_UPDATE, FLP_PRIVACY_RAW, ""),
	    stats = header(FLP_KIND_STATS, FLP_PRIVACY_RAW, ""),
	    partial = header(FLP_KIND_PARTIAL, FLP_PRIVACY_RAW, "");
	struct flp_entry entry;
	struct flp_admit m;
	struct flp_error e = { .text = "" };

	CHECK(flp_header_add(&far, "v", FLP_DTYPE_F32, 2, other, &e) == 0, "%s", e.text);
	begin(&m, "mean", FLP_WEIGHTING_AUTO);
	CHECK(flp_admit_fits(&m, &one, &e) == 1 && flp_admit_fits(&m, &far, &e) == 1, "%s", e.text);
	CHECK(flp_admit_fits(&m, &stats, &e) < 0 && says(&e, "statistics have no mean"), "%s", e.text);
	CHECK(flp_admit_fits(&m, &partial, &e) == 1, "%s", e.text);
	m.policy.trust_partials = 0;
	CHECK(flp_admit_fits(&m, &partial, &e) < 0 && says(&e, "--trust-partials"), "%s", e.text);
	CHECK(take(&m, &one, "a", &entry, &e) == 0, "%s", e.text);
	CHECK(flp_admit_fits(&m, &one, &e) == 1 && flp_admit_fits(&m, &far, &e) == 0, "%s", e.text);
	flp_entry_free(&entry);
	flp_admit_free(&m);
	flp_header_free(&one);
	flp_header_free(&far);
	flp_header_free(&stats);
	flp_header_free(&partial);
}

/* A partial of nothing, then what it must go with, under either weighting. */
static void
test_empty_partial(void)
{
	static const char *const empty = "base=aa\nclients=0\nof=update\nround=3\nrule=mean\nweight=0\n";
	struct flp_admit m;
	struct flp_error e;
	uint64_t weight;
	struct flp_header h;

	begin(&m, "mean", FLP_WEIGHTING_AUTO);
	CHECK(take_text(&m, FLP_KIND_PARTIAL, empty, &weight, &e) == 0 && flp_admit_records(&m) == 0,
	    "%s", e.text);
	CHECK(take_text(&m, FLP_KIND_PARTIAL, empty, &weight, &e) == 0 && flp_admit_records(&m) == 0,
	    "%s", e.text);
	CHECK(take_text(&m, FLP_KIND_UPDATE, "base=aa\nround=3\n", &weight, &e) == 0 &&
	    flp_admit_clients(&m) == 1, "%s", e.text);
	CHECK(take_text(&m, FLP_KIND_PARTIAL, empty, &weight, &e) == 0 && flp_admit_clients(&m) == 1,
	    "%s", e.text);
	result(&m, 0, &h);
	CHECK(flp_meta_expect(&h.meta, "weighting", "uniform", 7, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	flp_admit_free(&m);
}

/* If the sum over all records is too large, no single record is bad, and it shows only at the
 * end. */
static void
test_overflow(void)
{
	static const char *const most = "clients=4611686018427387904\nof=update\nrule=mean\n"
	    "weight=4611686018427387904\nweighting=uniform\n";
	struct flp_admit m;
	struct flp_error e;
	uint64_t weight;

	for (int first = 0; first < 2; first++) {
		begin(&m, "mean", FLP_WEIGHTING_AUTO);
		for (int i = 0; i < 2; i++)
			CHECK(take_text(&m, i == first ? FLP_KIND_PARTIAL : FLP_KIND_UPDATE,
			    i == first ? most : "", &weight, &e) == 0, "%s", e.text);
		CHECK(flp_admit_end(&m, &e) < 0 && e.code == FLP_ERROR_BAD && says(&e,
		    "metadata: clients: expected a sum of at most 2^62, found more"), "%s", e.text);
		flp_admit_free(&m);
	}
}

/* A record that was taken can be taken back, with all its counts and its privacy state. */
static void
test_take_back(void)
{
	static const enum flp_privacy states[] = { FLP_PRIVACY_PUBLIC, FLP_PRIVACY_RAW,
		FLP_PRIVACY_CLIPPED };
	struct flp_entry entry[3];
	struct flp_admit m;
	struct flp_error e = { .text = "" };
	uint64_t value;

	begin(&m, "mean", FLP_WEIGHTING_AUTO);
	for (int i = 0; i < 3; i++) {
		char text[40];
		struct flp_header h;

		snprintf(text, sizeof text, "client=c%d\nexamples=%d\n", i, 1 << i);
		h = header(FLP_KIND_UPDATE, states[i], text);
		CHECK(take(&m, &h, "a", &entry[i], &e) == 0, "%s", e.text);
		CHECK(entry[i].client != NULL && entry[i].client[1] == '0' + i, "client %d", i);
		flp_header_free(&h);
	}
	CHECK(flp_admit_end(&m, &e) == 0 && m.agreed.merged.header.privacy == FLP_PRIVACY_RAW, "%s",
	    e.text);
	flp_admit_take_back(&m, &entry[1]);
	CHECK(flp_admit_end(&m, &e) == 0 && m.agreed.merged.header.privacy == FLP_PRIVACY_CLIPPED &&
	    flp_admit_clients(&m) == 2, "%s", e.text);
	CHECK(flp_meta_u64(&m.agreed.merged.header.meta, "examples", 0, 99, &value, &e) == 1 &&
	    value == 5, "%llu examples", (unsigned long long)value);
	flp_admit_take_back(&m, &entry[2]);
	CHECK(flp_admit_end(&m, &e) == 0 && m.agreed.merged.header.privacy == FLP_PRIVACY_PUBLIC &&
	    flp_admit_records(&m) == 1, "%s", e.text);
	for (int i = 0; i < 3; i++)
		flp_entry_free(&entry[i]);
	flp_admit_free(&m);
}

/* What rides along with an update whose own tensor is w: a vote where it is asked for, and other
 * tensors where no clipped updates are summed. */
static void
test_rides(void)
{
	static const struct {
		const char *rule, *more[2]; /* NULL: no more tensors */
		int grid, adapt;
		const char *why; /* NULL: it passes */
	} c[] = {
		{ "sum", { NULL }, 1, 0, NULL },
		{ "sum", { NULL }, 1, 1, "tensor clip/below: expected under --adapt, found none" },
		{ "sum", { "clip/below" }, 1, 1, NULL },
		{ "sum", { "clip/below" }, 1, 0, "tensor clip/below: expected only under --adapt" },
		{ "sum", { "clip/below" }, 0, 0, "tensor clip/below: expected only under --adapt" },
		{ "sum", { "control/w" }, 0, 0, NULL },
		{ "sum", { "control/w" }, 1, 0, "tensor control/w: expected only tensors of the model" },
		{ "sum", { "control/w", "clip/below" }, 1, 1, "tensor control/w: expected only" },
		{ "sum", { "clip/below", "control/w" }, 0, 1, NULL },
		{ "mean", { "control/w" }, 1, 0, NULL },
		{ "mean", { "clip/below" }, 1, 0, NULL },
	};
	const uint64_t one = 1;

	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		struct flp_merged m = { .header = header(FLP_KIND_UPDATE, FLP_PRIVACY_CLIPPED, ""),
			.grid = c[i].grid };
		struct flp_rule by = rule(c[i].rule);
		struct flp_error e = { .text = "" };
		int status;

		for (int k = 0; k < 2 && c[i].more[k] != NULL; k++)
			CHECK(flp_header_add(&m.header, c[i].more[k], FLP_DTYPE_I32, 1, &one, &e) == 0, "%s",
			    e.text);
		status = flp_clipped_rides(&by, &m, 1, c[i].adapt, &e);
		CHECK(c[i].why == NULL ? status == 0 : status < 0 && e.code == FLP_ERROR_BAD &&
		    says(&e, c[i].why), "%zu: %d: %s", i, status, e.text);
		flp_header_free(&m.header);
	}
}

/* A record's norm, over the calls that bring its values, and its bound. */
static void
test_norm(void)
{
	struct flp_header h = header(FLP_KIND_UPDATE, FLP_PRIVACY_RAW, "");
	struct flp_entry entry;
	struct flp_admit m;
	struct flp_error e = { .text = "" };

	begin(&m, "mean", FLP_WEIGHTING_AUTO);
	CHECK(take(&m, &h, "a", &entry, &e) == 0 && flp_norm_value(&entry.norm) == 0,
	    "a norm that nobody asked for");
	flp_entry_free(&entry);
	m.policy.norms = 1;
	CHECK(take(&m, &h, "a", &entry, &e) == 0 && flp_norm_value(&entry.norm) * flp_norm_value(
	    &entry.norm) > 4.999, "%g", flp_norm_value(&entry.norm));
	flp_entry_free(&entry);
	m.policy.max_norm = 2.2;
	CHECK(take(&m, &h, "a", &entry, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    says(&e, "expected a norm of at most 2.2, found 2.23606798"), "%s", e.text);
	flp_entry_free(&entry);
	CHECK(flp_admit_records(&m) == 2, "it was taken");
	flp_header_free(&h);
	flp_admit_free(&m);
}

static void
test_misuse(void)
{
	struct flp_header bad = header(FLP_KIND_UPDATE, FLP_PRIVACY_RAW, "examples=0\n");
	struct flp_report report = { .path = "report" };
	struct flp_entry entry = { .path = "a" };
	struct flp_admit m;
	struct flp_error e;

	begin(&m, "mean", FLP_WEIGHTING_AUTO);
	CHECK(flp_admit_take(&m, &entry, &e) < 0 && e.code == FLP_ERROR_SYSTEM &&
	    says(&e, "a program error: "), "nothing was checked");
	CHECK(flp_admit_check(&m, &bad, &entry, &e) < 0 && flp_admit_take(&m, &entry, &e) < 0 &&
	    says(&e, "a record that was refused is not taken"), "%s", e.text);
	CHECK(flp_admit_records(&m) == 0, "it was taken");
	CHECK(flp_report_leave_out(&report, 0, "why", &e) < 0 && says(&e, "no row 0"), "%s", e.text);
	flp_report_norm(&report, &entry);
	CHECK(report.n == 0, "a row of nothing");
	flp_report_free(&report);
	flp_header_free(&bad);
	flp_admit_free(&m);
}

static void
test_entry(void)
{
	static const struct flp_entry e[] = { { .path = "-", .number = 1 }, { .path = "a", .number = 10 },
		{ .path = "a", .number = 2 }, { .path = "a", .number = 1 }, { .path = "Z", .number = 3 } };
	static const char *const places[] = { "standard input", "a: record 10", "a: record 2", "a",
		"Z: record 3" };
	static const int order[] = { 4, 3, 2, 1, 0 };
	char place[FLP_ENTRY_PLACE], far[2 * FLP_ENTRY_PLACE];
	struct flp_error error;

	for (int i = 0; i < 5; i++) {
		flp_entry_place(&e[i], place);
		CHECK(strcmp(place, places[i]) == 0, "%s", place);
		for (int k = 0; k < 5; k++) {
			int found = flp_entry_compare(&e[order[i]], &e[order[k]]);

			CHECK((found > 0) - (found < 0) == (i > k) - (i < k), "%d %d: %d", i, k, found);
		}
	}
	flp_error_bad(&error, "why");
	CHECK(flp_entry_at(&e[2], &error) == -1 && strcmp(error.text, "a: record 2: why") == 0, "%s",
	    error.text);
	memset(far, 'x', sizeof far);
	far[sizeof far - 1] = '\0';
	flp_entry_place(&(struct flp_entry){ .path = far, .number = 2 }, place);
	CHECK(strlen(place) == sizeof place - 1, "%zu", strlen(place));
}

/* Writes a record of one value under a client's name, none for "". */
static void
save(const char *path, const char *client, float value)
{
	struct flp_header h = { .kind = FLP_KIND_UPDATE };
	struct flp_writer *w = NULL;
	struct flp_record rec;
	struct flp_error e = { .text = "" };
	struct flp_out out;
	uint64_t one = 1;

	CHECK(flp_header_add(&h, "w", FLP_DTYPE_F32, 1, &one, &e) == 0, "%s", e.text);
	CHECK(client[0] == '\0' || flp_meta_set_text(&h.meta, "client", client, &e) == 0, "%s", e.text);
	CHECK(flp_record_new(&rec, &h, &e) == 0, "%s", e.text);
	((float *)rec.values[0])[0] = value;
	CHECK(flp_out_create(&out, path, &e) == 0 && (w = flp_writer_new(&out, &e)) != NULL &&
	    flp_record_write(&rec, w, &e) == 0 && flp_out_commit(&out, 0, &e) == 0, "%s", e.text);
	flp_writer_free(w);
	flp_record_free(&rec);
	flp_header_free(&h);
}

/* Keeps the records of all paths on a stack, with their clients as flp_admit_check does. */
static void
push_all(struct flp_stack *s, char **paths, struct flp_admit *m)
{
	const struct flp_header *h;
	struct flp_entry *entry;
	struct flp_inputs in;
	struct flp_error e = { .text = "" };
	float value;

	flp_stack_init(s);
	flp_inputs_init(&in, paths);
	while (flp_inputs_next(&in, &h, &e) == 1)
		CHECK(flp_stack_begin(s, &in, &h, &entry, &e) == 0 &&
		    flp_admit_check(m, h, entry, &e) == 0 &&
		    flp_stack_values(s, s->records, 1, &value, &e) == 0 &&
		    flp_stack_finish(s, s->records, &e) == 0 && flp_stack_push(s, &e) == 0, "%s", e.text);
	flp_inputs_close(&in);
}

/* For each record 1 if it was dropped, 2 if a copy of it stays. */
struct dropped {
	char what[8];
	size_t n, fail; /* fails at call number `fail`, if above 0 */
};

static int
drop(void *context, size_t k, int twice, struct flp_error *e)
{
	struct dropped *d = context;

	CHECK(k < sizeof d->what && d->what[k] == 0, "record %zu is dropped twice", k);
	CHECK(e->code == FLP_ERROR_BAD && says(e, twice ? "the same record as " :
	    "has a different record in "), "%s", e->text);
	d->what[k] = twice ? 2 : 1;
	return ++d->n == d->fail ? flp_error_system(e, 0, "full") : 0;
}

/* Files a and b of clients x and y, c another of x, n and o without a name, z a copy of a. */
static void
test_unique(void)
{
	static const struct {
		const char *paths;
		char what[8];
	} c[] = {
		{ "a", { 0 } }, { "ab", { 0, 0 } }, { "aa", { 0, 2 } }, { "abc", { 1, 0, 1 } },
		{ "cba", { 1, 0, 1 } }, { "az", { 0, 2 } }, { "za", { 2, 0 } }, { "no", { 0, 0 } },
		{ "nno", { 0, 2, 0 } }, { "azc", { 1, 2, 1 } }, { "zca", { 2, 1, 1 } },
		{ "bbbb", { 0, 2, 2, 2 } }, { "anob", { 0, 0, 0, 0 } }, { "", { 0 } },
	};
	struct flp_error e = { .text = "" };
	struct dropped d = { .fail = 1 };
	struct flp_stack s;
	struct flp_admit m;

	begin(&m, "mean", FLP_WEIGHTING_AUTO);
	save("a", "x", 1);
	save("b", "y", 1);
	save("c", "x", 2);
	save("n", "", 1);
	save("o", "", 2);
	save("z", "x", 1);
	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		char name[8][2] = { "" }, *paths[9] = { NULL };
		struct dropped found = { .n = 0 };

		for (size_t k = 0; k < strlen(c[i].paths); k++) {
			name[k][0] = c[i].paths[k];
			paths[k] = name[k];
		}
		if (paths[0] == NULL)
			flp_stack_init(&s);
		else
			push_all(&s, paths, &m);
		CHECK(s.records == strlen(c[i].paths) && flp_unique(&s, drop, &found, &e) == 0, "%s: %s",
		    c[i].paths, e.text);
		CHECK(memcmp(found.what, c[i].what, sizeof found.what) == 0, "%s: %d %d %d", c[i].paths,
		    found.what[0], found.what[1], found.what[2]);
		flp_stack_free(&s);
	}
	push_all(&s, (char *[]){ "a", "c", NULL }, &m);
	CHECK(flp_unique(&s, drop, &d, &e) < 0 && e.code == FLP_ERROR_SYSTEM && d.n == 1, "%s", e.text);
	CHECK(flp_stack_has(&s, 0) && !flp_stack_has(&s, 2), "has");
	flp_stack_leave_out(&s, 0);
	CHECK(!flp_stack_has(&s, 0) && flp_stack_has(&s, 1), "left out");
	flp_stack_free(&s);
	flp_admit_free(&m);
	for (const char *name = "abcnoz"; *name != '\0'; name++)
		unlink((char[]){ *name, '\0' });
}

/* The whole of a file, as text. */
static char *
slurp(const char *path)
{
	static char text[2000];
	FILE *f = fopen(path, "r");
	size_t n = f != NULL ? fread(text, 1, sizeof text - 1, f) : 0;

	text[n] = '\0';
	if (f != NULL)
		fclose(f);
	return text;
}

static void
test_report(void)
{
	struct flp_entry a = { .path = "a", .number = 1, .id = { { 0xab } }, .kind = FLP_KIND_UPDATE,
		.weight = 7, .client = (char *)"x", .clients = 1 }, b = a, none = a;
	struct flp_report report = { .path = "report" }, silent = { .path = NULL },
	    lost = { .path = "nowhere/report" };
	const float w[2] = { 3, 4 };
	struct flp_error e = { .text = "" };
	struct flp_out file;

	b.number = 2;
	b.client = NULL;
	b.kind = FLP_KIND_PARTIAL;
	flp_norm_add(&a.norm, 0, w, FLP_DTYPE_F32, 2);
	a.normed = 1;
	CHECK(flp_report_add(&report, &a, &a.row, &e) == 0 && a.row == 0 &&
	    flp_report_add(&report, &b, &b.row, &e) == 0 && b.row == 1, "%s", e.text);
	flp_report_norm(&report, &a);
	flp_report_norm(&report, &b); /* a partial has none */
	CHECK(flp_report_bad(&report, "tab\there", "why\nnot", NULL, &e) == 0 &&
	    flp_report_bad(&report, "c", "known", &a, &e) == 0, "%s", e.text);
	CHECK(flp_report_write(&report, 1, &file, &e) == 0 && access("report", F_OK) < 0 &&
	    flp_out_commit(&file, 0, &e) == 0, "%s", e.text);
	CHECK(strcmp(slurp("report"), "place\tverdict\treason\tclient\tweight\tnorm\tid\n"
	    "a\ttaken\t-\tx\t7\t5\tab000000000000000000000000000000\n"
	    "a: record 2\ttaken\t-\t-\t7\t-\tab000000000000000000000000000000\n"
	    "tab\\x09here\tleft-out\twhy\\x0anot\t-\t-\t-\t-\n"
	    "c\tleft-out\tknown\tx\t7\t5\tab000000000000000000000000000000\n") == 0, "%s",
	    slurp("report"));
	CHECK(flp_report_leave_out(&report, 0, "first", &e) == 0 &&
	    flp_report_leave_out(&report, 0, "again", &e) == 0 &&
	    flp_report_write(&report, 0, &file, &e) == 0 && flp_out_commit(&file, 0, &e) == 0, "%s",
	    e.text);
	CHECK(strstr(slurp("report"), "\na\tleft-out\tagain\tx\t7\t5\t") != NULL &&
	    strstr(slurp("report"), "\na: record 2\tunused\t-\t-") != NULL, "%s", slurp("report"));
	CHECK(flp_report_leave_out(&report, 4, "past", &e) < 0 && e.code == FLP_ERROR_SYSTEM, "%s",
	    e.text);
	unlink("report");

	CHECK(flp_report_add(&silent, &none, &none.row, &e) == 0 &&
	    flp_report_bad(&silent, "a", "why", NULL, &e) == 0 &&
	    flp_report_leave_out(&silent, 9, "why", &e) == 0 && silent.n == 0, "%s", e.text);
	CHECK(flp_report_bad(&lost, "a", "why", NULL, &e) == 0 && flp_report_write(&lost, 1, &file, &e) < 0 &&
	    e.code == FLP_ERROR_SYSTEM, "%s", e.text);
	flp_report_free(&report);
	flp_report_free(&lost);
}

int
main(void)
{
	char folder[] = "/tmp/policy-XXXXXX";

	test_names();
	test_header();
	test_keys();
	test_masked();
	test_where();
	test_counts();
	test_counts_limit();
	test_merge();
	test_admit();
	test_disputes();
	test_fits();
	test_empty_partial();
	test_overflow();
	test_take_back();
	test_rides();
	test_norm();
	test_misuse();
	test_entry();
	CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0, "%s", folder);
	test_unique();
	test_report();
	CHECK(chdir("/") == 0 && rmdir(folder) == 0, "%s", folder);
	return unit_done();
}

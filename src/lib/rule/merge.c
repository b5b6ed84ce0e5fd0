#include "rule/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The greatest count a client may claim, and the greatest of all together. */
#define CLIENT_LIMIT ((uint64_t)1 << 53)
#define COUNT_LIMIT ((uint64_t)1 << 62)

/* A merged record's metadata while it is merged, partial or not:
 *   of         the kind of what is merged      equal
 *   rule       mean or sum                     equal
 *   weighting  examples, uniform               equal
 *   weight     sum of the weights              added up
 *   clients    number of clients               added up
 * A partial must say them, and a sum its `of`; for any other record they are set
 * here, since what a client writes there is not believed. A partial of nothing
 * has no weighting; it only says, as --like does, what it goes with. */
static const char *const rule_name[] = { "mean", "sum" };

const char *
flp_weighting_name(unsigned weighting)
{
	static const char *const names[] = { "auto", "examples", "uniform" };

	return weighting < sizeof names / sizeof *names ? names[weighting] : NULL;
}

void
flp_merger_init(struct flp_merger *m, enum flp_rule rule, enum flp_weighting weighting)
{
	memset(m, 0, sizeof *m);
	m->rule = rule;
	m->weighting = rule == FLP_RULE_SUM ? FLP_WEIGHTING_UNIFORM : weighting;
	m->by_first = m->weighting == FLP_WEIGHTING_AUTO;
}

void
flp_merger_free(struct flp_merger *m)
{
	flp_header_free(&m->header);
	flp_meta_free(&m->like);
}

void
flp_candidate_free(struct flp_candidate *c)
{
	flp_header_free(&c->header);
	flp_meta_free(&c->like);
}

int
flp_merger_check_parents(const struct flp_header *h, struct flp_error *e)
{
	const struct flp_tensor *t = h->tensors ? &h->tensor[h->tensors - 1] : NULL;

	if (h->kind != FLP_KIND_PARTIAL || (t != NULL && strcmp(t->name, FLP_MERGE_PARENTS) == 0 &&
	    t->dtype == FLP_DTYPE_U16 && t->count == FLP_IDSET_WORDS))
		return 0;
	return flp_error_bad(e, "expected tensor %s u16 %d last in a partial", FLP_MERGE_PARENTS,
	    FLP_IDSET_WORDS);
}

/* The tensors as they will be in a result that is no partial. */
static int
copy_tensors(struct flp_header *to, const struct flp_header *from, enum flp_rule rule,
    struct flp_error *e)
{
	int partial = from->kind == FLP_KIND_PARTIAL;

	if (flp_header_copy(to, from, e) < 0)
		return -1;
	if (partial)
		free(to->tensor[--to->tensors].name);
	for (size_t i = 0; i < to->tensors; i++) {
		struct flp_tensor *t = &to->tensor[i];
		int summed = partial && flp_total_treatment(t, rule) == FLP_TREATMENT_SUMMED;

		if ((t->dtype & FLP_DTYPE_SUM) != (summed ? FLP_DTYPE_SUM : 0))
			return flp_error_bad(e, "tensor %s: dtype %s does not belong in a record of "
			    "kind %s", t->name, flp_dtype_name(t->dtype), flp_kind_name(from->kind));
		t->encoding = FLP_ENCODING_DENSE;
		if (flp_tensor_set_dtype(t, t->dtype & ~FLP_DTYPE_SUM, e) < 0)
			return -1;
	}
	return 0;
}

int
flp_merger_like(struct flp_merger *m, const struct flp_header *model, const struct flp_id *id,
    struct flp_error *e)
{
	char text[FLP_ID_TEXT];
	const char *round;
	size_t n;

	m->header.kind = FLP_KIND_UPDATE;
	for (size_t i = 0; i < model->tensors; i++) {
		const struct flp_tensor *t = &model->tensor[i];

		if (t->dtype & FLP_DTYPE_SUM)
			return flp_error_bad(e, "tensor %s: dtype %s does not belong in a model",
			    t->name, flp_dtype_name(t->dtype));
		if (!flp_tensor_describes(t) &&
		    flp_header_add(&m->header, t->name, t->dtype, t->rank, t->dims, e) < 0)
			return -1;
	}
	if ((round = flp_meta_get(&model->meta, "round", &n)) != NULL &&
	    flp_meta_set(&m->like, "round", round, n, e) < 0)
		return -1;
	flp_id_text(id, text);
	return flp_meta_set_text(&m->like, "base", text, e);
}

/* What is merged: the kind itself, or what a partial or a sum was made of. */
static int
merged_kind(const struct flp_merger *m, const struct flp_header *h, enum flp_kind *kind,
    struct flp_error *e)
{
	static const enum flp_kind kinds[] = { FLP_KIND_PARAMS, FLP_KIND_UPDATE, FLP_KIND_STATS, 0 };
	const char *of = flp_kind_name(h->kind);
	size_t n = strlen(of), i = 0;

	if (h->kind == FLP_KIND_SUM && m->rule == FLP_RULE_MEAN)
		return flp_error_bad(e, "sums have no mean, only a sum (see --sum)");
	if ((h->kind == FLP_KIND_PARTIAL || h->kind == FLP_KIND_SUM) &&
	    (of = flp_meta_get(&h->meta, "of", &n)) == NULL)
		return flp_error_bad(e, "metadata: of: missing in a %s", flp_kind_name(h->kind));
	while (kinds[i] != 0 && (strlen(flp_kind_name(kinds[i])) != n ||
	    memcmp(flp_kind_name(kinds[i]), of, n) != 0))
		i++;
	*kind = kinds[i];
	if (*kind == 0)
		return flp_error_bad(e, "expected params, update, sum, stats or a partial of them, "
		    "found %.*s", (int)(n < 80 ? n : 80), of);
	if (*kind == FLP_KIND_STATS && m->rule == FLP_RULE_MEAN)
		return flp_error_bad(e, "statistics have no mean, only a sum (see --sum)");
	return 0;
}

/* The weighting this record is taken with: as asked for, or by the first. */
static enum flp_weighting
choose_weighting(const struct flp_merger *m, const struct flp_header *h)
{
	int partial = h->kind == FLP_KIND_PARTIAL;
	size_t n;
	const char *said = flp_meta_get(&h->meta, partial ? "weighting" : "examples", &n);

	if (m->weighting != FLP_WEIGHTING_AUTO)
		return m->weighting;
	if (partial)
		return said != NULL && n == 7 && memcmp(said, "uniform", n) == 0 ?
		    FLP_WEIGHTING_UNIFORM : FLP_WEIGHTING_EXAMPLES;
	return said == NULL ? FLP_WEIGHTING_UNIFORM : FLP_WEIGHTING_EXAMPLES;
}

/* A client's record: what it says of itself within bounds, the rest set. */
static int
complete_plain(const struct flp_merger *m, enum flp_kind kind, struct flp_meta *meta,
    struct flp_candidate *c, struct flp_error *e)
{
	uint64_t examples, unused;
	size_t n;
	int has = flp_meta_u64(meta, "examples", 1, CLIENT_LIMIT, &examples, e);

	if (has < 0 || flp_meta_u64(meta, "steps", 0, CLIENT_LIMIT, &unused, e) < 0 ||
	    flp_meta_u64(meta, "clients", 1, CLIENT_LIMIT, &unused, e) < 0)
		return -1;
	if (c->weighting == FLP_WEIGHTING_EXAMPLES && !has)
		return flp_error_bad(e, "metadata: examples: missing, so there is no weight "
		    "(see --weight uniform)");
	if (has && m->by_first && m->records > 0 &&
	    flp_meta_get(&m->header.meta, "examples", &n) == NULL)
		return flp_error_bad(e, "metadata: examples: not in the first record, so all count "
		    "alike (see --weight)");
	c->weight = c->weighting == FLP_WEIGHTING_EXAMPLES ? examples : 1;
	if (flp_meta_set_text(meta, "of", flp_kind_name(kind), e) < 0 ||
	    flp_meta_set_text(meta, "rule", rule_name[m->rule], e) < 0 ||
	    flp_meta_set_text(meta, "weighting", flp_weighting_name(c->weighting), e) < 0 ||
	    flp_meta_set_u64(meta, "weight", c->weight, e) < 0)
		return -1;
	return flp_meta_set_u64(meta, "clients", 1, e);
}

/* The metadata must say this of that key. */
static int
expect(const struct flp_meta *meta, const char *key, const char *want, size_t want_n,
    struct flp_error *e)
{
	size_t n;
	const char *found = flp_meta_get(meta, key, &n);

	if (found != NULL && n == want_n && memcmp(found, want, n) == 0)
		return 0;
	return flp_error_bad(e, "metadata: %s: expected %.*s, found %.*s", key, (int)want_n, want,
	    found ? (int)(n < 80 ? n : 80) : 7, found ? found : "nothing");
}

/* What a partial counts must be possible for so many clients. */
static int
check_counts(const struct flp_meta *meta, uint64_t clients, enum flp_weighting weighting,
    struct flp_error *e)
{
	uint64_t most = clients < COUNT_LIMIT / CLIENT_LIMIT ? clients * CLIENT_LIMIT : COUNT_LIMIT;
	uint64_t heaviest = weighting == FLP_WEIGHTING_UNIFORM ? clients : most, unused;

	if (flp_meta_u64(meta, "weight", clients, heaviest, &unused, e) < 0 ||
	    flp_meta_u64(meta, "examples", 0, most, &unused, e) < 0)
		return -1;
	return flp_meta_u64(meta, "steps", 0, most, &unused, e) < 0 ? -1 : 0;
}

static int
check_partial(const struct flp_merger *m, const struct flp_meta *meta, struct flp_candidate *c,
    struct flp_error *e)
{
	const char *rule = rule_name[m->rule], *weighting = flp_weighting_name(c->weighting);
	uint64_t weight = 0, clients = 0;
	int found = flp_meta_u64(meta, "clients", 0, COUNT_LIMIT, &clients, e);

	if (found > 0)
		found = flp_meta_u64(meta, "weight", 0, COUNT_LIMIT, &weight, e);
	if (found < 0)
		return -1;
	if (found == 0 || (weight == 0) != (clients == 0))
		return flp_error_bad(e, "metadata: expected clients and weight in a partial");
	c->weight = clients;
	c->empty = clients == 0;
	if (expect(meta, "rule", rule, strlen(rule), e) < 0 ||
	    (!c->empty && expect(meta, "weighting", weighting, strlen(weighting), e) < 0))
		return -1;
	return check_counts(meta, clients, c->weighting, e);
}

/* Keys that say of which model a record is. */
static const char *const like_key[] = { "base", "round" };
#define LIKE_KEYS (sizeof like_key / sizeof *like_key)

/* That each of them in `want` stands in `found` alike. */
static int
check_like(const struct flp_meta *want, const struct flp_meta *found, struct flp_error *e)
{
	for (size_t i = 0; i < LIKE_KEYS; i++) {
		size_t n;
		const char *value = flp_meta_get(want, like_key[i], &n);

		if (value != NULL && expect(found, like_key[i], value, n, e) < 0)
			return -1;
	}
	return 0;
}

static int
copy_like(struct flp_meta *like, const struct flp_meta *meta, struct flp_error *e)
{
	for (size_t i = 0; i < LIKE_KEYS; i++) {
		size_t n;
		const char *value = flp_meta_get(meta, like_key[i], &n);

		if (value != NULL && flp_meta_set(like, like_key[i], value, n, e) < 0)
			return -1;
	}
	return 0;
}

/* The record's header as far as it matters here, against what was taken. */
static int
fits(const struct flp_merger *m, const struct flp_header *found, struct flp_error *e)
{
	if (found->privacy == FLP_PRIVACY_MASKED)
		return flp_error_bad(e, "masked records have no plain mean or sum");
	if (m->header.kind == 0)
		return 0;
	if (found->kind != m->header.kind)
		return flp_error_bad(e, "expected kind %s as before, found %s",
		    flp_kind_name(m->header.kind), flp_kind_name(found->kind));
	if (m->records > 0 && found->privacy != m->header.privacy)
		return flp_error_bad(e, "expected privacy state %s as before, found %s",
		    flp_privacy_name(m->header.privacy), flp_privacy_name(found->privacy));
	return flp_header_same_tensors(&m->header, found, e);
}

/* Each count was within COUNT_LIMIT by itself, so no sum of two has overflowed. */
static int
check_sums(const struct flp_meta *all, struct flp_candidate *c, struct flp_error *e)
{
	static const char *const counts[] = { "clients", "examples", "steps", "weight" };

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		uint64_t sum;

		if (flp_meta_u64(all, counts[i], 0, UINT64_MAX, &sum, e) != 1 || sum <= COUNT_LIMIT)
			continue;
		c->over = 1;
		return flp_error_bad(e, "metadata: %s: with what was before it the sum is %llu, beyond "
		    "2^62", counts[i], (unsigned long long)sum);
	}
	return 0;
}

/* The metadata of all: those so far and this record's. */
static int
merge_metadata(const struct flp_merger *m, const struct flp_meta *said, struct flp_candidate *c,
    struct flp_error *e)
{
	struct flp_meta *all = &c->header.meta;

	if (copy_like(&c->like, said, e) < 0 || check_like(&m->like, said, e) < 0 ||
	    flp_meta_copy(all, &m->header.meta, e) < 0)
		return -1;
	if (c->empty)
		return m->records > 0 ? check_like(&c->like, all, e) : 0;
	if (flp_meta_merge(all, said, m->records == 0, e) < 0 || check_sums(all, c, e) < 0 ||
	    flp_meta_u64(all, "clients", 0, UINT64_MAX, &c->clients, e) < 0)
		return -1;
	return flp_meta_u64(all, "weight", 0, UINT64_MAX, &c->total, e) < 0 ? -1 : 0;
}

int
flp_merger_fits(const struct flp_merger *m, const struct flp_header *h, struct flp_error *e)
{
	struct flp_header merged = { 0 };
	enum flp_kind kind = m->header.kind;
	int status = 0;

	/* Of these two a footer may yet say whose sums they are. */
	if (h->kind != FLP_KIND_PARTIAL && h->kind != FLP_KIND_SUM)
		status = merged_kind(m, h, &kind, e);
	if (status == 0)
		status = flp_merger_check_parents(h, e);
	if (status == 0)
		status = copy_tensors(&merged, h, m->rule, e);
	merged.kind = kind;
	if (status == 0)
		status = fits(m, &merged, e);
	flp_header_free(&merged);
	return status;
}

int
flp_merger_check(const struct flp_merger *m, const struct flp_header *h,
    struct flp_candidate *c, struct flp_error *e)
{
	static const char *const of_base[] = { "arch", "loss", "scaling" };
	struct flp_meta said = { 0 };
	enum flp_kind kind = 0;
	int status = -1;

	memset(c, 0, sizeof *c);
	c->weighting = choose_weighting(m, h);
	if (merged_kind(m, h, &kind, e) < 0 || flp_merger_check_parents(h, e) < 0 ||
	    copy_tensors(&c->header, h, m->rule, e) < 0)
		goto done;
	c->header.kind = kind;
	if (fits(m, &c->header, e) < 0 || flp_meta_copy(&said, &h->meta, e) < 0)
		goto done;
	/* An update's base says these; an update that says them too is no other. */
	for (size_t i = 0; kind == FLP_KIND_UPDATE && i < sizeof of_base / sizeof *of_base; i++)
		flp_meta_drop(&said, of_base[i]);
	if ((h->kind == FLP_KIND_PARTIAL ? check_partial(m, &said, c, e) :
	    complete_plain(m, kind, &said, c, e)) < 0 || merge_metadata(m, &said, c, e) < 0)
		goto done;
	status = 0;
done:
	flp_meta_free(&said);
	return status;
}

static void
take_header(struct flp_merger *m, struct flp_candidate *c)
{
	struct flp_meta meta = m->header.meta;

	if (m->header.kind == 0) {
		m->header = c->header;
		memset(&c->header, 0, sizeof c->header);
		return;
	}
	m->header.meta = c->header.meta;
	c->header.meta = meta;
}

void
flp_merger_take(struct flp_merger *m, struct flp_candidate *c, enum flp_kind kind,
    const struct flp_id *id)
{
	enum flp_privacy privacy = c->header.privacy;

	take_header(m, c);
	if (c->empty && m->like.n == 0) {
		flp_meta_free(&m->like);
		m->like = c->like;
		memset(&c->like, 0, sizeof c->like);
	}
	if (!c->empty) {
		m->header.privacy = privacy;
		m->weighting = c->weighting;
		m->weight = c->total;
		m->clients = c->clients;
		m->records++;
	}
	if (kind != FLP_KIND_PARTIAL)
		flp_idset_add(&m->parents, id->byte);
	flp_candidate_free(c);
}

static int
describe_result(const struct flp_merger *m, struct flp_header *h, struct flp_error *e)
{
	const char *of = flp_kind_name(h->kind);

	flp_meta_drop(&h->meta, "of");
	flp_meta_drop(&h->meta, "rule");
	flp_meta_drop(&h->meta, "weight");
	if (m->rule == FLP_RULE_SUM)
		flp_meta_drop(&h->meta, "weighting");
	if (m->rule == FLP_RULE_SUM && h->kind != FLP_KIND_STATS) {
		h->kind = FLP_KIND_SUM;
		if (flp_meta_set_text(&h->meta, "of", of, e) < 0)
			return -1;
	}
	return flp_meta_set_u64(&h->meta, "clients", m->clients, e);
}

int
flp_merger_footer(const struct flp_merger *m, struct flp_meta *footer, struct flp_error *e)
{
	unsigned char digest[FLP_IDSET_DIGEST];
	char text[2 * FLP_IDSET_DIGEST + 1];

	flp_idset_digest(&m->parents, digest);
	for (int i = 0; i < FLP_IDSET_DIGEST; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return flp_meta_set_text(footer, "parents", text, e);
}

static int
describe_partial(const struct flp_merger *m, struct flp_header *h, struct flp_error *e)
{
	uint64_t words = FLP_IDSET_WORDS;

	if (m->records == 0 && (flp_meta_set_text(&h->meta, "of", flp_kind_name(h->kind), e) < 0 ||
	    flp_meta_set_text(&h->meta, "rule", rule_name[m->rule], e) < 0 ||
	    flp_meta_set_u64(&h->meta, "clients", 0, e) < 0 ||
	    flp_meta_set_u64(&h->meta, "weight", 0, e) < 0))
		return -1;
	h->kind = FLP_KIND_PARTIAL;
	for (size_t i = 0; i < h->tensors; i++) {
		struct flp_tensor *t = &h->tensor[i];

		if (flp_total_treatment(t, m->rule) == FLP_TREATMENT_SUMMED &&
		    flp_tensor_set_dtype(t, t->dtype | FLP_DTYPE_SUM, e) < 0)
			return -1;
	}
	return flp_header_add(h, FLP_MERGE_PARENTS, FLP_DTYPE_U16, 1, &words, e);
}

int
flp_merger_result(const struct flp_merger *m, int partial, struct flp_header *h,
    struct flp_error *e)
{
	int status;

	if (flp_header_copy(h, &m->header, e) < 0)
		return -1;
	status = m->records == 0 ? flp_meta_copy(&h->meta, &m->like, e) : 0;
	if (status == 0)
		status = partial ? describe_partial(m, h, e) : describe_result(m, h, e);
	if (status < 0)
		flp_header_free(h);
	return status;
}

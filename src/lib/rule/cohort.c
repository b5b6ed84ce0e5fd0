#include "rule/cohort.h"
#include "base/memory.h"
#include "base/number.h"
#include "kernel/random.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct ticket {
	uint64_t draw;
	const char *name;
};

static int
by_draw(const void *a, const void *b)
{
	const struct ticket *x = a, *y = b;

	if (x->draw != y->draw)
		return x->draw < y->draw ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct ticket *)a)->name, ((const struct ticket *)b)->name);
}

static uint64_t
draw_for(const struct flp_cohort *cohort, const char *name)
{
	struct flp_random r;
	uint64_t bits;

	if (cohort->secret) {
		randombytes_buf(&bits, sizeof bits);
		return bits;
	}
	flp_random_init(&r, cohort->seed, cohort->round, XXH3_64bits(name, strlen(name)),
	    FLP_PURPOSE_SAMPLE);
	return flp_random_u64(&r);
}

/* A rate is kept to 2^-64; 2^64 itself is no uint64_t. */
static size_t
below_rate(struct ticket *ticket, size_t n, double rate)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (rate >= 1 || ticket[i].draw < (uint64_t)(rate * 0x1p64))
			ticket[kept++] = ticket[i];
	return kept;
}

static size_t
draw(const struct flp_cohort *cohort, const struct flp_texts *clients, struct ticket *ticket)
{
	size_t n = clients->n;

	for (size_t i = 0; i < n; i++) {
		const char *name = flp_texts_get(clients, i);

		ticket[i] = (struct ticket){ draw_for(cohort, name), name };
	}
	if (cohort->size == 0) {
		n = below_rate(ticket, n, cohort->rate);
	} else {
		qsort(ticket, n, sizeof *ticket, by_draw);
		n = (size_t)cohort->size;
	}
	qsort(ticket, n, sizeof *ticket, by_name);
	return n;
}

static int
describe(struct flp_meta *m, const struct flp_cohort *cohort, size_t population,
    struct flp_error *e)
{
	char rate[FLP_NUMBER_TEXT];

	if (flp_meta_set_u64(m, "population", population, e) < 0 ||
	    flp_meta_set_u64(m, "round", cohort->round, e) < 0 ||
	    flp_meta_set_text(m, "seed", cohort->secret ? "secret" : "public", e) < 0 ||
	    flp_meta_set_text(m, "scheme", cohort->size > 0 ? "fixed" : "poisson", e) < 0)
		return -1;
	if (cohort->size > 0)
		return flp_meta_set_u64(m, "size", cohort->size, e);
	flp_number_print(rate, cohort->rate);
	return flp_meta_set_text(m, "rate", rate, e);
}

static int
make_record(struct flp_record *to, const struct flp_cohort *cohort, size_t population,
    const struct ticket *ticket, size_t n, struct flp_error *e)
{
	struct flp_header h;
	uint64_t bytes = 0;
	int status = -1;
	char *line;

	for (size_t i = 0; i < n; i++)
		bytes += strlen(ticket[i].name) + 1;
	flp_header_init(&h, FLP_KIND_COHORT);
	if (describe(&h.meta, cohort, population, e) == 0 &&
	    flp_header_add(&h, ":clients", FLP_DTYPE_U8, 1, &bytes, e) == 0)
		status = flp_record_new(to, &h, e);
	flp_header_free(&h);
	if (status < 0)
		return -1;
	line = to->values[0];
	for (size_t i = 0; i < n; i++) {
		line = stpcpy(line, ticket[i].name);
		*line++ = '\n';
	}
	return 0;
}

int
flp_cohort_draw(struct flp_record *to, const struct flp_cohort *cohort,
    const struct flp_texts *clients, struct flp_error *e)
{
	struct ticket *ticket;
	int status;

	if (cohort->size > clients->n)
		return flp_error_usage(e, "a cohort of %llu: expected as many clients at least, "
		    "found %zu", (unsigned long long)cohort->size, clients->n);
	if (cohort->secret && sodium_init() < 0)
		return flp_error_system(e, 0, "the system's random generator");
	if ((ticket = flp_memory_new(clients->n, sizeof *ticket, e)) == NULL)
		return -1;
	status = make_record(to, cohort, clients->n, ticket, draw(cohort, clients, ticket), e);
	free(ticket);
	return status;
}

int
flp_cohort_names(const struct flp_record *record, struct flp_texts *names, struct flp_error *e)
{
	const struct flp_tensor *t;
	const void *text = flp_record_values(record, ":clients", &t);

	if (record->header.kind != FLP_KIND_COHORT)
		return flp_error_bad(e, "expected a record of kind cohort, found %s",
		    flp_kind_name(record->header.kind));
	if (text == NULL || t->dtype != FLP_DTYPE_U8)
		return flp_error_bad(e, ":clients: expected u8, found %s",
		    text == NULL ? "none" : flp_dtype_name(t->dtype));
	if (flp_texts_parse(names, text, (size_t)t->bytes, e) < 0)
		return flp_error_at(e, ":clients");
	return 0;
}

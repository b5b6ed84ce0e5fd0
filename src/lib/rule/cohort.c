#include "rule/cohort.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/secret.h"
#include "format/names.h"
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

static int
draw_for(const struct flp_cohort *cohort, struct ticket *ticket, struct flp_error *e)
{
	const char *name = ticket->name;
	struct flp_random r;

	if (cohort->secret)
		return flp_secret_bytes(&ticket->draw, sizeof ticket->draw, e);
	flp_random_init(&r, cohort->seed, (uint32_t)cohort->round, XXH3_64bits(name, strlen(name)),
	    FLP_PURPOSE_SAMPLE);
	ticket->draw = flp_random_u64(&r);
	return 0;
}

/* A rate is cut to a multiple of 2^-64. For rate 1 that is 2^64, beyond a uint64_t. */
static size_t
below_rate(struct ticket *ticket, size_t n, double rate)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (rate >= 1 || ticket[i].draw < (uint64_t)(rate * 0x1p64))
			ticket[kept++] = ticket[i];
	return kept;
}

/* The tickets of those drawn, *n of them, go to the front. */
static int
draw(const struct flp_cohort *cohort, const struct flp_texts *clients, struct ticket *ticket,
    size_t *n, struct flp_error *e)
{
	for (size_t i = 0; i < clients->n; i++) {
		ticket[i].name = flp_texts_get(clients, i);
		if (draw_for(cohort, &ticket[i], e) < 0)
			return -1;
	}
	if (cohort->size == 0) {
		*n = below_rate(ticket, clients->n, cohort->rate);
	} else {
		qsort(ticket, clients->n, sizeof *ticket, by_draw);
		*n = (size_t)cohort->size;
	}
	qsort(ticket, *n, sizeof *ticket, by_name);
	return 0;
}

/* Names a secret cohort. */
static int
set_draw(struct flp_meta *m, struct flp_error *e)
{
	unsigned char bytes[16];
	char text[2 * sizeof bytes + 1];

	if (flp_secret_bytes(bytes, sizeof bytes, e) < 0)
		return -1;
	sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
	return flp_meta_set_text(m, "draw", text, e);
}

static int
describe(struct flp_meta *m, const struct flp_cohort *cohort, size_t population,
    struct flp_error *e)
{
	char rate[FLP_NUMBER_TEXT];

	if (flp_meta_set_u64(m, "population", population, e) < 0 ||
	    flp_meta_set_u64(m, "round", cohort->round, e) < 0 ||
	    flp_meta_set_text(m, "seed", cohort->secret ? "secret" : "public", e) < 0 ||
	    (cohort->secret && set_draw(m, e) < 0) ||
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
	    flp_header_add(&h, FLP_NAMES_CLIENTS, FLP_DTYPE_U8, 1, &bytes, e) == 0)
		status = flp_record_new(to, &h, e);
	flp_header_free(&h);
	if (status < 0)
		return -1;
	line = to->values[0];
	for (size_t i = 0; i < n; i++)
		line = flp_texts_line(line, ticket[i].name);
	return 0;
}

int
flp_cohort_draw(struct flp_record *to, const struct flp_cohort *cohort,
    const struct flp_texts *clients, struct flp_error *e)
{
	struct ticket *ticket;
	int status = -1;
	size_t n;

	if (cohort->round > UINT32_MAX)
		return flp_error_usage(e, "round: expected 0 to 4294967295, found %llu",
		    (unsigned long long)cohort->round);
	if (cohort->size > clients->n)
		return flp_error_usage(e, "a cohort of %llu: expected at least as many clients, "
		    "found %zu", (unsigned long long)cohort->size, clients->n);
	if ((ticket = flp_memory_new(clients->n, sizeof *ticket, e)) == NULL)
		return -1;
	if (draw(cohort, clients, ticket, &n, e) == 0)
		status = make_record(to, cohort, clients->n, ticket, n, e);
	free(ticket);
	return status;
}

int
flp_cohort_names(const struct flp_record *record, struct flp_texts *names, struct flp_error *e)
{
	const struct flp_tensor *t;
	const void *text = flp_record_values(record, FLP_NAMES_CLIENTS, &t);

	if (record->header.kind != FLP_KIND_COHORT)
		return flp_error_bad(e, "expected a record of kind cohort, found %s",
		    flp_kind_name(record->header.kind));
	if (text == NULL || t->dtype != FLP_DTYPE_U8)
		return flp_error_bad(e, ":clients: expected u8, found %s",
		    text == NULL ? "none" : flp_dtype_name(t->dtype));
	if (flp_texts_parse(names, text, (size_t)t->bytes, e) < 0) {
		flp_error_reveal(e);
		return flp_error_at(e, ":clients");
	}
	return 0;
}

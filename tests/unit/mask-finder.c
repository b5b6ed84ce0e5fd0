/* mask-finder: published degrees and thresholds, and requests that no degree and threshold meet.
 * tests/finder.py compares with exact binomials. */
#include "mask/finder.h"
#include "unit.h"

#include <string.h>

enum { SEMI, CURIOUS };

static struct flp_error e;

static int
find(struct flp_finder *f, uint64_t n, double corrupt, double dropout, unsigned security,
    int curious)
{
	*f = (struct flp_finder){ .n = n, .corrupt = corrupt, .dropout = dropout,
		.security = security, .curious = curious };
	return flp_finder_find(f, &e);
}

/* The tests of Google's finder, and more rows that its code gives, at 40 bits; and rows at 80. */
static void
test_published(void)
{
	static const struct row {
		double corrupt, dropout;
		uint64_t n;
		unsigned security;
		int curious;
		uint64_t k, t; /* 0: none */
	} rows[] = {
		{ .05, .05, 100, 40, CURIOUS, 12, 6 }, { .05, .05, 100, 40, SEMI, 16, 11 },
		{ .05, .05, 1000, 40, CURIOUS, 30, 17 }, { .05, .05, 1000, 40, SEMI, 52, 37 },
		{ .05, .05, 10000, 40, CURIOUS, 34, 20 }, { .05, .05, 10000, 40, SEMI, 62, 44 },
		{ .05, .05, 1000000, 40, CURIOUS, 38, 22 }, { .05, .05, 1000000, 40, SEMI, 74, 52 },
		{ .33, .05, 100, 40, CURIOUS, 34, 29 }, { .33, .05, 100, 40, SEMI, 42, 37 },
		{ .33, .05, 1000, 40, CURIOUS, 78, 60 }, { .33, .05, 1000, 40, SEMI, 132, 109 },
		{ .33, .05, 10000, 40, CURIOUS, 92, 70 }, { .33, .05, 10000, 40, SEMI, 178, 146 },
		{ .33, .05, 1000000, 40, CURIOUS, 110, 83 }, { .33, .05, 1000000, 40, SEMI, 212, 173 },
		{ .33, .33, 100, 40, CURIOUS, 68, 34 }, { .33, .33, 1000, 40, CURIOUS, 286, 150 },
		{ .33, .33, 10000, 40, CURIOUS, 422, 221 }, { .33, .33, 1000000, 40, CURIOUS, 518, 270 },
		{ .33, .33, 100, 40, SEMI, 0, 0 }, { .33, .33, 1000, 40, SEMI, 0, 0 },
		{ .3, .3, 100, 40, SEMI, 92, 62 }, { .3, .3, 1000, 40, SEMI, 872, 584 },
		{ .3, .3, 10000, 40, SEMI, 4822, 3230 }, { .45, .45, 100, 40, CURIOUS, 92, 46 },
		{ .45, .45, 1000, 40, CURIOUS, 822, 417 }, { 0, .33, 100, 40, SEMI, 68, 35 },
		{ 0, .33, 1000, 40, SEMI, 228, 115 }, { .1, .1, 20, 40, CURIOUS, 6, 3 },
		{ .1, .1, 20, 40, SEMI, 8, 6 }, { .1, .1, 50, 40, CURIOUS, 12, 6 },
		{ .1, .1, 50, 40, SEMI, 16, 11 }, { .1, .1, 100, 80, SEMI, 32, 22 },
		{ .1, .1, 1000, 80, SEMI, 120, 87 }, { .1, .1, 10000, 80, SEMI, 156, 113 },
		{ .05, .05, 1000, 80, SEMI, 66, 49 }, { .05, .05, 10000, 80, SEMI, 82, 61 },
		/* .58 times 100 is a little below 58 in a double */
		{ .58, .1, 100, 80, SEMI, 80, 70 },
	};
	struct flp_finder f;

	for (const struct row *r = rows; r < rows + sizeof rows / sizeof *rows; r++) {
		int found = find(&f, r->n, r->corrupt, r->dropout, r->security, r->curious) == 0;

		CHECK(found == (r->k > 0), "row %td: %s", r - rows, e.text);
		CHECK(!found || (f.degree == r->k && f.threshold == r->t), "row %td: %llu,%llu",
		    r - rows, (unsigned long long)f.degree, (unsigned long long)f.threshold);
		CHECK(found || e.code == FLP_ERROR_BAD, "row %td", r - rows);
	}
}

/* Below 20 clients: all are neighbours, and more than two thirds of them open a secret. */
static void
test_complete(void)
{
	static const uint64_t threshold[] = { [3] = 3, [4] = 3, [5] = 4, [6] = 5, [7] = 5, [8] = 6,
		[9] = 7, [10] = 7, [11] = 8, [12] = 9, [13] = 9, [14] = 10, [15] = 11, [16] = 11,
		[17] = 12, [18] = 13, [19] = 13 };
	struct flp_finder f;

	for (uint64_t n = 3; n < FLP_FINDER_COMPLETE; n++) {
		double out = (double)(n - threshold[n]), share = out / (double)n;
		double one_more = (out + 1) / (double)n;
		uint64_t bad = 2 * threshold[n] - n - 1;

		CHECK(find(&f, n, 0, share, 80, SEMI) == 0 && f.degree == n - 1 &&
		    f.threshold == threshold[n], "n %llu: %s", (unsigned long long)n, e.text);
		CHECK(one_more > .45 || find(&f, n, 0, one_more, 80, SEMI) == -1, "n %llu",
		    (unsigned long long)n);
		CHECK(find(&f, n, (double)bad / (double)n, 0, 80, SEMI) == 0, "n %llu: %s",
		    (unsigned long long)n, e.text);
		CHECK(find(&f, n, (double)(bad + 1) / (double)n, 0, 80, SEMI) == -1, "n %llu",
		    (unsigned long long)n);
	}
}

static void
test_refused(void)
{
	static const struct row {
		uint64_t n;
		double corrupt, dropout;
		unsigned security;
		int curious;
		const char *why;
	} rows[] = {
		{ 2, .1, .1, 80, SEMI, "expected 3 to 1000000 clients, found 2" },
		{ 1000001, .1, .1, 80, SEMI, "expected 3 to 1000000 clients, found 1000001" },
		{ 100, -.1, .1, 80, SEMI, "expected shares of the clients from 0 to below 1, found -0.1 "
		    "corrupt, 0.1 dropping out" },
		{ 100, .1, 1, 80, SEMI, "expected shares of the clients from 0 to below 1, found 0.1 "
		    "corrupt, 1 dropping out" },
		{ 100, .1, .1, 0, SEMI, "expected a security of 1 to 128 bits, found 0" },
		{ 100, .1, .1, 129, SEMI, "expected a security of 1 to 128 bits, found 129" },
		{ 100, .3, .31, 80, SEMI, "expected the corrupt share of the clients and twice the share "
		    "that drops out to add up to at most 0.9, found 0.92" },
		{ 100, .46, .45, 80, CURIOUS, "expected the corrupt share of the clients and the share "
		    "that drops out to add up to at most 0.9, found 0.91" },
		{ 20, .3, .3, 40, SEMI, "expected a threshold that is above the number of corrupt "
		    "neighbours and that the remaining neighbours can reach, found none for 20 clients "
		    "(--corrupt 0.3, --dropout 0.3): give a smaller share or more clients" },
		{ 3, 0, .34, 80, SEMI, "expected at most 0 of 3 clients to drop out, since 3 must open the "
		    "sum, found a share of 0.34: give a smaller share or more clients" },
		{ 10, .5, 0, 80, SEMI, "expected at most 3 of 10 clients to be corrupt, since 7 can open "
		    "the sum, found a share of 0.5: give a smaller share or more clients" },
		{ 100, 0. / 0., .1, 80, SEMI, NULL },
	};
	struct flp_finder f;

	for (const struct row *r = rows; r < rows + sizeof rows / sizeof *rows; r++) {
		CHECK(find(&f, r->n, r->corrupt, r->dropout, r->security, r->curious) == -1 &&
		    e.code == FLP_ERROR_BAD, "row %td", r - rows);
		CHECK(r->why == NULL || strcmp(e.text, r->why) == 0, "row %td: %s", r - rows, e.text);
	}
	CHECK(find(&f, 100, .3, .3, 40, SEMI) == 0, "the sum .3 + 2 * .3 is .9: %s", e.text);
	CHECK(find(&f, 100, .1, .4, 40, SEMI) == 0 || strncmp(e.text, "expected a threshold", 20) == 0,
	    "%s", e.text);
}

int
main(void)
{
	test_published();
	test_complete();
	test_refused();
	return unit_done();
}

/* model/next: the header of the next model, and the number by which a sum is divided. */
#include "base/memory.h"
#include "format/insecure.h"
#include "model/next.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define LEDGER "clip=1\ngrid=20\nmechanism=gaussian\nnoise=1153434\n"
#define RELEASE "0707070707070707070707070707070707070707070707070707070707070707"
#define BASE "base=0000000000000000000000000000000000000000000000000000000000000000\n"

static const struct flp_digest zero;

static void
make(struct flp_header *h, enum flp_kind kind, enum flp_privacy privacy, const char *meta)
{
	struct flp_error e;

	flp_header_init(h, kind);
	h->privacy = privacy;
	CHECK(flp_meta_parse(&h->meta, meta, strlen(meta), &e) == 0, "%s: %s", meta, e.text);
}

/* The next model of these two, and the metadata that it must have. */
static void
next(enum flp_privacy model, const char *model_meta, enum flp_kind kind, enum flp_privacy update,
    const char *update_meta, enum flp_privacy privacy, const char *want)
{
	struct flp_digest release;
	struct flp_header m, u, h;
	struct flp_error e;

	memset(&release, 7, sizeof release);
	make(&m, FLP_KIND_PARAMS, model, model_meta);
	make(&u, kind, update, update_meta);
	CHECK(flp_next_header(&h, &m, &zero, &u, &release, &e) == 0, "%s", e.text);
	CHECK(h.kind == FLP_KIND_PARAMS && h.privacy == privacy, "%d %d", h.kind, h.privacy);
	CHECK(h.meta.n == strlen(want) && memcmp(h.meta.text, want, h.meta.n) == 0,
	    "expected %s, found %.*s", want, (int)h.meta.n, h.meta.text);
	flp_header_free(&h);
	flp_header_free(&u);
	flp_header_free(&m);
}

static void
test_ledger(void)
{
	const enum flp_privacy raw = FLP_PRIVACY_RAW, clipped = FLP_PRIVACY_CLIPPED,
	    noised = FLP_PRIVACY_NOISED, public = FLP_PRIVACY_PUBLIC;

	next(public, "arch=dense\nround=3\n", FLP_KIND_SUM, noised, LEDGER "place=central\nround=3\n",
	    noised, "arch=dense\n" BASE LEDGER "place=central\nrelease=" RELEASE "\nround=4\n");
	/* in place of the last release's, and no release of a client's own noise */
	next(noised, "adjacency=replace\nclip=2\nmechanism=laplace\nplace=central\nrelease=00\n",
	    FLP_KIND_UPDATE, noised, LEDGER "place=local\nrelease=11\n", noised,
	    BASE LEDGER "place=local\nround=1\n");
	/* nothing was released: the model is still of the last release */
	next(noised, LEDGER "place=central\nrelease=00\n", FLP_KIND_SUM, public, "clip=9\n", noised,
	    BASE LEDGER "place=central\nrelease=00\nround=1\n");
	/* no noise hides a raw or a clipped part */
	next(raw, "loss=mse\n", FLP_KIND_SUM, noised, LEDGER "place=central\n", raw,
	    BASE "loss=mse\nround=1\n");
	next(noised, LEDGER "place=central\nrelease=00\n", FLP_KIND_SUM, clipped,
	    "clip=1\ngrid=20\n", clipped, BASE "round=1\n");
	next(public, "", FLP_KIND_UPDATE, clipped, "clip=1\ngrid=20\n", clipped, BASE "round=1\n");
	/* noise of a test seed is in all later models */
	next(noised, "insecure=test-seed\nmechanism=gaussian\n", FLP_KIND_UPDATE, noised,
	    "mechanism=gaussian\nplace=local\n", noised,
	    BASE "insecure=test-seed\nmechanism=gaussian\nplace=local\nround=1\n");
}

/* The number by which the values are divided, or the error. */
static void
divisor(enum flp_kind kind, const char *meta, double denominator, double want, const char *text)
{
	double found = 0;
	struct flp_header h;
	struct flp_error e = { 0 };
	int status;

	make(&h, kind, FLP_PRIVACY_RAW, meta);
	status = flp_next_divisor(&found, &h, denominator, &e);
	CHECK(text == NULL ? status == 0 && found == want : status < 0 && e.code == FLP_ERROR_BAD &&
	    strcmp(e.text, text) == 0, "%s: %g %s", meta, found, e.text);
	flp_header_free(&h);
}

static void
test_divisor(void)
{
	divisor(FLP_KIND_SUM, "weight=7\n", 0, 7, NULL);
	divisor(FLP_KIND_SUM, "weight=7\n", 2.5, 2.5, NULL);
	divisor(FLP_KIND_SUM, "", 2.5, 2.5, NULL);
	divisor(FLP_KIND_SUM, "weight=0\n", 100, 100, NULL);
	divisor(FLP_KIND_UPDATE, "weight=7\n", 0, 1, NULL);
	divisor(FLP_KIND_SUM, "weight=0\n", 0, 0, "metadata: weight: expected at least 1, found 0, a "
	    "sum of nothing (see --denominator)");
	divisor(FLP_KIND_SUM, "", 0, 0, "metadata: weight: expected in the header of a sum, found "
	    "nothing (see --denominator)");
	divisor(FLP_KIND_UPDATE, "", 3, 0, "expected a sum under --denominator, found update: a mean "
	    "is divided already");
	divisor(FLP_KIND_PARAMS, "", 3, 0, "expected a sum under --denominator, found params: a mean "
	    "is divided already");
}

static void
central(enum flp_kind kind, const char *place, double denominator, const char *text)
{
	struct flp_header h;
	struct flp_error e = { 0 };
	int status;

	make(&h, kind, FLP_PRIVACY_NOISED, place);
	status = flp_next_central(&h, denominator, &e);
	CHECK((status == 0) == (text == NULL), "%s", e.text);
	CHECK(text == NULL || (e.code == FLP_ERROR_BAD && strcmp(e.text, text) == 0), "%s", e.text);
	flp_header_free(&h);
}

static void
test_central(void)
{
	central(FLP_KIND_SUM, "place=central\n", 3, NULL);
	central(FLP_KIND_SUM, "place=local\n", 0, NULL);
	central(FLP_KIND_UPDATE, "place=local\n", 0, NULL);
	central(FLP_KIND_UPDATE, "", 0, NULL);
	central(FLP_KIND_SUM, "place=central\n", 0, "expected --denominator for a sum with central "
	    "noise, which does not say how many clients it is of");
	central(FLP_KIND_UPDATE, "place=central\n", 0, "expected a sum, since the noise is central, "
	    "found update");
	central(FLP_KIND_PARAMS, "place=central\n", 3, "expected a sum, since the noise is central, "
	    "found params");
}

static void
test_misuse(void)
{
	struct flp_header m, u, h;
	struct flp_error e;

	make(&m, FLP_KIND_PARAMS, FLP_PRIVACY_PUBLIC, "");
	make(&u, FLP_KIND_SUM, FLP_PRIVACY_NOISED, "place=central\n");
	CHECK(flp_next_header(&h, &m, &zero, &u, NULL, &e) < 0 && e.code == FLP_ERROR_SYSTEM,
	    "no digest: %s", e.text);
	CHECK(h.tensors == 0 && h.meta.text == NULL, "something is left");
	flp_header_free(&u);
	flp_header_free(&m);
}

static void
test_insecure(void)
{
	struct flp_header h;
	struct flp_error e;

	make(&h, FLP_KIND_SUM, FLP_PRIVACY_NOISED, "insecure=test-seed\n");
	CHECK(flp_insecure_check(&h.meta, 1, &e) == 0, "allowed");
	CHECK(flp_insecure_check(&h.meta, 0, &e) < 0 && e.code == FLP_ERROR_BAD &&
	    strcmp(e.text, "metadata: insecure: expected noise that nobody can draw again, found "
	    "test-seed (see --insecure)") == 0, "%s", e.text);
	flp_meta_drop(&h.meta, "insecure");
	CHECK(flp_insecure_check(&h.meta, 0, &e) == 0, "secure");
	flp_header_free(&h);
}

int
main(void)
{
	test_ledger();
	test_divisor();
	test_central();
	test_misuse();
	test_insecure();
	return unit_done();
}

/* model/update: the headers of updates and of new parameters, and the checks of both. */
#include "model/update.h"
#include "unit.h"

#include <string.h>

#define OF_KIND 10 /* a fault: this + the kind it has instead */
#define DIGEST "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static struct flp_digest digest;

static void
set(struct flp_header *h, const char *key, const char *value)
{
	struct flp_error e;

	CHECK(flp_meta_set_text(&h->meta, key, value, &e) == 0, "%s", e.text);
}

static void
add(struct flp_header *h, const char *name, enum flp_dtype dtype, uint64_t dims)
{
	struct flp_error e;

	CHECK(flp_header_add(h, name, dtype, 1, &dims, &e) == 0, "%s", e.text);
}

/* A noised model of two tensors with a description between them. */
static void
make(struct flp_header *model)
{
	flp_header_init(model, FLP_KIND_PARAMS);
	model->privacy = FLP_PRIVACY_NOISED;
	add(model, "w", FLP_DTYPE_F32, 3);
	add(model, ":names", FLP_DTYPE_U8, 2);
	add(model, "n", FLP_DTYPE_I64, 1);
	model->tensor[0].encoding = FLP_ENCODING_ZLIB;
	set(model, "arch", "dense 3");
	set(model, "base", "of the last round");
	set(model, "client", "a");
	set(model, "examples", "7");
	set(model, "round", "4");
	set(model, "steps", "2");
}

static int
says(const struct flp_header *h, const char *text)
{
	return h->meta.n == strlen(text) && memcmp(h->meta.text, text, h->meta.n) == 0;
}

#define SAYS(h, want) CHECK(says(h, want), "%.*s", (int)(h)->meta.n, (h)->meta.text)

/* Tensors that ride along come after those of the model, and only they are passed over. */
static void
test_rides(void)
{
	static const char *const names[] = { "clip/below", "control/w" }, *const others[] = {
		"clip", "clipped/w", "x", "Control/w" };
	struct flp_header model, want, h;
	struct flp_error e;

	make(&model);
	CHECK(flp_update_header(&want, &model, &digest, &e) == 0 &&
	    flp_update_header(&h, &model, &digest, &e) == 0, "%s", e.text);
	CHECK(flp_update_same_tensors(&want, &h, 0, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < 2; i++) {
		add(&h, names[i], FLP_DTYPE_F32, 9);
		CHECK(flp_update_same_tensors(&want, &h, 0, &e) == 0, "%s", e.text);
		CHECK(flp_update_same_tensors(&h, &want, 0, &e) < 0, "what is wanted must be there");
	}
	h.tensor[0].dtype = FLP_DTYPE_F64;
	CHECK(flp_update_same_tensors(&want, &h, 0, &e) < 0, "another type");
	CHECK(flp_update_same_tensors(&want, &h, 1, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		add(&h, others[i], FLP_DTYPE_F32, 9);
		CHECK(flp_update_same_tensors(&want, &h, 1, &e) < 0, "%s", others[i]);
		flp_header_remove(&h, h.tensors - 1);
	}
	flp_header_remove(&h, 0);
	CHECK(flp_update_same_tensors(&want, &h, 1, &e) < 0, "one is missing");
	flp_header_free(&h);
	flp_header_free(&want);
	flp_header_free(&model);
}

static void
test_header(void)
{
	struct flp_header model, h;
	enum flp_kind kind;
	struct flp_error e;

	make(&model);
	CHECK(flp_update_header(&h, &model, &digest, &e) == 0, "%s", e.text);
	CHECK(h.kind == FLP_KIND_UPDATE && h.privacy == FLP_PRIVACY_RAW && h.tensors == 2,
	    "%zu tensors", h.tensors);
	CHECK(flp_tensor_same(&model.tensor[0], &h.tensor[0], &e) == 0 &&
	    flp_tensor_same(&model.tensor[2], &h.tensor[1], &e) == 0, "%s", e.text);
	CHECK(h.tensor[0].encoding == FLP_ENCODING_DENSE, "%d", h.tensor[0].encoding);
	SAYS(&h, "base=" DIGEST "\nround=4\n");
	CHECK(flp_update_made(&h.meta, &model.meta, 50, 6, &e) == 0, "%s", e.text);
	SAYS(&h, "base=" DIGEST "\nclient=a\nexamples=50\nround=4\nsteps=6\n");
	CHECK(flp_update_check(&h, &digest, &kind, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	flp_meta_drop(&model.meta, "round");
	CHECK(flp_update_header(&h, &model, &digest, &e) == 0, "%s", e.text);
	SAYS(&h, "base=" DIGEST "\n");
	flp_meta_drop(&model.meta, "client");
	CHECK(flp_update_made(&h.meta, &model.meta, 1, 0, &e) == 0, "%s", e.text);
	SAYS(&h, "base=" DIGEST "\nexamples=1\nsteps=0\n");
	flp_header_free(&h);
	add(&model, "s", FLP_DTYPE_SUM_F32, 1);
	CHECK(flp_update_header(&h, &model, &digest, &e) < 0 && strcmp(e.text, "tensor s: dtype sum-f32 "
	    "does not belong in a model") == 0, "%s", e.text);
	CHECK(h.tensors == 0 && h.tensor == NULL, "something is left");
	flp_header_free(&model);
}

static void
test_params(void)
{
	struct flp_header model, h;
	enum flp_kind kind;
	struct flp_error e;

	make(&model);
	CHECK(flp_update_params(&h, &model, &digest, &e) == 0, "%s", e.text);
	CHECK(h.kind == FLP_KIND_PARAMS && h.privacy == FLP_PRIVACY_NOISED, "%d", h.privacy);
	CHECK(flp_header_same_tensors(&model, &h, &e) == 0, "%s", e.text);
	CHECK(h.tensor[0].encoding == FLP_ENCODING_ZLIB, "%d", h.tensor[0].encoding);
	SAYS(&h, "arch=dense 3\nbase=" DIGEST "\nround=4\n");
	CHECK(flp_update_check(&h, &digest, &kind, &e) == 0, "%s", e.text);
	flp_header_free(&h);
	flp_header_free(&model);
}

/* A fault in the header of a good update, and the message about it; without a text it must pass. */
static void
test_check(int fault, const char *text)
{
	struct flp_header model, h;
	struct flp_error e = { 0 };
	enum flp_kind kind = 0;
	int status;

	make(&model);
	CHECK(flp_update_header(&h, &model, &digest, &e) == 0, "%s", e.text);
	switch (fault) {
	case 1: flp_meta_drop(&h.meta, "base"); break;
	case 2: set(&h, "base", "000102030405060708090a0b0c0d0e0f"); break;
	case 3: set(&h, "base", DIGEST "0"); break;
	case 4: set(&h, "base", "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"); break;
	}
	if (fault >= OF_KIND)
		h.kind = (enum flp_kind)(fault - OF_KIND);
	status = flp_update_check(&h, &digest, &kind, &e);
	CHECK((status == 0) == (text == NULL), "fault %d: %s", fault, e.text);
	CHECK(text == NULL || (e.code == FLP_ERROR_BAD && strcmp(e.text, text) == 0),
	    "fault %d: %d %s", fault, e.code, e.text);
	flp_header_free(&h);
	flp_header_free(&model);
}

/* The kind of the records in a sum, as flp_update_check gives it. */
static void
test_sum(const char *of, enum flp_kind want, const char *text)
{
	struct flp_header model, h;
	struct flp_error e = { 0 };
	enum flp_kind kind = 0;
	int status;

	make(&model);
	CHECK(flp_update_header(&h, &model, &digest, &e) == 0, "%s", e.text);
	h.kind = FLP_KIND_SUM;
	if (of != NULL)
		set(&h, "of", of);
	status = flp_update_check(&h, &digest, &kind, &e);
	CHECK(text == NULL ? status == 0 && kind == want : status < 0 && e.code == FLP_ERROR_BAD &&
	    strcmp(e.text, text) == 0, "of %s: %d %s", of, kind, e.text);
	flp_header_free(&h);
	flp_header_free(&model);
}

#define BASE "metadata: base: expected the model's digest " DIGEST ", found "

int
main(void)
{
	struct flp_tensor described = { .name = ":names" }, counted = { .name = "w" };

	for (int i = 0; i < 32; i++)
		digest.byte[i] = (unsigned char)i;
	test_header();
	test_rides();
	test_params();
	test_check(0, NULL);
	test_check(1, NULL);
	test_check(2, BASE "000102030405060708090a0b0c0d0e0f");
	test_check(3, BASE DIGEST "0");
	test_check(4, BASE "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
	test_check(OF_KIND + FLP_KIND_PARAMS, NULL);
	for (int kind = FLP_KIND_SUM; kind <= FLP_KINDS; kind++) {
		char text[120];

		snprintf(text, sizeof text, "expected an update, params or a sum of them, found %s%s",
		    flp_kind_name((enum flp_kind)kind), kind != FLP_KIND_MASKED ? "" :
		    ": fl-mask unmask opens a sum of masked records");
		if (kind != FLP_KIND_SUM)
			test_check(OF_KIND + kind, text);
	}
	test_sum("update", FLP_KIND_UPDATE, NULL);
	test_sum("params", FLP_KIND_PARAMS, NULL);
	test_sum(NULL, 0, "metadata: of: expected in the header of a sum, found nothing");
	test_sum("stats", 0, "metadata: of: expected update or params, found stats");
	test_sum("updates", 0, "metadata: of: expected update or params, found updates");
	CHECK(flp_update_lacks(NULL, &described) && !flp_update_lacks(NULL, &counted),
	    "what it lacks");
	return unit_done();
}

/* Architectures, initial parameters and schedules from their texts. */
#include "learn/arch.h"
#include "learn/init.h"
#include "learn/schedule.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void
good(void)
{
	static const char *const names[] = { "0.weight", "0.bias", "2.weight", "2.bias",
		"4.weight", "4.bias" };
	static const size_t counts[] = { 156800, 200, 40000, 200, 2000, 10 };
	char text[FLP_ARCH_TEXT];
	struct flp_arch_tensor t;
	struct flp_arch a;
	struct flp_error e;
	size_t at = 0;

	CHECK(flp_arch_parse(&a, " dense 200\trelu dense  200 relu\ndense 0010 ", 784, &e) == 0,
	    "%s", e.text);
	CHECK(a.layers == 5 && a.inputs == 784 && a.outputs == 10, "%zu layers", a.layers);
	CHECK(a.tensors == 6 && a.parameters == 199210, "%zu parameters", a.parameters);
	flp_arch_print(&a, text);
	CHECK(strcmp(text, "dense 200 relu dense 200 relu dense 10") == 0, "%s", text);
	for (size_t i = 0; i < a.tensors; i++) {
		flp_arch_tensor(&a, i, &t);
		CHECK(strcmp(t.name, names[i]) == 0, "%s", t.name);
		CHECK(t.offset == at && t.count == counts[i], "%s at %zu", t.name, t.offset);
		CHECK(t.rank == 2 - i % 2, "%s: rank %u", t.name, t.rank);
		CHECK(t.count == t.dims[0] * (t.rank == 2 ? t.dims[1] : 1), "%s", t.name);
		at += t.count;
	}
	CHECK(t.dims[0] == 10, "10 outputs");
	CHECK(at == a.parameters, "tensors leave no gap");
	CHECK(flp_arch_parse(&a, "gelu dense 3", 4, &e) == 0, "%s", e.text);
	flp_arch_tensor(&a, 0, &t);
	CHECK(strcmp(t.name, "1.weight") == 0 && t.dims[0] == 3 && t.dims[1] == 4, "%s", t.name);
}

static void
bad(const char *text, size_t inputs, const char *message)
{
	struct flp_error e = { 0 };
	struct flp_arch a;

	CHECK(flp_arch_parse(&a, text, inputs, &e) < 0, "\"%s\" was taken", text);
	CHECK(e.code == FLP_ERROR_BAD, "\"%s\": code %d", text, (int)e.code);
	CHECK(strcmp(e.text, message) == 0, "%s", e.text);
}

static void
bad_ones(void)
{
#define KINDS "dense, relu, tanh, gelu or sigmoid"
	char many[FLP_ARCH_TEXT] = "";

	bad("", 4, "layer 1: expected " KINDS ", found the end");
	bad("dense 5 relu foo dense 3", 4, "layer 3: expected " KINDS ", found \"foo\"");
	bad("dense 5 relux dense 3", 4, "layer 2: expected " KINDS ", found \"relux\"");
	bad("dense 5 Relu", 4, "layer 2: expected " KINDS ", found \"Relu\"");
	bad("dense\x1b[1m", 4, "layer 1: expected " KINDS ", found \"dense\x1b[1m\"");
	bad("dense", 4, "layer 1: dense: expected a width of 1 to 16777216, found the end");
	bad("dense 0", 4, "layer 1: dense: expected a width of 1 to 16777216, found \"0\"");
	bad("dense 3 dense -1", 4,
	    "layer 2: dense: expected a width of 1 to 16777216, found \"-1\"");
	bad("dense 16777217", 4,
	    "layer 1: dense: expected a width of 1 to 16777216, found \"16777217\"");
	bad("dense 3 relu", 4, "last layer: expected dense, found \"relu\"");
	bad("dense 3", 0, "inputs: expected 1 to 16777216, found 0");
	bad("dense 3", 16777217, "inputs: expected 1 to 16777216, found 16777217");
	for (int i = 0; i < 65; i++)
		strcat(many, "dense 1 ");
	bad(many, 1, "more than 64 layers");
}

static void
longest(void)
{
	char text[FLP_ARCH_TEXT] = "", again[FLP_ARCH_TEXT];
	struct flp_arch a;
	struct flp_error e;

	for (int i = 0; i < 64; i++)
		strcat(text, i == 0 ? "dense 16777216" : " dense 16777216");
	CHECK(flp_arch_parse(&a, text, 16777216, &e) == 0, "%s", e.text);
	CHECK(a.parameters == 64 * ((size_t)1 << 48) + 64 * ((size_t)1 << 24), "%zu",
	    a.parameters);
	flp_arch_print(&a, again);
	CHECK(strcmp(text, again) == 0, "%s", again);
}

static void
init(void)
{
	struct flp_arch a;
	struct flp_error e;
	float *p, *q;
	double sum = 0, squares = 0, bound = 1 / sqrt(100.0), second = 1 / sqrt(50.0);
	size_t hidden = 50 * 100 + 50;

	CHECK(flp_arch_parse(&a, "dense 50 tanh dense 7", 100, &e) == 0, "%s", e.text);
	p = malloc(a.parameters * sizeof *p);
	q = malloc(a.parameters * sizeof *q);
	flp_init_uniform(&a, 7, p);
	flp_init_uniform(&a, 7, q);
	CHECK(memcmp(p, q, a.parameters * sizeof *p) == 0, "one seed, two models");
	flp_init_uniform(&a, 8, q);
	CHECK(p[0] != q[0] && p[hidden] != q[hidden], "two seeds, one model");
	for (size_t i = 0; i < a.parameters; i++)
		CHECK(fabs(p[i]) <= (i < hidden ? bound : second), "%zu: %g", i, p[i]);
	for (size_t i = 0; i < hidden; i++) {
		sum += p[i];
		squares += (double)p[i] * p[i];
	}
	CHECK(fabs(sum / (double)hidden) < 0.05 * bound, "mean %g", sum / (double)hidden);
	CHECK(fabs(squares / (double)hidden * 3 / (bound * bound) - 1) < 0.05, "variance %g",
	    squares / (double)hidden);
	free(p);
	free(q);
}

static double
factor(const char *text, uint32_t round)
{
	struct flp_schedule s;
	struct flp_error e;

	CHECK(flp_schedule_parse(&s, text, &e) == 0, "%s", e.text);
	return flp_schedule_factor(&s, round);
}

static void
schedules(void)
{
	static const char *const wrong[] = { "", "constan", "constant:1", "step:0:.5",
		"step:5", "step:5:0", "step:5:1.5", "step:5:.5x", "cosine", "cosine:", "cosine:0",
		"cosine:1.5", "inverse:-1", "inverse:nan", "linear:3" };
	struct flp_schedule s;
	struct flp_error e;

	CHECK(factor("constant", 9) == 1, "constant");
	CHECK(factor("inverse:0.5", 4) == 1 / 3.0, "inverse");
	CHECK(factor("step:10:.5", 9) == 1 && factor("step:10:.5", 39) == 0.125, "step");
	CHECK(fabs(factor("step:1:.99", 100) / pow(0.99, 100) - 1) < 1e-14, "exponential");
	CHECK(factor("cosine:8", 0) == 1 && fabs(factor("cosine:8", 4) - 0.5) < 1e-15, "cosine");
	CHECK(factor("cosine:8", 8) == 0 && factor("cosine:8", 100) == 0, "cosine's end");
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		CHECK(flp_schedule_parse(&s, wrong[i], &e) < 0 && e.code == FLP_ERROR_USAGE,
		    "\"%s\" was taken", wrong[i]);
}

int
main(void)
{
	good();
	bad_ones();
	longest();
	init();
	schedules();
	return unit_done();
}

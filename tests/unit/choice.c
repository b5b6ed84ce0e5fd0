/* base/choice, and the tables of names that the options of tools take. */
#include "base/choice.h"
#include "import/forms.h"
#include "learn/loss.h"
#include "learn/optimizer.h"
#include "rule/admit.h"
#include "unit.h"

#include <string.h>

static const char *
colour(unsigned index)
{
	static const char *const names[] = { "", "red", "green", "", "blue" };

	return index < sizeof names / sizeof *names ? names[index] : NULL;
}

static const char *
none(unsigned index)
{
	(void)index;
	return NULL;
}

static const char *
endless(unsigned index)
{
	return index < 1000 ? "seven by" : NULL;
}

static void
finding(void)
{
	static const struct {
		const char *text;
		int index;
	} c[] = {
		{ "red", 1 }, { "green", 2 }, { "blue", 4 }, { "", -1 }, { "re", -1 }, { "reds", -1 },
		{ "Red", -1 }, { "red|green", -1 }, { "yellow", -1 },
	};

	for (size_t i = 0; i < sizeof c / sizeof *c; i++)
		CHECK(flp_choice_find(colour, c[i].text, strlen(c[i].text)) == c[i].index, "%s",
		    c[i].text);
	CHECK(flp_choice_find(colour, "greenish", 5) == 2, "5 bytes");
	CHECK(flp_choice_find(colour, "red\0", 4) == -1, "NUL");
	CHECK(flp_choice_find(none, "red", 3) == -1, "nothing to find");
}

static void
list(char *out, const char *(*name)(unsigned), unsigned first, const char *expected)
{
	CHECK(strcmp(flp_choice_list(out, name, first, ", ", " or "), expected) == 0, "%s", out);
}

static void
listing(void)
{
	char out[FLP_CHOICE_TEXT + 1];

	list(out, colour, 0, "red, green or blue");
	list(out, colour, 2, "green or blue");
	list(out, colour, 3, "blue");
	list(out, colour, 5, "");
	list(out, none, 0, "");
	CHECK(strcmp(flp_choice_list(out, colour, 0, "|", "|"), "red|green|blue") == 0, "%s", out);
	out[FLP_CHOICE_TEXT] = 'x';
	flp_choice_list(out, endless, 0, ", ", " or ");
	CHECK(strlen(out) == FLP_CHOICE_TEXT - 1, "%zu", strlen(out));
	CHECK(out[FLP_CHOICE_TEXT] == 'x', "a byte too many");
}

/* The names by their enumerators, from 0 to the last. */
static void
table(const char *(*name)(unsigned), unsigned last, const char *words)
{
	char out[FLP_CHOICE_TEXT];

	CHECK(strcmp(flp_choice_list(out, name, 0, "|", "|"), words) == 0, "%s: %s", words, out);
	CHECK(name(last) != NULL && name(last + 1) == NULL && name(~0u) == NULL, "%s", words);
}

static void
tables(void)
{
	CHECK(strcmp(flp_loss_name(FLP_LOSS_BINARY), "binary") == 0, "loss");
	CHECK(strcmp(flp_optimizer_name(FLP_OPTIMIZER_ADAM), "adam") == 0, "optimizer");
	CHECK(strcmp(flp_weighting_name(FLP_WEIGHTING_EXAMPLES), "examples") == 0, "weighting");
	CHECK(strcmp(flp_missing_name(FLP_MISSING_MEAN), "mean") == 0, "missing");
	CHECK(strcmp(flp_target_name(FLP_TARGET_CLASS), "class") == 0, "target");
	table(flp_loss_name, FLP_LOSS_SOFTMAX, "auto|mse|binary|softmax");
	table(flp_optimizer_name, FLP_OPTIMIZER_ADAMW, "sgd|adam|adamw");
	table(flp_weighting_name, FLP_WEIGHTING_UNIFORM, "auto|examples|uniform");
	table(flp_missing_name, FLP_MISSING_KEEP, "refuse|drop|mean|zero|keep");
	table(flp_target_name, FLP_TARGET_NUMBER, "class|number");
}

int
main(void)
{
	finding();
	listing();
	tables();
	return unit_done();
}

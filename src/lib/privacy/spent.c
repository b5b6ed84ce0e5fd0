#include "base/choice.h"
#include "base/number.h"
#include "privacy/mechanism.h"

#include <math.h>
#include <string.h>

int
flp_spent_check(const struct flp_spent *s, struct flp_error *e)
{
	if (s->mechanism == NULL || flp_adjacency_name(s->adjacency) == NULL ||
	    flp_sampling_name(s->sampling) == NULL)
		return flp_error_misuse(e, "expected a mechanism, an adjacency and a sampling");
	if (!(s->noise > 0 && s->noise < INFINITY))
		return flp_error_bad(e, "%s: expected a finite number above 0, found %g",
		    s->mechanism->parameter, s->noise);
	if (!(s->rate > 0 && s->rate <= 1))
		return flp_error_bad(e, "rate: expected a number above 0 and at most 1, found %g",
		    s->rate);
	if (s->steps == 0)
		return flp_error_bad(e, "steps: expected at least 1, found 0");
	if (s->sampling == FLP_SAMPLING_NONE && s->rate < 1)
		return flp_error_bad(e, "rate: expected 1 without sampling, found %g", s->rate);
	if (s->sampling == FLP_SAMPLING_FIXED && s->adjacency != FLP_ADJACENCY_REPLACE)
		return flp_error_bad(e, "adjacency: expected replace with fixed samples, found %s",
		    flp_adjacency_name(s->adjacency));
	return s->mechanism->check == NULL ? 0 : s->mechanism->check(s, e);
}

/* Reads "KEY=VALUE" of n bytes. Returns 1 if it has this key and a valid value. */
static int
take_real(const char *word, size_t n, const char *key, double *value)
{
	size_t k = strlen(key);

	return n > k && memcmp(word, key, k) == 0 && word[k] == '=' &&
	    flp_number_f64(word + k + 1, n - k - 1, value) == 0;
}

static int
take_word(struct flp_spent *s, const char *word, size_t n, struct flp_error *e)
{
	if (take_real(word, n, s->mechanism->parameter, &s->noise) ||
	    take_real(word, n, "q", &s->rate) ||
	    (n > 2 && memcmp(word, "T=", 2) == 0 &&
	    flp_number_u64(word + 2, n - 2, &s->steps) == 0 && s->steps <= UINT32_MAX))
		return 0;
	return flp_error_usage(e, "expected %s=NUMBER, q=RATE or T=STEPS after %s, found \"%.*s\"",
	    s->mechanism->parameter, s->mechanism->name, (int)n, word);
}

int
flp_spent_parse(struct flp_spent *s, const char *text, struct flp_error *e)
{
	char known[FLP_CHOICE_TEXT];
	size_t n = strcspn(text, " ");
	int index = flp_choice_find(flp_mechanism_name, text, n);

	if (index < 0)
		return flp_error_usage(e, "expected %s, found \"%.*s\"", flp_choice_list(known,
		    flp_mechanism_name, 0, ", ", " or "), (int)n, text);
	s->mechanism = flp_mechanism_get((unsigned)index);
	s->noise = NAN;
	s->rate = 1;
	s->steps = 1;
	for (text += n; text += strspn(text, " "), *text != '\0'; text += n) {
		n = strcspn(text, " ");
		if (take_word(s, text, n, e) < 0)
			return -1;
	}
	return isnan(s->noise) ? flp_error_usage(e, "expected %s=NUMBER after %s, found none",
	    s->mechanism->parameter, s->mechanism->name) : 0;
}

#include "rule/rule.h"
#include "base/choice.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

#define ENTRY(name) &flp_rule_##name,
static const struct flp_rule_kind *const kinds[] = { FLP_RULES(ENTRY) };

const char *
flp_rule_name(unsigned index)
{
	return index < sizeof kinds / sizeof *kinds ? kinds[index]->name : NULL;
}

int
flp_rule_parse(struct flp_rule *rule, const char *text, struct flp_error *e)
{
	size_t n = strcspn(text, ":");
	char known[FLP_CHOICE_TEXT];

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *name = kinds[i]->name;

		if (strcspn(name, ":") != n || memcmp(name, text, n) != 0 || text[n] != name[n])
			continue;
		*rule = (struct flp_rule){ kinds[i], 0 };
		if (text[n] == '\0' || (flp_number_u64(text + n + 1, strlen(text + n + 1),
		    &rule->argument) == 0 && rule->argument <= INT64_MAX))
			return 0;
		return flp_error_usage(e, "%.*s: expected a whole number, found \"%s\"", (int)n, text,
		    text + n + 1);
	}
	return flp_error_usage(e, "expected %s, found \"%s\"",
	    flp_choice_list(known, flp_rule_name, 0, ", ", " or "), text);
}

void
flp_rule_print(const struct flp_rule *rule, char *text, size_t room)
{
	const char *name = rule->kind->name;
	size_t n = strcspn(name, ":");

	if (name[n] == '\0')
		snprintf(text, room, "%s", name);
	else
		snprintf(text, room, "%.*s:%llu", (int)n, name, (unsigned long long)rule->argument);
}

int
flp_rule_adds(const struct flp_rule *rule)
{
	return rule->kind->combine == NULL;
}

enum flp_treatment
flp_rule_treatment(const struct flp_rule *rule, const struct flp_tensor *t)
{
	if (flp_tensor_describes(t))
		return FLP_TREATMENT_EQUAL;
	return flp_dtype_is_float(t->dtype & ~FLP_DTYPE_SUM) ? rule->kind->floats :
	    rule->kind->integers;
}

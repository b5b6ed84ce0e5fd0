#include "base/number.h"
#include "export/json.h"
#include "export/predictions.h"

static void
json_class(const struct flp_predictions *t, struct flp_say *s, size_t i)
{
	char number[FLP_TEXTS_NUMBER];

	flp_json_name(s, flp_texts_name(t->names, i, number));
}

void
flp_predictions_json(const struct flp_predictions *t, const struct flp_prediction *r,
    struct flp_say *s)
{
	char text[FLP_NUMBER_TEXT];

	if (t->key != NULL) {
		flp_say(s, "{\"key\":");
		flp_json_name(s, r->key);
	} else {
		flp_say(s, "{\"row\":%llu", (unsigned long long)r->row);
	}
	if (t->classes == 0) {
		flp_number_print_f32(text, (float)r->p[0]);
		flp_say(s, ",\"value\":%s}\n", text);
		return;
	}
	if (t->top == 0) {
		flp_say(s, ",\"class\":");
		json_class(t, s, r->class);
	}
	flp_say(s, t->top > 0 ? ",\"top\":[" : ",\"p\":{");
	for (size_t i = 0; i < (t->top > 0 ? t->top : t->classes); i++) {
		size_t class = t->top > 0 ? t->order[i].class : i;

		flp_say(s, "%s%s", i > 0 ? "," : "", t->top > 0 ? "{\"class\":" : "");
		json_class(t, s, class);
		flp_say(s, t->top > 0 ? ",\"p\":%.6g}" : ":%.6g", r->p[class]);
	}
	flp_say(s, t->top > 0 ? "]}\n" : "}}\n");
}

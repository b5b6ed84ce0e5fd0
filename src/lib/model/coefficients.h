/* The coefficients of a linear model: one dense layer without hidden layers.
 *
 * Output k of the layer is bias[k] + sum_i weight[k,i] * z[i], where z[i] = (x[i] - center[i]) /
 * scale[i]; on the original scale, where x itself is multiplied, the same output has
 *     coefficient[i] = weight[k,i] / scale[i]
 *     intercept = bias[k] - sum_i weight[k,i] * center[i] / scale[i]
 * By the loss of the model:
 *   mse      the one output is the target
 *   binary   the one output is the log odds of the second class
 *   softmax  the probabilities depend on the differences of outputs alone, so there are
 *            coefficients for each class but the first: its weights minus those of the first
 *            class. They are the log odds of the class against the first, as in multinomial
 *            logistic regression.
 * All is computed in f64 from the f32 parameters. */
#ifndef FLP_MODEL_COEFFICIENTS_H
#define FLP_MODEL_COEFFICIENTS_H

#include "loop/inputs.h"
#include "model/model.h"

struct flp_coefficient {
	double scaled;   /* as the model stores it */
	double original; /* NAN if data bring their own scaling, which the model does not know */
	double ratio;    /* exp(original), the odds ratio; NAN for an intercept, under mse, and if
	                    `original` is not known; flp_coefficients_print shows none of a level
	                    whose column has no reference either */
};

/* Checks that a model is linear, and sets how many outputs have coefficients.
 * FLP_ERROR_BAD, which names the architecture, if it is not. */
int flp_coefficients_outputs(const struct flp_model *m, size_t *outputs,
    struct flp_error *e) FLP_CHECKED;

/* The coefficient of a feature, or with feature = m->arch.inputs the intercept, of an output
 * below `outputs`. */
void flp_coefficients_get(const struct flp_model *m, size_t output, size_t feature,
    struct flp_coefficient *to);

/* The name of class i or, written to `number`, its number, counted from 0; NULL under mse. */
const char *flp_coefficients_class(const struct flp_model *m, size_t i,
    char number[FLP_TEXTS_NUMBER]);

/* What an output is called: "num=1" by the label's column and the class, "Gentoo:Adelie" by the
 * two classes, "income" by the label's column. A label without a name is y, or left out before a
 * class. The caller frees it; NULL on failure. */
char *flp_coefficients_name(const struct flp_model *m, size_t output,
    struct flp_error *e) FLP_CHECKED;

/* Reads the record whose header flp_inputs_next just gave, which must be a linear model, and
 * prints its coefficients, for each output the intercept first: as a table (export/tabular.h) of
 * numbers of 6 digits or, with `json`, as a line with an object:
 *   place, loss
 *   label         the name of the label's column, or null
 *   baseline      of classes, the name of the one that the others are compared with, or null
 *   coefficients  of each output, class (null under mse), feature, scaled, original, ratio; what
 *                 is not known or not finite is null, and other numbers read back the same
 * A feature without a name is x1, x2 and so on. An empty line stands between two tables. */
int flp_coefficients_print(struct flp_out *out, struct flp_inputs *in,
    const struct flp_header *h, int json, struct flp_error *e) FLP_CHECKED;

#endif

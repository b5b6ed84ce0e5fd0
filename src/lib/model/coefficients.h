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

/* Reads the record whose header flp_inputs_next just gave, which must be a linear model, and
 * prints its coefficients as export/coefficients.h says, for each output the intercept first.
 *   output    what it is called: "num=1" by the label's column and the class, "Gentoo:Adelie" by
 *             the two classes, "income" by the label's column; a label without a name is y, or
 *             left out before a class
 *   feature   without a name it is x1, x2 and so on
 *   original  not known if data bring their own scaling, which the model does not have
 *   ratio     not known for an intercept, under mse, if `original` is not, and for a level whose
 *             column has no reference
 * FLP_ERROR_BAD, which names the architecture, if the model is not linear. */
int flp_coefficients_print(struct flp_out *out, struct flp_inputs *in,
    const struct flp_header *h, int json, struct flp_error *e) FLP_CHECKED;

#endif

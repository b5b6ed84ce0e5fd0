/* Calibration: the noise, rate or number of steps that a budget allows. */
#ifndef FLP_PRIVACY_CALIBRATE_H
#define FLP_PRIVACY_CALIBRATE_H

#include "privacy/account.h"

/* The quantity of a group that is to be found. */
enum flp_quantity {
	FLP_QUANTITY_NOISE,
	FLP_QUANTITY_RATE,
	FLP_QUANTITY_STEPS,
};

#define FLP_CALIBRATE_DIGITS 7         /* of a noise or rate */
#define FLP_CALIBRATE_STEPS UINT32_MAX /* the most that are found */

/* Sets one quantity of spent[0], whatever it was before, to the value that just meets the target:
 * all n groups together hold with epsilon, which must be above 0, and delta. This is the greatest
 * rate, the most steps, or the least noise (the greatest, if the mechanism's cost rises with it).
 * A noise or a rate has FLP_CALIBRATE_DIGITS digits. The account of the result is checked, so it
 * is never less private than asked. FLP_ERROR_BAD if no value meets the target, or if every noise
 * does. */
int flp_calibrate(struct flp_spent *spent, size_t n, enum flp_quantity quantity, double epsilon,
    double delta, struct flp_error *e) FLP_CHECKED;

#endif

/* Calibration: the release that a budget allows. */
#ifndef FLP_PRIVACY_CALIBRATE_H
#define FLP_PRIVACY_CALIBRATE_H

#include "privacy/account.h"

/* Which quantity of a group is asked for. */
enum flp_quantity {
	FLP_QUANTITY_NOISE,
	FLP_QUANTITY_RATE,
	FLP_QUANTITY_STEPS,
};

#define FLP_CALIBRATE_DIGITS 7         /* of a noise or rate */
#define FLP_CALIBRATE_STEPS UINT32_MAX /* the most that are found */

/* Sets one quantity of spent[0], whatever it was, to the least noise, the greatest rate or the
 * most steps with which all n groups together hold with epsilon, which is above 0, and delta. A
 * noise or a rate has FLP_CALIBRATE_DIGITS digits. The account of the result is checked: it is
 * never less private than asked. If nothing holds, or any noise does, that is FLP_ERROR_BAD. */
int flp_calibrate(struct flp_spent *spent, size_t n, enum flp_quantity quantity, double epsilon,
    double delta, struct flp_error *e) FLP_CHECKED;

#endif

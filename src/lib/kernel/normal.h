/* Tails of the normal distribution, and sums, as logarithms, since the numbers themselves may
 * be too small or too large for a double. */
#ifndef FLP_KERNEL_NORMAL_H
#define FLP_KERNEL_NORMAL_H

/* ln erfc(x). For x above 25, where erfc itself may underflow, its relative error is at most
 * 1e-8; below, it is that of the C library. */
double flp_normal_log_erfc(double x);

/* The probability that a standard normal variable is above x; its logarithm. */
double flp_normal_tail(double x);
double flp_normal_log_tail(double x);

/* ln(e^x + e^y); the arguments may be infinite. */
double flp_normal_log_add(double x, double y);

/* ln((1-q) + q e^u), for a q above 0 and at most 1. */
double flp_normal_log_mixed(double q, double u);

#endif

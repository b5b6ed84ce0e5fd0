/* Privacy losses composed: the distribution of the loss of many releases together, on a grid.
 *
 *     flp_loss_init(&loss, spent, n, NULL, 0, h, about, delta, &e);
 *     flp_loss_read(&loss, 0);
 *     flp_loss_epsilon(&loss, delta)
 *
 * The distribution of a sum of independent losses is a convolution, so spectra are multiplied. */
#ifndef FLP_PRIVACY_LOSS_H
#define FLP_PRIVACY_LOSS_H

#include "kernel/fft.h"
#include "privacy/dots.h"

/* One direction of neighbours, for one release or for many. */
struct flp_loss_part {
	double *re, *im;   /* spectrum of the losses, tilted as dots.h says; they wrap around */
	double plus[FLP_DOTS_POWERS], minus[FLP_DOTS_POWERS]; /* ln of the moments, tilted */
	double log_finite; /* ln of the probability of a finite loss */
	double scale;      /* ln of the number by which the tilt divided the masses */
};

struct flp_loss {
	double h, epsilon, delta, tilt[2];
	size_t n; /* points of the ring, around which losses wrap */
	struct flp_fft fft;
	struct flp_loss_part all[2], step[2]; /* all releases so far; one release of `then` */
	struct flp_dots dots[2];              /* of one release of *dots_of, tilted */
	const struct flp_spent *dots_of;      /* the last group whose dots were made, or NULL */

	/* The distribution that flp_loss_read made: in direction d the loss is k h with probability
	 * mass[d][k mod n], tilted, for the n values of k from least[d] on, and infinite with
	 * probability infinite[d]. */
	double *mass[2], infinite[2];
	long least[2];
};

/* Composes n groups, whose mechanisms must all have profiles, on a grid of step h. `then` is NULL,
 * or another group, of which flp_loss_read adds at most `most` releases in all. Rounding errors
 * are least around `epsilon` and `delta`. One of these is what the caller wants to know, so a
 * guess will do for it, if the guess is not too small. Returns 1, and makes nothing, if the grid is
 * too fine for the range of the losses. The caller frees *loss. */
int flp_loss_init(struct flp_loss *loss, const struct flp_spent *spent, size_t n,
    const struct flp_spent *then, uint64_t most, double h, double epsilon,
    double delta, struct flp_error *e) FLP_CHECKED;
void flp_loss_free(struct flp_loss *loss);

/* Adds `steps` releases of `then` to those so far, and makes the distribution of all. */
void flp_loss_read(struct flp_loss *loss, uint64_t steps);

/* For the distribution that flp_loss_read made last: the least epsilon, of at least 0, that holds
 * with delta, infinite if none does; and the least delta that holds with an epsilon of at least 0.
 * The worse direction counts. */
double flp_loss_epsilon(const struct flp_loss *loss, double delta);
double flp_loss_delta(const struct flp_loss *loss, double epsilon);

/* The functions below are for loss.c, loss_range.c and loss_read.c alone. One that returns an int
 * returns 1 when flp_loss_init must return 1. */

/* The tilted probability beyond the ring, which counts as that of an infinite loss. */
#define FLP_LOSS_TAIL 1e-15

/* Chooses the tilts, for the groups and `most` releases of `then`. */
int flp_loss_tilt(struct flp_loss *loss, const struct flp_spent *spent, size_t n,
    const struct flp_spent *then, double most, struct flp_error *e) FLP_CHECKED;

/* Finds loss->n, the size of the ring, and adds up everything but the spectra of all groups. */
int flp_loss_size(struct flp_loss *loss, const struct flp_spent *spent, size_t n,
    const struct flp_spent *then, double most, struct flp_error *e) FLP_CHECKED;

/* Sets loss->dots to those of a group, tilted, unless they already are. */
int flp_loss_dots(struct flp_loss *loss, const struct flp_spent *spent, double h,
    struct flp_error *e) FLP_CHECKED;

/* Adds `steps` releases of `part` to *to, except for their spectrum. */
void flp_loss_add(struct flp_loss_part *to, const struct flp_loss_part *part, double steps);

/* Finds the points *least and *most. Outside each of them the tilted loss of all releases so far
 * and of `steps` more has a probability below FLP_LOSS_TAIL, by Chernoff's bound. `d` is the
 * direction. */
void flp_loss_range(const struct flp_loss *loss, int d, double steps, double *least,
    double *most);

#endif

/* The privacy states: what a record may reveal about the rows it was made of.
 *
 * A tool that makes one record from others joins their states with flp_privacy_join. Which
 * kinds may have which states is a column of the table in kind.c, which fl(5) repeats;
 * the writer and the reader refuse a record whose state its kind may not have. */
#ifndef FLP_FORMAT_PRIVACY_H
#define FLP_FORMAT_PRIVACY_H

#include "base/error.h"
#include "format/kind.h"

/* The codes of fl(5). */
enum flp_privacy {
	FLP_PRIVACY_RAW = 0,
	FLP_PRIVACY_CLIPPED,
	FLP_PRIVACY_NOISED,
	FLP_PRIVACY_MASKED, /* tells nothing until it is unmasked */
	FLP_PRIVACY_PUBLIC, /* made of no rows, or published already */
};
#define FLP_PRIVACIES (FLP_PRIVACY_PUBLIC + 1)

/* "raw", ...; NULL for any other code. */
const char *flp_privacy_name(enum flp_privacy privacy);

/* Returns 1 if a record of this kind may have this state; 0 if not, or for unknown codes. */
int flp_privacy_allowed(enum flp_kind kind, enum flp_privacy privacy);

/* The state of what is made from a record of state a and one of state b: the state that
 * protects less, where raw protects least, then clipped, noised and public. So public joined with
 * another state gives that other state. Masked can be joined only with masked; otherwise it is
 * FLP_ERROR_BAD, and *joined is unchanged. To join many, begin with public, or with masked for
 * masked records. */
int flp_privacy_join(enum flp_privacy *joined, enum flp_privacy a, enum flp_privacy b,
    struct flp_error *e) FLP_CHECKED;

#endif

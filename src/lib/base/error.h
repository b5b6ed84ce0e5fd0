/* Errors: a code and a sentence.
 *
 * A function that can fail takes a struct flp_error as its last argument. On failure it fills it
 * and returns -1, or NULL if it returns a pointer; on success it leaves it alone. The library
 * never prints and never exits. The tool shows the sentence, with its own name and the input's
 * before it. */
#ifndef FLP_BASE_ERROR_H
#define FLP_BASE_ERROR_H

#include <stddef.h>

/* The codes are the tools' exit statuses. */
enum flp_code {
	FLP_ERROR_NONE = 0,
	FLP_ERROR_USAGE = 2,  /* the call is wrong */
	FLP_ERROR_BAD = 3,    /* this input is bad: drop it, go on with the others */
	FLP_ERROR_SYSTEM = 4, /* the system failed: the same call may work later */
};

struct flp_error {
	enum flp_code code;
	int placed;      /* 1: flp_error_in has named the place */
	char text[4096]; /* the sentence: "what: why", lower case, without a full stop */
	struct flp_hidden {
		size_t at, n; /* text[at] to text[at + n - 1]; n = 0: nothing */
		const char *instead; /* what is shown in its place */
	} hidden[2]; /* values of a site's data in the sentence */
};

#define FLP_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define FLP_CHECKED __attribute__((warn_unused_result))

/* Each sets the code and the sentence and returns -1, so that a caller can write
 * `return flp_error_bad(e, ...)`. A sentence of more than 1 KiB is cut. It may quote hostile
 * input as it is: the code that shows it makes it safe. flp_error_system ends it with
 * strerror(number), unless number, an errno, is 0. */
int flp_error_usage(struct flp_error *e, const char *fmt, ...) FLP_PRINTF(2, 3);
int flp_error_bad(struct flp_error *e, const char *fmt, ...) FLP_PRINTF(2, 3);
int flp_error_system(struct flp_error *e, int number, const char *fmt, ...) FLP_PRINTF(3, 4);

/* The error of a caller in this program that breaks a function's contract, which the headers call
 * misuse: an index past the end, an unknown kind, a call out of turn. Neither the user nor an input
 * is to blame, so the code is FLP_ERROR_SYSTEM, and the sentence begins with
 * "a program error: ". */
int flp_error_misuse(struct flp_error *e, const char *fmt, ...) FLP_PRINTF(2, 3);

/* Puts the place before the sentence: flp_error_at(e, "row %zu", r) turns
 * "what" into "row 7: what". A place longer than 1 KiB is cut at its beginning, so
 * that a path keeps the file's name: ".../far/away/g.flp: what". If the place does
 * not fit, it is left out. Returns -1. */
int flp_error_at(struct flp_error *e, const char *fmt, ...) FLP_PRINTF(2, 3);

/* Hides a value of a site's data in the sentence: the last occurrence of the text that the format
 * gives, or the whole sentence if the text does not occur. Standard error may reach other people,
 * through ssh for example, so a tool shows the value only under -v. Otherwise it shows `instead`,
 * which says what kind of thing the value is and must outlive the error. Call this after one
 * of the above, and at most twice. Returns -1. */
int flp_error_hide(struct flp_error *e, const char *instead, const char *fmt,
    ...) FLP_PRINTF(3, 4);

/* Hides nothing any more, for a sentence that turns out not to be about a site's data.
 * Returns -1. */
int flp_error_reveal(struct flp_error *e);

/* Writes the sentence to to[sizeof e->text], without the values that are hidden. */
void flp_error_public(const struct flp_error *e, char *to);

/* Puts "; more" after the sentence, or nothing if that does not fit. Returns -1. */
int flp_error_add(struct flp_error *e, const char *more);

/* Like flp_error_at, but later calls of flp_error_at add nothing: the error of an output
 * names the output, and not the input that a caller was reading. */
int flp_error_in(struct flp_error *e, const char *place);

#endif

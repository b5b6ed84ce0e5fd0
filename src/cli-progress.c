/* How far long work has come, on a terminal. */
#include "cli-inside.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define QUIET 1.0   /* seconds before the first line */
#define BETWEEN 0.1 /* seconds from one line to the next */

static struct {
	double start, last;   /* when the work began, 0 for not yet; when a line was drawn */
	int drawn;            /* a line is on the screen */
	uint64_t files, file; /* how many there are, and how many are done */
} progress;

void
cli_progress_wipe(void)
{
	if (progress.drawn)
		fprintf(stderr, "\r\033[K");
	progress.drawn = 0;
}

/* Returns 1 if it is time for a line; then *spent is how many seconds the work has taken. */
static int
is_due(double *spent)
{
	struct timespec clock;
	double now;

	clock_gettime(CLOCK_MONOTONIC, &clock);
	now = (double)clock.tv_sec + (double)clock.tv_nsec / 1e9;
	if (progress.start == 0)
		progress.start = now;
	*spent = now - progress.start;
	if (*spent < QUIET || now - progress.last < BETWEEN)
		return 0;
	progress.last = now;
	return 1;
}

/* `done` of `total` of something in the current file, or in all if there is only one. */
static void
draw(const char *what, uint64_t done, uint64_t total)
{
	double spent, part = total > 0 ? (double)done / (double)total : 0;
	char text[128] = "";

	if (!is_due(&spent))
		return;
	if (total > 0)
		snprintf(text, sizeof text, "%s %llu of %llu", what, (unsigned long long)done,
		    (unsigned long long)total);
	if (progress.files > 1) {
		part = ((double)progress.file + part) / (double)progress.files;
		fprintf(stderr, "\r%llu of %llu files%s%s", (unsigned long long)progress.file,
		    (unsigned long long)progress.files, *text ? ", " : "", text);
	} else {
		fprintf(stderr, "\r%s", text);
	}
	if (part > 0)
		fprintf(stderr, ", %.0f s left", spent / part * (1 - part));
	fprintf(stderr, "\033[K");
	progress.drawn = 1;
}

void
cli_progress(const char *what, uint64_t done, uint64_t total)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (done < total) {
		draw(what, done, total);
		return;
	}
	cli_progress_wipe();
	if (progress.files <= 1)
		progress.start = 0;
}

void
cli_progress_files(uint64_t done, uint64_t total)
{
	if (total <= 1 || !isatty(STDERR_FILENO) || isatty(STDOUT_FILENO))
		return; /* lines of results are enough to see on a terminal */
	progress.file = done;
	progress.files = done < total ? total : 0;
	if (done < total)
		draw("", 0, 0);
	else
		cli_progress("", 1, 1);
}

/* Messages, standard output, progress. */
#include "cli-inside.h"
#include "base/in.h"
#include "base/memory.h"
#include "base/shown.h"
#include "base/unfinished.h"
#include "format/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *name = "fl";

static void
say(const char *fmt, va_list ap)
{
	char raw[8192], shown[4 * sizeof raw];

	cli_progress_wipe();
	vsnprintf(raw, sizeof raw, fmt, ap);
	flp_shown_text(shown, sizeof shown, raw, strlen(raw));
	fprintf(stderr, "%.*s: %s\n", (int)strcspn(name, " "), name, shown);
}

void
cli_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void
cli_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	flp_unfinished_remove_all();
	exit(FLP_ERROR_USAGE);
}

/* What was found in a site's data is shown only to whoever asks for it. */
void
cli_tell(const struct flp_error *e)
{
	char text[sizeof e->text];

	flp_error_public(e, text);
	cli_warn("%s", cli_verbose() ? e->text : text);
}

void
cli_fail(const struct flp_error *e)
{
	cli_tell(e);
	flp_unfinished_remove_all();
	exit(e->code);
}

void
cli_check(int status, struct flp_error *e, const char *place)
{
	if (status >= 0)
		return;
	if (place != NULL)
		flp_error_at(e, "%s", place);
	cli_fail(e);
}

void *
cli_new(size_t n, size_t size)
{
	struct flp_error e;
	void *p = flp_memory_new(n, size, &e);

	cli_check(p == NULL ? -1 : 0, &e, NULL);
	return p;
}

void
cli_stdout(struct flp_out *out)
{
	struct flp_error e;

	cli_check(flp_out_stdout(out, &e), &e, NULL);
}

void
cli_records(struct flp_out *out)
{
	if (isatty(STDOUT_FILENO))
		cli_usage("standard output is a terminal: expected a file or a pipe (fl-dump shows "
		    "records)");
	cli_stdout(out);
}

void
cli_print(struct flp_out *out, const char *fmt, ...)
{
	struct flp_error e;
	va_list ap;
	int status;

	va_start(ap, fmt);
	status = flp_out_vprint(out, &e, fmt, ap);
	va_end(ap);
	cli_check(status, &e, out->name);
}

void
cli_write(struct flp_out *out, const struct flp_record *record)
{
	struct flp_error e;
	struct flp_writer *w = flp_writer_new(out, &e);

	cli_check(w == NULL ? -1 : flp_record_write(record, w, &e), &e, out->name);
	flp_writer_free(w);
}

void
cli_finish(struct flp_out *out, int status)
{
	struct flp_error e;

	cli_progress_wipe();
	cli_check(flp_out_commit(out, 0, &e), &e, NULL);
	exit(status);
}

void
cli_end(struct flp_out *out, int status, const struct flp_error *e, const struct flp_bad *bad)
{
	struct flp_error other;

	if (bad->most > 0 && bad->n > bad->most)
		cli_warn("%llu more are left out (-v names them)",
		    (unsigned long long)(bad->n - bad->most));
	if (status >= 0)
		cli_finish(out, bad->n > 0 ? FLP_ERROR_BAD : FLP_ERROR_NONE);
	cli_tell(e);
	/* After a failure of the system the output must not look whole. */
	if (e->code == FLP_ERROR_BAD)
		cli_check(flp_out_commit(out, 0, &other), &other, NULL);
	flp_unfinished_remove_all();
	exit(e->code);
}

/* A closed descriptor would be given to the first file a tool opens: output
 * would go into an input, or messages into the output. */
static void
hold_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			exit(FLP_ERROR_SYSTEM);
}

/* The signal has its default action again, which ends the process when this returns. */
static void
end_by(int number)
{
	flp_unfinished_remove_all();
	raise(number);
}

/* A signal that was ignored before, as by nohup, stays ignored. */
static void
leave_nothing(void)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1,
		SIGUSR2, SIGXCPU };
	struct sigaction now = { .sa_handler = end_by, .sa_flags = (int)SA_RESETHAND }, before;

	sigfillset(&now.sa_mask);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
			sigaction(numbers[i], &now, NULL);
}

static void
waiting(void)
{
	cli_warn("waiting for standard input on the terminal (see --help)");
}

void
cli_begin(const char *tool)
{
	name = tool;
	hold_descriptors();
	leave_nothing();
	if (isatty(STDERR_FILENO))
		flp_in_tell_waiting(waiting);
	signal(SIGXFSZ, SIG_IGN); /* a file limit is an error of write */
}

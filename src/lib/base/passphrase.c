#include "base/passphrase.h"
#include "base/file.h"
#include "base/in.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP };
#define SIGNALS (sizeof numbers / sizeof *numbers)

/* The last of them while a passphrase is typed, or 0. A handler has no other place for it. */
static volatile sig_atomic_t caught;

/* A byte at a time, so that nothing after the line is taken from a pipe. */
static int
read_line(int fd, char *to, size_t room, struct flp_error *e)
{
	size_t n = 0;
	ssize_t k;

	while (n < room) {
		k = read(fd, to + n, 1);
		if (k < 0 && errno == EINTR && caught == 0)
			continue;
		if (k < 0)
			return flp_error_system(e, errno, "read");
		if (k > 0 && to[n] == '\0')
			return flp_error_bad(e, "expected a line of text, found a NUL");
		if (k == 0 || to[n] == '\n')
			break;
		n++;
	}
	if (n == room)
		return flp_error_bad(e, "expected a passphrase of at most %zu bytes", room - 1);
	if (n > 0 && to[n - 1] == '\r')
		n--;
	memset(to + n, 0, room - n);
	return n > 0 ? 0 : flp_error_bad(e, "expected a passphrase in the first line, found nothing");
}

/* Only its owner may be able to read a regular file. Who can read a pipe was up to whoever made
 * it. */
static int
check_file(int fd, struct flp_error *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return flp_error_system(e, errno, "open");
	return S_ISREG(st.st_mode) ? flp_file_private(&st, e) : 0;
}

int
flp_passphrase_file(char *to, size_t room, const char *path, struct flp_error *e)
{
	int piped = strcmp(path, "-") == 0, status;
	int fd = piped ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	status = fd < 0 ? flp_error_system(e, errno, "open") : check_file(fd, e);
	if (status == 0)
		status = read_line(fd, to, room, e);
	if (fd >= 0 && !piped)
		close(fd);
	return status < 0 ? flp_error_in(e, flp_in_name(path)) : 0;
}

static void
note(int number)
{
	caught = number;
}

/* Catches the signals that would end or stop the process and leave the terminal without echo. */
static void
take_signals(struct sigaction before[SIGNALS])
{
	struct sigaction now = { .sa_handler = note }; /* no SA_RESTART: it must end the read */

	caught = 0;
	for (size_t i = 0; i < SIGNALS; i++)
		if (sigaction(numbers[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN)
			sigaction(numbers[i], &now, NULL);
}

static void
give_signals_back(const struct sigaction before[SIGNALS])
{
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(numbers[i], &before[i], NULL);
	if (caught != 0)
		raise(caught);
}

/* A newline is echoed, so that what comes next begins on a line of its own. */
static int
ask(int fd, const char *prompt, char *to, size_t room, struct flp_error *e)
{
	struct sigaction before_signals[SIGNALS];
	struct termios before, quiet;
	int status;

	if (tcgetattr(fd, &before) < 0)
		return flp_error_system(e, errno, "open");
	quiet = before;
	quiet.c_lflag = (quiet.c_lflag & ~(tcflag_t)ECHO) | ECHONL | ICANON;
	take_signals(before_signals);
	if (tcsetattr(fd, TCSAFLUSH, &quiet) < 0 || write(fd, prompt, strlen(prompt)) < 0)
		status = flp_error_system(e, errno, "prompt");
	else
		status = read_line(fd, to, room, e);
	tcsetattr(fd, TCSAFLUSH, &before);
	give_signals_back(before_signals);
	return status;
}

int
flp_passphrase_ask(char *to, size_t room, const char *prompt, struct flp_error *e)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), status;

	status = fd < 0 ? flp_error_system(e, errno, "open") : ask(fd, prompt, to, room, e);
	if (fd >= 0)
		close(fd);
	return status < 0 ? flp_error_in(e, "/dev/tty") : 0;
}

#include "cli.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "format/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define OPTIONS_MAX 48
#define HELP (256 + OPTIONS_MAX)
#define SHOW_VERSION (HELP + 1)

const char cli_required[] = "required";

static const char *name = "fl";

static void
say(const char *fmt, va_list ap)
{
	char raw[8192], shown[4 * sizeof raw];

	vsnprintf(raw, sizeof raw, fmt, ap);
	flp_text_escape(shown, sizeof shown, raw, strlen(raw));
	fprintf(stderr, "%s: %s\n", name, shown);
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
	exit(FLP_ERROR_USAGE);
}

void
cli_fail(const struct flp_error *e)
{
	cli_warn("%s", e->text);
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
	char small[512], *text = small;
	struct flp_error e;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof small) {
		va_start(ap, fmt);
		n = vasprintf(&text, fmt, ap);
		va_end(ap);
	}
	cli_check(n < 0 ? flp_error_system(&e, errno, "text") :
	    flp_out_write(out, text, (size_t)n, &e), &e, out->name);
	if (text != small)
		free(text);
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

	cli_check(flp_out_commit(out, 0, &e), &e, NULL);
	exit(status);
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

static int
count(const struct cli_option *options)
{
	int n = 0;

	while (options[n].name != NULL)
		n++;
	return n;
}

static void
print_option(const struct cli_option *o)
{
	char left[96];
	int n = 0;

	n += o->letter ? snprintf(left, sizeof left, "-%c, ", o->letter) :
	    snprintf(left, sizeof left, "    ");
	n += snprintf(left + n, sizeof left - n, "--%s", o->name);
	if (o->type != CLI_FLAG)
		n += snprintf(left + n, sizeof left - n, " %s", o->unit);
	if (n > 28)
		printf("  %s\n  %-28s %s", left, "", o->help);
	else
		printf("  %-28s %s", left, o->help);
	if (o->preset == cli_required)
		printf(" (required)");
	else if (o->preset != NULL)
		printf(" [%s]", o->preset);
	putchar('\n');
}

/* Behind --help and --version, which print by stdio. */
static _Noreturn void
end_text(void)
{
	struct flp_error e;

	if (fflush(stdout) == 0)
		exit(FLP_ERROR_NONE);
	flp_error_system(&e, errno, "standard output: write");
	cli_fail(&e);
}

static _Noreturn void
help(const struct cli_tool *tool)
{
	printf("usage: %s [OPTION]...%s%s\n%s\n\n", tool->name, *tool->operands ? " " : "",
	    tool->operands, tool->purpose);
	for (const struct cli_option *o = tool->options; o->name != NULL; o++)
		print_option(o);
	printf("  %-28s %s\n", "    --help", "show this");
	printf("  %-28s %s\n", "    --version", "show the version");
	end_text();
}

static void
take_choice(const struct cli_option *o, const char *text, int *to)
{
	size_t n = strlen(text);
	int index = 0;

	for (const char *word = o->unit;; index++) {
		size_t k = strcspn(word, "|");

		if (k == n && memcmp(word, text, n) == 0) {
			*to = index;
			return;
		}
		if (word[k] == '\0')
			cli_usage("option --%s: expected %s, found \"%s\"", o->name, o->unit, text);
		word += k + 1;
	}
}

static void
take_number(const struct cli_option *o, const char *text, void *to)
{
	uint64_t whole = 0;
	double real;
	int bad;

	if (o->type == CLI_COUNT) {
		bad = flp_number_u64(text, strlen(text), &whole);
		real = (double)whole;
	} else {
		bad = flp_number_f64(text, strlen(text), &real);
	}
	if (bad || !(real >= o->least && real <= o->most)) {
		char least[FLP_NUMBER_TEXT], most[FLP_NUMBER_TEXT];

		flp_number_print(least, o->least);
		flp_number_print(most, o->most);
		cli_usage("option --%s: expected %s from %s to %s, found \"%s\"", o->name,
		    o->type == CLI_COUNT ? "a whole number" : "a number", least, most, text);
	}
	if (o->type == CLI_COUNT)
		*(uint64_t *)to = whole;
	else
		*(double *)to = real;
}

static void
take(const struct cli_option *o, const char *text, void *options)
{
	void *to = (char *)options + o->to;
	struct cli_list *list = to;
	struct flp_error e;

	switch (o->type) {
	case CLI_FLAG:
		*(int *)to = 1;
		break;
	case CLI_COUNT:
	case CLI_REAL:
		take_number(o, text, to);
		break;
	case CLI_TEXT:
		*(const char **)to = text;
		break;
	case CLI_CHOICE:
		take_choice(o, text, to);
		break;
	case CLI_LIST:
		if (flp_memory_grow(&list->text, &list->room, list->n + 1,
		    sizeof *list->text, &e) < 0)
			cli_fail(&e);
		list->text[list->n++] = text;
		break;
	}
}

/* getopt_long's two tables from ours; a long option's value is its index
 * plus 256. The colon first makes it tell an argument that is missing. */
static void
getopt_tables(const struct cli_tool *tool, char *letters, struct option *longs)
{
	int n = count(tool->options), at = 0;

	letters[at++] = ':';
	for (int i = 0; i < n; i++) {
		const struct cli_option *o = &tool->options[i];

		longs[i] = (struct option){ o->name, o->type != CLI_FLAG, NULL, 256 + i };
		if (o->letter) {
			letters[at++] = o->letter;
			if (o->type != CLI_FLAG)
				letters[at++] = ':';
		}
	}
	longs[n] = (struct option){ "help", 0, NULL, HELP };
	longs[n + 1] = (struct option){ "version", 0, NULL, SHOW_VERSION };
	longs[n + 2] = (struct option){ NULL, 0, NULL, 0 };
	letters[at] = '\0';
}

static const struct cli_option *
find(const struct cli_tool *tool, int c)
{
	const struct cli_option *o = tool->options;

	if (c >= 256)
		return &o[c - 256];
	while (o->letter != c)
		o++;
	return o;
}

/* What getopt_long did not take; its own message would show bytes as they are. */
static _Noreturn void
refuse(const struct cli_tool *tool, int c, char **argv)
{
	int is_long = optopt == 0 || optopt >= 256;
	char letter[] = { '-', (char)optopt, '\0' };
	const char *text = is_long ? argv[optind - 1] : letter;

	if (c == ':')
		cli_usage("option %s: expected an argument", text);
	if (is_long && optopt != 0)
		cli_usage("option %s: expected no argument", text);
	cli_usage("unknown %soption %s (see %s --help)", is_long ? "or ambiguous " : "", text,
	    tool->name);
}

static void
check_operands(const struct cli_tool *tool, int n, char **operands)
{
	if (n < tool->least)
		cli_usage("expected %s, found %s", tool->operands, n ? "one alone" : "nothing");
	if (tool->most >= 0 && n > tool->most)
		cli_usage("expected %s, found \"%s\"%s", *tool->operands ? tool->operands :
		    "no operands", operands[tool->most], *tool->operands ? " too" : "");
}

char **
cli_start(int argc, char **argv, const struct cli_tool *tool, void *options)
{
	static char *standard_input[] = { "-", NULL };
	struct option longs[OPTIONS_MAX + 3];
	char letters[2 * OPTIONS_MAX + 2];
	char given[OPTIONS_MAX] = { 0 };
	int c;

	name = tool->name;
	hold_descriptors();
	signal(SIGXFSZ, SIG_IGN); /* a file limit is an error of write */
	getopt_tables(tool, letters, longs);
	for (const struct cli_option *o = tool->options; o->name != NULL; o++)
		if (o->preset != NULL && o->preset != cli_required)
			take(o, o->preset, options);
	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (c == HELP)
			help(tool);
		if (c == SHOW_VERSION) {
			printf("%s %s\n", tool->name, FL_VERSION);
			end_text();
		}
		if (c == '?' || c == ':')
			refuse(tool, c, argv);
		given[find(tool, c) - tool->options] = 1;
		take(find(tool, c), optarg, options);
	}
	for (const struct cli_option *o = tool->options; o->name != NULL; o++)
		if (o->preset == cli_required && !given[o - tool->options])
			cli_usage("option --%s is required", o->name);
	argc -= optind;
	argv += optind;
	check_operands(tool, argc, argv);
	return argc == 0 && *tool->operands ? standard_input : argv;
}

void
cli_progress(const char *what, uint64_t done, uint64_t total)
{
	static double start, last; /* 0 before the first call, and before a line is drawn */
	struct timespec clock;
	double now, spent;

	if (!isatty(STDERR_FILENO))
		return;
	clock_gettime(CLOCK_MONOTONIC, &clock);
	now = (double)clock.tv_sec + (double)clock.tv_nsec / 1e9;
	if (start == 0)
		start = now;
	if (done >= total) {
		if (last > 0)
			fprintf(stderr, "\r\033[K");
		start = last = 0;
		return;
	}
	spent = now - start;
	if (spent < 1 || now - last < 0.1)
		return;
	last = now;
	fprintf(stderr, "\r%s: %llu of %llu, %.0f s left\033[K", what, (unsigned long long)done,
	    (unsigned long long)total, done ? spent / (double)done * (double)(total - done) : 0.0);
}

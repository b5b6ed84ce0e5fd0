/* The command line, of two small tools: options of every type, and verbs. */
#include "cli.h"
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum colour { NONE, RED, GREEN, WHITE };

static const char *
colour_name(unsigned colour)
{
	static const char *const names[] = { "", "red", "green", "white" };

	return colour < sizeof names / sizeof *names ? names[colour] : NULL;
}

/* A tool with options of every type, some in a struct that it embeds. */
struct paint {
	enum colour colour;
	uint64_t coats;
};

struct options {
	struct paint paint;
	int dry;
	double width;
	const char *wall;
	struct cli_list tin;
};

#define TO(field) struct options, field
static const struct cli_option options[] = {
	CLI_TEXT('w', "wall", TO(wall), "WALL", cli_required, "what to paint"),
	CLI_CHOICE('c', "colour", TO(paint.colour), colour_name, NULL, "colour of the paint"),
	CLI_COUNT('n', "coats", TO(paint.coats), "N", 1, 9, "2",
		"number of coats; each of them dries for a day before the next"),
	CLI_REAL(0, "width", TO(width), "METRES", 0.5, 100, "1.5", "width of the wall"),
	CLI_FLAG('d', "dry", TO(dry), "wait until the paint is dry"),
	CLI_LIST(0, "tin", TO(tin), "TIN-OF-ANOTHER-SHOP", "open this tin too"),
	{ 0 },
};

static const struct cli_tool paint_tool = { "fl-paint", "Paint a wall.", "[BRUSH]", 0, 1,
	options };

/* Prints all its arguments. The brush "unheard" asks for an option that does not exist. */
static int
paint(int argc, char **argv)
{
	struct options o = { 0 };
	char **brush = cli_start(argc, argv, &paint_tool, &o);
	struct flp_out out;

	if (strcmp(*brush, "unheard") == 0)
		return cli_given("colours");
	cli_stdout(&out);
	cli_print(&out, "%s %s %u %llu %g %d", *brush, o.wall, o.paint.colour,
	    (unsigned long long)o.paint.coats, o.width, o.dry);
	for (size_t i = 0; i < o.tin.n; i++)
		cli_print(&out, " %s", o.tin.text[i]);
	for (const struct cli_option *p = options; p->name != NULL; p++)
		cli_print(&out, "%s%d", p == options ? " given " : "", cli_given(p->name));
	cli_print(&out, "\n");
	cli_finish(&out, 0);
}

/* A tool of two verbs, each with options, operands and a function of its own. */
struct knot {
	uint64_t turns;
};

#define TO_KNOT(field) struct knot, field
static const struct cli_option tie_options[] = {
	CLI_COUNT('n', "turns", TO_KNOT(turns), "N", 1, 9, NULL, "turns of the rope"),
	{ 0 },
};

static const struct cli_tool tie_tool = { "fl-knot tie", "Tie a knot.", "", 0, 0, tie_options };

static int
tie(int argc, char **argv)
{
	struct knot knot = { 0 };
	struct flp_out out;

	cli_start(argc, argv, &tie_tool, &knot);
	cli_stdout(&out);
	cli_print(&out, "tied %llu %d\n", (unsigned long long)knot.turns, cli_given("turns"));
	cli_finish(&out, 0);
}

static const struct cli_option join_options[] = {
	{ 0 },
};

static const struct cli_tool join_tool = { "fl-knot join", "Join two ropes.", "ROPE1 ROPE2",
	2, 2, join_options };

/* Joins nothing. With "unheard" it asks for the other verb's option, which aborts. */
static int
join(int argc, char **argv)
{
	char **rope = cli_start(argc, argv, &join_tool, NULL);

	return strcmp(rope[0], "unheard") == 0 ? cli_given("turns") : 1;
}

static const struct cli_verb verbs[] = {
	{ &tie_tool, tie },
	{ &join_tool, join },
	{ 0 },
};

static int
knot(int argc, char **argv)
{
	return cli_verbs(argc, argv, "fl-knot", "Tie and join ropes.", verbs);
}

/* A tool whose help has no room in a line anywhere. */
static const char *
long_name(unsigned i)
{
	static const char *const names[] = { "ultramarine", "vermilion", "cadmium-yellow",
		"burnt-sienna", "titanium-white", "cobalt-blue" };

	return i < sizeof names / sizeof *names ? names[i] : NULL;
}

struct mix {
	unsigned pigment;
};

#define TO_MIX(field) struct mix, field
static const struct cli_option mix_options[] = {
	CLI_CHOICE('p', "pigment", TO_MIX(pigment), long_name, "vermilion", "what is mixed in"),
	{ 0 },
};

static const struct cli_tool mix_tool = { "fl-mix", "Mix pigments with oil, a little at a time, "
	"until there is enough of the paint for a wall.", "[BOWL]... (or with no bowl at all: "
	"[BUCKET-OR-BARREL]...)", 0, -1, mix_options };

static int
mix(int argc, char **argv)
{
	struct mix m = { 0 };

	cli_start(argc, argv, &mix_tool, &m);
	return 0;
}

/* A tool with rules for what goes with what. */
struct dig {
	int spade, hands, machine, deep, pit, fuel;
};

#define TO_DIG(field) struct dig, field
static const struct cli_option dig_options[] = {
	CLI_FLAG(0, "spade", TO_DIG(spade), "dig with a spade"),
	CLI_FLAG(0, "hands", TO_DIG(hands), "dig with bare hands"),
	CLI_FLAG(0, "machine", TO_DIG(machine), "dig with a machine"),
	CLI_FLAG(0, "deep", TO_DIG(deep), "dig as deep as a well"),
	CLI_FLAG(0, "pit", TO_DIG(pit), "dig a pit"),
	CLI_FLAG(0, "fuel", TO_DIG(fuel), "buy fuel first"),
	{ 0 },
};

static const struct cli_tool dig_tool = { "fl-dig", "Dig a hole.", "", 0, 0, dig_options };

static int
dig(int argc, char **argv)
{
	struct dig d = { 0 };

	cli_start(argc, argv, &dig_tool, &d);
	cli_one_of(CLI_NAMES("spade", "hands", "machine"));
	cli_at_most_one(CLI_NAMES("deep", "pit"));
	cli_only_with("machine", CLI_NAMES("fuel"));
	cli_none_with("hands", CLI_NAMES("deep", "fuel"));
	return 0;
}

struct result {
	int status; /* of the exit, or minus the signal */
	char out[4096], err[4096];
};

static int
scratch(void)
{
	char path[] = "/tmp/fl-unit-XXXXXX";
	int fd = mkstemp(path);

	CHECK(fd > 2 && unlink(path) == 0, "%s", path);
	return fd;
}

static void
read_back(int fd, char text[4096])
{
	ssize_t n = pread(fd, text, 4095, 0);

	text[n < 0 ? 0 : n] = '\0';
	close(fd);
}

/* A tool exits without freeing its memory, which is not a leak. */
static void
leave(int status, void *unused)
{
	(void)unused;
	_exit(status);
}

/* Calls the tool in a process of its own with the words of a line; its standard
 * output goes to the file at `sink`, NULL for result->out. */
static void
call(struct result *r, int (*tool)(int, char **), const char *line, const char *sink)
{
	static const struct rlimit no_core = { 0, 0 };
	char text[256], *argv[16] = { NULL };
	int argc = 0, status = 0, out = scratch(), err = scratch();
	pid_t pid;

	snprintf(text, sizeof text, "%s", line);
	for (char *word = strtok(text, " "); word != NULL && argc < 15; word = strtok(NULL, " "))
		argv[argc++] = word;
	if ((pid = fork()) == 0) {
		on_exit(leave, NULL);
		setrlimit(RLIMIT_CORE, &no_core);
		if (dup2(sink != NULL ? open(sink, O_WRONLY) : out, 1) != 1 || dup2(err, 2) != 2)
			_exit(99);
		exit(tool(argc, argv));
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid, "%s", line);
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	read_back(out, r->out);
	read_back(err, r->err);
}

struct expected {
	const char *line;
	int status;
	const char *out, *err;
};

static void
compare(int (*tool)(int, char **), const struct expected *c, size_t n)
{
	struct result r;

	for (size_t i = 0; i < n; i++) {
		call(&r, tool, c[i].line, NULL);
		CHECK(r.status == c[i].status, "%s: exit %d, %s", c[i].line, r.status, r.err);
		CHECK(strcmp(r.out, c[i].out) == 0, "%s: %s", c[i].line, r.out);
		CHECK(strcmp(r.err, c[i].err) == 0, "%s: %s", c[i].line, r.err);
	}
}

#define PAINT_HELP \
	"usage: fl-paint [OPTION]... [BRUSH]\nPaint a wall.\n\n" \
	"  -w, --wall WALL           what to paint (required)\n" \
	"  -c, --colour red|green|white\n" \
	"                            colour of the paint\n" \
	"  -n, --coats N             number of coats; each of them dries for a day before\n" \
	"                            the next [2]\n" \
	"      --width METRES        width of the wall [1.5]\n" \
	"  -d, --dry                 wait until the paint is dry\n" \
	"      --tin TIN-OF-ANOTHER-SHOP\n" \
	"                            open this tin too\n" \
	"  -h, --help                show this help\n" \
	"      --version             show the version\n"

static void
options_of_a_tool(void)
{
	static const struct expected c[] = {
		{ "paint -w a", 0, "- a 0 2 1.5 0 given 100000\n", "" },
		{ "paint --wall=a -c red -n 9 --width 0.5 -d --tin x --tin=y b", 0,
			"b a 1 9 0.5 1 x y given 111111\n", "" },
		{ "paint -wa -cwhite", 0, "- a 3 2 1.5 0 given 110000\n", "" },
		{ "paint -w a --coats 2 --width 1.5", 0, "- a 0 2 1.5 0 given 101100\n", "" },
		{ "paint -w a -w b", 2, "", "fl-paint: option --wall: expected once, found twice\n" },
		{ "paint -w a -c red --colour green -n 2 -n 3", 0, "- a 2 3 1.5 0 given 111000\n", "" },
		{ "paint -dd -w a", 0, "- a 0 2 1.5 1 given 100010\n", "" },
		{ "paint -c red", 2, "", "fl-paint: option --wall is required\n" },
		{ "paint -w a -c reds", 2, "",
			"fl-paint: option --colour: expected red|green|white, found \"reds\"\n" },
		{ "paint -w a --colour=", 2, "",
			"fl-paint: option --colour: expected red|green|white, found \"\"\n" },
		{ "paint -w a -n 0", 2, "",
			"fl-paint: option --coats: expected a whole number from 1 to 9, found \"0\"\n" },
		{ "paint -w a -n 2.5", 2, "",
			"fl-paint: option --coats: expected a whole number from 1 to 9, found \"2.5\"\n" },
		{ "paint -w a --width nan", 2, "",
			"fl-paint: option --width: expected a number from 0.5 to 100, found \"nan\"\n" },
		{ "paint -w a b c", 2, "", "fl-paint: expected [BRUSH], found \"c\" too\n" },
		{ "paint -x", 2, "", "fl-paint: unknown option -x (see fl-paint --help)\n" },
		{ "paint --wi 2", 2, "", "fl-paint: option --wall is required\n" },
		{ "paint --w 2", 2, "",
			"fl-paint: unknown or ambiguous option --w (see fl-paint --help)\n" },
		{ "paint -w", 2, "", "fl-paint: option -w: expected an argument\n" },
		{ "paint --dry=1", 2, "", "fl-paint: option --dry=1: expected no argument\n" },
		{ "paint --version", 0, "fl-paint " FL_VERSION "\n", "" },
		{ "paint -x --version", 2, "", "fl-paint: unknown option -x (see fl-paint --help)\n" },
		{ "paint -hx", 0, PAINT_HELP, "" },
		{ "paint --help -x", 0, PAINT_HELP, "" },
	};

	compare(paint, c, sizeof c / sizeof *c);
}

static void
verbs_of_a_tool(void)
{
	static const struct expected c[] = {
		{ "knot tie -n 3", 0, "tied 3 1\n", "" },
		{ "knot tie", 0, "tied 0 0\n", "" },
		{ "knot join a b", 1, "", "" },
		{ "knot", 2, "", "fl-knot: expected tie|join, found nothing\n" },
		{ "knot -", 2, "", "fl-knot: expected tie|join, found \"-\"\n" },
		{ "knot ti", 2, "", "fl-knot: expected tie|join, found \"ti\"\n" },
		{ "knot -n 3 tie", 2, "", "fl-knot: expected tie|join, found \"-n\"\n" },
		{ "knot \033[1m", 2, "", "fl-knot: expected tie|join, found \"\\x1b[1m\"\n" },
		{ "knot join --turns 3 a b", 2, "",
			"fl-knot: unknown or ambiguous option --turns (see fl-knot join --help)\n" },
		{ "knot tie -n 0", 2, "",
			"fl-knot: option --turns: expected a whole number from 1 to 9, found \"0\"\n" },
		{ "knot tie a", 2, "", "fl-knot: expected no operands, found \"a\"\n" },
		{ "knot join a", 2, "", "fl-knot: expected ROPE1 ROPE2, found one alone\n" },
		{ "knot --version", 0, "fl-knot " FL_VERSION "\n", "" },
		{ "knot tie --version", 0, "fl-knot " FL_VERSION "\n", "" },
		{ "knot --help", 0, "usage: fl-knot VERB [OPTION]... [ARG]...\nTie and join ropes.\n\n"
			"  tie          Tie a knot.\n"
			"  join         Join two ropes.\n\n"
			"  -h, --help                show this help\n"
			"      --version             show the version\n", "" },
		{ "knot tie --help", 0, "usage: fl-knot tie [OPTION]...\nTie a knot.\n\n"
			"  -n, --turns N             turns of the rope\n"
			"  -h, --help                show this help\n"
			"      --version             show the version\n", "" },
		{ "knot join --help", 0, "usage: fl-knot join [OPTION]... ROPE1 ROPE2\n"
			"Join two ropes.\n\n"
			"  -h, --help                show this help\n"
			"      --version             show the version\n", "" },
	};

	compare(knot, c, sizeof c / sizeof *c);
}

static void
narrow_help(void)
{
	static const struct expected c[] = {
		{ "mix -h", 0, "usage: fl-mix [OPTION]... [BOWL]... (or with no bowl at all:\n"
			"              [BUCKET-OR-BARREL]...)\n"
			"Mix pigments with oil, a little at a time, until there is enough of the paint\n"
			"for a wall.\n\n"
			"  -p, --pigment ultramarine|vermilion|cadmium-yellow|burnt-sienna|\n"
			"                titanium-white|cobalt-blue\n"
			"                            what is mixed in [vermilion]\n"
			"  -h, --help                show this help\n"
			"      --version             show the version\n", "" },
	};

	compare(mix, c, sizeof c / sizeof *c);
}

static void
rules_of_options(void)
{
	static const struct expected c[] = {
		{ "dig --spade", 0, "", "" },
		{ "dig --spade --pit", 0, "", "" },
		{ "dig --machine --deep --fuel", 0, "", "" },
		{ "dig --pit", 2, "", "fl-dig: expected one of --spade, --hands and --machine\n" },
		{ "dig --spade --machine", 2, "",
			"fl-dig: expected one of --spade, --hands and --machine, not more\n" },
		{ "dig --spade --deep --pit", 2, "",
			"fl-dig: expected one of --deep and --pit, not both\n" },
		{ "dig --spade --fuel", 2, "", "fl-dig: option --fuel: needs --machine\n" },
		{ "dig --hands --deep", 2, "",
			"fl-dig: option --deep: not allowed with --hands\n" },
	};

	compare(dig, c, sizeof c / sizeof *c);
}

static void
unheard_options(void)
{
	struct result r;

	call(&r, paint, "paint -w a unheard", NULL);
	CHECK(r.status < 0 && strstr(r.err, "fl-paint: option --colours: ") == r.err, "%d: %s",
	    r.status, r.err);
	call(&r, knot, "knot join unheard b", NULL);
	CHECK(r.status < 0 && strstr(r.err, "fl-knot: option --turns: ") == r.err, "%d: %s",
	    r.status, r.err);
}

static void
full_disk(void)
{
	static const char *const line[] = { "paint --help", "paint --version", "paint -w a",
		"knot --help", "knot --version", "knot tie --help", "knot tie" };
	struct result r;

	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		call(&r, *line[i] == 'p' ? paint : knot, line[i], "/dev/full");
		CHECK(r.status == 4 && strstr(r.err, ": standard output: write: No space left") != NULL,
		    "%s: %d, %s", line[i], r.status, r.err);
	}
}

int
main(void)
{
	options_of_a_tool();
	verbs_of_a_tool();
	narrow_help();
	rules_of_options();
	unheard_options();
	full_disk();
	return unit_done();
}

/* pairs N COMMAND_A COMMAND_B: run two shell-less commands in turn, N times
 * each, and print for A and for B the median and the 90th percentile of the
 * wall time in seconds and the greatest peak memory in KiB, then the median
 * and the 90th percentile of A/B pair by pair. Words are split at blanks;
 * standard output goes to /dev/null. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS 4096
#define RUNS 1000

struct command {
	char *word[WORDS];
	double wall[RUNS];
	long peak;
};

static void
split(struct command *c, char *text)
{
	size_t n = 0;

	for (char *w = strtok(text, " "); w != NULL && n + 1 < WORDS; w = strtok(NULL, " "))
		c->word[n++] = w;
	c->word[n] = NULL;
}

static double
run(struct command *c)
{
	struct timespec a, b;
	struct rusage use;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &a);
	if ((pid = vfork()) == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		execvp(c->word[0], c->word);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) < 0 || status != 0) {
		fprintf(stderr, "pairs: %s failed\n", c->word[0]);
		exit(1);
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (use.ru_maxrss > c->peak)
		c->peak = use.ru_maxrss;
	return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
print(const char *name, double *v, int n, const char *end)
{
	qsort(v, (size_t)n, sizeof *v, ascending);
	printf("%s %.6f %.6f%s", name, v[n / 2], v[n * 9 / 10], end);
}

int
main(int argc, char **argv)
{
	static struct command a, b;
	static double ratio[RUNS];
	int n;

	if (argc != 4 || (n = atoi(argv[1])) < 1 || n > RUNS) {
		fprintf(stderr, "usage: pairs N COMMAND_A COMMAND_B\n");
		return 2;
	}
	split(&a, argv[2]);
	split(&b, argv[3]);
	run(&a);
	run(&b);
	for (int i = 0; i < n; i++) {
		a.wall[i] = run(&a);
		b.wall[i] = run(&b);
		ratio[i] = a.wall[i] / b.wall[i];
	}
	print("A", a.wall, n, "");
	printf(" %ld\n", a.peak);
	print("B", b.wall, n, "");
	printf(" %ld\n", b.peak);
	print("ratio", ratio, n, "\n");
	return 0;
}

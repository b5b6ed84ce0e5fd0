/* loop/queue: order, what fails first, workers that can't be had. */
#include "loop/queue.h"
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TASKS 400
#define NONE (-1)

/* Where the tasks of a run fail, and what it has come to. */
struct count {
	int take_fails, work_fails, give_fails; /* at this task, or NONE */
	int hires_fail;                         /* all but the first so many; NONE: none */
	int taken, given;
	int over;  /* nothing is left to take */
	int mixed; /* out of order, two at a time, or after the end */
	atomic_int inside, worked, dropped, hired, dismissed;
	pthread_t seen[8];       /* the threads that worked */
};

struct task {
	struct count *count; /* NULL before it is taken */
	int number;
	char *memory;
};

static int
fail(struct flp_error *e, const char *what, int number)
{
	return flp_error_bad(e, "%s %d", what, number);
}

static void *
hire(void *context, struct flp_error *e)
{
	struct count *c = context;
	int n = atomic_fetch_add(&c->hired, 1);

	if (c->hires_fail != NONE && n >= c->hires_fail) {
		fail(e, "hire", n);
		return NULL;
	}
	c->seen[n] = pthread_self();
	return &c->dismissed;
}

static void
dismiss(void *worker)
{
	atomic_fetch_add((atomic_int *)worker, 1);
}

static int
take(void *context, void *taken, struct flp_error *e)
{
	struct count *c = context;
	struct task *t = taken;

	if (c->over || t->count != NULL || atomic_fetch_add(&c->inside, 1) != 0)
		c->mixed++;
	t->number = c->taken;
	atomic_fetch_sub(&c->inside, 1);
	c->over = c->taken == TASKS || t->number == c->take_fails;
	if (c->taken == TASKS)
		return 0;
	t->count = c;
	t->memory = malloc(1);
	c->taken++;
	return t->number == c->take_fails ? fail(e, "take", t->number) : 1;
}

static int
work(void *context, void *worker, void *taken, struct flp_error *e)
{
	struct count *c = context;
	struct task *t = taken;

	if (worker != &c->dismissed)
		c->mixed++;
	atomic_fetch_add(&c->worked, 1);
	usleep((unsigned)t->number * 2654435761u >> 16 & 0x1ff); /* up to half a millisecond */
	return t->number == c->work_fails ? fail(e, "work", t->number) : 0;
}

static int
give(void *context, void *taken, struct flp_error *e)
{
	struct count *c = context;
	struct task *t = taken;

	if (t->number != c->given || atomic_fetch_add(&c->inside, 1) != 0)
		c->mixed++;
	atomic_fetch_sub(&c->inside, 1);
	if (t->number == c->give_fails)
		return fail(e, "give", t->number);
	c->given++;
	return 0;
}

static void
drop(void *taken)
{
	struct task *t = taken;

	free(t->memory);
	atomic_fetch_add(&t->count->dropped, 1);
}

static int
run(struct count *c, unsigned workers, struct flp_error *e)
{
	const struct flp_queue q = { .context = c, .task_size = sizeof(struct task), .hire = hire,
		.dismiss = dismiss, .take = take, .work = work, .give = give, .drop = drop };
	int status;

	memset(e, 0, sizeof *e);
	status = flp_queue_run(&q, workers, e);
	CHECK(c->mixed == 0, "%d out of order or at once", c->mixed);
	CHECK(c->dropped == c->taken, "%d of %d", c->dropped, c->taken);
	return status;
}

static void
test_order(unsigned workers)
{
	struct count c = { .take_fails = NONE, .work_fails = NONE, .give_fails = NONE,
		.hires_fail = NONE };
	struct flp_error e;

	CHECK(run(&c, workers, &e) == 0, "%s", e.text);
	CHECK(c.given == TASKS && c.worked == TASKS, "%d given, %d worked on", c.given, c.worked);
	CHECK(c.hired == (int)(workers ? workers : 1) && c.dismissed == c.hired, "%d hired, %d "
	    "dismissed", c.hired, c.dismissed);
	for (int i = 1; i < c.hired; i++)
		CHECK(!pthread_equal(c.seen[i], c.seen[0]), "worker %d has the first one's thread", i);
}

/* Failures at three places: the first in order ends it, whatever comes first in
 * time. */
static void
test_failures(unsigned workers)
{
	static const struct {
		int take, work, give;
		const char *text;
		int given;
	} all[] = {
		{ 200, NONE, NONE, "take 200", 200 }, { NONE, 200, NONE, "work 200", 200 },
		{ NONE, NONE, 200, "give 200", 200 }, { 0, NONE, NONE, "take 0", 0 },
		{ NONE, 0, NONE, "work 0", 0 }, { NONE, NONE, 0, "give 0", 0 },
		{ NONE, TASKS - 1, NONE, "work 399", 399 }, { 201, 200, 202, "work 200", 200 },
		{ 203, 202, 200, "give 200", 200 }, { 200, 203, 201, "take 200", 200 },
		{ NONE, 200, 200, "work 200", 200 },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct count c = { .take_fails = all[i].take, .work_fails = all[i].work,
			.give_fails = all[i].give, .hires_fail = NONE };
		struct flp_error e;

		CHECK(run(&c, workers, &e) < 0, "case %zu", i);
		CHECK(e.code == FLP_ERROR_BAD && strcmp(e.text, all[i].text) == 0, "case %zu: %d %s", i,
		    e.code, e.text);
		CHECK(c.given == all[i].given, "case %zu: %d given", i, c.given);
		CHECK(c.taken <= all[i].given + 1 + (int)workers, "case %zu: %d taken", i, c.taken);
		CHECK(c.dismissed == c.hired, "case %zu: %d of %d", i, c.dismissed, c.hired);
	}
}

/* A worker that lacks what it needs ends it, and the others stop in order. */
static void
test_hire(unsigned workers, int hires)
{
	struct count c = { .take_fails = NONE, .work_fails = NONE, .give_fails = NONE,
		.hires_fail = hires };
	struct flp_error e;
	char want[16];

	snprintf(want, sizeof want, "hire %d", hires);
	CHECK(run(&c, workers, &e) < 0 && strncmp(e.text, "hire ", 5) == 0, "%s", e.text);
	CHECK(hires > 0 || c.given == 0, "%d given", c.given);
	CHECK(workers > 1 || strcmp(e.text, want) == 0, "%s", e.text);
	CHECK(c.dismissed == hires, "%d of %d", c.dismissed, hires);
}

/* No thread has room for a stack of this size. */
static void
test_no_threads(void)
{
	pthread_attr_t attr, old;
	struct count c = { .take_fails = NONE, .work_fails = NONE, .give_fails = NONE,
		.hires_fail = NONE };
	struct flp_error e;

	CHECK(pthread_getattr_default_np(&old) == 0 && pthread_attr_init(&attr) == 0 &&
	    pthread_attr_setstacksize(&attr, (size_t)1 << 60) == 0 &&
	    pthread_setattr_default_np(&attr) == 0, "stack size");
	CHECK(run(&c, 8, &e) == 0, "%s", e.text);
	CHECK(c.hired == 1 && pthread_equal(c.seen[0], pthread_self()), "%d hired", c.hired);
	CHECK(c.given == TASKS, "%d given", c.given);
	CHECK(pthread_setattr_default_np(&old) == 0, "stack size");
	pthread_attr_destroy(&attr);
	pthread_attr_destroy(&old);
}

/* A task too large for memory; no task, with nothing that may be left out. */
static void
test_plain(void)
{
	struct count c = { .take_fails = NONE, .work_fails = NONE, .give_fails = NONE };
	struct flp_queue q = { .context = &c, .task_size = SIZE_MAX, .take = take, .work = work,
		.give = give };
	struct flp_error e;

	CHECK(flp_queue_run(&q, 4, &e) < 0 && e.code == FLP_ERROR_SYSTEM, "%d", e.code);
	CHECK(c.taken == 0, "%d taken", c.taken);
	q.task_size = sizeof(struct task);
	c.taken = TASKS;
	CHECK(flp_queue_run(&q, 4, &e) == 0 && c.given == 0, "%s", e.text);
}

int
main(void)
{
	static const unsigned workers[] = { 0, 1, 2, 8 };

	for (size_t i = 0; i < sizeof workers / sizeof *workers; i++) {
		test_order(workers[i]);
		test_failures(workers[i]);
	}
	test_hire(1, 0);
	test_hire(8, 0);
	test_hire(8, 3);
	test_no_threads();
	test_plain();
	return unit_done();
}

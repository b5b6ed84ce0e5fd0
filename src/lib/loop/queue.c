#include "loop/queue.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct run {
	const struct flp_queue *queue;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t taken, given;
	int ended;  /* nothing more is taken */
	int failed; /* nothing more is given; `error` is why */
	struct flp_error error;
};

/* What one worker has in hand. */
struct hand {
	void *worker, *task;
	uint64_t number; /* of the task, in order */
	int status;
	struct flp_error error;
};

static void
fail(struct run *run, const struct flp_error *e)
{
	if (!run->failed)
		run->error = *e;
	run->failed = run->ended = 1;
}

/* Takes a task. If that fails, the failure has its turn too. Returns 0 if no task is left. */
static int
take(struct run *run, struct hand *hand)
{
	const struct flp_queue *q = run->queue;

	memset(hand->task, 0, q->task_size);
	pthread_mutex_lock(&run->lock);
	hand->status = run->ended ? 0 : q->take(q->context, hand->task, &hand->error);
	if (hand->status <= 0)
		run->ended = 1;
	if (hand->status != 0)
		hand->number = run->taken++;
	pthread_mutex_unlock(&run->lock);
	return hand->status != 0;
}

/* Waits for the task's turn and gives it. */
static void
give(struct run *run, struct hand *hand)
{
	const struct flp_queue *q = run->queue;

	pthread_mutex_lock(&run->lock);
	while (run->given != hand->number)
		pthread_cond_wait(&run->moved, &run->lock);
	if (!run->failed && hand->status >= 0)
		hand->status = q->give(q->context, hand->task, &hand->error);
	if (hand->status < 0)
		fail(run, &hand->error);
	run->given++;
	pthread_cond_broadcast(&run->moved);
	pthread_mutex_unlock(&run->lock);
}

static void
work_on(struct run *run, struct hand *hand)
{
	const struct flp_queue *q = run->queue;

	while (take(run, hand)) {
		if (hand->status > 0)
			hand->status = q->work(q->context, hand->worker, hand->task, &hand->error);
		give(run, hand);
		if (q->drop != NULL)
			q->drop(hand->task);
	}
}

static void *
work(void *argument)
{
	struct run *run = argument;
	const struct flp_queue *q = run->queue;
	struct hand hand = { 0 };

	if ((hand.task = flp_memory_new(q->task_size, 1, &hand.error)) == NULL ||
	    (q->hire != NULL && (hand.worker = q->hire(q->context, &hand.error)) == NULL)) {
		pthread_mutex_lock(&run->lock);
		fail(run, &hand.error);
		pthread_mutex_unlock(&run->lock);
	} else {
		work_on(run, &hand);
	}
	if (hand.worker != NULL && q->dismiss != NULL)
		q->dismiss(hand.worker);
	free(hand.task);
	return NULL;
}

int
flp_queue_run(const struct flp_queue *q, unsigned workers, struct flp_error *e)
{
	struct run run = { .queue = q };
	pthread_t *thread = calloc(workers, sizeof *thread);
	unsigned n = 0;

	pthread_mutex_init(&run.lock, NULL);
	pthread_cond_init(&run.moved, NULL);
	while (thread != NULL && n + 1 < workers &&
	    pthread_create(&thread[n], NULL, work, &run) == 0)
		n++;
	work(&run);
	while (n > 0)
		pthread_join(thread[--n], NULL);
	free(thread);
	pthread_cond_destroy(&run.moved);
	pthread_mutex_destroy(&run.lock);
	if (run.failed)
		*e = run.error;
	return run.failed ? -1 : 0;
}

/* An ordered queue of workers: tasks are taken one at a time, worked on in
 * parallel, and given one at a time in the order in which they were taken.
 *
 * Each worker holds one task, so memory grows with the number of workers alone. An
 * error ends the queue. If there are several, the first in order counts: all tasks
 * before it are given, and none after it. Where one task fails and the others are to go
 * on, the function keeps the error in the task and returns 0. */
#ifndef FLP_LOOP_QUEUE_H
#define FLP_LOOP_QUEUE_H

#include "base/error.h"

#include <stddef.h>

/* Only `work`, `hire`, `dismiss` and `drop` run on several threads at once; the last
 * three may be NULL. */
struct flp_queue {
	void *context;    /* the caller's */
	size_t task_size; /* bytes of a task, which are zero before it is taken */

	/* What a worker needs for itself: made before its first task, freed after its
	 * last. NULL on failure, which ends the queue at once. */
	void *(*hire)(void *context, struct flp_error *e);
	void (*dismiss)(void *worker);

	/* The next task: 1, 0 where there is none, -1. */
	int (*take)(void *context, void *task, struct flp_error *e);
	int (*work)(void *context, void *worker, void *task, struct flp_error *e);
	int (*give)(void *context, void *task, struct flp_error *e);

	/* Frees what a task holds, whether it was given or not. */
	void (*drop)(void *task);
};

/* Runs until no task is left. The calling thread is one of the workers; 0 workers
 * count as 1. If the system gives no more threads, fewer workers do the work. */
int flp_queue_run(const struct flp_queue *q, unsigned workers, struct flp_error *e) FLP_CHECKED;

#endif

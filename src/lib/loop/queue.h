/* An ordered queue of workers: tasks are taken one at a time, worked on at once,
 * and given back one at a time in the order in which they were taken.
 *
 * Each worker holds one task, so memory grows with their number alone. Of what
 * fails the first in order ends the queue: all tasks before it are given, none
 * after it. What is bad about one task and shall not end the others stands in the
 * task, and its function returns 0. */
#ifndef FLP_LOOP_QUEUE_H
#define FLP_LOOP_QUEUE_H

#include "base/error.h"

#include <stddef.h>

/* Functions marked * may be NULL. Only `work` and `drop` run on many threads. */
struct flp_queue {
	void *context;    /* the caller's */
	size_t task_size; /* bytes of a task, zeros before it is taken */

	/* * What a worker needs for itself, made before its first task and freed
	 * after its last. NULL on failure, which ends the queue. */
	void *(*hire)(void *context, struct flp_error *e);
	void (*dismiss)(void *worker);

	/* The next task: 1, 0 where there is none, -1. */
	int (*take)(void *context, void *task, struct flp_error *e);
	int (*work)(void *context, void *worker, void *task, struct flp_error *e);
	int (*give)(void *context, void *task, struct flp_error *e);

	/* * Frees what is in a task, given or not. */
	void (*drop)(void *task);
};

/* Runs until there are no more tasks. The calling thread is the first of so many
 * workers (0 counts as 1); where threads can't be had there are fewer. */
int flp_queue_run(const struct flp_queue *q, unsigned workers, struct flp_error *e) FLP_CHECKED;

#endif

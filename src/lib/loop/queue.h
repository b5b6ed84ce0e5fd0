/* Workers that share a queue of tasks. Tasks are taken from it one at a time, worked on in
 * parallel, and given to the caller one at a time, in the order in which they were taken.
 *
 * Each worker holds one task, so memory grows only with the number of workers. An error ends the
 * queue. If several tasks fail, the first of them in order counts: all tasks before it are
 * given, and none after it. A function that is to let the other tasks go on must keep its error
 * in the task and return 0. */
#ifndef FLP_LOOP_QUEUE_H
#define FLP_LOOP_QUEUE_H

#include "base/error.h"

#include <stddef.h>

/* `work`, `hire`, `dismiss` and `drop` run on several threads at once, `take` and `give` do not.
 * `hire`, `dismiss` and `drop` may be NULL. */
struct flp_queue {
	void *context;    /* the caller's */
	size_t task_size; /* bytes of a task, which are zero before it is taken */

	/* Make and free what a worker needs for itself, before its first task and after its last.
	 * If `hire` fails it returns NULL, which ends the queue at once. */
	void *(*hire)(void *context, struct flp_error *e);
	void (*dismiss)(void *worker);

	/* `take` fills the next task and returns 1; 0 if no task is left; -1 on error. The other
	 * two return 0, or -1 on error. */
	int (*take)(void *context, void *task, struct flp_error *e);
	int (*work)(void *context, void *worker, void *task, struct flp_error *e);
	int (*give)(void *context, void *task, struct flp_error *e);

	/* Frees what a task holds, whether it was given or not. */
	void (*drop)(void *task);
};

/* Runs until no task is left. The calling thread is one of the workers; 0 workers count as 1.
 * If the system does not give as many threads, fewer workers do the work. */
int flp_queue_run(const struct flp_queue *q, unsigned workers, struct flp_error *e) FLP_CHECKED;

#endif

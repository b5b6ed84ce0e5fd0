#include "model/local.h"
#include "base/dtype.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Workers take data sets in turn under `lock`, train without it, and write in
 * the order they took: a ticket's result waits until all before it are out. */
struct line {
	const struct flp_local *local;
	struct flp_inputs *in;
	struct flp_writer *writer;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t taken, written, bad;
	int ended;             /* no more input, or nothing more to be done */
	int failed;            /* `error` is why */
	struct flp_error error;
};

struct task {
	uint64_t ticket;
	char place[FLP_INPUTS_PLACE];
	struct flp_record record;
	struct flp_train_result result;
	struct flp_record made;
	int status;
	struct flp_error error;
};

/* The next data set: 1, or 0 when there is none. An input that can't be read
 * as a record is a task that has failed already. */
static int
take(struct line *line, struct task *task)
{
	int status = 0;

	memset(task, 0, sizeof *task);
	pthread_mutex_lock(&line->lock);
	if (!line->ended)
		status = flp_inputs_record(line->in, &task->record, &task->error);
	if (status == 0 || (status < 0 && task->error.code != FLP_ERROR_BAD))
		line->ended = 1;
	if (status != 0) {
		task->ticket = line->taken++;
		memcpy(task->place, line->in->place, sizeof task->place);
	}
	pthread_mutex_unlock(&line->lock);
	task->status = status;
	return status != 0;
}

static int
describe(const struct flp_local *local, const struct flp_dataset *set,
    const struct flp_train_result *result, struct flp_header *h, struct flp_error *e)
{
	const struct flp_meta *theirs = &set->record.header.meta;
	char base[FLP_ID_TEXT];
	const char *client;
	size_t n;

	/* What the model says of who made it is not so of what is made here. */
	flp_meta_drop_made(&h->meta);
	flp_id_text(&local->model->record.id, base);
	client = flp_meta_get(theirs, "client", &n);
	if ((client != NULL && flp_meta_set(&h->meta, "client", client, n, e) < 0) ||
	    flp_meta_set_text(&h->meta, "base", base, e) < 0 ||
	    flp_meta_set_u64(&h->meta, "examples", set->n, e) < 0 ||
	    flp_meta_set_u64(&h->meta, "round", local->model->round, e) < 0)
		return -1;
	return flp_meta_set_u64(&h->meta, "steps", result->steps, e);
}

/* The record of what was learnt: the model with other parameters, or the
 * parameters alone as an update. */
static int
make(const struct flp_local *local, const struct flp_dataset *set, struct task *task,
    float *params, struct flp_error *e)
{
	const struct flp_model *m = local->model;
	struct flp_header h;
	int status = -1;
	size_t where;

	if (local->update)
		flp_header_init(&h, FLP_KIND_UPDATE);
	else if (flp_header_copy(&h, &m->record.header, e) < 0)
		return -1;
	for (size_t i = 0; local->update && i < m->arch.tensors; i++) {
		struct flp_arch_tensor t;

		flp_arch_tensor(&m->arch, i, &t);
		if (flp_header_add(&h, t.name, FLP_DTYPE_F32, t.rank, t.dims, e) < 0)
			goto done;
	}
	h.privacy = FLP_PRIVACY_RAW; /* whatever the model's: these have seen rows */
	if (describe(local, set, &task->result, &h, e) < 0 || flp_record_new(&task->made, &h, e) < 0)
		goto done;
	for (size_t i = 0; !local->update && i < h.tensors; i++)
		memcpy(task->made.values[i], m->record.values[i], h.tensor[i].bytes);
	for (size_t i = 0; local->update && i < m->arch.parameters; i++)
		params[i] -= m->params[i];
	if (!flp_dtype_finite(params, FLP_DTYPE_F32, m->arch.parameters, &where)) {
		flp_error_bad(e, "training: the update is not finite");
		goto done;
	}
	flp_model_put(&task->made, &m->arch, params);
	status = 0;
done:
	flp_header_free(&h);
	return status;
}

/* A client's number for the order of its batches: a hash of its name, 0 for
 * none. */
static uint64_t
client_number(const struct flp_dataset *set)
{
	size_t n;
	const char *client = flp_meta_get(&set->record.header.meta, "client", &n);

	return client == NULL ? 0 : XXH3_64bits(client, n);
}

static int
train(const struct flp_local *local, struct flp_trainer *trainer, float *params,
    struct task *task)
{
	const struct flp_model *m = local->model;
	struct flp_error *e = &task->error;
	struct flp_dataset set;
	struct flp_view view;
	double *owned;
	int status = -1;

	if (flp_dataset_from(&set, &task->record, e) < 0)
		return -1;
	if (flp_model_view(m, &set, &view, &owned, e) == 0) {
		memcpy(params, m->params, m->arch.parameters * sizeof *params);
		status = flp_trainer_run(trainer, params, &view, m->round, client_number(&set),
		    &task->result, e);
		if (status == 0)
			status = make(local, &set, task, params, e);
		free(owned);
	}
	flp_dataset_free(&set);
	return status;
}

/* Waits for the task's turn, then writes its result or says what became of
 * it. */
static void
hand_in(struct line *line, struct task *task)
{
	const struct flp_local *local = line->local;

	pthread_mutex_lock(&line->lock);
	while (line->written != task->ticket)
		pthread_cond_wait(&line->moved, &line->lock);
	if (!line->failed && task->status >= 0 &&
	    flp_record_write(&task->made, line->writer, &task->error) < 0) {
		task->status = -1;
		task->error.code = FLP_ERROR_SYSTEM;
	}
	if (!line->failed && task->status < 0 && task->error.code != FLP_ERROR_BAD) {
		line->failed = line->ended = 1;
		line->error = task->error;
	} else if (!line->failed) {
		line->bad += task->status < 0;
		local->told(local->context, task->place, task->status < 0 ? NULL :
		    &task->result, &task->error);
	}
	line->written++;
	pthread_cond_broadcast(&line->moved);
	pthread_mutex_unlock(&line->lock);
}

static void *
work(void *argument)
{
	struct line *line = argument;
	const struct flp_local *local = line->local;
	struct flp_error e;
	struct flp_trainer *trainer = flp_trainer_new(&local->model->arch, &local->options, &e);
	float *params = flp_memory_new(local->model->arch.parameters, sizeof *params, &e);
	struct task task;

	while (take(line, &task)) {
		if (trainer == NULL || params == NULL) {
			task.status = -1;
			task.error = e;
		} else if (task.status > 0 && train(local, trainer, params, &task) < 0) {
			flp_error_at(&task.error, "%s", task.place);
			task.status = -1;
		}
		hand_in(line, &task);
		flp_record_free(&task.record);
		flp_record_free(&task.made);
	}
	flp_trainer_free(trainer);
	free(params);
	return NULL;
}

/* The calling thread is the first worker. Where a thread can't be had, there
 * are fewer. */
static void
work_all(struct line *line, size_t threads)
{
	pthread_t *thread = calloc(threads, sizeof *thread);
	size_t n = 0;

	while (thread != NULL && n + 1 < threads &&
	    pthread_create(&thread[n], NULL, work, line) == 0)
		n++;
	work(line);
	while (n > 0)
		pthread_join(thread[--n], NULL);
	free(thread);
}

int
flp_local_train(const struct flp_local *local, struct flp_inputs *in, struct flp_out *out,
    uint64_t *bad, struct flp_error *e)
{
	struct line line = { .local = local, .in = in };

	if ((line.writer = flp_writer_new(out, e)) == NULL)
		return -1;
	in->some = 1;
	pthread_mutex_init(&line.lock, NULL);
	pthread_cond_init(&line.moved, NULL);
	work_all(&line, local->threads < FLP_LOCAL_THREADS ? (size_t)local->threads :
	    FLP_LOCAL_THREADS);
	pthread_cond_destroy(&line.moved);
	pthread_mutex_destroy(&line.lock);
	flp_writer_free(line.writer);
	*bad = line.bad;
	if (line.failed)
		*e = line.error;
	return line.failed ? -1 : 0;
}

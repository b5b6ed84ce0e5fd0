#include "model/local.h"
#include "base/dtype.h"
#include "base/memory.h"
#include "base/text.h"
#include "learn/spread.h"
#include "loop/queue.h"
#include "model/update.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* A run: what its workers share. */
struct run {
	struct flp_local *local;
	struct flp_inputs *in;
	struct flp_writer *writer;
	int told; /* 1: it was told that columns need a scaling */
};

/* A data set and its result. A bad data set has its own error, which does not end the run. */
struct task {
	char place[FLP_INPUTS_PLACE];
	struct flp_record record;
	struct flp_unscaled unscaled; /* factor 0: they do not need a scaling */
	struct flp_train_result result;
	struct flp_record made;
	int bad;
	struct flp_error error;
};

/* What a worker trains with. */
struct worker {
	struct flp_trainer *trainer;
	float *params;
};

/* Notes an error that the data set itself has caused. Any other error is returned; under `strict`
 * every error is. */
static int
fault(const struct run *run, struct task *task, const struct flp_error *e)
{
	if (run->local->bad.strict || e->code != FLP_ERROR_BAD)
		return -1;
	task->bad = 1;
	task->error = *e;
	return 0;
}

static int
take(void *context, void *taken, struct flp_error *e)
{
	struct run *run = context;
	struct task *task = taken;
	int status = flp_inputs_record(run->in, &task->record, e);

	memcpy(task->place, run->in->place, sizeof task->place);
	if (status >= 0)
		return status;
	return flp_inputs_leave(run->in, e) < 0 || fault(run, task, e) < 0 ? -1 : 1;
}

/* Makes the header of the update, or of the model with new parameters. */
static int
make_header(const struct flp_local *local, const struct flp_dataset *set, uint64_t steps,
    struct flp_header *h, struct flp_error *e)
{
	const struct flp_header *model = &local->model->record.header;

	if ((local->update ? flp_update_header : flp_update_params)(h, model, local->base,
	    e) < 0)
		return -1;
	h->privacy = FLP_PRIVACY_RAW; /* whatever the model's is: these values were learnt from rows */
	if (flp_update_made(&h->meta, &set->record.header.meta, set->n, steps, e) == 0 &&
	    flp_meta_set_u64(&h->meta, "round", local->model->round, e) == 0)
		return 0;
	flp_header_free(h);
	return -1;
}

/* Makes the record of what was learnt: the model with new parameters, or an update. */
static int
make(const struct flp_local *local, const struct flp_dataset *set, struct task *task,
    float *params, struct flp_error *e)
{
	const struct flp_model *m = local->model;
	struct flp_header h;
	int status = -1;
	size_t where;

	if (make_header(local, set, task->result.steps, &h, e) < 0)
		return -1;
	if (flp_record_new(&task->made, &h, e) < 0)
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

/* A client's number, on which the order of its batches depends: a hash of its name, or 0 if it has
 * none. */
static uint64_t
client_number(const struct flp_dataset *set)
{
	size_t n;
	const char *client = flp_meta_get(&set->record.header.meta, "client", &n);

	return client == NULL ? 0 : XXH3_64bits(client, n);
}

static void
name_column(char *to, size_t room, const struct flp_texts *names, size_t i)
{
	if (i < names->n)
		flp_text_escape(to, room, flp_texts_get(names, i), strlen(flp_texts_get(names, i)));
	else
		snprintf(to, room, "column %zu", i + 1);
}

/* Whether the columns need a scaling, if somebody is to be told. */
static int
check_scaling(const struct flp_local *local, const struct flp_dataset *set,
    const struct flp_view *view, struct flp_unscaled *found, struct flp_error *e)
{
	struct flp_spread spread;

	if (local->unscaled == NULL || view->center != NULL)
		return 0;
	if (flp_spread_find(&spread, view, e) < 0)
		return -1;
	if (spread.factor <= FLP_LOCAL_FACTOR)
		return 0;
	found->factor = spread.factor;
	name_column(found->wide, sizeof found->wide, &set->feature_names, spread.wide);
	name_column(found->narrow, sizeof found->narrow, &set->feature_names, spread.narrow);
	return 0;
}

static int
train(const struct flp_local *local, struct worker *w, struct task *task, struct flp_error *e)
{
	const struct flp_model *m = local->model;
	struct flp_dataset set;
	struct flp_view view;
	double *owned;
	int status = -1;

	if (flp_dataset_from(&set, &task->record, e) < 0)
		return -1;
	if (flp_site_rows(local->site, set.n, e) == 0 &&
	    flp_model_view(m, &set, &view, &owned, e) == 0) {
		memcpy(w->params, m->params, m->arch.parameters * sizeof *w->params);
		status = check_scaling(local, &set, &view, &task->unscaled, e);
		if (status == 0)
			status = flp_trainer_run(w->trainer, w->params, &view, m->round,
			    client_number(&set), &task->result, e);
		if (status == 0)
			status = make(local, &set, task, w->params, e);
		free(owned);
	}
	flp_dataset_free(&set);
	return status;
}

static int
work(void *context, void *worker, void *taken, struct flp_error *e)
{
	struct run *run = context;
	struct task *task = taken;

	if (task->bad || train(run->local, worker, task, e) == 0)
		return 0;
	flp_error_at(e, "%s", task->place);
	return fault(run, task, e);
}

/* Writes the result of a data set, or reports its error. */
static int
give(void *context, void *taken, struct flp_error *e)
{
	struct run *run = context;
	struct flp_local *local = run->local;
	struct task *task = taken;

	if (task->unscaled.factor > 0 && !run->told++)
		local->unscaled(local->context, task->place, &task->unscaled);
	if (task->bad)
		return flp_bad_left_out(&local->bad, &task->error);
	if (flp_record_write(&task->made, run->writer, e) < 0) {
		e->code = FLP_ERROR_SYSTEM;
		return -1;
	}
	local->trained(local->context, task->place, &task->result);
	return 0;
}

static void
drop(void *taken)
{
	struct task *task = taken;

	flp_record_free(&task->record);
	flp_record_free(&task->made);
}

static void
dismiss(void *worker)
{
	struct worker *w = worker;

	flp_trainer_free(w->trainer);
	free(w->params);
	free(w);
}

static void *
hire(void *context, struct flp_error *e)
{
	const struct flp_local *local = ((struct run *)context)->local;
	struct worker *w = flp_memory_new(1, sizeof *w, e);

	if (w == NULL)
		return NULL;
	w->trainer = flp_trainer_new(&local->model->arch, &local->options, e);
	w->params = w->trainer == NULL ? NULL :
	    flp_memory_new(local->model->arch.parameters, sizeof *w->params, e);
	if (w->params != NULL)
		return w;
	dismiss(w);
	return NULL;
}

int
flp_local_train(struct flp_local *local, struct flp_inputs *in, struct flp_out *out,
    struct flp_error *e)
{
	struct run run = { .local = local, .in = in };
	const struct flp_queue queue = { .context = &run, .task_size = sizeof(struct task),
		.hire = hire, .dismiss = dismiss, .take = take, .work = work, .give = give,
		.drop = drop };
	int status;

	if ((run.writer = flp_writer_new(out, e)) == NULL)
		return -1;
	in->some = 1;
	status = flp_queue_run(&queue, local->threads < FLP_LOCAL_THREADS ?
	    (unsigned)local->threads : FLP_LOCAL_THREADS, e);
	flp_writer_free(run.writer);
	return status;
}

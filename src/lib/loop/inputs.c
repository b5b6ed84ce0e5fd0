#include "loop/inputs.h"
#include "format/called.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void
flp_inputs_init(struct flp_inputs *inputs, char **paths)
{
	memset(inputs, 0, sizeof *inputs);
	inputs->path = paths;
	while (paths[inputs->files] != NULL)
		inputs->files++;
	inputs->in.fd = -1;
}

void
flp_inputs_close(struct flp_inputs *inputs)
{
	flp_reader_free(inputs->reader);
	inputs->reader = NULL;
	flp_in_close(&inputs->in);
}

static void
set_place(struct flp_inputs *inputs, const char *path)
{
	uint64_t number = inputs->reader ? flp_reader_number(inputs->reader) : 0;

	path = flp_in_name(path);
	if (number > 1)
		snprintf(inputs->place, sizeof inputs->place, "%s: record %llu", path,
		    (unsigned long long)number);
	else
		snprintf(inputs->place, sizeof inputs->place, "%s", path);
}

/* Checks that the current file is what it was before the second reading. */
static int
check_same(const struct flp_inputs *inputs, struct flp_error *e)
{
	struct stat now;

	if (fstat(inputs->in.fd, &now) < 0)
		return flp_error_system(e, errno, "stat");
	if (now.st_size == inputs->before.st_size &&
	    now.st_mtim.tv_sec == inputs->before.st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == inputs->before.st_mtim.tv_nsec)
		return 0;
	return flp_in_changed(e);
}

int
flp_inputs_at(const struct flp_inputs *inputs, struct flp_error *e)
{
	struct flp_error other;

	/* The first reading found it good. */
	if (inputs->again && e->code == FLP_ERROR_BAD && check_same(inputs, &other) < 0)
		*e = other;
	return *inputs->place != '\0' ? flp_error_at(e, "%s", inputs->place) : -1; /* no file */
}

static int
open_reader(struct flp_inputs *inputs, struct flp_error *e)
{
	if ((inputs->reader = flp_reader_new(&inputs->in, e)) == NULL)
		return -1;
	if (inputs->nonfinite)
		flp_reader_allow_nonfinite(inputs->reader);
	return inputs->digest ? flp_reader_compute_digest(inputs->reader, e) : 0;
}

static int
open_next(struct flp_inputs *inputs, struct flp_error *e)
{
	const char *path = *inputs->path++;

	if (inputs->tell_files != NULL)
		inputs->tell_files(inputs->opened, inputs->files);
	inputs->opened++;
	flp_inputs_close(inputs);
	inputs->again = 0;
	set_place(inputs, path);
	if (flp_in_open(&inputs->in, path, e) < 0)
		return -1;
	inputs->in.may_be_empty = 1; /* end_file decides */
	if (inputs->twice && flp_in_spool(&inputs->in, e) < 0)
		return -1;
	if (inputs->twice && fstat(inputs->in.fd, &inputs->before) < 0)
		return flp_error_system(e, errno, "stat");
	return open_reader(inputs, e);
}

int
flp_inputs_take(struct flp_inputs *inputs, struct flp_in *in, char **paths,
    struct flp_error *e)
{
	flp_inputs_init(inputs, paths);
	inputs->in = *in;
	set_place(inputs, *inputs->path++);
	return open_reader(inputs, e) < 0 ? flp_inputs_at(inputs, e) : 0;
}

int
flp_inputs_rewind(struct flp_inputs *inputs, struct flp_error *e)
{
	flp_reader_free(inputs->reader);
	inputs->reader = NULL;
	inputs->again = 1;
	set_place(inputs, inputs->path[-1]);
	if (flp_in_seek(&inputs->in, 0, e) < 0 || open_reader(inputs, e) < 0)
		return flp_inputs_at(inputs, e);
	return 0;
}

int
flp_inputs_finish(struct flp_inputs *inputs, struct flp_id *id, struct flp_error *e)
{
	return flp_reader_finish(inputs->reader, id, e) < 0 ? flp_inputs_at(inputs, e) : 0;
}

/* Ends the current file. */
static int
end_file(struct flp_inputs *inputs, struct flp_error *e)
{
	if (inputs->twice && check_same(inputs, e) < 0)
		return -1;
	if (!inputs->some || flp_reader_number(inputs->reader) > 0)
		return 0;
	flp_inputs_close(inputs);
	return flp_in_nothing(inputs->path[-1], "a record", e);
}

int
flp_inputs_next(struct flp_inputs *inputs, const struct flp_header **h, struct flp_error *e)
{
	int status = 0;

	if (inputs->some && inputs->place[0] == '\0' && *inputs->path == NULL) {
		inputs->some = 0; /* once */
		return flp_error_bad(e, "expected a record, found nothing");
	}
	if (inputs->reader != NULL && flp_reader_spent(inputs->reader))
		flp_inputs_close(inputs);
	do {
		if (inputs->reader != NULL) {
			status = flp_reader_next(inputs->reader, h, e);
			set_place(inputs, inputs->path[-1]);
			if (status == 0)
				status = end_file(inputs, e);
		}
	} while (status == 0 && *inputs->path != NULL && (status = open_next(inputs, e)) == 0);
	if (status == 0 && inputs->tell_files != NULL)
		inputs->tell_files(inputs->files, inputs->files);
	return status < 0 ? flp_inputs_at(inputs, e) : status;
}

int
flp_inputs_leave(struct flp_inputs *inputs, struct flp_error *e)
{
	struct flp_error other;
	size_t more = 0;
	char byte;
	int found;

	if (e->code != FLP_ERROR_BAD)
		return -1;
	if (inputs->reader == NULL)
		return 0;
	found = flp_reader_leave(inputs->reader, &other);
	if (found == 0)
		found = flp_in_read(&inputs->in, &byte, 1, &more, &other);
	if (found < 0) {
		*e = other;
		return flp_inputs_at(inputs, e);
	}
	if (more > 0)
		flp_error_add(e, "nothing after it in this input is read");
	return 0;
}

int
flp_inputs_record(struct flp_inputs *inputs, struct flp_record *rec, struct flp_error *e)
{
	const struct flp_header *h;
	int status = flp_inputs_next(inputs, &h, e);

	memset(rec, 0, sizeof *rec);
	if (status <= 0)
		return status;
	if (flp_record_load(rec, inputs->reader, h, e) < 0)
		return flp_inputs_at(inputs, e);
	return 1;
}

int
flp_inputs_last(struct flp_inputs *inputs, struct flp_error *e)
{
	return flp_in_ended(&inputs->in, e);
}

int
flp_inputs_one(struct flp_inputs *inputs, const struct flp_header **h, struct flp_error *e)
{
	inputs->some = 1;
	return flp_inputs_next(inputs, h, e) < 0 ? -1 : 0;
}

int
flp_inputs_none(struct flp_inputs *inputs, struct flp_error *e)
{
	const struct flp_header *h;
	int more = flp_inputs_next(inputs, &h, e);

	if (more <= 0)
		return more;
	flp_error_bad(e, "expected one record, found more%s", h->kind == FLP_KIND_UPDATE ?
	    " (fl-aggregate makes one of many)" : h->kind == FLP_KIND_STATS ?
	    " (fl-aggregate --sum makes one of many)" : "");
	return flp_inputs_at(inputs, e);
}

/* Opens the one file and goes to its first record. `called` is NULL, or what the record is called
 * that is expected. */
static int
begin_one(struct flp_inputs *inputs, char *paths[2], int digest, enum flp_kind kind,
    const char *called, const struct flp_header **h, struct flp_error *e)
{
	flp_inputs_init(inputs, paths);
	if (digest && !flp_kind_digested(kind))
		return flp_error_misuse(e, "kind %d has no digest", (int)kind);
	inputs->digest = digest;
	if (flp_inputs_one(inputs, h, e) < 0)
		return -1;
	if (kind == 0 || (*h)->kind == kind)
		return 0;
	flp_error_bad(e, "expected %s%s, found %s", called != NULL ? "" : "a record of kind ",
	    called != NULL ? called : flp_kind_name(kind), flp_called(*h));
	return flp_inputs_at(inputs, e);
}

/* After that record is finished. */
static int
end_one(struct flp_inputs *inputs, struct flp_digest *digest, struct flp_error *e)
{
	if (digest != NULL)
		*digest = *flp_reader_digest(inputs->reader);
	return flp_inputs_none(inputs, e);
}

static int
load_one(struct flp_record *rec, struct flp_digest *digest, const char *path, enum flp_kind kind,
    const char *called, struct flp_error *e)
{
	char *paths[] = { (char *)path, NULL };
	struct flp_inputs inputs;
	const struct flp_header *h;
	int status;

	memset(rec, 0, sizeof *rec);
	status = begin_one(&inputs, paths, digest != NULL, kind, called, &h, e);
	if (status == 0 && (status = flp_record_load(rec, inputs.reader, h, e)) < 0)
		flp_inputs_at(&inputs, e);
	if (status == 0 && (status = end_one(&inputs, digest, e)) < 0)
		flp_record_free(rec);
	flp_inputs_close(&inputs);
	return status;
}

int
flp_inputs_load(struct flp_record *rec, struct flp_digest *digest, const char *path,
    enum flp_kind kind, struct flp_error *e)
{
	return load_one(rec, digest, path, kind, NULL, e);
}

int
flp_inputs_load_called(struct flp_record *rec, const char *path, enum flp_kind kind,
    const char *called, struct flp_error *e)
{
	return load_one(rec, NULL, path, kind, called, e);
}

int
flp_inputs_load_header(struct flp_header *to, struct flp_digest *digest, const char *path,
    enum flp_kind kind, struct flp_error *e)
{
	char *paths[] = { (char *)path, NULL };
	struct flp_inputs inputs;
	const struct flp_header *h;
	struct flp_id id;
	int status;

	flp_header_init(to, kind);
	status = begin_one(&inputs, paths, digest != NULL, kind, NULL, &h, e);
	/* Its metadata are whole once the footer was read. */
	if (status == 0 && (status = flp_inputs_finish(&inputs, &id, e)) == 0 &&
	    (status = flp_header_copy(to, h, e)) == 0 &&
	    (status = end_one(&inputs, digest, e)) < 0)
		flp_header_free(to);
	flp_inputs_close(&inputs);
	return status;
}

#include "rule/report.h"
#include "base/memory.h"
#include "base/out.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct flp_report_row {
	char *place, *reason, *client; /* NULL: not known, or does not apply */
	int known;       /* 1: the id is known */
	uint64_t weight; /* 0 where it is not known */
	double norm; /* less than 0 where it is not known */
	struct flp_id id;
};

void
flp_report_free(struct flp_report *report)
{
	for (size_t i = 0; i < report->n; i++) {
		free(report->row[i].place);
		free(report->row[i].reason);
		free(report->row[i].client);
	}
	free(report->row);
	report->row = NULL;
	report->n = report->room = 0;
}

static char *
copy(const char *text, struct flp_error *e)
{
	return flp_memory_text(text, strlen(text), e);
}

/* The norm of a record's floats; -1 if its kind does not have one, or it was not computed. */
static double
norm_of(const struct flp_entry *entry)
{
	int has = entry->kind != FLP_KIND_STATS && entry->kind != FLP_KIND_PARTIAL;

	return has && entry->normed ? flp_norm_value(&entry->norm) : -1;
}

/* Adds a row at the end. Returns NULL on error. */
static struct flp_report_row *
new_row(struct flp_report *report, const char *place, const struct flp_entry *entry,
    struct flp_error *e)
{
	static const struct flp_id none;
	struct flp_report_row *row;

	if (flp_memory_grow(&report->row, &report->room, report->n + 1, sizeof *report->row, e) < 0)
		return NULL;
	row = &report->row[report->n];
	memset(row, 0, sizeof *row);
	row->norm = -1;
	if ((row->place = copy(place, e)) == NULL)
		return NULL;
	report->n++;
	if (entry != NULL) {
		row->known = memcmp(&entry->id, &none, sizeof none) != 0;
		row->weight = entry->weight;
		row->id = entry->id;
		if (entry->client != NULL && (row->client = copy(entry->client, e)) == NULL)
			return NULL;
	}
	return row;
}

int
flp_report_add(struct flp_report *report, const struct flp_entry *entry, size_t *index,
    struct flp_error *e)
{
	char place[FLP_ENTRY_PLACE];

	if (report->path == NULL)
		return 0;
	flp_entry_place(entry, place);
	*index = report->n;
	return new_row(report, place, entry, e) == NULL ? -1 : 0;
}

int
flp_report_bad(struct flp_report *report, const char *place, const char *reason,
    const struct flp_entry *entry, struct flp_error *e)
{
	struct flp_report_row *row;

	if (report->path == NULL)
		return 0;
	if ((row = new_row(report, place, entry, e)) == NULL)
		return -1;
	if (entry != NULL)
		row->norm = norm_of(entry);
	return (row->reason = copy(reason, e)) == NULL ? -1 : 0;
}

int
flp_report_leave_out(struct flp_report *report, size_t index, const char *reason,
    struct flp_error *e)
{
	if (report->path == NULL)
		return 0;
	if (index >= report->n)
		return flp_error_misuse(e, "no row %zu in the report", index);
	free(report->row[index].reason);
	return (report->row[index].reason = copy(reason, e)) == NULL ? -1 : 0;
}

void
flp_report_norm(struct flp_report *report, const struct flp_entry *entry)
{
	if (report->path != NULL && entry->row < report->n)
		report->row[entry->row].norm = norm_of(entry);
}

/* Writes a field, or "-" for NULL, and the character after it. */
static int
write_field(struct flp_out *out, const char *text, char end, struct flp_error *e)
{
	size_t n = text != NULL ? strlen(text) : 0;
	char *shown = flp_memory_new(4 * n + 2, 1, e);
	int status;

	if (shown == NULL)
		return -1;
	flp_text_escape(shown, 4 * n + 2, n > 0 ? text : "-", n > 0 ? n : 1);
	n = strlen(shown);
	shown[n] = end;
	status = flp_out_write(out, shown, n + 1, e);
	free(shown);
	return status;
}

static int
write_row(struct flp_out *out, const struct flp_report_row *row, int taken, struct flp_error *e)
{
	char weight[24] = "-", norm[32] = "-", id[FLP_ID_TEXT] = "-";
	const char *verdict = row->reason != NULL ? "left-out" : taken ? "taken" : "unused";
	const char *field[] = { row->place, verdict, row->reason, row->client, weight, norm, id };
	size_t n = sizeof field / sizeof *field;

	if (row->known)
		flp_id_text(&row->id, id);
	if (row->weight > 0)
		snprintf(weight, sizeof weight, "%llu", (unsigned long long)row->weight);
	if (row->norm >= 0)
		snprintf(norm, sizeof norm, "%.9g", row->norm);
	for (size_t i = 0; i < n; i++)
		if (write_field(out, field[i], i + 1 < n ? '\t' : '\n', e) < 0)
			return -1;
	return 0;
}

int
flp_report_write(const struct flp_report *report, int taken, struct flp_out *out,
    struct flp_error *e)
{
	static const char titles[] = "place\tverdict\treason\tclient\tweight\tnorm\tid\n";
	int status;

	if (flp_out_create(out, report->path, e) < 0)
		return -1;
	status = flp_out_write(out, titles, sizeof titles - 1, e);
	for (size_t i = 0; status == 0 && i < report->n; i++)
		status = write_row(out, &report->row[i], taken, e);
	if (status == 0)
		return flp_out_close(out, 0, e);
	flp_out_discard(out);
	return -1;
}

#include "data/rows.h"
#include "base/in.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK ((size_t)16 << 10) /* values of x written at once, where rows are short */

const char *
flp_target_name(unsigned target)
{
	static const char *const names[] = { "", "class", "number" };

	return target < sizeof names / sizeof *names ? names[target] : NULL;
}

static int
make_header(struct flp_header *h, const struct flp_frame *f, struct flp_error *e)
{
	const uint64_t x[2] = { f->n, f->d };
	enum flp_dtype y = f->target == FLP_TARGET_CLASS ? FLP_DTYPE_U32 : FLP_DTYPE_F32;

	flp_header_init(h, FLP_KIND_DATA);
	if (f->client != NULL && flp_meta_set_text(&h->meta, "client", f->client, e) < 0)
		return -1;
	if (flp_header_add(h, "x", f->dtype, 2, x, e) < 0)
		return -1;
	if (f->target != FLP_TARGET_NONE && flp_header_add(h, "y", y, 1, x, e) < 0)
		return -1;
	if (f->grouped && flp_header_add(h, "group", FLP_DTYPE_U32, 1, x, e) < 0)
		return -1;
	if (f->missing && flp_header_add(h, "missing", FLP_DTYPE_U8, 2, x, e) < 0)
		return -1;
	return flp_description_add(h, &f->description, e);
}

int
flp_rows_begin(struct flp_rows *rows, const struct flp_frame *frame, struct flp_out *out,
    struct flp_error *e)
{
	struct flp_header h;
	int status;

	memset(rows, 0, sizeof *rows);
	rows->frame = frame;
	rows->x_left = frame->n * frame->d * flp_dtype_size(frame->dtype);
	rows->y.fd = rows->group.fd = rows->missing.fd = -1;
	if ((rows->writer = flp_writer_new(out, e)) == NULL)
		return -1;
	status = make_header(&h, frame, e);
	if (status == 0)
		status = flp_writer_begin(rows->writer, &h, e);
	flp_header_free(&h);
	if (status == 0 && frame->target != FLP_TARGET_NONE)
		status = flp_out_temporary(&rows->y, e);
	if (status == 0 && frame->grouped)
		status = flp_out_temporary(&rows->group, e);
	if (status == 0 && frame->missing)
		status = flp_out_temporary(&rows->missing, e);
	return status;
}

void
flp_rows_free(struct flp_rows *rows)
{
	flp_writer_free(rows->writer);
	rows->writer = NULL;
	free(rows->block);
	rows->block = NULL;
	flp_out_discard(&rows->y);
	flp_out_discard(&rows->group);
	flp_out_discard(&rows->missing);
}

int
flp_rows_x(struct flp_rows *rows, const void *x, size_t bytes, struct flp_error *e)
{
	if (bytes > rows->x_left)
		return flp_in_changed(e);
	rows->x_left -= bytes;
	return flp_writer_values(rows->writer, x, bytes, e);
}

static int
flush_rows(struct flp_rows *rows, struct flp_error *e)
{
	size_t bytes = rows->n * (size_t)rows->frame->d * sizeof *rows->block;

	rows->n = 0;
	return flp_rows_x(rows, rows->block, bytes, e);
}

int
flp_rows_row(struct flp_rows *rows, float **x, struct flp_error *e)
{
	size_t d = (size_t)rows->frame->d;

	if (rows->block == NULL) {
		rows->room = d < BLOCK ? BLOCK / d : 1;
		rows->block = flp_memory_new(rows->room * d, sizeof *rows->block, e);
		if (rows->block == NULL)
			return -1;
	}
	if (rows->n == rows->room && flush_rows(rows, e) < 0)
		return -1;
	*x = memset(rows->block + rows->n++ * d, 0, d * sizeof **x);
	return 0;
}

int
flp_rows_y(struct flp_rows *rows, const void *y, size_t n, struct flp_error *e)
{
	return flp_out_write(&rows->y, y, n * sizeof(uint32_t), e);
}

int
flp_rows_group(struct flp_rows *rows, const uint32_t *group, size_t n, struct flp_error *e)
{
	return flp_out_write(&rows->group, group, n * sizeof *group, e);
}

int
flp_rows_missing(struct flp_rows *rows, const uint8_t *missing, struct flp_error *e)
{
	return flp_out_write(&rows->missing, missing, (size_t)rows->frame->d, e);
}

/* What waited in a temporary file, of so many bytes a row, follows x. */
static int
write_rest(struct flp_rows *rows, struct flp_out *from, uint64_t bytes, struct flp_error *e)
{
	struct flp_in in;
	const unsigned char *block;
	size_t n;
	int status = -1;

	if (from->offset != rows->frame->n * bytes)
		return flp_in_changed(e);
	if (flp_in_temporary(&in, from, e) < 0)
		return -1;
	do {
		if (flp_in_buffered(&in, &block, &n, e) < 0 ||
		    flp_writer_values(rows->writer, block, n, e) < 0)
			goto done;
	} while (n > 0);
	status = 0;
done:
	flp_in_close(&in);
	return status;
}

int
flp_rows_end(struct flp_rows *rows, struct flp_error *e)
{
	const struct flp_frame *f = rows->frame;

	if (flush_rows(rows, e) < 0)
		return -1;
	if (rows->x_left > 0)
		return flp_in_changed(e);
	if (f->target != FLP_TARGET_NONE && write_rest(rows, &rows->y, sizeof(uint32_t), e) < 0)
		return -1;
	if (f->grouped && write_rest(rows, &rows->group, sizeof(uint32_t), e) < 0)
		return -1;
	if (f->missing && write_rest(rows, &rows->missing, f->d, e) < 0)
		return -1;
	if (flp_description_write(rows->writer, &f->description, e) < 0)
		return -1;
	return flp_writer_end(rows->writer, NULL, NULL, e);
}

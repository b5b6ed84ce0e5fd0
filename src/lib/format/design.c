#include "format/design.h"
#include "base/memory.h"
#include "format/bytes.h"
#include "format/designer.h"

#include <stdlib.h>
#include <string.h>

struct flp_designer {
	struct flp_digester *digester;
	struct flp_sink *sink; /* its own */
};

struct flp_designer *
flp_designer_new(struct flp_error *e)
{
	struct flp_designer *d = flp_memory_new(1, sizeof *d, e);

	if (d == NULL)
		return NULL;
	if ((d->digester = flp_digester_new(e)) == NULL) {
		free(d);
		return NULL;
	}
	d->sink = flp_digester_sink(d->digester);
	return d;
}

void
flp_designer_free(struct flp_designer *d)
{
	if (d != NULL)
		flp_digester_free(d->digester);
	free(d);
}

void
flp_designer_begin(struct flp_designer *d, const struct flp_header *h)
{
	unsigned char prefix[6] = { FLP_KIND_PARAMS, FLP_PRIVACY_PUBLIC };
	unsigned char row[FLP_TENSOR_ROW];
	uint32_t tensors = 0;

	for (size_t i = 0; i < h->tensors; i++)
		tensors += (uint32_t)flp_tensor_describes(&h->tensor[i]);
	flp_bytes_put_u32(prefix + 2, tensors);
	d->sink->begin(d->sink);
	d->sink->take(d->sink, prefix, sizeof prefix);
	for (size_t i = 0; i < h->tensors; i++)
		if (flp_tensor_describes(&h->tensor[i]))
			d->sink->take(d->sink, row, flp_tensor_row(&h->tensor[i], 0, row));
}

void
flp_designer_values(struct flp_designer *d, const struct flp_tensor *t, const void *values,
    size_t bytes)
{
	if (bytes > 0 && flp_tensor_describes(t))
		d->sink->take(d->sink, values, bytes);
}

static void
take_key(struct flp_designer *d, const char *key, const char *value, size_t n)
{
	d->sink->take(d->sink, key, strlen(key));
	d->sink->take(d->sink, value, n);
	d->sink->take(d->sink, "\n", 1);
}

int
flp_designer_end(struct flp_designer *d, const struct flp_meta *merged,
    struct flp_digest *design)
{
	size_t arch_n, loss_n;
	const char *arch = flp_meta_get(merged, "arch", &arch_n);
	const char *loss = flp_meta_get(merged, "loss", &loss_n);
	unsigned char length[4];

	if (arch == NULL || loss == NULL)
		return 0;
	flp_bytes_put_u32(length, (uint32_t)(strlen("arch=\nloss=\n") + arch_n + loss_n));
	d->sink->take(d->sink, length, sizeof length);
	take_key(d, "arch=", arch, arch_n);
	take_key(d, "loss=", loss, loss_n);
	flp_digester_end(d->digester, design);
	return 1;
}

int
flp_design_record(const struct flp_record *record, struct flp_digest *design,
    struct flp_error *e)
{
	struct flp_designer *d = flp_designer_new(e);
	int status;

	if (d == NULL)
		return -1;
	flp_designer_begin(d, &record->header);
	for (size_t i = 0; i < record->header.tensors; i++)
		flp_designer_values(d, &record->header.tensor[i], record->values[i],
		    record->header.tensor[i].bytes);
	status = flp_designer_end(d, &record->header.meta, design);
	flp_designer_free(d);
	return status;
}

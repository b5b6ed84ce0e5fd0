/* Any metadata and values as an update, and as a masked vector: whatever is masked opens again,
 * and what is opened never breaks anything.
 *
 * The first byte has bits: 1 a masked record and no update, 2 noised and no clipped update, 4 a
 * weight, 8 a vote, 16 a range. Then comes metadata up to an empty line, then values. */
#include "mask/vector.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define must(ok) do { \
	if (!(ok)) \
		abort(); \
} while (0)

enum { VALUES = 5 };

static struct flp_error e;

/* A model of one f32 and one integer tensor. */
static struct flp_record
model(void)
{
	const uint64_t n = VALUES, one = 1;
	struct flp_record rec;
	struct flp_header h;

	flp_header_init(&h, FLP_KIND_PARAMS);
	h.privacy = FLP_PRIVACY_PUBLIC;
	must(flp_header_add(&h, "w", FLP_DTYPE_F32, 1, &n, &e) == 0 &&
	    flp_header_add(&h, "n", FLP_DTYPE_I64, 1, &one, &e) == 0 &&
	    flp_record_new(&rec, &h, &e) == 0);
	flp_header_free(&h);
	return rec;
}

static int
add(struct flp_header *h, int masked, const char *name, enum flp_dtype dtype, uint64_t n)
{
	return flp_header_append(h, name, strlen(name), masked ? FLP_DTYPE_U64 : dtype,
	    masked ? FLP_ENCODING_MODULAR : FLP_ENCODING_DENSE, 1, &n, &e);
}

/* A record of these metadata and values; 0 if the metadata are none. */
static int
make(struct flp_record *to, unsigned bits, const char *text, size_t text_n, const uint8_t *values,
    size_t n)
{
	int masked = bits & 1, made;
	struct flp_header h;

	flp_header_init(&h, masked ? FLP_KIND_MASKED : FLP_KIND_UPDATE);
	h.privacy = masked ? FLP_PRIVACY_MASKED : bits & 16 ? FLP_PRIVACY_RAW :
	    bits & 2 ? FLP_PRIVACY_NOISED : FLP_PRIVACY_CLIPPED;
	must(add(&h, masked, "w", FLP_DTYPE_F32, VALUES) == 0 &&
	    add(&h, masked, "n", FLP_DTYPE_I64, 1) == 0);
	must(!(bits & 8) || add(&h, masked, "clip/below", FLP_DTYPE_I32, 1) == 0);
	must(!(masked && bits & 4) || add(&h, masked, "mask/weight", FLP_DTYPE_U64, 1) == 0);
	made = flp_meta_parse(&h.meta, text, text_n, &e) == 0 && flp_record_new(to, &h, &e) == 0;
	flp_header_free(&h);
	for (size_t i = 0; made && i < to->header.tensors; i++)
		for (size_t k = 0; k < to->header.tensor[i].bytes && n > 0; k++, n--)
			((uint8_t *)to->values[i])[k] = *values++;
	return made;
}

static void
try(struct flp_vector *v, struct flp_record *rec, unsigned bits)
{
	struct flp_record vector, opened;
	size_t where;

	if (!(bits & 1) && !flp_dtype_finite(rec->values[0], FLP_DTYPE_F32, VALUES, &where))
		return; /* no reader lets it pass */
	if (bits & 1) {
		if (flp_vector_check(v, &rec->header, &e) == 0 && flp_vector_open(v, &opened, rec, &e) == 0)
			flp_record_free(&opened);
		return;
	}
	v->range = bits & 16 ? 4 : 0;
	v->grid = 12;
	if (flp_vector_make(v, &vector, rec, &e) < 0)
		return;
	must(flp_vector_open(v, &opened, &vector, &e) == 0);
	flp_record_free(&opened);
	flp_record_free(&vector);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct flp_record of;
	struct flp_vector v = { .clients = 1 };
	const uint8_t *end;
	struct flp_record rec;
	char base[FLP_DIGEST_TEXT];

	if (of.values == NULL)
		of = model();
	v.model = &of;
	must(flp_record_digest(&of, &v.base, &e) == 0);
	if (n == 0 || (end = memmem(p + 1, n - 1, "\n\n", 2)) == NULL)
		return 0;
	v.weight = p[0] & 4 ? 9 : 0;
	if (!make(&rec, p[0], (const char *)p + 1, (size_t)(end - p), end + 2,
	    n - (size_t)(end + 2 - p)))
		return 0;
	flp_digest_text(&v.base, base);
	must(flp_meta_set_text(&rec.header.meta, "base", base, &e) == 0);
	try(&v, &rec, p[0]);
	flp_record_free(&rec);
	return 0;
}

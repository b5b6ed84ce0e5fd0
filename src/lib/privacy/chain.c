#include "privacy/chain.h"
#include "base/memory.h"
#include "format/keys.h"

#include <stdlib.h>
#include <string.h>

void
flp_chain_free(struct flp_chain *chain)
{
	for (size_t i = 0; i < chain->n; i++) {
		flp_meta_free(&chain->model[i].meta);
		free(chain->model[i].place);
	}
	free(chain->model);
	memset(chain, 0, sizeof *chain);
}

/* Takes a record by its header, which includes the footer's keys. */
static int
add_model(struct flp_chain *chain, const char *place, const struct flp_header *h,
    const struct flp_digest *digest, struct flp_error *e)
{
	struct flp_chain_model *model;

	if (h->kind != FLP_KIND_PARAMS)
		return flp_error_bad(e, "expected a model, found %s", flp_kind_name(h->kind));
	if (h->privacy != FLP_PRIVACY_PUBLIC && h->privacy != FLP_PRIVACY_NOISED)
		return flp_error_bad(e, "expected a model that is public or noised, found one that is "
		    "%s: nothing bounds what it gives away", flp_privacy_name(h->privacy));
	if (flp_memory_grow(&chain->model, &chain->room, chain->n + 1, sizeof *model, e) < 0)
		return -1;
	model = &chain->model[chain->n];
	*model = (struct flp_chain_model){ .digest = *digest, .privacy = h->privacy };
	if ((model->place = flp_memory_text(place, strlen(place), e)) == NULL ||
	    flp_meta_copy(&model->meta, &h->meta, e) < 0) {
		free(model->place);
		return -1;
	}
	chain->n++;
	return 0;
}

static int
add_record(void *chain, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	const struct flp_digest *digest;
	struct flp_id id;

	if (flp_inputs_finish(in, &id, e) < 0)
		return -1;
	if ((digest = flp_reader_digest(in->reader)) == NULL)
		return flp_error_bad(e, "expected a model, found %s", flp_kind_name(h->kind));
	return add_model(chain, in->place, h, digest, e);
}

int
flp_chain_read(struct flp_chain *chain, struct flp_inputs *in, struct flp_error *e)
{
	struct flp_bad bad = { .strict = 1 };

	in->digest = 1;
	return flp_each_record(in, &bad, add_record, chain, e);
}

static int
by_digest(const void *a, const void *b)
{
	const struct flp_chain_model *x = a, *y = b;

	return memcmp(x->digest.byte, y->digest.byte, sizeof x->digest.byte);
}

/* Orders models by their release. Models without one come first. */
static int
by_release(const void *a, const void *b)
{
	const struct flp_chain_model *x = a, *y = b;
	size_t n, m, least;
	const char *s = flp_meta_get(&x->meta, "release", &n);
	const char *t = flp_meta_get(&y->meta, "release", &m);
	int order;

	if (s == NULL || t == NULL)
		return (s != NULL) - (t != NULL);
	least = n < m ? n : m;
	order = memcmp(s, t, least);
	return order != 0 ? order : (n > m) - (n < m);
}

/* The models are sorted by digest. */
static int
find_text(const struct flp_chain *chain, const char *digest, size_t n)
{
	size_t low = 0, high = chain->n;
	char text[FLP_DIGEST_TEXT];

	while (low < high && n == sizeof text - 1) {
		size_t at = low + (high - low) / 2;
		int order;

		flp_digest_text(&chain->model[at].digest, text);
		if ((order = memcmp(text, digest, n)) == 0)
			return 1;
		if (order < 0)
			low = at + 1;
		else
			high = at;
	}
	return 0;
}

static int
at(const struct flp_chain_model *model, struct flp_error *e)
{
	return flp_error_at(e, "%s", model->place);
}

/* A model that is given twice counts once. */
static void
drop_copies(struct flp_chain *chain)
{
	size_t kept = 0;

	for (size_t i = 0; i < chain->n; i++) {
		if (kept > 0 && by_digest(&chain->model[kept - 1], &chain->model[i]) == 0) {
			flp_meta_free(&chain->model[i].meta);
			free(chain->model[i].place);
		} else {
			chain->model[kept++] = chain->model[i];
		}
	}
	chain->n = kept;
}

static int
check_bases(const struct flp_chain *chain, struct flp_error *e)
{
	for (size_t i = 0; i < chain->n; i++) {
		const struct flp_chain_model *model = &chain->model[i];
		size_t n;
		const char *base = flp_meta_get(&model->meta, "base", &n);

		if (model->privacy == FLP_PRIVACY_PUBLIC)
			continue;
		if (base == NULL)
			flp_error_bad(e, "metadata: base: expected in a noised model, found nothing");
		else if (!find_text(chain, base, n))
			flp_error_bad(e, "the model before it (base) is not among the files, so what was "
			    "released is not known");
		else
			continue;
		return at(model, e);
	}
	return 0;
}

/* Compares the two descriptions of one release. The key `insecure` may differ: a model has it
 * too if an earlier release of its chain had the noise of a test seed. */
static int
same_noise(const struct flp_meta *want, const struct flp_meta *found, struct flp_error *e)
{
	struct flp_meta copy[2] = { { 0 }, { 0 } };
	int status = -1;

	if (flp_meta_copy(&copy[0], want, e) == 0 && flp_meta_copy(&copy[1], found, e) == 0) {
		flp_meta_drop(&copy[0], "insecure");
		flp_meta_drop(&copy[1], "insecure");
		status = flp_meta_same_keys(&copy[0], &copy[1], FLP_KEY_LEDGER, e);
	}
	flp_meta_free(&copy[0]);
	flp_meta_free(&copy[1]);
	return status;
}

/* Checks that a ledger has a line for the release of a model, with the same keys. */
static int
check_line(const struct flp_chain_model *model, const struct flp_log *ledger,
    struct flp_error *e)
{
	size_t n, base_n;
	const char *release = flp_meta_get(&model->meta, "release", &n);
	const struct flp_meta *line;
	const char *base;

	if (release == NULL)
		return flp_error_bad(e, "metadata: release: expected in a model whose noise is in a "
		    "ledger, found nothing");
	if ((line = flp_log_find(ledger, "release", release, n)) == NULL)
		return flp_error_bad(e, "its release has no line in %s", ledger->file.path);
	if ((base = flp_meta_get(line, "base", &base_n)) == NULL)
		return flp_error_bad(e, "the line of its release has no base");
	if (same_noise(line, &model->meta, e) < 0 ||
	    flp_meta_expect(&model->meta, "base", base, base_n, e) < 0)
		return flp_error_add(e, "that is what its line in the ledger says");
	return 0;
}

/* Adds a model's release, unless the model before it in the order was made from the same one. */
static int
add_release(struct flp_chain *chain, size_t i, struct flp_spending *s, struct flp_error *e)
{
	const struct flp_chain_model *model = &chain->model[i];
	const struct flp_chain_model *last = i > 0 && chain->model[i - 1].privacy ==
	    FLP_PRIVACY_NOISED ? &chain->model[i - 1] : NULL;
	size_t n;
	int central = flp_meta_is(&model->meta, "place", "central");

	if (central && flp_meta_get(&model->meta, "release", &n) == NULL)
		return flp_error_bad(e, "metadata: release: expected in a model with central noise, "
		    "found nothing");
	if (central && last != NULL && by_release(last, model) == 0)
		return same_noise(&last->meta, &model->meta, e);
	return flp_spending_add(s, &model->meta, e);
}

int
flp_chain_spending(struct flp_chain *chain, const struct flp_log *ledger,
    struct flp_spending *s, struct flp_error *e)
{
	if (chain->n > 0)
		qsort(chain->model, chain->n, sizeof *chain->model, by_digest);
	drop_copies(chain);
	if (check_bases(chain, e) < 0)
		return -1;
	if (chain->n > 0)
		qsort(chain->model, chain->n, sizeof *chain->model, by_release);
	for (size_t i = 0; i < chain->n; i++) {
		size_t unused;

		if (chain->model[i].privacy == FLP_PRIVACY_PUBLIC)
			continue;
		s->insecure |= flp_meta_get(&chain->model[i].meta, "insecure", &unused) != NULL;
		if ((ledger != NULL ? check_line(&chain->model[i], ledger, e) :
		    add_release(chain, i, s, e)) < 0)
			return at(&chain->model[i], e);
	}
	return ledger != NULL ? flp_spending_ledger(s, ledger, e) : 0;
}

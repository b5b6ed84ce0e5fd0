#include "data/split.h"
#include "base/memory.h"
#include "base/number.h"
#include "data/order.h"

#include <stdlib.h>
#include <string.h>

static int
parse_shards(struct flp_split *split, const char *text, struct flp_error *e)
{
	if (flp_number_u64(text, strlen(text), &split->shards) < 0 || split->shards < 1 ||
	    split->shards > 1000000)
		return flp_error_usage(e, "shards: expected a whole number from 1 to 1000000, "
		    "found \"%s\"", text);
	return 0;
}

static int
parse_alpha(struct flp_split *split, const char *text, struct flp_error *e)
{
	double alpha;

	if (flp_number_f64(text, strlen(text), &alpha) < 0 || !(alpha >= 0.001 && alpha <= 10000))
		return flp_error_usage(e, "alpha: expected a number from 0.001 to 10000, found \"%s\"",
		    text);
	split->alpha = (uint64_t)(alpha * (double)(1 << FLP_SPLIT_ALPHA_BITS) + 0.5);
	return 0;
}

int
flp_split_parse(struct flp_split *split, const char *text, struct flp_error *e)
{
	static const struct {
		const char *name;
		int (*argument)(struct flp_split *, const char *, struct flp_error *);
	} known[] = {
		[FLP_SPLIT_IID] = { "iid", NULL },
		[FLP_SPLIT_SHARDS] = { "shards", parse_shards },
		[FLP_SPLIT_DIRICHLET] = { "dirichlet", parse_alpha },
		[FLP_SPLIT_QUANTITY] = { "quantity", parse_alpha },
		[FLP_SPLIT_GROUP] = { "group", NULL },
	};
	size_t n = strcspn(text, ":");

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strlen(known[i].name) != n || memcmp(known[i].name, text, n) != 0 ||
		    (text[n] == ':') != (known[i].argument != NULL))
			continue;
		split->by = (enum flp_partition)i;
		return known[i].argument == NULL ? 0 : known[i].argument(split, text + n + 1, e);
	}
	return flp_error_usage(e, "expected iid, shards:K, dirichlet:ALPHA, quantity:ALPHA or "
	    "group, found \"%s\"", text);
}

static int
deal(uint32_t *client, size_t n, size_t clients, struct flp_random *r, struct flp_error *e)
{
	uint32_t *row;

	if (n < clients)
		return flp_error_usage(e, "%zu clients: expected as many rows at least, found fewer",
		    clients);
	if ((row = flp_memory_new(n, sizeof *row, e)) == NULL)
		return -1;
	flp_order_natural(row, n);
	flp_random_shuffle(r, row, n);
	for (size_t i = 0; i < n; i++)
		client[row[i]] = (uint32_t)(i % clients);
	free(row);
	return 0;
}

static int
cut_shards(uint32_t *client, size_t n, const uint32_t *label, size_t labels,
    const struct flp_split *split, struct flp_random *r, struct flp_error *e)
{
	uint64_t shards = split->clients * split->shards;
	uint32_t *row = NULL, *shard = NULL;
	int status = -1;

	if (n < shards)
		return flp_error_usage(e, "%llu shards: expected as many rows at least, found fewer",
		    (unsigned long long)shards);
	if ((row = flp_memory_new(n, sizeof *row, e)) == NULL ||
	    (shard = flp_memory_new(shards, sizeof *shard, e)) == NULL)
		goto out;
	flp_order_natural(row, n);
	flp_random_shuffle(r, row, n);
	if (flp_order_stable(row, n, label, labels, NULL, e) < 0)
		goto out;
	flp_order_natural(shard, shards);
	flp_random_shuffle(r, shard, shards);
	/* n < 2^32 and shards <= n: the products fit. */
	for (size_t s = 0; s < shards; s++)
		for (size_t i = s * n / shards; i < (s + 1) * n / shards; i++)
			client[row[i]] = shard[s] / (uint32_t)split->shards;
	status = 0;
out:
	free(row);
	free(shard);
	return status;
}

/* Polya's urn over the n rows in `row`: it holds alpha units for each client
 * and one whole for each placed row; whose unit is drawn gets the row. Its
 * sequences are exchangeable, so the order of the rows does not matter. */
static void
draw_from_urn(uint32_t *client, const uint32_t *row, size_t n, size_t clients,
    uint64_t alpha, struct flp_random *r)
{
	uint64_t fresh = clients * alpha; /* < 2^62 */

	for (size_t m = 0; m < n; m++) {
		uint64_t unit = flp_random_below(r, fresh + ((uint64_t)m << FLP_SPLIT_ALPHA_BITS));

		client[row[m]] = unit < fresh ? (uint32_t)(unit / alpha) :
		    client[row[(unit - fresh) >> FLP_SPLIT_ALPHA_BITS]];
	}
}

static int
spread(uint32_t *client, size_t n, const uint32_t *label, size_t labels,
    const struct flp_split *split, struct flp_random *r, struct flp_error *e)
{
	uint32_t *row = flp_memory_new(n, sizeof *row, e);
	size_t *start = flp_memory_new(labels + 1, sizeof *start, e);
	int status = -1;

	if (row == NULL || start == NULL)
		goto out;
	flp_order_natural(row, n);
	if (split->by == FLP_SPLIT_QUANTITY) {
		draw_from_urn(client, row, n, split->clients, split->alpha, r);
		status = 0;
		goto out;
	}
	if (flp_order_stable(row, n, label, labels, start, e) < 0)
		goto out;
	for (size_t k = 0; k < labels; k++)
		draw_from_urn(client, row + start[k], start[k + 1] - start[k], split->clients,
		    split->alpha, r);
	status = 0;
out:
	free(row);
	free(start);
	return status;
}

/* The client of each of n rows into client[n]. label[i], below `labels`, is
 * what the partition goes by of row i, where it goes by something. */
static int
assign(const struct flp_split *split, uint32_t *client, size_t n,
    const uint32_t *label, size_t labels, struct flp_random *r, struct flp_error *e)
{
	if (split->by == FLP_SPLIT_GROUP) {
		memcpy(client, label, n * sizeof *client);
		return 0;
	}
	if (split->by == FLP_SPLIT_IID)
		return deal(client, n, split->clients, r, e);
	if (split->by == FLP_SPLIT_SHARDS)
		return cut_shards(client, n, label, labels, split, r, e);
	return spread(client, n, label, labels, split, r, e);
}

/* What the partition goes by, NULL where it goes by nothing. */
static int
find_labels(const struct flp_split *split, const struct flp_dataset *set,
    const uint32_t **by, size_t *kinds, struct flp_error *e)
{
	*by = NULL;
	*kinds = 0;
	if (split->by == FLP_SPLIT_GROUP) {
		if (set->group == NULL)
			return flp_error_usage(e, "partition by group: expected groups, found none");
		*by = set->group;
		*kinds = set->group_names.n;
	} else if (split->by == FLP_SPLIT_SHARDS || split->by == FLP_SPLIT_DIRICHLET) {
		if (set->classes == NULL)
			return flp_error_usage(e, "partition by class: expected classes, found none");
		*by = set->classes;
		*kinds = set->class_names.n;
	}
	return 0;
}

int
flp_split_sort(const struct flp_split *split, const struct flp_dataset *set, uint32_t *row,
    size_t n, size_t *start, struct flp_random *r, struct flp_error *e)
{
	uint32_t *label = NULL, *client = NULL, *at = NULL;
	const uint32_t *by;
	size_t kinds;
	int status = -1;

	if (find_labels(split, set, &by, &kinds, e) < 0)
		return -1;
	if ((label = flp_memory_new(n, sizeof *label, e)) == NULL ||
	    (client = flp_memory_new(n, sizeof *client, e)) == NULL ||
	    (at = flp_memory_new(n, sizeof *at, e)) == NULL)
		goto out;
	for (size_t i = 0; by != NULL && i < n; i++)
		label[i] = by[row[i]];
	flp_order_natural(at, n);
	if (assign(split, client, n, label, kinds, r, e) < 0 ||
	    flp_order_stable(at, n, client, split->clients, start, e) < 0)
		goto out;
	for (size_t i = 0; i < n; i++)
		label[i] = row[at[i]];
	memcpy(row, label, n * sizeof *row);
	status = 0;
out:
	free(label);
	free(client);
	free(at);
	return status;
}

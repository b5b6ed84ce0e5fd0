#include "rule/unique.h"
#include "base/memory.h"
#include "format/digest.h"

#include <stdlib.h>
#include <string.h>

typedef int (*drop_t)(void *context, size_t k, int twice, struct flp_error *e);

/* A record: its number in the stack, and its entry. */
struct item {
	size_t k;
	const struct flp_entry *entry;
	int out;
};

static int
by_place(const struct item *a, const struct item *b)
{
	int order = flp_entry_compare(a->entry, b->entry);

	return order != 0 ? order : (a->k > b->k) - (a->k < b->k);
}

static int
by_id(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = memcmp(&x->entry->id, &y->entry->id, sizeof x->entry->id);

	return order != 0 ? order : by_place(x, y);
}

/* Orders records by client, after them those that name none or were dropped. */
static int
by_client(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int no_x = x->out || x->entry->client == NULL, no_y = y->out || y->entry->client == NULL;
	int order = no_x != no_y ? no_x - no_y : no_x ? 0 :
	    strcmp(x->entry->client, y->entry->client);

	return order != 0 ? order : by_place(x, y);
}

/* Returns 1 if n records with the same id are the same record, 0 if not, -1 on error. */
static int
all_same(struct flp_stack *stack, const struct item *item, size_t n, struct flp_error *e)
{
	struct flp_digest first, other;

	for (size_t i = 0; i < n; i++) {
		if (flp_stack_digest(stack, item[i].k, i == 0 ? &first : &other, e) < 0)
			return flp_entry_at(item[i].entry, e);
		if (i > 0 && memcmp(&first, &other, sizeof first) != 0)
			return 0;
	}
	return 1;
}

/* The place of another record of the n, which record i is a copy of or in conflict with. */
static const char *
other_place(const struct item *item, size_t i, char place[FLP_ENTRY_PLACE])
{
	flp_entry_place(item[i == 0].entry, place);
	return place;
}

static int
drop_ids(struct flp_stack *stack, struct item *item, size_t n, drop_t drop, void *context,
    struct flp_error *e)
{
	char place[FLP_ENTRY_PLACE], text[FLP_ID_TEXT];
	int same = all_same(stack, item, n, e);

	if (same < 0)
		return -1;
	flp_id_text(&item[0].entry->id, text);
	for (size_t i = same ? 1 : 0; i < n; i++) {
		flp_error_bad(e, same ? "the same record as %s" : "not the same record as %s, but with "
		    "the same id: one of them is forged", other_place(item, i, place));
		item[i].out = 1;
		if (drop(context, item[i].k, same, e) < 0)
			return -1;
	}
	return 0;
}

static int
drop_clients(struct item *item, size_t n, drop_t drop, void *context, struct flp_error *e)
{
	char place[FLP_ENTRY_PLACE];

	for (size_t i = 0; i < n; i++) {
		flp_error_bad(e, "metadata: client: %.80s has a different record in %s",
		    item[i].entry->client, other_place(item, i, place));
		if (drop(context, item[i].k, 0, e) < 0)
			return -1;
	}
	return 0;
}

/* How many items, from the first on, have the client, or the id, of the first. */
static size_t
run_of(const struct item *item, size_t n, int clients)
{
	size_t i = 1;

	while (i < n && (clients ? !item[i].out && item[i].entry->client != NULL &&
	    strcmp(item[i].entry->client, item[0].entry->client) == 0 :
	    memcmp(&item[i].entry->id, &item[0].entry->id, sizeof item[0].entry->id) == 0))
		i++;
	return i;
}

int
flp_unique(struct flp_stack *stack, drop_t drop, void *context, struct flp_error *e)
{
	struct item *item = flp_memory_new(stack->records, sizeof *item, e);
	size_t n = stack->records, same;
	int status = item == NULL ? -1 : 0;

	for (size_t k = 0; status == 0 && k < n; k++)
		item[k] = (struct item){ .k = k, .entry = flp_stack_entry(stack, k) };
	if (status == 0)
		qsort(item, n, sizeof *item, by_id);
	for (size_t i = 0; status == 0 && i < n; i += same)
		if ((same = run_of(item + i, n - i, 0)) > 1)
			status = drop_ids(stack, item + i, same, drop, context, e);
	if (status == 0)
		qsort(item, n, sizeof *item, by_client);
	for (size_t i = 0; status == 0 && i < n && !item[i].out && item[i].entry->client != NULL;
	    i += same)
		if ((same = run_of(item + i, n - i, 1)) > 1)
			status = drop_clients(item + i, same, drop, context, e);
	free(item);
	return status;
}

#include "rule/entry.h"
#include "base/in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
flp_entry_free(struct flp_entry *entry)
{
	flp_meta_free(&entry->said);
	free(entry->client);
	entry->client = NULL;
	flp_texts_free(&entry->senders);
}

void
flp_entry_begin_values(struct flp_entry *entry)
{
	entry->norm = (struct flp_norm){ { 0 } };
	entry->normed = 0;
	entry->squares = 0;
}

void
flp_entry_place(const struct flp_entry *entry, char place[FLP_ENTRY_PLACE])
{
	const char *name = flp_in_name(entry->path);

	if (entry->number > 1)
		snprintf(place, FLP_ENTRY_PLACE, "%s: record %llu", name,
		    (unsigned long long)entry->number);
	else
		snprintf(place, FLP_ENTRY_PLACE, "%s", name);
}

int
flp_entry_at(const struct flp_entry *entry, struct flp_error *e)
{
	char place[FLP_ENTRY_PLACE];

	flp_entry_place(entry, place);
	return flp_error_at(e, "%s", place);
}

int
flp_entry_compare(const struct flp_entry *a, const struct flp_entry *b)
{
	int order = strcmp(flp_in_name(a->path), flp_in_name(b->path));

	return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

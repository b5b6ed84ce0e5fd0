#include "mask/dealing.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int
flp_dealing_begin(struct flp_dealing *d, const struct flp_gathering *g, int boxes,
    struct flp_error *e)
{
	size_t all;

	*d = (struct flp_dealing){ .g = g };
	if (__builtin_mul_overflow(g->n, g->holders, &all))
		return flp_error_system(e, 0, "memory for the shares of %zu clients", g->n);
	if ((d->holder = flp_memory_new(all, sizeof *d->holder, e)) == NULL ||
	    (d->check = flp_memory_new(all, sizeof *d->check, e)) == NULL ||
	    (boxes && (d->box = flp_memory_new(all, sizeof *d->box, e)) == NULL) ||
	    (d->commit = flp_memory_new(g->n, sizeof *d->commit, e)) == NULL ||
	    (d->signature = flp_memory_new(g->n, sizeof *d->signature, e)) == NULL ||
	    (d->digest = flp_memory_new(g->n, sizeof *d->digest, e)) == NULL ||
	    (d->sent = flp_memory_new(g->n, sizeof *d->sent, e)) == NULL) {
		flp_dealing_end(d);
		return -1;
	}
	for (size_t i = 0; i < g->n; i++)
		flp_gathering_holders(g, i, d->holder + i * g->holders);
	return 0;
}

void
flp_dealing_end(struct flp_dealing *d)
{
	free(d->holder);
	free(d->check);
	free(d->box);
	free(d->commit);
	free(d->signature);
	free(d->digest);
	free(d->sent);
	memset(d, 0, sizeof *d);
}

int
flp_dealing_shared(const struct flp_dealing *d, size_t i)
{
	return d->sent[i] == FLP_DEALING_SENT;
}

size_t
flp_dealing_count(const struct flp_dealing *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->g->n; i++)
		n += (size_t)flp_dealing_shared(d, i);
	return n;
}

/* Counts the boxes for client i. A client holds shares of those who hold its own. */
static size_t
count_boxes(const struct flp_dealing *d, size_t i)
{
	const uint32_t *dealer = d->holder + i * d->g->holders;
	size_t n = 0;

	for (size_t k = 0; k < d->g->holders; k++)
		n += (size_t)flp_dealing_shared(d, dealer[k]);
	return n;
}

static int
too_few(const struct flp_dealing *d, size_t n, const char *what, struct flp_error *e)
{
	return flp_error_bad(e, "expected %s at least %llu clients, found %zu: the sum could not be "
	    "opened, so begin the round again (see fl-mask advertise --anew)", what,
	    (unsigned long long)d->g->threshold, n);
}

int
flp_dealing_enough(const struct flp_dealing *d, struct flp_error *e)
{
	size_t all = flp_dealing_count(d);

	if (all < d->g->threshold)
		return too_few(d, all, "shares from", e);
	for (size_t i = 0; i < d->g->n; i++) {
		size_t n = flp_dealing_shared(d, i) ? count_boxes(d, i) : d->g->threshold;

		if (n < d->g->threshold) {
			too_few(d, n, "boxes for it from", e);
			return flp_error_at(e, "client %s", flp_gathering_name(d->g, i));
		}
	}
	return 0;
}

long
flp_dealing_find(const struct flp_dealing *d, size_t dealer, uint32_t holder)
{
	const uint32_t *found = dealer >= d->g->n ? NULL :
	    flp_graph_find(d->holder + dealer * d->g->holders, d->g->holders, holder);

	return found == NULL ? -1 : found - d->holder;
}

/* Checks that the shares are for the clients that will be asked for them. */
static int
check_holders(const struct flp_dealing *d, size_t i, const struct flp_record *message,
    struct flp_error *e)
{
	const uint32_t *to = flp_record_values(message, "to", NULL);
	const uint32_t *want = d->holder + i * d->g->holders;
	size_t rows = flp_message_rows(message);

	if (rows != d->g->holders)
		return flp_error_bad(e, "expected shares for %zu clients, found %zu", d->g->holders,
		    rows);
	for (size_t r = 0; r < rows; r++)
		if (to[r] != want[r])
			return flp_error_bad(e, "tensor to: row %zu: expected client %lu of the graph, "
			    "found %lu", r + 1, (unsigned long)want[r], (unsigned long)to[r]);
	return 0;
}

static void
keep(struct flp_dealing *d, size_t i, const struct flp_record *message)
{
	const size_t m = d->g->holders, first = i * m;

	memcpy(d->check[first], flp_record_values(message, "check", NULL), m * sizeof *d->check);
	if (d->box != NULL)
		memcpy(d->box[first], flp_record_values(message, "box", NULL), m * sizeof *d->box);
	memcpy(d->commit[i], flp_record_values(message, "commit", NULL), sizeof *d->commit);
}

int
flp_dealing_add(struct flp_dealing *d, const struct flp_record *message, struct flp_error *e)
{
	unsigned char signature[FLP_SIGNED_BYTES];
	struct flp_digest digest;
	size_t i;

	if (flp_gathering_sender(d->g, message, &i, e) < 0)
		return -1;
	if (check_holders(d, i, message, e) < 0)
		return flp_error_at(e, "client %s", flp_gathering_name(d->g, i));
	if (flp_record_digest(message, &digest, e) < 0 ||
	    flp_signed_bytes(message, signature, e) < 0)
		return -1;
	if (d->sent[i] != FLP_DEALING_NONE) {
		if (memcmp(&digest, &d->digest[i], sizeof digest) == 0)
			return 0;
		d->sent[i] = FLP_DEALING_TWO;
		return flp_error_bad(e, "client %s: expected one share message, found two that differ, "
		    "so neither counts", flp_gathering_name(d->g, i));
	}
	keep(d, i, message);
	memcpy(d->signature[i], signature, sizeof signature);
	d->digest[i] = digest;
	d->sent[i] = FLP_DEALING_SENT;
	return 0;
}

static int
check_whole(const struct flp_dealing *d, size_t i, struct flp_error *e)
{
	return d->box != NULL && i < d->g->n && flp_dealing_shared(d, i) ? 0 :
	    flp_error_misuse(e, "boxes of a client that has not shared");
}

int
flp_dealing_message(const struct flp_dealing *d, size_t i, struct flp_record *to,
    struct flp_error *e)
{
	const size_t m = d->g->holders, first = i * m;

	if (check_whole(d, i, e) < 0 ||
	    flp_message_new(to, FLP_MESSAGE_SHARE, &d->g->round, m, 0, e) < 0)
		return -1;
	memcpy(flp_record_values(to, "to", NULL), d->holder + first, m * sizeof *d->holder);
	memcpy(flp_record_values(to, "box", NULL), d->box[first], m * sizeof *d->box);
	memcpy(flp_record_values(to, "check", NULL), d->check[first], m * sizeof *d->check);
	memcpy(flp_record_values(to, "commit", NULL), d->commit[i], sizeof *d->commit);
	if (flp_signed_again(to, flp_gathering_name(d->g, i), d->signature[i], e) == 0)
		return 0;
	flp_record_free(to);
	return -1;
}

/* The graph is symmetric: the holders of a client's shares are also those who deal shares to it. */
int
flp_dealing_inbox(const struct flp_dealing *d, size_t i, struct flp_record *to,
    struct flp_error *e)
{
	const uint32_t *dealer;
	unsigned char (*box)[FLP_MESSAGE_BOX], (*check)[FLP_MESSAGE_CHECK];
	size_t rows = 0, row = 0;
	uint32_t *from;

	if (check_whole(d, i, e) < 0)
		return -1;
	dealer = d->holder + i * d->g->holders;
	for (size_t k = 0; k < d->g->holders; k++)
		rows += (size_t)flp_dealing_shared(d, dealer[k]);
	if (flp_message_new(to, FLP_MESSAGE_DELIVER, &d->g->round, rows, 0, e) < 0)
		return -1;
	from = flp_record_values(to, "from", NULL);
	box = flp_record_values(to, "box", NULL);
	check = flp_record_values(to, "check", NULL);
	for (size_t k = 0; k < d->g->holders; k++) {
		long at = flp_dealing_find(d, dealer[k], (uint32_t)i);

		if (at < 0 || !flp_dealing_shared(d, dealer[k]))
			continue;
		from[row] = dealer[k];
		memcpy(box[row], d->box[at], sizeof *box);
		memcpy(check[row++], d->check[at], sizeof *check);
	}
	if (flp_meta_set_text(&to->header.meta, "client", flp_gathering_name(d->g, i), e) == 0)
		return 0;
	flp_record_free(to);
	return -1;
}

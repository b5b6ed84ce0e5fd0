#include "base/memory.h"
#include "format/called.h"
#include "kernel/ring.h"
#include "mask/making.h"
#include "mask/signed.h"
#include "mask/silo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAID 768 /* bytes of names in a sentence */

int
flp_silo_begin(struct flp_silo *s, struct flp_error *e)
{
	s->vector.clients = s->roster->n;
	s->added = 0;
	s->sum = (struct flp_record){ 0 };
	return (s->sent = flp_memory_new(s->roster->n, 1, e)) == NULL ? -1 : 0;
}

void
flp_silo_end(struct flp_silo *s)
{
	flp_record_free(&s->sum);
	free(s->sent);
	s->sent = NULL;
}

/* Finds the member that has sent a masked record. Its signature is checked before anything else in
 * the record is used. */
static int
find_sender(const struct flp_silo *s, const struct flp_record *masked, size_t *member,
    struct flp_error *e)
{
	char name[FLP_IDENTITY_NAME + 1];
	long found;
	size_t n;

	if (masked->header.kind != FLP_KIND_MASKED)
		return flp_error_bad(e, "expected a masked record, found %s",
		    flp_called(&masked->header));
	if (flp_meta_get(&masked->header.meta, "clients", &n) != NULL)
		return flp_error_bad(e, "expected the record of one site, found a sum of several, which no "
		    "site has signed");
	if (flp_identity_client(name, &masked->header.meta, e) < 0)
		return -1;
	if ((found = flp_roster_find(s->roster, name)) < 0)
		return flp_error_bad(e, "client %s: expected a member of the roster, found a client that "
		    "is not", name);
	*member = (size_t)found;
	return flp_signed_check(masked, s->roster->sign[*member], e) < 0 ?
	    flp_error_at(e, "client %s", name) : 0;
}

static int
check_origin(const struct flp_silo *s, const struct flp_meta *meta, struct flp_error *e)
{
	const struct flp_round round = flp_silo_round(s->roster, s->round, &s->vector.base);
	size_t n;

	return flp_meta_get(meta, "graph", &n) == NULL ? flp_round_check(meta, &round, e) :
	    flp_error_bad(e, "metadata: graph: expected none in silo mode, found one (see --graph)");
}

/* Checks that a record was made in the same way as the first. If not, their masks do not cancel,
 * and a site masks nothing else for these parameters (mask/permit.h). */
static int
check_same(const struct flp_silo *s, const struct flp_record *masked, struct flp_error *e)
{
	if (s->added == 0 || flp_making_same(&s->sum.header, &masked->header, e) == 0)
		return 0;
	flp_error_add(e, "a site can't replace what it has masked, so this round can't be opened: go "
	    "on with a later round or another session, from a model with other parameters");
	return flp_error_at(e, "does not agree with client %s",
	    flp_texts_get(&s->roster->clients, s->first));
}

static int
add(struct flp_silo *s, const struct flp_record *masked, size_t member, struct flp_error *e)
{
	if (s->added == 0) {
		if (flp_record_new(&s->sum, &masked->header, e) < 0)
			return -1;
		s->first = member;
	}
	for (size_t i = 0; i < masked->header.tensors; i++)
		flp_ring_add(s->sum.values[i], masked->values[i],
		    (size_t)masked->header.tensor[i].count, s->vector.fit.bits);
	s->sent[member] = 1;
	s->added++;
	return 0;
}

int
flp_silo_add(struct flp_silo *s, const struct flp_record *masked, struct flp_error *e)
{
	size_t member;
	const char *name;

	if (find_sender(s, masked, &member, e) < 0)
		return -1;
	name = flp_texts_get(&s->roster->clients, member);
	if (check_origin(s, &masked->header.meta, e) < 0 ||
	    flp_vector_check(&s->vector, &masked->header, e) < 0 ||
	    flp_vector_keys(&masked->header.meta, e) < 0 || check_same(s, masked, e) < 0)
		return flp_error_at(e, "client %s", name);
	if (s->sent[member])
		return flp_error_bad(e, "client %s: expected one record from it, found a second", name);
	return add(s, masked, member, e);
}

/* Names the members whose records are missing. */
static int
missing(const struct flp_silo *s, struct flp_error *e)
{
	char names[SAID] = "";
	size_t n = 0;

	for (size_t i = 0; i < s->roster->n && n < sizeof names; i++)
		if (!s->sent[i])
			n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", n > 0 ? ", " : "",
			    flp_texts_get(&s->roster->clients, i));
	flp_error_bad(e, "expected a record from each of the %zu members, found none from %s, so "
	    "nothing is opened", s->roster->n, names);
	return flp_error_add(e, "a site can send its record again, and one that has masked nothing can "
	    "sign a leave");
}

int
flp_silo_open(struct flp_silo *s, struct flp_record *to, struct flp_error *e)
{
	return s->added < s->roster->n ? missing(s, e) :
	    flp_vector_open(&s->vector, to, &s->sum, e);
}

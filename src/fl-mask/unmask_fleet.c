/* unmask --graph: open the sum of the survivors of a round of fleet mode.
 *
 * The revealed shares remove the masks. With --min-clients a false share is named and left out, and
 * so is a masked record that is not from a survivor; the remaining shares must be enough. */
#include "fl-mask/unmask.h"
#include "loop/inputs.h"
#include "mask/opening.h"
#include "mask/shape.h"
#include "mask/turnout.h"

#include <stdlib.h>

struct unmask {
	struct mask_unmask_options *o;
	struct mask_fleet f;
	struct flp_dealing d;
	struct flp_survivors survivors;
	struct flp_opening opening;
	struct flp_turnout turnout;
};

static int
reveal(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct unmask *u = context;
	struct flp_record message;
	int status;

	if (flp_message_load(&message, in->reader, h, FLP_MESSAGE_REVEAL, &u->d.g->round, e) < 0)
		return -1;
	status = flp_opening_add(&u->opening, &message, &u->o->server.bad, e);
	flp_record_free(&message);
	return status;
}

static int
add(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct unmask *u = context;
	struct flp_record masked;
	int status;

	if (flp_turnout_load(&u->turnout, &masked, in->reader, h, e) < 0)
		return -1;
	status = flp_turnout_add(&u->turnout, &masked, u->survivors.client, u->survivors.n, e);
	flp_record_free(&masked);
	return status;
}

static void
begin(struct unmask *u)
{
	struct flp_error e;

	mask_fleet_begin(&u->f, &u->o->round);
	mask_fleet_graph(&u->f, &u->o->rule, u->o->graph);
	mask_fleet_survivors(&u->survivors, &u->f, u->o->survivors);
	mask_server_shares(&u->d, &u->f.gathering, &u->o->shares);
	cli_check(flp_opening_begin(&u->opening, &u->d, u->survivors.client, u->survivors.n, &e), &e,
	    flp_in_name(u->o->survivors));
	cli_check(flp_turnout_begin(&u->turnout, &u->d, &e), &e, NULL);
	u->turnout.vector = u->f.vector;
	u->turnout.vector.weight = u->o->max_weight;
	u->turnout.trust = u->o->trust;
}

static void
read_all(struct unmask *u, char **paths, struct flp_out *out)
{
	char **reveals = mask_server_paths(&u->o->reveals);
	struct flp_inputs in;
	struct flp_error e;

	cli_inputs_init(&in, reveals);
	mask_each_record(&in, &u->o->server.bad, reveal, u, out);
	cli_inputs_init(&in, paths);
	mask_each_record(&in, &u->o->server.bad, add, u, out);
	free(reveals);
	mask_server_enough(&u->o->server, u->survivors.n);
	cli_check(flp_turnout_whole(&u->turnout, u->survivors.client, u->survivors.n, &e), &e, NULL);
}

static void
take_masks_away(struct unmask *u, struct flp_record *sum)
{
	struct flp_vector *v = &u->turnout.vector;
	struct flp_error e;

	v->added = u->survivors.n;
	cli_check(flp_opening_unmask(&u->opening, flp_round_purpose(flp_shape_stats(v)),
	    v->fit.bits, &u->turnout.sum, &e), &e, NULL);
	flp_opening_end(&u->opening);
	cli_check(flp_vector_open(v, sum, &u->turnout.sum, &e), &e, "sum");
}

void
mask_unmask_fleet(struct mask_unmask_options *o, char **paths)
{
	struct unmask u = { .o = o };
	struct flp_record sum;
	struct flp_out out;

	if (o->survivors == NULL)
		cli_usage("option --survivors is required with --graph");
	if (o->reveals.n == 0)
		cli_usage("option --reveals is required with --graph");
	cli_records(&out);
	begin(&u);
	read_all(&u, paths, &out);
	take_masks_away(&u, &sum);
	flp_survivors_free(&u.survivors);
	flp_turnout_end(&u.turnout);
	flp_dealing_end(&u.d);
	mask_fleet_end(&u.f);
	mask_unmask_write(o, &sum, &out);
}

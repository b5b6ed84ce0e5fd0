#include "fl-mask/server.h"
#include "loop/inputs.h"
#include "mask/message.h"

#include <stdlib.h>
#include <string.h>

void
mask_server_enough(const struct mask_server *s, uint64_t clients)
{
	struct flp_error e;

	if (s->bad.n > 0 && !cli_given("min-clients"))
		cli_check(flp_error_bad(&e, "%llu %s left out, so there is no result (see "
		    "--min-clients)", (unsigned long long)s->bad.n, s->bad.n == 1 ? "message was" :
		    "messages were"), &e, NULL);
	if (clients < s->least)
		cli_check(flp_error_bad(&e, "expected %llu clients or more, found %llu",
		    (unsigned long long)s->least, (unsigned long long)clients), &e, NULL);
}

struct each {
	int (*body)(void *context, struct flp_inputs *in, const struct flp_header *h,
	    struct flp_error *e);
	void *context;
	int any; /* 1: a record was read */
};

static int
pass_on(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct each *each = context;

	each->any = 1;
	return each->body(each->context, in, h, e);
}

void
mask_each_record(struct flp_inputs *in, struct flp_bad *bad,
    int (*body)(void *context, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e), void *context, struct flp_out *out)
{
	struct each each = { body, context, 0 };
	uint64_t before = bad->n;
	struct flp_error e;

	cli_check(flp_each_record(in, bad, pass_on, &each, &e), &e, NULL);
	if (!each.any && bad->n == before + 1)
		cli_finish(out, FLP_ERROR_BAD);
}

int
mask_server_share(void *dealing, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e)
{
	struct flp_dealing *d = dealing;
	struct flp_record message;
	int status;

	if (flp_message_load(&message, in->reader, h, FLP_MESSAGE_SHARE, &d->g->round, e) < 0)
		return -1;
	status = flp_dealing_add(d, &message, e);
	flp_record_free(&message);
	return status;
}

char **
mask_server_paths(const struct cli_list *files)
{
	char **paths = cli_new(files->n + 1, sizeof *paths);

	for (size_t i = 0; i < files->n; i++)
		paths[i] = (char *)(uintptr_t)files->text[i];
	return paths;
}

void
mask_server_shares(struct flp_dealing *d, const struct flp_gathering *g,
    const struct cli_list *files)
{
	char **paths = mask_server_paths(files);
	struct flp_bad bad = { .strict = 1 };
	struct flp_inputs in;
	struct flp_error e;

	if (files->n == 0)
		cli_usage("option --shares is required");
	cli_check(flp_dealing_begin(d, g, 0, &e), &e, NULL);
	cli_inputs_init(&in, paths);
	cli_check(flp_each_record(&in, &bad, mask_server_share, d, &e), &e, NULL);
	flp_inputs_close(&in);
	free(paths);
}

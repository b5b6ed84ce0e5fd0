/* What the server's verbs of fleet mode have in common: many messages, some of which may be bad,
 * and the shares that were dealt. */
#ifndef FL_MASK_SERVER_H
#define FL_MASK_SERVER_H

#include "cli.h"
#include "fl-mask/fleet.h"
#include "mask/dealing.h"

/* With
 *     struct options { struct mask_server server; ... };
 * the entries are MASK_SERVER_OPTIONS(server), and server.bad.tell is cli_tell. */
struct mask_server {
	struct flp_bad bad;
	uint64_t least;
};

#define MASK_SERVER_OPTIONS(member) \
	CLI_COUNT(0, "min-clients", TO(member.least), "N", 0, 1e15, NULL, \
		"go on without bad messages, if at least N clients are left"), \
	CLI_FLAG(0, "strict", TO(member.bad.strict), "stop at the first bad message")

/* struct cli_list: the share messages of a round, as fl-mask deliver has written them. */
#define MASK_SHARES_OPTION(member) \
	CLI_INPUTS(0, "shares", TO(member), "SHARES", \
		"the share messages that fl-mask deliver has written")

/* Ends the tool if there are fewer clients than --min-clients, or if an input was bad and
 * --min-clients was not given. */
void mask_server_enough(const struct mask_server *s, uint64_t clients);

/* Like flp_each_record, for inputs of which some may be bad. Ends the tool on failure, and also if
 * no record was read and one input was bad: the message about that input is enough. */
void mask_each_record(struct flp_inputs *in, struct flp_bad *bad,
    int (*body)(void *context, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e), void *context, struct flp_out *out);

/* The files of a list as an array that ends with NULL. The caller frees the array. */
char **mask_server_paths(const struct cli_list *files);

/* Reads the share messages in the files, all of which must be good. Ends the tool on failure. */
void mask_server_shares(struct flp_dealing *d, const struct flp_gathering *g,
    const struct cli_list *files);

/* For flp_each_record: reads one share message, and adds it to a struct flp_dealing. */
int mask_server_share(void *dealing, struct flp_inputs *in, const struct flp_header *h,
    struct flp_error *e) FLP_CHECKED;

#endif

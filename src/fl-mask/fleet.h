/* What the verbs of fleet mode have in common: the options that name the round and the study, and
 * the clients of a call, of which a simulation has many. */
#ifndef FL_MASK_FLEET_H
#define FL_MASK_FLEET_H

#include "cli.h"
#include "mask/confirm.h"
#include "mask/gathering.h"
#include "mask/journal.h"
#include "mask/message.h"
#include "mask/vector.h"

/* The options that say whose keys are trusted, and which round it is. With
 *     struct options { struct mask_round_options round; ... };
 * their entries are MASK_ROUND_OPTIONS(round). A call gives either --roster, with or without
 * --authority, or --authority and --session. */
struct mask_round_options {
	const char *roster, *authority, *session, *model;
	uint64_t number;
};

#define MASK_ROUND_OPTIONS(member) \
	CLI_INPUT(0, "roster", TO(member.roster), "ROSTER", NULL, \
		"the roster of the study, the same for all its members"), \
	CLI_INPUT(0, "authority", TO(member.authority), "PUB", NULL, \
		"trust every client that this public key has signed"), \
	CLI_TEXT(0, "session", TO(member.session), "TEXT", NULL, \
		"with --authority and without --roster: the name of the study"), \
	CLI_INPUT('m', "model", TO(member.model), "MODEL", cli_required, \
		"the model of the round; for statistics, a schema or a data record"), \
	CLI_COUNT('r', "round", TO(member.number), "N", 0, CLI_COUNT_MOST, NULL, \
		"the number of the round, if the model does not give it [0]")

/* The options that degree and threshold follow from. All parties must give the same values. */
struct mask_rule_options {
	double corrupt, dropout;
	uint64_t security;
	int insecure;
};

#define MASK_RULE_OPTIONS(member) \
	CLI_REAL(0, "corrupt", TO(member.corrupt), "SHARE", 0, .9, "0.1", \
		"share of the clients that may collude"), \
	CLI_REAL(0, "dropout", TO(member.dropout), "SHARE", 0, .9, "0.1", \
		"share of the clients that may drop out"), \
	CLI_COUNT(0, "security", TO(member.security), "BITS", 1, FLP_FINDER_SECURITY_MOST, "80", \
		"an attack succeeds with a probability of at most 2^-BITS"), \
	CLI_FLAG(0, "insecure", TO(member.insecure), \
		"trust the server to follow the protocol")

/* const char *: the path of the graph record. */
#define MASK_GRAPH_OPTION(member) \
	CLI_INPUT(0, "graph", TO(member), "GRAPH", cli_required, "the clients of the round")

struct mask_fleet {
	struct flp_roster roster;
	struct flp_identity_public authority;
	struct flp_trust trust;
	struct flp_round round;
	struct flp_finder rule;
	struct flp_record model;
	struct flp_vector vector; /* only its model and base are set */
	struct flp_gathering gathering; /* set by mask_fleet_graph */
};

/* Reads the roster or the authority, and the model. Ends the tool on failure. mask_fleet_end frees
 * *f. */
void mask_fleet_begin(struct mask_fleet *f, const struct mask_round_options *o);
void mask_fleet_rule(struct flp_finder *rule, const struct mask_rule_options *o);

/* Reads the graph record and checks it. Ends the tool on failure. */
void mask_fleet_graph(struct mask_fleet *f, const struct mask_rule_options *o,
    const char *path);
void mask_fleet_end(struct mask_fleet *f);

/* Checks that a site's policy allows a sum over this many clients, with the roster or authority of
 * *f. Ends the tool if it does not. */
void mask_fleet_terms(const struct mask_fleet *f, const struct flp_site *site,
    uint64_t clients);

/* Reads the list of survivors in a file. The graph must have been read. Ends the tool on
 * failure. */
void mask_fleet_survivors(struct flp_survivors *s, const struct mask_fleet *f,
    const char *path);

/* The clients of a call, each of which has its own --key. */
struct mask_clients {
	struct flp_bad bad;
	struct cli_list key;
	const char *passphrase;
};

#define MASK_CLIENT_OPTIONS(member) \
	CLI_INPUTS(0, "key", TO(member.key), "KEY", \
		"the secret key of a client; may be repeated"), \
	CLI_INPUT(0, "passphrase-file", TO(member.passphrase), "FILE", NULL, \
		"take the passphrase of the keys from the first line of FILE, not from the terminal"), \
	CLI_FLAG(0, "strict", TO(member.bad.strict), "stop at the first client that can't answer")

/* A function that takes a turn of client i, with its journal. Its message is written and freed. */
struct mask_turn {
	int (*take)(void *context, size_t i, struct flp_journal *j, struct flp_record *message,
	    struct flp_error *e);
	void *context;
};

/* Takes the turn of each client of the call, in order, writes the messages to `out` and ends the
 * tool. A client that can't take its turn is named by its key and left out, and the others go
 * on. */
_Noreturn void mask_clients_each(struct mask_clients *clients, const struct mask_turn *turn,
    struct flp_out *out);

#endif

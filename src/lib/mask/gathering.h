/* The clients of one round of fleet mode. All parties know them from the same record, the graph
 * (mask/message.h), whose digest all later messages name.
 *
 * The server makes the graph record from the advertisements that came. Nobody chooses who is whose
 * neighbour: the degree k and the threshold t follow from the number of clients (mask/finder.h),
 * and the neighbours from the record's digest (mask/graph.h, by the key derivation "graph"). Each
 * party computes all three itself, and refuses a record with another k or t.
 *
 * The holders of a client's shares are its k neighbours and, where the graph is complete, the
 * client itself. Holder i has the share at x = i + 1. */
#ifndef FLP_MASK_GATHERING_H
#define FLP_MASK_GATHERING_H

#include "base/error.h"
#include "format/record.h"
#include "mask/derive.h"
#include "mask/finder.h"
#include "mask/graph.h"
#include "mask/roster.h"
#include "mask/round.h"
#include "text/texts.h"

#include <stddef.h>
#include <stdint.h>

/* The caller only reads the fields. The keys of client i are encrypt[i] and so on. */
struct flp_gathering {
	struct flp_record record; /* what the pointers below point into */
	struct flp_round round;   /* with the digest of the graph */
	struct flp_texts clients; /* sorted */
	size_t n;
	const unsigned char (*encrypt)[32], (*mask)[32], (*nonce)[32];
	unsigned char (*sign)[32];  /* long-term public keys, which check what a client signs */
	uint64_t degree, threshold; /* k and t */
	size_t holders;             /* of the shares of a client: k, or n if the graph is complete */
	struct flp_graph graph;
};

/* Makes a gathering from a record. The gathering owns the record from then on; on failure it is
 * freed. `round` is the round that the caller expects, without a graph; its session must outlive
 * the gathering. The caller sets the fields corrupt, dropout, security and curious of `rule`. The
 * function checks the form of the record, the order of the names, that no key occurs twice, the
 * signature of each advertisement, and k and t. The error, FLP_ERROR_BAD, names the client. */
int flp_gathering_take(struct flp_gathering *g, struct flp_record *record,
    const struct flp_round *round, const struct flp_trust *trust, const struct flp_finder *rule,
    struct flp_error *e) FLP_CHECKED;

/* The same for a file that holds one record; errors name the file. */
int flp_gathering_load(struct flp_gathering *g, const char *path, const struct flp_round *round,
    const struct flp_trust *trust, const struct flp_finder *rule,
    struct flp_error *e) FLP_CHECKED;
void flp_gathering_free(struct flp_gathering *g); /* all zero does nothing */

/* The index of the client with that name, or -1; and the name of client i. */
long flp_gathering_find(const struct flp_gathering *g, const char *name);
const char *flp_gathering_name(const struct flp_gathering *g, size_t i);

/* The index of the client that a message names and has signed: its name is looked up and its
 * signature checked. FLP_ERROR_BAD if the client is not in the gathering or has not signed. */
int flp_gathering_sender(const struct flp_gathering *g, const struct flp_record *message,
    size_t *i, struct flp_error *e) FLP_CHECKED;

/* The round in the form that mask/derive.h takes; purpose is update, stats or NULL. */
struct flp_derive flp_gathering_derive(const struct flp_gathering *g, const char *purpose);

/* Writes the holders of the shares of client i, ascending, to holder[g->holders]. */
void flp_gathering_holders(const struct flp_gathering *g, size_t i, uint32_t *holder);

/* The digest of a set of clients, which are ascending indices. In metadata it is the value of the
 * key `survivors`, in hexadecimal digits. */
void flp_gathering_set(const struct flp_gathering *g, const uint32_t *client, size_t n,
    struct flp_digest *digest);

/* Makes the survivors message of n clients, which are ascending indices. */
int flp_gathering_list(const struct flp_gathering *g, const uint32_t *client, size_t n,
    struct flp_record *to, struct flp_error *e) FLP_CHECKED;

/* Reads the set of clients from a survivors message; the caller frees *client. Checks that the
 * names are sorted and that all of them are in the gathering. */
int flp_gathering_survivors(const struct flp_gathering *g, const struct flp_record *survivors,
    uint32_t **client, size_t *n, struct flp_error *e) FLP_CHECKED;

#endif

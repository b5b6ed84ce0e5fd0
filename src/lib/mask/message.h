/* The messages of fleet mode: what each contains, and the check that it contains nothing else.
 *
 * Indices of clients are u32: places in the sorted list of names in the graph record.
 *
 *	advertise  key     client, signature
 *	           encrypt u8 [32]  public X25519 key of the round, for boxes
 *	           mask    u8 [32]  the same, for masks
 *	           nonce   u8 [32]  random
 *	graph      key     degree, threshold
 *	           :clients u8      names, sorted as bytes, one a line; a row for each, in that order:
 *	           encrypt, mask, nonce u8 [n,32], signature u8 [n,64]  from its advertisement
 *	           member/sign, member/mask u8 [n,32], member/certificate u8 [n,64]
 *	                            under an authority: its row of the roster
 *	share      share   client, signature, graph
 *	           to      u32 [m]     who holds shares, ascending
 *	           box     u8 [m,104]  for each: nonce, 24 bytes; sealed shares of the seed of the
 *	                               sender's mask key and of its b, 32 bytes each; tag, 16 bytes
 *	           check   u8 [m,32]   for each: check values of its two shares, 16 bytes each
 *	           commit  u8 [32]     the sender's commitment to b
 *	deliver    share   client: who receives it, graph
 *	           from    u32 [m]     who sent a box, ascending
 *	           box, check          from the share message of each
 *	survivors  cohort  graph
 *	           :clients u8         sorted names of those whose masked vectors are to be added
 *	confirm    key     client, signature, graph, survivors
 *	reveal     share   client, signature, graph, survivors
 *	           of      u32 [m]     the client whose secret the share belongs to
 *	           secret  u8 [m]      0: a share of b, for a survivor; 1: a share of the seed, for a
 *	                            client that is not a survivor
 *	           share   u8 [m,32]
 *
 * Each has verb, session, round and base, and roster if there is no authority. */
#ifndef FLP_MASK_MESSAGE_H
#define FLP_MASK_MESSAGE_H

#include "base/error.h"
#include "format/record.h"
#include "mask/round.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_MESSAGE_BOX 104
#define FLP_MESSAGE_CHECK 32
#define FLP_MESSAGE_ROWS ((uint64_t)1 << 20) /* a message with more is not read */

enum flp_message {
	FLP_MESSAGE_ADVERTISE,
	FLP_MESSAGE_GRAPH,
	FLP_MESSAGE_SHARE,
	FLP_MESSAGE_DELIVER,
	FLP_MESSAGE_SURVIVORS,
	FLP_MESSAGE_CONFIRM,
	FLP_MESSAGE_REVEAL,
};
#define FLP_MESSAGES (FLP_MESSAGE_REVEAL + 1)

/* Makes a message with zeroed tensors of `rows` rows and, if it has :clients, `text` bytes of
 * these. Its metadata are verb and the keys of the round, which has no graph yet for the first two
 * messages. The caller fills the tensors, sets client, survivors, degree and threshold, if the
 * message has them, and signs it last (mask/signed.h). */
int flp_message_new(struct flp_record *to, enum flp_message m, const struct flp_round *round,
    size_t rows, size_t text, struct flp_error *e) FLP_CHECKED;

/* Checks that a record is message m of that round: its kind, state and verb, and that it has
 * exactly the tensors and keys above. The caller must check the values and the signature. */
int flp_message_check(const struct flp_record *record, enum flp_message m,
    const struct flp_round *round, struct flp_error *e) FLP_CHECKED;

/* Loads and checks the record whose header *h was just given by flp_reader_next. The tensors are
 * checked before they are read, so a message that is too large does not use memory. */
int flp_message_load(struct flp_record *record, struct flp_reader *r, const struct flp_header *h,
    enum flp_message m, const struct flp_round *round, struct flp_error *e) FLP_CHECKED;

/* Loads the only record of a file, which should be message m. Only its kind is checked, before it
 * is read into memory. The caller must call flp_message_check. */
int flp_message_open(struct flp_record *record, const char *path, enum flp_message m,
    struct flp_error *e) FLP_CHECKED;

/* How many rows a checked or made message has; 0 if it has none. */
size_t flp_message_rows(const struct flp_record *record);

#endif

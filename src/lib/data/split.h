/* Partitions: which of many simulated clients holds which row.
 *
 * All computations are with integers, so that a partition is the same on every
 * machine.
 *
 *   iid             rows in random order, dealt out in turn: sizes differ by
 *                   one at most
 *   shards:K        rows sorted by class (within a class in random order), cut
 *                   into clients * K shards of equal size, K of them drawn for
 *                   each client (McMahan et al. 2017, "Communication-efficient
 *                   learning of deep networks from decentralized data")
 *   dirichlet:A     each class is spread over the clients in proportions of
 *                   its own, drawn from the symmetric Dirichlet distribution
 *                   with concentration A (Yurochkin et al. 2019, "Bayesian
 *                   nonparametric federated learning of neural networks")
 *   quantity:A      the same with all rows as one class: the sizes of the
 *                   clients are skewed, their labels are not (Li et al. 2022,
 *                   "Federated learning on non-IID data silos")
 *   group           one client for each group
 *
 * The two with a Dirichlet distribution draw from Polya's urn (Blackwell and
 * MacQueen 1973, "Ferguson distributions via Polya urn schemes"). If m rows of
 * the class are placed and there are K clients, the next row goes, with
 * probability K A / (K A + m), to a client drawn uniformly; otherwise it goes to
 * the client of a placed row drawn uniformly. This integrates the proportions
 * out: the rows follow the Dirichlet-multinomial distribution exactly, and a
 * client may be left without rows. */
#ifndef FLP_DATA_SPLIT_H
#define FLP_DATA_SPLIT_H

#include "base/error.h"
#include "data/dataset.h"
#include "kernel/random.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_SPLIT_CLIENTS 1000000 /* at most */
#define FLP_SPLIT_ALPHA_BITS 28   /* alpha is a multiple of 2^-28 */

enum flp_partition {
	FLP_SPLIT_IID,
	FLP_SPLIT_SHARDS,
	FLP_SPLIT_DIRICHLET,
	FLP_SPLIT_QUANTITY,
	FLP_SPLIT_GROUP,
};

struct flp_split {
	enum flp_partition by;
	uint64_t clients; /* 1 to FLP_SPLIT_CLIENTS; by group, the number of groups */
	uint64_t shards;  /* for each client, 1 to 1000000 */
	uint64_t alpha;   /* in units of 2^-28; 0.001 to 10000 */
};

/* Reads "iid", "shards:K", "dirichlet:A", "quantity:A" or "group"; `clients`
 * stays as it is. */
int flp_split_parse(struct flp_split *split, const char *text,
    struct flp_error *e) FLP_CHECKED;

/* Sorts the n rows of a data set that are listed in `row` by client; the rows of a
 * client keep their order. start[clients + 1] gets the indices: the rows of client k
 * are row[start[k]] up to, but not including, row[start[k + 1]]. FLP_ERROR_USAGE if
 * the data lack what the partition goes by, or if iid or shards would leave a client
 * without rows. */
int flp_split_sort(const struct flp_split *split, const struct flp_dataset *set,
    uint32_t *row, size_t n, size_t *start, struct flp_random *r,
    struct flp_error *e) FLP_CHECKED;

#endif

/* A network: the forward and backward passes of a batch, and the buffers that they need. A
 * network is for one thread. Its results depend only on the arguments, not on earlier batches.
 * Parameters and gradients are f32 arrays of arch->parameters values. */
#ifndef FLP_LEARN_NETWORK_H
#define FLP_LEARN_NETWORK_H

#include "learn/arch.h"

#include <stddef.h>

struct flp_network;

/* How parameters and gradients are laid out: as arch.h says or, for training, with the weight of a
 * wide first dense layer as [in,out]. That layer is often the largest, and does not pass a
 * gradient down; this layout makes both of its products a sixth faster. */
enum flp_layout { FLP_LAYOUT_ARCH, FLP_LAYOUT_TRAIN };

/* `arch` stays the caller's and must outlive the network. NULL on failure. */
struct flp_network *flp_network_new(const struct flp_arch *arch,
    enum flp_layout layout, struct flp_error *e) FLP_CHECKED;
void flp_network_free(struct flp_network *net);

const struct flp_arch *flp_network_arch(const struct flp_network *net);

/* Returns 1 if the network's layout differs from that of arch.h. flp_network_pack then converts
 * parameters to the network's layout, and flp_network_unpack converts them back. Both copy
 * all. */
int flp_network_packed(const struct flp_network *net);
void flp_network_pack(const struct flp_network *net, const float *params, float *packed);
void flp_network_unpack(const struct flp_network *net, const float *packed, float *params);

/* Makes room for batches of at most b >= 1 rows. Pointers to the buffers are then no longer
 * valid. */
int flp_network_reserve(struct flp_network *net, size_t b, struct flp_error *e) FLP_CHECKED;

/* The network's buffers. flp_network_input is x[b,inputs], which is filled before a forward pass.
 * flp_network_delta is delta[b,outputs], which is filled with the gradient with respect to the
 * outputs before a backward pass; the pass overwrites it. */
float *flp_network_input(struct flp_network *net);
float *flp_network_delta(struct flp_network *net);

/* The outputs [b,outputs] of the b rows in the input buffer; valid until the
 * next forward pass. */
const float *flp_network_forward(struct flp_network *net, const float *params, size_t b);

/* Called after a forward pass of the same b rows: to = alpha * gradient + beta * to, for all
 * parameters. With beta = 0, `to` is not read. `to` may be the parameters themselves: with alpha =
 * -rate and beta = 1 this is a step of gradient descent that never stores the gradient. */
void flp_network_backward(struct flp_network *net, const float *params, size_t b,
    float alpha, float beta, float *to);

#endif

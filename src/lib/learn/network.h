/* Forward and backward passes of a batch, with the buffers they need. One
 * network serves one thread; its results depend on the arguments alone, not
 * on earlier batches. Parameters and gradients are flat f32 arrays of
 * arch->parameters values. */
#ifndef FLP_LEARN_NETWORK_H
#define FLP_LEARN_NETWORK_H

#include "learn/arch.h"

#include <stddef.h>

struct flp_network;

/* How parameters and gradients are laid out: as arch.h says, or for training,
 * with the weight of a wide first dense layer as [in,out]. That layer is often
 * the largest and has no gradient to pass down, and both of its products are a
 * sixth quicker so. */
enum flp_layout { FLP_LAYOUT_ARCH, FLP_LAYOUT_TRAIN };

/* `arch` stays the caller's and must outlive the network. NULL on failure. */
struct flp_network *flp_network_new(const struct flp_arch *arch,
    enum flp_layout layout, struct flp_error *e) FLP_CHECKED;
void flp_network_free(struct flp_network *net);

const struct flp_arch *flp_network_arch(const struct flp_network *net);

/* 1 where the network's layout differs from that of arch.h; then params go in
 * by flp_network_pack and come out by flp_network_unpack, which copy all. */
int flp_network_packed(const struct flp_network *net);
void flp_network_pack(const struct flp_network *net, const float *params, float *packed);
void flp_network_unpack(const struct flp_network *net, const float *packed, float *params);

/* Makes room for batches of at most b >= 1 rows; the buffers move. */
int flp_network_reserve(struct flp_network *net, size_t b, struct flp_error *e) FLP_CHECKED;

/* The network's buffers: x[b,inputs], to fill before a forward pass, and
 * delta[b,outputs], to fill with the gradient by the outputs before a backward
 * pass, which destroys it. */
float *flp_network_input(struct flp_network *net);
float *flp_network_delta(struct flp_network *net);

/* The outputs [b,outputs] of the b rows in the input buffer; valid until the
 * next forward pass. */
const float *flp_network_forward(struct flp_network *net, const float *params, size_t b);

/* After a forward pass of the same b rows: to = alpha * gradient + beta * to,
 * for all parameters, where `to` may be the parameters themselves: with alpha
 * = -rate and beta = 1 that is one step of gradient descent, without a pass
 * over the gradient. With beta = 0, `to` is not read. */
void flp_network_backward(struct flp_network *net, const float *params, size_t b,
    float alpha, float beta, float *to);

#endif

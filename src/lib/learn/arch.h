/* Architectures. An architecture is a text such as "dense 200 relu dense 10". With the number of
 * inputs it determines the layers, their shapes and the tensors of parameters.
 *
 * Layers are `dense N`, `relu`, `tanh`, `gelu` (exact, by erf) and `sigmoid`,
 * with white space between the words. The last layer must be dense: the
 * outputs of a network are logits or plain values. */
#ifndef FLP_LEARN_ARCH_H
#define FLP_LEARN_ARCH_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_ARCH_LAYERS 64
#define FLP_ARCH_WIDTH ((size_t)1 << 24) /* inputs or outputs of a layer */
#define FLP_ARCH_TEXT 1024               /* room for a printed architecture */

/* All kinds but dense are in the table of learn/activation.c. A kind that is not there can't be
 * read. */
enum flp_layer_kind {
	FLP_LAYER_DENSE,
	FLP_LAYER_RELU,
	FLP_LAYER_TANH,
	FLP_LAYER_GELU,
	FLP_LAYER_SIGMOID,
};

struct flp_layer {
	enum flp_layer_kind kind;
	size_t in, out;      /* values of a row; only in a dense layer they may differ */
	size_t weight, bias; /* dense: offsets of [out,in] and [out] in the parameters */
};

/* The parameters of a network are one f32 array: the tensors in order, with
 * nothing between them. */
struct flp_arch {
	size_t inputs, outputs;
	size_t parameters; /* values in all tensors */
	size_t tensors;
	size_t layers;
	struct flp_layer layer[FLP_ARCH_LAYERS];
};

/* A tensor of parameters, named as in the state_dict of torch.nn.Sequential: "0.weight" [out,in],
 * "0.bias" [out], "2.weight" and so on. The number is that of the layer, and activations
 * count as layers. */
struct flp_arch_tensor {
	char name[16];
	unsigned rank;
	uint64_t dims[2];
	size_t offset, count; /* values */
};

/* The words of the layer kinds, as base/choice.h asks for them. */
const char *flp_layer_name(unsigned kind);

/* Reads an architecture for this number of inputs. FLP_ERROR_BAD names the layer, counted from 1,
 * what was expected and what was found; a caller whose text is an option makes that
 * FLP_ERROR_USAGE. */
int flp_arch_parse(struct flp_arch *a, const char *text, uint64_t inputs,
    struct flp_error *e) FLP_CHECKED;

/* It is misuse if a layer is of an unknown kind, which flp_arch_parse never makes. */
int flp_arch_check(const struct flp_arch *a, struct flp_error *e) FLP_CHECKED;

/* Writes the architecture as text, with single spaces, so that equal ones have equal texts. */
void flp_arch_print(const struct flp_arch *a, char out[FLP_ARCH_TEXT]);

/* Tensor number `index`, below a->tensors. */
void flp_arch_tensor(const struct flp_arch *a, size_t index, struct flp_arch_tensor *t);

#endif

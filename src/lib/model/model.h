/* A model: a record of kind params whose architecture is known, and how data
 * fit it.
 *
 * Metadata: arch and loss as learn/arch.h and learn/loss.h read them; round;
 * scaling=site where every data set is to bring its own. Tensors: the f32
 * parameters by the names of learn/arch.h, then the descriptions of
 * data/dataset.h that it was made for, :features :classes :schema :center :scale. */
#ifndef FLP_MODEL_MODEL_H
#define FLP_MODEL_MODEL_H

#include "data/dataset.h"
#include "learn/arch.h"
#include "learn/loss.h"
#include "learn/view.h"

struct flp_model {
	struct flp_record record;
	struct flp_arch arch;
	enum flp_loss loss;
	float *params; /* [arch.parameters], a copy of the tensors */
	uint32_t round;
	struct flp_texts features, classes, schema; /* n = 0: none */
	struct flp_scaling scaling;
	int site; /* data bring their own scaling */
};

/* Loads the one record of a file ("-" is standard input) as a model. If digest is not NULL,
 * *digest is set to its digest. FLP_ERROR_BAD if the record is not a model: it has tensors
 * other than those of its architecture, or a loss that does not go with its outputs and
 * classes. */
int flp_model_load(struct flp_model *m, struct flp_digest *digest, const char *path,
    struct flp_error *e) FLP_CHECKED;
void flp_model_free(struct flp_model *m);

/* The same of a record, which the model takes over, leaving *record empty; on failure it stays the
 * caller's. */
int flp_model_from(struct flp_model *m, struct flp_record *record,
    struct flp_error *e) FLP_CHECKED;

/* What a data set looks like to a model that fits it; the arrays stay the data
 * set's and the model's, *owned (to free when the view is done with) is what
 * had to be made. FLP_ERROR_BAD where columns, names, labels or scaling do not fit. */
int flp_model_view(const struct flp_model *m, const struct flp_dataset *set,
    struct flp_view *v, double **owned, struct flp_error *e) FLP_CHECKED;

/* Copies params[a->parameters] into the tensors of a record that has them. */
void flp_model_put(struct flp_record *to, const struct flp_arch *a, const float *params);

/* What a new model is made for. */
struct flp_model_spec {
	const char *arch;
	uint64_t inputs;
	enum flp_loss loss; /* auto: see flp_model_new */
	int targets;        /* a regression: loss mse */
	struct flp_description description; /* of what it is made for, but groups */
	enum flp_privacy privacy; /* of the scaling, where there is one */
	struct flp_meta ledger;   /* how a noised scaling was noised (FLP_KEY_LEDGER) */
	int site;           /* no scaling: data bring their own */
	uint64_t seed;
};

/* A new model of round 0, initialised by learn/init.h. Its privacy state is that of its
 * scaling, and a noised one says by which noise; without a scaling it is public, since it is
 * made of no rows. Loss auto becomes mse
 * where there are targets, or one output and no classes; binary for one output
 * and two classes; else softmax. FLP_ERROR_USAGE if there is no such architecture, or if
 * it, the loss and what is to be predicted do not go together. */
int flp_model_new(struct flp_record *to, const struct flp_model_spec *spec,
    struct flp_error *e) FLP_CHECKED;

#endif

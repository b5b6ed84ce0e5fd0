/* Models: records of kind params with a known architecture, and how data sets fit them.
 *
 * The metadata are arch and loss, as learn/arch.h and learn/loss.h read them; round; and
 * scaling=site if every data set must have a scaling of its own. The tensors are the f32
 * parameters, with the names of learn/arch.h, followed by the descriptions (data/dataset.h) of the
 * data that the model was made for: :features :classes :schema :center :scale. */
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
	int site; /* 1: data sets have their own scaling */
};

/* Loads the only record of a file ("-" is standard input) as a model. If digest is not NULL,
 * *digest is set to its digest. FLP_ERROR_BAD if the record is not a model, for example because its
 * tensors are not those of its architecture, or its loss does not suit its outputs and classes. */
int flp_model_load(struct flp_model *m, struct flp_digest *digest, const char *path,
    struct flp_error *e) FLP_CHECKED;
void flp_model_free(struct flp_model *m);

/* The same for a record in memory, which the model takes over: *record is empty afterwards. On
 * failure it stays the caller's. */
int flp_model_from(struct flp_model *m, struct flp_record *record,
    struct flp_error *e) FLP_CHECKED;

/* Sets *v to a view of a data set for a model that it fits. The view points into the data set and
 * the model, and into *owned, which the caller frees when the view is no longer used. FLP_ERROR_BAD
 * if columns, names, labels or scaling do not fit. */
int flp_model_view(const struct flp_model *m, const struct flp_dataset *set,
    struct flp_view *v, double **owned, struct flp_error *e) FLP_CHECKED;

/* The same for rows that are to be predicted: the data may lack labels and targets, and what they
 * have of these is not in the view. */
int flp_model_rows(const struct flp_model *m, const struct flp_dataset *set,
    struct flp_view *v, double **owned, struct flp_error *e) FLP_CHECKED;

/* The same for rows that were encoded by the model's own schema. Their number and their values
 * (rows, f32) are for the caller to set. FLP_ERROR_BAD if the model wants data that bring their
 * own scaling. */
int flp_model_encoded(const struct flp_model *m, struct flp_view *v, double **owned,
    struct flp_error *e) FLP_CHECKED;

/* Copies params[a->parameters] into the tensors of a record that has them. */
void flp_model_put(struct flp_record *to, const struct flp_arch *a, const float *params);

/* The specification of a new model. */
struct flp_model_spec {
	const char *arch;
	uint64_t inputs;
	enum flp_loss loss; /* auto: see flp_model_new */
	int targets;        /* 1: a regression, with the loss mse */
	struct flp_description description; /* of the data that it is made for, without groups */
	enum flp_privacy privacy; /* of the scaling, if there is one */
	struct flp_meta ledger;   /* the keys of a noised scaling's noise (FLP_KEY_LEDGER) */
	int site;           /* 1: no scaling, since data sets have their own */
	uint64_t seed;
};

/* Makes a new model of round 0, initialised by learn/init.h. Its privacy state is that of its
 * scaling; a noised one has the keys of the noise. Without a scaling the model is public, since it
 * is not made from any rows. The loss auto becomes mse if there are targets, or one output and no
 * classes; binary for one output and two classes; and softmax otherwise. FLP_ERROR_USAGE if the
 * architecture is not valid, or if the architecture, the loss and the classes or targets do not fit
 * together. */
int flp_model_new(struct flp_record *to, const struct flp_model_spec *spec,
    struct flp_error *e) FLP_CHECKED;

#endif

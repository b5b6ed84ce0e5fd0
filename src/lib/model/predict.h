/* What a model predicts for the rows of a CSV file or of data records, printed as
 * export/predictions.h says. */
#ifndef FLP_MODEL_PREDICT_H
#define FLP_MODEL_PREDICT_H

#include "export/predictions.h"
#include "import/source.h"
#include "learn/network.h"
#include "loop/each.h"
#include "model/model.h"

/* flp_predict_init fills in what follows from the model, which must outlive the struct; the
 * caller sets the rest before the first row. */
struct flp_predict {
	const struct flp_model *model;
	struct flp_network *net;
	double *p;        /* of the row at hand */
	struct flp_predictions table; /* key, top and json are the caller's */
	int titles;       /* 1: print the titles before the first row */
	int by_threshold; /* 1, with two classes: predict the second if its probability */
	double threshold; /* is at least this; otherwise the class of flp_loss_class */
	struct flp_bad bad; /* what is done with a row or a record that is bad */
	uint64_t rows;    /* in the records so far that were not bad */
};

int flp_predict_init(struct flp_predict *p, const struct flp_model *m, struct flp_out *out,
    struct flp_error *e) FLP_CHECKED;
void flp_predict_free(struct flp_predict *p);

/* Predicts for all rows of a CSV file, of which nothing has been read and which is read once.
 * Arguments and errors are those of flp_encoder_open; rows are bad as flp_encoder_next says, or
 * if an output for them is not finite. */
int flp_predict_csv(struct flp_predict *p, const struct flp_wish *wish, struct flp_in *in,
    struct flp_error *e) FLP_CHECKED;

/* Predicts for all rows of data records. A record is bad if it does not fit the model. The rows of
 * a record are numbered on from those of the last record that was not bad. */
int flp_predict_records(struct flp_predict *p, struct flp_inputs *in,
    struct flp_error *e) FLP_CHECKED;

#endif

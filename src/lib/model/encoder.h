/* Rows of a CSV file, encoded for a model by the schema that the model carries, a batch at a
 * time, so that they may come through a pipe. */
#ifndef FLP_MODEL_ENCODER_H
#define FLP_MODEL_ENCODER_H

#include "import/table.h"
#include "learn/evaluate.h"
#include "loop/each.h"
#include "model/model.h"

struct flp_encoder {
	struct flp_schema schema;
	struct flp_table table;
	const char *name; /* of the file, for messages */
	size_t key;       /* 1 + the index of the key's field; 0: there is none */
	float *x;         /* [n,d]: the rows of the batch, */
	size_t n, d, most; /* of which there are at most `most` */
	uint64_t row[FLP_OUTPUTS_ROWS]; /* their numbers in the file, the header not counted, from 1 */
	size_t key_at[FLP_OUTPUTS_ROWS]; /* and where the key of each begins in `keys` */
	char *keys;       /* each ended by NUL */
	size_t used, room;
	struct flp_error why; /* of the last bad row */
	int stopped;      /* 1: it ended the run, and is reported after the rows before it */
};

/* Opens a file, of which nothing has been read. If `key` is not NULL, it is the name of a column
 * whose values are kept for each row. *wish says how the file is written, and what becomes of a
 * missing value: under FLP_MISSING_MEAN it is the mean that the model carries. FLP_ERROR_BAD if
 * the file lacks a column of the schema, if the model carries no schema or no means where they
 * are needed, or if f32 can't hold such a mean. FLP_ERROR_USAGE if the file lacks the column `key`
 * or one that *wish names; the sentence begins with the option. The arguments stay the caller's
 * and must outlive the encoder, which is closed also after a failure. */
int flp_encoder_open(struct flp_encoder *c, const struct flp_model *m,
    const struct flp_wish *wish, const char *key, struct flp_in *in,
    struct flp_error *e) FLP_CHECKED;
void flp_encoder_close(struct flp_encoder *c);

/* Reads the next batch: returns 1, and c->n rows are in c->x; 0 after the last row; -1 on error.
 * A row that the schema can't encode is left out as `bad` says; if that ends the run, the rows
 * before it are given first. */
int flp_encoder_next(struct flp_encoder *c, struct flp_bad *bad,
    struct flp_error *e) FLP_CHECKED;

#endif

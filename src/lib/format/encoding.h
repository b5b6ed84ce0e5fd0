/* How a tensor's values stand in a record. */
#ifndef FLP_FORMAT_ENCODING_H
#define FLP_FORMAT_ENCODING_H

/* 3 to 5 are kept for quantized, sparse and modular values and refused until a
 * tool reads them. */
enum flp_encoding {
	FLP_ENCODING_DENSE = 1,
	FLP_ENCODING_ZLIB,
	FLP_ENCODING_QUANTIZED,
	FLP_ENCODING_SPARSE,
	FLP_ENCODING_MODULAR,
};

const char *flp_encoding_name(enum flp_encoding encoding);

#endif

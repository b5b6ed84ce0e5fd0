/* The privacy states: what a record may reveal about the rows it was made of.
 * fl(5) says which kinds of record may have which. */
#ifndef FLP_FORMAT_PRIVACY_H
#define FLP_FORMAT_PRIVACY_H

enum flp_privacy {
	FLP_PRIVACY_RAW = 0,
	FLP_PRIVACY_CLIPPED,
	FLP_PRIVACY_NOISED,
	FLP_PRIVACY_MASKED, /* of records of kind FLP_KIND_MASKED */
};
#define FLP_PRIVACIES (FLP_PRIVACY_MASKED + 1)

/* "raw", ...; NULL for a code that is none of the above. */
const char *flp_privacy_name(enum flp_privacy privacy);

#endif

/* A roster: the members of a study, which all sites know from the same file. It is a record of kind
 * key with verb=roster and `session`, and the tensors
 *	:clients     u8 names, sorted as bytes, one a line
 *	sign         u8 [n,32]  the public Ed25519 key of each, in that order
 *	mask         u8 [n,32]  the public X25519 key of each
 *	certificate  u8 [n,64]  if there is an authority: its signature of each member
 * Everything that a member signs or masks names the digest of the roster. The sites must compare
 * that digest before they begin; nothing else protects them from a member that was invented.
 *
 * A roster has at least three members: the sum of two would tell each the other's update. */
#ifndef FLP_MASK_ROSTER_H
#define FLP_MASK_ROSTER_H

#include "base/error.h"
#include "format/digest.h"
#include "format/record.h"
#include "mask/identity.h"
#include "text/texts.h"

#include <stddef.h>
#include <stdint.h>

#define FLP_ROSTER_LEAST 3
#define FLP_ROSTER_MOST ((size_t)1 << 20)
#define FLP_ROSTER_SESSION 255 /* bytes of the name of a session */

/* The keys of member i are sign[i] and mask[i]; its name is flp_texts_get(&clients, i). */
struct flp_roster {
	struct flp_record record; /* what the pointers below point into */
	char *session;
	size_t n;
	struct flp_texts clients;
	const unsigned char (*sign)[32], (*mask)[32];
	const unsigned char (*certificate)[64]; /* NULL without an authority */
	struct flp_digest digest;
	char digest_text[FLP_DIGEST_TEXT];
	char members_text[FLP_DIGEST_TEXT]; /* a digest of names and keys alone, whatever the session */
};

/* The parties whose signatures count. If `authority` is NULL, these are the members of a roster
 * that all parties have; otherwise everyone whose keys the authority has signed for the session. */
struct flp_trust {
	const struct flp_roster *roster;
	const unsigned char *authority; /* a public Ed25519 key */
};

/* 1 if the n bytes can be the name of a session: printable UTF-8, at least one byte. */
int flp_roster_names_session(const char *session, size_t n);

/* Checks that no two of n members have the same name or a key in common, and that no key serves
 * both to sign and to mask. FLP_ERROR_BAD if not: that is a mistake, or an attempt to count twice.
 * The error names the places, such as files, that both are from; `place` is NULL if there are
 * none. */
int flp_roster_distinct(const struct flp_identity_public *member, size_t n, char *const *place,
    struct flp_error *e) FLP_CHECKED;

/* Makes the record of n members in any order. An authority, if there is one, signs each of them.
 * FLP_ERROR_BAD if there are fewer than three, if a name or a key occurs twice, or if a key is not
 * a point of its curve or has a small order. */
int flp_roster_make(struct flp_record *to, const char *session,
    const struct flp_identity_public *member, size_t n, const struct flp_identity *authority,
    struct flp_error *e) FLP_CHECKED;

/* Makes a roster from a record. The roster owns the record from then on; on failure it is freed.
 * Checks its form, and that no name and no key occurs twice. If `authority`, a public key, is not
 * NULL, checks the certificate of each member too. Whether a key is valid is checked when it is
 * used. */
int flp_roster_take(struct flp_roster *r, struct flp_record *record,
    const unsigned char authority[32], struct flp_error *e) FLP_CHECKED;

/* The same for a file that holds one record; errors name the file. */
int flp_roster_load(struct flp_roster *r, const char *path, const unsigned char authority[32],
    struct flp_error *e) FLP_CHECKED;
void flp_roster_free(struct flp_roster *r); /* all zero does nothing */

/* The name and the keys of member i. */
void flp_roster_member(const struct flp_roster *r, size_t i, struct flp_identity_public *member);

/* The index of the member with that name, or -1. */
long flp_roster_find(const struct flp_roster *r, const char *name);

/* Sets *self to the index of the identity among the members. FLP_ERROR_BAD if no member has its
 * name, or if that member has other keys. */
int flp_roster_self(const struct flp_roster *r, const struct flp_identity *id, size_t *self,
    struct flp_error *e) FLP_CHECKED;

/* Checks that an authority has signed each member. FLP_ERROR_BAD names one that it has not
 * signed. */
int flp_roster_signed(const struct flp_roster *r, const unsigned char authority[32],
    struct flp_error *e) FLP_CHECKED;

/* Checks the certificate of one member: the signature of an authority, for fleets whose members do
 * not hold a roster. FLP_ERROR_BAD if the authority has not signed that member. */
int flp_roster_certified(const unsigned char certificate[64], const unsigned char authority[32],
    const char *session, const struct flp_identity_public *member,
    struct flp_error *e) FLP_CHECKED;

#endif

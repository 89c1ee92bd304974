/*
 * keyuri.h (rank 0): the otpauth:// URI by which a phone app takes a token
 * over (Google Authenticator's "Key URI Format").
 */
#ifndef AKITA_KEYURI_H
#define AKITA_KEYURI_H

#include <stdint.h>

#include "common/token.h"

#define AKITA_URI_MAX		1023	/* bytes of a URI */
#define AKITA_URI_NAME_MAX	128	/* bytes of an issuer, of a label */

/* A URI; a secret, NUL-terminated. */
struct akita_uri {
	char	text[AKITA_URI_MAX + 1];
};

void		akita_uri_wipe(struct akita_uri *uri);
#define AKITA_URI_AUTO __attribute__((cleanup(akita_uri_wipe)))

/* What a URI says. */
struct akita_keyuri {
	/* type, algorithm, digits, period_s and key are set; all else is 0. */
	struct akita_token	token;
	uint64_t		counter;	/* HOTP: the next one; else 0 */
	char			issuer[AKITA_URI_NAME_MAX + 1];	/* or "" */
	char			label[AKITA_URI_NAME_MAX + 1];
};

void		akita_keyuri_wipe(struct akita_keyuri *keyuri);
#define AKITA_KEYURI_AUTO __attribute__((cleanup(akita_keyuri_wipe)))

/*
 * Build the URI of token with every parameter written out:
 *	otpauth://totp/ISSUER:LABEL?secret=K&issuer=ISSUER&algorithm=SHA1
 *	    &digits=6&period=60
 * and for HOTP counter=N in place of period.  counter is that of the next code
 * (HOTP; ignored for TOTP).  issuer and label are UTF-8 of 1 to 128 bytes
 * without control characters; in both, each of : # & % ? + becomes '-', then
 * all but RFC 3986's unreserved characters is percent-encoded.
 * AKITA_OK; AKITA_ERR_USAGE with why (may be NULL): the token fails
 * akita_token_check's rules for type, algorithm, digits, period or key, issuer
 * or label is no such text, or the URI would be longer than AKITA_URI_MAX.
 * *ret_uri is wiped on failure.
 */
enum akita_rc	akita_keyuri_build(const struct akita_token *token,
		    const char *issuer, const char *label, uint64_t counter,
		    struct akita_uri *ret_uri, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Read a URI strictly.  Scheme and type in any case; label "ISSUER:LABEL" or
 * "LABEL" (the colon may be encoded; spaces after it are dropped, some apps
 * write one); parameters secret (as akita_base32_decode_typed has it), issuer,
 * algorithm (default SHA1), digits (6), period (30; passed over for HOTP),
 * counter (required for HOTP, refused for TOTP); an unknown parameter is passed
 * over.  Refused are: a text over AKITA_URI_MAX bytes, a parameter twice, an
 * issuer unlike the label's, an unknown type or algorithm, digits not 6 to 8, a
 * period not 15 to 120, keys not 16 to 64 bytes, names that are empty (the
 * label), over 128 bytes, or no UTF-8 without control characters, a wrong
 * percent sequence.
 * AKITA_OK; AKITA_ERR_MALFORMED with why (may be NULL), which never holds a
 * part of the key.  *ret_keyuri is wiped on failure.
 */
enum akita_rc	akita_keyuri_parse(const char *text,
		    struct akita_keyuri *ret_keyuri, struct akita_why *why)
		    AKITA_MUST_CHECK;

#endif

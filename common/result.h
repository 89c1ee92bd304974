/*
 * result.h (rank 0): how a function says whether it could do its work.
 *
 * A result is not a verdict: whether a code is right is decided in decide.h.
 * A variable of type enum akita_rc starts as AKITA_ERR_INTERNAL, so a path
 * that forgets to set it fails closed.
 */
#ifndef AKITA_RESULT_H
#define AKITA_RESULT_H

#include <stddef.h>

#define AKITA_MUST_CHECK __attribute__((warn_unused_result))

enum akita_rc {
	AKITA_OK = 0,
	AKITA_ERR_INTERNAL,	/* a bug or an impossible condition */
	AKITA_ERR_NOMEM,	/* out of memory */
	AKITA_ERR_USAGE,	/* an argument is malformed or out of range */
	AKITA_ERR_MALFORMED,	/* bytes that do not decode */
	AKITA_ERR_SETTINGS,	/* configuration wrong or not trusted */
	AKITA_ERR_REFUSED,	/* not allowed in this state or by policy */
	AKITA_ERR_NO_ACCOUNT,	/* proven: there is no such account */
	AKITA_ERR_EXISTS,	/* it exists already */
	AKITA_ERR_PERMISSION,	/* the caller may not */
	AKITA_ERR_BUSY,		/* lock not had before the deadline */
	AKITA_ERR_DATABASE,	/* missing, damaged, unreadable, full */
	AKITA_ERR_KEY,		/* key ring missing, damaged or foreign */
	AKITA_ERR_LOG,		/* audit log cannot be written */
	AKITA_ERR_UNKNOWN,	/* may or may not be on disk: outcome unknown */
	AKITA_ERR_NSS,		/* user database in trouble */
	AKITA_ERR_CRYPTO,	/* the cryptographic library failed */
	AKITA_ERR_IO,		/* any other input or output error */
	AKITA_ERR_CONV,		/* PAM conversation failed */
	AKITA_ERR_CONV_AGAIN,	/* PAM conversation wants to be called again */
	AKITA_ERR_PARTIAL,	/* done in part */
	AKITA_ERR_MISSING,	/* no such file (trust.h); callers map it */
	AKITA_RC_COUNT
};

/* A short English word for rc ("busy"); "internal" for any other value.
 * Static storage. */
const char	*akita_rc_word(enum akita_rc rc);

/*
 * Why something failed: a sentence as message id and up to four string
 * arguments, so that it can be said in the reader's language (words.h) and
 * logged in English.  Zero-initialise it.  Never holds a secret.
 */
#define AKITA_WHY_ARGS	4
#define AKITA_WHY_ARG_SIZE 256

struct akita_why {
	const char	*msgid;		/* static; printf format with %s only */
	char		 arg[AKITA_WHY_ARGS][AKITA_WHY_ARG_SIZE];
};

/* Mark a message id for xgettext; no call. */
#define AKITA_N(msgid)	msgid

/*
 * Set *why (which may be NULL: then nothing happens) to a sentence.  msgid
 * is a literal wrapped in AKITA_N() using only %s (or %1$s); the arguments
 * are strings, ended by NULL, at most four; each is cut to 255 bytes and
 * control characters in it become '?'.  Returns rc, so that a function can
 * end with `return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("..."), ...)`.
 */
enum akita_rc	 akita_fail(struct akita_why *why, enum akita_rc rc,
		    const char *msgid, ...) __attribute__((sentinel));

/*
 * Write the sentence, in English, or translated where translate is not NULL
 * (it maps a message id to a format with the same arguments), to buf (always
 * terminated).  An unset why gives an empty string.  Returns buf.
 */
char		*akita_why_text(const struct akita_why *why,
		    const char *(*translate)(const char *msgid),
		    char *buf, size_t buf_size);

#endif

/*
 * apps.h: what phone apps honour of a token's parameters.  The knowledge is
 * data, with its sources: apps.data.
 */
#ifndef AKITA_CLI_APPS_H
#define AKITA_CLI_APPS_H

#include "common/token.h"

enum akita_app_fact {
	AKITA_APP_UNKNOWN = 0,
	AKITA_APP_NO,
	AKITA_APP_YES
};

enum akita_app_feature {
	AKITA_APP_PERIOD,	/* another period than 30 s */
	AKITA_APP_SHA256,
	AKITA_APP_SHA512,
	AKITA_APP_DIGITS7,
	AKITA_APP_DIGITS8,
	AKITA_APP_HOTP,
	AKITA_APP_FEATURES
};

struct akita_app {
	const char		*name;
	enum akita_app_fact	 fact[AKITA_APP_FEATURES];
};

/* The app of that name; NULL: AKITA_ERR_USAGE is in order, and why (may be
 * NULL) lists the names. */
const struct akita_app *akita_app_find(const char *name,
		    struct akita_why *why);

/*
 * May a token with these parameters be given to the app?  AKITA_OK, with
 * *ret_warning set to a sentence where something about it is not known (else
 * left empty); AKITA_ERR_REFUSED with why, which names what works.
 */
enum akita_rc	akita_app_check(const struct akita_app *app,
		    const struct akita_token *token,
		    struct akita_why *ret_warning, struct akita_why *why)
		    AKITA_MUST_CHECK;

#endif

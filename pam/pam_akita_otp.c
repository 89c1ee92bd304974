/*
 * pam_akita_otp.c: the entry points, and the table from replies to PAM's
 * codes.  Each entry point prepares, lets the stage decide, and has one exit.
 */
#include <security/pam_modules.h>

#include "pam/module.h"

#define AKITA_EXPORT __attribute__((visibility("default")))

/* The only place that says what PAM gets to hear. */
static const int codes[AKITA_REPLY_COUNT] = {
	[AKITA_REPLY_REFUSED] = PAM_AUTH_ERR,
	[AKITA_REPLY_ACCEPTED] = PAM_SUCCESS,
	[AKITA_REPLY_NOT_OURS] = PAM_IGNORE,
	[AKITA_REPLY_LOCKED] = PAM_MAXTRIES,
	[AKITA_REPLY_DENIED] = PAM_PERM_DENIED,
	[AKITA_REPLY_TROUBLE] = PAM_AUTHINFO_UNAVAIL,
	[AKITA_REPLY_SETTINGS] = PAM_SERVICE_ERR,
	[AKITA_REPLY_CONV] = PAM_CONV_ERR,
	[AKITA_REPLY_CONV_AGAIN] = PAM_INCOMPLETE,
};

int
akita_reply_code(enum akita_reply reply)
{
	if ((unsigned int)reply >= AKITA_REPLY_COUNT)
		return codes[AKITA_REPLY_TROUBLE];
	return codes[reply];
}

AKITA_EXPORT int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct akita_login login AKITA_LOGIN_AUTO = { 0 };
	enum akita_reply reply = AKITA_REPLY_REFUSED;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_login_prepare(&login, pamh, "login", flags, argc, argv);
	if (rc != AKITA_OK)
		reply = akita_reply_of(rc);
	else
		reply = akita_stage_auth(&login);
	return akita_reply_code(reply);
}

/*
 * There are no credentials to set.  Applications call this in processes of
 * their own and without authenticate before it, so it asks nobody.
 */
AKITA_EXPORT int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return akita_reply_code(AKITA_REPLY_ACCEPTED);
}

AKITA_EXPORT int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct akita_login login AKITA_LOGIN_AUTO = { 0 };
	enum akita_reply reply = AKITA_REPLY_REFUSED;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_login_prepare(&login, pamh, "account", flags, argc, argv);
	if (rc != AKITA_OK)
		reply = akita_reply_of(rc);
	else
		reply = akita_stage_account(&login);
	return akita_reply_code(reply);
}

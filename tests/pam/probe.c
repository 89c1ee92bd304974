/*
 * probe.c: a module that stands beside ours in test stacks.
 *   set=TEXT     makes TEXT the authentication token, as a password module
 *   expect=TEXT  succeeds if the token is TEXT ("expect=" alone: if there is
 *                none)
 *   fail         refuses
 *   ignored      returns PAM_CRED_UNAVAIL: the module before it was ignored
 * In the account stage it succeeds, but for `ignored'.
 */
#include <string.h>

#include <security/pam_modules.h>

#define EXPORT __attribute__((visibility("default")))

static int
compare(pam_handle_t *pamh, const char *want)
{
	const void *token = NULL;

	if (pam_get_item(pamh, PAM_AUTHTOK, &token) != PAM_SUCCESS)
		return PAM_SYSTEM_ERR;
	if (token == NULL)
		return *want == '\0' ? PAM_SUCCESS : PAM_AUTH_ERR;
	return *want != '\0' && strcmp(token, want) == 0 ? PAM_SUCCESS :
	    PAM_AUTH_ERR;
}

EXPORT int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	int i, code;

	(void)flags;
	for (i = 0; i < argc; i++) {
		if (strncmp(argv[i], "set=", 4) == 0)
			code = pam_set_item(pamh, PAM_AUTHTOK, argv[i] + 4);
		else if (strncmp(argv[i], "expect=", 7) == 0)
			code = compare(pamh, argv[i] + 7);
		else if (strcmp(argv[i], "ignored") == 0)
			code = PAM_CRED_UNAVAIL;
		else
			code = PAM_AUTH_ERR;
		if (code != PAM_SUCCESS)
			return code;
	}
	return PAM_SUCCESS;
}

EXPORT int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

EXPORT int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	return argc > 0 && strcmp(argv[0], "ignored") == 0 ? PAM_CRED_UNAVAIL :
	    PAM_SUCCESS;
}

/*
 * pam_nullsync.c: the floor.  A PAM module that does what none can leave out:
 * it prompts, and makes 256 bytes durable.  It says yes to everything and is
 * never installed.
 *
 *	auth required pam_nullsync.so FILE
 */
#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((visibility("default"))) int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	char *answer = NULL, bytes[256] = "nullsync";
	int fd, rc = PAM_AUTH_ERR;

	(void)flags;
	if (argc != 1)
		return (PAM_SERVICE_ERR);
	if (pam_prompt(pamh, PAM_PROMPT_ECHO_ON, &answer, "%s",
	    "One-time password: ") != PAM_SUCCESS)
		return (PAM_CONV_ERR);
	free(answer);
	fd = open(argv[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return (PAM_AUTHINFO_UNAVAIL);
	if (pwrite(fd, bytes, sizeof(bytes), 0) == sizeof(bytes) &&
	    fdatasync(fd) == 0)
		rc = PAM_SUCCESS;
	close(fd);
	return (rc);
}

__attribute__((visibility("default"))) int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return (PAM_SUCCESS);
}

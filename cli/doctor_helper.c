/* The helper: callers without root work through it. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor.h"

#define HELPER	AKITA_LIBEXECDIR "/akita-otp-helper"

enum akita_rc
akita_doctor_helper(struct akita_cli *cli, struct akita_why *why)
{
	static const struct akita_trust trust_root = { .root_only = true };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct stat st;
	int fd = -1;

	(void)cli;
	rc = akita_trust_open(HELPER, O_RDONLY, &trust_root, &fd, why);
	if (rc == AKITA_ERR_REFUSED)
		return AKITA_ERR_SETTINGS;
	if (rc != AKITA_OK)
		return AKITA_ERR_PARTIAL;
	if (fstat(fd, &st) != 0 || (st.st_mode & S_ISUID) == 0 ||
	    st.st_uid != 0)
		rc = akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("%s is not "
		    "setuid root: programs that run without root cannot ask "
		    "for codes; chown root and chmod 4755 it"), HELPER, NULL);
	else
		(void)akita_fail(why, rc, AKITA_N("%s"), HELPER, NULL);
	(void)close(fd);
	return rc;
}

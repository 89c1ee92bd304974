#include "common/nss.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/trust.h"

#define BUFFER_MIN	1024
#define BUFFER_MAX	(1024 * 1024)	/* an entry larger than this is trouble */

/*
 * getpwnam_r with as much room as it asks for.  0 with *ret_found NULL: not
 * known.  *buf, which the caller frees, holds what *ret_found points to.
 */
static int
ask(const char *name, struct passwd *pw, char **buf, struct passwd **ret_found)
{
	size_t size;
	char *larger;
	int err = ERANGE;

	for (size = BUFFER_MIN; err == ERANGE && size <= BUFFER_MAX;
	    size *= 4) {
		if ((larger = malloc(size)) == NULL)
			return ENOMEM;
		free(*buf);
		*buf = larger;
		*ret_found = NULL;
		do
			err = getpwnam_r(name, pw, *buf, size, ret_found);
		while (err == EINTR);
	}
	return err;
}

/*
 * getpwnam_r(3) lists more values that some systems give for "not known", but
 * EBADF and EPERM are trouble as well, and trouble never reads as unknown.
 */
static bool
is_unknown(int err)
{
	return err == 0 || err == ENOENT || err == ESRCH;
}

static enum akita_rc
take_name(struct akita_nss *nss, const char *name, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_account_check(name, why)) != AKITA_OK)
		return rc;
	memcpy(nss->name, name, strlen(name) + 1);
	return AKITA_OK;
}

enum akita_rc
akita_nss_lookup(const char *typed, struct akita_nss *ret_nss,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct akita_nss nss = { .is_known = false, .uid = (uid_t)-1 };
	struct passwd pw, *found = NULL;
	char *buf = NULL;
	int err;

	if (typed == NULL)
		typed = "";
	if ((rc = take_name(&nss, typed, why)) != AKITA_OK)
		return rc;
	err = ask(typed, &pw, &buf, &found);
	if (found == NULL && !is_unknown(err)) {
		rc = akita_fail(why, err == ENOMEM ? AKITA_ERR_NOMEM :
		    AKITA_ERR_NSS,
		    AKITA_N("the user database cannot be asked: %s"),
		    akita_trust_errno(err), NULL);
		goto out;
	}
	if (found != NULL) {
		if (take_name(&nss, found->pw_name, NULL) != AKITA_OK) {
			rc = akita_fail(why, AKITA_ERR_NSS,
			    AKITA_N("the user database gives a name that "
			    "cannot be an account: \"%s\""), found->pw_name,
			    NULL);
			goto out;
		}
		nss.is_known = true;
		nss.uid = found->pw_uid;
	}
	*ret_nss = nss;
	rc = AKITA_OK;
out:
	free(buf);
	return rc;
}

#include "common/trust_rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *
akita_trust_errno(int err)
{
	const char *text;

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
	text = strerrordesc_np(err);
#else
	text = strerror(err);
#endif
	return text != NULL ? text : "unknown error";
}

/* What an errno value means for path. */
enum akita_rc
akita_trust_failed(struct akita_why *why, const char *path, int err)
{
	switch (err) {
	case ENOENT:
		return akita_fail(why, AKITA_ERR_MISSING,
		    AKITA_N("%s does not exist"), path, NULL);
	case EEXIST:
		return akita_fail(why, AKITA_ERR_EXISTS,
		    AKITA_N("%s exists already"), path, NULL);
	case EACCES:
	case EPERM:
		return akita_fail(why, AKITA_ERR_PERMISSION,
		    AKITA_N("%s: %s: run this as root or as its owner"), path,
		    akita_trust_errno(err), NULL);
	case ENXIO:
	case EISDIR:
		return akita_fail(why, AKITA_ERR_REFUSED,
		    AKITA_N("%s is not a regular file"), path, NULL);
	case ELOOP:
		return akita_fail(why, AKITA_ERR_REFUSED,
		    AKITA_N("%s is a symbolic link: put the file itself "
		    "there"), path, NULL);
	default:
		return akita_fail(why, AKITA_ERR_IO, AKITA_N("%s: %s"), path,
		    akita_trust_errno(err), NULL);
	}
}

static bool
is_ours(const struct stat *st, const struct akita_trust *policy)
{
	return st->st_uid == 0 ||
	    (!policy->root_only && st->st_uid == geteuid());
}

enum akita_rc
akita_trust_judge_owner(const struct stat *st, const char *path,
    const struct akita_trust *policy, struct akita_why *why)
{
	char uid[24];

	if (is_ours(st, policy))
		return AKITA_OK;
	(void)snprintf(uid, sizeof(uid), "%lu", (unsigned long)st->st_uid);
	if (policy->root_only)
		return akita_fail(why, AKITA_ERR_REFUSED,
		    AKITA_N("%s belongs to user ID %s and must belong to root: "
		    "change it with chown"), path, uid, NULL);
	return akita_fail(why, AKITA_ERR_REFUSED,
	    AKITA_N("%s belongs to user ID %s and must belong to root or to "
	    "the user who runs this: change it with chown"), path, uid, NULL);
}

/* Mode bits that must not be there, and what to do about them. */
static enum akita_rc
judge_mode(const struct stat *st, mode_t bad, const char *path,
    const char *msgid, struct akita_why *why)
{
	char mode[8];

	if ((st->st_mode & bad) == 0)
		return AKITA_OK;
	(void)snprintf(mode, sizeof(mode), "%04o",
	    (unsigned int)st->st_mode & 07777U);
	return akita_fail(why, AKITA_ERR_REFUSED, msgid, path, mode, NULL);
}

static enum akita_rc
judge_writers(const struct stat *st, const char *path, struct akita_why *why)
{
	return judge_mode(st, 022, path,
	    AKITA_N("%s is writable by group or others (mode %s): run chmod "
	    "go-w on it"), why);
}

static enum akita_rc
judge_private(const struct stat *st, const char *path,
    const struct akita_trust *policy, struct akita_why *why)
{
	return judge_mode(st, policy->is_private ? 077 : 0, path,
	    AKITA_N("%s is open to group or others (mode %s): run chmod go= "
	    "on it"), why);
}

/* The rules for a directory above the file: is_private is not for it. */
enum akita_rc
akita_trust_judge_above(const struct stat *st, const char *path,
    const struct akita_trust *policy, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (!S_ISDIR(st->st_mode))
		return akita_fail(why, AKITA_ERR_REFUSED,
		    AKITA_N("%s is not a directory"), path, NULL);
	if ((rc = akita_trust_judge_owner(st, path, policy, why)) != AKITA_OK)
		return rc;
	if (st->st_uid == 0 && (st->st_mode & S_ISVTX) != 0)
		return AKITA_OK;
	return judge_writers(st, path, why);
}

enum akita_rc
akita_trust_judge(int fd, const char *path, const struct akita_trust *policy,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return akita_trust_failed(why, path, errno);
	if (!S_ISREG(st.st_mode))
		return akita_trust_failed(why, path, EISDIR);
	if ((rc = akita_trust_judge_owner(&st, path, policy, why)) != AKITA_OK)
		return rc;
	if ((rc = judge_writers(&st, path, why)) != AKITA_OK)
		return rc;
	return judge_private(&st, path, policy, why);
}

enum akita_rc
akita_trust_judge_dir(int fd, const char *path,
    const struct akita_trust *policy, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return akita_trust_failed(why, path, errno);
	if ((rc = akita_trust_judge_above(&st, path, policy, why)) != AKITA_OK)
		return rc;
	return judge_private(&st, path, policy, why);
}

enum akita_rc
akita_trust_read(int fd, const char *path, void *buf, size_t size,
    size_t *ret_len, struct akita_why *why)
{
	char *p = buf;
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = pread(fd, p + len, size - len, (off_t)len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return akita_trust_failed(why, path, errno);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	if (len >= size)
		return akita_fail(why, AKITA_ERR_MALFORMED,
		    AKITA_N("%s is too large for a file of its kind"), path,
		    NULL);
	p[len] = '\0';
	*ret_len = len;
	return AKITA_OK;
}

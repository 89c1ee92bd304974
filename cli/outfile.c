#include "cli/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/text.h"
#include "common/trust.h"

static enum akita_rc
fail_errno(const char *path, int err, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_IO;

	if (err == EEXIST || err == ELOOP)
		return akita_fail(why, AKITA_ERR_EXISTS, AKITA_N("%s exists "
		    "already and is left as it is; name a new file, or remove "
		    "it first"), path, NULL);
	if (err == ENOENT || err == ENOTDIR)
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("%s cannot be "
		    "made: its directory does not exist"), path, NULL);
	if (err == EACCES || err == EPERM)
		rc = AKITA_ERR_PERMISSION;
	return akita_fail(why, rc, AKITA_N("%s cannot be made: %s; nothing was "
	    "changed"), path, akita_trust_errno(err), NULL);
}

enum akita_rc
akita_outfile_check(const char *path, struct akita_why *why)
{
	char directory[PATH_MAX];
	const char *slash;
	struct stat st;

	if (path == NULL)
		return AKITA_OK;
	if (path[0] == '\0' || strlen(path) >= sizeof(directory))
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("\"%s\" is no "
		    "file name"), path, NULL);
	if (lstat(path, &st) == 0)
		return fail_errno(path, EEXIST, why);
	if (errno != ENOENT)
		return fail_errno(path, errno, why);
	slash = strrchr(path, '/');
	if (slash == NULL)
		(void)snprintf(directory, sizeof(directory), ".");
	else
		(void)snprintf(directory, sizeof(directory), "%.*s",
		    (int)(slash - path + 1), path);
	if (faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) != 0)
		return fail_errno(path, errno, why);
	return AKITA_OK;
}

/* The user behind sudo owns what it was made for. */
static int
give_to_sudo_user(int fd)
{
	uint32_t uid, gid;

	if (geteuid() != 0 ||
	    !akita_parse_u32(getenv("SUDO_UID"), 0, UINT32_MAX - 1, &uid) ||
	    !akita_parse_u32(getenv("SUDO_GID"), 0, UINT32_MAX - 1, &gid))
		return 0;
	return fchown(fd, uid, gid);
}

enum akita_rc
akita_outfile_make(struct akita_outfile *file, const char *path,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (path == NULL)
		return AKITA_OK;
	file->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR);
	if (file->fd == -1)
		return fail_errno(path, errno, why);
	file->path = path;
	file->is_made = true;
	if (fchmod(file->fd, S_IRUSR | S_IWUSR) == 0 &&
	    give_to_sudo_user(file->fd) == 0)
		return AKITA_OK;
	rc = fail_errno(path, errno, why);
	akita_outfile_end(file);
	return rc;
}

enum akita_rc
akita_outfile_rewind(struct akita_outfile *file, struct akita_why *why)
{
	if (!file->is_made || lseek(file->fd, 0, SEEK_SET) == 0)
		return AKITA_OK;
	return fail_errno(file->path, errno, why);
}

enum akita_rc
akita_outfile_keep(struct akita_outfile *file, struct akita_why *why)
{
	off_t end;

	if (!file->is_made)
		return AKITA_OK;
	end = lseek(file->fd, 0, SEEK_CUR);
	if (end == -1 || ftruncate(file->fd, end) != 0 ||
	    fsync(file->fd) != 0)
		return akita_fail(why, AKITA_ERR_IO, AKITA_N("%s could not be "
		    "written: %s"), file->path, akita_trust_errno(errno),
		    NULL);
	file->is_kept = true;
	akita_outfile_end(file);
	return AKITA_OK;
}

void
akita_outfile_end(struct akita_outfile *file)
{
	if (!file->is_made)
		return;
	(void)close(file->fd);
	file->is_made = false;
	if (!file->is_kept)
		(void)unlink(file->path);
}

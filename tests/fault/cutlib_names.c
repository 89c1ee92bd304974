/* cutlib_names.c: see cutlib.h. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cutlib.h"

static int
record_open(int dir_fd, const char *path, int flags, mode_t mode)
{
	REAL(openat64, int, int, const char *, int, mode_t);
	char buf[PATH_MAX];
	const char *name;
	bool was_there;
	int fd;

	if ((flags & (O_CREAT | O_TRUNC)) == 0 ||
	    !cut_name_of_path(dir_fd, path, buf, &name))
		return (real(dir_fd, path, flags, mode));
	cut_enter();
	was_there = cut_inode_at(dir_fd, path) != 0;
	fd = real(dir_fd, path, flags, mode);
	if (fd >= 0 && !was_there)
		cut_put(CUT_CREATE, cut_inode_of(fd), 0, name, NULL);
	else if (fd >= 0 && (flags & O_TRUNC) != 0)
		cut_put(CUT_TRUNCATE, cut_inode_of(fd), 0, NULL, NULL);
	cut_leave();
	return (fd);
}

#define OPEN_ARGS(flags, mode) do { \
	va_list ap; \
	va_start(ap, flags); \
	if ((flags & (O_CREAT | __O_TMPFILE)) != 0) \
		mode = va_arg(ap, mode_t); \
	va_end(ap); \
} while (0)

EXPORT int
open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_ARGS(flags, mode);
	return (record_open(AT_FDCWD, path, flags, mode));
}

EXPORT int
open64(const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_ARGS(flags, mode);
	return (record_open(AT_FDCWD, path, flags, mode));
}

EXPORT int
openat(int dir_fd, const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_ARGS(flags, mode);
	return (record_open(dir_fd, path, flags, mode));
}

EXPORT int
openat64(int dir_fd, const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_ARGS(flags, mode);
	return (record_open(dir_fd, path, flags, mode));
}

EXPORT int
mkdirat(int dir_fd, const char *path, mode_t mode)
{
	REAL(mkdirat, int, int, const char *, mode_t);
	char buf[PATH_MAX];
	const char *name;
	int rc;

	if (!cut_name_of_path(dir_fd, path, buf, &name))
		return (real(dir_fd, path, mode));
	cut_enter();
	rc = real(dir_fd, path, mode);
	if (rc == 0)
		cut_put(CUT_MKDIR, cut_inode_at(dir_fd, path), 0, name, NULL);
	cut_leave();
	return (rc);
}

EXPORT int
mkdir(const char *path, mode_t mode)
{
	return (mkdirat(AT_FDCWD, path, mode));
}

static int
record_rename(int from_fd, const char *from, int to_fd, const char *to,
    unsigned int flags)
{
	REAL(renameat2, int, int, const char *, int, const char *,
	    unsigned int);
	char buf[PATH_MAX], buf2[PATH_MAX];
	const char *name, *name2;
	int rc;

	if (!cut_name_of_path(from_fd, from, buf, &name) ||
	    !cut_name_of_path(to_fd, to, buf2, &name2))
		return (real(from_fd, from, to_fd, to, flags));
	cut_enter();
	rc = real(from_fd, from, to_fd, to, flags);
	if (rc == 0)
		cut_put(CUT_RENAME, cut_inode_at(to_fd, to), 0, name, name2);
	cut_leave();
	return (rc);
}

EXPORT int
rename(const char *from, const char *to)
{
	return (record_rename(AT_FDCWD, from, AT_FDCWD, to, 0));
}

EXPORT int
renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return (record_rename(from_fd, from, to_fd, to, 0));
}

EXPORT int
renameat2(int from_fd, const char *from, int to_fd, const char *to,
    unsigned int flags)
{
	return (record_rename(from_fd, from, to_fd, to, flags));
}

EXPORT int
linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
	REAL(linkat, int, int, const char *, int, const char *, int);
	char buf[PATH_MAX], buf2[PATH_MAX];
	const char *name, *name2;
	int rc;

	if (!cut_name_of_path(from_fd, from, buf, &name) ||
	    !cut_name_of_path(to_fd, to, buf2, &name2))
		return (real(from_fd, from, to_fd, to, flags));
	cut_enter();
	rc = real(from_fd, from, to_fd, to, flags);
	if (rc == 0)
		cut_put(CUT_LINK, cut_inode_at(to_fd, to), 0, name, name2);
	cut_leave();
	return (rc);
}

EXPORT int
link(const char *from, const char *to)
{
	return (linkat(AT_FDCWD, from, AT_FDCWD, to, 0));
}

EXPORT int
unlinkat(int dir_fd, const char *path, int flags)
{
	REAL(unlinkat, int, int, const char *, int);
	char buf[PATH_MAX];
	const char *name;
	int rc;

	if (!cut_name_of_path(dir_fd, path, buf, &name))
		return (real(dir_fd, path, flags));
	cut_enter();
	rc = real(dir_fd, path, flags);
	if (rc == 0)
		cut_put(CUT_UNLINK, 0, 0, name, NULL);
	cut_leave();
	return (rc);
}

EXPORT int
unlink(const char *path)
{
	return (unlinkat(AT_FDCWD, path, 0));
}

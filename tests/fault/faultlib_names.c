/* faultlib_names.c: the calls that take a file's name (see fault.h). */
#include "faultlib.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int
any_open(int dir_fd, const char *path, int flags, mode_t mode)
{
	REAL(openat64, int, int, const char *, int, mode_t);
	uint32_t kind = (flags & (O_CREAT | O_TRUNC)) != 0 ? FAULT_CREATE :
	    FAULT_OPEN;

	if (fault_meet_at(kind, "open", dir_fd, path) == FAULT_ERROR)
		return (-1);
	return (real(dir_fd, path, flags, mode));
}

#define OPEN_MODE(flags, mode) do { \
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

	OPEN_MODE(flags, mode);
	return (any_open(AT_FDCWD, path, flags, mode));
}

EXPORT int
open64(const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_MODE(flags, mode);
	return (any_open(AT_FDCWD, path, flags, mode));
}

EXPORT int
openat(int dir_fd, const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_MODE(flags, mode);
	return (any_open(dir_fd, path, flags, mode));
}

EXPORT int
openat64(int dir_fd, const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_MODE(flags, mode);
	return (any_open(dir_fd, path, flags, mode));
}

EXPORT int __open_2(const char *path, int flags);
EXPORT int __open64_2(const char *path, int flags);
EXPORT int __openat_2(int dir_fd, const char *path, int flags);
EXPORT int __openat64_2(int dir_fd, const char *path, int flags);

EXPORT int
__open_2(const char *path, int flags)
{
	return (any_open(AT_FDCWD, path, flags, 0));
}

EXPORT int
__open64_2(const char *path, int flags)
{
	return (any_open(AT_FDCWD, path, flags, 0));
}

EXPORT int
__openat_2(int dir_fd, const char *path, int flags)
{
	return (any_open(dir_fd, path, flags, 0));
}

EXPORT int
__openat64_2(int dir_fd, const char *path, int flags)
{
	return (any_open(dir_fd, path, flags, 0));
}

EXPORT int
mkdirat(int dir_fd, const char *path, mode_t mode)
{
	REAL(mkdirat, int, int, const char *, mode_t);

	return (fault_meet_at(FAULT_MKDIR, "mkdir", dir_fd, path) == FAULT_ERROR ?
	    -1 : real(dir_fd, path, mode));
}

EXPORT int
mkdir(const char *path, mode_t mode)
{
	return (mkdirat(AT_FDCWD, path, mode));
}

EXPORT int
renameat2(int from_fd, const char *from, int to_fd, const char *to,
    unsigned int flags)
{
	REAL(renameat2, int, int, const char *, int, const char *,
	    unsigned int);

	return (fault_meet_at(FAULT_RENAME, "rename", to_fd, to) == FAULT_ERROR ?
	    -1 : real(from_fd, from, to_fd, to, flags));
}

EXPORT int
renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return (renameat2(from_fd, from, to_fd, to, 0));
}

EXPORT int
rename(const char *from, const char *to)
{
	return (renameat2(AT_FDCWD, from, AT_FDCWD, to, 0));
}

EXPORT int
linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
	REAL(linkat, int, int, const char *, int, const char *, int);

	return (fault_meet_at(FAULT_LINK, "link", to_fd, to) == FAULT_ERROR ? -1 :
	    real(from_fd, from, to_fd, to, flags));
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

	return (fault_meet_at(FAULT_UNLINK, "unlink", dir_fd, path) == FAULT_ERROR ?
	    -1 : real(dir_fd, path, flags));
}

EXPORT int
unlink(const char *path)
{
	return (unlinkat(AT_FDCWD, path, 0));
}

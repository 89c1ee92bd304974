/* faultlib.c: see fault.h. */
#include "faultlib.h"

#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct fault *plan;

EXPORT void fault_follow(struct fault *other);

EXPORT void
fault_follow(struct fault *other)
{
	plan = other;
}

__attribute__((constructor)) static void
start(void)
{
	const char *path = getenv("FAULT_PLAN");
	struct fault *map;
	int fd;

	if (path == NULL)
		return;
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		_exit(99);
	map = mmap(NULL, sizeof(*map), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);
	if (map == MAP_FAILED)
		_exit(99);
	close(fd);
	plan = map;
}

static bool
is_below(const char *path)
{
	size_t len = strlen(plan->root);

	return (strncmp(path, plan->root, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0'));
}

static bool
fd_path(int fd, char buf[PATH_MAX])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, buf, PATH_MAX - 1);
	buf[n > 0 ? n : 0] = '\0';
	return (n > 0);
}

static bool
at_path(int dir_fd, const char *path, char buf[PATH_MAX])
{
	size_t len;

	if (path[0] == '/') {
		snprintf(buf, PATH_MAX, "%s", path);
		return (true);
	}
	if (dir_fd == AT_FDCWD || !fd_path(dir_fd, buf))
		return (false);
	len = strlen(buf);
	snprintf(buf + len, PATH_MAX - len, "/%s", path);
	return (true);
}

static void
fork_a_sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	atomic_store(&plan->child, pid);
}

/* Count a call; do here what can be done before it.  The action that is left
 * to the caller: FAULT_NONE, FAULT_ERROR (errno is set), FAULT_SHORT or
 * FAULT_KILL_HALF. */
static enum fault_action
meet(uint32_t kind, const char *name, const char *path)
{
	int n;

	if ((plan->kinds & kind) == 0 || !is_below(path))
		return (FAULT_NONE);
	n = 1 + atomic_fetch_add(&plan->count, 1);
	if (plan->nth <= 0 || n < plan->nth || (n > plan->nth &&
	    !plan->repeat))
		return (FAULT_NONE);
	if (atomic_fetch_add(&plan->fired, 1) == 0)
		snprintf(plan->what, sizeof(plan->what), "%s %.250s", name,
		    path + strlen(plan->root));
	switch (plan->action) {
	case FAULT_KILL:
		kill(getpid(), SIGKILL);
		break;
	case FAULT_STOP:
		kill(getpid(), SIGSTOP);
		break;
	case FAULT_FORK:
		fork_a_sleeper();
		break;
	case FAULT_ERROR:
		errno = plan->err;
		return (FAULT_ERROR);
	case FAULT_KILL_HALF:
	case FAULT_SHORT:
		return ((enum fault_action)plan->action);
	default:
		break;
	}
	return (FAULT_NONE);
}

static enum fault_action
meet_fd(uint32_t kind, const char *name, int fd)
{
	char path[PATH_MAX];
	int saved = errno;

	if (plan == NULL || !fd_path(fd, path)) {
		errno = saved;
		return (FAULT_NONE);
	}
	errno = saved;
	return (meet(kind, name, path));
}

enum fault_action
fault_meet_at(uint32_t kind, const char *name, int dir_fd, const char *path)
{
	char buf[PATH_MAX];
	int saved = errno;

	if (plan == NULL || !at_path(dir_fd, path, buf)) {
		errno = saved;
		return (FAULT_NONE);
	}
	errno = saved;
	return (meet(kind, name, buf));
}

/* How much of len a read or write is to do. */
static size_t
part(enum fault_action action, size_t len)
{
	return (action == FAULT_NONE || len < 2 ? len : len / 2);
}

static void
after_half(enum fault_action action)
{
	if (action == FAULT_KILL_HALF)
		kill(getpid(), SIGKILL);
}

/* ---- reading and writing ---- */

EXPORT ssize_t
write(int fd, const void *buf, size_t len)
{
	REAL(write, ssize_t, int, const void *, size_t);
	enum fault_action action = meet_fd(FAULT_WRITE, "write", fd);
	ssize_t n;

	if (action == FAULT_ERROR)
		return (-1);
	n = real(fd, buf, part(action, len));
	after_half(action);
	return (n);
}

EXPORT ssize_t
pwrite64(int fd, const void *buf, size_t len, off64_t offset)
{
	REAL(pwrite64, ssize_t, int, const void *, size_t, off64_t);
	enum fault_action action = meet_fd(FAULT_WRITE, "pwrite", fd);
	ssize_t n;

	if (action == FAULT_ERROR)
		return (-1);
	n = real(fd, buf, part(action, len), offset);
	after_half(action);
	return (n);
}

EXPORT ssize_t
pwrite(int fd, const void *buf, size_t len, off_t offset)
{
	return (pwrite64(fd, buf, len, offset));
}

EXPORT ssize_t
read(int fd, void *buf, size_t len)
{
	REAL(read, ssize_t, int, void *, size_t);
	enum fault_action action = meet_fd(FAULT_READ, "read", fd);

	return (action == FAULT_ERROR ? -1 : real(fd, buf, part(action,
	    len)));
}

EXPORT ssize_t
pread64(int fd, void *buf, size_t len, off64_t offset)
{
	REAL(pread64, ssize_t, int, void *, size_t, off64_t);
	enum fault_action action = meet_fd(FAULT_READ, "pread", fd);

	return (action == FAULT_ERROR ? -1 : real(fd, buf, part(action, len),
	    offset));
}

EXPORT ssize_t
pread(int fd, void *buf, size_t len, off_t offset)
{
	return (pread64(fd, buf, len, offset));
}

/* What a build with _FORTIFY_SOURCE calls. */
EXPORT ssize_t __read_chk(int fd, void *buf, size_t len, size_t size);
EXPORT ssize_t __pread_chk(int fd, void *buf, size_t len, off_t offset,
    size_t size);
EXPORT ssize_t __pread64_chk(int fd, void *buf, size_t len, off64_t offset,
    size_t size);

EXPORT ssize_t
__read_chk(int fd, void *buf, size_t len, size_t size)
{
	if (len > size)
		abort();
	return (read(fd, buf, len));
}

EXPORT ssize_t
__pread_chk(int fd, void *buf, size_t len, off_t offset, size_t size)
{
	if (len > size)
		abort();
	return (pread64(fd, buf, len, offset));
}

EXPORT ssize_t
__pread64_chk(int fd, void *buf, size_t len, off64_t offset, size_t size)
{
	if (len > size)
		abort();
	return (pread64(fd, buf, len, offset));
}

EXPORT int
fsync(int fd)
{
	REAL(fsync, int, int);

	return (meet_fd(FAULT_SYNC, "fsync", fd) == FAULT_ERROR ? -1 :
	    real(fd));
}

EXPORT int
fdatasync(int fd)
{
	REAL(fdatasync, int, int);

	return (meet_fd(FAULT_SYNC, "fdatasync", fd) == FAULT_ERROR ? -1 :
	    real(fd));
}

EXPORT int
ftruncate64(int fd, off64_t size)
{
	REAL(ftruncate64, int, int, off64_t);

	return (meet_fd(FAULT_TRUNCATE, "ftruncate", fd) == FAULT_ERROR ? -1 :
	    real(fd, size));
}

EXPORT int
ftruncate(int fd, off_t size)
{
	return (ftruncate64(fd, size));
}

EXPORT int
fallocate64(int fd, int mode, off64_t offset, off64_t len)
{
	REAL(fallocate64, int, int, int, off64_t, off64_t);

	return (meet_fd(FAULT_COPY, "fallocate", fd) == FAULT_ERROR ? -1 :
	    real(fd, mode, offset, len));
}

EXPORT int
fallocate(int fd, int mode, off_t offset, off_t len)
{
	return (fallocate64(fd, mode, offset, len));
}

EXPORT int
posix_fallocate64(int fd, off64_t offset, off64_t len)
{
	REAL(posix_fallocate64, int, int, off64_t, off64_t);

	return (meet_fd(FAULT_COPY, "posix_fallocate", fd) == FAULT_ERROR ?
	    errno : real(fd, offset, len));
}

EXPORT int
posix_fallocate(int fd, off_t offset, off_t len)
{
	return (posix_fallocate64(fd, offset, len));
}

EXPORT ssize_t
copy_file_range(int in, off64_t *off_in, int out, off64_t *off_out,
    size_t len, unsigned int flags)
{
	REAL(copy_file_range, ssize_t, int, off64_t *, int, off64_t *, size_t,
	    unsigned int);
	enum fault_action action = meet_fd(FAULT_COPY, "copy_file_range",
	    out);
	ssize_t n;

	if (action == FAULT_ERROR)
		return (-1);
	n = real(in, off_in, out, off_out, part(action, len), flags);
	after_half(action);
	return (n);
}

EXPORT int
ioctl(int fd, unsigned long request, ...)
{
	REAL(ioctl, int, int, unsigned long, void *);
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (request == FICLONE && meet_fd(FAULT_COPY, "clone", fd) ==
	    FAULT_ERROR)
		return (-1);
	return (real(fd, request, arg));
}

EXPORT int
fchmod(int fd, mode_t mode)
{
	REAL(fchmod, int, int, mode_t);

	return (meet_fd(FAULT_MODE, "fchmod", fd) == FAULT_ERROR ? -1 :
	    real(fd, mode));
}

EXPORT int
fchown(int fd, uid_t uid, gid_t gid)
{
	REAL(fchown, int, int, uid_t, gid_t);

	return (meet_fd(FAULT_MODE, "fchown", fd) == FAULT_ERROR ? -1 :
	    real(fd, uid, gid));
}

EXPORT int
chmod(const char *path, mode_t mode)
{
	REAL(chmod, int, const char *, mode_t);

	return (fault_meet_at(FAULT_MODE, "chmod", AT_FDCWD, path) == FAULT_ERROR ?
	    -1 : real(path, mode));
}

EXPORT int
fstat64(int fd, struct stat64 *st)
{
	REAL(fstat64, int, int, struct stat64 *);

	return (meet_fd(FAULT_STAT, "fstat", fd) == FAULT_ERROR ? -1 :
	    real(fd, st));
}

EXPORT int
fstat(int fd, struct stat *st)
{
	REAL(fstat, int, int, struct stat *);

	return (meet_fd(FAULT_STAT, "fstat", fd) == FAULT_ERROR ? -1 :
	    real(fd, st));
}

EXPORT int
close(int fd)
{
	REAL(close, int, int);
	enum fault_action action = meet_fd(FAULT_CLOSE, "close", fd);
	int rc = real(fd);		/* it is closed even if it fails */

	if (action != FAULT_ERROR)
		return (rc);
	errno = plan->err;
	return (-1);
}

/* ---- locks ---- */

EXPORT int
flock(int fd, int operation)
{
	REAL(flock, int, int, int);

	if ((operation & LOCK_UN) == 0 && meet_fd(FAULT_FLOCK, "flock", fd) ==
	    FAULT_ERROR)
		return (-1);
	return (real(fd, operation));
}

static int
any_fcntl(int fd, int cmd, void *arg)
{
	REAL(fcntl64, int, int, int, ...);

	if ((cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW || cmd == F_SETLK ||
	    cmd == F_SETLKW) && ((struct flock *)arg)->l_type != F_UNLCK &&
	    meet_fd(FAULT_FCNTL, "fcntl", fd) == FAULT_ERROR)
		return (-1);
	return (real(fd, cmd, arg));
}

#define FCNTL_ARG(arg, cmd) do { \
	va_list ap; \
	va_start(ap, cmd); \
	arg = va_arg(ap, void *); \
	va_end(ap); \
} while (0)

EXPORT int
fcntl(int fd, int cmd, ...)
{
	void *arg;

	FCNTL_ARG(arg, cmd);
	return (any_fcntl(fd, cmd, arg));
}

EXPORT int
fcntl64(int fd, int cmd, ...)
{
	void *arg;

	FCNTL_ARG(arg, cmd);
	return (any_fcntl(fd, cmd, arg));
}

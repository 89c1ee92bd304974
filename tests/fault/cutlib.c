/*
 * cutlib.c: an interposing library (LD_PRELOAD) that records every call which
 * changes a file below one directory, in one order for all processes, and ends
 * the process, or everybody's power, at a chosen call.
 *
 * CUT_LOG names the log; CUT_ARM="N" or "N power" arms the process that is
 * started; a forked child is armed through cut_arm_self().
 */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/store_record.h"

#include "cutlib.h"

static struct cut_log *cut;
static struct cut_arm arm = { -1, 0 };

EXPORT void cut_arm_self(int calls_left, int is_power);

EXPORT void
cut_arm_self(int calls_left, int is_power)
{
	arm.calls_left = calls_left;
	arm.is_power = is_power;
}

__attribute__((constructor)) static void
cut_init(void)
{
	const char *path = getenv("CUT_LOG"), *text = getenv("CUT_ARM");
	int fd;

	if (path == NULL)
		return;
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		_exit(99);
	cut = mmap(NULL, CUT_LOG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	if (cut == MAP_FAILED)
		_exit(99);
	close(fd);
	if (text != NULL) {
		arm.calls_left = atoi(text);
		arm.is_power = strstr(text, "power") != NULL;
	}
}

static void
die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* Take the log; count the call; die here if this is the one. */
void
cut_enter(void)
{
	int none = 0;

	while (!atomic_compare_exchange_weak(&cut->lock, &none, getpid())) {
		none = 0;
		sched_yield();
	}
	if (arm.calls_left > 0 && --arm.calls_left == 0) {
		if (arm.is_power)
			atomic_store(&cut->is_dead, 1);
		atomic_store(&cut->lock, 0);
		die();
	}
	if (atomic_load(&cut->is_dead)) {
		atomic_store(&cut->lock, 0);
		die();
	}
}

void
cut_leave(void)
{
	int saved = errno;

	atomic_store(&cut->lock, 0);
	errno = saved;
}

/* Name below the root of an absolute path, or NULL. */
static const char *
below(const char *path)
{
	size_t len = strlen(cut->root);

	if (strncmp(path, cut->root, len) != 0 || path[len] != '/')
		return (NULL);
	return (path + len + 1);
}

/* The same of an open descriptor.  The root itself is "". */
bool
cut_name_of_fd(int fd, char buf[PATH_MAX], const char **ret_name)
{
	char link[64];
	ssize_t n;

	if (cut == NULL || fd < 0)
		return (false);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, buf, PATH_MAX - 1);
	if (n <= 0)
		return (false);
	buf[n] = '\0';
	if (strcmp(buf, cut->root) == 0) {
		*ret_name = "";
		return (true);
	}
	*ret_name = below(buf);
	return (*ret_name != NULL);
}

bool
cut_name_of_path(int dir_fd, const char *path, char buf[PATH_MAX],
    const char **ret_name)
{
	char dir[PATH_MAX];
	const char *name;

	if (cut == NULL)
		return (false);
	if (path[0] == '/') {
		snprintf(buf, PATH_MAX, "%s", path);
		*ret_name = below(buf);
		return (*ret_name != NULL);
	}
	if (dir_fd == AT_FDCWD || !cut_name_of_fd(dir_fd, dir, &name))
		return (false);
	snprintf(buf, PATH_MAX, "%s%s%.*s", name, *name == '\0' ? "" : "/",
	    CUT_NAME, path);
	*ret_name = buf;
	return (true);
}

uint64_t
cut_inode_of(int fd)
{
	struct stat st;

	return (fstat(fd, &st) == 0 ? (uint64_t)st.st_ino : 0);
}

uint64_t
cut_inode_at(int dir_fd, const char *path)
{
	struct stat st;

	return (fstatat(dir_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ?
	    (uint64_t)st.st_ino : 0);
}

/* Write one record; the lock is held. */
static void
put(struct cut_record *record, const char *name, const char *name2,
    const void *data)
{
	size_t n1 = name != NULL ? strlen(name) + 1 : 0;
	size_t n2 = name2 != NULL ? strlen(name2) + 1 : 0;
	size_t body = data != NULL ? record->len : n1 + n2;
	size_t size = (sizeof(*record) + body + 7) & ~(size_t)7;
	char *at = (char *)cut + sizeof(*cut) + cut->used;

	if (sizeof(*cut) + cut->used + size > CUT_LOG_SIZE) {
		atomic_store(&cut->overflow, 1);
		return;
	}
	record->size = (uint32_t)size;
	record->pid = getpid();
	record->names = (int32_t)(data != NULL ? 0 : n1 + n2);
	memcpy(at, record, sizeof(*record));
	at += sizeof(*record);
	if (data != NULL) {
		memcpy(at, data, record->len);
	} else {
		if (n1 > 0)
			memcpy(at, name, n1);
		if (n2 > 0)
			memcpy(at + n1, name2, n2);
	}
	cut->used += size;
	cut->calls++;
}

void
cut_put(enum cut_kind kind, uint64_t ino, uint64_t offset,
    const char *name, const char *name2)
{
	struct cut_record record = { .kind = kind, .ino = ino,
	    .offset = offset };

	put(&record, name, name2, NULL);
}

/* ---- the bytes of an account record, for the one-slot ablation ---- */

#define SLOTS_B (AKITA_RECORD_SIZE - 2 * AKITA_SLOT_SIZE)
static const size_t slot_at[4] = { AKITA_RECORD_HEADER,
    AKITA_RECORD_HEADER + AKITA_SLOT_SIZE, SLOTS_B,
    SLOTS_B + AKITA_SLOT_SIZE };

static void
one_slot(char *record)
{
	char *newer;

	newer = memcmp(record + slot_at[0], record + slot_at[1], 8) > 0 ?
	    record + slot_at[0] : record + slot_at[1];
	memmove(record + slot_at[0], newer, AKITA_SLOT_SIZE);
	for (size_t i = 1; i < 4; i++)
		memset(record + slot_at[i], 0, AKITA_SLOT_SIZE);
}

/* ---- the calls ---- */

static ssize_t
record_write(int fd, const void *buf, size_t len, off_t offset,
    ssize_t (*do_write)(int, const void *, size_t, off_t, int), int seek)
{
	struct cut_record record = { .kind = CUT_WRITE };
	char path[PATH_MAX], changed[AKITA_RECORD_SIZE];
	const char *name;
	ssize_t n;

	if (!cut_name_of_fd(fd, path, &name))
		return (do_write(fd, buf, len, offset, seek));
	if ((cut->ablate & CUT_ONE_SLOT) != 0 && len == AKITA_RECORD_SIZE &&
	    memcmp(buf, AKITA_RECORD_MAGIC, 4) == 0) {
		memcpy(changed, buf, len);
		one_slot(changed);
		buf = changed;
	}
	if ((cut->ablate & CUT_NO_STRIPES) != 0)
		usleep(2000);	/* time for the others to read the same */
	cut_enter();
	if (seek)
		offset = lseek(fd, 0, SEEK_CUR);
	if (seek && (fcntl(fd, F_GETFL) & O_APPEND) != 0)
		offset = lseek(fd, 0, SEEK_END);
	n = do_write(fd, buf, len, offset, seek);
	if (n > 0) {
		record.ino = cut_inode_of(fd);
		record.offset = (uint64_t)offset;
		record.len = (uint64_t)n;
		put(&record, NULL, NULL, buf);
	}
	cut_leave();
	return (n);
}

static ssize_t
do_write(int fd, const void *buf, size_t len, off_t offset, int seek)
{
	REAL(write, ssize_t, int, const void *, size_t);
	static ssize_t (*real_p)(int, const void *, size_t, off_t);

	if (real_p == NULL)
		*(void **)&real_p = dlsym(RTLD_NEXT, "pwrite64");
	return (seek ? real(fd, buf, len) : real_p(fd, buf, len, offset));
}

EXPORT ssize_t
write(int fd, const void *buf, size_t len)
{
	return (record_write(fd, buf, len, 0, do_write, 1));
}

EXPORT ssize_t
pwrite(int fd, const void *buf, size_t len, off_t offset)
{
	return (record_write(fd, buf, len, offset, do_write, 0));
}

EXPORT ssize_t
pwrite64(int fd, const void *buf, size_t len, off64_t offset)
{
	return (record_write(fd, buf, len, offset, do_write, 0));
}

static int
record_truncate(int fd, off_t size)
{
	REAL(ftruncate64, int, int, off_t);
	char path[PATH_MAX];
	const char *name;
	int rc;

	if (!cut_name_of_fd(fd, path, &name))
		return (real(fd, size));
	cut_enter();
	rc = real(fd, size);
	if (rc == 0)
		cut_put(CUT_TRUNCATE, cut_inode_of(fd), (uint64_t)size, NULL,
		    NULL);
	cut_leave();
	return (rc);
}

EXPORT int
ftruncate(int fd, off_t size)
{
	return (record_truncate(fd, size));
}

EXPORT int
ftruncate64(int fd, off64_t size)
{
	return (record_truncate(fd, size));
}

/* Preallocation is a change of size where it grows the file. */
EXPORT int
posix_fallocate(int fd, off_t offset, off_t len)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return (errno);
	if (st.st_size >= offset + len)
		return (0);
	return (ftruncate(fd, offset + len) == 0 ? 0 : errno);
}

EXPORT int
posix_fallocate64(int fd, off64_t offset, off64_t len)
{
	return (posix_fallocate(fd, offset, len));
}

EXPORT int
fallocate(int fd, int mode, off_t offset, off_t len)
{
	(void)fd;
	(void)mode;
	(void)offset;
	(void)len;
	errno = EOPNOTSUPP;
	return (-1);
}

EXPORT int
fallocate64(int fd, int mode, off64_t offset, off64_t len)
{
	return (fallocate(fd, mode, offset, len));
}

/* Copies go through write, which is recorded. */
EXPORT ssize_t
copy_file_range(int in, off64_t *off_in, int out, off64_t *off_out,
    size_t len, unsigned int flags)
{
	(void)in;
	(void)off_in;
	(void)out;
	(void)off_out;
	(void)len;
	(void)flags;
	errno = EXDEV;
	return (-1);
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
	if (cut != NULL && request == FICLONE) {
		errno = EOPNOTSUPP;
		return (-1);
	}
	return (real(fd, request, arg));
}

static int
record_sync(int fd, int (*do_sync)(int))
{
	char path[PATH_MAX];
	const char *name, *dot;
	struct stat st;
	int rc = 0;

	if (!cut_name_of_fd(fd, path, &name) || fstat(fd, &st) != 0)
		return (do_sync(fd));
	cut_enter();
	dot = strrchr(name, '.');
	if (S_ISDIR(st.st_mode)) {
		if ((cut->ablate & CUT_NO_DIRSYNC) == 0)
			cut_put(CUT_DIRSYNC, st.st_ino, 0, name, NULL);
	} else if ((cut->ablate & CUT_NO_DBSYNC) == 0 || dot == NULL ||
	    strcmp(dot, ".gdbm") != 0) {
		cut_put(CUT_FSYNC, st.st_ino, 0, NULL, NULL);
	}
	cut_leave();
	return (rc);
}

EXPORT int
fsync(int fd)
{
	REAL(fsync, int, int);
	return (record_sync(fd, real));
}

EXPORT int
fdatasync(int fd)
{
	REAL(fdatasync, int, int);
	return (record_sync(fd, real));
}

static int
record_fcntl(int fd, int cmd, void *arg)
{
	REAL(fcntl64, int, int, int, ...);

	if (cut != NULL && (cut->ablate & CUT_NO_STRIPES) != 0 &&
	    (cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW))
		return (0);
	return (real(fd, cmd, arg));
}

EXPORT int
fcntl(int fd, int cmd, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	return (record_fcntl(fd, cmd, arg));
}

EXPORT int
fcntl64(int fd, int cmd, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	return (record_fcntl(fd, cmd, arg));
}

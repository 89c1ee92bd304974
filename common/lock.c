#include "common/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define GATE		8192	/* byte past the end: someone waits to be alone */
#define GATE_MS		500	/* how long newcomers are held off */
#define POLL_MIN_MS	2
#define POLL_SPAN_MS	9

uint32_t
akita_lock_stripe(const uint8_t name_hash[16])
{
	uint32_t low = (uint32_t)name_hash[14] << 8 | name_hash[15];

	return 1 + low % AKITA_STRIPES;
}

bool
akita_wait_turn(const struct akita_wait *wait)
{
	int64_t left = wait->deadline_ms -
	    wait->clock->mono_ms(wait->clock->ctx);
	int64_t ms = POLL_MIN_MS;
	uint8_t jitter;

	if (left <= 0)
		return false;
	if (wait->random->fill(wait->random->ctx, &jitter, 1) == AKITA_OK)
		ms += jitter % POLL_SPAN_MS;
	wait->clock->sleep_ms(wait->clock->ctx, ms < left ? ms : left);
	return true;
}

static enum akita_rc
missing(const char *dir, const char *name, struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_DATABASE,
	    AKITA_N("%s/%s is missing.  If the database was restored from a "
	    "backup, run otpadm repair; if there is none yet, otpadm init."),
	    dir, name, NULL);
}

enum akita_rc
akita_lock_open(struct akita_lock *lock, int dir_fd, const char *dir,
    const char *name, const struct akita_trust *trust, struct akita_why *why)
{
	enum akita_rc rc;

	memset(lock, 0, sizeof(*lock));
	lock->fd = -1;
	rc = akita_trust_open_at(dir_fd, dir, name, O_RDWR, trust, &lock->fd,
	    why);
	if (rc == AKITA_ERR_MISSING)
		return missing(dir, name, why);
	return rc == AKITA_OK || rc == AKITA_ERR_PERMISSION ? rc :
	    AKITA_ERR_DATABASE;
}

enum akita_rc
akita_lock_make(int dir_fd, const char *dir, const char *name,
    const struct akita_trust *trust, struct akita_why *why)
{
	enum akita_rc rc;
	uint8_t marks[AKITA_LOCK_SIZE];
	int fd = -1;

	rc = akita_trust_open_at(dir_fd, dir, name, O_RDWR | O_CREAT | O_EXCL,
	    trust, &fd, why);
	if (rc != AKITA_OK)
		return rc;
	memset(marks, AKITA_MARK_CLEAN, sizeof(marks));
	if (pwrite(fd, marks, sizeof(marks), 0) != (ssize_t)sizeof(marks) ||
	    fsync(fd) != 0) {
		rc = akita_fail(why, AKITA_ERR_IO,
		    AKITA_N("%s/%s cannot be written (%s)."), dir, name,
		    akita_trust_errno(errno), NULL);
		(void)unlinkat(dir_fd, name, 0);
	}
	(void)close(fd);
	return rc;
}

/* Lock or unlock a byte.  AKITA_ERR_BUSY: someone else has it. */
static enum akita_rc
byte_lock(int fd, short type, off_t at)
{
	struct flock fl = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1
	};

	while (fcntl(fd, F_OFD_SETLK, &fl) != 0) {
		if (errno == EAGAIN || errno == EACCES)
			return AKITA_ERR_BUSY;
		if (errno != EINTR)
			return AKITA_ERR_IO;
	}
	return AKITA_OK;
}

static enum akita_rc
file_lock(int fd, int operation)
{
	while (flock(fd, operation | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			return AKITA_ERR_BUSY;
		if (errno != EINTR)
			return AKITA_ERR_IO;
	}
	return AKITA_OK;
}

enum akita_rc
akita_flock(int fd, const struct akita_wait *wait)
{
	enum akita_rc rc;

	while ((rc = file_lock(fd, LOCK_EX)) == AKITA_ERR_BUSY)
		if (!akita_wait_turn(wait))
			break;
	return rc;
}

/* Someone waits to be alone. */
static bool
gate_is_shut(int fd)
{
	struct flock fl = {
		.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = GATE,
		.l_len = 1
	};

	return fcntl(fd, F_OFD_GETLK, &fl) == 0 && fl.l_type != F_UNLCK;
}

/* One try at shared lock and stripe. */
static enum akita_rc
try_shared(struct akita_lock *lock, short type)
{
	enum akita_rc rc;

	if (!lock->is_held) {
		if (gate_is_shut(lock->fd))
			return AKITA_ERR_BUSY;
		if ((rc = file_lock(lock->fd, LOCK_SH)) != AKITA_OK)
			return rc;
		lock->is_held = true;
	}
	rc = byte_lock(lock->fd, type, lock->stripe);
	if (rc != AKITA_OK) {
		/* Waiting for a stripe must not keep a change of structure
		 * waiting. */
		(void)flock(lock->fd, LOCK_UN);
		lock->is_held = false;
	}
	return rc;
}

static enum akita_rc
take_exclusive(struct akita_lock *lock, const struct akita_wait *wait)
{
	int64_t shut_until = wait->clock->mono_ms(wait->clock->ctx) + GATE_MS;
	enum akita_rc rc;

	while ((rc = file_lock(lock->fd, LOCK_EX)) == AKITA_ERR_BUSY) {
		if (wait->clock->mono_ms(wait->clock->ctx) < shut_until)
			(void)byte_lock(lock->fd, F_WRLCK, GATE);
		else
			(void)byte_lock(lock->fd, F_UNLCK, GATE);
		if (!akita_wait_turn(wait))
			break;
	}
	(void)byte_lock(lock->fd, F_UNLCK, GATE);
	lock->is_held = rc == AKITA_OK;
	return rc;
}

static enum akita_rc
read_mark(struct akita_lock *lock, off_t at, enum akita_mark *ret)
{
	uint8_t byte = 0;
	ssize_t n;

	do
		n = pread(lock->fd, &byte, 1, at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return AKITA_ERR_IO;
	*ret = n == 1 && (byte == AKITA_MARK_CLEAN ||
	    byte == AKITA_MARK_FAILED) ? (enum akita_mark)byte :
	    AKITA_MARK_DIRTY;
	return AKITA_OK;
}

/* All of them: the worst of the stripes becomes mark. */
static enum akita_rc
read_marks(struct akita_lock *lock)
{
	uint8_t marks[AKITA_LOCK_SIZE] = { 0 };
	enum akita_rc rc;
	ssize_t n;
	size_t i;

	if ((rc = read_mark(lock, 0, &lock->structure)) != AKITA_OK)
		return rc;
	do
		n = pread(lock->fd, marks, sizeof(marks), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return AKITA_ERR_IO;
	for (i = 1; i < sizeof(marks); i++)
		if (marks[i] == AKITA_MARK_FAILED)
			lock->mark = AKITA_MARK_FAILED;
		else if (marks[i] != AKITA_MARK_CLEAN &&
		    lock->mark == AKITA_MARK_CLEAN)
			lock->mark = AKITA_MARK_DIRTY;
	return AKITA_OK;
}

enum akita_rc
akita_lock_take(struct akita_lock *lock, enum akita_lock_kind kind,
    uint32_t stripe, const struct akita_wait *wait, struct akita_why *why)
{
	enum akita_rc rc;
	short type = kind == AKITA_LOCK_READ ? F_RDLCK : F_WRLCK;

	lock->kind = kind;
	lock->stripe = stripe;
	lock->mark = AKITA_MARK_CLEAN;
	if (kind == AKITA_LOCK_EXCLUSIVE)
		rc = take_exclusive(lock, wait);
	else
		while ((rc = try_shared(lock, type)) == AKITA_ERR_BUSY)
			if (!akita_wait_turn(wait))
				break;
	if (rc == AKITA_OK && kind == AKITA_LOCK_EXCLUSIVE)
		rc = read_marks(lock);
	else if (rc == AKITA_OK && (rc = read_mark(lock, 0,
	    &lock->structure)) == AKITA_OK)
		rc = read_mark(lock, stripe, &lock->mark);
	if (rc == AKITA_OK)
		return rc;
	akita_lock_release(lock);
	if (rc == AKITA_ERR_BUSY)
		return akita_fail(why, rc, AKITA_N("The database is busy.  "
		    "Try again; otpadm doctor names who holds it."), NULL);
	return akita_fail(why, rc, AKITA_N("The database's lock file cannot "
	    "be used (%s)."), akita_trust_errno(errno), NULL);
}

static enum akita_rc
write_mark(struct akita_lock *lock, off_t at, enum akita_mark mark,
    struct akita_why *why)
{
	uint8_t byte = (uint8_t)mark;
	ssize_t n;

	do
		n = pwrite(lock->fd, &byte, 1, at);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		return AKITA_OK;
	return akita_fail(why, AKITA_ERR_DATABASE,
	    AKITA_N("The database's lock file cannot be written (%s)."),
	    akita_trust_errno(n < 0 ? errno : ENOSPC), NULL);
}

enum akita_rc
akita_lock_mark_structure(struct akita_lock *lock, enum akita_mark mark,
    struct akita_why *why)
{
	enum akita_rc rc;

	rc = write_mark(lock, 0, mark, why);
	if (rc == AKITA_OK)
		lock->structure = mark;
	return rc;
}

enum akita_rc
akita_lock_mark_stripe(struct akita_lock *lock, enum akita_mark mark,
    struct akita_why *why)
{
	enum akita_rc rc;

	if (lock->kind == AKITA_LOCK_EXCLUSIVE)
		return akita_lock_mark_structure(lock, mark, why);
	rc = write_mark(lock, lock->stripe, mark, why);
	if (rc == AKITA_OK)
		lock->mark = mark;
	return rc;
}

enum akita_rc
akita_lock_clear_all(struct akita_lock *lock, struct akita_why *why)
{
	uint8_t marks[AKITA_LOCK_SIZE];
	ssize_t n;

	memset(marks, AKITA_MARK_CLEAN, sizeof(marks));
	do
		n = pwrite(lock->fd, marks, sizeof(marks), 0);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof(marks)) {
		lock->structure = lock->mark = AKITA_MARK_CLEAN;
		return AKITA_OK;
	}
	return akita_fail(why, AKITA_ERR_DATABASE,
	    AKITA_N("The database's lock file cannot be written (%s)."),
	    akita_trust_errno(n < 0 ? errno : ENOSPC), NULL);
}

void
akita_lock_release(struct akita_lock *lock)
{
	struct flock fl = {
		.l_type = F_UNLCK, .l_whence = SEEK_SET
	};

	if (lock->fd < 0 || !lock->is_held)
		return;
	/* In so many words: closing does not unlock while a forked child has
	 * the same open file. */
	if (lock->kind != AKITA_LOCK_EXCLUSIVE)
		(void)fcntl(lock->fd, F_OFD_SETLK, &fl);
	(void)flock(lock->fd, LOCK_UN);
	lock->is_held = false;
}

void
akita_lock_close(struct akita_lock *lock)
{
	akita_lock_release(lock);
	if (lock->fd >= 0)
		(void)close(lock->fd);
	lock->fd = -1;
}

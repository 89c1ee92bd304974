#include "common/audit.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/audit_line.h"
#include "common/secret.h"

#define WINDOW	(2 * AKITA_AUDIT_LINE)	/* bytes looked at from the end */

/* What the end of a log looks like. */
struct tail {
	struct akita_audit_head	head;
	off_t	size;
	off_t	whole;		/* where the last whole record ends */
	bool	is_record;	/* the last line is one, or there is none */
	bool	has_newline;	/* the byte before whole is one, or whole 0 */
};

enum akita_rc
akita_audit_error(enum akita_rc rc, const char *path, struct akita_why *why)
{
	switch (rc) {
	case AKITA_OK:
	case AKITA_ERR_NOMEM:
		return rc;
	case AKITA_ERR_MISSING:
		return akita_fail(why, AKITA_ERR_LOG,
		    AKITA_N("the audit log %s or its directory is missing: "
		    "make the directory, or put the log back"), path, NULL);
	default:
		return AKITA_ERR_LOG;
	}
}

static enum akita_rc
log_failed(struct akita_why *why, const char *path, int err)
{
	return akita_fail(why, AKITA_ERR_LOG,
	    AKITA_N("the audit log %s cannot be used: %s"), path,
	    akita_trust_errno(err), NULL);
}

/* pread(2) of all of len; what is missing at the end of the file is an
 * error too (EIO): it was there a moment ago. */
static bool
read_at(int fd, char *buf, size_t len, off_t offset)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = pread(fd, buf + done, len - done, offset + (off_t)done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

/* Look at the line from start to end, which is the log's last. */
static bool
take_last(struct tail *tail, const char *start, const char *end)
{
	struct akita_audit_line line;

	if (!akita_audit_line_parse(start, (size_t)(end - start), &line))
		return false;
	tail->head = line.head;
	tail->is_record = true;
	return true;
}

/* buf is the last len bytes of the log, not 0. */
static void
look_at_end(struct tail *tail, const char *buf, size_t len)
{
	bool is_all = (off_t)len == tail->size;
	const char *end = buf + len, *last, *line;

	last = memrchr(buf, '\n', len);
	if (last == NULL && !is_all)
		return;
	line = last != NULL ? last + 1 : buf;
	if (line < end && take_last(tail, line, end))
		return;
	/* What is behind the last newline is torn, or nothing. */
	tail->whole -= end - line;
	tail->has_newline = true;
	if (last == NULL) {
		tail->is_record = true;
		return;
	}
	line = memrchr(buf, '\n', (size_t)(last - buf));
	if (line != NULL || is_all)
		(void)take_last(tail, line != NULL ? line + 1 : buf, last);
}

static enum akita_rc
find_tail(int fd, const char *path, struct tail *ret_tail,
    struct akita_why *why)
{
	struct tail tail = { .is_record = false };
	char buf[WINDOW];
	struct stat st;
	size_t len;

	if (fstat(fd, &st) != 0)
		return log_failed(why, path, errno);
	tail.size = tail.whole = st.st_size;
	if (st.st_size == 0) {
		tail.is_record = tail.has_newline = true;
	} else {
		len = st.st_size < WINDOW ? (size_t)st.st_size : WINDOW;
		if (!read_at(fd, buf, len, st.st_size - (off_t)len))
			return log_failed(why, path, errno);
		look_at_end(&tail, buf, len);
	}
	*ret_tail = tail;
	return AKITA_OK;
}

enum akita_rc
akita_audit_tail(const char *path, const struct akita_trust *policy,
    struct akita_audit_head *ret_head, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct tail tail = { .is_record = false };
	int fd = -1;

	rc = akita_trust_open(path, O_RDONLY, policy, &fd, why);
	if (rc == AKITA_ERR_MISSING) {
		memset(ret_head, 0, sizeof(*ret_head));
		return AKITA_OK;
	}
	if (rc != AKITA_OK)
		return akita_audit_error(rc, path, why);
	rc = find_tail(fd, path, &tail, why);
	(void)close(fd);
	if (rc != AKITA_OK)
		return rc;
	if (!tail.is_record)
		return akita_fail(why, AKITA_ERR_LOG,
		    AKITA_N("the audit log %s does not end in a record: it "
		    "was damaged or is no audit log"), path, NULL);
	*ret_head = tail.head;
	return AKITA_OK;
}

/* Cut off a torn line: where the next begins, and whether a newline is wanted
 * before it. */
static off_t
cut_torn(int fd, const struct tail *tail, bool *ret_wants_newline)
{
	/* A log that only takes appends (chattr +a) keeps its torn line. */
	if (tail->whole < tail->size && ftruncate(fd, tail->whole) != 0) {
		*ret_wants_newline = true;
		return tail->size;
	}
	*ret_wants_newline = !tail->has_newline;
	return tail->whole;
}

/*
 * Bring the line to the end of the log, with one write: a line cut short is
 * taken back.
 */
static enum akita_rc
write_line(int fd, const char *path, const struct tail *tail,
    const char *line, struct akita_why *why)
{
	char buf[AKITA_AUDIT_LINE + 1];
	bool wants_newline = false;
	off_t start = cut_torn(fd, tail, &wants_newline);
	size_t len = 0, line_len = strlen(line);
	ssize_t n;

	if (wants_newline)
		buf[len++] = '\n';
	memcpy(buf + len, line, line_len);
	len += line_len;
	do
		n = write(fd, buf, len);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)len && fdatasync(fd) == 0)
		return AKITA_OK;
	if (n >= 0 && n < (ssize_t)len)
		errno = ENOSPC;
	(void)log_failed(why, path, errno);
	/* If this fails as well, the line is torn: the next append cuts it. */
	if (ftruncate(fd, start) == 0)
		(void)fdatasync(fd);
	return AKITA_ERR_LOG;
}

/* The record is there already: see that it stays. */
static enum akita_rc
confirm(int fd, const char *path, const struct tail *tail,
    struct akita_why *why)
{
	if (!tail->has_newline && write(fd, "\n", 1) != 1)
		return log_failed(why, path, errno);
	if (fdatasync(fd) != 0)
		return log_failed(why, path, errno);
	return AKITA_OK;
}

static enum akita_rc
sync_parent(const char *path, const struct akita_trust *policy,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int fd = -1;

	rc = akita_trust_open_parent(path, policy, &fd, why);
	if (rc != AKITA_OK)
		return akita_audit_error(rc, path, why);
	if (fsync(fd) != 0)
		rc = log_failed(why, path, errno);
	(void)close(fd);
	return rc;
}

enum akita_rc
akita_audit_append(const char *path, const struct akita_trust *policy,
    const char *line, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct akita_audit_line parsed;
	struct tail tail = { .is_record = false };
	size_t len = strlen(line);
	int fd = -1;

	if (len == 0 || line[len - 1] != '\n' ||
	    !akita_audit_line_parse(line, len - 1, &parsed))
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("this is no record of the audit log"), NULL);
	rc = akita_trust_open(path, O_RDWR | O_APPEND | O_CREAT, policy, &fd,
	    why);
	if (rc != AKITA_OK)
		return akita_audit_error(rc, path, why);
	if ((rc = find_tail(fd, path, &tail, why)) != AKITA_OK)
		goto out;
	if (tail.is_record && tail.head.number == parsed.head.number &&
	    akita_equal(tail.head.mac, parsed.head.mac,
	    sizeof(tail.head.mac)))
		rc = confirm(fd, path, &tail, why);
	else
		rc = write_line(fd, path, &tail, line, why);
	/* A new file may not be in its directory yet, durably; nor is it when
	 * the first record is tried again because that step failed. */
	if (rc == AKITA_OK && (tail.size == 0 || parsed.head.number <= 1))
		rc = sync_parent(path, policy, why);
out:
	(void)close(fd);
	return rc;
}

/* What is missing of the batch, after the log's last record. */
static enum akita_rc
write_batch(int fd, const char *path, const struct tail *tail, int batch,
    struct akita_why *why)
{
	bool wants_newline = false;
	off_t start, from = 0;
	enum akita_rc rc;

	rc = akita_audit_batch_find(batch, &tail->head, &from, why);
	if (rc != AKITA_OK)
		return rc;
	start = cut_torn(fd, tail, &wants_newline);
	if ((!wants_newline || write(fd, "\n", 1) == 1) &&
	    akita_audit_batch_copy(batch, from, fd) && fdatasync(fd) == 0)
		return AKITA_OK;
	(void)log_failed(why, path, errno);
	/* If this fails as well, the next one goes on where this ended. */
	if (ftruncate(fd, start) == 0)
		(void)fdatasync(fd);
	return AKITA_ERR_LOG;
}

enum akita_rc
akita_audit_append_batch(const char *path, const struct akita_trust *policy,
    int fd, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct tail tail = { .is_record = false };
	int log = -1;

	rc = akita_trust_open(path, O_RDWR | O_APPEND | O_CREAT, policy, &log,
	    why);
	if (rc != AKITA_OK)
		return akita_audit_error(rc, path, why);
	if ((rc = find_tail(log, path, &tail, why)) == AKITA_OK)
		rc = write_batch(log, path, &tail, fd, why);
	if (rc == AKITA_OK && tail.head.number == 0)
		rc = sync_parent(path, policy, why);
	(void)close(log);
	return rc;
}

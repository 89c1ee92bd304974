/* Many records of the audit log at once: put together in a file of their own,
 * which then goes into the log in one piece. */
#include "common/audit.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/audit_line.h"
#include "common/secret.h"

static enum akita_rc
batch_failed(struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_LOG, AKITA_N("the records for the "
	    "audit log cannot be put beside the database: %s"),
	    akita_trust_errno(errno), NULL);
}

/* write(2) of all of it. */
static bool
write_all(int fd, const char *buf, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, buf, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ENOSPC;
		if (n <= 0)
			return false;
		buf += n;
		len -= (size_t)n;
	}
	return true;
}

static enum akita_rc
write_out(struct akita_audit_batch *batch, struct akita_why *why)
{
	if (!write_all(batch->fd, batch->buf, batch->used))
		return batch_failed(why);
	batch->bytes += batch->used;
	batch->used = 0;
	return AKITA_OK;
}

enum akita_rc
akita_audit_batch_add(struct akita_audit_batch *batch,
    struct akita_keyring *ring, struct akita_crypto *crypto, const char *body,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;
	char *line;

	if (sizeof(batch->buf) - batch->used < AKITA_AUDIT_LINE)
		rc = write_out(batch, why);
	line = batch->buf + batch->used;
	if (rc == AKITA_OK)
		rc = akita_audit_finish(ring, crypto, &batch->head, body,
		    line, &batch->head, why);
	if (rc == AKITA_OK)
		batch->used += strlen(line);
	return rc;
}

enum akita_rc
akita_audit_batch_end(struct akita_audit_batch *batch, struct akita_why *why)
{
	enum akita_rc rc;

	if ((rc = write_out(batch, why)) == AKITA_OK && fsync(batch->fd) != 0)
		rc = batch_failed(why);
	return rc;
}

/* ---- into the log ---- */

/* pread(2) that is not interrupted. */
static ssize_t
read_some(int fd, char *buf, size_t len, off_t at)
{
	ssize_t n;

	do
		n = pread(fd, buf, len, at);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Is the line at p, of len bytes at most, the record that head ends in?
 * *ret_len: its length with the newline, 0 where there is no whole line. */
static bool
is_head(const char *p, size_t len, const struct akita_audit_head *head,
    size_t *ret_len)
{
	const char *end = memchr(p, '\n', len);
	struct akita_audit_line line;

	*ret_len = end != NULL ? (size_t)(end - p) + 1 : 0;
	return end != NULL && akita_audit_line_parse(p, (size_t)(end - p),
	    &line) && line.head.number == head->number &&
	    akita_equal(line.head.mac, head->mac, sizeof(head->mac));
}

enum akita_rc
akita_audit_batch_find(int fd, const struct akita_audit_head *head,
    off_t *ret_after, struct akita_why *why)
{
	char buf[2 * AKITA_AUDIT_LINE];
	off_t at = 0, after = 0;
	size_t len = 0, used;
	ssize_t n;

	for (;;) {
		if ((n = read_some(fd, buf, sizeof(buf), at)) < 0)
			return batch_failed(why);
		for (used = 0; used < (size_t)n; used += len) {
			if (is_head(buf + used, (size_t)n - used, head, &len))
				after = at + (off_t)(used + len);
			if (len == 0 || after != 0)
				break;
		}
		if (used == 0 || after != 0)
			break;
		at += (off_t)used;
	}
	*ret_after = after;
	return AKITA_OK;
}

bool
akita_audit_batch_copy(int from, off_t at, int to)
{
	char buf[65536];
	ssize_t n;

	while ((n = read_some(from, buf, sizeof(buf), at)) > 0) {
		if (!write_all(to, buf, (size_t)n))
			return false;
		at += n;
	}
	return n == 0;
}

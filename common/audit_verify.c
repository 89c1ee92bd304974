#include "common/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/audit_line.h"
#include "common/secret.h"

/* A log being verified. */
struct check {
	struct akita_keyring	*ring;
	struct akita_crypto	*crypto;
	const struct akita_audit_head *expected;	/* or NULL */
	akita_audit_fault_fn	*fault;			/* or NULL */
	void			*ctx;
	const char		*path;
	struct akita_why	*why;
	uint64_t		 line;		/* from 1 */
	struct akita_audit_head	 head;		/* of the line before */
	bool			 has_lost_chain;	/* head.mac is not the
						 * mac before */
	bool			 has_fault;
};

const char *
akita_audit_fault_word(enum akita_audit_fault fault)
{
	switch (fault) {
	case AKITA_AUDIT_CHANGED:
		return "changed";
	case AKITA_AUDIT_GAP:
		return "records missing before it";
	case AKITA_AUDIT_NO_RECORD:
		return "no record";
	case AKITA_AUDIT_NO_KEY:
		return "under a key that is not in the key ring";
	case AKITA_AUDIT_CUT_OFF:
		return "cut off";
	}
	return "unknown";
}

/* The first fault in a sentence of its own. */
static const char *
fault_msgid(enum akita_audit_fault fault)
{
	switch (fault) {
	case AKITA_AUDIT_CHANGED:
		return AKITA_N("%s, line %s: record %s was changed, or the "
		    "one before it was");
	case AKITA_AUDIT_GAP:
		return AKITA_N("%s, line %s: records are missing before "
		    "record %s");
	case AKITA_AUDIT_NO_RECORD:
		return AKITA_N("%s, line %s: this is no record, where %s "
		    "should be");
	case AKITA_AUDIT_NO_KEY:
		return AKITA_N("%s, line %s: record %s was made under a key "
		    "that is not in the key ring");
	case AKITA_AUDIT_CUT_OFF:
		break;
	}
	return AKITA_N("%s is cut off at line %s: record %s is missing");
}

static void
report(struct check *check, enum akita_audit_fault fault, uint64_t number)
{
	char line[24], record[24];

	if (!check->has_fault) {
		(void)snprintf(line, sizeof(line), "%llu",
		    (unsigned long long)check->line);
		(void)snprintf(record, sizeof(record), "%llu",
		    (unsigned long long)number);
		(void)akita_fail(check->why, AKITA_ERR_MALFORMED,
		    fault_msgid(fault), check->path, line, record, NULL);
	}
	check->has_fault = true;
	if (check->fault != NULL)
		check->fault(check->ctx, fault, check->line, number);
}

/* The log has reached the head that the database knows: is it that one? */
static bool
is_unexpected(const struct check *check, const struct akita_audit_head *head)
{
	return check->expected != NULL &&
	    check->expected->number == head->number &&
	    !akita_equal(check->expected->mac, head->mac, sizeof(head->mac));
}

static enum akita_rc
check_line(struct check *check, const char *text, size_t len)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct akita_audit_line line;
	uint8_t mac[AKITA_AUDIT_MAC];
	bool is_known = true;

	check->line++;
	if (!akita_audit_line_parse(text, len, &line)) {
		report(check, AKITA_AUDIT_NO_RECORD, check->head.number + 1);
		check->head.number++;
		check->has_lost_chain = true;
		return AKITA_OK;
	}
	rc = akita_audit_line_mac(check->ring, check->crypto, line.key_id,
	    &check->head, text, line.text_len, mac);
	if (rc == AKITA_ERR_KEY)
		is_known = false;
	else if (rc != AKITA_OK)
		return akita_fail(check->why, rc,
		    AKITA_N("the audit log cannot be verified: the "
		    "cryptographic library failed"), NULL);
	if (line.head.number != check->head.number + 1)
		report(check, AKITA_AUDIT_GAP, line.head.number);
	else if (!is_known)
		report(check, AKITA_AUDIT_NO_KEY, line.head.number);
	else if ((!check->has_lost_chain &&
	    !akita_equal(mac, line.head.mac, sizeof(mac))) ||
	    is_unexpected(check, &line.head))
		report(check, AKITA_AUDIT_CHANGED, line.head.number);
	check->head = line.head;
	check->has_lost_chain = false;
	return AKITA_OK;
}

/*
 * All lines in buf[0..len); *ret_rest is where an unfinished one starts.  A
 * line longer than any record comes in pieces and is one fault.
 */
static enum akita_rc
check_lines(struct check *check, const char *buf, size_t len,
    bool *is_in_long, size_t *ret_rest)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const char *p = buf, *end = buf + len, *newline;

	while ((newline = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		if (!*is_in_long &&
		    (rc = check_line(check, p, (size_t)(newline - p))) !=
		    AKITA_OK)
			return rc;
		*is_in_long = false;
		p = newline + 1;
	}
	if (*is_in_long)
		p = end;
	*ret_rest = (size_t)(p - buf);
	return AKITA_OK;
}

static enum akita_rc
check_file(struct check *check, int fd)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char buf[8 * AKITA_AUDIT_LINE];
	bool is_in_long = false;
	size_t len = 0, rest = 0;
	off_t offset = 0;
	ssize_t n;

	while ((n = pread(fd, buf + len, sizeof(buf) - len, offset)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return akita_fail(check->why, AKITA_ERR_LOG,
			    AKITA_N("the audit log %s cannot be used: %s"),
			    check->path, akita_trust_errno(errno), NULL);
		offset += n;
		len += (size_t)n;
		rc = check_lines(check, buf, len, &is_in_long, &rest);
		if (rc != AKITA_OK)
			return rc;
		len -= rest;
		memmove(buf, buf + rest, len);
		if (len < sizeof(buf))
			continue;
		if ((rc = check_line(check, buf, len)) != AKITA_OK)
			return rc;
		is_in_long = true;
		len = 0;
	}
	return len > 0 ? check_line(check, buf, len) : AKITA_OK;
}

enum akita_rc
akita_audit_verify(const char *path, const struct akita_trust *policy,
    struct akita_keyring *ring, struct akita_crypto *crypto,
    const struct akita_audit_head *start,
    const struct akita_audit_head *expected, akita_audit_fault_fn *fault,
    void *ctx, struct akita_audit_head *ret_head, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct check check = { .ring = ring, .crypto = crypto,
		.expected = expected, .fault = fault, .ctx = ctx,
		.path = path, .why = why };
	int fd = -1;

	if (start != NULL)
		check.head = *start;
	rc = akita_trust_open(path, O_RDONLY, policy, &fd, why);
	if (rc != AKITA_OK && (rc != AKITA_ERR_MISSING ||
	    (expected != NULL && expected->number > 0)))
		return akita_audit_error(rc, path, why);
	if (fd >= 0) {
		rc = check_file(&check, fd);
		(void)close(fd);
		if (rc != AKITA_OK)
			return rc;
	}
	if (expected != NULL && check.head.number < expected->number) {
		check.line++;
		report(&check, AKITA_AUDIT_CUT_OFF, check.head.number + 1);
	}
	if (ret_head != NULL)
		*ret_head = check.head;
	return check.has_fault ? AKITA_ERR_MALFORMED : AKITA_OK;
}

/*
 * audit_line.h (rank 2): one line of the audit log, taken apart.  Only for the
 * audit files.
 */
#ifndef AKITA_AUDIT_LINE_H
#define AKITA_AUDIT_LINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/audit.h"

struct akita_audit_line {
	struct akita_audit_head	head;		/* its number and mac */
	uint32_t		key_id;
	size_t			text_len;	/* of what the mac covers */
};

/* Take a line of len bytes, without its newline, apart.  false: no record. */
bool		akita_audit_line_parse(const char *line, size_t len,
		    struct akita_audit_line *ret_line);

/* The mac that text, after head, should have.  AKITA_OK, AKITA_ERR_KEY (the
 * ring has no such key), AKITA_ERR_CRYPTO. */
enum akita_rc	akita_audit_line_mac(struct akita_keyring *ring,
		    struct akita_crypto *crypto, uint32_t key_id,
		    const struct akita_audit_head *head, const char *text,
		    size_t len, uint8_t ret_mac[AKITA_AUDIT_MAC])
		    AKITA_MUST_CHECK;

/* Where in a batch's file the record after head is: 0 if head is none of it.
 * AKITA_OK, AKITA_ERR_LOG. */
enum akita_rc	akita_audit_batch_find(int fd,
		    const struct akita_audit_head *head, off_t *ret_after,
		    struct akita_why *why) AKITA_MUST_CHECK;
/* Copy a batch's file from at on to the end of another; errno on failure. */
bool		akita_audit_batch_copy(int from, off_t at, int to)
		    AKITA_MUST_CHECK;

/* What trust.h said, in the words of the audit log's results. */
enum akita_rc	akita_audit_error(enum akita_rc rc, const char *path,
		    struct akita_why *why);

#endif

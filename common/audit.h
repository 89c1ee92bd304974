/*
 * audit.h (rank 2): the audit log: who did what to which account, chained so
 * that a changed, missing or cut-off record shows.
 *
 * One record is one line of JSON, in ASCII and UTF-8, its members in this
 * order:
 *
 *	{"n":7,"key":"5f0c21ab","time":"2026-11-22T13:40:00Z",
 *	 "actor":{"loginuid":1000,"user":"root","sudo_user":"hanako",
 *	 "tty":"/dev/pts/3"},"account":"alice","user_id":"1000001",
 *	 "event":"suspend","from":"active","to":"suspended","reason":"lost",
 *	 "form":"A-17","note":null,"mac":"64 hex digits"}
 *
 * (in one line).  n counts from 1 without gaps.  mac is HMAC-SHA256 under the
 * AUDIT sub-key of the key ring's key named by "key", over the mac (32 bytes)
 * of the record before, zeros for the first, and the line up to, without, the
 * comma before "mac".  A string that is not known is null.
 *
 * Writing a record takes three steps, so that it can wait in the journal in
 * between: compose (the words), finish (number and mac), append (to the file,
 * by its number; doing it twice does nothing).  Whoever appends holds a lock
 * that keeps other writers out.
 */
#ifndef AKITA_AUDIT_H
#define AKITA_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "common/crypto.h"
#include "common/keyring.h"
#include "common/names.h"
#include "common/result.h"
#include "common/trust.h"

#define AKITA_AUDIT_BODY	1920	/* composed, with NUL */
#define AKITA_AUDIT_LINE	2048	/* finished, with newline and NUL */
#define AKITA_AUDIT_MAC		32

/* Who acts: collected by the program, a claim where it says so. */
struct akita_actor {
	int64_t	loginuid;	/* /proc/self/loginuid; below 0: none */
	char	user[AKITA_ACCOUNT_MAX + 1];	/* of the real user ID */
	char	sudo_user[AKITA_ACCOUNT_MAX + 1]; /* claim: SUDO_USER, or "" */
	char	tty[64];	/* ttyname of stdin, or "" */
};

/* One record.  Strings may be NULL; event may not. */
struct akita_audit_record {
	int64_t			 time_s;	/* Unix seconds, from 0 */
	const struct akita_actor *actor;	/* not NULL */
	const char		*account;	/* NULL: an act on no account */
	const char		*user_id;
	const char		*event;
	const char		*from;
	const char		*to;
	const char		*reason;
	const char		*form;
	const char		*note;
};

/* Where a chain stands: its last record's number (0: none) and mac. */
struct akita_audit_head {
	uint64_t	number;
	uint8_t		mac[AKITA_AUDIT_MAC];
};

/*
 * The members "time" to "note" as text, NUL-terminated.  Pure.
 * AKITA_OK; AKITA_ERR_USAGE: a string is longer than 256 bytes or no UTF-8, or
 * all of it does not fit, or the time is outside the years 1970 to 9999.
 */
enum akita_rc	akita_audit_compose(
		    const struct akita_audit_record *record,
		    char ret_body[AKITA_AUDIT_BODY], struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Make of a body the line that follows head, under the ring's current key:
 * ret_line ends in newline and NUL; *ret_head is the head after it (it may be
 * head itself).  No input or output.
 * AKITA_OK, AKITA_ERR_KEY, AKITA_ERR_CRYPTO, AKITA_ERR_USAGE (too long).
 */
enum akita_rc	akita_audit_finish(struct akita_keyring *ring,
		    struct akita_crypto *crypto,
		    const struct akita_audit_head *head, const char *body,
		    char ret_line[AKITA_AUDIT_LINE],
		    struct akita_audit_head *ret_head, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Where the log at path stands: the number and mac of its last whole line.  No
 * file, or an empty one: number 0.  What a crash left after the last newline
 * counts only if it is a whole record.  Nothing is changed and no mac is
 * verified.
 * AKITA_OK; AKITA_ERR_LOG: not trusted, unreadable, or its last line is no
 * record.
 */
enum akita_rc	akita_audit_tail(const char *path,
		    const struct akita_trust *policy,
		    struct akita_audit_head *ret_head, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Put a finished line into the log, durably; the file is made, mode 0600, if
 * there is none.  If the log's last record has this number and mac already,
 * nothing is written (but it is fsynced).  What a crash left after the last
 * newline gets its newline if it is a whole record, else it is cut off.  A line
 * that does not follow the log's last one is appended all the same: keeping a
 * record is worth more, and akita_audit_verify tells of the gap.
 * AKITA_OK; AKITA_ERR_LOG: not trusted, full, unwritable: what was written of
 * the line is taken back, and trying again is safe; AKITA_ERR_USAGE: no
 * finished line.
 */
enum akita_rc	akita_audit_append(const char *path,
		    const struct akita_trust *policy, const char *line,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* ---- many at once ---- */

/*
 * Records that are put together in a file of their own, in the order of the
 * chain, and then brought into the log in one piece, which may be done twice.
 */
struct akita_audit_batch {
	int			 fd;	/* the file, open to write; not owned */
	struct akita_audit_head	 head;	/* after the last record; at first the
					   log's */
	uint64_t		 bytes;	/* in the file */
	size_t			 used;
	char			 buf[65536];
};

/* Finish a body as akita_audit_finish does, and take it.  AKITA_ERR_LOG: the
 * file cannot be written. */
enum akita_rc	akita_audit_batch_add(struct akita_audit_batch *batch,
		    struct akita_keyring *ring, struct akita_crypto *crypto,
		    const char *body, struct akita_why *why) AKITA_MUST_CHECK;
/* That was all: everything is in the file, durably.  AKITA_ERR_LOG. */
enum akita_rc	akita_audit_batch_end(struct akita_audit_batch *batch,
		    struct akita_why *why) AKITA_MUST_CHECK;
/*
 * Put the records in a batch's file, open to read at fd, into the log, durably:
 * as akita_audit_append, for those that come after the log's last one if that
 * is one of them, else for all.
 */
enum akita_rc	akita_audit_append_batch(const char *path,
		    const struct akita_trust *policy, int fd,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* What can be wrong with a log. */
enum akita_audit_fault {
	AKITA_AUDIT_CHANGED = 1,	/* mac wrong: changed, or not ours */
	AKITA_AUDIT_GAP,		/* records missing before this line */
	AKITA_AUDIT_NO_RECORD,		/* a line that is no record */
	AKITA_AUDIT_NO_KEY,		/* under a key that the ring has not */
	AKITA_AUDIT_CUT_OFF		/* ends before the expected head */
};

/* A fault: the line of the file (from 1), and the record number read there or,
 * where there is none, expected there. */
typedef void akita_audit_fault_fn(void *ctx, enum akita_audit_fault fault,
	    uint64_t line, uint64_t number);

/*
 * Verify the whole log, calling fault (may be NULL) for each one, the first
 * first; after a fault the chain is taken up again with the line found there.
 * start: the head before the first line (NULL: none, records start at 1).
 * expected: the head the log must have reached, from the database (NULL: not
 * known).  ret_head (may be NULL): where the log stands, set with AKITA_OK and
 * AKITA_ERR_MALFORMED.  Reads in constant memory, takes no lock.
 *
 * AKITA_OK: whole; AKITA_ERR_MALFORMED: at least one fault, why has the first;
 * AKITA_ERR_LOG: not trusted, unreadable, or missing while a record was
 * expected; AKITA_ERR_CRYPTO.
 */
enum akita_rc	akita_audit_verify(const char *path,
		    const struct akita_trust *policy,
		    struct akita_keyring *ring, struct akita_crypto *crypto,
		    const struct akita_audit_head *start,
		    const struct akita_audit_head *expected,
		    akita_audit_fault_fn *fault, void *ctx,
		    struct akita_audit_head *ret_head, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* The fault in English words ("changed"); never NULL. */
const char     *akita_audit_fault_word(enum akita_audit_fault fault);

#endif

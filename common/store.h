/*
 * store.h (rank 3): accounts, durably.  storage.md's protocol behind four
 * verbs: begin, look, commit, end.  Nothing here knows GDBM; store_gdbm.c
 * does.
 *
 * A transaction holds locks, blocks signals and keeps files open between
 * begin and end: never ask a person anything in between.
 */
#ifndef AKITA_STORE_H
#define AKITA_STORE_H

#include "common/event.h"
#include "common/keyring.h"
#include "common/os.h"
#include "common/record.h"
#include "common/seal.h"
#include "common/trust.h"

struct akita_store;
struct akita_txn;

/* All a store needs; everything must outlive it.  Plain pointers, not owned. */
struct akita_store_env {
	const char		  *path;	/* …/tokens.gdbm, absolute */
	struct akita_keyring	  *ring;
	struct akita_crypto	  *crypto;
	const struct akita_clock  *clock;
	const struct akita_random *random;
	const struct akita_trust  *trust;	/* how files are judged */
	const struct akita_log	  *log;		/* warnings; may be NULL */
	unsigned int		   lock_timeout_ms;
};

/* Make a handle.  Opens no file.  AKITA_OK, AKITA_ERR_NOMEM. */
enum akita_rc	akita_store_new(const struct akita_store_env *env,
		    struct akita_store **ret_store) AKITA_MUST_CHECK;
void		akita_store_free(struct akita_store **store);

/* Make an empty database, its lock file and journal, durably, for `init`.
 * AKITA_ERR_EXISTS: something is there already (nothing is touched). */
enum akita_rc	akita_store_create(struct akita_store *store,
		    struct akita_why *why) AKITA_MUST_CHECK;

enum akita_txn_mode {
	AKITA_TXN_PEEK,		/* look only; shared locks */
	AKITA_TXN_CHANGE,	/* change an existing account */
	AKITA_TXN_CREATE	/* may make a new account, may give a user ID */
};

/*
 * Lock, open, authenticate, read.  user: canonical account name (names.h).
 * AKITA_OK: akita_txn_account says what was found (UNREGISTERED: the index
 * proves that there is no record); AKITA_ERR_BUSY: deadline; AKITA_ERR_KEY,
 * AKITA_ERR_DATABASE (missing, damaged, unreadable …), AKITA_ERR_NOMEM,
 * AKITA_ERR_CRYPTO, with why.  Never "no account" for trouble.
 */
enum akita_rc	akita_txn_begin(struct akita_store *store, const char *user,
		    enum akita_txn_mode mode, struct akita_txn **ret_txn,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* The account as read, tokens opened.  Valid until akita_txn_end. */
const struct akita_account *akita_txn_account(const struct akita_txn *txn);

/* The keys of the database, for keyed hashes.  Valid until akita_txn_end. */
const struct akita_seal_keys *akita_txn_keys(const struct akita_txn *txn);

/* MODE CREATE: the next user ID, never used before.  It is used up by the
 * commit; an abandoned transaction gives it out again. */
enum akita_rc	akita_txn_next_user_id(struct akita_txn *txn,
		    uint32_t *ret_id, struct akita_why *why) AKITA_MUST_CHECK;

/*
 * What must come with an administrative change (contract section 8 and 9):
 * written to the journal before the commit, carried out after it, and by the
 * next administrator's command if this process dies.  Empty strings and n 0
 * are allowed.
 */
#define AKITA_MAILS_MAX 4
struct akita_companions {
	/* JSON body of the audit record without number and mac (audit.h);
	 * "" : none. */
	char		 audit[2048];
	unsigned int	 n_mails;
	struct {
		char	 file[64];	/* name in the outbox */
		char	 text[6144];	/* whole message, RFC 5322 */
	}		 mail[AKITA_MAILS_MAX];
	const char	*audit_file;	/* path of the audit log */
};

/*
 * Make after the account's state, durably, before returning AKITA_OK.
 * after->slot.sequence and areas are set by the store.  companions NULL: a
 * login (a single fsync where nothing but the slot changes); not NULL: an
 * administrative change, with the journal.  On any error the caller must
 * answer no: AKITA_ERR_UNKNOWN if the change may have reached the disk,
 * AKITA_ERR_LOG if the audit log cannot be written (nothing is changed),
 * AKITA_ERR_PARTIAL if the change is made and durable and its audit record or
 * mails wait in the journal for the next command (why says what failed), else
 * nothing is changed.  At most one successful commit per transaction.
 * A login that sets a notice also leaves a hint for the next otpadm.
 */
enum akita_rc	akita_txn_commit(struct akita_txn *txn,
		    const struct akita_account *after,
		    const struct akita_companions *companions,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* MODE CHANGE: the same work as a commit, on a decoy record.  For unknown
 * users and for the decoy argument. */
enum akita_rc	akita_txn_commit_decoy(struct akita_txn *txn,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Unlock, close, wipe, restore the signal mask.  *txn becomes NULL; accepts a
 * NULL transaction.  An uncommitted transaction has changed nothing. */
void		akita_txn_end(struct akita_txn **txn);

/*
 * Call visit for each account (tombstones of released ones too) in the order
 * of record numbers, beside logins; memory: 4 bytes a record.  Tokens are
 * opened only where with_tokens.  visit returns false to stop early.  A record that
 * is damaged ends in AKITA_ERR_DATABASE after the others were visited.
 */
enum akita_rc	akita_store_each(struct akita_store *store, bool with_tokens,
		    bool (*visit)(void *ctx,
		    const struct akita_account *account), void *ctx,
		    struct akita_why *why) AKITA_MUST_CHECK;

/*
 * Finish what an administrator's command left in the journal when it died.
 * Called by each administrative command first.  AKITA_OK also if there was
 * nothing to do.
 */
enum akita_rc	akita_store_finish_journal(struct akita_store *store,
		    const char *audit_file, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Visit the accounts whose notices wait (hint file, or everything after a
 * crash): user names, one call each, no lock held during the call, which is
 * to begin a transaction of its own and commit the account with its notices
 * cleared.
 */
enum akita_rc	akita_store_notices(struct akita_store *store,
		    bool (*visit)(void *ctx, const char *user), void *ctx,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* ---- many at once: import ---- */

/*
 * Structure change in one copy and one rename: next() fills *account (new, or
 * state RELEASED→…) until it returns AKITA_ERR_NO_ACCOUNT; the store assigns
 * user IDs to accounts whose identity.user_id is 0 and reports each through
 * done().  Accounts that exist already are passed to it as AKITA_ERR_EXISTS.
 * What done() was told counts only if AKITA_OK comes back in the end: until the
 * rename nothing has happened.  companions: the audit
 * record of the act itself, which comes after those of the accounts.
 */
struct akita_bulk {
	enum akita_rc	(*next)(void *ctx, struct akita_account *ret_account);
	/* what: AKITA_OK, AKITA_ERR_EXISTS … */
	void		(*done)(void *ctx, const struct akita_account *account,
			    enum akita_rc what);
	/* the audit record (akita_audit_compose) of one that was taken and was
	 * in state from before; may be NULL */
	enum akita_rc	(*record)(void *ctx,
			    const struct akita_account *account,
			    enum akita_state from, char *ret_body,
			    struct akita_why *why);
	/* the keyed hash of an activation password is made with these */
	void		(*keys)(void *ctx, const struct akita_seal_keys *keys);
	void		*ctx;
	uint32_t	 expected;	/* about how many; sizes the file */
};
enum akita_rc	akita_store_bulk(struct akita_store *store,
		    const struct akita_bulk *bulk,
		    const struct akita_companions *companions,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* ---- looking after it ---- */

struct akita_check_report {
	uint64_t	accounts;	/* good */
	uint64_t	damaged;	/* records that do not authenticate */
	uint64_t	missing;	/* indexed, but not there */
	uint64_t	lost;		/* an earlier repair could not save it;
					   closed until begun anew */
	uint64_t	pages_bad;
	uint64_t	orphans;	/* records no page names (harmless) */
};

/* Read and authenticate every record and page, read-only, beside logins.
 * bad(): called with a sentence's arguments for each finding (record number,
 * user or "?", what).  AKITA_OK also where findings were made: see report. */
enum akita_rc	akita_store_verify(struct akita_store *store,
		    void (*bad)(void *ctx, uint32_t number, const char *user,
		    const char *what), void *ctx,
		    struct akita_check_report *ret_report,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Read what is good into a new file and put it in the database's place by
 * rename; the old file stays beside it as PATH.damaged-N.  Lists what is not
 * good as akita_store_verify does.  Never resets a counter of a good record.
 */
enum akita_rc	akita_store_repair(struct akita_store *store,
		    void (*bad)(void *ctx, uint32_t number, const char *user,
		    const char *what), void *ctx,
		    struct akita_check_report *ret_report,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* ---- the audit log ---- */

struct akita_audit_head;

/* Where the log's chain stands as far as the database knows, so that a log that
 * was cut off shows.  Number 0: not known. */
enum akita_rc	akita_store_audit_head(struct akita_store *store,
		    struct akita_audit_head *ret_head, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* Bring companions of an act that changes no account: its audit record.
 * AKITA_ERR_PARTIAL: it waits in the journal; others as akita_txn_commit. */
enum akita_rc	akita_store_record_act(struct akita_store *store,
		    const struct akita_companions *companions,
		    struct akita_why *why) AKITA_MUST_CHECK;

#endif

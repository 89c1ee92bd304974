/*
 * decide.h (rank 0): the pure decision of contract section 3, for login,
 * `otpadm verify` and start of use alike.
 */
#ifndef AKITA_DECIDE_H
#define AKITA_DECIDE_H

#include "common/lifecycle.h"

/* Zero is "no": an uninitialised or forgotten verdict never opens a door. */
enum akita_verdict {
	AKITA_VERDICT_DENY = 0,
	AKITA_VERDICT_ACCEPT = 1
};

/* Why; the words of `otpadm verify --json`. */
enum akita_cause {
	AKITA_CAUSE_NONE = 0,	/* no decision was made */
	AKITA_CAUSE_OK,
	AKITA_CAUSE_WRONG,
	AKITA_CAUSE_REPLAY,
	AKITA_CAUSE_MALFORMED,
	AKITA_CAUSE_LOCKED,
	AKITA_CAUSE_SUSPENDED,
	AKITA_CAUSE_NOT_ACTIVE,
	AKITA_CAUSE_EXPIRED,
	AKITA_CAUSE_CLOCK,
	AKITA_CAUSE_PASSWORD,	/* start of use: wrong activation password */
	AKITA_CAUSE_BURNT	/* the same, and the issue is burnt by it */
};
const char *akita_cause_name(enum akita_cause cause);	/* "ok", "wrong", … */

/* What an answer looks like, before any account is consulted. */
enum akita_shape {
	AKITA_SHAPE_MALFORMED = 0,
	AKITA_SHAPE_DIGITS,	/* 6 to 8 ASCII digits */
	AKITA_SHAPE_RECOVERY	/* 12 Crockford characters, not all digits */
};

/* An answer in normal form (contract section 3, step 1).  Secret: wiped by
 * AKITA_CODE_AUTO. */
struct akita_code {
	enum akita_shape	shape;
	unsigned int		digits;	/* of SHAPE_DIGITS: 6, 7, 8 */
	uint32_t		value;	/* of SHAPE_DIGITS */
	char			recovery[16];	/* canonical, no hyphens */
	uint8_t			recovery_hash[AKITA_RECOVERY_HASH];
				/* keyed; filled in by seal.h's
				   akita_seal_recovery_hash before deciding */
};
void	akita_code_wipe(struct akita_code *code);
#define AKITA_CODE_AUTO __attribute__((cleanup(akita_code_wipe)))

/* Never fails: whatever is not a code is SHAPE_MALFORMED.  answer may be
 * anything, also not UTF-8. */
void	akita_code_parse(const char *answer, struct akita_code *ret_code);

/* An activation password in normal form: 4 to 8 ASCII digits (full width
 * accepted).  false: it is not one; *ret is then empty. */
bool	akita_password_parse(const char *answer, struct akita_answer *ret);

struct akita_decision {
	enum akita_verdict	verdict;
	enum akita_cause	cause;
	bool			counted;	/* a failure was counted */
	bool			locked_now;	/* this failure locked */
	bool			by_recovery;	/* a recovery code opened */
	bool			started;	/* start of use succeeded */
	int			offset;		/* steps off, of a hit */
	struct akita_account	after;		/* to be committed, always */
};
void	akita_decision_wipe(struct akita_decision *d);
#define AKITA_DECISION_AUTO __attribute__((cleanup(akita_decision_wipe)))

/*
 * Decide on a code at a login or in `verify` (contract section 3).
 * account: as read under its lock; UNREGISTERED accounts are decided as
 * NOT_ACTIVE after the same computations (a dummy key of the same size).
 * ret->after is the account to commit, whatever the verdict: unchanged but
 * for the counters of section 2.  Locking sets NOTICE_LOCKED and locked_at.
 * The number of HMACs computed depends only on the policy and token type.
 * AKITA_OK, AKITA_ERR_CRYPTO (then the verdict is DENY and nothing is to be
 * committed).
 */
enum akita_rc akita_decide_login(struct akita_crypto *crypto,
	    const struct akita_account *account,
	    const struct akita_policy *policy, const struct akita_code *code,
	    int64_t now_s, struct akita_decision *ret) AKITA_MUST_CHECK;

/*
 * Is this code right and unspent for the token that waits for its start of
 * use (issued, or waiting beside an active one)?  Nothing is changed; used by
 * the module to choose between the hidden prompt and the refusal.  For an
 * issued account only where for_login is true (a waiting token is started at
 * the counter).
 */
enum akita_rc akita_decide_startable(struct akita_crypto *crypto,
	    const struct akita_account *account,
	    const struct akita_policy *policy, const struct akita_code *code,
	    int64_t now_s, bool for_login, bool *ret_startable)
	    AKITA_MUST_CHECK;

/*
 * Start of use: activation password (its keyed hash, or NULL where the policy
 * or the token wants none), then code.  The password is judged first; wrong:
 * CAUSE_PASSWORD, counted in wrong_passwords, the code is not judged and not
 * spent; the max_wrong_passwords-th: CAUSE_BURNT (issued → registered with
 * reason burnt; a waiting token vanishes).  Wrong code: counted as a failure.
 * An answer of 6 to 8 digits which is not the token's number of digits counts
 * as wrong here.  Success: ret->started, state ACTIVE, FLAG_WAS_ACTIVE,
 * activated_at, last_step, NOTICE_ACTIVATED; a promoted waiting token replaces
 * the one in use (CHANGED_PROMOTED; spent, drift, grace reset).
 * No password (NULL) though one is wanted never starts: a wrong code counts, a
 * right one is CAUSE_PASSWORD, neither counted nor spent (the caller asks).
 * Other results as akita_decide_login.
 */
enum akita_rc akita_decide_start(struct akita_crypto *crypto,
	    const struct akita_account *account,
	    const struct akita_policy *policy,
	    const uint8_t *password_hash /* [AKITA_PASSWORD_HASH] or NULL */,
	    const struct akita_code *code, int64_t now_s,
	    struct akita_decision *ret) AKITA_MUST_CHECK;

/*
 * resync (contract section 3): two codes of consecutive steps, both above the
 * last accepted one.  clock_was_wrong: if the last accepted step is above
 * now + window, two right codes may lie at or below it; with them it falls to
 * now + window (or the second code's step, if that is later).  A miss: verdict
 * DENY, CAUSE_WRONG, not counted, and nothing is changed.
 */
enum akita_rc akita_decide_resync(struct akita_crypto *crypto,
	    const struct akita_account *account,
	    const struct akita_policy *policy, const struct akita_code *first,
	    const struct akita_code *second, bool clock_was_wrong,
	    int64_t now_s, struct akita_decision *ret) AKITA_MUST_CHECK;

/* Diagnosis of a failed start of use (contract section 3, last paragraph). */
struct akita_diagnosis {
	bool		found;		/* something explains the code */
	unsigned int	period_s;	/* it fits this period … */
	enum akita_hash	algorithm;	/* … this algorithm … */
	unsigned int	digits;		/* … this number of digits … */
	int		minutes;	/* … with the phone's clock this many
					   minutes fast (+) or slow (-) */
	bool		old_token;	/* it is of the token still in use */
};

/* For telling staff only, never to accept.  AKITA_OK, AKITA_ERR_CRYPTO. */
enum akita_rc akita_decide_diagnose(struct akita_crypto *crypto,
	    const struct akita_account *account,
	    const struct akita_policy *policy, const struct akita_code *code,
	    int64_t now_s, struct akita_diagnosis *ret) AKITA_MUST_CHECK;

#endif

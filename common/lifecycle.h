/*
 * lifecycle.h (rank 0): the state machine of contract section 2 as a pure
 * function.  (Wrong and right codes are decide.h.)
 */
#ifndef AKITA_LIFECYCLE_H
#define AKITA_LIFECYCLE_H

#include "common/record.h"

/* The part of the settings that decisions depend on. */
struct akita_policy {
	unsigned int	window;			/* steps, 0 to 10 */
	unsigned int	max_drift;		/* steps, 0 to 60 */
	unsigned int	hotp_lookahead;		/* counters, 1 to 100 */
	unsigned int	resync_window;		/* steps, 1 to 1000 */
	unsigned int	hotp_resync;		/* counters: 1000 */
	unsigned int	max_failures;		/* 1 to 1000 */
	unsigned int	max_wrong_passwords;	/* 5 */
	unsigned int	issue_valid_days;	/* 1 to 365 */
	bool		password_required;	/* activation_password */
	bool		require_registration;
	bool		require_form;
	bool		unlock_requires_suspend;
};

enum akita_event_kind {
	AKITA_EVENT_REGISTER,
	AKITA_EVENT_ISSUE,
	AKITA_EVENT_REPLACE,	/* issue --replace */
	AKITA_EVENT_SUSPEND,
	AKITA_EVENT_UNLOCK,
	AKITA_EVENT_RELEASE,
	AKITA_EVENT_ACTIVATE,	/* whether a start of use may be tried; the
				   try itself is akita_decide_start() */
	AKITA_EVENT_RESYNC,	/* whether it may be tried */
	AKITA_EVENT_RECOVERY,	/* new recovery codes, in .token */
	AKITA_EVENT_KIND_COUNT
};

struct akita_event {
	enum akita_event_kind	 kind;
	enum akita_reason	 reason;	/* SUSPEND: lost … other */
	bool			 found;		/* UNLOCK --found */
	const char		*form;		/* form number or NULL */
	/* REGISTER: name, branch, form, mail (required), user_id (new).
	 * ISSUE: device_mail ("" : leave), user_id used if there is none. */
	const struct akita_identity *identity;
	/* ISSUE, REPLACE: type, algorithm, digits, period, key, password;
	 * generation, issued_at and expires_at are set here.
	 * RECOVERY: recovery_count and recovery_hash are taken. */
	const struct akita_token *token;
};

/* The English word of a kind: "register", "issue", "issue --replace", … */
const char *akita_event_name(enum akita_event_kind kind);

/*
 * May the event happen now?  AKITA_OK; AKITA_ERR_REFUSED with a sentence that
 * says the state and what is possible instead; AKITA_ERR_NO_ACCOUNT where the
 * account is unregistered and the event needs a record.  Never looks at
 * event->token and event->identity, so it can be asked before any prompt.
 */
enum akita_rc akita_lifecycle_check(const struct akita_account *account,
	    const struct akita_event *event, const struct akita_policy *policy,
	    int64_t now_s, struct akita_why *why) AKITA_MUST_CHECK;

/*
 * *ret_after = before with the event applied at now_s (Unix seconds), its
 * .changed saying what besides the slot changed.  before and ret_after may
 * not overlap.  Sequence numbers and areas are the store's.  Results as
 * akita_lifecycle_check; AKITA_ERR_USAGE where event lacks what it needs.
 * A destroyed secret is gone from *ret_after (has_token false).
 */
enum akita_rc akita_lifecycle_apply(const struct akita_account *before,
	    const struct akita_event *event, const struct akita_policy *policy,
	    int64_t now_s, struct akita_account *ret_after,
	    struct akita_why *why) AKITA_MUST_CHECK;

#endif

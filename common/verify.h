/*
 * verify.h (rank 4): one login, or one `otpadm verify`, from a canonical user
 * name and an answer to a durable verdict.  The same code for module, helper
 * and CLI.
 */
#ifndef AKITA_VERIFY_H
#define AKITA_VERIFY_H

#include "common/decide.h"
#include "common/settings.h"
#include "common/store.h"

/* An opened installation: settings, key ring, crypto, store. */
struct akita_site {
	struct akita_settings		*settings;	/* owned */
	struct akita_policy		 policy;
	struct akita_keyring		*ring;		/* owned */
	struct akita_crypto		*crypto;	/* owned */
	struct akita_store		*store;		/* owned */
	struct akita_trust		 trust;
	const struct akita_clock	*clock;
	const struct akita_random	*random;
	const struct akita_log		*log;
	char				 mail_dir[AKITA_PATH_MAX + 1];
					/* "mail" beside the configuration:
					   the administrator's templates */
};

/* Read the configuration only (AKITA_ERR_SETTINGS), then key and store.
 * site is zero-initialised by the caller. */
enum akita_rc	akita_site_load(struct akita_site *site, const char *config,
		    const struct akita_trust *trust,
		    const struct akita_clock *clock,
		    const struct akita_random *random,
		    const struct akita_log *log, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* AKITA_ERR_KEY, AKITA_ERR_NOMEM, … */
enum akita_rc	akita_site_open(struct akita_site *site,
		    struct akita_why *why) AKITA_MUST_CHECK;
void		akita_site_close(struct akita_site *site);
#define AKITA_SITE_AUTO __attribute__((cleanup(akita_site_close)))

/* The policy part of the settings. */
void		akita_policy_from(const struct akita_settings *settings,
		    struct akita_policy *ret_policy);

/* What the module must know before a prompt: no secrets. */
struct akita_peek {
	enum akita_state state;		/* as of now (EXPIRED included) */
	enum akita_reason reason;
	bool		was_active;	/* since last registration/release */
	bool		burnt;
	bool		has_waiting;
	uint16_t	failures;
	unsigned int	digits;		/* of the token in use, or issued; the
					   settings' where there is none */
	int64_t		last_grace_at;	/* valid grace of service+source; 0 */
};

/* service, source: for the grace lookup; NULL: none. */
enum akita_rc	akita_verify_peek(struct akita_site *site, const char *user,
		    const char *service, const char *source,
		    struct akita_peek *ret_peek, struct akita_why *why)
		    AKITA_MUST_CHECK;

struct akita_attempt {
	const char	*user;		/* canonical (nss.h) */
	const char	*answer;	/* as typed */
	const char	*password;	/* activation password as typed, or NULL:
					   this is not a start of use */
	bool		 start_of_use;	/* issued accounts may start here
					   (login); CLI activate has its own */
	bool		 decoy;		/* same work, always refused, nothing
					   counted */
	int64_t		 answered_at;	/* Unix seconds when the code was
					   given; 0: now.  Judged at that time
					   if it is not over 120 s ago */
	const char	*service;	/* grace to be granted on success, or */
	const char	*source;	/* NULL */
	unsigned int	 grace_s;
};

struct akita_outcome {
	enum akita_verdict	verdict;
	enum akita_cause	cause;
	bool			ask_password;	/* the code is right for an
						   issued token: ask for the
						   activation password and
						   call again with it;
						   nothing was written */
	bool			known;		/* there is a record */
	enum akita_state	state;		/* after the commit */
	uint16_t		failures;	/* after the commit */
	bool			locked_now;
	bool			started;
	bool			by_recovery;
};

/*
 * Decide and commit.  AKITA_OK: ret->verdict is durable (or ask_password).
 * Anything else: no verdict (DENY); results as akita_txn_begin and
 * akita_txn_commit.  Unknown users and decoys do the same work on the decoy
 * record.
 */
enum akita_rc	akita_verify_attempt(struct akita_site *site,
		    const struct akita_attempt *attempt,
		    struct akita_outcome *ret_outcome, struct akita_why *why)
		    AKITA_MUST_CHECK;

#endif

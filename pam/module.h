/*
 * module.h: what the parts of the module share: how a stage ends, and the one
 * login that is going on.
 */
#ifndef AKITA_MODULE_H
#define AKITA_MODULE_H

#include <security/pam_modules.h>

#include "common/event.h"
#include "common/nss.h"
#include "common/words.h"

#include "pam/args.h"
#include "pam/decider.h"
#include "pam/report.h"
#include "pam/source.h"

/*
 * How a stage ends.  Zero is "refused": a reply nobody set opens nothing.
 * pam_akita_otp.c holds the one table from replies to PAM's codes.
 */
enum akita_reply {
	AKITA_REPLY_REFUSED = 0,	/* this code opens nothing */
	AKITA_REPLY_ACCEPTED,
	AKITA_REPLY_NOT_OURS,		/* the other factors decide */
	AKITA_REPLY_LOCKED,		/* refused, with locked=maxtries */
	AKITA_REPLY_DENIED,		/* account stage: not this account */
	AKITA_REPLY_TROUBLE,		/* database, key, name service */
	AKITA_REPLY_SETTINGS,		/* configuration or arguments */
	AKITA_REPLY_CONV,		/* the conversation failed */
	AKITA_REPLY_CONV_AGAIN,		/* the application wants to come back */
	AKITA_REPLY_COUNT
};

/* The PAM code of a reply; that of TROUBLE for a value that is none. */
int	akita_reply_code(enum akita_reply reply);

/* The reply for a result that is a failure; TROUBLE for what has no other. */
enum akita_reply akita_reply_of(enum akita_rc rc);

/* One call of the module.  Zero-initialise it; akita_login_end wipes it. */
struct akita_login {
	pam_handle_t		*pamh;
	const char		*stage;		/* "login", "account" */
	int			 flags;		/* PAM_SILENT … */
	struct akita_args	 args;
	struct akita_log	 log;
	int			 facility;	/* of syslog */
	const char		*service;
	struct akita_source	 source;
	struct akita_nss	 nss;
	bool			 has_name;	/* nss.name can be an account */
	enum akita_lang		 lang;
	struct akita_decider	 decider;
};

/*
 * Read the arguments (all that is wrong is logged) and the configuration.
 * stage names it in the log.  AKITA_OK; AKITA_ERR_SETTINGS: logged already;
 * AKITA_ERR_NOMEM.  Asks nobody anything.
 */
enum akita_rc	akita_login_prepare(struct akita_login *login,
		    pam_handle_t *pamh, const char *stage, int flags, int argc,
		    const char **argv) AKITA_MUST_CHECK;

/*
 * Learn who it is: PAM_USER (asked for, where may_ask and there is none) and
 * what the name service says of it.  AKITA_OK also for a name that no account
 * can have: has_name is false.  AKITA_ERR_CONV, AKITA_ERR_CONV_AGAIN,
 * AKITA_ERR_NSS, AKITA_ERR_NOMEM: logged already.
 */
enum akita_rc	akita_login_identify(struct akita_login *login, bool may_ask)
		    AKITA_MUST_CHECK;

void		akita_login_end(struct akita_login *login);
#define AKITA_LOGIN_AUTO __attribute__((cleanup(akita_login_end)))

/* The names of a log line about this login. */
struct akita_scene akita_login_scene(const struct akita_login *login);

/* Log that something failed.  Returns the reply for rc. */
enum akita_reply akita_login_trouble(const struct akita_login *login,
		    enum akita_rc rc, const struct akita_why *why);

/* A line for `debug`, in English; nothing without that argument.  Never
 * anything that was typed. */
void		akita_login_debug(const struct akita_login *login,
		    const char *format, const char *value);

/* The stages: from a prepared login to its reply. */
enum akita_reply akita_stage_auth(struct akita_login *login);
enum akita_reply akita_stage_account(struct akita_login *login);

#endif

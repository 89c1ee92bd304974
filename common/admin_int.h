/*
 * admin_int.h (rank 4): what the admin*.c files share; nobody else includes
 * it.
 */
#ifndef AKITA_ADMIN_INT_H
#define AKITA_ADMIN_INT_H

#include "common/admin.h"

/* What was done to an account, for the audit log and the mails. */
struct akita_deed {
	const char			*event;		/* "issue", "lock" */
	const struct akita_actor	*actor;
	int64_t				 at_s;
	const struct akita_account	*before;
	const struct akita_account	*after;
	const char			*from;		/* state names */
	const char			*to;
	const char			*reason;	/* or NULL */
	const char			*form;
	const char			*note;
};

/* Now, of the site's clock. */
int64_t		akita_admin_now(const struct akita_site *site);

/*
 * Compose what comes with a deed, on the heap: the audit record, and mails if
 * they are enabled.  A mail that cannot be composed is left out, and a line in
 * the log says so.  deed NULL: nothing comes with the commit, but it is an
 * administrative one.
 * AKITA_OK; AKITA_ERR_NOMEM; AKITA_ERR_USAGE as akita_audit_compose.
 */
enum akita_rc	akita_companions_make(struct akita_site *site,
		    const struct akita_deed *deed,
		    struct akita_companions **ret_companions,
		    struct akita_why *why) AKITA_MUST_CHECK;
/* akita_txn_commit; what waits in the journal after it is only a warning: the
 * change is made. */
enum akita_rc	akita_admin_commit(struct akita_site *site,
		    struct akita_txn *txn, const struct akita_account *after,
		    const struct akita_companions *companions,
		    struct akita_why *why) AKITA_MUST_CHECK;
/* A warning about an account in the log. */
void		akita_admin_warn(const struct akita_site *site,
		    const char *event, const struct akita_account *account,
		    const struct akita_why *why);

/* The log's line about what was done to an account, or refused. */
void		akita_admin_tell(const struct akita_site *site,
		    const struct akita_actor *actor, const char *event,
		    const struct akita_account *account, const char *result,
		    const char *reason);

/* admin_mail.c: add the mails that a deed calls for. */
void		akita_companions_mails(struct akita_site *site,
		    const struct akita_deed *deed,
		    struct akita_companions *companions);
void		akita_companions_free(struct akita_companions **companions);

#endif

/*
 * admin.h (rank 4): what branch staff do to an account, each one durable
 * change with its audit record and mails.  No terminal here: answers come in,
 * values go out.
 *
 * A change whose audit record or mails cannot be brought out of the journal at
 * once is made all the same (AKITA_OK): a line in the log says so, and the next
 * command brings them out.  REGISTER: AKITA_ERR_REFUSED where the form served in
 * that branch; AKITA_ERR_BUSY where applications come too fast to tell.
 */
#ifndef AKITA_ADMIN_H
#define AKITA_ADMIN_H

#include "common/audit.h"
#include "common/mailtext.h"
#include "common/outbox.h"
#include "common/verify.h"

/* Who asks, for the audit log; and what goes with the request. */
struct akita_request {
	const struct akita_actor *actor;
	const char	*user;		/* canonical */
	const char	*form;		/* form number or NULL */
	const char	*note;		/* free text or NULL */
};

/* `init`: directories, key ring, database, audit log.  AKITA_ERR_EXISTS where
 * any of key, database, lock, journal exists; nothing touched. */
enum akita_rc	akita_admin_init(struct akita_site *site,
		    const struct akita_request *req, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Finish the journal, then the notices of logins.  Every command that changes
 * something calls it first. */
enum akita_rc	akita_admin_settle(struct akita_site *site,
		    const struct akita_actor *actor, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Record an act that changes no account: "repair". */
enum akita_rc	akita_admin_record(struct akita_site *site,
		    const struct akita_actor *actor, const char *event,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Would the event be allowed?  For asking before the first prompt. */
enum akita_rc	akita_admin_check(struct akita_site *site, const char *user,
		    const struct akita_event *event,
		    struct akita_account *ret_account, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Apply an event (lifecycle.h) and commit it with audit record and mails.
 * For ISSUE and REPLACE, event->token carries key and parameters, and
 * password (normal form, NULL: none) its activation password; for RECOVERY,
 * codes are the canonical new ones.  ret_account: the account afterwards. */
struct akita_change {
	struct akita_event	 event;
	const char		*password;
	const char		*const *codes;	/* RECOVERY */
	unsigned int		 n_codes;
};
enum akita_rc	akita_admin_change(struct akita_site *site,
		    const struct akita_request *req,
		    const struct akita_change *change,
		    struct akita_account *ret_account, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Start of use at the counter.  AKITA_OK: ret->verdict; on a wrong code
 * ret_diagnosis (may be NULL) says what would explain it. */
enum akita_rc	akita_admin_activate(struct akita_site *site,
		    const struct akita_request *req, const char *password,
		    const char *code, struct akita_decision *ret,
		    struct akita_diagnosis *ret_diagnosis,
		    struct akita_why *why) AKITA_MUST_CHECK;

enum akita_rc	akita_admin_resync(struct akita_site *site,
		    const struct akita_request *req, const char *first,
		    const char *second, bool clock_was_wrong,
		    struct akita_decision *ret, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* ---- mails ---- */

/*
 * The message of kind about account as it is sent, to the address to; at_s:
 * its date.  Templates: site->mail_dir, then those that were installed.
 * AKITA_OK; AKITA_ERR_SETTINGS: no [mail] from; others as mailtext.h.
 */
enum akita_rc	akita_admin_mail(struct akita_site *site,
		    enum akita_mail_kind kind,
		    const struct akita_account *account, const char *to,
		    int64_t at_s, char ret[AKITA_MAIL_TEXT],
		    struct akita_why *why) AKITA_MUST_CHECK;

/* The outbox of an installation; its directory's name goes to dir.  Both are
 * good as long as site and dir. */
struct akita_outbox akita_admin_outbox(const struct akita_site *site,
		    char dir[AKITA_PATH_MAX + 1]);

#endif

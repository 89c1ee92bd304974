/*
 * helper_serve.h: what the helper does with a request, once its process is in
 * order.
 */
#ifndef AKITA_HELPER_SERVE_H
#define AKITA_HELPER_SERVE_H

#include <sys/types.h>

#include "pam/wire.h"

/* The rights of the user who called. */
struct akita_caller {
	uid_t	uid;		/* real user ID */
	char	name[AKITA_ACCOUNT_MAX + 1];	/* "" if NSS knows none */
};

/* Who has this user ID.  AKITA_OK also where nobody has it; AKITA_ERR_NSS,
 * AKITA_ERR_NOMEM. */
enum akita_rc	akita_caller_find(uid_t uid, struct akita_caller *ret)
		    AKITA_MUST_CHECK;

/*
 * Do what request asks, as far as caller may: root and trusted_callers for
 * any account, everybody else for the account of their own user ID, without
 * grace.  *ret_reply is always whole; its rc tells what could not be done,
 * the same for an account that exists and one that does not.  All is logged
 * here.  started(), called when the configuration is read, with
 * lock_timeout_ms, sets the watchdog.
 */
void		akita_helper_serve(const struct akita_wire_request *request,
		    const struct akita_caller *caller,
		    void (*started)(unsigned int lock_timeout_ms),
		    struct akita_wire_reply *ret_reply);

#endif

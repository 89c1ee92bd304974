/*
 * report.h: the log lines of logins, for the module and the helper alike.
 */
#ifndef AKITA_REPORT_H
#define AKITA_REPORT_H

#include "common/event.h"
#include "common/verify.h"

/* What stands in every line.  Strings may be NULL: not known. */
struct akita_scene {
	const char	*event;		/* "login", "account" */
	const char	*user;		/* canonical name, and … */
	bool		 is_known;	/* … NSS knows it; else it is logged
					   only if the database does */
	const char	*service;
	const char	*rhost;
	const char	*by;		/* who called the helper */
};

/* A look at the account found a record: its name may be logged. */
bool	akita_report_knows(const struct akita_peek *peek);

/* A verdict; and, in lines of their own, a lock and a start of use. */
void	akita_report_outcome(const struct akita_log *log,
	    const struct akita_scene *scene,
	    const struct akita_outcome *outcome, bool decoy);

/* A word on a login for which no code was judged: result is accepted,
 * rejected or ignored. */
void	akita_report_word(const struct akita_log *log,
	    const struct akita_scene *scene, const char *result,
	    const char *reason);

/* Something failed: result=error. */
void	akita_report_trouble(const struct akita_log *log,
	    const struct akita_scene *scene, enum akita_rc rc,
	    const struct akita_why *why);

#endif

/*
 * event.h (rank 2): the lines that go to syslog, one an event, and where they
 * go.
 *
 * A line is, always with these seven keys in this order:
 *
 *	event=login user=alice service=sshd rhost=192.0.2.7 result=rejected
 *	reason=wrong failures=3
 *
 * (in one line), then, only where there is something to say, ` by=` the person
 * who ran a command and ` detail="..."`, a sentence.  What is not known is
 * `user=?`, else `-`.  In a value every byte but the printable ASCII ones is
 * written \xHH, and so are the space, the quotes, the backslash and `=`: one
 * event stays one line and no field can be forged.  Inside detail the space
 * stays.  Nothing that was typed in answer to a prompt ever goes into an event.
 */
#ifndef AKITA_EVENT_H
#define AKITA_EVENT_H

#include <stddef.h>

#include "common/result.h"

/* Bytes of the longest line, with its NUL. */
#define AKITA_EVENT_LINE	2048

/* What happened.  Every string may be NULL: not known.  A value longer than
 * 208 bytes, as written, is cut and ends in "...". */
struct akita_log_event {
	const char	*event;		/* login, account, lock, issue, ... */
	const char	*user;		/* only if NSS or the database knows
					 * it: people type passwords here */
	const char	*service;	/* PAM service, or "otpadm" */
	const char	*rhost;		/* the source's address */
	const char	*result;	/* accepted, rejected, ignored, error, ok */
	const char	*reason;	/* ok, wrong, replay, ... */
	int		 failures;	/* in a row, after this; below 0: none */
	const char	*by;		/* who ran otpadm */
	const struct akita_why *why;	/* becomes detail; unset: none */
};

/* Write the line, without a newline, to buf.  Returns buf. */
char	*akita_event_text(const struct akita_log_event *event,
	    char buf[AKITA_EVENT_LINE]);

/*
 * Where lines go.  priority is a level of syslog(3), LOG_DEBUG to LOG_EMERG,
 * without facility.  text is one line without newline, to be printed by "%s".
 */
struct akita_log {
	void	(*line)(void *ctx, int priority, const char *text);
	void	*ctx;
};

/* Build the line and hand it to log (NULL, or log->line NULL: nothing). */
void	akita_event_send(const struct akita_log *log, int priority,
	    const struct akita_log_event *event);

/*
 * A log into syslog(3).  ctx of it is *facility (LOG_AUTHPRIV, ...), which
 * must live as long as the log.  openlog and closelog are never called: the
 * host's ident and options stay, and the facility goes with each line.
 */
struct akita_log akita_event_syslog(const int *facility);

#endif

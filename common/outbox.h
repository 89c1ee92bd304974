/*
 * outbox.h (rank 2): the directory of mails that wait to be sent, beside the
 * database.
 *
 * A mail is a file: NAME.eml is due at once; NAME.eml.N was tried N times and
 * is due at the file's time; NAME.eml.N.sending is being handed over right now,
 * or was when its sender died, and is due at once.  A mail leaves by unlink
 * after sendmail took it: a crash in between sends it once more, and nothing
 * loses it.  Names that start with a dot are somebody's drafts.
 */
#ifndef AKITA_OUTBOX_H
#define AKITA_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "common/names.h"
#include "common/os.h"
#include "common/trust.h"

#define AKITA_OUTBOX_NAME	80	/* bytes of a file's name, with NUL */

/* All an outbox needs; plain pointers, not owned. */
struct akita_outbox {
	const char			*dir;		/* absolute */
	const struct akita_trust	*trust;
	const struct akita_clock	*clock;
	const char			*sendmail;	/* absolute */
	const char			*from;		/* envelope; "": none */
	unsigned int			 timeout_ms;	/* for one mail */
};

struct akita_outbox_item {
	char		file[AKITA_OUTBOX_NAME];	/* its name now */
	char		to[AKITA_MAIL_MAX + 1];		/* "" : not readable */
	unsigned int	attempts;	/* so far */
	bool		is_sending;	/* or was, when a sender died */
	int64_t		due_s;		/* Unix seconds; 0: at once */
};

/*
 * Visit the mails in the order of their names.  visit returns false to stop.
 * AKITA_OK, also where there is no outbox yet; AKITA_ERR_NOMEM; others as
 * akita_trust_open_dir.
 */
enum akita_rc	akita_outbox_each(const struct akita_outbox *box,
		    bool (*visit)(void *ctx,
		    const struct akita_outbox_item *item), void *ctx,
		    struct akita_why *why) AKITA_MUST_CHECK;

struct akita_outbox_report {
	unsigned int	sent;
	unsigned int	failed;		/* tried now, and to be tried again */
	unsigned int	waiting;	/* not due yet */
};

/*
 * Hand each mail that is due (all: each) to sendmail, none twice.  What fails
 * waits 1, 5, 15 minutes, 1, 4, 12 hours, and then a day each.
 * AKITA_OK: see the report; why has the first failure.  AKITA_ERR_BUSY:
 * another flush is at work; others as akita_outbox_each.
 */
enum akita_rc	akita_outbox_flush(const struct akita_outbox *box, bool all,
		    struct akita_outbox_report *ret_report,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Seconds to wait after so many attempts, 1 and more. */
int64_t		akita_outbox_pause(unsigned int attempts);

/*
 * Run sendmail -i [-f FROM] -- TO with the open file fd as its input, in a
 * process with a clean environment and no other descriptor.
 * AKITA_OK: it took the mail; AKITA_ERR_IO: it did not, or did not end in time.
 */
enum akita_rc	akita_outbox_send(const struct akita_outbox *box, int fd,
		    const char *to, struct akita_why *why) AKITA_MUST_CHECK;

#endif

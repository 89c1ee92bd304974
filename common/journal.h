/*
 * journal.h (rank 3): what must come with an administrative change: its audit
 * record, its mails.  FORMAT draws the file's bytes.
 *
 * The journal is a file of fixed size beside the database, with a flock of its
 * own so that administrators take turns.  Before the change its companions are
 * written there; after it they are carried out; then it is cleared.  It also
 * knows where the audit log's chain stands, so that a log that was cut off
 * shows.
 *
 * Who holds an account's or the structure's lock may wait for the journal's;
 * who holds the journal never waits for those.
 */
#ifndef AKITA_JOURNAL_H
#define AKITA_JOURNAL_H

#include "common/audit.h"
#include "common/store_int.h"

#define AKITA_JOURNAL_SIZE	40960
#define AKITA_JOURNAL_PATH	1024	/* bytes of the log's path, with NUL */
#define AKITA_OUTBOX		"outbox"	/* directory of mails */

/* One change's companions, ready to be carried out. */
struct akita_journal_entry {
	char			user[AKITA_USER_MAX + 1];	/* "": many */
	uint32_t		changes;	/* it was made when the slot (many:
						   the header) has this number */
	char			audit_file[AKITA_JOURNAL_PATH];
	char			line[AKITA_AUDIT_LINE];	/* finished; "": none */
	struct akita_audit_head	head;		/* after that line */
	unsigned int		n_mails;
	struct {
		char	file[64];
		char	text[6144];
	}			mail[AKITA_MAILS_MAX];
};

struct akita_journal {
	int			fd;	/* -1: not open */
	const char		*path;	/* its name, for why */
	struct akita_audit_head	head;	/* of the log's chain; 0: not known */
	bool			is_filled;
	struct akita_journal_entry entry;	/* if it is */
};

/* Make the file, empty.  AKITA_ERR_EXISTS, AKITA_ERR_IO. */
enum akita_rc	akita_journal_make(int dir_fd, const char *dir,
		    const char *name, const struct akita_trust *trust,
		    struct akita_crypto *crypto, const uint8_t key[32],
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Lock and read an open journal.  Bytes that are not authentic are what a
 * crash left before the change was begun: the journal is empty. */
enum akita_rc	akita_journal_read(struct akita_journal *journal,
		    const struct akita_wait *wait,
		    struct akita_crypto *crypto, const uint8_t key[32],
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Write journal->entry, durably. */
enum akita_rc	akita_journal_fill(struct akita_journal *journal,
		    struct akita_crypto *crypto, const uint8_t key[32],
		    struct akita_why *why) AKITA_MUST_CHECK;

/* The entry is done with; the chain stands at head.  Durable at once only where
 * the entry has mails: the rest may be carried out twice. */
enum akita_rc	akita_journal_clear(struct akita_journal *journal,
		    const struct akita_audit_head *head,
		    struct akita_crypto *crypto, const uint8_t key[32],
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Leave the entry's mails in the outbox below dir_fd, whose name is dir,
 * durably; doing it twice does no harm.  AKITA_ERR_IO and what trust.h says. */
enum akita_rc	akita_journal_mails(const struct akita_journal_entry *entry,
		    int dir_fd, const char *dir,
		    const struct akita_trust *trust, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* ---- errands: a change's companions from the beginning to the end ---- */

struct akita_errand;

/* Before the change: take the journal, finish what is in it, see that the log
 * can be written, fill the journal.  AKITA_ERR_LOG, AKITA_ERR_BUSY,
 * AKITA_ERR_DATABASE: nothing has changed. */
enum akita_rc	akita_errand_prepare(struct akita_db *db, const char *user,
		    uint32_t changes,
		    const struct akita_companions *companions,
		    struct akita_errand **ret, struct akita_why *why)
		    AKITA_MUST_CHECK;
/*
 * The same for a change of many accounts: begin, add each one's audit record
 * (akita_audit_compose), prepare.  The records wait in a file beside the
 * database, whose last line, companions' own, the journal holds.
 */
enum akita_rc	akita_errand_begin_many(struct akita_db *db,
		    const char *audit_file, struct akita_errand **ret,
		    struct akita_why *why) AKITA_MUST_CHECK;
enum akita_rc	akita_errand_add(struct akita_errand *errand,
		    const char *body, struct akita_why *why) AKITA_MUST_CHECK;
enum akita_rc	akita_errand_prepare_many(struct akita_errand *errand,
		    uint32_t changes,
		    const struct akita_companions *companions,
		    struct akita_why *why) AKITA_MUST_CHECK;
/* After it: the log, the outbox, clear.  AKITA_ERR_PARTIAL: the change is
 * made, the rest waits in the journal.  NULL: nothing to do. */
enum akita_rc	akita_errand_run(struct akita_errand *errand,
		    struct akita_why *why) AKITA_MUST_CHECK;
void		akita_errand_free(struct akita_errand **errand);

#endif

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/journal.h"

#define EXCLUSIVE_MS	1000	/* longest wait with the structure locked */

struct akita_errand {
	struct akita_store	*store;
	struct akita_wait	 wait;
	int			 dir_fd;
	struct akita_journal	 journal;
	struct akita_audit_batch *batch;	/* of many; NULL: of one */
};

static const uint8_t *
key_of(const struct akita_errand *errand)
{
	return errand->store->keys.journal;
}

void
akita_errand_free(struct akita_errand **errand)
{
	struct akita_errand *e;

	if (errand == NULL || (e = *errand) == NULL)
		return;
	*errand = NULL;
	if (e->batch != NULL && !e->journal.is_filled)
		(void)unlinkat(e->dir_fd, e->store->batch_name, 0);
	if (e->batch != NULL && e->batch->fd >= 0)
		(void)close(e->batch->fd);
	free(e->batch);
	if (e->journal.fd >= 0)	/* closing lets go of the lock, too */
		(void)close(e->journal.fd);
	if (e->dir_fd >= 0)
		(void)close(e->dir_fd);
	akita_wipe(e, sizeof(*e));
	free(e);
}

/* ---- carrying out ---- */

/* The records of many.  None there: the log gets what the journal has, and
 * tells of the gap. */
static enum akita_rc
append_batch(struct akita_errand *errand, struct akita_why *why)
{
	struct akita_store *store = errand->store;
	const struct akita_journal_entry *entry = &errand->journal.entry;
	struct akita_audit_head tail = { .number = 0 };
	enum akita_rc rc;
	int fd = -1;

	/* The line of the act itself comes last: it is there, so are these. */
	if (akita_audit_tail(entry->audit_file, store->env.trust, &tail,
	    NULL) == AKITA_OK && tail.number == entry->head.number &&
	    akita_equal(tail.mac, entry->head.mac, sizeof(tail.mac)))
		return AKITA_OK;
	rc = akita_trust_open_at(errand->dir_fd, store->dir,
	    store->batch_name, O_RDONLY, &store->trust, &fd, why);
	if (rc == AKITA_ERR_MISSING)
		return AKITA_OK;
	if (rc != AKITA_OK)
		return AKITA_ERR_LOG;
	rc = akita_audit_append_batch(entry->audit_file, store->env.trust, fd,
	    why);
	(void)close(fd);
	return rc;
}

/* Log, outbox, clear: each of them may be done twice. */
static enum akita_rc
carry_out(struct akita_errand *errand, struct akita_why *why)
{
	struct akita_store *store = errand->store;
	struct akita_journal *journal = &errand->journal;
	struct akita_audit_head head = journal->head;
	bool is_many = journal->entry.user[0] == '\0';
	enum akita_rc rc = AKITA_OK;

	if (is_many && journal->entry.line[0] != '\0')
		rc = append_batch(errand, why);
	if (rc == AKITA_OK && journal->entry.line[0] != '\0') {
		rc = akita_audit_append(journal->entry.audit_file,
		    store->env.trust, journal->entry.line, why);
		head = journal->entry.head;
	}
	if (rc == AKITA_OK)
		rc = akita_journal_mails(&journal->entry, errand->dir_fd,
		    store->dir, &store->trust, why);
	if (rc == AKITA_OK)
		rc = akita_journal_clear(journal, &head, store->env.crypto,
		    key_of(errand), why);
	if (rc == AKITA_OK && is_many)
		(void)unlinkat(errand->dir_fd, store->batch_name, 0);
	return rc;
}

/* Did the change that the entry belongs to happen?  A death between commit and
 * sync leaves it in memory only: it is made durable before it is believed. */
static enum akita_rc
was_made(struct akita_errand *errand, bool *ret, struct akita_why *why)
{
	const struct akita_journal_entry *e = &errand->journal.entry;
	struct akita_store *store = errand->store;
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	uint8_t name_hash[AKITA_NAME_HASH], record[AKITA_RECORD_SIZE];
	struct akita_record_ctx ctx;
	struct akita_db db;
	bool found = false;
	uint32_t number;
	enum akita_rc rc;
	int fd = -1, slot;

	rc = akita_db_open(store, AKITA_ACCESS_LOOSE, 0, &db, why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_MISSING ? AKITA_ERR_DATABASE : rc;
	rc = akita_db_open_at(&db, store->base, O_RDONLY, &fd, why);
	if (rc == AKITA_OK && (fsync(fd) != 0 || fsync(db.dir_fd) != 0))
		rc = akita_db_damaged(&db, why);
	if (rc == AKITA_OK && e->user[0] == '\0') {
		/* Of many accounts: they came with a new header. */
		*ret = (uint32_t)db.header.sequence >= e->changes;
		goto out;
	}
	if (rc == AKITA_OK)
		rc = akita_seal_name_hash(store->env.crypto, &store->keys,
		    e->user, name_hash);
	if (rc == AKITA_OK)
		rc = akita_db_lookup(&db, name_hash, &found, &number, record,
		    why);
	if (rc == AKITA_OK && found) {
		akita_store_record_ctx(&db, number, name_hash, &ctx);
		rc = akita_record_open(&ctx, record, false, &account, &slot);
	}
	if (rc == AKITA_OK)
		*ret = found && account.slot.changes >= e->changes;
out:
	if (fd >= 0)
		(void)close(fd);
	akita_db_close(&db);
	return rc;
}

/* The same, patiently: a login may be writing that record just now.  If it is
 * damaged nobody can tell, and a record in the log is worth more than none. */
static enum akita_rc
was_made_at_last(struct akita_errand *errand, bool *ret,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_MALFORMED;
	int tries;

	for (tries = 0; tries < 20 && rc == AKITA_ERR_MALFORMED; tries++)
		if ((rc = was_made(errand, ret, why)) == AKITA_ERR_MALFORMED &&
		    !akita_wait_turn(&errand->wait))
			break;
	if (rc != AKITA_ERR_MALFORMED)
		return rc;
	*ret = true;
	return AKITA_OK;
}

/* Finish or drop what a predecessor left. */
static enum akita_rc
finish(struct akita_errand *errand, struct akita_why *why)
{
	struct akita_journal *journal = &errand->journal;
	bool made = false;
	enum akita_rc rc;

	if (!journal->is_filled)
		return AKITA_OK;
	if ((rc = was_made_at_last(errand, &made, why)) != AKITA_OK)
		return rc;
	if (made)
		return carry_out(errand, why);
	if (journal->entry.user[0] == '\0')
		(void)unlinkat(errand->dir_fd, errand->store->batch_name, 0);
	return akita_journal_clear(journal, &journal->head,
	    errand->store->env.crypto, key_of(errand), why);
}

/* Open and lock the journal; one that is missing is made. */
static enum akita_rc
open_journal(struct akita_errand *errand, struct akita_why *why)
{
	struct akita_store *store = errand->store;
	struct akita_journal *journal = &errand->journal;
	enum akita_rc rc = AKITA_ERR_MISSING;
	int tries;

	for (tries = 0; tries < 2 && rc == AKITA_ERR_MISSING; tries++) {
		rc = akita_trust_open_at(errand->dir_fd, store->dir,
		    store->journal_name, O_RDWR, &store->trust, &journal->fd,
		    why);
		if (rc != AKITA_ERR_MISSING)
			break;
		rc = akita_journal_make(errand->dir_fd, store->dir,
		    store->journal_name, &store->trust, store->env.crypto,
		    key_of(errand), why);
		if (rc == AKITA_OK || rc == AKITA_ERR_EXISTS)
			rc = AKITA_ERR_MISSING;
	}
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_PERMISSION ? rc : AKITA_ERR_DATABASE;
	journal->path = store->journal_name;
	return akita_journal_read(journal, &errand->wait, store->env.crypto,
	    key_of(errand), why);
}

static enum akita_rc
begin(struct akita_store *store, int dir_fd, unsigned int timeout_ms,
    struct akita_errand **ret, struct akita_why *why)
{
	const struct akita_clock *clock = store->env.clock;
	struct akita_errand *errand;
	enum akita_rc rc;

	if ((errand = calloc(1, sizeof(*errand))) == NULL)
		return AKITA_ERR_NOMEM;
	errand->store = store;
	errand->journal.fd = -1;
	errand->wait.clock = clock;
	errand->wait.random = store->env.random;
	errand->wait.deadline_ms = clock->mono_ms(clock->ctx) + timeout_ms;
	errand->dir_fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 3);
	rc = errand->dir_fd < 0 ? AKITA_ERR_IO : open_journal(errand, why);
	if (rc == AKITA_OK)
		rc = finish(errand, why);
	if (rc != AKITA_OK) {
		akita_errand_free(&errand);
		return rc;
	}
	*ret = errand;
	return AKITA_OK;
}

/* ---- the log ---- */

/* It can be opened to write, and the file system has room. */
static enum akita_rc
check_log(const struct akita_errand *errand, const char *path,
    struct akita_why *why)
{
	uint64_t wanted = 2 * AKITA_AUDIT_LINE +
	    (errand->batch != NULL ? errand->batch->bytes : 0);
	struct statvfs fs;
	enum akita_rc rc;
	int fd = -1;

	rc = akita_trust_open(path, O_WRONLY | O_APPEND | O_CREAT,
	    errand->store->env.trust, &fd, why);
	if (rc != AKITA_OK)
		return AKITA_ERR_LOG;
	if (fstatvfs(fd, &fs) == 0 && fs.f_blocks > 0 &&
	    fs.f_bavail * fs.f_frsize < wanted)
		rc = akita_fail(why, AKITA_ERR_LOG, AKITA_N("The audit log %s "
		    "cannot be written: its file system is full."), path,
		    NULL);
	(void)close(fd);
	return rc;
}

/* Where the chain stands.  Where the journal knows it, it is believed, not the
 * log: a log that was cut off has a gap then. */
static enum akita_rc
look_at_log(struct akita_errand *errand, const char *path,
    struct akita_audit_head *ret_head, struct akita_why *why)
{
	if (path == NULL || strlen(path) >= AKITA_JOURNAL_PATH)
		return akita_fail(why, AKITA_ERR_LOG,
		    AKITA_N("The path of the audit log is missing or too "
		    "long."), NULL);
	if (akita_audit_tail(path, errand->store->env.trust, ret_head, why) !=
	    AKITA_OK || check_log(errand, path, why) != AKITA_OK)
		return AKITA_ERR_LOG;
	if (errand->journal.head.number > 0)
		*ret_head = errand->journal.head;
	return AKITA_OK;
}

/* The line that follows in the chain. */
static enum akita_rc
compose(struct akita_errand *errand,
    const struct akita_companions *companions, struct akita_why *why)
{
	struct akita_store *store = errand->store;
	struct akita_journal_entry *e = &errand->journal.entry;
	struct akita_audit_head head;
	enum akita_rc rc;

	if (companions->audit[0] == '\0')
		return AKITA_OK;
	rc = look_at_log(errand, companions->audit_file, &head, why);
	if (rc != AKITA_OK)
		return rc;
	if (errand->batch != NULL)
		head = errand->batch->head;
	(void)strcpy(e->audit_file, companions->audit_file);
	return akita_audit_finish(store->env.ring, store->env.crypto, &head,
	    companions->audit, e->line, &e->head, why);
}

static bool
is_file_name(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

/* Put what comes with the change into the journal. */
static enum akita_rc
fill(struct akita_errand *errand, const char *user, uint32_t changes,
    const struct akita_companions *companions, struct akita_why *why)
{
	struct akita_journal_entry *e = &errand->journal.entry;
	enum akita_rc rc = AKITA_OK;
	unsigned int i;

	memset(e, 0, sizeof(*e));
	(void)snprintf(e->user, sizeof(e->user), "%s", user);
	e->changes = changes;
	e->n_mails = companions->n_mails;
	for (i = 0; i < companions->n_mails; i++) {
		memcpy(e->mail[i].file, companions->mail[i].file,
		    sizeof(e->mail[i].file));
		memcpy(e->mail[i].text, companions->mail[i].text,
		    sizeof(e->mail[i].text));
		if (!is_file_name(e->mail[i].file))
			rc = AKITA_ERR_USAGE;
	}
	if (rc == AKITA_OK)
		rc = compose(errand, companions, why);
	return rc == AKITA_OK ? akita_journal_fill(&errand->journal,
	    errand->store->env.crypto, key_of(errand), why) : rc;
}

/* Take the journal, for a change that is about to come. */
static enum akita_rc
begin_for(struct akita_db *db, struct akita_errand **ret,
    struct akita_why *why)
{
	unsigned int timeout_ms = db->store->env.lock_timeout_ms;

	/* Who holds everything up must not wait long. */
	if (db->lock.kind == AKITA_LOCK_EXCLUSIVE && timeout_ms > EXCLUSIVE_MS)
		timeout_ms = EXCLUSIVE_MS;
	return begin(db->store, db->dir_fd, timeout_ms, ret, why);
}

enum akita_rc
akita_errand_prepare(struct akita_db *db, const char *user, uint32_t changes,
    const struct akita_companions *companions, struct akita_errand **ret,
    struct akita_why *why)
{
	struct akita_errand *errand = NULL;
	enum akita_rc rc;

	if (companions->n_mails > AKITA_MAILS_MAX || user[0] == '\0')
		return AKITA_ERR_USAGE;
	if (companions->audit[0] == '\0' && companions->n_mails == 0)
		return AKITA_OK;
	rc = begin_for(db, &errand, why);
	if (rc == AKITA_OK)
		rc = fill(errand, user, changes, companions, why);
	if (rc != AKITA_OK)
		akita_errand_free(&errand);
	*ret = errand;
	return rc;
}

/* ---- of many accounts ---- */

/* An empty file for the records; one that a death left means nothing. */
static enum akita_rc
make_batch(struct akita_errand *errand, const char *audit_file,
    struct akita_why *why)
{
	struct akita_store *store = errand->store;
	struct akita_audit_batch *batch;
	enum akita_rc rc;

	if ((batch = calloc(1, sizeof(*batch))) == NULL)
		return AKITA_ERR_NOMEM;
	batch->fd = -1;
	errand->batch = batch;
	if ((rc = look_at_log(errand, audit_file, &batch->head, why)) !=
	    AKITA_OK)
		return rc;
	(void)unlinkat(errand->dir_fd, store->batch_name, 0);
	rc = akita_trust_open_at(errand->dir_fd, store->dir,
	    store->batch_name, O_WRONLY | O_CREAT | O_EXCL, &store->trust,
	    &batch->fd, why);
	return rc == AKITA_OK || rc == AKITA_ERR_PERMISSION ? rc :
	    AKITA_ERR_LOG;
}

enum akita_rc
akita_errand_begin_many(struct akita_db *db, const char *audit_file,
    struct akita_errand **ret, struct akita_why *why)
{
	struct akita_errand *errand = NULL;
	enum akita_rc rc;

	rc = begin_for(db, &errand, why);
	if (rc == AKITA_OK)
		rc = make_batch(errand, audit_file, why);
	if (rc != AKITA_OK)
		akita_errand_free(&errand);
	*ret = errand;
	return rc;
}

enum akita_rc
akita_errand_add(struct akita_errand *errand, const char *body,
    struct akita_why *why)
{
	struct akita_store_env *env = &errand->store->env;

	return akita_audit_batch_add(errand->batch, env->ring, env->crypto,
	    body, why);
}

enum akita_rc
akita_errand_prepare_many(struct akita_errand *errand, uint32_t changes,
    const struct akita_companions *companions, struct akita_why *why)
{
	enum akita_rc rc;

	if (companions->n_mails > AKITA_MAILS_MAX)
		return AKITA_ERR_USAGE;
	rc = akita_audit_batch_end(errand->batch, why);
	if (rc == AKITA_OK && fsync(errand->dir_fd) != 0)
		rc = akita_fail(why, AKITA_ERR_LOG, AKITA_N("the records for "
		    "the audit log cannot be put beside the database: %s"),
		    akita_trust_errno(errno), NULL);
	return rc == AKITA_OK ? fill(errand, "", changes, companions, why) :
	    rc;
}

enum akita_rc
akita_errand_run(struct akita_errand *errand, struct akita_why *why)
{
	if (errand == NULL || carry_out(errand, why) == AKITA_OK)
		return AKITA_OK;
	return AKITA_ERR_PARTIAL;
}

enum akita_rc
akita_store_finish_journal(struct akita_store *store, const char *audit_file,
    struct akita_why *why)
{
	struct akita_errand *errand = NULL;
	struct akita_db db;
	enum akita_rc rc;

	(void)audit_file;	/* the entry knows which log it was for */
	/* The key that the journal is under is the database's. */
	rc = akita_db_open(store, AKITA_ACCESS_LOOSE, 0, &db, why);
	if (rc == AKITA_ERR_MISSING)
		rc = akita_db_open(store, AKITA_ACCESS_LOOSE, 0, &db, why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_MISSING ? AKITA_ERR_DATABASE : rc;
	rc = begin(store, db.dir_fd, store->env.lock_timeout_ms, &errand,
	    why);
	akita_errand_free(&errand);
	akita_db_close(&db);
	return rc;
}

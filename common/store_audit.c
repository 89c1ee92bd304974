/* The audit log as the journal knows it. */
#include "common/journal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Beside everything else, with the database's own key. */
static enum akita_rc
open_loose(struct akita_store *store, struct akita_db *db,
    struct akita_why *why)
{
	enum akita_rc rc;

	rc = akita_db_open(store, AKITA_ACCESS_LOOSE, 0, db, why);
	if (rc == AKITA_ERR_MISSING)
		rc = akita_db_open(store, AKITA_ACCESS_LOOSE, 0, db, why);
	return rc == AKITA_ERR_MISSING ? AKITA_ERR_DATABASE : rc;
}

static enum akita_rc
read_head(struct akita_db *db, struct akita_journal *journal,
    struct akita_why *why)
{
	struct akita_store *store = db->store;
	const struct akita_clock *clock = store->env.clock;
	const struct akita_wait wait = {
		.clock = clock, .random = store->env.random,
		.deadline_ms = clock->mono_ms(clock->ctx) +
		    store->env.lock_timeout_ms,
	};
	enum akita_rc rc;

	rc = akita_trust_open_at(db->dir_fd, store->dir, store->journal_name,
	    O_RDWR, &store->trust, &journal->fd, why);
	if (rc == AKITA_ERR_MISSING)
		return AKITA_OK;	/* one will be made */
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_PERMISSION ? rc : AKITA_ERR_DATABASE;
	journal->path = store->journal_name;
	return akita_journal_read(journal, &wait, store->env.crypto,
	    store->keys.journal, why);
}

enum akita_rc
akita_store_audit_head(struct akita_store *store,
    struct akita_audit_head *ret_head, struct akita_why *why)
{
	struct akita_journal *journal;
	struct akita_db db;
	enum akita_rc rc;

	if ((journal = calloc(1, sizeof(*journal))) == NULL)
		return AKITA_ERR_NOMEM;
	journal->fd = -1;
	if ((rc = open_loose(store, &db, why)) == AKITA_OK) {
		rc = read_head(&db, journal, why);
		akita_db_close(&db);
	}
	if (rc == AKITA_OK)
		*ret_head = journal->head;
	if (journal->fd >= 0)
		(void)close(journal->fd);
	akita_wipe(journal, sizeof(*journal));
	free(journal);
	return rc;
}

enum akita_rc
akita_store_record_act(struct akita_store *store,
    const struct akita_companions *companions, struct akita_why *why)
{
	struct akita_errand *errand = NULL;
	struct akita_db db;
	enum akita_rc rc;

	if ((rc = open_loose(store, &db, why)) != AKITA_OK)
		return rc;
	rc = akita_errand_begin_many(&db, companions->audit_file, &errand,
	    why);
	if (rc == AKITA_OK)
		rc = akita_errand_prepare_many(errand,
		    (uint32_t)db.header.sequence, companions, why);
	if (rc == AKITA_OK)
		rc = akita_errand_run(errand, why);
	akita_errand_free(&errand);
	akita_db_close(&db);
	return rc;
}

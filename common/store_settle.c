#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "common/store_int.h"

/*
 * After a failed sync nobody knows what of the file is on disk; some file
 * systems then say that all is well.  What is in memory goes into a new file,
 * whole, is verified and synced, and takes the old one's place.
 */
static enum akita_rc
replace_file(struct akita_db *db, struct akita_why *why)
{
	struct akita_copy copy = { .fd = -1 };
	enum akita_rc rc;

	/* Do not sync the old file once more: the copy is what counts. */
	db->lock.structure = AKITA_MARK_CLEAN;
	rc = akita_db_open_file(db, AKITA_ACCESS_READ, why);
	if (rc == AKITA_ERR_MISSING)	/* another key than expected */
		rc = akita_db_open_file(db, AKITA_ACCESS_READ, why);
	if (rc == AKITA_OK)
		rc = akita_copy_begin(&copy, db, AKITA_COPY_BYTES, 0, why);
	if (rc == AKITA_OK)
		rc = akita_copy_finish(&copy, NULL, akita_db_check_all, NULL,
		    why);
	akita_copy_abandon(&copy);
	return rc == AKITA_ERR_MISSING ? AKITA_ERR_DATABASE : rc;
}

enum akita_rc
akita_store_heal(struct akita_store *store, struct akita_why *why)
{
	const struct akita_clock *clock = store->env.clock;
	struct akita_log_event event = {
		.event = "database", .result = "ok", .reason = "healed",
		.failures = -1
	};
	struct akita_db db;
	sigset_t all;
	enum akita_rc rc;

	memset(&db, 0, sizeof(db));
	db.store = store;
	db.dir_fd = db.lock.fd = -1;
	db.wait.clock = clock;
	db.wait.random = store->env.random;
	db.wait.deadline_ms = clock->mono_ms(clock->ctx) +
	    store->env.lock_timeout_ms;
	(void)sigfillset(&all);
	db.is_masked = pthread_sigmask(SIG_SETMASK, &all, &db.old_mask) == 0;
	rc = akita_trust_open_parent(store->env.path, &store->trust,
	    &db.dir_fd, why);
	if (rc == AKITA_OK)
		rc = akita_lock_open(&db.lock, db.dir_fd, store->dir,
		    store->lock_name, &store->trust, why);
	if (rc == AKITA_OK)
		rc = akita_lock_take(&db.lock, AKITA_LOCK_EXCLUSIVE, 0,
		    &db.wait, why);
	if (rc == AKITA_OK)
		rc = replace_file(&db, why);
	if (rc == AKITA_OK)
		rc = akita_lock_clear_failed(&db.lock, why);
	akita_db_close(&db);
	event.why = why;
	if (rc == AKITA_OK)
		akita_event_send(store->env.log, LOG_WARNING, &event);
	return rc == AKITA_OK || rc == AKITA_ERR_BUSY ||
	    rc == AKITA_ERR_KEY || rc == AKITA_ERR_PERMISSION ? rc :
	    AKITA_ERR_DATABASE;
}

#include <syslog.h>

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
	db->lock.structure = db->lock.mark = AKITA_MARK_CLEAN;
	rc = akita_db_open_file(db, AKITA_ACCESS_READ, why);
	if (rc == AKITA_ERR_MISSING)	/* another key than expected */
		rc = akita_db_open_file(db, AKITA_ACCESS_READ, why);
	if (rc == AKITA_OK)
		rc = akita_copy_begin(&copy, db, AKITA_COPY_BYTES, 0, why);
	if (rc == AKITA_OK)
		rc = akita_copy_finish(&copy, NULL, akita_db_check_copy, db,
		    why);
	akita_copy_abandon(&copy);
	return rc == AKITA_ERR_MISSING ? AKITA_ERR_DATABASE : rc;
}

enum akita_rc
akita_store_heal(struct akita_store *store, struct akita_why *why)
{
	struct akita_log_event event = {
		.event = "database", .result = "ok", .reason = "healed",
		.failures = -1
	};
	struct akita_db db;
	enum akita_rc rc;
	bool failed;

	rc = akita_db_lock_only(store, false, &db, why);
	/* Somebody else may have been quicker. */
	failed = rc == AKITA_OK && (db.lock.structure == AKITA_MARK_FAILED ||
	    db.lock.mark == AKITA_MARK_FAILED);
	if (failed)
		rc = replace_file(&db, why);
	if (failed && rc == AKITA_OK)
		rc = akita_lock_clear_all(&db.lock, why);
	akita_db_close(&db);
	event.why = why;
	if (failed && rc == AKITA_OK)
		akita_event_send(store->env.log, LOG_WARNING, &event);
	return rc == AKITA_OK || rc == AKITA_ERR_BUSY ||
	    rc == AKITA_ERR_KEY || rc == AKITA_ERR_PERMISSION ? rc :
	    AKITA_ERR_DATABASE;
}

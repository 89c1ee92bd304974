#include <string.h>

#include "common/journal.h"
#include "common/store_int.h"

static enum akita_rc
store_record(struct akita_txn *txn, struct akita_why *why)
{
	return akita_gdbm_store(&txn->db.gdbm,
	    akita_gdbm_key_number('R', txn->number), txn->record,
	    AKITA_RECORD_SIZE, why);
}

/* Write one copy of the (changed) header. */
static enum akita_rc
store_header(struct akita_db *db, int copy, struct akita_why *why)
{
	struct akita_store *store = db->store;
	enum akita_rc rc;

	rc = akita_header_seal(store->env.crypto, &store->keys, &db->header,
	    copy, db->header_bytes);
	if (rc == AKITA_OK)
		rc = akita_gdbm_store(&db->gdbm, akita_gdbm_key('H'),
		    db->header_bytes, AKITA_HEADER_SIZE, why);
	return rc;
}

/*
 * A step's end: AKITA_ERR_IO is a failed sync, which marks the place so that
 * everything is copied and checked before it is used again.
 */
static enum akita_rc
step_done(struct akita_txn *txn, enum akita_rc rc)
{
	if (rc == AKITA_ERR_IO)
		(void)akita_lock_mark_stripe(&txn->db.lock,
		    AKITA_MARK_FAILED, NULL);
	return rc;
}

/* The areas, and the header if a user ID is used up: durable before a slot
 * builds on them. */
static enum akita_rc
commit_areas(struct akita_txn *txn, const struct akita_record_plan *plan,
    struct akita_why *why)
{
	struct akita_db *db = &txn->db;
	enum akita_rc rc = AKITA_OK;

	if (!plan->has_areas && !txn->wants_id)
		return AKITA_OK;
	if (txn->wants_id) {
		db->header.next_user_id++;
		db->header.sequence++;
		rc = store_header(db, 1 - db->header_copy, why);
	}
	if (rc == AKITA_OK && plan->has_areas)
		rc = store_record(txn, why);
	if (rc == AKITA_OK)
		rc = akita_gdbm_sync(&db->gdbm, why);
	rc = step_done(txn, rc);
	return rc == AKITA_OK || rc == AKITA_ERR_CRYPTO ? rc :
	    AKITA_ERR_DATABASE;
}

/* The slot: the commit itself. */
static enum akita_rc
commit_slot(struct akita_txn *txn, const struct akita_record_plan *plan,
    bool is_last, struct akita_why *why)
{
	struct akita_db *db = &txn->db;
	enum akita_rc rc;

	if ((rc = akita_record_put_slot(&txn->ctx, plan, txn->record)) !=
	    AKITA_OK)
		return rc;
	rc = store_record(txn, why);
	if (rc == AKITA_OK && txn->wants_id)
		rc = store_header(db, db->header_copy, why);
	if (rc == AKITA_OK)
		rc = is_last ? akita_gdbm_close(&db->gdbm, why) :
		    akita_gdbm_sync(&db->gdbm, why);
	return step_done(txn, rc) == AKITA_OK ? AKITA_OK : AKITA_ERR_UNKNOWN;
}

/* What the new state does not name any more.  The change is made: a failure
 * here leaves marks and a notice, and the next command comes back to it. */
static bool
commit_wipe(struct akita_txn *txn, struct akita_record_plan *plan)
{
	enum akita_rc rc;

	rc = akita_record_wipe_stale(&txn->ctx, plan, txn->record);
	if (rc == AKITA_OK)
		rc = store_record(txn, NULL);
	if (rc == AKITA_OK)
		rc = akita_gdbm_close(&txn->db.gdbm, NULL);
	return step_done(txn, rc) == AKITA_OK;
}

/* An account that has a record. */
static enum akita_rc
commit_existing(struct akita_txn *txn, struct akita_record_plan *plan,
    bool is_administrative, bool wipes, struct akita_why *why)
{
	struct akita_lock *lock = &txn->db.lock;
	bool is_clean = true;
	enum akita_rc rc;

	if (!is_administrative && (plan->slot.notices &
	    ~txn->account.slot.notices) != 0)
		akita_store_hint(&txn->db, txn->number);
	rc = akita_lock_mark_stripe(lock, AKITA_MARK_DIRTY, why);
	if (rc == AKITA_OK)
		rc = commit_areas(txn, plan, why);
	if (rc == AKITA_OK)
		rc = commit_slot(txn, plan, !wipes, why);
	if (rc == AKITA_OK && wipes)
		is_clean = commit_wipe(txn, plan);
	if (rc == AKITA_OK && is_clean)
		(void)akita_lock_mark_stripe(lock, AKITA_MARK_CLEAN, NULL);
	return rc;
}

/* The next record that is a spare; what is none was handed out by somebody who
 * died, or is damaged, and stays where it is. */
static enum akita_rc
find_spare(struct akita_txn *txn, struct akita_why *why)
{
	struct akita_db *db = &txn->db;
	struct akita_record_ctx ctx;
	enum akita_rc rc;
	uint32_t n;

	for (n = db->header.first_free; n < db->header.n_records; n++) {
		rc = akita_gdbm_fetch(&db->gdbm,
		    akita_gdbm_key_number('R', n), txn->record,
		    AKITA_RECORD_SIZE, why);
		if (rc != AKITA_OK && rc != AKITA_ERR_MISSING)
			return rc;
		akita_store_record_ctx(db, n, NULL, &ctx);
		if (rc == AKITA_OK && akita_record_is_spare(&ctx,
		    txn->record)) {
			txn->number = n;
			return AKITA_OK;
		}
	}
	return AKITA_ERR_MISSING;
}

/* A page with room and a spare record, if need be in a larger database. */
static enum akita_rc
find_room(struct akita_txn *txn, uint8_t *page_bytes,
    struct akita_page *page, int *ret_copy, struct akita_why *why)
{
	struct akita_db *db = &txn->db;
	const uint8_t *hash = txn->ctx.binding.name_hash;
	enum akita_rc rc = AKITA_ERR_MISSING;
	bool whole, is_full = false;
	int tries;

	for (tries = 0; tries < 4 && rc == AKITA_ERR_MISSING; tries++) {
		if (tries > 0 && (rc = akita_store_grow(db, is_full, why)) !=
		    AKITA_OK)
			return rc;
		rc = akita_db_page(db, akita_page_of(hash,
		    db->header.n_pages), page_bytes, page, ret_copy, &whole,
		    why);
		is_full = rc == AKITA_OK && page->count == AKITA_PAGE_ENTRIES;
		if (rc == AKITA_OK)
			rc = is_full ? AKITA_ERR_MISSING :
			    find_spare(txn, why);
	}
	return rc == AKITA_ERR_MISSING ? akita_db_damaged(db, why) : rc;
}

static enum akita_rc
store_page(struct akita_db *db, const struct akita_page *page, int copy,
    uint8_t *bytes, struct akita_why *why)
{
	struct akita_store *store = db->store;
	enum akita_rc rc;

	rc = akita_page_seal(store->env.crypto, &store->keys,
	    db->header.db_id, page, copy, bytes);
	if (rc == AKITA_OK)
		rc = akita_gdbm_store(&db->gdbm,
		    akita_gdbm_key_number('P', page->number), bytes,
		    AKITA_PAGE_SIZE, why);
	return rc;
}

/* Record and header first, then the page that makes the account exist; then
 * the page's other copy. */
static enum akita_rc
write_new(struct akita_txn *txn, struct akita_page *page, int page_copy,
    uint8_t *page_bytes, struct akita_why *why)
{
	struct akita_db *db = &txn->db;
	enum akita_rc rc;

	db->header.first_free = txn->number + 1;
	db->header.next_user_id += txn->wants_id;
	db->header.sequence++;
	rc = akita_lock_mark_stripe(&db->lock, AKITA_MARK_DIRTY, why);
	if (rc == AKITA_OK)
		rc = store_header(db, 1 - db->header_copy, why);
	if (rc == AKITA_OK)
		rc = store_record(txn, why);
	if (rc == AKITA_OK)
		rc = akita_gdbm_sync(&db->gdbm, why);
	if (step_done(txn, rc) != AKITA_OK)
		return rc == AKITA_ERR_CRYPTO ? rc : AKITA_ERR_DATABASE;
	page->sequence++;
	rc = store_page(db, page, 1 - page_copy, page_bytes, why);
	if (rc == AKITA_OK)
		rc = store_header(db, db->header_copy, why);
	if (rc == AKITA_OK)
		rc = akita_gdbm_sync(&db->gdbm, why);
	if (step_done(txn, rc) != AKITA_OK)
		return AKITA_ERR_UNKNOWN;
	/* It exists.  A failure from here on leaves one copy of the page and
	 * the mark. */
	rc = store_page(db, page, page_copy, page_bytes, NULL);
	if (rc == AKITA_OK)
		rc = akita_gdbm_close(&db->gdbm, NULL);
	if (step_done(txn, rc) == AKITA_OK)
		(void)akita_lock_mark_stripe(&db->lock, AKITA_MARK_CLEAN,
		    NULL);
	return AKITA_OK;
}

static enum akita_rc
commit_new(struct akita_txn *txn, const struct akita_account *after,
    uint32_t changes, struct akita_why *why)
{
	uint8_t page_bytes[AKITA_PAGE_SIZE];
	struct akita_page page;
	enum akita_rc rc;
	int copy;

	rc = find_room(txn, page_bytes, &page, &copy, why);
	if (rc != AKITA_OK)
		return rc;
	if (!akita_page_add(&page, txn->ctx.binding.name_hash, txn->number))
		return akita_db_damaged(&txn->db, why);
	txn->ctx.binding.number = txn->number;
	rc = akita_record_make(&txn->ctx, after, changes, txn->record,
	    why);
	if (rc == AKITA_OK)
		rc = write_new(txn, &page, copy, page_bytes, why);
	return rc;
}

enum akita_rc
akita_txn_commit(struct akita_txn *txn, const struct akita_account *after,
    const struct akita_companions *companions, struct akita_why *why)
{
	struct akita_record_plan plan = { 0 };
	struct akita_errand *errand = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	bool wipes;

	if (txn->mode == AKITA_TXN_PEEK || txn->is_done || (!txn->found &&
	    txn->mode != AKITA_TXN_CREATE) || strcmp(after->identity.user,
	    txn->user) != 0 || after->slot.state == AKITA_STATE_UNREGISTERED)
		return AKITA_ERR_INTERNAL;
	if (txn->found)
		rc = akita_record_plan(&txn->ctx, &txn->account, txn->slot,
		    after, txn->record, &plan, why);
	else	/* to know that it can be written, before anything is */
		rc = akita_record_make(&txn->ctx, after, 0, txn->record, why);
	if (rc != AKITA_OK)
		return rc;
	/* A login leaves that to the next otpadm, which takes the notice
	 * away. */
	wipes = plan.has_stale && (companions != NULL || plan.has_areas ||
	    (txn->account.slot.notices & ~after->slot.notices &
	    AKITA_NOTICE_STALE) != 0);
	plan.slot.changes = txn->account.slot.changes + (companions != NULL);
	if (companions != NULL)
		rc = akita_errand_prepare(&txn->db, txn->user,
		    plan.slot.changes, companions, &errand, why);
	if (rc != AKITA_OK)
		return rc;
	txn->is_done = true;
	rc = txn->found ? commit_existing(txn, &plan, companions != NULL,
	    wipes, why) : commit_new(txn, after, plan.slot.changes, why);
	if (rc == AKITA_OK) {
		akita_gdbm_drop(&txn->db.gdbm);
		akita_lock_release(&txn->db.lock);
		rc = akita_errand_run(errand, why);
	}
	akita_errand_free(&errand);
	return rc;
}

enum akita_rc
akita_txn_commit_decoy(struct akita_txn *txn, struct akita_why *why)
{
	struct akita_record_ctx ctx;
	enum akita_rc rc = AKITA_OK;

	if (txn->mode != AKITA_TXN_CHANGE || txn->is_done)
		return AKITA_ERR_INTERNAL;
	txn->is_done = true;
	if (txn->found && (rc = akita_gdbm_fetch(&txn->db.gdbm,
	    akita_gdbm_key('D'), txn->record, AKITA_RECORD_SIZE, why)) !=
	    AKITA_OK)
		return rc == AKITA_ERR_MISSING ?
		    akita_db_damaged(&txn->db, why) : rc;
	akita_store_record_ctx(&txn->db, AKITA_RECORD_DECOY, NULL, &ctx);
	rc = akita_record_touch_decoy(&ctx, txn->record);
	if (rc == AKITA_OK)
		rc = akita_lock_mark_stripe(&txn->db.lock, AKITA_MARK_DIRTY,
		    why);
	if (rc == AKITA_OK)
		rc = akita_gdbm_store(&txn->db.gdbm, akita_gdbm_key('D'),
		    txn->record, AKITA_RECORD_SIZE, why);
	if (rc == AKITA_OK)
		rc = step_done(txn, akita_gdbm_close(&txn->db.gdbm, why));
	if (rc == AKITA_OK)
		(void)akita_lock_mark_stripe(&txn->db.lock,
		    AKITA_MARK_CLEAN, NULL);
	return rc == AKITA_ERR_IO ? AKITA_ERR_UNKNOWN : rc;
}

#include <stdlib.h>
#include <string.h>

#include "common/journal.h"

/*
 * Many new accounts in one copy and one rename.  The pages are held in memory
 * meanwhile, so that each is sealed and stored once.
 */
struct bulk {
	struct akita_db		*db;
	const struct akita_bulk	*jobs;
	struct akita_copy	 copy;
	struct akita_header	 header;	/* of the new file */
	struct akita_page	*pages;
	struct akita_errand	*errand;	/* NULL: no audit log */
	uint32_t		 taken;
};

/* All pages of the old file, split as often as the new size asks for. */
static enum akita_rc
load_pages(struct bulk *b, struct akita_why *why)
{
	uint8_t bytes[AKITA_PAGE_SIZE];
	struct akita_page page, *into;
	const struct akita_page_entry *e;
	enum akita_rc rc = AKITA_OK;
	uint32_t n, i;
	bool whole;
	int which;

	b->pages = calloc(b->header.n_pages, sizeof(*b->pages));
	if (b->pages == NULL)
		return AKITA_ERR_NOMEM;
	for (n = 0; n < b->header.n_pages; n++)
		b->pages[n].number = n;
	for (n = 0; n < b->db->header.n_pages && rc == AKITA_OK; n++) {
		rc = akita_db_page(b->db, n, bytes, &page, &which, &whole,
		    why);
		for (i = 0; rc == AKITA_OK && i < page.count; i++) {
			e = &page.entry[i];
			into = &b->pages[akita_page_of(e->name_hash,
			    b->header.n_pages)];
			into->sequence = page.sequence;
			if (!akita_page_add(into, e->name_hash, e->number))
				rc = akita_db_damaged(b->db, why);
		}
	}
	return rc;
}

/* Twice the pages, in memory. */
static enum akita_rc
double_pages(struct bulk *b)
{
	uint32_t n, i, count = b->header.n_pages;
	struct akita_page *more, *into;
	const struct akita_page_entry *e;

	if (count >= 1u << 26 ||
	    (more = calloc((size_t)count * 2, sizeof(*more))) == NULL)
		return AKITA_ERR_NOMEM;
	b->header.n_pages = count * 2;
	for (n = 0; n < count * 2; n++) {
		more[n].number = n;
		more[n].sequence = b->pages[n / 2].sequence;
	}
	for (n = 0; n < count; n++)
		for (i = 0; i < b->pages[n].count; i++) {
			e = &b->pages[n].entry[i];
			into = &more[akita_page_of(e->name_hash,
			    b->header.n_pages)];
			(void)akita_page_add(into, e->name_hash, e->number);
		}
	free(b->pages);
	b->pages = more;
	return AKITA_OK;
}

/* The audit record of an account that was taken. */
static enum akita_rc
record(struct bulk *b, const struct akita_account *account,
    enum akita_state from, struct akita_why *why)
{
	const struct akita_bulk *jobs = b->jobs;
	char body[AKITA_AUDIT_BODY];
	enum akita_rc rc;

	if (b->errand == NULL || jobs->record == NULL)
		return AKITA_OK;
	rc = jobs->record(jobs->ctx, account, from, body, why);
	return rc == AKITA_OK ? akita_errand_add(b->errand, body, why) : rc;
}

/* An account that is there: refused, unless it is released or lost, and this is
 * its registration anew. */
static enum akita_rc
renew(struct bulk *b, const uint8_t *name_hash, uint32_t number,
    struct akita_account *account, enum akita_state *ret_from,
    struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account before = { 0 };
	struct akita_record_plan plan;
	struct akita_record_ctx ctx;
	uint8_t bytes[AKITA_RECORD_SIZE];
	enum akita_rc rc;
	int slot;

	rc = akita_gdbm_fetch(&b->copy.gdbm,
	    akita_gdbm_key_number('R', number), bytes, sizeof(bytes), why);
	if (rc != AKITA_OK)
		return AKITA_ERR_EXISTS;
	akita_store_record_ctx(b->db, number, name_hash, &ctx);
	if (akita_record_open(&ctx, bytes, false, &before, &slot) !=
	    AKITA_OK || (before.slot.state != AKITA_STATE_RELEASED &&
	    !akita_record_is_lost(&before)))
		return AKITA_ERR_EXISTS;
	*ret_from = before.slot.state;
	if (account->identity.user_id == 0)
		account->identity.user_id = b->header.next_user_id++;
	account->changed |= AKITA_CHANGED_IDENTITY | AKITA_CHANGED_TOKEN;
	rc = akita_record_plan(&ctx, &before, slot, account, bytes, &plan,
	    why);
	plan.slot.changes = before.slot.changes + 1;
	/* Nobody reads this file yet: all steps at once. */
	if (rc == AKITA_OK)
		rc = akita_record_put_slot(&ctx, &plan, bytes);
	if (rc == AKITA_OK)
		rc = akita_record_wipe_stale(&ctx, &plan, bytes);
	return rc == AKITA_OK ? akita_copy_record(&b->copy, number, bytes,
	    why) : rc;
}

/* One account into the new file.  AKITA_ERR_EXISTS, AKITA_ERR_USAGE: it is
 * refused and the others go on. */
static enum akita_rc
take(struct bulk *b, struct akita_account *account, enum akita_state *ret_from,
    struct akita_why *why)
{
	struct akita_store *store = b->db->store;
	uint8_t hash[AKITA_NAME_HASH], bytes[AKITA_RECORD_SIZE];
	struct akita_record_ctx ctx;
	struct akita_page *page;
	enum akita_rc rc;
	uint32_t number;

	rc = akita_seal_name_hash(store->env.crypto, &store->keys,
	    account->identity.user, hash);
	if (rc != AKITA_OK)
		return rc;
	page = &b->pages[akita_page_of(hash, b->header.n_pages)];
	if (akita_page_find(page, hash, &number))
		return renew(b, hash, number, account, ret_from, why);
	*ret_from = AKITA_STATE_UNREGISTERED;
	while (page->count == AKITA_PAGE_ENTRIES) {
		if ((rc = double_pages(b)) != AKITA_OK)
			return rc;
		page = &b->pages[akita_page_of(hash, b->header.n_pages)];
	}
	number = b->header.first_free;
	if (account->identity.user_id == 0)
		account->identity.user_id = b->header.next_user_id;
	akita_store_record_ctx(b->db, number, hash, &ctx);
	rc = akita_record_make(&ctx, account, 1, bytes, why);
	if (rc == AKITA_OK)
		rc = akita_copy_record(&b->copy, number, bytes, why);
	if (rc == AKITA_OK && !akita_page_add(page, hash, number))
		rc = AKITA_ERR_INTERNAL;
	if (rc != AKITA_OK)
		return rc;
	if (account->identity.user_id >= b->header.next_user_id)
		b->header.next_user_id = account->identity.user_id + 1;
	b->header.first_free++;
	return AKITA_OK;
}

static enum akita_rc
take_all(struct bulk *b, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	const struct akita_bulk *jobs = b->jobs;
	enum akita_state from = AKITA_STATE_UNREGISTERED;
	struct akita_why row = { 0 };
	enum akita_rc rc;

	while ((rc = jobs->next(jobs->ctx, &account)) == AKITA_OK) {
		memset(&row, 0, sizeof(row));
		rc = take(b, &account, &from, &row);
		if (rc == AKITA_OK) {
			b->taken++;
			rc = record(b, &account, from, why);
			if (rc != AKITA_OK)
				return rc == AKITA_ERR_USAGE ?
				    AKITA_ERR_LOG : rc;
		} else if (rc != AKITA_ERR_EXISTS && rc != AKITA_ERR_USAGE) {
			if (why != NULL)
				*why = row;
			return rc;
		}
		if (jobs->done != NULL)
			jobs->done(jobs->ctx, &account, rc);
	}
	return rc == AKITA_ERR_NO_ACCOUNT ? AKITA_OK : rc;
}

/* Spares, pages, header. */
static enum akita_rc
lay_out(struct bulk *b, struct akita_why *why)
{
	struct akita_header *h = &b->header;
	uint32_t spares = h->first_free / 8 > AKITA_SPARES ?
	    h->first_free / 8 : AKITA_SPARES;
	enum akita_rc rc = AKITA_OK;
	uint32_t n, from;

	from = h->first_free > h->n_records ? h->first_free : h->n_records;
	if (h->first_free + spares > from)
		h->n_records = h->first_free + spares;
	else
		h->n_records = from;
	rc = akita_copy_spares(&b->copy, h, from, h->n_records, why);
	for (n = 0; n < h->n_pages && rc == AKITA_OK; n++) {
		b->pages[n].sequence++;
		rc = akita_copy_page(&b->copy, h, &b->pages[n], why);
	}
	h->sequence++;
	return rc == AKITA_OK ? akita_copy_header(&b->copy, h, why) : rc;
}

static enum akita_rc
run(struct bulk *b, const struct akita_companions *companions,
    struct akita_why *why)
{
	struct akita_db *db = b->db;
	uint32_t records = db->header.n_records + b->jobs->expected;
	enum akita_rc rc;

	b->header = db->header;
	while (b->header.n_pages < akita_pages_for(records +
	    records / 8))
		b->header.n_pages *= 2;
	if (b->jobs->keys != NULL)
		b->jobs->keys(b->jobs->ctx, &db->store->keys);
	rc = akita_copy_begin(&b->copy, db, AKITA_COPY_CLONE, records, why);
	if (rc == AKITA_OK)
		rc = load_pages(b, why);
	if (rc == AKITA_OK && companions != NULL)
		rc = akita_errand_begin_many(db, companions->audit_file,
		    &b->errand, why);
	if (rc == AKITA_OK)
		rc = take_all(b, why);
	if (rc != AKITA_OK || b->taken == 0)
		goto out;
	rc = lay_out(b, why);
	if (rc == AKITA_OK && companions != NULL)
		rc = akita_errand_prepare_many(b->errand,
		    (uint32_t)b->header.sequence, companions, why);
	if (rc == AKITA_OK) {
		db->header = b->header;
		rc = akita_copy_finish(&b->copy, NULL, akita_db_check_copy,
		    db, why);
	}
	if (rc == AKITA_OK) {
		akita_gdbm_drop(&db->gdbm);
		akita_lock_release(&db->lock);
		rc = akita_errand_run(b->errand, why);
	}
out:
	akita_errand_free(&b->errand);
	akita_copy_abandon(&b->copy);
	free(b->pages);
	return rc;
}

enum akita_rc
akita_store_bulk(struct akita_store *store, const struct akita_bulk *jobs,
    const struct akita_companions *companions, struct akita_why *why)
{
	struct bulk b = { .jobs = jobs };
	struct akita_db db;
	enum akita_rc rc;

	rc = akita_db_open(store, AKITA_ACCESS_EXCLUSIVE, 0, &db, why);
	if (rc == AKITA_ERR_MISSING)
		rc = akita_db_open(store, AKITA_ACCESS_EXCLUSIVE, 0, &db,
		    why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_MISSING ? AKITA_ERR_DATABASE : rc;
	b.db = &db;
	rc = run(&b, companions, why);
	akita_db_close(&db);
	return rc;
}

#include "common/store_scan.h"

#include <stdlib.h>
#include <string.h>

uint32_t
akita_scan_tag(const uint8_t name_hash[AKITA_NAME_HASH])
{
	uint32_t tag;

	memcpy(&tag, name_hash, sizeof(tag));
	return tag | 1;	/* 0: no page names the record */
}

static void
finding(const struct akita_scan *scan, uint32_t number,
    const uint8_t *name_hash, const char *what)
{
	if (scan->bad != NULL)
		scan->bad(scan->ctx, number, name_hash, what);
}

void
akita_scan_free(struct akita_scan *scan)
{
	free(scan->tags);
	free(scan->bad_pages);
	scan->tags = NULL;
	scan->bad_pages = NULL;
}

/* The records a page names. */
static void
tag_page(struct akita_db *db, struct akita_scan *scan,
    const struct akita_page *page)
{
	const struct akita_page_entry *e;
	uint32_t i;

	for (i = 0; i < page->count; i++) {
		e = &page->entry[i];
		if (e->number < db->header.n_records &&
		    scan->tags[e->number] == 0) {
			scan->tags[e->number] = akita_scan_tag(e->name_hash);
			continue;
		}
		scan->report.missing++;
		finding(scan, e->number, e->name_hash,
		    AKITA_N("the index names a record that cannot be"));
	}
}

enum akita_rc
akita_scan_index(struct akita_db *db, struct akita_scan *scan,
    struct akita_why *why)
{
	uint8_t bytes[AKITA_PAGE_SIZE];
	struct akita_page page;
	enum akita_rc rc = AKITA_OK;
	uint32_t n;
	bool whole;
	int copy;

	scan->tags = calloc((size_t)db->header.n_records + 1,
	    sizeof(*scan->tags));
	scan->bad_pages = calloc(db->header.n_pages, 1);
	if (scan->tags == NULL || scan->bad_pages == NULL)
		return AKITA_ERR_NOMEM;
	for (n = 0; n < db->header.n_pages; n++) {
		rc = akita_db_page(db, n, bytes, &page, &copy, &whole, why);
		if (rc == AKITA_OK) {
			tag_page(db, scan, &page);
			if (!whole)
				finding(scan, n, NULL, AKITA_N("one of the "
				    "two copies of an index page is damaged; "
				    "the other one serves"));
			continue;
		}
		if (rc != AKITA_ERR_DATABASE)
			return rc;
		scan->bad_pages[n] = 1;
		scan->report.pages_bad++;
		finding(scan, n, NULL,
		    AKITA_N("an index page is damaged"));
	}
	return AKITA_OK;
}

/* Read and open a record. */
static enum akita_rc
open_record(struct akita_db *db, const struct akita_scan *scan,
    uint32_t number, uint8_t *bytes, struct akita_account *account,
    bool *ret_whole)
{
	uint8_t hash[AKITA_NAME_HASH];
	struct akita_record_ctx ctx;
	enum akita_rc rc;
	int slot;

	rc = akita_gdbm_fetch(&db->gdbm, akita_gdbm_key_number('R', number),
	    bytes, AKITA_RECORD_SIZE, NULL);
	if (rc != AKITA_OK)
		return rc;
	akita_record_name_hash(bytes, hash);
	akita_store_record_ctx(db, number, hash, &ctx);
	rc = akita_record_open(&ctx, bytes, scan->with_tokens, account,
	    &slot);
	if (rc == AKITA_OK && scan->tags[number] != 0 &&
	    scan->tags[number] != akita_scan_tag(hash))
		rc = AKITA_ERR_MALFORMED;
	if (rc == AKITA_OK)
		*ret_whole = scan->only_accounts ||
		    akita_record_is_whole(&ctx, bytes);
	return rc;
}

/* A login may be writing it just now: once more, under its lock. */
static enum akita_rc
open_locked(struct akita_db *db, const struct akita_scan *scan,
    uint32_t number, uint8_t *bytes, struct akita_account *account,
    bool *ret_whole)
{
	uint8_t hash[AKITA_NAME_HASH];
	struct akita_db locked;
	enum akita_rc rc;

	akita_record_name_hash(bytes, hash);
	rc = akita_db_open(db->store, AKITA_ACCESS_READ,
	    akita_lock_stripe(hash), &locked, NULL);
	if (rc != AKITA_OK)
		return rc;
	rc = open_record(&locked, scan, number, bytes, account, ret_whole);
	akita_db_close(&locked);
	return rc;
}

/* A record that a page names, or may name. */
static enum akita_rc
scan_account(struct akita_db *db, struct akita_scan *scan, uint32_t number,
    bool *ret_go_on)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	uint8_t bytes[AKITA_RECORD_SIZE], hash[AKITA_NAME_HASH];
	bool whole = false;
	enum akita_rc rc;

	rc = open_record(db, scan, number, bytes, &account, &whole);
	if (rc == AKITA_ERR_MALFORMED && scan->is_loose)
		rc = open_locked(db, scan, number, bytes, &account, &whole);
	if (rc == AKITA_OK && akita_record_is_lost(&account)) {
		scan->report.lost++;
		akita_record_name_hash(bytes, hash);
		finding(scan, number, hash, AKITA_N("the record was lost "
		    "before; its account stays closed until it is registered "
		    "or issued anew"));
	} else if (rc == AKITA_OK) {
		scan->report.accounts++;
		*ret_go_on = scan->good == NULL || scan->good(scan->ctx,
		    number, bytes, &account, whole);
		if (!whole) {
			akita_record_name_hash(bytes, hash);
			finding(scan, number, hash, AKITA_N("one of the two "
			    "copies of its state is damaged; the other one "
			    "serves"));
		}
	} else if (rc == AKITA_ERR_MISSING) {
		scan->report.missing++;
		finding(scan, number, NULL, AKITA_N("the index names this "
		    "record, and it is not there"));
	} else if (rc == AKITA_ERR_MALFORMED || rc == AKITA_ERR_DATABASE) {
		scan->report.damaged++;
		akita_record_name_hash(bytes, hash);
		finding(scan, number, rc == AKITA_ERR_MALFORMED ? hash : NULL,
		    AKITA_N("the record is damaged"));
	} else {
		return rc;
	}
	return AKITA_OK;
}

/* Has a spare become an account since the scan began? */
static bool
was_taken(struct akita_db *db, uint32_t number)
{
	struct akita_db now;
	bool taken;

	if (akita_db_open(db->store, AKITA_ACCESS_LOOSE, 0, &now, NULL) !=
	    AKITA_OK)
		return false;
	taken = number < now.header.first_free;
	akita_db_close(&now);
	return taken;
}

/* A record that no page names: a spare, or what a death left behind. */
static void
scan_other(struct akita_db *db, struct akita_scan *scan, uint32_t number)
{
	uint8_t bytes[AKITA_RECORD_SIZE];
	struct akita_record_ctx ctx;
	enum akita_rc rc;

	if (number < db->header.first_free) {
		scan->report.orphans++;
		return;
	}
	akita_store_record_ctx(db, number, NULL, &ctx);
	rc = akita_gdbm_fetch(&db->gdbm, akita_gdbm_key_number('R', number),
	    bytes, AKITA_RECORD_SIZE, NULL);
	if (rc == AKITA_OK && akita_record_is_spare(&ctx, bytes))
		return;
	if (scan->is_loose && was_taken(db, number))
		return;
	scan->report.damaged++;
	finding(scan, number, NULL, AKITA_N("a spare record is damaged; it "
	    "will not be used"));
}

/* Could a damaged page have named it? */
static bool
may_be_account(struct akita_db *db, const struct akita_scan *scan,
    uint32_t number)
{
	uint8_t bytes[AKITA_RECORD_SIZE], hash[AKITA_NAME_HASH];
	static const uint8_t none[AKITA_NAME_HASH];

	if (scan->report.pages_bad == 0 || akita_gdbm_fetch(&db->gdbm,
	    akita_gdbm_key_number('R', number), bytes, AKITA_RECORD_SIZE,
	    NULL) != AKITA_OK)
		return false;
	akita_record_name_hash(bytes, hash);
	return memcmp(hash, none, sizeof(none)) != 0 &&
	    scan->bad_pages[akita_page_of(hash, db->header.n_pages)] != 0;
}

static void
scan_decoy(struct akita_db *db, struct akita_scan *scan)
{
	uint8_t bytes[AKITA_RECORD_SIZE];

	if (akita_gdbm_fetch(&db->gdbm, akita_gdbm_key('D'), bytes,
	    AKITA_RECORD_SIZE, NULL) == AKITA_OK)
		return;
	scan->report.damaged++;
	finding(scan, AKITA_RECORD_DECOY, NULL,
	    AKITA_N("the decoy record is missing"));
}

enum akita_rc
akita_scan_records(struct akita_db *db, struct akita_scan *scan,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;
	bool go_on = true;
	uint32_t n;

	for (n = 0; n < db->header.n_records && go_on; n++) {
		if (scan->tags[n] != 0 || may_be_account(db, scan, n))
			rc = scan_account(db, scan, n, &go_on);
		else if (!scan->only_accounts)
			scan_other(db, scan, n);
		if (rc != AKITA_OK)
			return rc == AKITA_ERR_BUSY ? akita_fail(why, rc,
			    AKITA_N("The database is busy.  Try again; otpadm "
			    "doctor names who holds it."), NULL) : rc;
	}
	if (!scan->only_accounts)
		scan_decoy(db, scan);
	return AKITA_OK;
}

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/store_salvage.h"
#include "common/store_scan.h"

#define KEPT_MAX	1000	/* PATH.damaged-1 to PATH.damaged-1000 */
#define ID_GAP		1000	/* user IDs passed over if the next is lost */

struct repair {
	struct akita_salvage	 old;
	struct akita_copy	 copy;
	struct akita_header	 header;
	struct akita_page	*pages;
	struct akita_check_report report;
	uint32_t		 highest_id;
	void			 (*bad)(void *ctx, uint32_t number,
				    const char *user, const char *what);
	void			*ctx;
};

static void
finding(struct repair *r, uint32_t number, const char *what)
{
	if (r->bad != NULL)
		r->bad(r->ctx, number, "?", what);
}

/* Does an authentic page name this record, or could a lost one have? */
static bool
is_named(const struct repair *r, uint32_t number,
    const uint8_t *name_hash)
{
	const struct akita_salvage *old = &r->old;
	const struct akita_page *page;
	uint32_t which, at = 0, n_pages = 1;

	while (n_pages < old->n_pages)
		n_pages *= 2;
	which = akita_page_of(name_hash, n_pages);
	page = which < old->limit ? old->pages[which] : NULL;
	if (page == NULL)
		return true;
	return akita_page_find(page, name_hash, &at) && at == number;
}

/* Put a record's name into the new index. */
static enum akita_rc
index_record(struct repair *r, uint32_t number, const uint8_t *name_hash,
    struct akita_why *why)
{
	struct akita_page *page;
	uint32_t there;

	page = &r->pages[akita_page_of(name_hash, r->header.n_pages)];
	if (akita_page_find(page, name_hash, &there)) {
		finding(r, number, AKITA_N("another record has the same name; "
		    "this one is left out"));
		return AKITA_OK;
	}
	return akita_page_add(page, name_hash, number) ? AKITA_OK :
	    akita_db_damaged(r->old.db, why);
}

/* What is known of a record that is lost stays in the index, with a record
 * that says so: its account never reads as not registered, and an administrator
 * can begin it anew. */
static enum akita_rc
repair_lost(struct repair *r, uint32_t number, const char *what,
    struct akita_why *why)
{
	const struct akita_salvaged *found = &r->old.records[number];
	uint8_t bytes[AKITA_RECORD_SIZE];
	struct akita_record_ctx ctx;
	enum akita_rc rc;

	finding(r, number, what);
	akita_store_record_ctx(r->copy.db, number, found->name_hash, &ctx);
	rc = akita_record_make_lost(&ctx, bytes);
	return rc == AKITA_OK ? akita_copy_record(&r->copy, number, bytes,
	    why) : rc;
}

/* A good record is copied. */
static enum akita_rc
repair_good(struct repair *r, uint32_t number, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	uint8_t bytes[AKITA_RECORD_SIZE];
	enum akita_rc rc;

	rc = akita_salvage_record(&r->old, number, bytes, &account);
	if (rc == AKITA_OK)
		rc = akita_copy_record(&r->copy, number, bytes, why);
	if (rc != AKITA_OK)
		return rc;
	r->report.accounts++;
	if (account.identity.user_id > r->highest_id)
		r->highest_id = account.identity.user_id;
	return AKITA_OK;
}

static enum akita_rc
repair_record(struct repair *r, uint32_t number, struct akita_why *why)
{
	const struct akita_salvaged *found = &r->old.records[number];
	enum akita_rc rc;

	if (!found->has_hash ||
	    (found->at != 0 && !found->is_account && !found->is_lost))
		return AKITA_OK;	/* a spare, or nothing */
	if (!is_named(r, number, found->name_hash)) {
		r->report.orphans++;
		return AKITA_OK;
	}
	if (found->is_lost) {
		r->report.lost++;
		rc = repair_lost(r, number, AKITA_N("the record was lost "
		    "before; its account stays closed until it is registered "
		    "or issued anew"), why);
	} else if (found->is_good) {
		rc = repair_good(r, number, why);
	} else if (found->at != 0) {
		r->report.damaged++;
		rc = repair_lost(r, number, AKITA_N("the record is damaged "
		    "and lost; its account stays closed until it is "
		    "registered or issued anew"), why);
	} else {
		r->report.missing++;
		rc = repair_lost(r, number, AKITA_N("the record is missing "
		    "and lost; its account stays closed until it is "
		    "registered or issued anew"), why);
	}
	return rc == AKITA_OK ? index_record(r, number, found->name_hash,
	    why) : rc;
}

/* One past the last record that was handed out. */
static uint32_t
handed_out(const struct akita_salvage *old)
{
	uint32_t n, last = 0;

	if (old->has_header)
		return old->db->header.first_free;
	for (n = 0; n < old->limit; n++)
		if (old->records[n].has_hash)
			last = n + 1;
	return last;
}

static void
plan_header(struct repair *r)
{
	struct akita_header *h = &r->header;

	*h = r->old.db->header;
	h->first_free = handed_out(&r->old);
	h->n_records = h->first_free + (h->first_free / 8 > AKITA_SPARES ?
	    h->first_free / 8 : AKITA_SPARES);
	/* Twice the room, so that none overflows. */
	h->n_pages = akita_pages_for(h->n_records) * 2;
	h->sequence++;
	if (!r->old.has_header)
		h->next_user_id = AKITA_FIRST_USER_ID;
}

static enum akita_rc
write_all(struct repair *r, struct akita_why *why)
{
	struct akita_header *h = &r->header;
	enum akita_rc rc = AKITA_OK;
	uint32_t n;

	r->pages = calloc(h->n_pages, sizeof(*r->pages));
	if (r->pages == NULL)
		return AKITA_ERR_NOMEM;
	for (n = 0; n < h->first_free && n < r->old.limit &&
	    rc == AKITA_OK; n++)
		rc = repair_record(r, n, why);
	for (n = 0; n < h->n_pages && rc == AKITA_OK; n++) {
		r->pages[n].number = n;
		r->pages[n].sequence = 1;
		rc = akita_copy_page(&r->copy, h, &r->pages[n], why);
	}
	if (rc == AKITA_OK)
		rc = akita_copy_spares(&r->copy, h, h->first_free,
		    h->n_records, why);
	if (rc == AKITA_OK)
		rc = akita_copy_decoy(&r->copy, h, why);
	if (h->next_user_id <= r->highest_id)
		h->next_user_id = r->highest_id + 1;
	if (!r->old.has_header)
		h->next_user_id += ID_GAP;
	return rc == AKITA_OK ? akita_copy_header(&r->copy, h, why) : rc;
}

static void
report_pages(struct repair *r)
{
	uint32_t n;

	if (!r->old.has_header)
		finding(r, 0, AKITA_N("the header is damaged and lost; a new "
		    "one is made"));
	for (n = 0; n < r->old.n_pages && n < r->old.limit; n++)
		if (r->old.pages[n] == NULL) {
			r->report.pages_bad++;
			finding(r, n, AKITA_N("an index page is damaged; it "
			    "is made anew"));
		}
}

/* The new file has what was salvaged, and nothing else is wrong with it. */
static enum akita_rc
check_repaired(struct akita_db *db, void *ctx, struct akita_why *why)
{
	const struct repair *r = ctx;
	struct akita_scan scan = { .with_tokens = false };
	enum akita_rc rc;

	if ((rc = akita_scan_index(db, &scan, why)) == AKITA_OK)
		rc = akita_scan_records(db, &scan, why);
	if (rc == AKITA_OK && (scan.report.accounts != r->report.accounts ||
	    scan.report.damaged != 0 || scan.report.pages_bad != 0))
		rc = akita_db_damaged(db, why);
	akita_scan_free(&scan);
	return rc;
}

/* A name for the old file that is not taken. */
static enum akita_rc
kept_name(struct akita_db *db, char *ret, size_t size)
{
	struct stat st;
	int n;

	for (n = 1; n <= KEPT_MAX; n++) {
		(void)snprintf(ret, size, "%s.damaged-%d", db->store->base, n);
		if (fstatat(db->dir_fd, ret, &st, AT_SYMLINK_NOFOLLOW) != 0 &&
		    errno == ENOENT)
			return AKITA_OK;
	}
	return AKITA_ERR_EXISTS;
}

static enum akita_rc
run(struct repair *r, struct akita_db *db, struct akita_why *why)
{
	char kept[NAME_MAX + 1];
	struct stat st;
	enum akita_rc rc;

	rc = akita_db_open_at(db, db->store->base, O_RDONLY, &r->old.fd, why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_PERMISSION ? rc : AKITA_ERR_DATABASE;
	if (fstat(r->old.fd, &st) != 0)
		return AKITA_ERR_IO;
	r->old.db = db;
	r->old.size = st.st_size;
	if ((rc = akita_salvage_read(&r->old, why)) != AKITA_OK)
		return rc;
	report_pages(r);
	plan_header(r);
	db->size = st.st_size;
	rc = akita_copy_begin(&r->copy, db, AKITA_COPY_EMPTY,
	    r->header.n_records, why);
	if (rc == AKITA_OK)
		rc = write_all(r, why);
	if (rc == AKITA_OK)
		rc = kept_name(db, kept, sizeof(kept));
	if (rc == AKITA_OK) {
		db->header = r->header;
		rc = akita_copy_finish(&r->copy, kept, check_repaired, r, why);
	}
	if (rc == AKITA_OK)
		rc = akita_lock_clear_all(&db->lock, why);
	return rc;
}

enum akita_rc
akita_store_repair(struct akita_store *store, void (*bad)(void *ctx,
    uint32_t number, const char *user, const char *what), void *ctx,
    struct akita_check_report *ret_report, struct akita_why *why)
{
	struct repair r = { .bad = bad, .ctx = ctx };
	struct akita_db db;
	enum akita_rc rc;

	r.old.fd = r.copy.fd = -1;
	rc = akita_db_lock_only(store, true, &db, why);
	if (rc == AKITA_OK)
		rc = run(&r, &db, why);
	akita_copy_abandon(&r.copy);
	akita_salvage_free(&r.old);
	if (r.old.fd >= 0)
		(void)close(r.old.fd);
	free(r.pages);
	akita_db_close(&db);
	if (rc == AKITA_OK)
		*ret_report = r.report;
	return rc;
}

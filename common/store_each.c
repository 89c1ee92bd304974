#include <string.h>

#include "common/store_scan.h"

/* Open beside logins, with the database's own key. */
static enum akita_rc
open_loose(struct akita_store *store, struct akita_db *db,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_MISSING;
	int tries;

	for (tries = 0; tries < 2 && rc == AKITA_ERR_MISSING; tries++)
		rc = akita_db_open(store, AKITA_ACCESS_LOOSE, 0, db, why);
	return rc == AKITA_ERR_MISSING ? AKITA_ERR_DATABASE : rc;
}

struct each {
	bool	(*visit)(void *ctx, const struct akita_account *account);
	void	*ctx;
	bool	 is_stopped;
};

static bool
visit_good(void *ctx, uint32_t number, const uint8_t *bytes,
    const struct akita_account *account, bool whole)
{
	struct each *each = ctx;

	(void)number, (void)bytes, (void)whole;
	each->is_stopped = !each->visit(each->ctx, account);
	return !each->is_stopped;
}

enum akita_rc
akita_store_each(struct akita_store *store, bool with_tokens,
    bool (*visit)(void *ctx, const struct akita_account *account), void *ctx,
    struct akita_why *why)
{
	struct each each = { visit, ctx, false };
	struct akita_scan scan = {
		.with_tokens = with_tokens, .is_loose = true,
		.only_accounts = true, .good = visit_good, .ctx = &each
	};
	struct akita_db db;
	enum akita_rc rc;

	if ((rc = open_loose(store, &db, why)) != AKITA_OK)
		return rc;
	if ((rc = akita_scan_index(&db, &scan, why)) == AKITA_OK)
		rc = akita_scan_records(&db, &scan, why);
	if (rc == AKITA_OK && !each.is_stopped &&
	    (scan.report.damaged != 0 || scan.report.missing != 0 ||
	    scan.report.pages_bad != 0))
		rc = akita_db_damaged(&db, why);
	akita_scan_free(&scan);
	akita_db_close(&db);
	return rc;
}

/* ---- verify ---- */

struct verify {
	struct akita_store	*store;
	void			(*bad)(void *ctx, uint32_t number,
				    const char *user, const char *what);
	void			*ctx;
	char			 user[AKITA_USER_MAX + 1];
};

static bool
remember_user(void *ctx, uint32_t number, const uint8_t *bytes,
    const struct akita_account *account, bool whole)
{
	struct verify *v = ctx;

	(void)number, (void)bytes;
	if (whole)
		v->user[0] = '\0';
	else
		memcpy(v->user, account->identity.user, sizeof(v->user));
	return true;
}

static void
report_bad(void *ctx, uint32_t number, const uint8_t *name_hash,
    const char *what)
{
	struct verify *v = ctx;

	(void)name_hash;
	if (v->bad != NULL)
		v->bad(v->ctx, number, v->user[0] != '\0' ? v->user : "?",
		    what);
	v->user[0] = '\0';
}

enum akita_rc
akita_store_verify(struct akita_store *store, void (*bad)(void *ctx,
    uint32_t number, const char *user, const char *what), void *ctx,
    struct akita_check_report *ret_report, struct akita_why *why)
{
	struct verify v = { .store = store, .bad = bad, .ctx = ctx };
	struct akita_scan scan = {
		.with_tokens = true, .is_loose = true,
		.good = remember_user, .bad = report_bad, .ctx = &v
	};
	struct akita_db db;
	enum akita_rc rc;

	if ((rc = open_loose(store, &db, why)) != AKITA_OK)
		return rc;
	if (!db.header_whole)
		report_bad(&v, 0, NULL, AKITA_N("one of the two copies of the "
		    "database's header is damaged; the other one serves"));
	if ((rc = akita_scan_index(&db, &scan, why)) == AKITA_OK)
		rc = akita_scan_records(&db, &scan, why);
	if (rc == AKITA_OK)
		*ret_report = scan.report;
	akita_scan_free(&scan);
	akita_db_close(&db);
	return rc;
}

static enum akita_rc
count_faults(struct akita_db *db, struct akita_check_report *ret,
    struct akita_why *why)
{
	struct akita_scan scan = { .with_tokens = false };
	enum akita_rc rc;

	if ((rc = akita_scan_index(db, &scan, why)) == AKITA_OK)
		rc = akita_scan_records(db, &scan, why);
	akita_scan_free(&scan);
	*ret = scan.report;
	return rc;
}

static bool
has_faults(const struct akita_check_report *r)
{
	return r->damaged != 0 || r->missing != 0 || r->pages_bad != 0;
}

enum akita_rc
akita_db_check_all(struct akita_db *db, void *ctx, struct akita_why *why)
{
	struct akita_check_report report;
	enum akita_rc rc;

	(void)ctx;
	rc = count_faults(db, &report, why);
	return rc == AKITA_OK && has_faults(&report) ?
	    akita_db_damaged(db, why) : rc;
}

enum akita_rc
akita_db_check_copy(struct akita_db *db, void *ctx, struct akita_why *why)
{
	struct akita_db *old = ctx;
	struct akita_check_report new_report, old_report;
	struct akita_header header = old->header;
	enum akita_rc rc;

	rc = count_faults(db, &new_report, why);
	if (rc != AKITA_OK || !has_faults(&new_report))
		return rc;
	/* The old file under the header it has itself. */
	if ((rc = akita_db_reread_header(old, why)) == AKITA_OK)
		rc = count_faults(old, &old_report, why);
	old->header = header;
	if (rc == AKITA_OK && (new_report.damaged > old_report.damaged ||
	    new_report.missing > old_report.missing ||
	    new_report.pages_bad > old_report.pages_bad ||
	    new_report.accounts < old_report.accounts))
		rc = akita_db_damaged(db, why);
	return rc;
}

/* An administrative change and what must come with it happen together, or are
 * made good by the next. */
#include "tests/unit/store_kit.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "common/journal.h"

static enum akita_rc
suspend(struct kit *k, const char *user, const struct akita_companions *c,
    struct akita_why *why)
{
	struct akita_account a;
	struct akita_txn *txn = NULL;
	enum akita_rc rc;

	rc = akita_txn_begin(k->store, user, AKITA_TXN_CHANGE, &txn, why);
	if (rc != AKITA_OK)
		return rc;
	a = *akita_txn_account(txn);
	a.slot.state = AKITA_STATE_SUSPENDED;
	a.slot.suspended_from = AKITA_STATE_ACTIVE;
	rc = akita_txn_commit(txn, &a, c, why);
	akita_txn_end(&txn);
	return rc;
}

static int
lines_in(const char *path)
{
	FILE *f = fopen(path, "r");
	int c, n = 0;

	if (f == NULL)
		return 0;
	while ((c = fgetc(f)) != EOF)
		n += c == '\n';
	(void)fclose(f);
	return n;
}

static bool
has_mail(struct kit *k, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/outbox/%s", k->dir, name);
	return access(path, F_OK) == 0;
}

static enum akita_state
state_of(struct kit *k, const char *user)
{
	AKITA_ACCOUNT_AUTO struct akita_account a = { 0 };

	KIT_OK(kit_read(k, user, &a, KW));
	return a.slot.state;
}

static void
a_change_brings_its_audit_record_and_its_mails(void **state)
{
	struct akita_companions *c;
	struct akita_audit_head head;
	struct kit k;

	(void)state;
	kit_create(&k);
	c = kit_companions(&k, "one", 2);
	KIT_OK(kit_add(&k, "alice", c, KW));
	assert_int_equal(lines_in(k.log), 1);
	assert_true(has_mail(&k, "mail-one-0"));
	assert_true(has_mail(&k, "mail-one-1"));
	free(c);
	c = kit_companions(&k, "two", 0);
	KIT_OK(suspend(&k, "alice", c, KW));
	free(c);
	assert_int_equal(state_of(&k, "alice"), AKITA_STATE_SUSPENDED);
	KIT_OK(akita_audit_verify(k.log, &k.trust, k.ring, k.crypto, NULL,
	    NULL, NULL, NULL, &head, KW));
	assert_int_equal(head.number, 2);
	kit_free(&k);
}

static void
without_a_log_nothing_is_changed(void **state)
{
	struct akita_companions *c;
	struct akita_why why = { 0 };
	struct kit k;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	c = kit_companions(&k, "one", 1);
	c->audit_file = "/nonexistent/akita/audit.log";
	assert_int_equal(suspend(&k, "alice", c, &why), AKITA_ERR_LOG);
	assert_non_null(why.msgid);
	assert_int_equal(kit_add(&k, "bob", c, &why), AKITA_ERR_LOG);
	assert_int_equal(state_of(&k, "alice"), AKITA_STATE_ACTIVE);
	assert_int_equal(state_of(&k, "bob"), AKITA_STATE_UNREGISTERED);
	assert_false(has_mail(&k, "mail-one-0"));
	free(c);
	kit_free(&k);
}

static void
mails_that_cannot_be_left_wait_in_the_journal(void **state)
{
	struct akita_companions *c;
	struct akita_why why = { 0 };
	struct kit k;
	char outbox[128];
	int fd;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	(void)snprintf(outbox, sizeof(outbox), "%s/outbox", k.dir);
	assert_int_equal(rmdir(outbox), 0);
	assert_true((fd = open(outbox, O_CREAT | O_WRONLY, 0600)) >= 0);
	(void)close(fd);
	c = kit_companions(&k, "one", 1);
	assert_int_equal(suspend(&k, "alice", c, &why), AKITA_ERR_PARTIAL);
	assert_non_null(why.msgid);
	free(c);
	assert_int_equal(state_of(&k, "alice"), AKITA_STATE_SUSPENDED);
	assert_int_equal(lines_in(k.log), 1);
	assert_int_equal(unlink(outbox), 0);
	KIT_OK(akita_store_finish_journal(k.store, k.log, KW));
	assert_true(has_mail(&k, "mail-one-0"));
	assert_int_equal(lines_in(k.log), 1);	/* not twice */
	KIT_OK(akita_store_finish_journal(k.store, k.log, KW));
	kit_free(&k);
}

/* Fill the journal as for a change of alice that makes her changes count. */
static void
fill_and_die(struct kit *k, uint32_t changes)
{
	struct akita_companions *c = kit_companions(k, "left", 1);
	struct akita_errand *errand = NULL;
	struct akita_db db;

	KIT_OK(akita_db_open(k->store, AKITA_ACCESS_LOOSE, 0, &db, KW));
	KIT_OK(akita_errand_prepare(&db, "alice", changes, c, &errand, KW));
	akita_errand_free(&errand);
	akita_db_close(&db);
	free(c);
}

static void
a_journal_whose_change_never_came_is_dropped(void **state)
{
	struct akita_companions *c;
	struct kit k;
	int i;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	fill_and_die(&k, 1);
	/* Logins are no such change, however many. */
	for (i = 0; i < 5; i++)
		KIT_OK(kit_login(&k, "alice", KW));
	KIT_OK(akita_store_finish_journal(k.store, k.log, KW));
	assert_int_equal(lines_in(k.log), 0);
	assert_false(has_mail(&k, "mail-left-0"));
	c = kit_companions(&k, "next", 1);
	KIT_OK(suspend(&k, "alice", c, KW));
	assert_int_equal(lines_in(k.log), 1);
	free(c);
	kit_free(&k);
}

static void
a_journal_whose_change_came_is_finished_by_the_next(void **state)
{
	struct akita_companions *c;
	struct akita_audit_head head;
	struct kit k;

	(void)state;
	kit_create(&k);
	c = kit_companions(&k, "one", 0);
	KIT_OK(kit_add(&k, "alice", c, KW));
	free(c);
	fill_and_die(&k, 1);	/* one change there was */
	KIT_OK(kit_login(&k, "alice", KW));
	c = kit_companions(&k, "two", 0);
	KIT_OK(suspend(&k, "alice", c, KW));
	free(c);
	assert_int_equal(lines_in(k.log), 3);
	assert_true(has_mail(&k, "mail-left-0"));
	KIT_OK(akita_audit_verify(k.log, &k.trust, k.ring, k.crypto, NULL,
	    NULL, NULL, NULL, &head, KW));
	assert_int_equal(head.number, 3);
	kit_free(&k);
}

static void
a_torn_or_missing_journal_is_an_empty_one(void **state)
{
	struct akita_companions *c;
	struct kit k;
	char path[160];

	(void)state;
	kit_create(&k);
	(void)snprintf(path, sizeof(path), "%s.journal", k.path);
	c = kit_companions(&k, "one", 1);
	KIT_OK(kit_add(&k, "alice", c, KW));
	fill_and_die(&k, 1);
	assert_int_equal(truncate(path, 600), 0);
	KIT_OK(akita_store_finish_journal(k.store, k.log, KW));
	assert_int_equal(lines_in(k.log), 1);
	assert_int_equal(unlink(path), 0);
	KIT_OK(suspend(&k, "alice", c, KW));
	assert_int_equal(lines_in(k.log), 2);
	free(c);
	kit_free(&k);
}

static void
a_log_that_was_cut_off_shows_a_gap(void **state)
{
	struct akita_companions *c;
	struct akita_audit_head head;
	struct akita_why why;
	struct kit k;

	(void)state;
	kit_create(&k);
	c = kit_companions(&k, "one", 0);
	KIT_OK(kit_add(&k, "alice", c, KW));
	KIT_OK(suspend(&k, "alice", c, KW));
	assert_int_equal(truncate(k.log, 0), 0);
	KIT_OK(suspend(&k, "alice", c, KW));
	assert_int_equal(akita_audit_verify(k.log, &k.trust, k.ring, k.crypto,
	    NULL, NULL, NULL, NULL, &head, &why), AKITA_ERR_MALFORMED);
	assert_int_equal(head.number, 3);
	free(c);
	kit_free(&k);
}

/* ---- many at once ---- */

struct rows {
	int	next, end, ok, exists;
};

static enum akita_rc
next_row(void *ctx, struct akita_account *account)
{
	struct rows *rows = ctx;
	char user[32];

	if (rows->next == rows->end)
		return AKITA_ERR_NO_ACCOUNT;
	(void)snprintf(user, sizeof(user), "user%d", rows->next++);
	kit_account(account, user);
	return AKITA_OK;
}

static void
row_done(void *ctx, const struct akita_account *account, enum akita_rc what)
{
	struct rows *rows = ctx;

	(void)account;
	rows->ok += what == AKITA_OK;
	rows->exists += what == AKITA_ERR_EXISTS;
}

static enum akita_rc
row_record(void *ctx, const struct akita_account *account,
    enum akita_state from, char *ret_body, struct akita_why *why)
{
	static const struct akita_actor actor = { .loginuid = -1,
		.user = "root" };
	const struct akita_audit_record record = {
		.time_s = 1700000000, .actor = &actor, .event = "issue",
		.account = account->identity.user,
		.from = akita_state_name(from)
	};

	(void)ctx;
	return akita_audit_compose(&record, ret_body, why);
}

static bool
has_batch(const struct kit *k)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s.batch", k->path);
	return access(path, F_OK) == 0;
}

/* The log has so many records, and is whole. */
static void
assert_whole(struct kit *k, uint64_t number)
{
	struct akita_audit_head head = { .number = 0 };

	KIT_OK(akita_audit_verify(k->log, &k->trust, k->ring, k->crypto, NULL,
	    NULL, NULL, NULL, &head, KW));
	assert_int_equal(head.number, number);
	assert_false(has_batch(k));
}

static void
each_of_many_accounts_has_its_audit_record(void **state)
{
	struct rows rows = { 0, 300, 0, 0 };
	struct akita_bulk bulk = {
		.next = next_row, .done = row_done, .record = row_record,
		.ctx = &rows, .expected = 300
	};
	struct akita_companions *c;
	struct akita_account a;
	struct akita_why why;
	struct kit k;

	(void)state;
	kit_create(&k);
	c = kit_companions(&k, "import", 0);
	KIT_OK(akita_store_bulk(k.store, &bulk, c, KW));
	assert_whole(&k, 301);
	rows.next = 0;	/* none of these */
	KIT_OK(akita_store_bulk(k.store, &bulk, c, KW));
	assert_whole(&k, 301);
	/* No log: nothing happens. */
	assert_int_equal(unlink(k.log), 0);
	assert_int_equal(mkdir(k.log, 0700), 0);
	rows = (struct rows){ 300, 400, 0, 0 };
	assert_int_equal(akita_store_bulk(k.store, &bulk, c, &why),
	    AKITA_ERR_LOG);
	assert_false(has_batch(&k));
	KIT_OK(kit_read(&k, "user301", &a, KW));
	assert_int_equal(a.slot.state, AKITA_STATE_UNREGISTERED);
	free(c);
	kit_free(&k);
}

/* Fill the journal as for a change of many that is made with the header's
 * sequence number changes, and two records. */
static void
fill_many_and_die(struct kit *k, bool is_made)
{
	struct akita_companions *c = kit_companions(k, "import", 0);
	struct akita_errand *errand = NULL;
	struct akita_db db;

	KIT_OK(akita_db_open(k->store, AKITA_ACCESS_LOOSE, 0, &db, KW));
	KIT_OK(akita_errand_begin_many(&db, k->log, &errand, KW));
	KIT_OK(akita_errand_add(errand, c->audit, KW));
	KIT_OK(akita_errand_add(errand, c->audit, KW));
	KIT_OK(akita_errand_prepare_many(errand, (uint32_t)
	    db.header.sequence + (is_made ? 0 : 1), c, KW));
	akita_errand_free(&errand);
	akita_db_close(&db);
	free(c);
}

static void
the_records_of_many_are_finished_by_the_next_or_dropped(void **state)
{
	struct akita_companions *c;
	struct kit k;

	(void)state;
	kit_create(&k);
	fill_many_and_die(&k, true);
	assert_true(has_batch(&k));
	KIT_OK(akita_store_finish_journal(k.store, k.log, KW));
	assert_whole(&k, 3);
	fill_many_and_die(&k, false);
	KIT_OK(akita_store_finish_journal(k.store, k.log, KW));
	assert_whole(&k, 3);
	c = kit_companions(&k, "one", 0);
	KIT_OK(kit_add(&k, "alice", c, KW));
	assert_whole(&k, 4);
	free(c);
	kit_free(&k);
}

static void
many_accounts_come_in_one_change_and_none_twice(void **state)
{
	struct akita_check_report report;
	struct rows rows = { 0, 3000, 0, 0 };
	struct akita_bulk bulk = {
		.next = next_row, .done = row_done, .ctx = &rows,
		.expected = 10	/* a bad guess */
	};
	struct akita_companions *c;
	struct akita_account a;
	struct kit k;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "user7", NULL, KW));
	c = kit_companions(&k, "import", 0);
	KIT_OK(akita_store_bulk(k.store, &bulk, c, KW));
	assert_int_equal(lines_in(k.log), 1);
	assert_int_equal(rows.ok, 2999);
	assert_int_equal(rows.exists, 1);
	rows.next = 0;
	KIT_OK(akita_store_bulk(k.store, &bulk, c, KW));
	assert_int_equal(rows.exists, 3001);
	assert_int_equal(lines_in(k.log), 1);	/* nothing happened */
	free(c);
	KIT_OK(kit_read(&k, "user2999", &a, KW));
	assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
	assert_int_equal(a.identity.user_id, 10000001 + 2999);
	KIT_OK(kit_login(&k, "user2999", KW));
	KIT_OK(kit_add(&k, "another", NULL, KW));
	KIT_OK(akita_store_verify(k.store, NULL, NULL, &report, KW));
	assert_int_equal(report.accounts, 3001);
	assert_int_equal(report.damaged + report.missing + report.orphans +
	    report.pages_bad, 0);
	kit_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_brings_its_audit_record_and_its_mails),
		cmocka_unit_test(without_a_log_nothing_is_changed),
		cmocka_unit_test(mails_that_cannot_be_left_wait_in_the_journal),
		cmocka_unit_test(a_journal_whose_change_never_came_is_dropped),
		cmocka_unit_test(
		    a_journal_whose_change_came_is_finished_by_the_next),
		cmocka_unit_test(a_torn_or_missing_journal_is_an_empty_one),
		cmocka_unit_test(a_log_that_was_cut_off_shows_a_gap),
		cmocka_unit_test(
		    many_accounts_come_in_one_change_and_none_twice),
		cmocka_unit_test(each_of_many_accounts_has_its_audit_record),
		cmocka_unit_test(
		    the_records_of_many_are_finished_by_the_next_or_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

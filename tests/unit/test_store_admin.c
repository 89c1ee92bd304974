/* An administrative change and what must come with it happen together; what a
 * login leaves to be done is found. */
#include "tests/unit/store_kit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "common/journal.h"

static struct akita_companions *
companions(struct kit *k, const char *note, unsigned int n_mails)
{
	struct akita_companions *c = calloc(1, sizeof(*c));
	struct akita_actor actor = { .loginuid = -1, .user = "root" };
	struct akita_audit_record record = {
		.time_s = 1700000000, .actor = &actor, .account = "alice",
		.event = "suspend", .note = note
	};

	assert_non_null(c);
	KIT_OK(akita_audit_compose(&record, c->audit, KW));
	c->audit_file = k->log;
	for (; c->n_mails < n_mails; c->n_mails++) {
		(void)snprintf(c->mail[c->n_mails].file,
		    sizeof(c->mail[0].file), "mail-%s-%u", note, c->n_mails);
		(void)snprintf(c->mail[c->n_mails].text,
		    sizeof(c->mail[0].text), "Subject: %s\n\ntext\n", note);
	}
	return c;
}

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
	c = companions(&k, "one", 2);
	KIT_OK(kit_add(&k, "alice", c, KW));
	assert_int_equal(lines_in(k.log), 1);
	assert_true(has_mail(&k, "mail-one-0"));
	assert_true(has_mail(&k, "mail-one-1"));
	free(c);
	c = companions(&k, "two", 0);
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
	c = companions(&k, "one", 1);
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
	c = companions(&k, "one", 1);
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
	struct akita_companions *c = companions(k, "left", 1);
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
	c = companions(&k, "next", 1);
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
	c = companions(&k, "one", 0);
	KIT_OK(kit_add(&k, "alice", c, KW));
	free(c);
	fill_and_die(&k, 1);	/* one change there was */
	KIT_OK(kit_login(&k, "alice", KW));
	c = companions(&k, "two", 0);
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
	c = companions(&k, "one", 1);
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
	c = companions(&k, "one", 0);
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

/* ---- secrets that are gone ---- */

/* Give alice a token whose sealed bytes are looked for afterwards. */
static void
sealed_bytes(struct kit *k, uint8_t ret[AKITA_TOKEN_AREA])
{
	AKITA_ACCOUNT_AUTO struct akita_account a = { 0 };
	uint8_t hash[AKITA_NAME_HASH], record[AKITA_RECORD_SIZE];
	struct akita_db db;
	uint32_t number;
	bool found;

	KIT_OK(kit_read(k, "alice", &a, KW));
	KIT_OK(akita_db_open(k->store, AKITA_ACCESS_LOOSE, 0, &db, KW));
	KIT_OK(akita_seal_name_hash(k->crypto, &k->store->keys, "alice",
	    hash));
	KIT_OK(akita_db_lookup(&db, hash, &found, &number, record, KW));
	assert_true(found);
	akita_db_close(&db);
	assert_int_not_equal(a.slot.token_area, AKITA_AREA_NONE);
	memcpy(ret, record + AKITA_RECORD_HEADER + 2 * AKITA_SLOT_SIZE +
	    2 * AKITA_IDENTITY_SIZE + a.slot.token_area * AKITA_TOKEN_AREA,
	    AKITA_TOKEN_AREA);
}

static bool
database_has(struct kit *k, const void *bytes, size_t len)
{
	struct stat st;
	uint8_t *p;
	bool found;
	int fd;

	assert_true((fd = open(k->path, O_RDONLY)) >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_non_null(p = malloc((size_t)st.st_size));
	assert_int_equal(read(fd, p, (size_t)st.st_size), st.st_size);
	(void)close(fd);
	found = memmem(p, (size_t)st.st_size, bytes, len) != NULL;
	free(p);
	return found;
}

/* Take alice's token away; companions or a login, which burns. */
static enum akita_rc
destroy(struct kit *k, const struct akita_companions *c, uint16_t notices,
    struct akita_why *why)
{
	struct akita_account a;
	struct akita_txn *txn = NULL;
	enum akita_rc rc;

	rc = akita_txn_begin(k->store, "alice", AKITA_TXN_CHANGE, &txn, why);
	if (rc != AKITA_OK)
		return rc;
	a = *akita_txn_account(txn);
	a.has_token = false;
	a.changed = AKITA_CHANGED_TOKEN;
	a.slot.state = AKITA_STATE_REGISTERED;
	a.slot.notices = notices;
	rc = akita_txn_commit(txn, &a, c, why);
	akita_txn_end(&txn);
	return rc;
}

static void
a_destroyed_secret_is_overwritten(void **state)
{
	uint8_t sealed[AKITA_TOKEN_AREA];
	struct akita_companions *c;
	struct kit k;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	sealed_bytes(&k, sealed);
	assert_true(database_has(&k, sealed, sizeof(sealed)));
	c = companions(&k, "gone", 0);
	KIT_OK(destroy(&k, c, 0, KW));
	free(c);
	assert_false(database_has(&k, sealed + 16, 64));
	kit_free(&k);
}

/* ---- notices ---- */

struct visits {
	struct kit	*kit;
	char		 users[8][65];
	int		 n;
};

/* As the next otpadm does: see, commit without the notices. */
static bool
settle(void *ctx, const char *user)
{
	struct visits *v = ctx;
	struct akita_account a;
	struct akita_txn *txn = NULL;

	assert_in_range(v->n, 0, 7);
	(void)snprintf(v->users[v->n++], sizeof(v->users[0]), "%s", user);
	KIT_OK(akita_txn_begin(v->kit->store, user, AKITA_TXN_CHANGE, &txn,
	    KW));
	a = *akita_txn_account(txn);
	assert_int_not_equal(a.slot.notices, 0);
	a.slot.notices = 0;
	KIT_OK(akita_txn_commit(txn, &a, NULL, KW));
	akita_txn_end(&txn);
	return true;
}

static enum akita_rc
lock_out(struct kit *k, const char *user, struct akita_why *why)
{
	struct akita_account a;
	struct akita_txn *txn = NULL;
	enum akita_rc rc;

	rc = akita_txn_begin(k->store, user, AKITA_TXN_CHANGE, &txn, why);
	if (rc != AKITA_OK)
		return rc;
	a = *akita_txn_account(txn);
	a.slot.notices |= AKITA_NOTICE_LOCKED;
	rc = akita_txn_commit(txn, &a, NULL, why);
	akita_txn_end(&txn);
	return rc;
}

static void
notices_are_found_with_a_hint_and_without(void **state)
{
	struct visits v = { 0 };
	struct kit k;
	char hint[160];
	struct stat st;

	(void)state;
	kit_create(&k);
	v.kit = &k;
	(void)snprintf(hint, sizeof(hint), "%s.hint", k.path);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	KIT_OK(kit_add(&k, "bob", NULL, KW));
	KIT_OK(lock_out(&k, "bob", KW));	/* no hint file yet */
	KIT_OK(akita_store_notices(k.store, settle, &v, KW));
	assert_int_equal(v.n, 1);
	assert_string_equal(v.users[0], "bob");
	assert_int_equal(stat(hint, &st), 0);
	assert_int_equal(st.st_size, AKITA_BOOT_ID);
	KIT_OK(lock_out(&k, "alice", KW));
	assert_int_equal(stat(hint, &st), 0);
	assert_int_equal(st.st_size, AKITA_BOOT_ID + 11);
	KIT_OK(akita_store_notices(k.store, settle, &v, KW));
	assert_int_equal(v.n, 2);
	assert_string_equal(v.users[1], "alice");
	KIT_OK(akita_store_notices(k.store, settle, &v, KW));
	assert_int_equal(v.n, 2);
	assert_int_equal(stat(hint, &st), 0);
	assert_int_equal(st.st_size, AKITA_BOOT_ID);
	kit_free(&k);
}

static void
hints_of_another_boot_make_it_look_through_everything(void **state)
{
	struct visits v = { 0 };
	struct kit k;
	char hint[160];
	int fd;

	(void)state;
	kit_create(&k);
	v.kit = &k;
	(void)snprintf(hint, sizeof(hint), "%s.hint", k.path);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	KIT_OK(akita_store_notices(k.store, settle, &v, KW));
	assert_int_equal(v.n, 0);
	assert_true((fd = open(hint, O_WRONLY)) >= 0);
	assert_int_equal(write(fd, "another-boot", 12), 12);
	(void)close(fd);
	KIT_OK(lock_out(&k, "alice", KW));
	KIT_OK(akita_store_notices(k.store, settle, &v, KW));
	assert_int_equal(v.n, 1);
	kit_free(&k);
}

static void
a_token_burnt_in_a_login_is_overwritten_by_the_next_command(void **state)
{
	uint8_t sealed[AKITA_TOKEN_AREA];
	struct visits v = { 0 };
	struct akita_account a;
	struct kit k;

	(void)state;
	kit_create(&k);
	v.kit = &k;
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	sealed_bytes(&k, sealed);
	KIT_OK(destroy(&k, NULL, AKITA_NOTICE_BURNT, KW));
	assert_true(database_has(&k, sealed, sizeof(sealed)));
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(a.slot.notices,
	    AKITA_NOTICE_BURNT | AKITA_NOTICE_STALE);
	KIT_OK(akita_store_notices(k.store, settle, &v, KW));
	assert_false(database_has(&k, sealed + 16, 64));
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(a.slot.notices, 0);
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
	c = companions(&k, "import", 0);
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
		cmocka_unit_test(a_destroyed_secret_is_overwritten),
		cmocka_unit_test(notices_are_found_with_a_hint_and_without),
		cmocka_unit_test(
		    hints_of_another_boot_make_it_look_through_everything),
		cmocka_unit_test(
	    a_token_burnt_in_a_login_is_overwritten_by_the_next_command),
		cmocka_unit_test(
		    many_accounts_come_in_one_change_and_none_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

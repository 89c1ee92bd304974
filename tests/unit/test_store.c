/* Accounts are there, durably and exactly, whatever happens to the file. */
#include "tests/unit/store_kit.h"

static void
a_new_database_proves_that_nobody_is_in_it(void **state)
{
	struct kit k;
	struct akita_account a;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(a.slot.state, AKITA_STATE_UNREGISTERED);
	assert_string_equal(a.identity.user, "alice");
	kit_free(&k);
}

static void
what_was_committed_is_read_back(void **state)
{
	struct kit k;
	struct akita_account a;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	KIT_OK(kit_add(&k, "bob", NULL, KW));
	KIT_OK(kit_login(&k, "alice", KW));
	KIT_OK(kit_login(&k, "alice", KW));
	KIT_OK(kit_login(&k, "nobody", KW));
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
	assert_int_equal(a.slot.last_step, 1);
	assert_int_equal(a.identity.user_id, 10000001);
	assert_true(a.has_token);
	assert_memory_equal(a.token.key.bytes, "alice", 6);
	KIT_OK(kit_read(&k, "bob", &a, KW));
	assert_int_equal(a.identity.user_id, 10000002);
	assert_int_equal(a.slot.last_step, -1);
	KIT_OK(kit_read(&k, "nobody", &a, KW));
	assert_int_equal(a.slot.state, AKITA_STATE_UNREGISTERED);
	kit_free(&k);
}


/* Change the token of an account, with companions. */
static enum akita_rc
renew_token(struct kit *k, const char *user, const char *key,
    const struct akita_companions *c, struct akita_why *why)
{
	struct akita_account a;
	struct akita_txn *txn = NULL;
	enum akita_rc rc;

	rc = akita_txn_begin(k->store, user, AKITA_TXN_CHANGE, &txn, why);
	if (rc != AKITA_OK)
		return rc;
	a = *akita_txn_account(txn);
	a.changed = AKITA_CHANGED_TOKEN;
	a.token.generation++;
	memset(a.token.key.bytes, 0, sizeof(a.token.key.bytes));
	memcpy(a.token.key.bytes, key, strlen(key));
	rc = akita_txn_commit(txn, &a, c, why);
	akita_txn_end(&txn);
	return rc;
}

static void
a_new_token_takes_the_place_of_the_old_one(void **state)
{
	struct kit k;
	struct akita_account a;
	int i;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	for (i = 0; i < 7; i++) {
		KIT_OK(renew_token(&k, "alice", "new key", NULL, KW));
		KIT_OK(kit_login(&k, "alice", KW));
	}
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(a.token.generation, 8);
	assert_memory_equal(a.token.key.bytes, "new key", 8);
	assert_int_equal(a.slot.notices, 0);
	kit_free(&k);
}

static void
many_new_accounts_make_the_database_grow(void **state)
{
	struct akita_check_report report;
	struct kit k;
	struct akita_account a;
	char user[32];
	int i, n = getenv("AKITA_LONG") != NULL ? 10000 : 1500;

	(void)state;
	kit_create(&k);
	for (i = 0; i < n; i++) {
		(void)snprintf(user, sizeof(user), "user%d", i);
		KIT_OK(kit_add(&k, user, NULL, KW));
	}
	for (i = 0; i < n; i++) {
		(void)snprintf(user, sizeof(user), "user%d", i);
		KIT_OK(kit_read(&k, user, &a, KW));
		assert_int_equal(a.identity.user_id, 10000001 + i);
		assert_string_equal(a.identity.user, user);
	}
	KIT_OK(akita_store_verify(k.store, NULL, NULL, &report, KW));
	assert_int_equal(report.accounts, n);
	assert_int_equal(report.damaged + report.missing + report.orphans +
	    report.pages_bad, 0);
	kit_free(&k);
}

static void
a_database_is_not_made_over_another(void **state)
{
	struct akita_account a;
	struct akita_why why = { 0 };
	struct kit k;
	char path[160];

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	assert_int_equal(akita_store_create(k.store, &why), AKITA_ERR_EXISTS);
	assert_non_null(why.msgid);
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(unlink(k.path), 0);
	assert_int_equal(akita_store_create(k.store, &why), AKITA_ERR_EXISTS);
	(void)snprintf(path, sizeof(path), "%s.lock", k.path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(akita_store_create(k.store, &why), AKITA_ERR_EXISTS);
	assert_int_equal(kit_read(&k, "alice", &a, &why),
	    AKITA_ERR_DATABASE);
	(void)snprintf(path, sizeof(path), "%s.journal", k.path);
	assert_int_equal(unlink(path), 0);
	KIT_OK(akita_store_create(k.store, KW));
	kit_free(&k);
}

static void
a_database_that_cannot_be_made_leaves_nothing_behind(void **state)
{
	struct akita_why why = { 0 };
	struct kit k;

	(void)state;
	kit_prepare(&k);
	akita_store_free(&k.store);
	k.env.path = "/nonexistent/akita/tokens.gdbm";
	kit_open(&k);
	assert_int_equal(akita_store_create(k.store, &why),
	    AKITA_ERR_DATABASE);
	assert_non_null(why.msgid);
	kit_free(&k);
}

static void
names_that_are_none_are_refused(void **state)
{
	struct akita_account a;
	struct akita_why why = { 0 };
	struct kit k;
	char user[70];

	(void)state;
	kit_create(&k);
	assert_int_equal(kit_read(&k, "", &a, &why), AKITA_ERR_USAGE);
	memset(user, 'u', sizeof(user));
	user[65] = '\0';
	assert_int_equal(kit_read(&k, user, &a, &why), AKITA_ERR_USAGE);
	user[64] = '\0';
	KIT_OK(kit_add(&k, user, NULL, KW));
	KIT_OK(kit_read(&k, user, &a, KW));
	assert_string_equal(a.identity.user, user);
	kit_free(&k);
}

static void
what_cannot_be_written_changes_nothing(void **state)
{
	struct akita_account a;
	struct akita_why why = { 0 };
	struct akita_txn *txn = NULL;
	struct kit k;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	KIT_OK(akita_txn_begin(k.store, "alice", AKITA_TXN_CHANGE, &txn, KW));
	a = *akita_txn_account(txn);
	a.changed = AKITA_CHANGED_IDENTITY;
	memset(a.identity.mail, 'm', AKITA_MAIL_MAX);
	memset(a.identity.device_mail, 'd', AKITA_MAIL_MAX);
	assert_int_equal(akita_txn_commit(txn, &a, NULL, &why),
	    AKITA_ERR_USAGE);
	assert_non_null(why.msgid);
	akita_txn_end(&txn);
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_string_equal(a.identity.mail, "mail@example.jp");
	kit_free(&k);
}

static void
only_what_was_begun_for_it_can_be_committed(void **state)
{
	struct akita_account a;
	struct akita_txn *txn = NULL;
	struct kit k;
	uint32_t id;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	KIT_OK(akita_txn_begin(k.store, "alice", AKITA_TXN_PEEK, &txn, KW));
	a = *akita_txn_account(txn);
	assert_int_equal(akita_txn_commit(txn, &a, NULL, NULL),
	    AKITA_ERR_INTERNAL);
	assert_int_equal(akita_txn_commit_decoy(txn, NULL),
	    AKITA_ERR_INTERNAL);
	assert_int_equal(akita_txn_next_user_id(txn, &id, NULL),
	    AKITA_ERR_INTERNAL);
	akita_txn_end(&txn);
	assert_null(txn);
	akita_txn_end(&txn);
	KIT_OK(akita_txn_begin(k.store, "alice", AKITA_TXN_CHANGE, &txn, KW));
	KIT_OK(akita_txn_commit(txn, &a, NULL, KW));
	assert_int_equal(akita_txn_commit(txn, &a, NULL, NULL),
	    AKITA_ERR_INTERNAL);	/* once only */
	akita_txn_end(&txn);
	KIT_OK(akita_txn_begin(k.store, "bob", AKITA_TXN_CHANGE, &txn, KW));
	kit_account(&a, "bob");
	assert_int_equal(akita_txn_commit(txn, &a, NULL, NULL),
	    AKITA_ERR_INTERNAL);	/* not an account */
	akita_txn_end(&txn);
	kit_free(&k);
}

static void
a_user_id_that_was_not_committed_is_given_out_again(void **state)
{
	struct akita_txn *txn = NULL;
	struct akita_account a;
	struct kit k;
	uint32_t id;

	(void)state;
	kit_create(&k);
	KIT_OK(akita_txn_begin(k.store, "alice", AKITA_TXN_CREATE, &txn, KW));
	KIT_OK(akita_txn_next_user_id(txn, &id, KW));
	assert_int_equal(id, 10000001);
	akita_txn_end(&txn);
	KIT_OK(kit_add(&k, "bob", NULL, KW));
	KIT_OK(kit_read(&k, "bob", &a, KW));
	assert_int_equal(a.identity.user_id, 10000001);
	/* An account that has a record gets a new ID, too. */
	KIT_OK(akita_txn_begin(k.store, "bob", AKITA_TXN_CREATE, &txn, KW));
	a = *akita_txn_account(txn);
	KIT_OK(akita_txn_next_user_id(txn, &a.identity.user_id, KW));
	a.changed = AKITA_CHANGED_IDENTITY;
	KIT_OK(akita_txn_commit(txn, &a, NULL, KW));
	akita_txn_end(&txn);
	KIT_OK(kit_add(&k, "carol", NULL, KW));
	KIT_OK(kit_read(&k, "bob", &a, KW));
	assert_int_equal(a.identity.user_id, 10000002);
	KIT_OK(kit_read(&k, "carol", &a, KW));
	assert_int_equal(a.identity.user_id, 10000003);
	kit_free(&k);
}

static void
a_waiting_token_takes_over_where_it_lies(void **state)
{
	struct akita_account a;
	struct akita_txn *txn = NULL;
	struct kit k;
	uint8_t area;
	int i;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	for (i = 0; i < 5; i++) {
		KIT_OK(akita_txn_begin(k.store, "alice", AKITA_TXN_CHANGE,
		    &txn, KW));
		a = *akita_txn_account(txn);
		a.waiting = a.token;
		a.waiting.generation++;
		a.waiting.key.bytes[0] = (uint8_t)('A' + i);
		a.has_waiting = true;
		a.changed = AKITA_CHANGED_WAITING;
		KIT_OK(akita_txn_commit(txn, &a, NULL, KW));
		akita_txn_end(&txn);
		KIT_OK(akita_txn_begin(k.store, "alice", AKITA_TXN_CHANGE,
		    &txn, KW));
		a = *akita_txn_account(txn);
		assert_true(a.has_token && a.has_waiting);
		assert_int_equal(a.waiting.key.bytes[0], 'A' + i);
		area = a.slot.waiting_area;
		a.token = a.waiting;
		a.has_waiting = false;
		a.slot.generation = a.token.generation;
		a.changed = AKITA_CHANGED_PROMOTED;
		KIT_OK(akita_txn_commit(txn, &a, NULL, KW));
		akita_txn_end(&txn);
		KIT_OK(kit_read(&k, "alice", &a, KW));
		assert_true(a.has_token && !a.has_waiting);
		assert_int_equal(a.slot.token_area, area);
		assert_int_equal(a.token.key.bytes[0], 'A' + i);
		assert_int_equal(a.token.generation, 2 + i);
	}
	kit_free(&k);
}

static bool
count_three(void *ctx, const struct akita_account *account)
{
	int *n = ctx;

	assert_int_equal(account->identity.user_id, 10000001 + *n);
	assert_int_equal(account->token.key.len, 20);
	return ++*n < 3;
}

static void
accounts_are_visited_in_order_until_it_is_enough(void **state)
{
	struct kit k;
	char user[16];
	int i, n = 0;

	(void)state;
	kit_create(&k);
	for (i = 0; i < 5; i++) {
		(void)snprintf(user, sizeof(user), "user%d", i);
		KIT_OK(kit_add(&k, user, NULL, KW));
	}
	KIT_OK(akita_store_each(k.store, true, count_three, &n, KW));
	assert_int_equal(n, 3);
	kit_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_database_proves_that_nobody_is_in_it),
		cmocka_unit_test(what_was_committed_is_read_back),
		cmocka_unit_test(a_new_token_takes_the_place_of_the_old_one),
		cmocka_unit_test(many_new_accounts_make_the_database_grow),
		cmocka_unit_test(a_database_is_not_made_over_another),
		cmocka_unit_test(
		    a_database_that_cannot_be_made_leaves_nothing_behind),
		cmocka_unit_test(names_that_are_none_are_refused),
		cmocka_unit_test(what_cannot_be_written_changes_nothing),
		cmocka_unit_test(only_what_was_begun_for_it_can_be_committed),
		cmocka_unit_test(
		    a_user_id_that_was_not_committed_is_given_out_again),
		cmocka_unit_test(a_waiting_token_takes_over_where_it_lies),
		cmocka_unit_test(
		    accounts_are_visited_in_order_until_it_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

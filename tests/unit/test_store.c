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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_database_proves_that_nobody_is_in_it),
		cmocka_unit_test(what_was_committed_is_read_back),
		cmocka_unit_test(a_new_token_takes_the_place_of_the_old_one),
		cmocka_unit_test(many_new_accounts_make_the_database_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

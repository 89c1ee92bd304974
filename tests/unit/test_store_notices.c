/* Secrets that are gone are gone from the file, and what a login leaves to be
 * done is found. */
#include "tests/unit/store_kit.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "common/store_int.h"

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
	c = kit_companions(&k, "gone", 0);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_destroyed_secret_is_overwritten),
		cmocka_unit_test(notices_are_found_with_a_hint_and_without),
		cmocka_unit_test(
		    hints_of_another_boot_make_it_look_through_everything),
		cmocka_unit_test(
	    a_token_burnt_in_a_login_is_overwritten_by_the_next_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

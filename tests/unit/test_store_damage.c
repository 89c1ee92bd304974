/* Damage is found out, or does no harm: no account is ever not registered, in
 * an older state, or somebody else's because of it. */
#include "tests/unit/store_kit.h"

#include <fcntl.h>
#include <sys/stat.h>

static uint8_t *
slurp(const char *path, size_t *ret_len)
{
	struct stat st;
	uint8_t *p;
	int fd;

	assert_true((fd = open(path, O_RDONLY)) >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_non_null(p = malloc((size_t)st.st_size + 1));
	assert_int_equal(read(fd, p, (size_t)st.st_size), st.st_size);
	(void)close(fd);
	*ret_len = (size_t)st.st_size;
	return p;
}

static void
put(const char *path, const void *bytes, size_t len, size_t at)
{
	int fd;

	assert_true((fd = open(path, O_WRONLY | O_CREAT, 0600)) >= 0);
	assert_int_equal(pwrite(fd, bytes, len, (off_t)at), (ssize_t)len);
	(void)close(fd);
}

static void
cut(const char *path, size_t len)
{
	assert_int_equal(truncate(path, (off_t)len), 0);
}

static off_t
size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* Two accounts; alice has logged in so often, bob once. */
static void
make_two(struct kit *k, int logins)
{
	int i;

	kit_create(k);
	KIT_OK(kit_add(k, "alice", NULL, KW));
	KIT_OK(kit_add(k, "bob", NULL, KW));
	for (i = 0; i < logins; i++)
		KIT_OK(kit_login(k, "alice", KW));
	KIT_OK(kit_login(k, "bob", KW));
}

/* alice is as she was, or there is trouble. */
static void
assert_alice_or_trouble(struct kit *k, int64_t last_step, size_t at)
{
	struct akita_account a;
	struct akita_why why = { 0 };
	enum akita_rc rc;

	rc = kit_read(k, "alice", &a, &why);
	if (rc != AKITA_OK) {
		if (rc != AKITA_ERR_DATABASE && rc != AKITA_ERR_KEY)
			fail_msg("byte %zu: %s", at, akita_rc_word(rc));
		assert_non_null(why.msgid);
		return;
	}
	if (a.slot.state != AKITA_STATE_ACTIVE ||
	    a.slot.last_step != last_step || !a.has_token ||
	    memcmp(a.token.key.bytes, "alice", 6) != 0 ||
	    strcmp(a.identity.user, "alice") != 0)
		fail_msg("byte %zu: another alice (%d, step %d)", at,
		    (int)a.slot.state, (int)a.slot.last_step);
}

static void
no_flipped_byte_makes_another_account_of_one(void **state)
{
	struct kit k;
	size_t len, at, step = getenv("AKITA_LONG") != NULL ? 1 : 7;
	uint8_t *bytes, flipped;
	off_t size;

	(void)state;
	make_two(&k, 3);
	bytes = slurp(k.path, &len);
	size = size_of(k.path);
	for (at = 0; at < len; at += step) {
		flipped = (uint8_t)(bytes[at] ^ (1u << (at % 8)));
		put(k.path, &flipped, 1, at);
		assert_alice_or_trouble(&k, 2, at);
		put(k.path, &bytes[at], 1, at);
		assert_int_equal(size_of(k.path), size);
	}
	free(bytes);
	kit_free(&k);
}

static void
a_login_over_a_flipped_byte_never_makes_the_file_grow(void **state)
{
	struct kit k;
	size_t len, at, step = getenv("AKITA_LONG") != NULL ? 3 : 97;
	uint8_t *bytes, flipped;
	struct akita_why why;
	enum akita_rc rc;

	(void)state;
	make_two(&k, 3);
	bytes = slurp(k.path, &len);
	for (at = 0; at < len; at += step) {
		flipped = (uint8_t)(bytes[at] ^ (1u << (at % 8)));
		put(k.path, &flipped, 1, at);
		rc = kit_login(&k, "alice", &why);
		if (rc == AKITA_OK)
			assert_alice_or_trouble(&k, 3, at);
		else
			assert_int_equal(rc, AKITA_ERR_DATABASE);
		assert_int_equal(size_of(k.path), len);
		put(k.path, bytes, len, 0);
	}
	free(bytes);
	kit_free(&k);
}

static void
a_file_cut_off_anywhere_is_refused_and_does_not_grow(void **state)
{
	struct kit k;
	size_t len, at;
	uint8_t *bytes;
	struct akita_why why;

	(void)state;
	make_two(&k, 1);
	bytes = slurp(k.path, &len);
	for (at = 0; at < len; at += 509) {
		cut(k.path, at);
		assert_int_equal(kit_login(&k, "alice", &why),
		    AKITA_ERR_DATABASE);
		assert_int_equal(size_of(k.path), at);
		put(k.path, bytes, len, 0);
	}
	KIT_OK(kit_login(&k, "alice", KW));
	free(bytes);
	kit_free(&k);
}

static void
foreign_files_are_refused(void **state)
{
	struct kit k;
	struct akita_why why;
	char text[9000];

	(void)state;
	make_two(&k, 1);
	memset(text, 'x', sizeof(text));
	cut(k.path, 0);
	put(k.path, text, sizeof(text), 0);
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_DATABASE);
	assert_int_equal(size_of(k.path), sizeof(text));
	assert_int_equal(unlink(k.path), 0);
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_DATABASE);
	assert_int_equal(access(k.path, F_OK), -1);
	assert_int_equal(mkdir(k.path, 0700), 0);
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_DATABASE);
	assert_int_equal(rmdir(k.path), 0);
	assert_int_equal(symlink("/dev/null", k.path), 0);
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_DATABASE);
	kit_free(&k);
}

/* Where the bytes of a record lie: after its key. */
static size_t
record_at(const uint8_t *bytes, size_t len, uint32_t number)
{
	const uint8_t key[] = { 'R', 0, 0, 0, (uint8_t)number, 'A', 'k', 'R',
	    '1' };
	const uint8_t *p = memmem(bytes, len, key, sizeof(key));

	assert_non_null(p);
	return (size_t)(p - bytes) + 5;
}

static void
swapped_records_are_damage(void **state)
{
	struct kit k;
	size_t len, a, b;
	uint8_t *bytes;
	struct akita_why why;

	(void)state;
	make_two(&k, 1);
	bytes = slurp(k.path, &len);
	a = record_at(bytes, len, 0);
	b = record_at(bytes, len, 1);
	put(k.path, bytes + a, AKITA_RECORD_SIZE, b);
	put(k.path, bytes + b, AKITA_RECORD_SIZE, a);
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_DATABASE);
	assert_int_equal(kit_login(&k, "bob", &why), AKITA_ERR_DATABASE);
	free(bytes);
	kit_free(&k);
}

static void
a_record_overwritten_by_a_spare_is_damage(void **state)
{
	struct kit k;
	size_t len, a, b;
	uint8_t *bytes;
	struct akita_account account;
	struct akita_why why;

	(void)state;
	make_two(&k, 1);
	bytes = slurp(k.path, &len);
	a = record_at(bytes, len, 0);
	b = record_at(bytes, len, 9);
	put(k.path, bytes + b, AKITA_RECORD_SIZE, a);
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_DATABASE);
	assert_int_equal(kit_read(&k, "alice", &account, &why),
	    AKITA_ERR_DATABASE);
	KIT_OK(kit_login(&k, "bob", KW));
	free(bytes);
	kit_free(&k);
}

static void
another_databases_bytes_are_damage(void **state)
{
	struct kit k, other;
	size_t len, olen;
	uint8_t *bytes, *obytes;
	struct akita_why why;

	(void)state;
	make_two(&k, 1);
	kit_create(&other);
	KIT_OK(kit_add(&other, "alice", NULL, KW));
	bytes = slurp(k.path, &len);
	obytes = slurp(other.path, &olen);
	put(k.path, obytes + record_at(obytes, olen, 0), AKITA_RECORD_SIZE,
	    record_at(bytes, len, 0));
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_DATABASE);
	/* And a whole database of another key ring. */
	put(k.path, obytes, olen, 0);
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_KEY);
	free(bytes);
	free(obytes);
	kit_free(&other);
	kit_free(&k);
}

struct findings {
	int	n;
	char	last[128];
};

static void
note_finding(void *ctx, uint32_t number, const char *user, const char *what)
{
	struct findings *f = ctx;

	(void)number, (void)user;
	f->n++;
	(void)snprintf(f->last, sizeof(f->last), "%s", what);
}

/* An account that repair lost stays closed, whoever repairs again, until it is
 * made anew; with a user ID nobody had. */
static void
begin_anew(struct kit *k, const char *user, uint32_t user_id)
{
	struct akita_check_report report;
	struct akita_account account;
	struct findings f = { 0 };
	struct akita_why why;

	assert_int_equal(kit_login(k, user, &why), AKITA_ERR_DATABASE);
	KIT_OK(akita_store_repair(k->store, note_finding, &f, &report, KW));
	assert_int_equal(report.lost, 1);
	assert_int_equal(kit_login(k, user, &why), AKITA_ERR_DATABASE);
	assert_int_equal(kit_read(k, user, &account, &why),
	    AKITA_ERR_DATABASE);
	KIT_OK(akita_store_verify(k->store, note_finding, &f, &report, KW));
	assert_int_equal(report.accounts, 3);
	assert_int_equal(report.lost, 1);
	assert_int_equal(report.damaged + report.missing + report.pages_bad,
	    0);
	KIT_OK(kit_add(k, user, NULL, KW));
	KIT_OK(kit_login(k, user, KW));
	KIT_OK(kit_read(k, user, &account, KW));
	assert_int_equal(account.identity.user_id, user_id);
	assert_string_equal(account.identity.user, user);
	KIT_OK(akita_store_verify(k->store, note_finding, &f, &report, KW));
	assert_int_equal(report.accounts, 4);
	assert_int_equal(report.lost, 0);
}

static void
verify_tells_what_is_wrong_and_repair_keeps_what_is_good(void **state)
{
	struct akita_check_report report;
	struct akita_account account;
	struct findings f = { 0 };
	struct akita_why why;
	struct kit k;
	uint8_t *bytes, zeros[AKITA_RECORD_SIZE] = { 0 };
	size_t len;
	char kept[160];

	(void)state;
	make_two(&k, 4);
	KIT_OK(kit_add(&k, "carol", NULL, KW));
	KIT_OK(akita_store_verify(k.store, note_finding, &f, &report, KW));
	assert_int_equal(f.n, 0);
	assert_int_equal(report.accounts, 3);
	bytes = slurp(k.path, &len);
	put(k.path, zeros, sizeof(zeros), record_at(bytes, len, 1));
	KIT_OK(akita_store_verify(k.store, note_finding, &f, &report, KW));
	assert_int_equal(report.accounts, 2);
	assert_int_equal(report.damaged, 1);
	assert_int_equal(f.n, 1);
	put(k.path, zeros, 64, 0);	/* GDBM's own header, too */
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_DATABASE);
	KIT_OK(akita_store_repair(k.store, note_finding, &f, &report, KW));
	assert_int_equal(report.accounts, 2);
	assert_int_equal(report.damaged + report.missing, 1);
	KIT_OK(kit_read(&k, "alice", &account, KW));
	assert_int_equal(account.slot.last_step, 3);
	KIT_OK(kit_read(&k, "carol", &account, KW));
	assert_int_equal(account.identity.user_id, 10000003);
	assert_int_equal(kit_read(&k, "bob", &account, &why),
	    AKITA_ERR_DATABASE);
	KIT_OK(kit_add(&k, "dave", NULL, KW));
	KIT_OK(kit_read(&k, "dave", &account, KW));
	assert_int_equal(account.identity.user_id, 10000004);
	KIT_OK(kit_login(&k, "dave", KW));
	begin_anew(&k, "bob", 10000005);
	(void)snprintf(kept, sizeof(kept), "%s.damaged-1", k.path);
	assert_int_equal(size_of(kept), len);
	free(bytes);
	kit_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_flipped_byte_makes_another_account_of_one),
		cmocka_unit_test(
		    a_login_over_a_flipped_byte_never_makes_the_file_grow),
		cmocka_unit_test(
		    a_file_cut_off_anywhere_is_refused_and_does_not_grow),
		cmocka_unit_test(foreign_files_are_refused),
		cmocka_unit_test(swapped_records_are_damage),
		cmocka_unit_test(a_record_overwritten_by_a_spare_is_damage),
		cmocka_unit_test(another_databases_bytes_are_damage),
		cmocka_unit_test(
		    verify_tells_what_is_wrong_and_repair_keeps_what_is_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

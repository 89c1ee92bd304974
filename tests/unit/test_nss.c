/* Who a typed name is; trouble of the user database is never "unknown". */
#include "tests/unit/unit.h"

#include <errno.h>
#include <pwd.h>
#include <stdbool.h>

#include "common/nss.h"

/* What the user database says next. */
static struct {
	int		 err;		/* returned */
	const char	*name;		/* found; NULL: nothing */
	size_t		 needs;		/* bytes of room */
	unsigned int	 interrupted;	/* times */
	unsigned int	 asked;
} database;

int __wrap_getpwnam_r(const char *name, struct passwd *pw, char *buf,
    size_t size, struct passwd **ret);

int
__wrap_getpwnam_r(const char *name, struct passwd *pw, char *buf, size_t size,
    struct passwd **ret)
{
	(void)name;
	database.asked++;
	*ret = NULL;
	if (database.interrupted > 0) {
		database.interrupted--;
		return EINTR;
	}
	if (size < database.needs)
		return ERANGE;
	if (database.name == NULL)
		return database.err;
	assert_true(strlen(database.name) < size);
	(void)strcpy(buf, database.name);
	memset(pw, 0, sizeof(*pw));
	pw->pw_name = buf;
	pw->pw_uid = 1234;
	*ret = pw;
	return 0;
}

static struct akita_why why;
static struct akita_nss nss;

static enum akita_rc
ask(const char *typed)
{
	memset(&nss, 0x55, sizeof(nss));
	database.asked = 0;
	return akita_nss_lookup(typed, &nss, &why);
}

TEST(a_known_name_is_the_one_of_the_database)
{
	database.name = "alice";
	assert_int_equal(ask("ALICE"), AKITA_OK);
	assert_string_equal(nss.name, "alice");
	assert_true(nss.is_known);
	assert_int_equal(nss.uid, 1234);
	database.name = NULL;
}

TEST(an_unknown_name_stays_as_it_was_typed)
{
	static const int unknown[] = { 0, ENOENT, ESRCH };

	for (size_t i = 0; i < COUNT(unknown); i++) {
		database.err = unknown[i];
		assert_int_equal(ask("Mallory"), AKITA_OK);
		assert_string_equal(nss.name, "Mallory");
		assert_false(nss.is_known);
		assert_int_equal(nss.uid, (uid_t)-1);
	}
}

TEST(trouble_is_never_unknown)
{
	static const int trouble[] = { EIO, EMFILE, ENFILE, ETIMEDOUT, EAGAIN,
		EBADF, EPERM, EACCES, ECONNREFUSED };

	for (size_t i = 0; i < COUNT(trouble); i++) {
		database.err = trouble[i];
		assert_int_equal(ask("alice"), AKITA_ERR_NSS);
		assert_non_null(strstr(sentence(&why), "user database"));
		assert_int_equal(nss.name[0], 0x55);
	}
	database.err = ENOMEM;
	assert_int_equal(ask("alice"), AKITA_ERR_NOMEM);
	database.err = 0;
}

TEST(an_entry_gets_the_room_it_needs_within_reason)
{
	database.name = "alice";
	database.needs = 70000;
	assert_int_equal(ask("alice"), AKITA_OK);
	assert_true(nss.is_known);
	database.needs = 64 * 1024 * 1024;
	assert_int_equal(ask("alice"), AKITA_ERR_NSS);
	database.needs = 0;
	database.interrupted = 3;
	assert_int_equal(ask("alice"), AKITA_OK);
	assert_int_equal(database.asked, 4);
	database.name = NULL;
}

TEST(what_cannot_be_an_account_is_not_asked_for)
{
	char longer[AKITA_ACCOUNT_MAX + 2];

	memset(longer, 'x', sizeof(longer));
	longer[AKITA_ACCOUNT_MAX + 1] = '\0';
	assert_int_equal(ask(NULL), AKITA_ERR_USAGE);
	assert_int_equal(ask(""), AKITA_ERR_USAGE);
	assert_int_equal(ask("a\nb"), AKITA_ERR_USAGE);
	assert_int_equal(ask("a\xff"), AKITA_ERR_USAGE);
	assert_int_equal(ask(longer), AKITA_ERR_USAGE);
	assert_int_equal(database.asked, 0);
	longer[AKITA_ACCOUNT_MAX] = '\0';
	assert_int_equal(ask(longer), AKITA_OK);
}

TEST(a_name_that_cannot_be_an_account_is_trouble_of_the_database)
{
	database.name = "a\nb";
	assert_int_equal(ask("alice"), AKITA_ERR_NSS);
	database.name = "";
	assert_int_equal(ask("alice"), AKITA_ERR_NSS);
	database.name = NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_name_is_the_one_of_the_database),
		cmocka_unit_test(an_unknown_name_stays_as_it_was_typed),
		cmocka_unit_test(trouble_is_never_unknown),
		cmocka_unit_test(
		    an_entry_gets_the_room_it_needs_within_reason),
		cmocka_unit_test(what_cannot_be_an_account_is_not_asked_for),
		cmocka_unit_test(
		a_name_that_cannot_be_an_account_is_trouble_of_the_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

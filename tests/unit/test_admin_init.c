/* `init` makes an installation, and never touches one. */
#include "tests/unit/sites.h"

TEST(init_makes_a_private_database_a_key_and_a_log_that_says_who)
{
	struct stat st;

	assert_int_equal(stat(in_place("db"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(in_place("key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(stat(in_place("log"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(in_place("db/tokens.gdbm"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(in_place("key/master.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(in_place("log/audit.log"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(records("\"event\":\"init\"", "teller"), 1);
	assert_log_whole();
}

TEST(init_touches_nothing_where_any_of_its_files_is)
{
	static const char *const files[] = { "key/master.key",
	    "db/tokens.gdbm", "db/tokens.gdbm.lock", "db/tokens.gdbm.journal" };
	struct akita_request req = { .actor = &teller };
	struct akita_why why = { 0 };
	struct stat st;

	for (size_t i = 0; i < COUNT(files); i++) {
		akita_site_close(&site);
		for (size_t j = 0; j < COUNT(files); j++)
			(void)unlink(in_place(files[j]));
		write_file(in_place(files[i]), "mine", 0600);
		load_site("");
		assert_int_equal(akita_admin_init(&site, &req, &why),
		    AKITA_ERR_EXISTS);
		assert_non_null(strstr(sentence(&why), files[i]));
		assert_string_equal(file_text(in_place(files[i])), "mine");
		for (size_t j = 0; j < COUNT(files); j++)
			assert_int_equal(stat(in_place(files[j]), &st) == 0,
			    i == j);
	}
}

TEST(init_without_room_for_a_database_leaves_no_key)
{
	struct akita_request req = { .actor = &teller };
	struct akita_why why = { 0 };
	struct stat st;

	akita_site_close(&site);
	assert_int_equal(unlink(in_place("key/master.key")), 0);
	assert_int_equal(rename(in_place("db"), in_place("old")), 0);
	write_file(in_place("db"), "no directory", 0600);
	load_site("");
	assert_int_not_equal(akita_admin_init(&site, &req, &why), AKITA_OK);
	assert_string_not_equal(sentence(&why), "");
	assert_int_equal(stat(in_place("key/master.key"), &st), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    init_makes_a_private_database_a_key_and_a_log_that_says_who,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    init_touches_nothing_where_any_of_its_files_is,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    init_without_room_for_a_database_leaves_no_key,
		    make_site, remove_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

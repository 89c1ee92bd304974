/* What branch staff do: each change with its audit record, in one step. */
#include "tests/unit/sites.h"

/* Lines of the audit log that hold both texts. */
static int
records(const char *one, const char *two)
{
	char *text = strdup(file_text(in_place("log/audit.log"))), *line;
	char *rest = text;
	int n = 0;

	assert_non_null(text);
	while ((line = strsep(&rest, "\n")) != NULL)
		n += strstr(line, one) != NULL && strstr(line, two) != NULL;
	free(text);
	return n;
}

static void
assert_log_whole(void)
{
	struct akita_why why = { 0 };

	assert_int_equal(akita_audit_verify(in_place("log/audit.log"), &ours,
	    site.ring, site.crypto, NULL, NULL, NULL, NULL, NULL, &why),
	    AKITA_OK);
}

static void
settle(void)
{
	struct akita_why why = { 0 };
	enum akita_rc rc = akita_admin_settle(&site, &teller, &why);

	if (rc != AKITA_OK)
		print_error("%s\n", sentence(&why));
	assert_int_equal(rc, AKITA_OK);
}

/* ---- init ---- */

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

/* ---- changes ---- */

TEST(a_change_is_made_with_its_audit_record)
{
	change("hanako", AKITA_EVENT_REGISTER);
	assert_int_equal(told.slot.state, AKITA_STATE_REGISTERED);
	assert_int_not_equal(told.identity.user_id, 0);
	assert_int_equal(records("\"event\":\"register\"",
	    "\"from\":\"unregistered\",\"to\":\"registered\""), 1);
	change("hanako", AKITA_EVENT_ISSUE);
	assert_int_equal(records("\"event\":\"issue\"", "\"form\":\"A-17\""),
	    1);
	assert_true(activate("hanako", "2468", right_code("hanako")).started);
	assert_int_equal(records("\"event\":\"activate\"",
	    "\"from\":\"issued\",\"to\":\"active\""), 1);
	change("hanako", AKITA_EVENT_REPLACE);
	assert_int_equal(records("\"event\":\"replace\"", "\"active\""), 1);
	change("hanako", AKITA_EVENT_SUSPEND);
	assert_int_equal(records("\"event\":\"suspend\"",
	    "\"reason\":\"request\""), 1);
	change("hanako", AKITA_EVENT_UNLOCK);
	change("hanako", AKITA_EVENT_RELEASE);
	assert_int_equal(records("\"account\":\"hanako\"", "user_id"), 7);
	assert_log_whole();
}

TEST(what_was_changed_is_what_is_read_again)
{
	struct akita_account a;

	change("hanako", AKITA_EVENT_REGISTER);
	change("hanako", AKITA_EVENT_ISSUE);
	reload_site("");
	a = account("hanako");
	assert_int_equal(a.slot.state, AKITA_STATE_ISSUED);
	assert_int_equal(a.slot.generation, 1);
	assert_string_equal(a.identity.name, "秋田 花子");
	assert_string_equal(a.identity.mail, "hanako@example.jp");
	assert_string_equal(a.identity.device_mail, "phone@example.jp");
	assert_int_equal(a.identity.user_id, told.identity.user_id);
	assert_memory_equal(&a.token, &told.token, sizeof(a.token));
	assert_true(a.token.has_password);
}

TEST(user_ids_are_given_once)
{
	uint32_t first, second;

	change("hanako", AKITA_EVENT_REGISTER);
	first = told.identity.user_id;
	change("taro", AKITA_EVENT_ISSUE);
	second = told.identity.user_id;
	assert_true(second > first);
	change("hanako", AKITA_EVENT_ISSUE);
	assert_int_equal(told.identity.user_id, first);
	change("hanako", AKITA_EVENT_RELEASE);
	change("hanako", AKITA_EVENT_ISSUE);
	assert_true(told.identity.user_id > second);
	first = told.identity.user_id;
	change("hanako", AKITA_EVENT_RELEASE);
	change("hanako", AKITA_EVENT_REGISTER);
	assert_true(told.identity.user_id > first);
	assert_int_equal(told.slot.generation, 2);
}

TEST(a_refused_change_leaves_account_and_log_as_they_were)
{
	struct akita_why why = { 0 };
	struct akita_account before, after;
	char *log;

	make_active("hanako");
	before = account("hanako");
	log = strdup(file_text(in_place("log/audit.log")));
	assert_int_equal(change_rc("hanako", AKITA_EVENT_ISSUE,
	    AKITA_REASON_NONE, &why), AKITA_ERR_REFUSED);
	assert_non_null(strstr(sentence(&why), "--replace"));
	assert_int_equal(change_rc("hanako", AKITA_EVENT_UNLOCK,
	    AKITA_REASON_NONE, &why), AKITA_ERR_REFUSED);
	assert_int_equal(change_rc("hanako", AKITA_EVENT_SUSPEND,
	    AKITA_REASON_NONE, &why), AKITA_ERR_USAGE);
	assert_int_equal(change_rc("nobody", AKITA_EVENT_SUSPEND,
	    AKITA_REASON_LOST, &why), AKITA_ERR_NO_ACCOUNT);
	after = account("hanako");
	assert_memory_equal(&after.slot, &before.slot, sizeof(after.slot));
	assert_string_equal(file_text(in_place("log/audit.log")), log);
	free(log);
}

TEST(a_check_before_the_first_prompt_answers_like_the_change)
{
	struct akita_event event = { .kind = AKITA_EVENT_SUSPEND,
	    .reason = AKITA_REASON_LOST };
	struct akita_account a;
	struct akita_why why = { 0 };

	assert_int_equal(akita_admin_check(&site, "hanako", &event, &a, &why),
	    AKITA_ERR_NO_ACCOUNT);
	make_active("hanako");
	assert_int_equal(akita_admin_check(&site, "hanako", &event, &a, &why),
	    AKITA_OK);
	assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
	event.kind = AKITA_EVENT_UNLOCK;
	assert_int_equal(akita_admin_check(&site, "hanako", &event, NULL,
	    &why), AKITA_ERR_REFUSED);
	assert_string_not_equal(sentence(&why), "");
}

TEST(a_form_serves_once_in_its_branch)
{
	struct akita_request req = { .actor = &teller, .user = "hanako" };
	struct akita_identity identity = { .user_id = 0 };
	struct akita_change application = {
		.event = { .kind = AKITA_EVENT_REGISTER,
		    .identity = &identity, .form = "A-17" },
	};
	struct akita_why why = { 0 };

	strcpy(identity.mail, "hanako@example.jp");
	strcpy(identity.form, "A-17");
	strcpy(identity.branch, "012");
	assert_int_equal(akita_admin_change(&site, &req, &application, NULL,
	    &why), AKITA_OK);
	req.user = "taro";
	assert_int_equal(akita_admin_change(&site, &req, &application, NULL,
	    &why), AKITA_ERR_EXISTS);
	assert_non_null(strstr(sentence(&why), "hanako"));
	strcpy(identity.branch, "013");
	assert_int_equal(akita_admin_change(&site, &req, &application, NULL,
	    &why), AKITA_OK);
	req.user = "jiro";
	strcpy(identity.form, "A-18");
	assert_int_equal(akita_admin_change(&site, &req, &application, NULL,
	    &why), AKITA_OK);
}

TEST(recovery_codes_are_one_to_thirty_two)
{
	static const char *const codes[33] = { "ABCD-EFGH-JKMN" };
	struct akita_request req = { .actor = &teller, .user = "hanako" };
	struct akita_change new_codes = {
		.event = { .kind = AKITA_EVENT_RECOVERY },
		.codes = codes, .n_codes = 0,
	};

	make_active("hanako");
	assert_int_equal(akita_admin_change(&site, &req, &new_codes, NULL,
	    NULL), AKITA_ERR_USAGE);
	new_codes.n_codes = 33;
	assert_int_equal(akita_admin_change(&site, &req, &new_codes, NULL,
	    NULL), AKITA_ERR_USAGE);
	new_codes.n_codes = 1;
	assert_int_equal(akita_admin_change(&site, &req, &new_codes, NULL,
	    NULL), AKITA_OK);
	assert_int_equal(records("\"event\":\"recovery\"", "teller"), 1);
}

/* ---- tries at the counter ---- */

TEST(a_wrong_code_at_the_counter_counts_and_is_explained)
{
	struct akita_request req = { .actor = &teller, .user = "hanako" };
	struct akita_diagnosis diagnosis;
	struct akita_decision d;
	struct akita_token app;
	char code[16];
	uint32_t value = 0;

	change("hanako", AKITA_EVENT_ISSUE);
	app = account("hanako").token;
	assert_int_equal(akita_otp_value(site.crypto, &app.key, app.algorithm,
	    6, (uint64_t)(the_time / 30), &value), AKITA_OK);
	akita_otp_text(value, 6, code);
	assert_int_equal(akita_admin_activate(&site, &req, "2468", code, &d,
	    &diagnosis, NULL), AKITA_OK);
	assert_int_equal(d.cause, AKITA_CAUSE_WRONG);
	assert_true(diagnosis.found);
	assert_int_equal(diagnosis.period_s, 30);
	assert_int_equal(account("hanako").slot.failures, 1);
	assert_int_equal(records("\"account\":\"hanako\"", "activate"), 0);
}

TEST(a_malformed_password_at_the_counter_is_no_try)
{
	char code[16];

	change("hanako", AKITA_EVENT_ISSUE);
	strcpy(code, right_code("hanako"));
	assert_int_equal(activate("hanako", "12a4", code).cause,
	    AKITA_CAUSE_MALFORMED);
	assert_int_equal(account("hanako").slot.wrong_passwords, 0);
	assert_true(activate("hanako", "2468", code).started);
}

TEST(ten_misses_at_the_counter_lock_with_a_record_and_no_notice)
{
	change("hanako", AKITA_EVENT_ISSUE);
	for (int i = 1; i <= 10; i++)
		assert_int_equal(activate("hanako", "2468",
		    "12345678").locked_now, i == 10);
	assert_int_equal(account("hanako").slot.state, AKITA_STATE_LOCKED);
	assert_int_equal(account("hanako").slot.notices, 0);
	assert_int_equal(records("\"event\":\"lock\"",
	    "\"from\":\"issued\",\"to\":\"locked\",\"reason\":\"failures\""),
	    1);
}

TEST(five_wrong_passwords_at_the_counter_burn_with_a_record)
{
	char code[16];

	change("hanako", AKITA_EVENT_ISSUE);
	strcpy(code, right_code("hanako"));
	for (int i = 1; i <= 4; i++)
		assert_int_equal(activate("hanako", "1111", code).cause,
		    AKITA_CAUSE_PASSWORD);
	assert_int_equal(activate("hanako", "1111", code).cause,
	    AKITA_CAUSE_BURNT);
	assert_int_equal(account("hanako").slot.notices, 0);
	assert_int_equal(records("\"event\":\"burn\"", "\"burnt\""), 1);
}

TEST(a_replacement_is_started_at_the_counter)
{
	struct akita_account a;

	make_active("hanako");
	change("hanako", AKITA_EVENT_REPLACE);
	a = account("hanako");
	assert_true(activate("hanako", "2468",
	    code_of(&a.waiting, the_time)).started);
	a = account("hanako");
	assert_false(a.has_waiting);
	assert_int_equal(a.slot.generation, 2);
	assert_int_equal(a.token.key.bytes[0], 0x32);
	the_time += 60;
	assert_int_equal(login("hanako", right_code("hanako")).cause,
	    AKITA_CAUSE_OK);
}

TEST(activate_is_refused_where_nothing_waits_for_its_start)
{
	struct akita_request req = { .actor = &teller, .user = "hanako" };
	struct akita_decision d;

	assert_int_equal(akita_admin_activate(&site, &req, "2468", "123456",
	    &d, NULL, NULL), AKITA_ERR_NO_ACCOUNT);
	make_active("hanako");
	assert_int_equal(akita_admin_activate(&site, &req, "2468", "123456",
	    &d, NULL, NULL), AKITA_ERR_REFUSED);
	assert_int_equal(d.verdict, AKITA_VERDICT_DENY);
}

TEST(resync_sets_the_drift_with_a_record)
{
	struct akita_request req = { .actor = &teller, .user = "hanako" };
	struct akita_decision d;
	struct akita_account a;
	char one[16], two[16];

	make_active("hanako");
	a = account("hanako");
	strcpy(one, code_of(&a.token, the_time + 1200));
	strcpy(two, code_of(&a.token, the_time + 1260));
	assert_int_equal(akita_admin_resync(&site, &req, two, one, false, &d,
	    NULL), AKITA_OK);
	assert_int_equal(d.cause, AKITA_CAUSE_WRONG);
	assert_int_equal(records("resync", "hanako"), 0);
	assert_int_equal(akita_admin_resync(&site, &req, one, two, false, &d,
	    NULL), AKITA_OK);
	assert_int_equal(d.verdict, AKITA_VERDICT_ACCEPT);
	assert_int_equal(account("hanako").slot.drift, 21);
	assert_int_equal(account("hanako").slot.failures, 0);
	assert_int_equal(records("\"event\":\"resync\"", "\"reason\":null"),
	    1);
	change("hanako", AKITA_EVENT_SUSPEND);
	assert_int_equal(akita_admin_resync(&site, &req, one, two, false, &d,
	    NULL), AKITA_ERR_REFUSED);
}

TEST(a_clock_that_was_wrong_is_recorded_as_such)
{
	struct akita_request req = { .actor = &teller, .user = "hanako" };
	struct akita_decision d;
	struct akita_account a;
	char one[16], two[16];

	make_active("hanako");
	the_time += DAY;
	assert_int_equal(login("hanako", right_code("hanako")).cause,
	    AKITA_CAUSE_OK);
	the_time -= DAY;
	assert_int_equal(login("hanako", right_code("hanako")).cause,
	    AKITA_CAUSE_CLOCK);
	a = account("hanako");
	strcpy(one, code_of(&a.token, the_time - 60));
	strcpy(two, code_of(&a.token, the_time));
	assert_int_equal(akita_admin_resync(&site, &req, one, two, true, &d,
	    NULL), AKITA_OK);
	assert_int_equal(d.verdict, AKITA_VERDICT_ACCEPT);
	assert_int_equal(records("\"event\":\"resync\"", "clock-was-wrong"),
	    1);
	the_time += 120;
	assert_int_equal(login("hanako", right_code("hanako")).cause,
	    AKITA_CAUSE_OK);
}

/* ---- settling ---- */

TEST(what_happened_in_logins_is_recorded_by_the_next_command)
{
	struct akita_attempt start = { .user = "hanako", .password = "2468",
	    .start_of_use = true };

	change("hanako", AKITA_EVENT_ISSUE);
	start.answer = right_code("hanako");
	assert_true(attempt(&start).started);
	for (int i = 0; i < 10; i++)
		(void)login("hanako", "ABCD-EFGH-JKMN");
	assert_int_equal(account("hanako").slot.notices,
	    AKITA_NOTICE_LOCKED | AKITA_NOTICE_ACTIVATED);
	settle();
	assert_int_equal(account("hanako").slot.notices, 0);
	assert_int_equal(account("hanako").slot.state, AKITA_STATE_LOCKED);
	assert_int_equal(records("\"event\":\"activate\"",
	    "\"user\":\"login\""), 1);
	assert_int_equal(records("\"event\":\"lock\"",
	    "\"from\":\"active\",\"to\":\"locked\",\"reason\":\"failures\""),
	    1);
	settle();
	assert_int_equal(records("\"account\":\"hanako\"",
	    "\"user\":\"login\""), 2);
	assert_log_whole();
}

TEST(a_burn_in_a_login_is_recorded_and_its_secret_overwritten)
{
	struct akita_attempt a = { .user = "hanako", .password = "1111",
	    .start_of_use = true };

	change("hanako", AKITA_EVENT_ISSUE);
	a.answer = right_code("hanako");
	for (int i = 0; i < 5; i++)
		(void)attempt(&a);
	settle();
	assert_int_equal(account("hanako").slot.notices, 0);
	assert_int_equal(account("hanako").slot.reason, AKITA_REASON_BURNT);
	assert_int_equal(records("\"event\":\"burn\"",
	    "\"from\":\"issued\",\"to\":\"registered\",\"reason\":\"burnt\""),
	    1);
}

TEST(a_log_that_cannot_be_written_stops_changes_but_no_lock)
{
	struct akita_why why = { 0 };

	change("hanako", AKITA_EVENT_ISSUE);
	assert_int_equal(rename(in_place("log/audit.log"),
	    in_place("log/kept")), 0);
	assert_int_equal(mkdir(in_place("log/audit.log"), 0700), 0);
	assert_int_equal(change_rc("hanako", AKITA_EVENT_SUSPEND,
	    AKITA_REASON_LOST, &why), AKITA_ERR_LOG);
	assert_non_null(strstr(sentence(&why), "audit.log"));
	assert_int_equal(account("hanako").slot.state, AKITA_STATE_ISSUED);
	for (int i = 1; i <= 10; i++)
		(void)activate("hanako", "2468", "12345678");
	assert_int_equal(account("hanako").slot.state, AKITA_STATE_LOCKED);
	assert_int_equal(account("hanako").slot.notices, AKITA_NOTICE_LOCKED);
	assert_int_equal(akita_admin_settle(&site, &teller, &why),
	    AKITA_ERR_LOG);
	assert_int_equal(rmdir(in_place("log/audit.log")), 0);
	assert_int_equal(rename(in_place("log/kept"),
	    in_place("log/audit.log")), 0);
	settle();
	assert_int_equal(account("hanako").slot.notices, 0);
	assert_int_equal(records("\"event\":\"lock\"", "\"issued\""), 1);
	assert_log_whole();
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
		cmocka_unit_test_setup_teardown(
		    a_change_is_made_with_its_audit_record,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    what_was_changed_is_what_is_read_again,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    user_ids_are_given_once,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_refused_change_leaves_account_and_log_as_they_were,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_check_before_the_first_prompt_answers_like_the_change,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_form_serves_once_in_its_branch,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    recovery_codes_are_one_to_thirty_two,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_wrong_code_at_the_counter_counts_and_is_explained,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_malformed_password_at_the_counter_is_no_try,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    ten_misses_at_the_counter_lock_with_a_record_and_no_notice,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    five_wrong_passwords_at_the_counter_burn_with_a_record,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_replacement_is_started_at_the_counter,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    activate_is_refused_where_nothing_waits_for_its_start,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    resync_sets_the_drift_with_a_record,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_clock_that_was_wrong_is_recorded_as_such,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    what_happened_in_logins_is_recorded_by_the_next_command,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_burn_in_a_login_is_recorded_and_its_secret_overwritten,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_log_that_cannot_be_written_stops_changes_but_no_lock,
		    make_site, remove_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Codes judged at the counter, and what logins left to be recorded. */
#include "tests/unit/sites.h"

static void
settle(void)
{
	struct akita_why why = { 0 };
	enum akita_rc rc = akita_admin_settle(&site, &teller, &why);

	if (rc != AKITA_OK)
		print_error("%s\n", sentence(&why));
	assert_int_equal(rc, AKITA_OK);
}

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

static char lines[16384];

static void
keep_line(void *ctx, int priority, const char *text)
{
	(void)ctx, (void)priority;
	assert_true(strlen(lines) + strlen(text) + 2 < sizeof(lines));
	(void)strcat(strcat(lines, text), "\n");
}

TEST(every_act_and_every_try_at_the_counter_is_a_line_in_the_log)
{
	const struct akita_log log = { .line = keep_line };

	site.log = &log;
	lines[0] = '\0';
	change("hanako", AKITA_EVENT_ISSUE);
	assert_string_equal(lines, "event=issue user=hanako service=otpadm "
	    "rhost=- result=ok reason=ok failures=0 by=teller\n");
	for (int i = 1; i <= 10; i++) {
		lines[0] = '\0';
		(void)activate("hanako", "2468", "12345678");
	}
	assert_string_equal(lines, "event=activate user=hanako service=otpadm "
	    "rhost=- result=rejected reason=wrong failures=10 by=teller\n"
	    "event=lock user=hanako service=otpadm rhost=- result=ok "
	    "reason=failures failures=10 by=teller\n");
	lines[0] = '\0';
	assert_int_equal(change_rc("hanako", AKITA_EVENT_SUSPEND,
	    AKITA_REASON_LOST, NULL), AKITA_OK);
	assert_string_equal(lines, "event=suspend user=hanako service=otpadm "
	    "rhost=- result=ok reason=lost failures=10 by=teller\n");
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
		    a_wrong_code_at_the_counter_counts_and_is_explained,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
	    every_act_and_every_try_at_the_counter_is_a_line_in_the_log,
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

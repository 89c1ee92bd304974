/* A login from answer to durable verdict, over the real store. */
#include "tests/unit/sites.h"

TEST(a_right_code_opens_once_and_stays_used)
{
	struct akita_outcome o;
	char code[16];

	make_active("hanako");
	strcpy(code, right_code("hanako"));
	o = login("hanako", code);
	assert_int_equal(o.verdict, AKITA_VERDICT_ACCEPT);
	assert_true(o.known);
	assert_int_equal(o.state, AKITA_STATE_ACTIVE);
	assert_int_equal(account("hanako").slot.last_step, the_time / 60);
	reload_site("");
	assert_int_equal(login("hanako", code).cause, AKITA_CAUSE_REPLAY);
}

TEST(ten_wrong_codes_lock_durably)
{
	struct akita_outcome o;

	make_active("hanako");
	for (int i = 1; i <= 10; i++) {
		o = login("hanako", "ABCD-EFGH-JKMN");
		assert_int_equal(o.cause, AKITA_CAUSE_WRONG);
		assert_int_equal(o.failures, i);
		assert_int_equal(o.locked_now, i == 10);
		reload_site("");
	}
	assert_int_equal(o.state, AKITA_STATE_LOCKED);
	o = login("hanako", right_code("hanako"));
	assert_int_equal(o.cause, AKITA_CAUSE_LOCKED);
	assert_int_equal(account("hanako").slot.notices, AKITA_NOTICE_LOCKED);
}

TEST(an_unknown_user_is_refused_and_gets_no_record)
{
	struct akita_outcome o = login("nobody", "123456");

	assert_int_equal(o.cause, AKITA_CAUSE_NOT_ACTIVE);
	assert_false(o.known);
	assert_int_equal(o.state, AKITA_STATE_UNREGISTERED);
	assert_int_equal(account("nobody").slot.state,
	    AKITA_STATE_UNREGISTERED);
}

TEST(every_refusal_after_a_prompt_writes_one_slot)
{
	static const char *const typed[] = { "", "123", "\b\n\r\177INCORRECT" };
	uint64_t before;

	make_active("hanako");
	for (size_t i = 0; i < COUNT(typed); i++) {
		before = account("hanako").slot.sequence;
		assert_int_equal(login("hanako", typed[i]).cause,
		    AKITA_CAUSE_MALFORMED);
		assert_int_equal(account("hanako").slot.sequence, before + 1);
	}
	assert_int_equal(account("hanako").slot.failures, 0);
}

TEST(a_decoy_always_refuses_and_changes_nothing)
{
	struct akita_attempt a = { .user = "hanako", .decoy = true,
	    .start_of_use = true };
	struct akita_account before;
	struct akita_outcome o;

	make_active("hanako");
	before = account("hanako");
	a.answer = right_code("hanako");
	o = attempt(&a);
	assert_int_equal(o.verdict, AKITA_VERDICT_DENY);
	assert_int_equal(o.cause, AKITA_CAUSE_WRONG);
	for (int i = 0; i < 12; i++) {
		a.answer = "ABCD-EFGH-JKMN";
		assert_int_equal(attempt(&a).cause, AKITA_CAUSE_WRONG);
	}
	assert_int_equal(account("hanako").slot.sequence,
	    before.slot.sequence);
	assert_int_equal(login("hanako", right_code("hanako")).cause,
	    AKITA_CAUSE_OK);
	a.user = "nobody";
	assert_int_equal(attempt(&a).verdict, AKITA_VERDICT_DENY);
}

TEST(a_decoy_never_asks_for_the_activation_password)
{
	struct akita_attempt a = { .user = "hanako", .decoy = true,
	    .start_of_use = true };
	struct akita_outcome o;

	change("hanako", AKITA_EVENT_ISSUE);
	a.answer = right_code("hanako");
	o = attempt(&a);
	assert_false(o.ask_password);
	assert_int_equal(o.cause, AKITA_CAUSE_WRONG);
	a.password = "2468";
	assert_int_equal(attempt(&a).verdict, AKITA_VERDICT_DENY);
	assert_int_equal(account("hanako").slot.state, AKITA_STATE_ISSUED);
}

/* ---- start of use in a login ---- */

TEST(a_right_code_before_the_start_asks_and_writes_nothing)
{
	struct akita_attempt a = { .user = "hanako", .start_of_use = true };
	struct akita_outcome o;
	uint64_t before;
	char code[16];

	change("hanako", AKITA_EVENT_ISSUE);
	strcpy(code, right_code("hanako"));
	before = account("hanako").slot.sequence;
	a.answer = code;
	o = attempt(&a);
	assert_true(o.ask_password);
	assert_int_equal(o.verdict, AKITA_VERDICT_DENY);
	assert_int_equal(account("hanako").slot.sequence, before);
	a.answered_at = the_time;
	the_time += 115;
	a.password = "２４６８";
	o = attempt(&a);
	assert_int_equal(o.verdict, AKITA_VERDICT_ACCEPT);
	assert_true(o.started);
	assert_int_equal(o.state, AKITA_STATE_ACTIVE);
	assert_int_equal(account("hanako").slot.notices,
	    AKITA_NOTICE_ACTIVATED);
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_REPLAY);
}

TEST(an_answer_over_two_minutes_old_is_judged_now)
{
	struct akita_attempt a = { .user = "hanako", .start_of_use = true,
	    .password = "2468" };
	char code[16];

	change("hanako", AKITA_EVENT_ISSUE);
	strcpy(code, right_code("hanako"));
	a.answer = code;
	a.answered_at = the_time;
	the_time += 181;
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_WRONG);
	a.answered_at = the_time + 50;	/* a clock that went back */
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_WRONG);
}

TEST(five_wrong_passwords_in_a_login_burn_the_issue)
{
	struct akita_attempt a = { .user = "hanako", .start_of_use = true,
	    .password = "1111" };
	struct akita_account after;

	change("hanako", AKITA_EVENT_ISSUE);
	a.answer = right_code("hanako");
	for (int i = 1; i <= 4; i++)
		assert_int_equal(attempt(&a).cause, AKITA_CAUSE_PASSWORD);
	a.password = "abcd";
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_MALFORMED);
	a.password = "";
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_MALFORMED);
	assert_int_equal(account("hanako").slot.wrong_passwords, 4);
	a.password = "1111";
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_BURNT);
	after = account("hanako");
	assert_int_equal(after.slot.state, AKITA_STATE_REGISTERED);
	assert_int_equal(after.slot.reason, AKITA_REASON_BURNT);
	assert_false(after.has_token);
	assert_true(after.slot.notices & AKITA_NOTICE_BURNT);
}

TEST(wrong_codes_before_the_start_count_in_a_login_only)
{
	struct akita_attempt a = { .user = "hanako", .answer = "123456" };

	change("hanako", AKITA_EVENT_ISSUE);
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_NOT_ACTIVE);
	assert_int_equal(account("hanako").slot.failures, 0);
	assert_int_equal(login("hanako", "12345678").cause, AKITA_CAUSE_WRONG);
	assert_int_equal(account("hanako").slot.failures, 1);
}

TEST(where_no_password_is_wanted_the_code_alone_starts_use)
{
	change("hanako", AKITA_EVENT_ISSUE);
	reload_site("[policy]\nactivation_password = off\n");
	assert_true(login("hanako", right_code("hanako")).started);
}

TEST(a_waiting_token_is_never_started_in_a_login)
{
	struct akita_attempt a = { .user = "hanako", .start_of_use = true,
	    .password = "2468" };
	struct akita_account with;

	make_active("hanako");
	change("hanako", AKITA_EVENT_REPLACE);
	with = account("hanako");
	a.answer = code_of(&with.waiting, the_time);
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_NOT_ACTIVE);
	assert_true(account("hanako").has_waiting);
	assert_int_equal(account("hanako").slot.failures, 0);
}

/* ---- recovery codes ---- */

TEST(a_recovery_code_opens_once)
{
	static const char *const codes[] = { "ABCD-EFGH-JKMN",
	    "0123-4567-89AB" };
	struct akita_request req = { .actor = &teller, .user = "hanako" };
	struct akita_change new_codes = {
		.event = { .kind = AKITA_EVENT_RECOVERY },
		.codes = codes, .n_codes = 2,
	};
	struct akita_outcome o;

	make_active("hanako");
	assert_int_equal(akita_admin_change(&site, &req, &new_codes, &told,
	    NULL), AKITA_OK);
	assert_int_equal(told.token.recovery_count, 2);
	o = login("hanako", "o123 4567 89ab");
	assert_int_equal(o.verdict, AKITA_VERDICT_ACCEPT);
	assert_true(o.by_recovery);
	assert_int_equal(login("hanako", "0123-4567-89AB").cause,
	    AKITA_CAUSE_REPLAY);
	assert_int_equal(login("hanako", "ABCD-EFGH-JKMP").cause,
	    AKITA_CAUSE_WRONG);
	assert_int_equal(login("hanako", "ABCD-EFGH-JKMN").cause,
	    AKITA_CAUSE_OK);
}

/* ---- before the prompt ---- */

static struct akita_peek
peek(const char *user, const char *service, const char *source)
{
	struct akita_peek p;

	assert_int_equal(akita_verify_peek(&site, user, service, source, &p,
	    NULL), AKITA_OK);
	return p;
}

TEST(a_peek_tells_state_and_history)
{
	assert_int_equal(peek("hanako", NULL, NULL).state,
	    AKITA_STATE_UNREGISTERED);
	change("hanako", AKITA_EVENT_ISSUE);
	assert_int_equal(peek("hanako", NULL, NULL).state, AKITA_STATE_ISSUED);
	assert_false(peek("hanako", NULL, NULL).was_active);
	the_time += 15 * DAY;
	assert_int_equal(peek("hanako", NULL, NULL).state,
	    AKITA_STATE_EXPIRED);
	make_active("hanako");
	assert_true(peek("hanako", NULL, NULL).was_active);
	change("hanako", AKITA_EVENT_REPLACE);
	assert_true(peek("hanako", NULL, NULL).has_waiting);
	(void)login("hanako", "ABCD-EFGH-JKMN");
	assert_int_equal(peek("hanako", NULL, NULL).failures, 1);
	change("hanako", AKITA_EVENT_RELEASE);
	assert_int_equal(peek("hanako", NULL, NULL).state,
	    AKITA_STATE_RELEASED);
	assert_false(peek("hanako", NULL, NULL).was_active);
}

TEST(grace_is_granted_for_the_service_and_source_of_a_success)
{
	struct akita_attempt a = { .user = "hanako", .service = "sshd",
	    .source = "192.0.2.7", .grace_s = 600 };
	char source[32];

	make_active("hanako");
	a.answer = "ABCD-EFGH-JKMN";
	(void)attempt(&a);
	assert_int_equal(peek("hanako", "sshd", "192.0.2.7").last_grace_at, 0);
	a.answer = right_code("hanako");
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_OK);
	assert_int_equal(peek("hanako", "sshd", "192.0.2.7").last_grace_at,
	    the_time);
	assert_int_equal(peek("hanako", "sshd", "192.0.2.8").last_grace_at, 0);
	assert_int_equal(peek("hanako", "login", "192.0.2.7").last_grace_at, 0);
	assert_int_equal(peek("hanako", "sshd", "").last_grace_at, 0);
	for (int i = 1; i <= 3; i++) {
		(void)snprintf(source, sizeof(source), "198.51.100.%d", i);
		a.source = source;
		the_time += 60;
		a.answer = right_code("hanako");
		assert_int_equal(attempt(&a).cause, AKITA_CAUSE_OK);
	}
	assert_int_equal(peek("hanako", "sshd", "192.0.2.7").last_grace_at, 0);
	assert_int_equal(peek("hanako", "sshd", "198.51.100.1").last_grace_at,
	    the_time - 120);
	change("hanako", AKITA_EVENT_SUSPEND);
	assert_int_equal(peek("hanako", "sshd", "198.51.100.3").last_grace_at,
	    0);
}

TEST(no_source_or_no_grace_time_means_no_grace)
{
	struct akita_attempt a = { .user = "hanako", .service = "sshd",
	    .source = "", .grace_s = 600 };

	make_active("hanako");
	a.answer = right_code("hanako");
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_OK);
	a.source = "192.0.2.7";
	a.grace_s = 0;
	the_time += 60;
	a.answer = right_code("hanako");
	assert_int_equal(attempt(&a).cause, AKITA_CAUSE_OK);
	for (size_t i = 0; i < AKITA_GRACE_ENTRIES; i++)
		assert_int_equal(account("hanako").slot.grace[i].at, 0);
}

/* ---- trouble is never a verdict ---- */

static enum akita_rc
trouble(struct akita_why *why)
{
	struct akita_attempt a = { .user = "hanako", .answer = "123456" };
	struct akita_outcome o;
	struct akita_peek p;
	enum akita_rc rc;

	memset(&o, 0xa5, sizeof(o));
	memset(why, 0, sizeof(*why));
	rc = akita_verify_attempt(&site, &a, &o, why);
	assert_int_equal(o.verdict, AKITA_VERDICT_DENY);
	assert_int_equal(o.cause, AKITA_CAUSE_NONE);
	assert_false(o.ask_password);
	assert_int_equal(akita_verify_peek(&site, "hanako", NULL, NULL, &p,
	    NULL), rc);
	return rc;
}

TEST(a_missing_or_damaged_database_is_trouble)
{
	struct akita_why why;

	make_active("hanako");
	assert_int_equal(truncate(in_place("db/tokens.gdbm"), 4096), 0);
	assert_int_equal(trouble(&why), AKITA_ERR_DATABASE);
	assert_non_null(strstr(sentence(&why), "tokens.gdbm"));
	assert_int_equal(truncate(in_place("db/tokens.gdbm"), 0), 0);
	assert_int_equal(trouble(&why), AKITA_ERR_DATABASE);
	assert_int_equal(unlink(in_place("db/tokens.gdbm")), 0);
	assert_int_equal(trouble(&why), AKITA_ERR_DATABASE);
	assert_non_null(strstr(sentence(&why), "tokens.gdbm"));
}

TEST(a_missing_or_foreign_key_is_trouble_that_names_the_file)
{
	struct akita_why why = { 0 };

	make_active("hanako");
	akita_site_close(&site);
	load_site("");
	assert_int_equal(rename(in_place("key/master.key"),
	    in_place("key/old.key")), 0);
	assert_int_equal(akita_site_open(&site, &why), AKITA_ERR_KEY);
	assert_non_null(strstr(sentence(&why), "master.key"));
	assert_int_equal(akita_keyring_create(in_place("key/master.key"),
	    &ours, site.crypto, &akita_os_random, &why), AKITA_OK);
	assert_int_equal(akita_site_open(&site, &why), AKITA_OK);
	assert_int_equal(trouble(&why), AKITA_ERR_KEY);
}

TEST(a_wrong_configuration_is_told_with_file_and_line)
{
	struct akita_site other = { .settings = NULL };
	struct akita_why why = { 0 };

	write_file(in_place("bad.conf"), "[policy]\nmax_failure = 3\n", 0644);
	assert_int_equal(akita_site_load(&other, in_place("bad.conf"), &ours,
	    &hand_clock, &akita_os_random, NULL, &why), AKITA_ERR_SETTINGS);
	assert_non_null(strstr(sentence(&why), "bad.conf"));
	akita_site_close(&other);
	assert_int_equal(akita_site_load(&other, in_place("none.conf"), &ours,
	    &hand_clock, &akita_os_random, NULL, &why), AKITA_ERR_SETTINGS);
	akita_site_close(&other);
}

TEST(the_policy_follows_the_settings)
{
	reload_site("[token]\nwindow = 2\nmax_drift = 3\nhotp_lookahead = 4\n"
	    "resync_window = 5\n[policy]\nmax_failures = 6\n"
	    "issue_valid_days = 7\nactivation_password = off\n"
	    "require_registration = yes\nrequire_form = yes\n"
	    "unlock_requires_suspend = no\n");
	assert_int_equal(site.policy.window, 2);
	assert_int_equal(site.policy.max_drift, 3);
	assert_int_equal(site.policy.hotp_lookahead, 4);
	assert_int_equal(site.policy.resync_window, 5);
	assert_int_equal(site.policy.hotp_resync, 1000);
	assert_int_equal(site.policy.max_failures, 6);
	assert_int_equal(site.policy.max_wrong_passwords, 5);
	assert_int_equal(site.policy.issue_valid_days, 7);
	assert_false(site.policy.password_required);
	assert_true(site.policy.require_registration);
	assert_true(site.policy.require_form);
	assert_false(site.policy.unlock_requires_suspend);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_right_code_opens_once_and_stays_used,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    ten_wrong_codes_lock_durably,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    an_unknown_user_is_refused_and_gets_no_record,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    every_refusal_after_a_prompt_writes_one_slot,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_decoy_always_refuses_and_changes_nothing,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_decoy_never_asks_for_the_activation_password,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_right_code_before_the_start_asks_and_writes_nothing,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    an_answer_over_two_minutes_old_is_judged_now,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    five_wrong_passwords_in_a_login_burn_the_issue,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    wrong_codes_before_the_start_count_in_a_login_only,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    where_no_password_is_wanted_the_code_alone_starts_use,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_waiting_token_is_never_started_in_a_login,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_recovery_code_opens_once,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_peek_tells_state_and_history,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    grace_is_granted_for_the_service_and_source_of_a_success,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    no_source_or_no_grace_time_means_no_grace,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_missing_or_damaged_database_is_trouble,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_missing_or_foreign_key_is_trouble_that_names_the_file,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_wrong_configuration_is_told_with_file_and_line,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    the_policy_follows_the_settings,
		    make_site, remove_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

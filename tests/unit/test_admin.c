/* What branch staff do: each change with its audit record, in one step. */
#include "tests/unit/sites.h"

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
	    &why), AKITA_ERR_REFUSED);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every event in every state is answered as the table of states says. */
#include "tests/unit/events.h"

/* O: allowed; R: refused; A: there is no such account.  Columns: unregistered,
 * registered, issued, active, locked, suspended, expired, released. */
static const struct {
	enum akita_event_kind	 kind;
	const char		*name;
	const char		*answers;
} table[] = {
	{ AKITA_EVENT_REGISTER, "register", "ORRRRRRO" },
	{ AKITA_EVENT_ISSUE, "issue", "OOORROOO" },
	{ AKITA_EVENT_REPLACE, "issue --replace", "ARRORRRR" },
	{ AKITA_EVENT_SUSPEND, "suspend", "AROOOORR" },
	{ AKITA_EVENT_UNLOCK, "unlock", "ARRRRORR" },
	{ AKITA_EVENT_RELEASE, "release", "AOOOOOOR" },
	{ AKITA_EVENT_ACTIVATE, "activate", "AROORRRR" },
	{ AKITA_EVENT_RESYNC, "resync", "ARRORRRR" },
	{ AKITA_EVENT_RECOVERY, "recovery", "ARRORRRR" },
};

static const enum akita_state columns[] = {
	AKITA_STATE_UNREGISTERED, AKITA_STATE_REGISTERED, AKITA_STATE_ISSUED,
	AKITA_STATE_ACTIVE, AKITA_STATE_LOCKED, AKITA_STATE_SUSPENDED,
	AKITA_STATE_EXPIRED, AKITA_STATE_RELEASED,
};

TEST(every_event_in_every_state_is_answered_as_in_the_table)
{
	assert_int_equal(COUNT(table), AKITA_EVENT_KIND_COUNT);
	assert_int_equal(COUNT(columns), AKITA_STATE_COUNT);
	for (size_t i = 0; i < COUNT(table); i++)
		for (size_t j = 0; j < COUNT(columns); j++) {
			struct akita_account a = account_in(columns[j]);
			struct akita_event event = event_of(table[i].kind);
			const char *said;

			print_message("# %s in %s\n", table[i].name,
			    akita_state_name(columns[j]));
			if (table[i].answers[j] == 'O') {
				(void)apply(columns[j], table[i].kind);
				continue;
			}
			said = refusal(&a, &event, &usual,
			    table[i].answers[j] == 'A' ?
			    AKITA_ERR_NO_ACCOUNT : AKITA_ERR_REFUSED);
			assert_true(strlen(said) > 20);
		}
}

TEST(every_event_has_its_name)
{
	for (size_t i = 0; i < COUNT(table); i++)
		assert_string_equal(akita_event_name(table[i].kind),
		    table[i].name);
	assert_string_equal(akita_event_name(AKITA_EVENT_KIND_COUNT), "?");
}

TEST(an_unknown_event_is_an_internal_error)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_event event = event_of(AKITA_EVENT_KIND_COUNT);

	(void)refusal(&a, &event, &usual, AKITA_ERR_INTERNAL);
}

TEST(an_issue_needs_an_application_where_the_policy_says_so)
{
	struct akita_policy strict = usual;
	struct akita_account a = account_in(AKITA_STATE_UNREGISTERED);
	struct akita_event event = event_of(AKITA_EVENT_ISSUE);

	strict.require_registration = true;
	assert_non_null(strstr(refusal(&a, &event, &strict,
	    AKITA_ERR_REFUSED), "require_registration"));
	a = account_in(AKITA_STATE_REGISTERED);
	assert_int_equal(apply_to(&a, &event, &strict).slot.state,
	    AKITA_STATE_ISSUED);
}

TEST(a_suspension_only_gets_graver)
{
	static const enum akita_reason grave[] = {
		AKITA_REASON_REQUEST, AKITA_REASON_LOCKED, AKITA_REASON_OTHER,
		AKITA_REASON_LOST, AKITA_REASON_STOLEN
	};
	static const int weight[] = { 1, 1, 1, 2, 3 };

	for (size_t i = 0; i < COUNT(grave); i++)
		for (size_t j = 0; j < COUNT(grave); j++) {
			struct akita_account a =
			    account_in(AKITA_STATE_SUSPENDED);
			struct akita_event event =
			    event_of(AKITA_EVENT_SUSPEND);

			a.slot.reason = grave[i];
			event.reason = grave[j];
			if (weight[j] <= weight[i]) {
				(void)refusal(&a, &event, &usual,
				    AKITA_ERR_REFUSED);
				continue;
			}
			a = apply_to(&a, &event, &usual);
			assert_int_equal(a.slot.reason, grave[j]);
			assert_int_equal(a.slot.suspended_from,
			    AKITA_STATE_ACTIVE);
			assert_int_equal(a.slot.suspended_at, NOW - 600);
			assert_int_equal(a.has_token,
			    grave[j] != AKITA_REASON_STOLEN);
		}
}

TEST(suspend_wants_a_reason_of_the_list)
{
	static const enum akita_reason bad[] = { AKITA_REASON_NONE,
	    AKITA_REASON_BURNT, AKITA_REASON_FAILURES, AKITA_REASON_COUNT };
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct akita_event event = event_of(AKITA_EVENT_SUSPEND);

		event.reason = bad[i];
		refuse_usage(&a, &event);
	}
}

TEST(unlock_of_a_locked_account_wants_a_suspension_first)
{
	struct akita_account a = account_in(AKITA_STATE_LOCKED);
	struct akita_event event = event_of(AKITA_EVENT_UNLOCK);
	struct akita_policy direct = usual;

	assert_non_null(strstr(refusal(&a, &event, &usual, AKITA_ERR_REFUSED),
	    "suspend it first, then unlock it"));
	direct.unlock_requires_suspend = false;
	a = apply_to(&a, &event, &direct);
	assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
	assert_int_equal(a.slot.reason, AKITA_REASON_NONE);
	assert_int_equal(a.slot.failures, 0);
	a = account_in(AKITA_STATE_LOCKED);
	event = event_of(AKITA_EVENT_ISSUE);
	assert_non_null(strstr(refusal(&a, &event, &direct,
	    AKITA_ERR_REFUSED), "unlock it first"));
}

TEST(unlock_wants_found_if_lost_and_never_happens_if_stolen)
{
	struct akita_account a = account_in(AKITA_STATE_SUSPENDED);
	struct akita_event event = event_of(AKITA_EVENT_UNLOCK);

	a.slot.reason = AKITA_REASON_LOST;
	assert_non_null(strstr(refusal(&a, &event, &usual, AKITA_ERR_REFUSED),
	    "--found"));
	event.found = true;
	assert_int_equal(apply_to(&a, &event, &usual).slot.state,
	    AKITA_STATE_ACTIVE);
	a.slot.reason = AKITA_REASON_STOLEN;
	a.has_token = false;
	assert_non_null(strstr(refusal(&a, &event, &usual, AKITA_ERR_REFUSED),
	    "stolen"));
}

TEST(the_form_number_is_required_where_the_policy_says_so)
{
	struct akita_policy strict = usual;

	strict.require_form = true;
	for (size_t i = 0; i < COUNT(table); i++)
		for (size_t j = 0; j < COUNT(columns); j++) {
			struct akita_account a = account_in(columns[j]);
			struct akita_event event = event_of(table[i].kind);

			if (table[i].answers[j] != 'O' ||
			    table[i].kind >= AKITA_EVENT_ACTIVATE)
				continue;
			(void)apply_to(&a, &event, &strict);
			event.form = "";
			(void)refusal(&a, &event, &strict, AKITA_ERR_REFUSED);
			event.form = NULL;
			assert_non_null(strstr(refusal(&a, &event, &strict,
			    AKITA_ERR_REFUSED), "--form"));
		}
}

TEST(a_burnt_issue_is_named_as_such)
{
	struct akita_account a = account_in(AKITA_STATE_REGISTERED);
	struct akita_event event = event_of(AKITA_EVENT_ACTIVATE);

	a.slot.reason = AKITA_REASON_BURNT;
	assert_non_null(strstr(refusal(&a, &event, &usual, AKITA_ERR_REFUSED),
	    "wrong activation passwords"));
	event = event_of(AKITA_EVENT_ISSUE);
	assert_int_equal(apply_to(&a, &event, &usual).slot.reason,
	    AKITA_REASON_NONE);
}

TEST(an_unlock_into_no_state_with_a_token_is_an_internal_error)
{
	struct akita_account a = account_in(AKITA_STATE_SUSPENDED), after;
	struct akita_event event = event_of(AKITA_EVENT_UNLOCK);

	a.slot.suspended_from = AKITA_STATE_UNREGISTERED;
	assert_int_equal(akita_lifecycle_apply(&a, &event, &usual, NOW, &after,
	    NULL), AKITA_ERR_INTERNAL);
	a = account_in(AKITA_STATE_SUSPENDED);
	a.has_token = false;
	assert_int_equal(akita_lifecycle_apply(&a, &event, &usual, NOW, &after,
	    NULL), AKITA_ERR_INTERNAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_event_in_every_state_is_answered_as_in_the_table),
		cmocka_unit_test(every_event_has_its_name),
		cmocka_unit_test(an_unknown_event_is_an_internal_error),
		cmocka_unit_test(
		    an_issue_needs_an_application_where_the_policy_says_so),
		cmocka_unit_test(a_suspension_only_gets_graver),
		cmocka_unit_test(suspend_wants_a_reason_of_the_list),
		cmocka_unit_test(
		    unlock_of_a_locked_account_wants_a_suspension_first),
		cmocka_unit_test(
		    unlock_wants_found_if_lost_and_never_happens_if_stolen),
		cmocka_unit_test(
		    the_form_number_is_required_where_the_policy_says_so),
		cmocka_unit_test(a_burnt_issue_is_named_as_such),
		cmocka_unit_test(
		    an_unlock_into_no_state_with_a_token_is_an_internal_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

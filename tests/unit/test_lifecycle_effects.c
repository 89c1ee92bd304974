/* What an allowed event does to an account, and what it leaves alone. */
#include "tests/unit/events.h"

static const enum akita_state columns[] = {
	AKITA_STATE_UNREGISTERED, AKITA_STATE_REGISTERED, AKITA_STATE_ISSUED,
	AKITA_STATE_ACTIVE, AKITA_STATE_LOCKED, AKITA_STATE_SUSPENDED,
	AKITA_STATE_EXPIRED, AKITA_STATE_RELEASED,
};

TEST(an_application_brings_identity_and_user_id)
{
	struct akita_account a = apply(AKITA_STATE_UNREGISTERED,
	    AKITA_EVENT_REGISTER);

	assert_int_equal(a.slot.state, AKITA_STATE_REGISTERED);
	assert_int_equal(a.identity.user_id, 1000009);
	assert_string_equal(a.identity.user, "hanako");
	assert_string_equal(a.identity.mail, "new@example.jp");
	assert_string_equal(a.identity.branch, "012");
	assert_string_equal(a.identity.form, "A-17");
	assert_int_equal(a.identity.registered_at, NOW);
	assert_int_equal(a.slot.generation, 0);
	assert_int_equal(a.changed, AKITA_CHANGED_IDENTITY);
}

TEST(an_application_without_mail_or_user_id_is_usage)
{
	struct akita_account a = account_in(AKITA_STATE_UNREGISTERED);
	struct akita_event event = event_of(AKITA_EVENT_REGISTER);

	identity.mail[0] = '\0';
	refuse_usage(&a, &event);
	(void)event_of(AKITA_EVENT_REGISTER);
	identity.user_id = 0;
	refuse_usage(&a, &event);
	event.identity = NULL;
	refuse_usage(&a, &event);
}

TEST(a_released_user_id_never_serves_again)
{
	enum akita_event_kind kinds[] = {
		AKITA_EVENT_REGISTER, AKITA_EVENT_ISSUE
	};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct akita_account a = account_in(AKITA_STATE_RELEASED);
		struct akita_event event = event_of(kinds[i]);
		struct akita_account after;

		identity.user_id = a.identity.user_id;
		refuse_usage(&a, &event);
		identity.user_id = 0;
		refuse_usage(&a, &event);
		identity.user_id = 1000010;
		after = apply_to(&a, &event, &usual);
		assert_int_equal(after.identity.user_id, 1000010);
		assert_true(after.changed & AKITA_CHANGED_IDENTITY);
		assert_int_equal(after.slot.released_at, 0);
		assert_true(after.slot.generation >= a.slot.generation);
	}
}

TEST(an_application_after_a_release_keeps_only_the_generation)
{
	struct akita_account a = account_in(AKITA_STATE_RELEASED);
	struct akita_event event = event_of(AKITA_EVENT_REGISTER);

	a.slot.flags = AKITA_FLAG_WAS_ACTIVE;
	strcpy(a.identity.device_mail, "old@example.jp");
	a = apply_to(&a, &event, &usual);
	assert_int_equal(a.slot.flags & AKITA_FLAG_WAS_ACTIVE, 0);
	assert_int_equal(a.slot.generation, 3);
	assert_string_equal(a.identity.device_mail, "");
}

static void
assert_fresh_issue(const struct akita_account *a, uint32_t generation)
{
	assert_int_equal(a->slot.state, AKITA_STATE_ISSUED);
	assert_int_equal(a->slot.reason, AKITA_REASON_NONE);
	assert_int_equal(a->slot.suspended_from, 0);
	assert_int_equal(a->slot.locked_from, 0);
	assert_int_equal(a->slot.locked_reason, 0);
	assert_int_equal(a->slot.generation, generation);
	assert_int_equal(a->slot.failures, 0);
	assert_int_equal(a->slot.wrong_passwords, 0);
	assert_int_equal(a->slot.drift, 0);
	assert_int_equal(a->slot.last_side, 0);
	assert_int_equal(a->slot.last_step, -1);
	assert_int_equal(a->slot.spent, 0);
	assert_int_equal(a->slot.grace[0].at, 0);
	assert_int_equal(a->slot.activated_at, 0);
	assert_int_equal(a->slot.suspended_at, 0);
	assert_true(a->has_token);
	assert_false(a->has_waiting);
	assert_int_equal(a->token.generation, generation);
	assert_int_equal(a->token.issued_at, NOW);
	assert_int_equal(a->token.expires_at, NOW + 14 * DAY);
	assert_int_equal(a->token.recovery_count, 0);
	assert_true(a->token.has_password);
	assert_int_equal(a->token.key.bytes[0], 0x41);
	assert_true(a->changed & AKITA_CHANGED_TOKEN);
}

TEST(the_first_token_has_generation_one_and_the_policys_expiry)
{
	struct akita_account a = apply(AKITA_STATE_UNREGISTERED,
	    AKITA_EVENT_ISSUE);

	assert_fresh_issue(&a, 1);
	assert_int_equal(a.identity.user_id, 1000009);
}

TEST(an_issue_destroys_all_that_was_before)
{
	enum akita_state from[] = { AKITA_STATE_ISSUED, AKITA_STATE_EXPIRED,
	    AKITA_STATE_SUSPENDED };

	for (size_t i = 0; i < COUNT(from); i++) {
		struct akita_account a = account_in(from[i]);
		struct akita_event event = event_of(AKITA_EVENT_ISSUE);

		a.token.recovery_count = 10;
		a.slot.spent = 7;
		a.slot.failures = 4;
		a.slot.wrong_passwords = 3;
		a.slot.drift = -3;
		a = apply_to(&a, &event, &usual);
		assert_fresh_issue(&a, 4);
		assert_int_equal(a.identity.user_id, 1000001);
		assert_int_equal(a.changed, AKITA_CHANGED_TOKEN);
	}
}

TEST(an_issue_keeps_the_identity_and_takes_a_device_address)
{
	struct akita_account before = account_in(AKITA_STATE_REGISTERED), a;
	struct akita_event event = event_of(AKITA_EVENT_ISSUE);

	a = apply_to(&before, &event, &usual);
	assert_memory_equal(&a.identity, &before.identity, sizeof(a.identity));
	strcpy(identity.device_mail, "phone@example.jp");
	a = apply_to(&before, &event, &usual);
	assert_string_equal(a.identity.device_mail, "phone@example.jp");
	assert_string_equal(a.identity.name, "Akita Hanako");
	assert_int_equal(a.changed,
	    AKITA_CHANGED_TOKEN | AKITA_CHANGED_IDENTITY);
}

TEST(an_issue_without_key_or_required_password_is_usage)
{
	struct akita_account a = account_in(AKITA_STATE_REGISTERED);
	struct akita_event event = event_of(AKITA_EVENT_ISSUE);
	struct akita_policy off = usual;

	token.has_password = false;
	refuse_usage(&a, &event);
	off.password_required = false;
	assert_int_equal(apply_to(&a, &event, &off).slot.state,
	    AKITA_STATE_ISSUED);
	(void)event_of(AKITA_EVENT_ISSUE);
	token.key.len = 15;
	refuse_usage(&a, &event);
	event.token = NULL;
	refuse_usage(&a, &event);
}

TEST(generations_end_before_they_begin_again)
{
	struct akita_account a = account_in(AKITA_STATE_REGISTERED);
	struct akita_event event = event_of(AKITA_EVENT_ISSUE);
	struct akita_account after;

	a.slot.generation = UINT32_MAX;
	assert_int_equal(akita_lifecycle_apply(&a, &event, &usual, NOW, &after,
	    NULL), AKITA_ERR_REFUSED);
}

TEST(a_replacement_waits_beside_the_token_in_use)
{
	struct akita_account before = account_in(AKITA_STATE_ACTIVE), a;
	struct akita_event event = event_of(AKITA_EVENT_REPLACE);

	before.slot.wrong_passwords = 3;
	before.slot.failures = 2;
	a = apply_to(&before, &event, &usual);
	assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
	assert_int_equal(a.slot.generation, 3);
	assert_memory_equal(&a.token, &before.token, sizeof(a.token));
	assert_true(a.has_waiting);
	assert_int_equal(a.waiting.generation, 4);
	assert_int_equal(a.waiting.expires_at, NOW + 14 * DAY);
	assert_int_equal(a.waiting.key.bytes[0], 0x41);
	assert_int_equal(a.slot.wrong_passwords, 0);
	assert_int_equal(a.slot.failures, 2);
	assert_int_equal(a.changed, AKITA_CHANGED_WAITING);
	before = a;
	token.key.bytes[0] = 0x42;
	a = apply_to(&before, &event, &usual);
	assert_int_equal(a.waiting.key.bytes[0], 0x42);
	assert_int_equal(a.waiting.generation, 4);
}

TEST(an_expired_waiting_token_is_gone_with_the_next_change)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_event event = event_of(AKITA_EVENT_ACTIVATE);

	give_waiting(&a);
	a.waiting.expires_at = NOW - 1;
	assert_non_null(strstr(refusal(&a, &event, &usual, AKITA_ERR_REFUSED),
	    "--replace"));
	event = event_of(AKITA_EVENT_RECOVERY);
	a = apply_to(&a, &event, &usual);
	assert_false(a.has_waiting);
	assert_int_equal(a.waiting.key.len, 0);
	assert_int_equal(a.changed,
	    AKITA_CHANGED_WAITING | AKITA_CHANGED_TOKEN);
}

TEST(suspend_ends_waiting_and_grace_and_keeps_the_token)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_event event = event_of(AKITA_EVENT_SUSPEND);

	give_waiting(&a);
	a = apply_to(&a, &event, &usual);
	assert_int_equal(a.slot.state, AKITA_STATE_SUSPENDED);
	assert_int_equal(a.slot.reason, AKITA_REASON_LOST);
	assert_int_equal(a.slot.suspended_from, AKITA_STATE_ACTIVE);
	assert_int_equal(a.slot.suspended_at, NOW);
	assert_false(a.has_waiting);
	assert_true(a.has_token);
	assert_int_equal(a.slot.grace[0].at, 0);
	assert_int_equal(a.changed, AKITA_CHANGED_WAITING);
}

TEST(suspend_for_a_theft_destroys_the_token)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_event event = event_of(AKITA_EVENT_SUSPEND);

	event.reason = AKITA_REASON_STOLEN;
	a.slot.spent = 3;
	a = apply_to(&a, &event, &usual);
	assert_false(a.has_token);
	assert_int_equal(a.token.key.len, 0);
	assert_int_equal(a.slot.spent, 0);
	assert_int_equal(a.changed, AKITA_CHANGED_TOKEN);
}

TEST(unlock_gives_back_the_state_before_the_suspension)
{
	enum akita_state from[] = { AKITA_STATE_ISSUED, AKITA_STATE_ACTIVE };

	for (size_t i = 0; i < COUNT(from); i++) {
		struct akita_account a = account_in(AKITA_STATE_SUSPENDED);
		struct akita_event event = event_of(AKITA_EVENT_UNLOCK);

		a.slot.suspended_from = from[i];
		a.slot.failures = 6;
		a = apply_to(&a, &event, &usual);
		assert_int_equal(a.slot.state, from[i]);
		assert_int_equal(a.slot.reason, AKITA_REASON_NONE);
		assert_int_equal(a.slot.suspended_from, 0);
		assert_int_equal(a.slot.suspended_at, 0);
		assert_int_equal(a.slot.failures, 0);
		assert_int_equal(a.slot.last_step, NOW / 60 - 60);
		assert_true(a.has_token);
		assert_int_equal(a.changed, 0);
	}
}

TEST(unlock_after_a_suspended_lock_gives_back_the_state_before)
{
	enum akita_state from[] = { AKITA_STATE_ISSUED, AKITA_STATE_ACTIVE };

	for (size_t i = 0; i < COUNT(from); i++) {
		struct akita_account a = account_in(AKITA_STATE_LOCKED);
		struct akita_event event = event_of(AKITA_EVENT_SUSPEND);

		a.slot.locked_from = from[i];
		event.reason = AKITA_REASON_LOCKED;
		a = apply_to(&a, &event, &usual);
		assert_int_equal(a.slot.suspended_from, AKITA_STATE_LOCKED);
		assert_int_equal(a.slot.reason, AKITA_REASON_LOCKED);
		event = event_of(AKITA_EVENT_UNLOCK);
		a = apply_to(&a, &event, &usual);
		assert_int_equal(a.slot.state, from[i]);
		assert_int_equal(a.slot.reason, AKITA_REASON_NONE);
		assert_int_equal(a.slot.locked_from, 0);
		assert_int_equal(a.slot.locked_at, 0);
		assert_int_equal(a.slot.failures, 0);
	}
}

TEST(an_issue_follows_a_theft)
{
	struct akita_account a = account_in(AKITA_STATE_SUSPENDED);
	struct akita_event event = event_of(AKITA_EVENT_ISSUE);

	a.slot.reason = AKITA_REASON_STOLEN;
	a.has_token = false;
	a = apply_to(&a, &event, &usual);
	assert_fresh_issue(&a, 4);
	assert_true(a.slot.flags & AKITA_FLAG_WAS_ACTIVE);
}

TEST(a_release_wipes_everything_but_who_it_was)
{
	for (size_t i = 1; i < COUNT(columns) - 1; i++) {
		struct akita_account before = account_in(columns[i]), a;
		struct akita_event event = event_of(AKITA_EVENT_RELEASE);

		if (columns[i] == AKITA_STATE_ACTIVE)
			give_waiting(&before);
		a = apply_to(&before, &event, &usual);
		assert_int_equal(a.slot.state, AKITA_STATE_RELEASED);
		assert_int_equal(a.slot.reason, AKITA_REASON_NONE);
		assert_int_equal(a.slot.released_at, NOW);
		assert_int_equal(a.slot.generation, before.slot.generation);
		assert_false(a.has_token);
		assert_false(a.has_waiting);
		assert_int_equal(a.token.key.len, 0);
		assert_int_equal(a.waiting.key.len, 0);
		assert_int_equal(a.slot.flags & AKITA_FLAG_WAS_ACTIVE, 0);
		assert_int_equal(a.slot.grace[0].at, 0);
		assert_int_equal(a.identity.user_id, 1000001);
	}
}

TEST(new_recovery_codes_end_the_old_ones)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_event event = event_of(AKITA_EVENT_RECOVERY);

	a.slot.spent = 0xff;
	a.token.recovery_count = 32;
	memset(a.token.recovery_hash, 0x99, sizeof(a.token.recovery_hash));
	a = apply_to(&a, &event, &usual);
	assert_int_equal(a.slot.spent, 0);
	assert_int_equal(a.token.recovery_count, 10);
	assert_int_equal(a.token.recovery_hash[9][0], 0x52);
	assert_int_equal(a.token.recovery_hash[10][0], 0);
	assert_int_equal(a.token.key.bytes[0], 0x31);
	assert_int_equal(a.changed, AKITA_CHANGED_TOKEN);
	token.recovery_count = 0;
	refuse_usage(&a, &event);
	token.recovery_count = 33;
	refuse_usage(&a, &event);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_application_brings_identity_and_user_id),
		cmocka_unit_test(
		    an_application_without_mail_or_user_id_is_usage),
		cmocka_unit_test(a_released_user_id_never_serves_again),
		cmocka_unit_test(
		    an_application_after_a_release_keeps_only_the_generation),
		cmocka_unit_test(
		    the_first_token_has_generation_one_and_the_policys_expiry),
		cmocka_unit_test(an_issue_destroys_all_that_was_before),
		cmocka_unit_test(
		    an_issue_keeps_the_identity_and_takes_a_device_address),
		cmocka_unit_test(
		    an_issue_without_key_or_required_password_is_usage),
		cmocka_unit_test(generations_end_before_they_begin_again),
		cmocka_unit_test(a_replacement_waits_beside_the_token_in_use),
		cmocka_unit_test(
		    an_expired_waiting_token_is_gone_with_the_next_change),
		cmocka_unit_test(
		    suspend_ends_waiting_and_grace_and_keeps_the_token),
		cmocka_unit_test(suspend_for_a_theft_destroys_the_token),
		cmocka_unit_test(
		    unlock_gives_back_the_state_before_the_suspension),
		cmocka_unit_test(
		    unlock_after_a_suspended_lock_gives_back_the_state_before),
		cmocka_unit_test(an_issue_follows_a_theft),
		cmocka_unit_test(a_release_wipes_everything_but_who_it_was),
		cmocka_unit_test(new_recovery_codes_end_the_old_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

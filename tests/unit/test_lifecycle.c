/* Every event in every state does what the table of states says. */
#include "tests/unit/accounts.h"

#include "common/lifecycle.h"

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

static struct akita_identity identity;
static struct akita_token token;

/* An event with all that it may need. */
static struct akita_event
event_of(enum akita_event_kind kind)
{
	struct akita_event event = {
		.kind = kind, .reason = AKITA_REASON_LOST, .form = "A-17",
		.identity = &identity, .token = &token,
	};

	memset(&identity, 0, sizeof(identity));
	identity.user_id = 1000009;
	strcpy(identity.name, "New Name");
	strcpy(identity.branch, "012");
	strcpy(identity.form, "A-17");
	strcpy(identity.mail, "new@example.jp");
	token = token_of(0x41, 0);
	token.recovery_count = 10;
	memset(token.recovery_hash, 0x52, sizeof(token.recovery_hash));
	return event;
}

static struct akita_account
apply_to(const struct akita_account *before, const struct akita_event *event,
    const struct akita_policy *policy)
{
	struct akita_account after;
	struct akita_why why = { 0 };

	assert_int_equal(akita_lifecycle_check(before, event, policy, NOW,
	    &why), AKITA_OK);
	assert_int_equal(akita_lifecycle_apply(before, event, policy, NOW,
	    &after, &why), AKITA_OK);
	assert_null(why.msgid);
	return after;
}

static struct akita_account
apply(enum akita_state from, enum akita_event_kind kind)
{
	struct akita_account before = account_in(from);
	struct akita_event event = event_of(kind);

	if (kind == AKITA_EVENT_ACTIVATE && from == AKITA_STATE_ACTIVE)
		give_waiting(&before);
	return apply_to(&before, &event, &usual);
}

/* The refusal's sentence; nothing is changed. */
static const char *
refusal(const struct akita_account *before, const struct akita_event *event,
    const struct akita_policy *policy, enum akita_rc expected)
{
	static struct akita_why why;
	struct akita_account after, untouched;

	memset(&after, 0xa5, sizeof(after));
	memset(&untouched, 0xa5, sizeof(untouched));
	memset(&why, 0, sizeof(why));
	assert_int_equal(akita_lifecycle_check(before, event, policy, NOW,
	    NULL), expected);
	assert_int_equal(akita_lifecycle_apply(before, event, policy, NOW,
	    &after, &why), expected);
	assert_memory_equal(&after, &untouched, sizeof(after));
	assert_non_null(why.msgid);
	return sentence(&why);
}

/* Usage shows only when the event is applied: the check never looks at what
 * goes with it. */
static void
refuse_usage(const struct akita_account *before,
    const struct akita_event *event)
{
	struct akita_account after, untouched;
	struct akita_why why = { 0 };

	memset(&after, 0xa5, sizeof(after));
	memset(&untouched, 0xa5, sizeof(untouched));
	assert_int_equal(akita_lifecycle_apply(before, event, &usual, NOW,
	    &after, &why), AKITA_ERR_USAGE);
	assert_memory_equal(&after, &untouched, sizeof(after));
	assert_non_null(why.msgid);
}

TEST(every_pair_of_state_and_event_is_answered_as_the_table_says)
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

TEST(an_application_after_a_release_starts_anew_but_for_the_generation)
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

TEST(the_first_token_has_generation_one_and_expires_after_the_policys_days)
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

TEST(an_issue_keeps_the_identity_and_takes_a_device_address_if_given)
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

TEST(a_waiting_token_past_its_expiry_is_gone_with_the_next_change)
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

TEST(unlock_after_lock_and_suspension_gives_back_the_state_before_the_lock)
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

TEST(unlock_of_a_lost_phone_wants_found_and_never_happens_for_a_stolen_one)
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_pair_of_state_and_event_is_answered_as_the_table_says),
		cmocka_unit_test(every_event_has_its_name),
		cmocka_unit_test(an_unknown_event_is_an_internal_error),
		cmocka_unit_test(an_application_brings_identity_and_user_id),
		cmocka_unit_test(
		    an_application_without_mail_or_user_id_is_usage),
		cmocka_unit_test(a_released_user_id_never_serves_again),
		cmocka_unit_test(
		    an_application_after_a_release_starts_anew_but_for_the_generation),
		cmocka_unit_test(
		    the_first_token_has_generation_one_and_expires_after_the_policys_days),
		cmocka_unit_test(an_issue_destroys_all_that_was_before),
		cmocka_unit_test(
		    an_issue_keeps_the_identity_and_takes_a_device_address_if_given),
		cmocka_unit_test(
		    an_issue_without_key_or_required_password_is_usage),
		cmocka_unit_test(
		    an_issue_needs_an_application_where_the_policy_says_so),
		cmocka_unit_test(generations_end_before_they_begin_again),
		cmocka_unit_test(a_replacement_waits_beside_the_token_in_use),
		cmocka_unit_test(
		    a_waiting_token_past_its_expiry_is_gone_with_the_next_change),
		cmocka_unit_test(
		    suspend_ends_waiting_and_grace_and_keeps_the_token),
		cmocka_unit_test(suspend_for_a_theft_destroys_the_token),
		cmocka_unit_test(a_suspension_only_gets_graver),
		cmocka_unit_test(suspend_wants_a_reason_of_the_list),
		cmocka_unit_test(
		    unlock_gives_back_the_state_before_the_suspension),
		cmocka_unit_test(
		    unlock_after_lock_and_suspension_gives_back_the_state_before_the_lock),
		cmocka_unit_test(
		    unlock_of_a_locked_account_wants_a_suspension_first),
		cmocka_unit_test(
		    unlock_of_a_lost_phone_wants_found_and_never_happens_for_a_stolen_one),
		cmocka_unit_test(an_issue_follows_a_theft),
		cmocka_unit_test(a_release_wipes_everything_but_who_it_was),
		cmocka_unit_test(new_recovery_codes_end_the_old_ones),
		cmocka_unit_test(
		    the_form_number_is_required_where_the_policy_says_so),
		cmocka_unit_test(a_burnt_issue_is_named_as_such),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

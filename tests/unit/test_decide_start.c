/* What a code means at the start of use, and that of a waiting token. */
#include "tests/unit/deciding.h"

/* ---- a waiting token at a login ---- */

TEST(a_waiting_tokens_code_at_a_login_is_refused_not_counted)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE), before;

	give_waiting(&a);
	before = a;
	assert_int_equal(login(&a, code_at(crypto, &a.waiting, step)),
	    AKITA_CAUSE_NOT_ACTIVE);
	assert_untouched(&a, &before);
	assert_int_equal(login(&a, code_at(crypto, &a.waiting, step + 5)),
	    AKITA_CAUSE_WRONG);
	assert_int_equal(login(&a, code(&a, step + 2)), AKITA_CAUSE_OK);
	a.waiting.expires_at = NOW - 1;
	assert_int_equal(login(&a, code_at(crypto, &a.waiting, step)),
	    AKITA_CAUSE_WRONG);
}

/* ---- start of use ---- */

static const uint8_t right[AKITA_PASSWORD_HASH] = {
	0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77,
	0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77,
};
static const uint8_t other[AKITA_PASSWORD_HASH];

static struct akita_decision
start_by(struct akita_account *a, const uint8_t *password, const char *typed,
    const struct akita_policy *policy)
{
	struct akita_code c = parsed(typed);
	struct akita_decision d;

	assert_int_equal(akita_decide_start(crypto, a, policy, password, &c,
	    NOW, &d), AKITA_OK);
	assert_int_equal(d.verdict == AKITA_VERDICT_ACCEPT, d.started);
	*a = d.after;
	return d;
}

static struct akita_decision
start(struct akita_account *a, const uint8_t *password, const char *typed)
{
	return start_by(a, password, typed, &usual);
}

TEST(password_and_code_start_the_issued_token)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED);
	struct akita_decision d;

	a.slot.failures = 3;
	a.slot.wrong_passwords = 4;
	d = start(&a, right, code(&a, step + 1));
	assert_true(d.started);
	assert_int_equal(d.cause, AKITA_CAUSE_OK);
	assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
	assert_int_equal(a.slot.reason, AKITA_REASON_NONE);
	assert_int_equal(a.slot.flags, AKITA_FLAG_WAS_ACTIVE);
	assert_int_equal(a.slot.activated_at, NOW);
	assert_int_equal(a.slot.last_used_at, NOW);
	assert_int_equal(a.slot.last_step, step + 1);
	assert_int_equal(a.slot.drift, 0);
	assert_int_equal(a.slot.last_side, 0);
	assert_int_equal(a.slot.failures, 0);
	assert_int_equal(a.slot.wrong_passwords, 0);
	assert_int_equal(a.slot.notices, AKITA_NOTICE_ACTIVATED);
	assert_int_equal(a.slot.notice_at, NOW);
	assert_int_equal(a.changed, 0);
	assert_int_equal(login(&a, code(&a, step + 1)), AKITA_CAUSE_REPLAY);
}

TEST(a_wrong_password_ends_the_try_and_spends_no_code)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED);
	struct akita_decision d;

	d = start(&a, other, wrong(&a));
	assert_int_equal(d.cause, AKITA_CAUSE_PASSWORD);
	assert_int_equal(a.slot.wrong_passwords, 1);
	assert_int_equal(a.slot.failures, 0);
	d = start(&a, other, code(&a, step));
	assert_int_equal(d.cause, AKITA_CAUSE_PASSWORD);
	assert_int_equal(a.slot.wrong_passwords, 2);
	assert_int_equal(a.slot.last_step, -1);
	d = start(&a, right, code(&a, step));
	assert_true(d.started);
}

TEST(the_fifth_wrong_password_in_a_row_burns_the_issue)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED);
	struct akita_decision d;

	for (int i = 1; i <= 4; i++)
		assert_int_equal(start(&a, other, code(&a, step)).cause,
		    AKITA_CAUSE_PASSWORD);
	/* The right one in between, with a wrong code, breaks the row. */
	assert_int_equal(start(&a, right, wrong(&a)).cause, AKITA_CAUSE_WRONG);
	assert_int_equal(a.slot.wrong_passwords, 0);
	for (int i = 1; i <= 4; i++)
		(void)start(&a, other, code(&a, step));
	d = start(&a, other, code(&a, step));
	assert_int_equal(d.cause, AKITA_CAUSE_BURNT);
	assert_int_equal(d.verdict, AKITA_VERDICT_DENY);
	assert_int_equal(a.slot.state, AKITA_STATE_REGISTERED);
	assert_int_equal(a.slot.reason, AKITA_REASON_BURNT);
	assert_false(a.has_token);
	assert_int_equal(a.token.key.len, 0);
	assert_int_equal(a.changed, AKITA_CHANGED_TOKEN);
	assert_int_equal(a.slot.notices, AKITA_NOTICE_BURNT);
	assert_int_equal(start(&a, right, "123456").cause,
	    AKITA_CAUSE_NOT_ACTIVE);
}

TEST(no_password_though_one_is_wanted_starts_nothing)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED), before = a;

	assert_int_equal(start(&a, NULL, code(&a, step)).cause,
	    AKITA_CAUSE_PASSWORD);
	assert_untouched(&a, &before);
	assert_int_equal(start(&a, NULL, wrong(&a)).cause, AKITA_CAUSE_WRONG);
	assert_int_equal(a.slot.failures, 1);
	assert_int_equal(a.slot.wrong_passwords, 0);
}

TEST(without_activation_password_the_code_alone_starts_use)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED);
	struct akita_policy off = usual;

	off.password_required = false;
	assert_true(start_by(&a, NULL, code(&a, step), &off).started);
	a = account_in(AKITA_STATE_ISSUED);
	a.token.has_password = false;
	assert_true(start(&a, NULL, code(&a, step)).started);
}

TEST(wrong_codes_at_the_start_count_and_lock)
{
	/* A wrong number of digits, 6 to 8, and a recovery code count too. */
	static const char *const typed[] = { "1234567", "12345678",
	    "ABCD-EFGH-JKMN" };
	struct akita_account a = account_in(AKITA_STATE_ISSUED);

	for (size_t i = 0; i < COUNT(typed); i++)
		assert_true(start(&a, right, typed[i]).counted);
	assert_int_equal(a.slot.failures, COUNT(typed));
	assert_int_equal(start(&a, right, "12345").cause,
	    AKITA_CAUSE_MALFORMED);
	assert_int_equal(start(&a, right, "").cause, AKITA_CAUSE_MALFORMED);
	assert_int_equal(a.slot.failures, COUNT(typed));
	for (size_t i = COUNT(typed); i < 9; i++)
		(void)start(&a, right, wrong(&a));
	assert_true(start(&a, right, wrong(&a)).locked_now);
	assert_int_equal(a.slot.state, AKITA_STATE_LOCKED);
	assert_int_equal(a.slot.locked_from, AKITA_STATE_ISSUED);
	assert_int_equal(start(&a, right, code(&a, step)).cause,
	    AKITA_CAUSE_LOCKED);
}

TEST(only_an_issued_or_waiting_token_is_started)
{
	static const struct {
		enum akita_state	state;
		enum akita_cause	cause;
	} rows[] = {
		{ AKITA_STATE_UNREGISTERED, AKITA_CAUSE_NOT_ACTIVE },
		{ AKITA_STATE_REGISTERED, AKITA_CAUSE_NOT_ACTIVE },
		{ AKITA_STATE_ACTIVE, AKITA_CAUSE_NOT_ACTIVE },
		{ AKITA_STATE_LOCKED, AKITA_CAUSE_LOCKED },
		{ AKITA_STATE_SUSPENDED, AKITA_CAUSE_SUSPENDED },
		{ AKITA_STATE_EXPIRED, AKITA_CAUSE_EXPIRED },
		{ AKITA_STATE_RELEASED, AKITA_CAUSE_NOT_ACTIVE },
	};
	struct akita_account active = account_in(AKITA_STATE_ACTIVE);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct akita_account a = account_in(rows[i].state), before = a;

		assert_int_equal(start(&a, right, code(&active, step)).cause,
		    rows[i].cause);
		assert_int_equal(start(&a, other, code(&active, step)).cause,
		    rows[i].cause);
		assert_untouched(&a, &before);
	}
}

TEST(a_started_replacement_leaves_nothing_of_the_token_before)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_decision d;
	const char *old = code(&a, step + 2);

	give_waiting(&a);
	a.slot.spent = 5;
	a.token.recovery_count = 10;
	d = start(&a, right, code_at(crypto, &a.waiting, step - 1));
	assert_true(d.started);
	assert_int_equal(a.changed, AKITA_CHANGED_PROMOTED);
	assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
	assert_int_equal(a.slot.generation, 4);
	assert_int_equal(a.token.generation, 4);
	assert_int_equal(a.token.key.bytes[0], 0x32);
	assert_int_equal(a.token.recovery_count, 0);
	assert_false(a.has_waiting);
	assert_int_equal(a.waiting.key.len, 0);
	assert_int_equal(a.slot.spent, 0);
	assert_int_equal(a.slot.drift, 0);
	assert_int_equal(a.slot.last_step, step - 1);
	assert_int_equal(a.slot.grace[0].at, 0);
	assert_int_equal(login(&a, old), AKITA_CAUSE_WRONG);
	assert_int_equal(login(&a, code(&a, step)), AKITA_CAUSE_OK);
}

TEST(a_burnt_replacement_leaves_the_token_in_use_alone)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	give_waiting(&a);
	for (int i = 1; i <= 4; i++)
		(void)start(&a, other, "123456");
	assert_int_equal(start(&a, other, "123456").cause, AKITA_CAUSE_BURNT);
	assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
	assert_true(a.has_token);
	assert_false(a.has_waiting);
	assert_int_equal(a.changed, AKITA_CHANGED_WAITING);
	assert_int_equal(a.slot.wrong_passwords, 0);
	assert_int_equal(login(&a, code(&a, step + 2)), AKITA_CAUSE_OK);
}

TEST(a_lock_keeps_the_replacement_but_bars_its_start)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	give_waiting(&a);
	for (int i = 0; i < 10; i++)
		(void)start(&a, right, "12345678");
	assert_int_equal(a.slot.state, AKITA_STATE_LOCKED);
	assert_true(a.has_waiting);
	assert_int_equal(start(&a, right, code_at(crypto, &a.waiting,
	    step)).cause, AKITA_CAUSE_LOCKED);
}

static bool
startable(const struct akita_account *a, const char *typed, bool for_login)
{
	struct akita_code c = parsed(typed);
	bool answer = false;

	assert_int_equal(akita_decide_startable(crypto, a, &usual, &c, NOW,
	    for_login, &answer), AKITA_OK);
	return answer;
}

TEST(startable_means_a_right_code_of_a_token_before_its_start)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED);

	assert_true(startable(&a, code(&a, step), true));
	assert_true(startable(&a, code(&a, step), false));
	assert_false(startable(&a, wrong(&a), true));
	assert_false(startable(&a, "", true));
	a = account_in(AKITA_STATE_ACTIVE);
	assert_false(startable(&a, code(&a, step), false));
	give_waiting(&a);
	assert_true(startable(&a, code_at(crypto, &a.waiting, step), false));
	assert_false(startable(&a, code_at(crypto, &a.waiting, step), true));
	a = account_in(AKITA_STATE_EXPIRED);
	assert_false(startable(&a, code(&a, step), true));
	a = account_in(AKITA_STATE_LOCKED);
	assert_false(startable(&a, code(&a, step), true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_waiting_tokens_code_at_a_login_is_refused_not_counted),
		cmocka_unit_test(password_and_code_start_the_issued_token),
		cmocka_unit_test(
		    a_wrong_password_ends_the_try_and_spends_no_code),
		cmocka_unit_test(
		    the_fifth_wrong_password_in_a_row_burns_the_issue),
		cmocka_unit_test(
		    no_password_though_one_is_wanted_starts_nothing),
		cmocka_unit_test(
		    without_activation_password_the_code_alone_starts_use),
		cmocka_unit_test(wrong_codes_at_the_start_count_and_lock),
		cmocka_unit_test(only_an_issued_or_waiting_token_is_started),
		cmocka_unit_test(
		    a_started_replacement_leaves_nothing_of_the_token_before),
		cmocka_unit_test(
		    a_burnt_replacement_leaves_the_token_in_use_alone),
		cmocka_unit_test(
		    a_lock_keeps_the_replacement_but_bars_its_start),
		cmocka_unit_test(
		    startable_means_a_right_code_of_a_token_before_its_start),
	};

	return cmocka_run_group_tests(tests, make_crypto, free_crypto);
}

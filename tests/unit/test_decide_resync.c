/* Two codes set drift or counter; a wrong code at the counter is explained. */
#include "tests/unit/deciding.h"

static struct akita_decision
resync_by(struct akita_account *a, const char *first, const char *second,
    bool clock_was_wrong, const struct akita_policy *policy)
{
	struct akita_code one = parsed(first), two = parsed(second);
	struct akita_decision d;

	assert_int_equal(akita_decide_resync(crypto, a, policy, &one, &two,
	    clock_was_wrong, NOW, &d), AKITA_OK);
	assert_int_equal(d.verdict == AKITA_VERDICT_ACCEPT,
	    d.cause == AKITA_CAUSE_OK);
	assert_false(d.counted);
	*a = d.after;
	return d;
}

static enum akita_cause
resync(struct akita_account *a, const char *first, const char *second)
{
	return resync_by(a, first, second, false, &usual).cause;
}

TEST(two_consecutive_codes_set_the_drift_and_are_both_spent)
{
	for (int off = -60; off < 60; off++) {
		struct akita_account a = account_in(AKITA_STATE_ACTIVE);

		a.slot.last_step = -1;
		a.slot.failures = 9;
		assert_int_equal(resync(&a, code(&a, step + off),
		    code(&a, step + off + 1)), AKITA_CAUSE_OK);
		assert_int_equal(a.slot.drift, off + 1);
		assert_int_equal(a.slot.last_side, 0);
		assert_int_equal(a.slot.last_step, step + off + 1);
		assert_int_equal(a.slot.failures, 0);
		assert_int_equal(login(&a, code(&a, step + off + 1)),
		    AKITA_CAUSE_REPLAY);
		assert_int_equal(login(&a, code(&a, step + off + 2)),
		    AKITA_CAUSE_OK);
	}
}

TEST(codes_far_off_or_not_consecutive_are_a_miss_not_counted)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE), before;

	a.slot.last_step = -1;
	before = a;
	assert_int_equal(resync(&a, code(&a, step - 61), code(&a, step - 60)),
	    AKITA_CAUSE_WRONG);
	assert_int_equal(resync(&a, code(&a, step + 60), code(&a, step + 61)),
	    AKITA_CAUSE_WRONG);
	assert_int_equal(resync(&a, code(&a, step), code(&a, step + 2)),
	    AKITA_CAUSE_WRONG);
	assert_int_equal(resync(&a, code(&a, step), code(&a, step)),
	    AKITA_CAUSE_WRONG);
	assert_int_equal(resync(&a, code(&a, step + 1), code(&a, step)),
	    AKITA_CAUSE_WRONG);
	assert_untouched(&a, &before);
}

TEST(both_codes_must_lie_above_the_last_accepted_one)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	a.slot.last_step = step - 3;
	assert_int_equal(resync(&a, code(&a, step - 3), code(&a, step - 2)),
	    AKITA_CAUSE_WRONG);
	assert_int_equal(resync(&a, code(&a, step - 2), code(&a, step - 1)),
	    AKITA_CAUSE_OK);
}

TEST(what_is_no_code_of_the_token_is_malformed)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE), before = a;

	assert_int_equal(resync(&a, "", code(&a, step)),
	    AKITA_CAUSE_MALFORMED);
	assert_int_equal(resync(&a, code(&a, step), "1234567"),
	    AKITA_CAUSE_MALFORMED);
	assert_int_equal(resync(&a, "ABCD-EFGH-JKMN", code(&a, step)),
	    AKITA_CAUSE_MALFORMED);
	assert_untouched(&a, &before);
}

TEST(only_an_active_account_is_resynchronised)
{
	static const enum akita_cause causes[AKITA_STATE_COUNT] = {
		[AKITA_STATE_UNREGISTERED] = AKITA_CAUSE_NOT_ACTIVE,
		[AKITA_STATE_REGISTERED] = AKITA_CAUSE_NOT_ACTIVE,
		[AKITA_STATE_ISSUED] = AKITA_CAUSE_NOT_ACTIVE,
		[AKITA_STATE_ACTIVE] = AKITA_CAUSE_OK,
		[AKITA_STATE_LOCKED] = AKITA_CAUSE_LOCKED,
		[AKITA_STATE_SUSPENDED] = AKITA_CAUSE_SUSPENDED,
		[AKITA_STATE_EXPIRED] = AKITA_CAUSE_EXPIRED,
		[AKITA_STATE_RELEASED] = AKITA_CAUSE_NOT_ACTIVE,
	};
	struct akita_account active = account_in(AKITA_STATE_ACTIVE);

	for (int i = 0; i < AKITA_STATE_COUNT; i++) {
		struct akita_account a = account_in((enum akita_state)i);

		assert_int_equal(resync(&a, code(&active, step),
		    code(&active, step + 1)), causes[i]);
	}
}

TEST(after_a_clock_ran_ahead_no_code_of_before_serves_again)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE), before;
	const char *one, *two;

	a.slot.last_step = step + 1440;
	one = code(&a, step - 1);
	two = code(&a, step);
	before = a;
	assert_int_equal(resync(&a, one, two), AKITA_CAUSE_WRONG);
	assert_int_equal(resync_by(&a, one, one, true, &usual).cause,
	    AKITA_CAUSE_WRONG);
	assert_untouched(&a, &before);
	assert_int_equal(resync_by(&a, one, two, true, &usual).cause,
	    AKITA_CAUSE_OK);
	assert_int_equal(a.slot.last_step, step + 1);
	assert_int_equal(a.slot.drift, 0);
	for (int off = -1; off <= 1; off++)
		assert_int_equal(login(&a, code(&a, step + off)),
		    AKITA_CAUSE_REPLAY);
	assert_int_equal(login_at(&a, code(&a, step + 2), NOW + 120,
	    &usual).cause, AKITA_CAUSE_OK);
}

TEST(clock_was_wrong_changes_nothing_where_the_clock_was_right)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	a.slot.last_step = step + 1;
	assert_int_equal(resync_by(&a, code(&a, step), code(&a, step + 1),
	    true, &usual).cause, AKITA_CAUSE_WRONG);
	assert_int_equal(resync_by(&a, code(&a, step + 2), code(&a, step + 3),
	    true, &usual).cause, AKITA_CAUSE_OK);
	assert_int_equal(a.slot.last_step, step + 3);
}

TEST(a_window_beyond_what_drift_can_hold_is_cut)
{
	struct akita_policy wide = usual;
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	wide.resync_window = 1000;
	a.slot.last_step = -1;
	assert_int_equal(resync_by(&a, code(&a, step + 200),
	    code(&a, step + 201), false, &wide).cause, AKITA_CAUSE_WRONG);
	assert_int_equal(resync_by(&a, code(&a, step + 125),
	    code(&a, step + 126), false, &wide).cause, AKITA_CAUSE_OK);
	assert_int_equal(a.slot.drift, 126);
}

TEST(hotp_is_resynchronised_a_thousand_ahead)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	a.token.type = AKITA_HOTP;
	a.token.period_s = 0;
	a.slot.drift = 0;
	a.slot.last_step = 4;
	assert_int_equal(resync(&a, code(&a, 1005), code(&a, 1006)),
	    AKITA_CAUSE_WRONG);
	assert_int_equal(resync(&a, code(&a, 1004), code(&a, 1005)),
	    AKITA_CAUSE_OK);
	assert_int_equal(a.slot.last_step, 1005);
	assert_int_equal(a.slot.drift, 0);
	assert_int_equal(resync(&a, code(&a, 1004), code(&a, 1005)),
	    AKITA_CAUSE_WRONG);
	a.slot.last_step = INT64_MAX - 1;
	assert_int_equal(resync(&a, code(&a, INT64_MAX),
	    code_at(crypto, &a.token, INT64_MIN)), AKITA_CAUSE_WRONG);
}

/* ---- diagnosis ---- */

static struct akita_diagnosis
diagnose(const struct akita_account *a, const char *typed)
{
	struct akita_code c = parsed(typed);
	struct akita_diagnosis d;

	memset(&d, 0xa5, sizeof(d));
	assert_int_equal(akita_decide_diagnose(crypto, a, &usual, &c, NOW, &d),
	    AKITA_OK);
	return d;
}

/* What an app that misreads the parameters would show off_s from now. */
static const char *
shown(const struct akita_account *a, unsigned int period_s,
    enum akita_hash algorithm, unsigned int digits, int64_t off_s)
{
	struct akita_token app = a->token;

	app.period_s = period_s;
	app.algorithm = algorithm;
	app.digits = digits;
	return code_at(crypto, &app, (NOW + off_s) / period_s);
}

TEST(an_app_that_ignores_period_algorithm_or_digits_is_named)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED);
	static const unsigned int periods[] = { 30, 60 };

	a.token.algorithm = AKITA_HASH_SHA256;
	a.token.key.len = 32;
	for (size_t p = 0; p < COUNT(periods); p++)
		for (int h = AKITA_HASH_SHA1; h <= AKITA_HASH_SHA512; h++)
			for (unsigned int n = 6; n <= 8; n++) {
				struct akita_diagnosis d;

				d = diagnose(&a, shown(&a, periods[p],
				    (enum akita_hash)h, n, 0));
				assert_true(d.found);
				assert_int_equal(d.period_s, periods[p]);
				assert_int_equal(d.algorithm, h);
				assert_int_equal(d.digits, n);
				assert_int_equal(d.minutes, 0);
				assert_false(d.old_token);
			}
}

TEST(a_phones_clock_that_is_off_is_named_in_minutes)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED);
	static const unsigned int periods[] = { 30, 60 };

	for (size_t p = 0; p < COUNT(periods); p++)
		for (int minutes = -60; minutes <= 60; minutes += 5) {
			struct akita_diagnosis d;

			d = diagnose(&a, shown(&a, periods[p],
			    AKITA_HASH_SHA1, 6, minutes * 60));
			assert_true(d.found);
			assert_int_equal(d.period_s, periods[p]);
			assert_int_equal(d.minutes, minutes);
		}
	assert_false(diagnose(&a, shown(&a, 60, AKITA_HASH_SHA1, 6,
	    62 * 60)).found);
}

TEST(a_code_of_the_token_still_in_use_is_named)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_diagnosis d;

	give_waiting(&a);
	d = diagnose(&a, code(&a, step + 2));
	assert_true(d.found);
	assert_true(d.old_token);
	a.slot.last_step = step + 2;
	assert_true(diagnose(&a, code(&a, step + 2)).old_token);
	a.waiting.period_s = 30;
	d = diagnose(&a, code_at(crypto, &a.waiting, NOW / 30 + 40));
	assert_true(d.found);
	assert_false(d.old_token);
	assert_int_equal(d.minutes, 20);
}

TEST(what_nothing_explains_is_not_explained)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED);

	assert_false(diagnose(&a, "").found);
	assert_false(diagnose(&a, "ABCD-EFGH-JKMN").found);
	assert_false(diagnose(&a, "98765432").found);
	a = account_in(AKITA_STATE_REGISTERED);
	assert_false(diagnose(&a, "123456").found);
}

TEST(a_hotp_token_is_explained_without_a_clock)
{
	struct akita_account a = account_in(AKITA_STATE_ISSUED);
	struct akita_token app;
	struct akita_diagnosis d;

	a.token.type = AKITA_HOTP;
	a.token.period_s = 0;
	app = a.token;
	app.algorithm = AKITA_HASH_SHA512;
	d = diagnose(&a, code_at(crypto, &app, 3));
	assert_true(d.found);
	assert_int_equal(d.algorithm, AKITA_HASH_SHA512);
	assert_false(diagnose(&a, "98765432").found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    two_consecutive_codes_set_the_drift_and_are_both_spent),
		cmocka_unit_test(
		    codes_far_off_or_not_consecutive_are_a_miss_not_counted),
		cmocka_unit_test(
		    both_codes_must_lie_above_the_last_accepted_one),
		cmocka_unit_test(what_is_no_code_of_the_token_is_malformed),
		cmocka_unit_test(only_an_active_account_is_resynchronised),
		cmocka_unit_test(
		    after_a_clock_ran_ahead_no_code_of_before_serves_again),
		cmocka_unit_test(
		    clock_was_wrong_changes_nothing_where_the_clock_was_right),
		cmocka_unit_test(a_window_beyond_what_drift_can_hold_is_cut),
		cmocka_unit_test(hotp_is_resynchronised_a_thousand_ahead),
		cmocka_unit_test(
		    an_app_that_ignores_period_algorithm_or_digits_is_named),
		cmocka_unit_test(
		    a_phones_clock_that_is_off_is_named_in_minutes),
		cmocka_unit_test(a_code_of_the_token_still_in_use_is_named),
		cmocka_unit_test(what_nothing_explains_is_not_explained),
		cmocka_unit_test(a_hotp_token_is_explained_without_a_clock),
	};

	return cmocka_run_group_tests(tests, make_crypto, free_crypto);
}

/* What a code means at a login: every rule of the decision. */
#include "tests/unit/deciding.h"

TEST(a_code_of_the_window_opens_and_one_beside_it_does_not)
{
	for (int off = -3; off <= 3; off++) {
		struct akita_account a = account_in(AKITA_STATE_ACTIVE);
		struct akita_decision d;

		a.slot.failures = 9;
		a.slot.drift = 0;
		d = login_at(&a, code(&a, step + off), NOW, &usual);
		if (abs(off) > 1) {
			assert_int_equal(d.cause, AKITA_CAUSE_WRONG);
			assert_int_equal(a.slot.last_step, step - 60);
			continue;
		}
		assert_int_equal(d.verdict, AKITA_VERDICT_ACCEPT);
		assert_int_equal(d.offset, off);
		assert_int_equal(a.slot.last_step, step + off);
		assert_int_equal(a.slot.failures, 0);
		assert_int_equal(a.slot.last_used_at, NOW);
		assert_false(d.by_recovery);
		assert_false(d.started);
	}
}

TEST(a_code_opens_once_and_ends_all_before_it)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	const char *before, *used;

	a.slot.drift = 0;
	before = code(&a, step - 1);
	used = code(&a, step);
	assert_int_equal(login(&a, used), AKITA_CAUSE_OK);
	assert_int_equal(login(&a, used), AKITA_CAUSE_REPLAY);
	assert_int_equal(login(&a, before), AKITA_CAUSE_REPLAY);
	assert_int_equal(a.slot.failures, 0);
	assert_int_equal(login(&a, code(&a, step + 1)), AKITA_CAUSE_OK);
}

TEST(a_replay_wins_over_a_later_step_of_the_same_value)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	int64_t at = 0;

	a.slot.drift = 0;
	/* Two neighbours with one value: about one in a million, so they are
	 * looked for from a fixed place on. */
	for (at = 20000000; strcmp(code(&a, at), code(&a, at + 1)) != 0; at++)
		assert_true(at < 30000000);
	a.slot.last_step = at;
	assert_int_equal(login_at(&a, code(&a, at + 1), (at + 1) * 60,
	    &usual).cause, AKITA_CAUSE_REPLAY);
	a.slot.last_step = at - 5;
	assert_int_equal(login_at(&a, code(&a, at + 1), (at + 1) * 60,
	    &usual).cause, AKITA_CAUSE_OK);
	assert_int_equal(a.slot.last_step, at);
}

TEST(ten_wrong_codes_lock_and_the_right_eleventh_is_refused)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_decision d;

	for (int i = 1; i <= 10; i++) {
		assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
		d = login_at(&a, wrong(&a), NOW, &usual);
		assert_int_equal(d.cause, AKITA_CAUSE_WRONG);
		assert_true(d.counted);
		assert_int_equal(d.locked_now, i == 10);
		assert_int_equal(a.slot.failures, i);
	}
	assert_int_equal(a.slot.state, AKITA_STATE_LOCKED);
	assert_int_equal(a.slot.reason, AKITA_REASON_FAILURES);
	assert_int_equal(a.slot.locked_from, AKITA_STATE_ACTIVE);
	assert_int_equal(a.slot.locked_reason, AKITA_REASON_NONE);
	assert_int_equal(a.slot.locked_at, NOW);
	assert_int_equal(a.slot.notices, AKITA_NOTICE_LOCKED);
	assert_int_equal(a.slot.notice_at, NOW);
	d = login_at(&a, code(&a, step + 1), NOW, &usual);
	assert_int_equal(d.cause, AKITA_CAUSE_LOCKED);
	assert_false(d.counted);
	assert_int_equal(a.slot.failures, 10);
}

TEST(a_success_in_between_starts_the_count_again)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	for (int i = 0; i < 9; i++)
		(void)login(&a, wrong(&a));
	assert_int_equal(login(&a, code(&a, step + 1)), AKITA_CAUSE_OK);
	for (int i = 0; i < 9; i++)
		(void)login(&a, wrong(&a));
	assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
	(void)login(&a, wrong(&a));
	assert_int_equal(a.slot.state, AKITA_STATE_LOCKED);
}

TEST(a_lowered_limit_locks_with_the_next_miss)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_policy low = usual;

	a.slot.failures = 7;
	low.max_failures = 3;
	assert_true(login_at(&a, wrong(&a), NOW, &low).locked_now);
}

TEST(replays_and_malformed_answers_never_count)
{
	static const char *const typed[] = { "", "12345", "1234567", "12345678",
	    "123456789", "abcdef", "\b\n\r\177INCORRECT", "123456789012" };
	struct akita_account a = account_in(AKITA_STATE_ACTIVE), before;
	const char *used = code(&a, step + 2);

	assert_int_equal(login(&a, used), AKITA_CAUSE_OK);
	a.slot.failures = 9;
	before = a;
	for (int i = 0; i < 20; i++)
		assert_int_equal(login(&a, used), AKITA_CAUSE_REPLAY);
	for (size_t i = 0; i < COUNT(typed); i++)
		assert_int_equal(login(&a, typed[i]), AKITA_CAUSE_MALFORMED);
	assert_untouched(&a, &before);
}

TEST(full_width_digits_open)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	char wide[32] = "";
	const char *p;

	for (p = code(&a, step + 2); *p != '\0'; p++) {
		char c[4] = "\xef\xbc\x90";

		c[2] = (char)(c[2] + (*p - '0'));
		strcat(wide, c);
	}
	assert_int_equal(login(&a, wide), AKITA_CAUSE_OK);
}

TEST(no_state_but_active_opens_or_counts)
{
	static const struct {
		enum akita_state	state;
		enum akita_cause	cause;
	} rows[] = {
		{ AKITA_STATE_UNREGISTERED, AKITA_CAUSE_NOT_ACTIVE },
		{ AKITA_STATE_REGISTERED, AKITA_CAUSE_NOT_ACTIVE },
		{ AKITA_STATE_ISSUED, AKITA_CAUSE_NOT_ACTIVE },
		{ AKITA_STATE_LOCKED, AKITA_CAUSE_LOCKED },
		{ AKITA_STATE_SUSPENDED, AKITA_CAUSE_SUSPENDED },
		{ AKITA_STATE_EXPIRED, AKITA_CAUSE_EXPIRED },
		{ AKITA_STATE_RELEASED, AKITA_CAUSE_NOT_ACTIVE },
	};
	struct akita_account active = account_in(AKITA_STATE_ACTIVE);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct akita_account a = account_in(rows[i].state), before = a;

		for (int off = -1; off <= 3; off++)
			assert_int_equal(login(&a, code(&active, step + off)),
			    rows[i].cause);
		assert_int_equal(login(&a, "ABCD-EFGH-JKMN"), rows[i].cause);
		assert_int_equal(login(&a, "nonsense"), AKITA_CAUSE_MALFORMED);
		assert_untouched(&a, &before);
	}
}

TEST(an_active_account_without_its_token_is_not_active)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	a.has_token = false;
	assert_int_equal(login(&a, "123456"), AKITA_CAUSE_NOT_ACTIVE);
}

TEST(a_clock_before_the_last_accepted_step_is_told_apart)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE), before;

	a.slot.drift = 0;
	a.slot.last_step = step + 2;
	before = a;
	assert_int_equal(login(&a, wrong(&a)), AKITA_CAUSE_CLOCK);
	assert_int_equal(login(&a, code(&a, step + 1)), AKITA_CAUSE_CLOCK);
	assert_untouched(&a, &before);
	a.slot.last_step = step + 1;
	assert_int_equal(login(&a, code(&a, step + 1)), AKITA_CAUSE_REPLAY);
	assert_int_equal(login(&a, wrong(&a)), AKITA_CAUSE_WRONG);
}

TEST(times_before_1970_and_far_beyond_are_decided)
{
	static const int64_t times[] = { INT64_MIN, -1, 0, 59, 60, 119,
	    INT64_C(4294967296) * 2, INT64_C(253402300799), INT64_MAX };

	for (size_t i = 0; i < COUNT(times); i++) {
		struct akita_account a = account_in(AKITA_STATE_ACTIVE);
		int64_t at = times[i] / 60;

		a.slot.last_step = -1;
		a.slot.drift = 0;
		assert_int_equal(login_at(&a, code(&a, at), times[i],
		    &usual).cause, times[i] < -1 ? AKITA_CAUSE_CLOCK :
		    AKITA_CAUSE_OK);
	}
}

/* ---- drift ---- */

TEST(drift_moves_only_by_two_hits_off_on_the_same_side)
{
	static const struct {
		int	off, drift;
	} rows[] = {
		{ 1, 0 }, { 0, 0 }, { 1, 0 }, { -1, 0 }, { 1, 0 }, { 1, 1 },
		{ 0, 1 }, { 1, 1 }, { 1, 2 }, { -1, 2 }, { -1, 1 }, { 0, 1 },
	};
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	a.slot.drift = 0;
	a.slot.last_side = 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t now = NOW + (int64_t)i * 600;
		struct akita_decision d;

		d = login_at(&a, code(&a, now / 60 + a.slot.drift +
		    rows[i].off), now, &usual);
		assert_int_equal(d.cause, AKITA_CAUSE_OK);
		assert_int_equal(d.offset, rows[i].off);
		assert_int_equal(a.slot.drift, rows[i].drift);
		assert_int_equal(a.slot.last_side, rows[i].off);
	}
}

TEST(a_miss_between_two_hits_leaves_the_side_alone)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	a.slot.drift = 0;
	a.slot.last_side = 1;
	(void)login(&a, wrong(&a));
	assert_int_equal(login(&a, code(&a, step + 1)), AKITA_CAUSE_OK);
	assert_int_equal(a.slot.drift, 1);
}

TEST(drift_stays_within_its_limit_and_comes_back_from_beyond)
{
	struct akita_policy tight = usual;
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	static const struct {
		int	drift, off, after;
	} rows[] = {
		{ 2, 1, 2 }, { -2, -1, -2 }, { 1, 1, 2 }, { -1, -1, -2 },
		{ 40, 1, 40 }, { 40, -1, 39 }, { -40, 1, -39 },
		{ -40, -1, -40 }, { 126, 1, 126 }, { 127, 1, 127 },
		{ -128, -1, -128 },
	};

	tight.max_drift = 2;
	for (size_t i = 0; i < COUNT(rows); i++) {
		a.slot.drift = (int8_t)rows[i].drift;
		a.slot.last_side = (int8_t)rows[i].off;
		a.slot.last_step = -1;
		assert_int_equal(login_at(&a, code(&a, step + rows[i].drift +
		    rows[i].off), NOW, &tight).cause, AKITA_CAUSE_OK);
		assert_int_equal(a.slot.drift, rows[i].after);
	}
	tight.max_drift = 0;
	for (int off = -1; off <= 1; off += 2) {
		a.slot.drift = 0;
		a.slot.last_side = (int8_t)off;
		a.slot.last_step = -1;
		assert_int_equal(login_at(&a, code(&a, step + off), NOW,
		    &tight).cause, AKITA_CAUSE_OK);
		assert_int_equal(a.slot.drift, 0);
	}
}

/* ---- HOTP ---- */

static struct akita_account
hotp_account(int64_t last)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	a.token.type = AKITA_HOTP;
	a.token.period_s = 0;
	a.slot.drift = 0;
	a.slot.last_side = 0;
	a.slot.last_step = last;
	return a;
}

TEST(hotp_looks_ahead_as_far_as_the_policy_says)
{
	for (int64_t next = 0; next <= 7; next += 7)
		for (int64_t off = 0; off <= 11; off++) {
			struct akita_account a = hotp_account(next - 1);
			struct akita_decision d;

			d = login_at(&a, code(&a, next + off), NOW, &usual);
			if (off >= 10) {
				assert_int_equal(d.cause, AKITA_CAUSE_WRONG);
				continue;
			}
			assert_int_equal(d.cause, AKITA_CAUSE_OK);
			assert_int_equal(d.offset, off);
			assert_int_equal(a.slot.last_step, next + off);
			assert_int_equal(a.slot.drift, 0);
		}
}

TEST(hotp_knows_a_replay_of_the_last_accepted_counter_only)
{
	struct akita_account a = hotp_account(-1);

	assert_int_equal(login(&a, code(&a, 0)), AKITA_CAUSE_OK);
	assert_int_equal(login(&a, code(&a, 0)), AKITA_CAUSE_REPLAY);
	assert_int_equal(a.slot.failures, 0);
	assert_int_equal(login(&a, code(&a, 3)), AKITA_CAUSE_OK);
	assert_int_equal(login(&a, code(&a, 3)), AKITA_CAUSE_REPLAY);
	assert_int_equal(login(&a, code(&a, 2)), AKITA_CAUSE_WRONG);
	assert_int_equal(a.slot.failures, 1);
}

TEST(hotp_counters_end_without_overflow)
{
	struct akita_account a = hotp_account(INT64_MAX - 2);

	assert_int_equal(login(&a, code(&a, INT64_MAX)), AKITA_CAUSE_OK);
	assert_int_equal(a.slot.last_step, INT64_MAX);
	assert_int_equal(login(&a, code(&a, INT64_MAX)), AKITA_CAUSE_REPLAY);
	assert_int_equal(login(&a, code_at(crypto, &a.token, INT64_MIN)),
	    AKITA_CAUSE_WRONG);
	assert_int_equal(login(&a, code(&a, 0)), AKITA_CAUSE_WRONG);
}

/* ---- recovery codes ---- */

static struct akita_code
recovery_code(uint8_t hash)
{
	struct akita_code c = parsed("ABCD-EFGH-JKMN");

	memset(c.recovery_hash, hash, sizeof(c.recovery_hash));
	return c;
}

static struct akita_account
recovery_account(unsigned int count)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);

	a.token.recovery_count = count;
	for (unsigned int i = 0; i < count; i++)
		memset(a.token.recovery_hash[i], (int)i + 1,
		    AKITA_RECOVERY_HASH);
	return a;
}

static struct akita_decision
recover(struct akita_account *a, uint8_t hash)
{
	struct akita_code c = recovery_code(hash);
	struct akita_decision d;

	assert_int_equal(akita_decide_login(crypto, a, &usual, &c, NOW, &d),
	    AKITA_OK);
	*a = d.after;
	return d;
}

TEST(each_recovery_code_opens_once_and_moves_no_step_or_drift)
{
	struct akita_account a = recovery_account(32);

	for (unsigned int i = 0; i < 32; i++) {
		struct akita_decision d;

		a.slot.failures = 9;
		a.slot.last_side = 1;
		d = recover(&a, (uint8_t)(i + 1));
		assert_int_equal(d.verdict, AKITA_VERDICT_ACCEPT);
		assert_true(d.by_recovery);
		assert_int_equal(a.slot.spent,
		    (uint32_t)((UINT64_C(2) << i) - 1));
		assert_int_equal(a.slot.failures, 0);
		assert_int_equal(a.slot.last_side, 0);
		assert_int_equal(a.slot.drift, 2);
		assert_int_equal(a.slot.last_step, step - 60);
		assert_int_equal(recover(&a, (uint8_t)(i + 1)).cause,
		    AKITA_CAUSE_REPLAY);
		assert_int_equal(a.slot.failures, 0);
	}
}

TEST(a_wrong_recovery_code_is_a_miss_and_locks_like_one)
{
	struct akita_account a = recovery_account(10);

	for (int i = 1; i <= 9; i++)
		assert_int_equal(recover(&a, 0x99).counted, true);
	assert_true(recover(&a, 0x99).locked_now);
	assert_int_equal(recover(&a, 1).cause, AKITA_CAUSE_LOCKED);
}

TEST(hashes_beyond_the_count_never_open)
{
	struct akita_account a = recovery_account(10);

	memset(a.token.recovery_hash[10], 0x42, AKITA_RECOVERY_HASH);
	assert_int_equal(recover(&a, 0x42).cause, AKITA_CAUSE_WRONG);
	assert_int_equal(recover(&a, 0).cause, AKITA_CAUSE_WRONG);
	a = recovery_account(0);
	assert_int_equal(recover(&a, 0).cause, AKITA_CAUSE_WRONG);
}

TEST(a_recovery_code_does_not_depend_on_the_clock)
{
	struct akita_account a = recovery_account(10);

	a.slot.last_step = step + 1000;
	assert_int_equal(recover(&a, 1).cause, AKITA_CAUSE_OK);
	assert_int_equal(a.slot.last_step, step + 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_code_of_the_window_opens_and_one_beside_it_does_not),
		cmocka_unit_test(a_code_opens_once_and_ends_all_before_it),
		cmocka_unit_test(
		    a_replay_wins_over_a_later_step_of_the_same_value),
		cmocka_unit_test(
		    ten_wrong_codes_lock_and_the_right_eleventh_is_refused),
		cmocka_unit_test(a_success_in_between_starts_the_count_again),
		cmocka_unit_test(a_lowered_limit_locks_with_the_next_miss),
		cmocka_unit_test(replays_and_malformed_answers_never_count),
		cmocka_unit_test(full_width_digits_open),
		cmocka_unit_test(no_state_but_active_opens_or_counts),
		cmocka_unit_test(
		    an_active_account_without_its_token_is_not_active),
		cmocka_unit_test(
		    a_clock_before_the_last_accepted_step_is_told_apart),
		cmocka_unit_test(times_before_1970_and_far_beyond_are_decided),
		cmocka_unit_test(
		    drift_moves_only_by_two_hits_off_on_the_same_side),
		cmocka_unit_test(a_miss_between_two_hits_leaves_the_side_alone),
		cmocka_unit_test(
		    drift_stays_within_its_limit_and_comes_back_from_beyond),
		cmocka_unit_test(hotp_looks_ahead_as_far_as_the_policy_says),
		cmocka_unit_test(
		    hotp_knows_a_replay_of_the_last_accepted_counter_only),
		cmocka_unit_test(hotp_counters_end_without_overflow),
		cmocka_unit_test(
		    each_recovery_code_opens_once_and_moves_no_step_or_drift),
		cmocka_unit_test(
		    a_wrong_recovery_code_is_a_miss_and_locks_like_one),
		cmocka_unit_test(hashes_beyond_the_count_never_open),
		cmocka_unit_test(a_recovery_code_does_not_depend_on_the_clock),
	};

	return cmocka_run_group_tests(tests, make_crypto, free_crypto);
}

/* The kernel's clock and randomness behind their interfaces. */
#include "tests/unit/unit.h"

#include <time.h>

#include "common/os.h"

static int64_t
mono_ms(void)
{
	return akita_os_clock.mono_ms(akita_os_clock.ctx);
}

TEST(now_is_the_time_of_day)
{
	int64_t before = time(NULL);
	int64_t now = akita_os_clock.now_s(akita_os_clock.ctx);

	assert_in_range(now - before + 1, 0, 3);
}

TEST(sleeping_takes_the_time_it_was_told)
{
	int64_t before = mono_ms();

	akita_os_clock.sleep_ms(akita_os_clock.ctx, 20);
	assert_true(mono_ms() - before >= 19);
}

TEST(sleeping_no_time_or_less_comes_back_at_once)
{
	int64_t before = mono_ms();

	akita_os_clock.sleep_ms(akita_os_clock.ctx, 0);
	akita_os_clock.sleep_ms(akita_os_clock.ctx, -1000);
	assert_true(mono_ms() - before < 500);
}

TEST(randomness_fills_all_bytes_and_only_those)
{
	uint8_t a[1001] = { 0 }, b[1001] = { 0 };
	size_t zeros = 0;

	assert_int_equal(akita_os_random.fill(akita_os_random.ctx, a, 1000),
	    AKITA_OK);
	assert_int_equal(akita_os_random.fill(akita_os_random.ctx, b, 1000),
	    AKITA_OK);
	assert_memory_not_equal(a, b, 1000);
	assert_int_equal(a[1000], 0);
	for (size_t i = 0; i < 1000; i++)
		zeros += a[i] == 0;
	assert_in_range(zeros, 0, 50);
	assert_int_equal(akita_os_random.fill(akita_os_random.ctx, a, 0),
	    AKITA_OK);
}

TEST(randomness_that_cannot_be_had_is_an_error)
{
	/* The kernel refuses to write there: EFAULT. */
	assert_int_equal(akita_os_random.fill(akita_os_random.ctx, (void *)8,
	    16), AKITA_ERR_IO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(now_is_the_time_of_day),
		cmocka_unit_test(sleeping_takes_the_time_it_was_told),
		cmocka_unit_test(sleeping_no_time_or_less_comes_back_at_once),
		cmocka_unit_test(randomness_fills_all_bytes_and_only_those),
		cmocka_unit_test(randomness_that_cannot_be_had_is_an_error),
	};

	return cmocka_run_group_tests_name("os", tests, NULL, NULL);
}

/* Secrets are wiped on every path, bounded, and compared whole. */
#include "tests/unit/unit.h"

#include "common/secret.h"

static bool
is_zero(const void *p, size_t len)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < len; i++)
		if (b[i] != 0)
			return false;
	return true;
}

TEST(wipe_clears_what_it_is_told_and_no_more)
{
	char text[] = "secret!";

	akita_wipe(text, 6);
	assert_memory_equal(text, "\0\0\0\0\0\0!", 8);
	akita_wipe(NULL, 0);
}

TEST(wiping_a_secret_or_an_answer_clears_length_and_bytes)
{
	struct akita_secret secret;
	struct akita_answer answer;

	memset(&secret, 'k', sizeof(secret));
	memset(&answer, 'k', sizeof(answer));
	akita_secret_wipe(&secret);
	akita_answer_wipe(&answer);
	assert_true(is_zero(&secret, sizeof(secret)));
	assert_true(is_zero(&answer, sizeof(answer)));
	akita_secret_wipe(NULL);
	akita_answer_wipe(NULL);
}

TEST(an_object_is_wiped_in_place)
{
	uint64_t number = 42;

	AKITA_WIPE_OBJECT(number);
	assert_int_equal(number, 0);
}

static int wiped;

static void
count_wipe(struct akita_secret *secret)
{
	akita_secret_wipe(secret);
	wiped += is_zero(secret, sizeof(*secret));
}

static int
leave_early(int when)
{
	struct akita_secret secret __attribute__((cleanup(count_wipe)));

	memset(&secret, 'k', sizeof(secret));
	if (when == 0)
		return 0;
	return secret.bytes[0];
}

TEST(the_cleanup_attribute_wipes_on_every_way_out)
{
	wiped = 0;
	assert_int_equal(leave_early(0), 0);
	assert_int_equal(leave_early(1), 'k');
	assert_int_equal(wiped, 2);
}

TEST(an_answer_of_the_greatest_length_is_kept)
{
	struct akita_answer answer AKITA_ANSWER_AUTO;
	char text[AKITA_ANSWER_MAX + 1];

	memset(text, '7', AKITA_ANSWER_MAX);
	text[AKITA_ANSWER_MAX] = '\0';
	assert_true(akita_answer_set(&answer, text));
	assert_int_equal(answer.len, AKITA_ANSWER_MAX);
	assert_string_equal(answer.text, text);
}

TEST(a_longer_answer_is_refused_and_nothing_of_it_stays)
{
	struct akita_answer answer AKITA_ANSWER_AUTO;
	char text[AKITA_ANSWER_MAX + 2];

	memset(text, '7', AKITA_ANSWER_MAX + 1);
	text[AKITA_ANSWER_MAX + 1] = '\0';
	memset(&answer, 'k', sizeof(answer));
	assert_false(akita_answer_set(&answer, text));
	assert_true(is_zero(&answer, sizeof(answer)));
}

TEST(no_answer_is_no_empty_answer)
{
	struct akita_answer answer AKITA_ANSWER_AUTO;

	memset(&answer, 'k', sizeof(answer));
	assert_false(akita_answer_set(&answer, NULL));
	assert_int_equal(answer.len, 0);
	assert_string_equal(answer.text, "");
	assert_true(akita_answer_set(&answer, ""));
	assert_int_equal(answer.len, 0);
}

TEST(a_shorter_answer_leaves_nothing_of_a_longer_one)
{
	struct akita_answer answer AKITA_ANSWER_AUTO;

	memset(&answer, 0, sizeof(answer));
	assert_true(akita_answer_set(&answer, "123456789"));
	assert_true(akita_answer_set(&answer, "12"));
	assert_true(is_zero(answer.text + 2, sizeof(answer.text) - 2));
}

TEST(equal_sees_a_difference_in_every_bit)
{
	uint8_t a[32] = { 1, 2, 3 }, b[32] = { 1, 2, 3 };

	assert_true(akita_equal(a, b, sizeof(a)));
	for (size_t i = 0; i < sizeof(a) * 8; i++) {
		b[i / 8] ^= (uint8_t)(1U << i % 8);
		assert_false(akita_equal(a, b, sizeof(a)));
		b[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	b[31] = 9;
	assert_true(akita_equal(a, b, 31));
	assert_true(akita_equal(NULL, NULL, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wipe_clears_what_it_is_told_and_no_more),
		cmocka_unit_test(
		    wiping_a_secret_or_an_answer_clears_length_and_bytes),
		cmocka_unit_test(an_object_is_wiped_in_place),
		cmocka_unit_test(
		    the_cleanup_attribute_wipes_on_every_way_out),
		cmocka_unit_test(an_answer_of_the_greatest_length_is_kept),
		cmocka_unit_test(
		    a_longer_answer_is_refused_and_nothing_of_it_stays),
		cmocka_unit_test(no_answer_is_no_empty_answer),
		cmocka_unit_test(
		    a_shorter_answer_leaves_nothing_of_a_longer_one),
		cmocka_unit_test(equal_sees_a_difference_in_every_bit),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}

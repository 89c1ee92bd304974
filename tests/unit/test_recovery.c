/* Recovery codes: their form, and what people make of it. */
#include "tests/unit/unit.h"

#include "common/recovery.h"

static void
assert_parses(const char *typed, const char *want)
{
	struct akita_recovery code;

	assert_true(akita_recovery_parse(typed, &code));
	assert_string_equal(code.text, want);
}

static void
assert_refused(const char *typed)
{
	struct akita_recovery code, zero = { "" };

	memset(&code, 'x', sizeof(code));
	assert_false(akita_recovery_parse(typed, &code));
	assert_memory_equal(&code, &zero, sizeof(code));
}

TEST(sixty_bits_become_twelve_symbols)
{
	/* Symbols 0 to 31 in order, 12 at a time: 00000 00001 00010 ... */
	static const struct {
		const char	*random, *code;
	} made[] = {
		{ "00443214c74254b0", "0123-4567-89AB" },
		{ "635cf84653a56d70", "CDEF-GHJK-MNPQ" },
		{ "c675be77df846530", "RSTV-WXYZ-GHJK" },
		{ "ffffffffffffffff", "ZZZZ-ZZZZ-ZZZZ" },
		{ "fffffffffffffff0", "ZZZZ-ZZZZ-ZZZZ" },
		{ "00000000000000a0", "0000-0000-000A" },
	};

	for (size_t i = 0; i < COUNT(made); i++) {
		struct akita_recovery code;
		uint8_t random[AKITA_RECOVERY_RANDOM];

		assert_int_equal(unhex(made[i].random, random,
		    sizeof(random)), sizeof(random));
		assert_true(akita_recovery_make(random, &code));
		assert_string_equal(code.text, made[i].code);
		assert_parses(code.text, made[i].code);
	}
}

TEST(a_code_of_digits_only_has_to_be_drawn_again)
{
	struct akita_recovery code, zero = { "" };
	uint8_t random[AKITA_RECOVERY_RANDOM] = { 0 };

	memset(&code, 'x', sizeof(code));
	assert_false(akita_recovery_make(random, &code));
	assert_memory_equal(&code, &zero, sizeof(code));
	random[7] = 0x9f;	/* the last symbol is 9 */
	assert_false(akita_recovery_make(random, &code));
}

TEST(any_case_width_and_spacing_is_the_same_code)
{
	assert_parses("0123-4567-89AB", "0123-4567-89AB");
	assert_parses("0123456789ab", "0123-4567-89AB");
	assert_parses(" 0123 4567 89ab ", "0123-4567-89AB");
	assert_parses("0-1-2-3-4-5-6-7-8-9-a-b", "0123-4567-89AB");
	assert_parses("０１２３－４５６７－８９ＡＢ", "0123-4567-89AB");
	assert_parses("0123ー4567ー89ａｂ", "0123-4567-89AB");
	assert_parses("zzzzー7aaaーb111", "ZZZZ-7AAA-B111");
}

TEST(letters_that_look_like_digits_are_read_as_digits)
{
	assert_parses("oO0i-Il1L-zzzz", "0001-1111-ZZZZ");
}

TEST(other_forms_are_no_recovery_codes)
{
	assert_refused(NULL);
	assert_refused("");
	assert_refused("123456");
	assert_refused("0123-4567-89A");
	assert_refused("0123-4567-89ABC");
	assert_refused("0123-4567-89AU");
	assert_refused("0123-4567-89A*");
	assert_refused("0123_4567_89AB");
	assert_refused("0123-4567-89A\n");
	assert_refused("0123-4567-89A\xff");
	assert_refused("0123-4567-89秋");
	assert_refused("\b\n\r\177INCORRECT");
}

TEST(twelve_digits_are_no_recovery_code)
{
	assert_refused("0123-4567-8901");
	assert_refused("OOOO-IIII-LLLL");
	assert_refused("０１２３４５６７８９０１");
}

TEST(a_wiped_code_is_all_zero)
{
	struct akita_recovery code, zero = { "" };

	memset(&code, 'x', sizeof(code));
	akita_recovery_wipe(&code);
	assert_memory_equal(&code, &zero, sizeof(code));
	akita_recovery_wipe(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sixty_bits_become_twelve_symbols),
		cmocka_unit_test(a_code_of_digits_only_has_to_be_drawn_again),
		cmocka_unit_test(any_case_width_and_spacing_is_the_same_code),
		cmocka_unit_test(
		    letters_that_look_like_digits_are_read_as_digits),
		cmocka_unit_test(other_forms_are_no_recovery_codes),
		cmocka_unit_test(twelve_digits_are_no_recovery_code),
		cmocka_unit_test(a_wiped_code_is_all_zero),
	};

	return cmocka_run_group_tests_name("recovery", tests, NULL, NULL);
}

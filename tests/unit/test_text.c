/* Text: characters, normalising of codes, columns, escaping, numbers. */
#include "tests/unit/unit.h"

#include "common/text.h"
#include "common/utf8.h"

static void
assert_char(const char *s, size_t len, uint32_t want)
{
	uint32_t c = 1;

	assert_int_equal(akita_utf8_next(s, &c), len);
	assert_int_equal(c, want);
}

TEST(characters_of_one_to_four_bytes_are_decoded)
{
	assert_char("", 0, 0);
	assert_char("az", 1, 'a');
	assert_char("\x7f", 1, 0x7f);
	assert_char("\xc2\x80", 2, 0x80);
	assert_char("\xdf\xbf", 2, 0x7ff);
	assert_char("\xe0\xa0\x80", 3, 0x800);
	assert_char("秋田", 3, 0x79cb);
	assert_char("\xef\xbf\xbf", 3, 0xffff);
	assert_char("\xf0\x90\x80\x80", 4, 0x10000);
	assert_char("\xf4\x8f\xbf\xbf", 4, 0x10ffff);
}

TEST(bytes_that_are_no_utf8_are_told_one_by_one)
{
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80",
	    "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
	    "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
	    "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "\xc2", "\xc2z",
	    "\xe7\xa7", "\xe7z\x8b", "\xf0\x90\x80" };

	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_char(bad[i], 1, AKITA_UTF8_BAD);
		assert_false(akita_text_is_utf8(bad[i]));
		assert_true(akita_text_has_control(bad[i]));
	}
	assert_true(akita_text_is_utf8(""));
	assert_true(akita_text_is_utf8("秋田\n"));
}

TEST(control_characters_are_known)
{
	static const uint32_t control[] = { 0, 1, 0x1f, 0x7f, 0x80, 0x9f,
	    0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066,
	    0x2069 };
	static const uint32_t other[] = { ' ', '~', 0xa0, 0x200d, 0x2010,
	    0x202f, 0x206a, 0x3000, AKITA_UTF8_BAD };

	for (size_t i = 0; i < COUNT(control); i++)
		assert_true(akita_utf8_is_control(control[i]));
	for (size_t i = 0; i < COUNT(other); i++)
		assert_false(akita_utf8_is_control(other[i]));
	assert_true(akita_text_has_control("a\n"));
	assert_false(akita_text_has_control("秋田 a"));
}

static void
assert_normal(const char *in, const char *want)
{
	char out[64];

	assert_true(akita_text_normalise(in, out, sizeof(out)));
	assert_string_equal(out, want);
}

TEST(a_code_is_the_same_in_any_width_and_spacing)
{
	assert_normal("123456", "123456");
	assert_normal("", "");
	assert_normal("０１２３４５６７８９", "0123456789");
	assert_normal(" 123 456 ", "123456");
	assert_normal("１２３　４５６", "123456");
	assert_normal("123-456", "123456");
	assert_normal("１２３－４５６", "123456");
	assert_normal("1\u20102\u20113\u20124\u20135\u20146\u20157\u22128",
	    "12345678");
	assert_normal("！ＡＺａｚ～", "!AZaz~");
}

TEST(the_long_vowel_mark_is_a_hyphen_only_between_letters_or_digits)
{
	assert_normal("123ー456", "123456");
	assert_normal("１２３ー４５６", "123456");
	assert_normal("123ｰ456", "123456");
	assert_normal("abcーDEF", "abcDEF");
	assert_normal("ー123", "ー123");
	assert_normal("123ー", "123ー");
	assert_normal("123ーー456", "123ーー456");
	assert_normal("カード", "カード");
}

TEST(all_other_bytes_stay)
{
	assert_normal("\b\n\r\177INCORRECT", "\b\n\r\177INCORRECT");
	assert_normal("12\t34", "12\t34");
	assert_normal("12\xff\xe7\xa7" "34", "12\xff\xe7\xa7" "34");
	assert_normal("秋田_.,", "秋田_.,");
}

TEST(a_code_that_does_not_fit_is_refused_and_wiped)
{
	char out[7], zero[7] = "";

	assert_true(akita_text_normalise("1 2 3 4 5 6", out, sizeof(out)));
	assert_false(akita_text_normalise("1234567", out, sizeof(out)));
	assert_memory_equal(out, zero, sizeof(out));
	assert_false(akita_text_normalise("12345秋", out, sizeof(out)));
	assert_memory_equal(out, zero, sizeof(out));
	assert_false(akita_text_normalise(NULL, out, sizeof(out)));
	assert_true(akita_text_normalise("- -", out, 1));
	assert_string_equal(out, "");
}

TEST(columns_of_a_terminal_are_counted)
{
	assert_int_equal(akita_text_width(""), 0);
	assert_int_equal(akita_text_width("Akita"), 5);
	assert_int_equal(akita_text_width("秋田 太郎"), 9);
	assert_int_equal(akita_text_width("ワンタイムパスワード"), 20);
	assert_int_equal(akita_text_width("ﾜﾝﾀｲﾑ"), 5);
	assert_int_equal(akita_text_width("ＡＢ　、。"), 10);
	assert_int_equal(akita_text_width("か\u3099"), 2);
	assert_int_equal(akita_text_width("e\u0301"), 1);
	assert_int_equal(akita_text_width("a\u200b\ufeff\u200db"), 2);
	assert_int_equal(akita_text_width("한국"), 4);
	assert_int_equal(akita_text_width("\U0001f511"), 2);
	assert_int_equal(akita_text_width("\U00020bb7野家"), 6);
	assert_int_equal(akita_text_width("α±"), 2);
	assert_int_equal(akita_text_width("a\nb\x1b"), 2);
	assert_int_equal(akita_text_width("a\xff" "b"), 3);
	assert_int_equal(akita_text_width("\U0010ffff"), 1);
}

static void
assert_escaped(const char *in, size_t size, const char *want)
{
	char out[64];

	memset(out, 'z', sizeof(out));
	assert_ptr_equal(akita_text_escape(in, out, size), out);
	assert_string_equal(out, want);
}

TEST(what_could_end_a_line_or_a_value_is_escaped)
{
	assert_escaped("秋田 taro", 64, "秋田 taro");
	assert_escaped("a\nb", 64, "a\\x0ab");
	assert_escaped("a\"b\\c", 64, "a\\x22b\\x5cc");
	assert_escaped("\x7f\x1b", 64, "\\x7f\\x1b");
	assert_escaped("\xc2\x85", 64, "\\xc2\\x85");
	assert_escaped("\u202e", 64, "\\xe2\\x80\\xae");
	assert_escaped("\xff\xe7\xa7", 64, "\\xff\\xe7\\xa7");
}

TEST(an_escaped_text_is_cut_before_what_does_not_fit)
{
	assert_escaped("abcdef", 4, "abc");
	assert_escaped("ab秋", 5, "ab");
	assert_escaped("ab\n", 6, "ab");
	assert_escaped("ab\n", 7, "ab\\x0a");
	assert_escaped("abc", 1, "");
}

TEST(whole_numbers_in_range_are_read)
{
	uint32_t n = 0;

	assert_true(akita_parse_u32("0", 0, 10, &n));
	assert_int_equal(n, 0);
	assert_true(akita_parse_u32("60", 15, 120, &n));
	assert_int_equal(n, 60);
	assert_true(akita_parse_u32("0015", 15, 120, &n));
	assert_int_equal(n, 15);
	assert_true(akita_parse_u32("4294967295", 0, UINT32_MAX, &n));
	assert_true(n == UINT32_MAX);
}

TEST(anything_else_is_no_number)
{
	static const char *const wrong[] = { "", " 1", "1 ", "+1", "-1", "1.0",
	    "0x10", "1e3", "１", "a", "14", "121", "4294967296",
	    "18446744073709551676", "99999999999999999999999999" };
	uint32_t n = 7;

	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(akita_parse_u32(wrong[i], 15, 120, &n));
	assert_false(akita_parse_u32(NULL, 0, 10, &n));
	assert_false(akita_parse_u32("4294967296", 0, UINT32_MAX, &n));
	assert_int_equal(n, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_of_one_to_four_bytes_are_decoded),
		cmocka_unit_test(bytes_that_are_no_utf8_are_told_one_by_one),
		cmocka_unit_test(control_characters_are_known),
		cmocka_unit_test(a_code_is_the_same_in_any_width_and_spacing),
		cmocka_unit_test(
	    the_long_vowel_mark_is_a_hyphen_only_between_letters_or_digits),
		cmocka_unit_test(all_other_bytes_stay),
		cmocka_unit_test(
		    a_code_that_does_not_fit_is_refused_and_wiped),
		cmocka_unit_test(columns_of_a_terminal_are_counted),
		cmocka_unit_test(
		    what_could_end_a_line_or_a_value_is_escaped),
		cmocka_unit_test(
		    an_escaped_text_is_cut_before_what_does_not_fit),
		cmocka_unit_test(whole_numbers_in_range_are_read),
		cmocka_unit_test(anything_else_is_no_number),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}

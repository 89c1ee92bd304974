/* Results have words; reasons carry arguments safely into any language. */
#include "tests/unit/unit.h"

TEST(every_result_has_a_word_of_its_own)
{
	for (int i = 0; i < AKITA_RC_COUNT; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
			    akita_rc_word((enum akita_rc)i),
			    akita_rc_word((enum akita_rc)j));
	assert_string_equal(akita_rc_word(AKITA_OK), "ok");
	assert_string_equal(akita_rc_word(AKITA_ERR_BUSY), "busy");
	assert_string_equal(akita_rc_word(AKITA_ERR_PARTIAL), "partial");
}

TEST(a_value_that_is_no_result_reads_as_internal)
{
	assert_string_equal(akita_rc_word(AKITA_RC_COUNT), "internal");
	assert_string_equal(akita_rc_word((enum akita_rc)-1), "internal");
}

TEST(fail_gives_back_the_result_and_the_sentence)
{
	struct akita_why why = { 0 };

	assert_int_equal(akita_fail(&why, AKITA_ERR_DATABASE,
	    AKITA_N("%s: %s."), "/x/tokens.gdbm", "no such file", NULL),
	    AKITA_ERR_DATABASE);
	assert_string_equal(sentence(&why), "/x/tokens.gdbm: no such file.");
}

TEST(fail_accepts_that_nobody_asks_why)
{
	assert_int_equal(akita_fail(NULL, AKITA_ERR_BUSY, AKITA_N("%s"), "x",
	    NULL), AKITA_ERR_BUSY);
}

TEST(a_later_failure_replaces_the_earlier_one_whole)
{
	struct akita_why why = { 0 };

	(void)akita_fail(&why, AKITA_ERR_IO, "%s %s", "a", "b", NULL);
	(void)akita_fail(&why, AKITA_ERR_IO, "%s|%s", why.arg[1], NULL);
	assert_string_equal(sentence(&why), "b|");
}

TEST(at_most_four_arguments_are_kept)
{
	struct akita_why why = { 0 };

	(void)akita_fail(&why, AKITA_ERR_IO, "%s%s%s%s%s", "1", "2", "3", "4",
	    "5", NULL);
	assert_string_equal(sentence(&why), "1234");
}

TEST(control_characters_and_invalid_bytes_in_arguments_become_marks)
{
	struct akita_why why = { 0 };

	(void)akita_fail(&why, AKITA_ERR_IO, "%s",
	    "a\nb\x1b[2Jc\x7f" "d\xc2\x85" "e\xff" "f\xe2\x80\xae", NULL);
	assert_string_equal(sentence(&why), "a?b?[2Jc?d?e?f?");
}

TEST(long_arguments_are_cut_at_a_whole_character)
{
	struct akita_why why = { 0 };
	char name[301];

	for (size_t i = 0; i < 300; i += 3)
		memcpy(name + i, "\xe7\xa7\x8b", 3);
	name[300] = '\0';
	(void)akita_fail(&why, AKITA_ERR_IO, "%s", name, NULL);
	assert_int_equal(strlen(why.arg[0]), 255);
	assert_memory_equal(why.arg[0], name, 255);
	memset(name, 'x', 300);
	memcpy(name + 253, "\xe7\xa7\x8b", 3);
	(void)akita_fail(&why, AKITA_ERR_IO, "%s", name, NULL);
	assert_int_equal(strlen(why.arg[0]), 253);
}

static const char *
swap(const char *msgid)
{
	(void)msgid;
	return "%2$s before %1$s, 100%%, %d %9$s %";
}

TEST(a_translation_may_reorder_and_cannot_reach_beyond_the_arguments)
{
	struct akita_why why = { 0 };
	char text[64];

	(void)akita_fail(&why, AKITA_ERR_IO, "%s %s", "one", "two", NULL);
	akita_why_text(&why, swap, text, sizeof(text));
	assert_string_equal(text, "two before one, 100%, %d  %");
}

TEST(a_sentence_is_cut_to_the_buffer)
{
	struct akita_why why = { 0 };
	char text[6] = "zzzzz";

	(void)akita_fail(&why, AKITA_ERR_IO, "ab%s", "cdefgh", NULL);
	assert_ptr_equal(akita_why_text(&why, NULL, text, sizeof(text)), text);
	assert_string_equal(text, "abcde");
	akita_why_text(&why, NULL, text, 1);
	assert_string_equal(text, "");
	text[0] = 'k';
	akita_why_text(&why, NULL, text, 0);
	assert_int_equal(text[0], 'k');
}

TEST(an_unset_reason_is_an_empty_sentence)
{
	struct akita_why why = { 0 };

	assert_string_equal(sentence(&why), "");
	assert_string_equal(sentence(NULL), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_result_has_a_word_of_its_own),
		cmocka_unit_test(a_value_that_is_no_result_reads_as_internal),
		cmocka_unit_test(fail_gives_back_the_result_and_the_sentence),
		cmocka_unit_test(fail_accepts_that_nobody_asks_why),
		cmocka_unit_test(
		    a_later_failure_replaces_the_earlier_one_whole),
		cmocka_unit_test(at_most_four_arguments_are_kept),
		cmocka_unit_test(
		control_characters_and_invalid_bytes_in_arguments_become_marks),
		cmocka_unit_test(long_arguments_are_cut_at_a_whole_character),
		cmocka_unit_test(
	    a_translation_may_reorder_and_cannot_reach_beyond_the_arguments),
		cmocka_unit_test(a_sentence_is_cut_to_the_buffer),
		cmocka_unit_test(an_unset_reason_is_an_empty_sentence),
	};

	return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}

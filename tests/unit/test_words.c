/* The words table is searched, falls back, and follows the locale rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/words.h"

struct akita_word {
	const char	*msgid;
	const char	*msgstr;
};

#include "common/words_ja.h"

static size_t
words_count(void)
{
	return sizeof(akita_words_ja) / sizeof(akita_words_ja[0]);
}

static void
table_is_sorted_by_bytes_without_repetition(void **state)
{
	(void)state;
	for (size_t i = 1; i < words_count(); i++)
		assert_true(strcmp(akita_words_ja[i - 1].msgid,
		    akita_words_ja[i].msgid) < 0);
}

static void
every_entry_is_found_in_japanese(void **state)
{
	(void)state;
	for (size_t i = 0; i < words_count(); i++)
		assert_string_equal(akita_words(AKITA_LANG_JA,
		    akita_words_ja[i].msgid), akita_words_ja[i].msgstr);
}

static void
english_and_unknown_ids_come_back_as_they_are(void **state)
{
	const char *id = "no sentence of ours";

	(void)state;
	assert_ptr_equal(akita_words(AKITA_LANG_EN, id), id);
	assert_ptr_equal(akita_words(AKITA_LANG_JA, id), id);
	assert_ptr_equal(akita_words((enum akita_lang)7, id), id);
	assert_ptr_equal(akita_words_for(AKITA_LANG_EN), akita_words_en1);
	assert_ptr_equal(akita_words_for(AKITA_LANG_JA), akita_words_ja1);
}

static void
first_set_variable_decides_the_language(void **state)
{
	(void)state;
	assert_int_equal(akita_lang_from_locale(NULL, NULL, NULL),
	    AKITA_LANG_EN);
	assert_int_equal(akita_lang_from_locale("", "", "ja_JP.UTF-8"),
	    AKITA_LANG_JA);
	assert_int_equal(akita_lang_from_locale(NULL, "ja", "C"),
	    AKITA_LANG_JA);
	assert_int_equal(akita_lang_from_locale("C", "ja", "ja"),
	    AKITA_LANG_EN);
	assert_int_equal(akita_lang_from_locale("ja_JP.UTF-8", "C", "C"),
	    AKITA_LANG_JA);
}

static void
only_the_language_ja_is_japanese(void **state)
{
	(void)state;
	assert_int_equal(akita_lang_from_locale("ja@x", NULL, NULL),
	    AKITA_LANG_JA);
	assert_int_equal(akita_lang_from_locale("ja.UTF-8", NULL, NULL),
	    AKITA_LANG_JA);
	assert_int_equal(akita_lang_from_locale("jam_MW", NULL, NULL),
	    AKITA_LANG_EN);
	assert_int_equal(akita_lang_from_locale("j", NULL, NULL),
	    AKITA_LANG_EN);
	assert_int_equal(akita_lang_from_locale("jv_ID", NULL, NULL),
	    AKITA_LANG_EN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_sorted_by_bytes_without_repetition),
		cmocka_unit_test(every_entry_is_found_in_japanese),
		cmocka_unit_test(english_and_unknown_ids_come_back_as_they_are),
		cmocka_unit_test(first_set_variable_decides_the_language),
		cmocka_unit_test(only_the_language_ja_is_japanese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

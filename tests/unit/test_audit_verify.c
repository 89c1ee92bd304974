/* Any change to an audit log is found, and the first one named. */
#include "tests/unit/auditing.h"

TEST(every_changed_byte_is_found_in_its_line)
{
	char lines[3][AKITA_AUDIT_LINE], text[8192];
	struct akita_audit_head head = log_of(3, lines);
	size_t first = strlen(lines[0]), second = strlen(lines[1]);

	(void)snprintf(text, sizeof(text), "%s%s%s", lines[0], lines[1],
	    lines[2]);
	for (size_t i = first; i < first + second - 1; i++) {
		struct found found;

		text[i] ^= 1;
		put_file("log", text, 0600);
		found = verify(&head);
		assert_true(found.n > 0);
		assert_int_equal(found.line, 2);
		text[i] ^= 1;
	}
	put_file("log", text, 0600);
	assert_int_equal(verify(&head).n, 0);
}

static void
log_in_order(char (*lines)[AKITA_AUDIT_LINE], const char *order)
{
	char text[8 * AKITA_AUDIT_LINE] = "";

	for (; *order != '\0'; order++)
		(void)strcat(text, lines[*order - '1']);
	put_file("log", text, 0600);
}

TEST(missing_swapped_repeated_and_cut_off_records_are_found)
{
	char lines[4][AKITA_AUDIT_LINE];
	struct akita_audit_head head = log_of(4, lines);
	struct akita_audit_head other = head;

	log_in_order(lines, "134");
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 2, 3);
	log_in_order(lines, "234");
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 1, 2);
	log_in_order(lines, "1324");
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 2, 3);
	log_in_order(lines, "11234");
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 2, 1);
	log_in_order(lines, "123");
	assert_int_equal(verify(NULL).n, 0);
	assert_first(verify(&head), AKITA_AUDIT_CUT_OFF, 4, 4);
	log_in_order(lines, "1234");
	assert_int_equal(verify(&head).n, 0);
	other.mac[31] ^= 1;
	assert_first(verify(&other), AKITA_AUDIT_CHANGED, 4, 4);
}

TEST(a_record_of_another_chain_does_not_fit)
{
	char lines[2][AKITA_AUDIT_LINE], strange[AKITA_AUDIT_LINE];
	struct akita_audit_head head = { .number = 1, .mac = { 1 } };
	const struct akita_audit_record record = record_of("mallory", NULL);

	(void)log_of(2, lines);
	assert_int_equal(akita_audit_finish(ring, crypto, &head,
	    body_of(&record), strange, &head, &why), AKITA_OK);
	(void)strcpy(lines[1], strange);
	log_in_order(lines, "12");
	assert_first(verify(NULL), AKITA_AUDIT_CHANGED, 2, 2);
}

TEST(a_line_that_is_no_record_is_one_fault)
{
	static char text[200000];
	char lines[2][AKITA_AUDIT_LINE];
	struct found found;
	size_t len;

	(void)log_of(2, lines);
	(void)snprintf(text, sizeof(text), "%s", lines[0]);
	len = strlen(text);
	memset(text + len, 'x', 100000);
	(void)snprintf(text + len + 100000, 50000, "\n%s", lines[1]);
	put_file("log", text, 0600);
	found = verify(NULL);
	assert_first(found, AKITA_AUDIT_NO_RECORD, 2, 2);
	(void)snprintf(text, sizeof(text), "%s\n%s", lines[0], lines[1]);
	put_file("log", text, 0600);
	assert_first(verify(NULL), AKITA_AUDIT_NO_RECORD, 2, 2);
}

TEST(a_key_that_is_not_in_the_ring_is_named)
{
	char lines[2][AKITA_AUDIT_LINE];

	(void)log_of(2, lines);
	strstr(lines[1], "8c210f12")[0] = '9';
	log_in_order(lines, "12");
	assert_first(verify(NULL), AKITA_AUDIT_NO_KEY, 2, 2);
}

TEST(a_log_may_go_on_where_an_older_one_ended)
{
	char lines[4][AKITA_AUDIT_LINE];
	struct akita_audit_head second, head;
	struct akita_audit_line parsed;

	head = log_of(4, lines);
	assert_true(akita_audit_line_parse(lines[1], strlen(lines[1]) - 1,
	    &parsed));
	second = parsed.head;
	log_in_order(lines, "34");
	assert_int_equal(akita_audit_verify(at("log"), &policy, ring, crypto,
	    &second, &head, NULL, NULL, &second, &why), AKITA_OK);
	assert_int_equal(second.number, 4);
}

TEST(a_long_log_is_read_whole)
{
	struct akita_audit_head head = log_of(300, NULL);

	assert_int_equal(verify(&head).n, 0);
}

TEST(faults_have_words)
{
	static const enum akita_audit_fault faults[] = { AKITA_AUDIT_CHANGED,
		AKITA_AUDIT_GAP, AKITA_AUDIT_NO_RECORD, AKITA_AUDIT_NO_KEY,
		AKITA_AUDIT_CUT_OFF };

	for (size_t i = 0; i < COUNT(faults); i++)
		assert_string_not_equal(akita_audit_fault_word(faults[i]),
		    "unknown");
	assert_string_equal(akita_audit_fault_word(0), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(every_changed_byte_is_found_in_its_line),
		SCRATCH_TEST(
		    missing_swapped_repeated_and_cut_off_records_are_found),
		SCRATCH_TEST(a_record_of_another_chain_does_not_fit),
		SCRATCH_TEST(a_line_that_is_no_record_is_one_fault),
		SCRATCH_TEST(a_key_that_is_not_in_the_ring_is_named),
		SCRATCH_TEST(a_log_may_go_on_where_an_older_one_ended),
		SCRATCH_TEST(a_long_log_is_read_whole),
		cmocka_unit_test(faults_have_words),
	};

	return cmocka_run_group_tests(tests, start, stop);
}

/* Records are appended once and durably, whatever a crash left behind. */
#include "tests/unit/auditing.h"

#include <sys/resource.h>

#include <fcntl.h>
#include <signal.h>

TEST(a_log_is_made_private_and_its_chain_holds)
{
	struct akita_audit_head tail, head = log_of(5, NULL);
	struct stat st;

	assert_int_equal(stat(at("log"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(head.number, 5);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &tail, &why),
	    AKITA_OK);
	assert_int_equal(tail.number, 5);
	assert_memory_equal(tail.mac, head.mac, sizeof(head.mac));
	assert_int_equal(verify(NULL).n, 0);
	assert_int_equal(verify(&head).n, 0);
}

TEST(a_missing_or_empty_log_stands_at_zero)
{
	struct akita_audit_head head = { .number = 9 };
	const struct akita_audit_head one = { .number = 1 };

	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 0);
	assert_int_equal(verify(NULL).n, 0);
	assert_int_equal(akita_audit_verify(at("log"), &policy, ring, crypto,
	    NULL, &one, NULL, NULL, NULL, &why), AKITA_ERR_LOG);
	put_file("log", "", 0600);
	head.number = 9;
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 0);
	assert_first(verify(&one), AKITA_AUDIT_CUT_OFF, 1, 1);
}

TEST(appending_the_last_record_again_does_nothing)
{
	char lines[3][AKITA_AUDIT_LINE], before[8192];

	(void)log_of(3, lines);
	(void)snprintf(before, sizeof(before), "%.8000s",
	    get_file("log", NULL));
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[2],
	    &why), AKITA_OK);
	assert_string_equal(get_file("log", NULL), before);
	assert_int_equal(verify(NULL).n, 0);
}

/* Whatever part of a line a crash left, appending it again makes it whole. */
TEST(a_torn_line_is_made_whole_wherever_it_was_torn)
{
	char lines[2][AKITA_AUDIT_LINE], whole[8192], torn[8192];
	size_t len, first;

	(void)log_of(2, lines);
	(void)snprintf(whole, sizeof(whole), "%.8000s",
	    get_file("log", &len));
	first = strlen(lines[0]);
	for (size_t cut = first; cut < len; cut++) {
		memcpy(torn, whole, len);
		put_bytes("log", torn, cut, 0600);
		assert_int_equal(akita_audit_append(at("log"), &policy,
		    lines[1], &why), AKITA_OK);
		assert_string_equal(get_file("log", NULL), whole);
	}
	put_bytes("log", lines[0], first / 2, 0600);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[0],
	    &why), AKITA_OK);
	assert_string_equal(get_file("log", NULL), lines[0]);
}

TEST(a_torn_line_does_not_count_and_a_whole_one_without_newline_does)
{
	char lines[2][AKITA_AUDIT_LINE], text[8192];
	struct akita_audit_head head;
	size_t first;

	(void)log_of(2, lines);
	first = strlen(lines[0]);
	(void)snprintf(text, sizeof(text), "%s%s", lines[0], lines[1]);
	put_bytes("log", text, strlen(text) - 2, 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 1);
	put_bytes("log", text, strlen(text) - 1, 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 2);
	put_bytes("log", text, first - 1, 0600);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[1],
	    &why), AKITA_OK);
	assert_string_equal(get_file("log", NULL), text);
	put_bytes("log", text, first - 2, 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 0);
}

TEST(a_record_is_kept_although_the_log_before_it_is_not_right)
{
	static char garbage[3 * AKITA_AUDIT_LINE];
	char lines[3][AKITA_AUDIT_LINE], text[16384];
	struct akita_audit_head head;

	(void)log_of(3, lines);
	put_file("log", lines[0], 0600);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[2],
	    &why), AKITA_OK);
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 2, 3);
	put_file("log", "garbage\n", 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_ERR_LOG);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[0],
	    &why), AKITA_OK);
	assert_first(verify(NULL), AKITA_AUDIT_NO_RECORD, 1, 1);
	memset(garbage, 'g', sizeof(garbage) - 1);
	put_file("log", garbage, 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_ERR_LOG);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[0],
	    &why), AKITA_OK);
	(void)snprintf(text, sizeof(text), "%s\n%s", garbage, lines[0]);
	assert_string_equal(get_file("log", NULL), text);
}

TEST(what_is_no_finished_line_is_not_appended)
{
	char lines[1][AKITA_AUDIT_LINE];

	(void)log_of(1, lines);
	assert_int_equal(akita_audit_append(at("log"), &policy, "", &why),
	    AKITA_ERR_USAGE);
	assert_int_equal(akita_audit_append(at("log"), &policy, "{}\n", &why),
	    AKITA_ERR_USAGE);
	lines[0][strlen(lines[0]) - 1] = '\0';
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[0],
	    &why), AKITA_ERR_USAGE);
}

TEST(a_log_that_others_may_write_or_a_link_is_refused)
{
	char lines[2][AKITA_AUDIT_LINE];
	struct akita_audit_head head;

	(void)log_of(2, lines);
	assert_int_equal(chmod(at("log"), 0622), 0);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[1],
	    &why), AKITA_ERR_LOG);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_ERR_LOG);
	assert_int_equal(akita_audit_verify(at("log"), &policy, ring, crypto,
	    NULL, NULL, NULL, NULL, NULL, &why), AKITA_ERR_LOG);
	assert_int_equal(symlink("log", at("link")), 0);
	assert_int_equal(akita_audit_append(at("link"), &policy, lines[1],
	    &why), AKITA_ERR_LOG);
	assert_int_equal(akita_audit_append(at("no/log"), &policy, lines[1],
	    &why), AKITA_ERR_LOG);
	assert_non_null(strstr(sentence(&why), at("no/log")));
}

/* Write the lines, in an order given by digits, as the log. */
/* Let no file grow beyond size bytes (0: as far as it likes again). */
static void
limit_file_size(size_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size > 0 ? size : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	(void)signal(SIGXFSZ, size > 0 ? SIG_IGN : SIG_DFL);
}

TEST(a_full_disk_leaves_the_log_as_it_was)
{
	char lines[2][AKITA_AUDIT_LINE];
	size_t len;

	(void)log_of(2, lines);
	put_file("log", lines[0], 0600);
	len = strlen(lines[0]);
	limit_file_size(len + 100);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[1],
	    &why), AKITA_ERR_LOG);
	limit_file_size(0);
	assert_string_equal(get_file("log", NULL), lines[0]);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[1],
	    &why), AKITA_OK);
	assert_int_equal(verify(NULL).n, 0);
}

/* A batch of n records after head, in the file "batch"; the head after it. */
static struct akita_audit_head
batch_of(unsigned int n, const struct akita_audit_head *head)
{
	static struct akita_audit_batch batch;
	const struct akita_audit_record record = record_of("many", NULL);

	memset(&batch, 0, sizeof(batch));
	batch.head = *head;
	batch.fd = open(at("batch"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(batch.fd >= 0);
	while (n-- > 0)
		assert_int_equal(akita_audit_batch_add(&batch, ring, crypto,
		    body_of(&record), &why), AKITA_OK);
	assert_int_equal(akita_audit_batch_end(&batch, &why), AKITA_OK);
	(void)close(batch.fd);
	return batch.head;
}

static enum akita_rc
append_batch(void)
{
	int fd = open(at("batch"), O_RDONLY);
	enum akita_rc rc;

	assert_true(fd >= 0);
	rc = akita_audit_append_batch(at("log"), &policy, fd, &why);
	(void)close(fd);
	return rc;
}

TEST(a_batch_goes_into_the_log_once_wherever_it_was_broken_off)
{
	struct akita_audit_head before = log_of(3, NULL);
	struct akita_audit_head after = batch_of(500, &before);
	struct stat st;
	off_t start, end, cut;

	assert_int_equal(stat(at("log"), &st), 0);
	start = st.st_size;
	assert_int_equal(append_batch(), AKITA_OK);
	assert_int_equal(stat(at("log"), &st), 0);
	end = st.st_size;
	assert_int_equal(verify(&after).n, 0);
	assert_int_equal(append_batch(), AKITA_OK);
	assert_int_equal(stat(at("log"), &st), 0);
	assert_int_equal(st.st_size, end);
	for (cut = start; cut <= end; cut += (end - start) / 97) {
		assert_int_equal(truncate(at("log"), cut), 0);
		assert_int_equal(append_batch(), AKITA_OK);
		assert_int_equal(stat(at("log"), &st), 0);
		assert_int_equal(st.st_size, end);
		assert_int_equal(verify(&after).n, 0);
	}
}

TEST(a_batch_that_finds_no_room_leaves_the_log_as_it_was)
{
	struct rlimit old, small = { .rlim_cur = 20000 };
	struct akita_audit_head before = log_of(3, NULL);
	struct akita_audit_head after = batch_of(100, &before);

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(append_batch(), AKITA_ERR_LOG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(verify(&before).n, 0);
	assert_int_equal(append_batch(), AKITA_OK);
	assert_int_equal(verify(&after).n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_log_is_made_private_and_its_chain_holds),
		SCRATCH_TEST(a_missing_or_empty_log_stands_at_zero),
		SCRATCH_TEST(appending_the_last_record_again_does_nothing),
		SCRATCH_TEST(a_torn_line_is_made_whole_wherever_it_was_torn),
		SCRATCH_TEST(
	a_torn_line_does_not_count_and_a_whole_one_without_newline_does),
		SCRATCH_TEST(
		    a_record_is_kept_although_the_log_before_it_is_not_right),
		SCRATCH_TEST(what_is_no_finished_line_is_not_appended),
		SCRATCH_TEST(a_log_that_others_may_write_or_a_link_is_refused),
		SCRATCH_TEST(a_full_disk_leaves_the_log_as_it_was),
		SCRATCH_TEST(
	    a_batch_goes_into_the_log_once_wherever_it_was_broken_off),
		SCRATCH_TEST(
		    a_batch_that_finds_no_room_leaves_the_log_as_it_was),
	};

	return cmocka_run_group_tests(tests, start, stop);
}

/* Files are made private, directories opened, descriptors judged, files read
 * whole. */
#include "tests/unit/scratch.h"

#include "common/trust.h"

static const struct akita_trust policy = { .root_only = false };
static const struct akita_trust is_private = { .is_private = true };

static struct akita_why why;

TEST(a_file_is_made_private_whatever_the_umask)
{
	static const mode_t masks[] = { 0, 022, 0777 };
	struct stat st;
	int fd;

	for (size_t i = 0; i < COUNT(masks); i++) {
		mode_t before = umask(masks[i]);

		fd = -1;
		assert_int_equal(akita_trust_open(at("new"), O_RDWR | O_CREAT |
		    O_APPEND, &is_private, &fd, &why), AKITA_OK);
		assert_int_equal(umask(before), masks[i]);
		assert_int_equal(fstat(fd, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_int_not_equal(fcntl(fd, F_GETFL) & O_APPEND, 0);
		assert_int_equal(close(fd), 0);
		assert_int_equal(unlink(at("new")), 0);
	}
}

TEST(exclusive_creation_touches_nothing_that_is_there)
{
	int fd = -1;

	put_file("f", "x", 0640);
	assert_int_equal(akita_trust_open(at("f"), O_RDWR | O_CREAT | O_EXCL,
	    &policy, &fd, &why), AKITA_ERR_EXISTS);
	assert_int_equal(symlink("nowhere", at("link")), 0);
	assert_int_equal(akita_trust_open(at("link"), O_RDWR | O_CREAT |
	    O_EXCL, &policy, &fd, &why), AKITA_ERR_EXISTS);
	assert_int_equal(akita_trust_open(at("link"), O_RDWR | O_CREAT,
	    &policy, &fd, &why), AKITA_ERR_REFUSED);
	assert_int_equal(akita_trust_open(at("f"), O_RDWR | O_CREAT, &policy,
	    &fd, &why), AKITA_OK);
	assert_int_equal(close(fd), 0);
	assert_string_equal(get_file("f", NULL), "x");
}

TEST(truncation_is_never_asked_for)
{
	int fd = -1;

	put_file("f", "x", 0600);
	assert_int_equal(akita_trust_open(at("f"), O_RDWR | O_TRUNC, &policy,
	    &fd, &why), AKITA_ERR_USAGE);
	assert_string_equal(get_file("f", NULL), "x");
}

TEST(a_directory_can_be_opened_and_judged)
{
	int fd = -1, file = -1;

	assert_int_equal(mkdir(at("d"), 0755), 0);
	assert_int_equal(symlink("d", at("link")), 0);
	assert_int_equal(akita_trust_open_dir(at("d"), &policy, &fd, &why),
	    AKITA_OK);
	assert_int_equal(fsync(fd), 0);
	assert_int_equal(akita_trust_open_at(fd, at("d"), "f",
	    O_RDWR | O_CREAT | O_EXCL, &is_private, &file, &why), AKITA_OK);
	assert_int_equal(close(file), 0);
	assert_int_equal(akita_trust_open_at(fd, at("d"), "none", O_RDONLY,
	    &policy, &file, &why), AKITA_ERR_MISSING);
	assert_non_null(strstr(sentence(&why), at("d/none")));
	assert_int_equal(akita_trust_open_at(fd, at("d"), "../f", O_RDONLY,
	    &policy, &file, &why), AKITA_ERR_USAGE);
	assert_int_equal(close(fd), 0);
	assert_int_equal(akita_trust_open_dir(at("link"), &policy, &fd, &why),
	    AKITA_OK);
	assert_int_equal(close(fd), 0);
	assert_int_equal(akita_trust_open_dir(at("d"), &is_private, &fd,
	    &why), AKITA_ERR_REFUSED);
	assert_int_equal(chmod(at("d"), 0700), 0);
	assert_int_equal(akita_trust_open_dir(at("d"), &is_private, &fd,
	    &why), AKITA_OK);
	assert_int_equal(akita_trust_judge_dir(fd, at("d"), &is_private,
	    &why), AKITA_OK);
	assert_int_equal(close(fd), 0);
	assert_int_equal(akita_trust_open_dir(at("d/f"), &policy, &fd, &why),
	    AKITA_ERR_REFUSED);
	assert_non_null(strstr(sentence(&why), "not a directory"));
}

TEST(the_parent_of_a_file_need_not_be_private)
{
	struct stat of_path, of_fd;
	int fd = -1;

	assert_int_equal(chmod(scratch, 0755), 0);
	assert_int_equal(akita_trust_open_parent(at("f"), &is_private, &fd,
	    &why), AKITA_OK);
	assert_int_equal(fstat(fd, &of_fd), 0);
	assert_int_equal(stat(scratch, &of_path), 0);
	assert_int_equal(of_fd.st_ino, of_path.st_ino);
	assert_int_equal(fsync(fd), 0);
	assert_int_equal(close(fd), 0);
}

TEST(an_open_descriptor_is_judged_as_it_is)
{
	int fd;

	put_file("f", "x", 0644);
	fd = open(at("f"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(akita_trust_judge(fd, "f", &policy, &why), AKITA_OK);
	assert_int_equal(akita_trust_judge(fd, "f", &is_private, &why),
	    AKITA_ERR_REFUSED);
	assert_int_equal(fchmod(fd, 0666), 0);
	assert_int_equal(akita_trust_judge(fd, "f", &policy, NULL),
	    AKITA_ERR_REFUSED);
	assert_int_equal(close(fd), 0);
	assert_int_equal(akita_trust_judge(-1, "f", &policy, &why),
	    AKITA_ERR_IO);
}

TEST(a_file_is_read_whole_or_not_at_all)
{
	char buf[8];
	size_t len = 99;
	int fd;

	put_file("f", "1234567", 0600);
	fd = open(at("f"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(akita_trust_read(fd, "f", buf, sizeof(buf), &len,
	    &why), AKITA_OK);
	assert_int_equal(len, 7);
	assert_string_equal(buf, "1234567");
	len = 99;
	assert_int_equal(akita_trust_read(fd, "f", buf, 7, &len, &why),
	    AKITA_ERR_MALFORMED);
	assert_int_equal(len, 99);
	assert_int_equal(close(fd), 0);
	fd = open(scratch, O_RDONLY | O_CLOEXEC);
	assert_int_equal(akita_trust_read(fd, "f", buf, sizeof(buf), &len,
	    &why), AKITA_ERR_REFUSED);
	assert_int_equal(close(fd), 0);
}

TEST(errors_are_worded_in_english_and_never_missing)
{
	assert_string_equal(akita_trust_errno(ENOSPC),
	    "No space left on device");
	assert_string_equal(akita_trust_errno(123456), "unknown error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_file_is_made_private_whatever_the_umask),
		SCRATCH_TEST(
		    exclusive_creation_touches_nothing_that_is_there),
		SCRATCH_TEST(truncation_is_never_asked_for),
		SCRATCH_TEST(a_directory_can_be_opened_and_judged),
		SCRATCH_TEST(the_parent_of_a_file_need_not_be_private),
		SCRATCH_TEST(an_open_descriptor_is_judged_as_it_is),
		SCRATCH_TEST(a_file_is_read_whole_or_not_at_all),
		cmocka_unit_test(
		    errors_are_worded_in_english_and_never_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A file is opened only if it, and all that leads to it, is beyond the reach of
 * others; each breach has its own sentence. */
#include "tests/unit/scratch.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <dirent.h>

#include "common/trust.h"

#define STRANGER	65533	/* a user ID that nobody has */

static const struct akita_trust policy = { .root_only = false };
static const struct akita_trust root_only = { .root_only = true };
static const struct akita_trust is_private = { .is_private = true };

static struct akita_why why;

/* Open path by a policy: the result, the descriptor closed again. */
static enum akita_rc
try(const char *path, const struct akita_trust *by)
{
	enum akita_rc rc;
	int fd = -1;

	memset(&why, 0, sizeof(why));
	rc = akita_trust_open(path, O_RDONLY, by, &fd, &why);
	if (rc == AKITA_OK) {
		assert_true(fd >= 0);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		assert_int_equal(close(fd), 0);
	} else {
		assert_int_equal(fd, -1);
		assert_non_null(why.msgid);
	}
	return rc;
}

static void
assert_refused(const char *path, const struct akita_trust *by,
    const char *path_named, const char *words)
{
	assert_int_equal(try(path, by), AKITA_ERR_REFUSED);
	assert_non_null(strstr(sentence(&why), path_named));
	assert_non_null(strstr(sentence(&why), words));
}

/* Root can give files to others; where the tests run as somebody else, what
 * others own is found at hand: nothing is left out, it is root's /etc. */
static bool
is_root(void)
{
	return geteuid() == 0;
}

static unsigned int
count_descriptors(void)
{
	unsigned int n = 0;
	DIR *dir = opendir("/proc/self/fd");

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	assert_int_equal(closedir(dir), 0);
	return n;
}

TEST(an_ordinary_file_of_ours_is_opened)
{
	put_file("f", "x", 0644);
	assert_int_equal(try(at("f"), &policy), AKITA_OK);
	assert_int_equal(try("/etc/passwd", &policy), AKITA_OK);
	assert_int_equal(try("/etc/passwd", &root_only), AKITA_OK);
	assert_int_equal(try("//etc/.//./passwd", &policy), AKITA_OK);
	assert_int_equal(try("/usr/../etc/passwd", &policy), AKITA_OK);
	assert_int_equal(try("/../etc/passwd", &policy), AKITA_OK);
}

TEST(a_missing_file_or_directory_has_its_own_result)
{
	assert_int_equal(try(at("none"), &policy), AKITA_ERR_MISSING);
	assert_non_null(strstr(sentence(&why), at("none")));
	assert_int_equal(try(at("none/f"), &policy), AKITA_ERR_MISSING);
	assert_non_null(strstr(sentence(&why), at("none")));
	assert_int_equal(symlink("nowhere", at("link")), 0);
	assert_int_equal(try(at("link/f"), &policy), AKITA_ERR_MISSING);
}

TEST(paths_that_name_no_file_are_usage)
{
	static char longer[PATH_MAX + 2];
	char component[NAME_MAX + 3] = "/";

	memset(longer, 'x', sizeof(longer) - 1);
	longer[0] = '/';
	memset(component + 1, 'x', NAME_MAX + 1);
	assert_int_equal(try(NULL, &policy), AKITA_ERR_USAGE);
	assert_int_equal(try("", &policy), AKITA_ERR_USAGE);
	assert_int_equal(try(longer, &policy), AKITA_ERR_USAGE);
	assert_int_equal(try(component, &policy), AKITA_ERR_IO);
	assert_refused("/etc/", &policy, "/etc/", "not a regular file");
	assert_refused("/etc/..", &policy, "/etc/..", "not a regular file");
	assert_refused("/", &policy, "/", "not a regular file");
}

TEST(what_is_no_regular_file_is_refused_without_waiting)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(mkfifo(at("fifo"), 0600), 0);
	assert_refused(at("fifo"), &policy, at("fifo"), "not a regular file");
	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", at("sock"));
	assert_int_equal(bind(s, (struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_refused(at("sock"), &policy, at("sock"), "not a regular file");
	assert_int_equal(close(s), 0);
	assert_int_equal(mkdir(at("dir"), 0700), 0);
	assert_refused(at("dir"), &policy, at("dir"), "not a regular file");
	assert_refused("/dev/null", &policy, "/dev/null",
	    "not a regular file");
	put_file("file", "", 0600);
	assert_refused(at("file/f"), &policy, at("file"), "not a directory");
}

TEST(a_fifo_opened_for_writing_is_refused_without_waiting)
{
	int fd = -1;

	assert_int_equal(mkfifo(at("fifo"), 0600), 0);
	assert_int_equal(akita_trust_open(at("fifo"), O_WRONLY, &policy, &fd,
	    &why), AKITA_ERR_REFUSED);
	assert_int_equal(akita_trust_open(at("fifo"), O_RDWR, &policy, &fd,
	    &why), AKITA_ERR_REFUSED);
}

TEST(a_link_in_the_last_place_is_refused)
{
	put_file("f", "x", 0600);
	assert_int_equal(symlink("f", at("link")), 0);
	assert_refused(at("link"), &policy, at("link"), "symbolic link");
	assert_int_equal(symlink("none", at("dangling")), 0);
	assert_refused(at("dangling"), &policy, at("dangling"),
	    "symbolic link");
}

TEST(links_above_are_followed_if_root_or_we_made_them)
{
	assert_int_equal(mkdir(at("real"), 0700), 0);
	put_file("real/f", "x", 0600);
	assert_int_equal(symlink("real", at("relative")), 0);
	assert_int_equal(symlink(at("real"), at("absolute")), 0);
	assert_int_equal(symlink("../../relative/.", at("real/up")), 0);
	assert_int_equal(try(at("relative/f"), &policy), AKITA_OK);
	assert_int_equal(try(at("absolute/f"), &policy), AKITA_OK);
	assert_int_equal(try(at("relative/../absolute/f"), &policy),
	    AKITA_OK);
	assert_int_equal(symlink("../relative/.", at("real/back")), 0);
	assert_int_equal(try(at("real/back/f"), &policy), AKITA_OK);
	assert_int_equal(try(at("real/up/f"), &policy), AKITA_ERR_MISSING);
	assert_int_equal(symlink("loop", at("loop")), 0);
	assert_refused(at("loop/f"), &policy, at("loop"),
	    "too many symbolic links");
}

TEST(what_a_link_leads_to_is_judged_in_its_place)
{
	assert_int_equal(mkdir(at("open"), 0700), 0);
	assert_int_equal(mkdir(at("open/in"), 0700), 0);
	put_file("open/in/f", "x", 0600);
	assert_int_equal(symlink("open/in", at("link")), 0);
	assert_int_equal(try(at("link/f"), &policy), AKITA_OK);
	assert_int_equal(chmod(at("open"), 0777), 0);
	assert_refused(at("link/f"), &policy, at("open"), "writable");
}

TEST(a_file_that_others_may_write_is_refused)
{
	put_file("f", "x", 0620);
	assert_refused(at("f"), &policy, at("f"), "(mode 0620)");
	assert_non_null(strstr(sentence(&why), "chmod go-w"));
	put_file("f", "x", 0602);
	assert_refused(at("f"), &policy, at("f"), "(mode 0602)");
	put_file("f", "x", 0644);
	assert_int_equal(try(at("f"), &policy), AKITA_OK);
}

TEST(a_private_file_is_open_to_nobody_else)
{
	static const mode_t bits[] = { 0040, 0010, 0004, 0001 };

	for (size_t i = 0; i < COUNT(bits); i++) {
		put_file("f", "x", 0600 | bits[i]);
		assert_refused(at("f"), &is_private, at("f"), "chmod go= ");
		assert_int_equal(try(at("f"), &policy), AKITA_OK);
	}
	put_file("f", "x", 0600);
	assert_int_equal(try(at("f"), &is_private), AKITA_OK);
}

TEST(a_directory_that_others_may_write_is_refused_anywhere)
{
	assert_int_equal(mkdir(at("a"), 0700), 0);
	assert_int_equal(mkdir(at("a/b"), 0700), 0);
	put_file("a/b/f", "x", 0600);
	assert_int_equal(chmod(at("a"), 0770), 0);
	assert_refused(at("a/b/f"), &policy, at("a"), "(mode 0770)");
	assert_int_equal(chmod(at("a"), 0707), 0);
	assert_refused(at("a/b/f"), &policy, at("a"), "(mode 0707)");
	assert_int_equal(chmod(at("a"), 0755), 0);
	assert_int_equal(try(at("a/b/f"), &policy), AKITA_OK);
	assert_int_equal(try(at("a/b/f"), &is_private), AKITA_OK);
}

TEST(a_sticky_directory_is_accepted_only_from_root)
{
	assert_int_equal(mkdir(at("sticky"), 0700), 0);
	put_file("sticky/f", "x", 0600);
	assert_int_equal(chmod(at("sticky"), 01777), 0);
	if (!is_root()) {
		assert_refused(at("sticky/f"), &policy, at("sticky"),
		    "writable");
		return;
	}
	assert_int_equal(try(at("sticky/f"), &policy), AKITA_OK);
	assert_int_equal(chown(at("sticky"), STRANGER, (gid_t)-1), 0);
	assert_refused(at("sticky/f"), &policy, at("sticky"), "65533");
}

/* A test as a user who is not root: in a child if need be. */
static void
as_user(void (*test)(void))
{
	pid_t pid;
	int status;

	if (!is_root()) {
		test();
		return;
	}
	assert_int_equal(chown(scratch, STRANGER, STRANGER), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setresgid(STRANGER, STRANGER, STRANGER) != 0 ||
		    setresuid(STRANGER, STRANGER, STRANGER) != 0)
			_exit(99);
		test();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* In the child cmocka's asserts would end the child's copy of the group. */
#define MUST(condition) do { \
	if (!(condition)) { \
		(void)fprintf(stderr, "# line %d: %s: %s\n", __LINE__, \
		    #condition, sentence(&why)); \
		abort(); \
	} \
} while (0)

static void
write_as_user(const char *name)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	MUST(fd >= 0);
	MUST(close(fd) == 0);
}

static void
user_owns(void)
{
	write_as_user("mine");
	MUST(try(at("mine"), &policy) == AKITA_OK);
	MUST(try(at("mine"), &root_only) == AKITA_ERR_REFUSED);
	MUST(strstr(sentence(&why), "must belong to root:") != NULL);
}

TEST(the_effective_users_files_serve_unless_root_is_asked_for)
{
	as_user(user_owns);
}

static void
user_may_not(void)
{
	write_as_user("closed");
	MUST(chmod(at("closed"), 0) == 0);
	MUST(try(at("closed"), &policy) == AKITA_ERR_PERMISSION);
	MUST(strstr(sentence(&why), at("closed")) != NULL);
	MUST(strstr(sentence(&why), "Permission denied") != NULL);
	MUST(mkdir(at("shut"), 0) == 0);
	MUST(try(at("shut/f"), &policy) == AKITA_ERR_PERMISSION);
	MUST(chmod(at("shut"), 0100) == 0);
	MUST(try(at("shut/f"), &policy) == AKITA_ERR_MISSING);
}

TEST(what_the_system_forbids_has_its_own_result)
{
	as_user(user_may_not);
}

static void
user_makes_it_sticky(void)
{
	MUST(mkdir(at("sticky"), 0700) == 0);
	write_as_user("sticky/f");
	MUST(try(at("sticky/f"), &policy) == AKITA_OK);
	MUST(chmod(at("sticky"), 01777) == 0);
	MUST(try(at("sticky/f"), &policy) == AKITA_ERR_REFUSED);
	MUST(strstr(sentence(&why), "(mode 1777)") != NULL);
}

TEST(a_sticky_directory_of_the_effective_user_is_refused)
{
	as_user(user_makes_it_sticky);
}

static void
user_finds_roots_files(void)
{
	struct stat st;

	MUST(try("/etc/passwd", &policy) == AKITA_OK);
	MUST(stat("/etc/passwd", &st) == 0 && st.st_uid == 0);
}

TEST(roots_files_serve_every_user)
{
	as_user(user_finds_roots_files);
}

TEST(a_strangers_file_directory_or_link_is_refused)
{
	if (!is_root()) {
		/* We are the stranger then: to root_only. */
		put_file("f", "x", 0600);
		assert_refused(at("f"), &root_only, scratch, "belongs to");
		return;
	}
	put_file("f", "x", 0600);
	assert_int_equal(chown(at("f"), STRANGER, (gid_t)-1), 0);
	assert_refused(at("f"), &policy, at("f"), "belongs to user ID 65533");
	assert_int_equal(mkdir(at("d"), 0755), 0);
	put_file("d/f", "x", 0600);
	assert_int_equal(symlink("d", at("link")), 0);
	assert_int_equal(try(at("link/f"), &policy), AKITA_OK);
	assert_int_equal(lchown(at("link"), STRANGER, (gid_t)-1), 0);
	assert_refused(at("link/f"), &policy, at("link"), "belongs to");
	assert_int_equal(chown(at("d"), STRANGER, (gid_t)-1), 0);
	assert_refused(at("d/f"), &policy, at("d"), "belongs to");
}

TEST(a_relative_path_starts_from_a_judged_working_directory)
{
	int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	put_file("f", "x", 0600);
	assert_int_equal(chdir(scratch), 0);
	assert_int_equal(try("f", &policy), AKITA_OK);
	assert_int_equal(try("./f", &policy), AKITA_OK);
	assert_int_equal(try("none", &policy), AKITA_ERR_MISSING);
	assert_int_equal(chmod(scratch, 0777), 0);
	assert_refused("f", &policy, scratch, "writable");
	assert_int_equal(fchdir(back), 0);
	assert_int_equal(close(back), 0);
}

TEST(no_descriptor_stays_behind)
{
	unsigned int before = count_descriptors();

	an_ordinary_file_of_ours_is_opened(NULL);
	a_missing_file_or_directory_has_its_own_result(NULL);
	paths_that_name_no_file_are_usage(NULL);
	assert_int_equal(mkdir(at("a"), 0777), 0);
	assert_int_equal(chmod(at("a"), 0777), 0);
	assert_int_equal(try(at("a/f"), &policy), AKITA_ERR_REFUSED);
	assert_int_equal(count_descriptors(), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(an_ordinary_file_of_ours_is_opened),
		SCRATCH_TEST(a_missing_file_or_directory_has_its_own_result),
		SCRATCH_TEST(paths_that_name_no_file_are_usage),
		SCRATCH_TEST(
		    what_is_no_regular_file_is_refused_without_waiting),
		SCRATCH_TEST(
		    a_fifo_opened_for_writing_is_refused_without_waiting),
		SCRATCH_TEST(a_link_in_the_last_place_is_refused),
		SCRATCH_TEST(links_above_are_followed_if_root_or_we_made_them),
		SCRATCH_TEST(what_a_link_leads_to_is_judged_in_its_place),
		SCRATCH_TEST(a_file_that_others_may_write_is_refused),
		SCRATCH_TEST(a_private_file_is_open_to_nobody_else),
		SCRATCH_TEST(
		    a_directory_that_others_may_write_is_refused_anywhere),
		SCRATCH_TEST(a_sticky_directory_is_accepted_only_from_root),
		SCRATCH_TEST(
		    the_effective_users_files_serve_unless_root_is_asked_for),
		SCRATCH_TEST(what_the_system_forbids_has_its_own_result),
		SCRATCH_TEST(
		    a_sticky_directory_of_the_effective_user_is_refused),
		SCRATCH_TEST(roots_files_serve_every_user),
		SCRATCH_TEST(a_strangers_file_directory_or_link_is_refused),
		SCRATCH_TEST(
		    a_relative_path_starts_from_a_judged_working_directory),
		SCRATCH_TEST(no_descriptor_stays_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

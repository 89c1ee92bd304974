/* Death between any two system calls: a change and its mails are both there or
 * both not, and a mail that was being sent is sent at most twice. */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "tests/unit/mails.h"

static int
make_mails(void **state)
{
	if (make_site(state) != 0)
		return -1;
	fake_sendmail(0);
	make_templates();
	return 0;
}

/* Run work in a child and kill it at its n-th stop before or after a system
 * call.  false: it came to its end before that. */
static bool
killed_at(int n, void (*work)(int n))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(2);
		(void)raise(SIGSTOP);
		work(n);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSTOPPED(status));
	for (int i = 0; i < n && WIFSTOPPED(status); i++) {
		int signal = WSTOPSIG(status);

		assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL,
		    (void *)(intptr_t)(signal == SIGCHLD ? signal : 0)), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
	}
	if (!WIFSTOPPED(status)) {
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		return false;
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return true;
}

/* From one place of death to the next: AKITA_THOROUGH in the environment tries
 * each of them. */
static int
stride(void)
{
	return getenv("AKITA_THOROUGH") != NULL ? 1 : 7;
}

static const char *
user_of(int n)
{
	static char user[16];

	(void)snprintf(user, sizeof(user), "user%04d", n);
	return user;
}

static void
issue_one(int n)
{
	change(user_of(n), AKITA_EVENT_ISSUE);
}

static void
suspend_one(int n)
{
	change(user_of(n), AKITA_EVENT_SUSPEND);
}

static void
release_one(int n)
{
	change(user_of(n), AKITA_EVENT_RELEASE);
}

static void
make_issued(const char *user)
{
	change(user, AKITA_EVENT_ISSUE);
}

static void
activate_one(int n)
{
	if (!activate(user_of(n), "2468", right_code(user_of(n))).started)
		_exit(3);
}

static void
flush_all(int n)
{
	(void)n;
	(void)flush(true);
}

/* The mails that went out about a user. */
static int
mails_about(const char *user)
{
	char *all, *rest, *line;
	int n = 0;

	assert_non_null(all = strdup(file_text(in_place("sent"))));
	rest = all;
	while ((line = strsep(&rest, "\n")) != NULL)
		n += strstr(line, user) != NULL && line[0] == '<';
	free(all);
	(void)unlink(in_place("sent"));
	return n;
}

static void
settle_and_flush(void)
{
	struct akita_why why = { 0 };

	if (akita_admin_settle(&site, &teller, &why) != AKITA_OK)
		fail_msg("%s", sentence(&why));
	assert_int_equal(flush(true).failed, 0);
}

/* All of it, or nothing. */
static void
assert_whole(const char *user, enum akita_state then, const char *event,
    int mails)
{
	bool is_made;

	settle_and_flush();
	is_made = account(user).slot.state == then;
	assert_int_equal(mails_about(user), is_made ? mails : 0);
	assert_int_equal(records(event, user), is_made ? 1 : 0);
}

TEST(a_killed_issue_is_there_with_record_and_mails_or_not_at_all)
{
	int n = 1;

	while (killed_at(n, issue_one)) {
		assert_whole(user_of(n), AKITA_STATE_ISSUED,
		    "\"event\":\"issue\"", 1);
		n += stride();
	}
	assert_whole(user_of(n), AKITA_STATE_ISSUED, "\"event\":\"issue\"", 1);
	assert_true(n > 50);
	assert_log_whole();
}

/* The same for what happens to an account that was prepared. */
static void
kill_all_the_way(void (*prepare)(const char *user), void (*work)(int n),
    enum akita_state then, const char *event)
{
	int n;

	for (n = 1;; n += stride()) {
		prepare(user_of(n));
		settle_and_flush();
		(void)unlink(in_place("sent"));
		if (!killed_at(n, work))
			break;
		assert_whole(user_of(n), then, event, 1);
	}
	assert_whole(user_of(n), then, event, 1);
	assert_true(n > 50);
	assert_log_whole();
}

TEST(a_killed_activation_is_there_with_record_and_mail_or_not_at_all)
{
	kill_all_the_way(make_issued, activate_one, AKITA_STATE_ACTIVE,
	    "\"event\":\"activate\"");
}

TEST(a_killed_suspension_is_there_with_record_and_mail_or_not_at_all)
{
	kill_all_the_way(make_active, suspend_one, AKITA_STATE_SUSPENDED,
	    "\"event\":\"suspend\"");
}

TEST(a_killed_release_is_there_with_record_and_mail_or_not_at_all)
{
	kill_all_the_way(make_active, release_one, AKITA_STATE_RELEASED,
	    "\"event\":\"release\"");
}

TEST(a_killed_flush_loses_no_mail_and_sends_it_at_most_twice)
{
	int n = 1, got;
	bool is_killed = true;

	for (n = 1; is_killed; n++) {
		change(user_of(n), AKITA_EVENT_REGISTER);
		is_killed = killed_at(n, flush_all);
		assert_int_equal(flush(true).failed, 0);
		got = mails_about(user_of(n));
		assert_in_range(got, 1, 2);
	}
	assert_true(n > 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_killed_issue_is_there_with_record_and_mails_or_not_at_all,
		    make_mails, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_killed_activation_is_there_with_record_and_mail_or_not_at_all,
		    make_mails, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_killed_suspension_is_there_with_record_and_mail_or_not_at_all,
		    make_mails, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_killed_release_is_there_with_record_and_mail_or_not_at_all,
		    make_mails, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_killed_flush_loses_no_mail_and_sends_it_at_most_twice,
		    make_mails, remove_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_helper.c: asking a helper, from a host of any kind, and helpers of any
 * kind: this program is also the false helpers, by the name of the link it was
 * started through.  For the real one see test_helper_real.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam/helper_client.h"

#define TIMEOUT_MS	2000

/* ---- false helpers ---- */

/* The request as it came; the process ends if there is none. */
static void
receive(struct akita_wire_request *request)
{
	uint8_t buf[AKITA_WIRE_REQUEST + 1];
	ssize_t n = recv(0, buf, sizeof(buf), 0);

	if (n <= 0 || akita_wire_get_request(buf, (size_t)n, request) !=
	    AKITA_OK)
		_exit(9);
}

static void
accept_all(const struct akita_wire_request *request, struct akita_wire_reply *r)
{
	memset(r, 0, sizeof(*r));
	r->op = request->op;
	r->outcome.verdict = AKITA_VERDICT_ACCEPT;
	r->outcome.cause = AKITA_CAUSE_OK;
	r->outcome.known = true;
	r->outcome.state = AKITA_STATE_ACTIVE;
	memcpy(r->nonce, request->nonce, sizeof(r->nonce));
}

#if defined(__SANITIZE_ADDRESS__)
#define OWN_HANDLERS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OWN_HANDLERS 1
#endif
#endif
#ifndef OWN_HANDLERS
#define OWN_HANDLERS 0
#endif

/* A handler that the sanitizers' runtime sets by itself. */
static bool
is_runtimes(int sig)
{
	return OWN_HANDLERS && (sig == SIGSEGV || sig == SIGBUS ||
	    sig == SIGFPE || sig == SIGILL);
}

/* Is this process as the rules want it? */
static bool
is_clean(int argc, char **argv)
{
	struct sigaction act;
	sigset_t mask;
	struct stat st;
	int fd, sig;

	if (argc != 1 || strcmp(argv[0], "akita-otp-helper") != 0 ||
	    environ[0] != NULL || sigprocmask(SIG_BLOCK, NULL, &mask) != 0)
		return false;
	for (sig = 1; sig < NSIG; sig++) {
		if (sigismember(&mask, sig) == 1 ||
		    (sigaction(sig, NULL, &act) == 0 &&
		    act.sa_handler != SIG_DFL && !is_runtimes(sig)))
			return false;
	}
	for (fd = 3; fd < 1024; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			return false;
	}
	return fstat(0, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    fstat(1, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    fstat(2, &st) == 0 && S_ISCHR(st.st_mode);
}

static int
be_false(const char *what, int argc, char **argv)
{
	struct akita_wire_request request;
	struct akita_wire_reply reply;
	uint8_t buf[AKITA_WIRE_REPLY + 8] = { 0 };
	size_t len = AKITA_WIRE_REPLY;

	if (strcmp(what, "silent") == 0)
		return 0;
	if (strcmp(what, "crash") == 0)
		(void)raise(SIGKILL);
	receive(&request);
	accept_all(&request, &reply);
	if (strcmp(what, "hang") == 0)
		(void)sleep(30);
	if (strcmp(what, "clean") == 0 && !is_clean(argc, argv))
		reply.rc = AKITA_ERR_REFUSED;
	if (strcmp(what, "other-nonce") == 0)
		reply.nonce[3] ^= 1;
	if (strcmp(what, "other-operation") == 0)
		reply.op = AKITA_WIRE_PEEK;
	akita_wire_put_reply(&reply, buf);
	if (strcmp(what, "short") == 0)
		len--;
	if (strcmp(what, "long") == 0)
		len++;
	if (strcmp(what, "garbage") == 0)
		memset(buf, 'y', sizeof(buf));
	if (send(1, buf, len, MSG_NOSIGNAL) < 0)
		return 8;
	/* A verdict is what was said, not how the process ended. */
	return strcmp(what, "clean") == 0 ? 77 : 0;
}

/* ---- asking ---- */

static char dir[] = "/tmp/akita-helper-XXXXXX";

static const char *
false_helper(const char *what)
{
	static char path[128];
	char self[1024];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	assert_true(n > 0);
	self[n] = '\0';
	(void)snprintf(path, sizeof(path), "%s/%s", dir, what);
	assert_true(symlink(self, path) == 0 || errno == EEXIST);
	return path;
}

static enum akita_rc
ask(const char *path, int timeout_ms, struct akita_wire_reply *reply,
    struct akita_why *why)
{
	struct akita_wire_request request = { .op = AKITA_WIRE_ATTEMPT };

	(void)snprintf(request.config, sizeof(request.config), "/etc/x");
	(void)snprintf(request.user, sizeof(request.user), "alice");
	(void)akita_answer_set(&request.answer, "123456");
	return akita_helper_ask(path, &request, timeout_ms, &akita_os_clock,
	    &akita_os_random, reply, why);
}

static void
fails(const char *path, enum akita_rc want, const char *sentence)
{
	struct akita_wire_reply reply;
	struct akita_why why = { 0 };
	char text[512];

	assert_int_equal(ask(path, TIMEOUT_MS, &reply, &why), want);
	assert_int_equal(reply.outcome.verdict, AKITA_VERDICT_DENY);
	(void)akita_why_text(&why, NULL, text, sizeof(text));
	if (strstr(text, sentence) == NULL || strstr(text, path) == NULL)
		fail_msg("%s: %s", path, text);
}

static void
a_good_helper_is_believed(void **state)
{
	struct akita_wire_reply reply;
	struct akita_why why = { 0 };

	(void)state;
	assert_int_equal(ask(false_helper("good"), TIMEOUT_MS, &reply, &why),
	    AKITA_OK);
	assert_int_equal(reply.rc, AKITA_OK);
	assert_int_equal(reply.outcome.verdict, AKITA_VERDICT_ACCEPT);
}

static void
a_false_helper_is_not(void **state)
{
	(void)state;
	fails("/nonexistent/helper", AKITA_ERR_IO, "cannot be run");
	fails("/etc/passwd", AKITA_ERR_IO, "cannot be run");
	fails(false_helper("silent"), AKITA_ERR_IO, "gave no answer");
	fails(false_helper("crash"), AKITA_ERR_IO, "gave no answer");
	fails(false_helper("other-nonce"), AKITA_ERR_IO, "gave no answer");
	fails(false_helper("other-operation"), AKITA_ERR_IO, "gave no answer");
	fails(false_helper("short"), AKITA_ERR_IO, "gave no answer");
	fails(false_helper("long"), AKITA_ERR_IO, "gave no answer");
	fails(false_helper("garbage"), AKITA_ERR_IO, "gave no answer");
	fails("/bin/true", AKITA_ERR_IO, "gave no answer");
	fails("/bin/echo", AKITA_ERR_IO, "gave no answer");
}

static void
a_helper_that_hangs_is_left_behind_in_time(void **state)
{
	struct akita_wire_reply reply;
	struct akita_why why = { 0 };
	int64_t before = akita_os_clock.mono_ms(NULL), took;

	(void)state;
	assert_int_equal(ask(false_helper("hang"), 300, &reply, &why),
	    AKITA_ERR_BUSY);
	took = akita_os_clock.mono_ms(NULL) - before;
	assert_in_range(took, 290, 1300);
	assert_int_equal(reply.outcome.verdict, AKITA_VERDICT_DENY);
}

static volatile sig_atomic_t signals_seen;

static void
see_signal(int sig)
{
	(void)sig;
	signals_seen++;
}

static void
clean_in_this_host(void)
{
	struct akita_wire_reply reply;
	struct akita_why why = { 0 };
	int status;

	assert_int_equal(ask(false_helper("clean"), TIMEOUT_MS, &reply, &why),
	    AKITA_OK);
	assert_int_equal(reply.rc, AKITA_OK);
	/* Nothing is left to wait for. */
	assert_int_equal(waitpid(-1, &status, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(waitpid(-1, &status, WNOHANG | __WALL), -1);
}

static void
the_helper_starts_clean_in_any_host(void **state)
{
	sigset_t all, old;
	int dirty;

	(void)state;
	clean_in_this_host();
	assert_int_equal(setenv("LD_PRELOAD", "", 1), 0);
	assert_true((dirty = open("/dev/null", O_RDONLY)) >= 0);
	assert_true(signal(SIGUSR2, SIG_IGN) != SIG_ERR);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &old);
	clean_in_this_host();
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	assert_true(signal(SIGUSR2, SIG_DFL) != SIG_ERR);
	(void)close(dirty);
	(void)unsetenv("LD_PRELOAD");
}

static void
sigchld_of_the_host_stays_its_own(void **state)
{
	(void)state;
	signals_seen = 0;
	assert_true(signal(SIGCHLD, see_signal) != SIG_ERR);
	clean_in_this_host();
	assert_true(signal(SIGPIPE, see_signal) != SIG_ERR);
	fails(false_helper("silent"), AKITA_ERR_IO, "gave no answer");
	assert_int_equal(signals_seen, 0);
	assert_true(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
	clean_in_this_host();
	assert_true(signal(SIGCHLD, SIG_DFL) != SIG_ERR);
	assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
}

static void
a_host_without_standard_descriptors_is_served(void **state)
{
	int status = -1;
	pid_t pid;

	(void)state;
	if ((pid = fork()) == 0) {
		struct akita_wire_reply reply;
		struct akita_why why = { 0 };
		const char *path = false_helper("clean");

		(void)close(0);
		(void)close(1);
		(void)close(2);
		_exit(ask(path, TIMEOUT_MS, &reply, &why) == AKITA_OK &&
		    reply.rc == AKITA_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static unsigned int
count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n;
}

static void
asking_often_leaves_no_descriptor_and_no_child(void **state)
{
	struct akita_wire_reply reply;
	struct akita_why why = { 0 };
	unsigned int before = count_fds();
	int i, status;

	(void)state;
	for (i = 0; i < 100; i++) {
		assert_int_equal(ask(false_helper("good"), TIMEOUT_MS, &reply,
		    &why), AKITA_OK);
		assert_int_equal(ask(false_helper("silent"), TIMEOUT_MS,
		    &reply, &why), AKITA_ERR_IO);
	}
	assert_int_equal(count_fds(), before);
	assert_int_equal(waitpid(-1, &status, __WALL | WNOHANG), -1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_helper_is_believed),
		cmocka_unit_test(a_false_helper_is_not),
		cmocka_unit_test(a_helper_that_hangs_is_left_behind_in_time),
		cmocka_unit_test(the_helper_starts_clean_in_any_host),
		cmocka_unit_test(sigchld_of_the_host_stays_its_own),
		cmocka_unit_test(a_host_without_standard_descriptors_is_served),
		cmocka_unit_test(
		    asking_often_leaves_no_descriptor_and_no_child),
	};
	const char *started_as;
	char command[64];
	int failed;

	if (argc == 1 && strcmp(argv[0], "akita-otp-helper") == 0) {
		started_as = (const char *)(uintptr_t)getauxval(AT_EXECFN);
		return be_false(strrchr(started_as, '/') + 1, argc, argv);
	}
	if (mkdtemp(dir) == NULL)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)snprintf(command, sizeof(command), "rm -r %s", dir);
	return failed != 0 || system(command) != 0;
}

/*
 * test_helper_real.c: the helper that is installed, started without its setuid
 * bit: by root, for whom it decides, and by hand, for whom it does not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam/helper_client.h"
#include "pam/helper_run.h"
#include "tests/pam/world.h"

#define TIMEOUT_MS	2000

static const char *
real_helper(void)
{
	static char path[1024];
	const char *build = getenv("AKITA_BUILD");

	(void)snprintf(path, sizeof(path), "%s/akita-otp-helper",
	    build != NULL ? build : ".");
	return path;
}

static enum akita_rc
really(struct world *w, enum akita_wire_op op, const char *user,
    const char *answer, struct akita_wire_reply *reply)
{
	struct akita_wire_request request AKITA_WIRE_AUTO = { .op = op,
		.start_of_use = true };
	struct akita_why why = { 0 };
	enum akita_rc rc;

	(void)snprintf(request.config, sizeof(request.config), "%s",
	    w->config);
	(void)snprintf(request.user, sizeof(request.user), "%s", user);
	(void)akita_answer_set(&request.answer, answer);
	rc = akita_helper_ask(real_helper(), &request, TIMEOUT_MS,
	    &akita_os_clock, &akita_os_random, reply, &why);
	return rc == AKITA_OK ? reply->rc : rc;
}

static void
the_real_helper_decides_for_root(void **state)
{
	struct akita_wire_reply reply;
	char code[AKITA_DIGITS_MAX + 1];
	struct world w;

	(void)state;
	world_make(&w, NULL, 0);
	world_account(&w, "alice", "active", NULL);
	world_code(&w, "alice", NULL, 0, code);
	assert_int_equal(really(&w, AKITA_WIRE_ATTEMPT, "alice", "abc",
	    &reply), AKITA_OK);
	assert_int_equal(reply.outcome.cause, AKITA_CAUSE_MALFORMED);
	assert_int_equal(really(&w, AKITA_WIRE_ATTEMPT, "alice", code,
	    &reply), AKITA_OK);
	assert_int_equal(reply.outcome.verdict, AKITA_VERDICT_ACCEPT);
	assert_int_equal(really(&w, AKITA_WIRE_ATTEMPT, "alice", code,
	    &reply), AKITA_OK);
	assert_int_equal(reply.outcome.cause, AKITA_CAUSE_REPLAY);
	assert_int_equal(really(&w, AKITA_WIRE_ACCOUNT, "alice", "", &reply),
	    AKITA_OK);
	assert_int_equal(reply.peek.state, AKITA_STATE_ACTIVE);
	assert_int_equal(really(&w, AKITA_WIRE_PEEK, "mallory", "", &reply),
	    AKITA_OK);
	assert_int_equal(reply.peek.state, AKITA_STATE_UNREGISTERED);
	assert_int_equal(chown(w.config, 12345, (gid_t)-1), 0);
	assert_int_equal(really(&w, AKITA_WIRE_PEEK, "alice", "", &reply),
	    AKITA_ERR_SETTINGS);
	world_remove(&w);
}

/* Bytes to the real helper; its reply, or AKITA_ERR_IO where it gives none. */
static enum akita_rc
send_raw(const uint8_t *bytes, size_t len, struct akita_wire_reply *reply)
{
	struct akita_helper_run run;
	uint8_t buf[AKITA_WIRE_REPLY];
	enum akita_rc rc = AKITA_ERR_IO;
	ssize_t n;

	assert_int_equal(akita_helper_run_start(real_helper(), &run),
	    AKITA_OK);
	if (send(run.fd, bytes, len, MSG_NOSIGNAL) == (ssize_t)len &&
	    (n = recv(run.fd, buf, sizeof(buf), 0)) > 0)
		rc = akita_wire_get_reply(buf, (size_t)n, reply);
	akita_helper_run_end(&run, TIMEOUT_MS);
	return rc;
}

/* A wrong code, and some bytes of the request changed, cut off or added. */
static void
a_mangled_request_is_never_accepted(void **state)
{
	struct akita_wire_request request AKITA_WIRE_AUTO = {
		.op = AKITA_WIRE_ATTEMPT, .start_of_use = true };
	uint8_t good[AKITA_WIRE_REQUEST], bad[AKITA_WIRE_REQUEST];
	struct akita_wire_reply reply;
	uint32_t random = 1;
	size_t len = 0, bad_len;
	struct world w;
	int i, k;

	(void)state;
	world_make(&w, NULL, 0);
	world_account(&w, "alice", "active", NULL);
	(void)snprintf(request.config, sizeof(request.config), "%s",
	    w.config);
	(void)snprintf(request.user, sizeof(request.user), "alice");
	(void)akita_answer_set(&request.answer, "abcdef");
	memset(good, 0, sizeof(good));
	assert_int_equal(akita_wire_put_request(&request, good, &len),
	    AKITA_OK);
	for (i = 0; i < 200; i++) {
		memcpy(bad, good, sizeof(bad));
		bad_len = len;
		for (k = i % 4; k >= 0; k--) {
			random = random * 1103515245 + 12345;
			bad[(random >> 8) % len] = (uint8_t)(random >> 24);
		}
		if (i % 5 == 0)
			bad_len = 1 + (random >> 8) % (len + 40);
		if (send_raw(bad, bad_len, &reply) == AKITA_OK)
			assert_int_equal(reply.outcome.verdict,
			    AKITA_VERDICT_DENY);
	}
	world_remove(&w);
}

static void
a_busy_database_is_told_in_time(void **state)
{
	static const char *const extra[] = { "storage lock_timeout_ms 300" };
	struct akita_wire_reply reply;
	struct akita_txn *txn = NULL;
	struct akita_why why = { 0 };
	struct world w;
	int64_t before, took;

	(void)state;
	world_make(&w, extra, 1);
	world_account(&w, "alice", "active", NULL);
	assert_int_equal(akita_txn_begin(w.site.store, "alice",
	    AKITA_TXN_CHANGE, &txn, &why), AKITA_OK);
	before = akita_os_clock.mono_ms(NULL);
	assert_int_equal(really(&w, AKITA_WIRE_ATTEMPT, "alice", "abc",
	    &reply), AKITA_ERR_BUSY);
	took = akita_os_clock.mono_ms(NULL) - before;
	assert_in_range(took, 250, 1300);
	akita_txn_end(&txn);
	assert_int_equal(really(&w, AKITA_WIRE_ATTEMPT, "alice", "abc",
	    &reply), AKITA_OK);
	world_remove(&w);
}

/* The real helper started by hand: stdin is fd, argv as given. */
static int
start_by_hand(int fd, char *const argv[], char *const envp[])
{
	int status = -1;
	pid_t pid;

	if ((pid = fork()) == 0) {
		(void)dup2(fd, 0);
		(void)dup2(fd, 1);
		(void)execve(real_helper(), argv, envp);
		_exit(99);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void
the_real_helper_refuses_odd_calls(void **state)
{
	char name[] = "x", more[] = "--help", dirty[] = "PATH=/bin";
	char *good[] = { name, NULL }, *odd[] = { name, more, NULL };
	char *none[] = { NULL }, *env[] = { dirty, NULL };
	int null, pair[2], bytes[2];

	(void)state;
	assert_true((null = open("/dev/null", O_RDWR)) >= 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_int_equal(pipe(bytes), 0);
	assert_int_equal(start_by_hand(null, good, none), 2);
	assert_int_equal(start_by_hand(bytes[0], good, none), 2);
	assert_int_equal(start_by_hand(pair[1], odd, none), 2);
	assert_int_equal(start_by_hand(pair[1], good, env), 2);
	/* The right call, but nothing of ours in it. */
	assert_int_equal(send(pair[0], "hello", 5, 0), 5);
	assert_int_equal(start_by_hand(pair[1], good, none), 2);
	(void)close(null);
	(void)close(pair[0]);
	(void)close(pair[1]);
	(void)close(bytes[0]);
	(void)close(bytes[1]);
}

int
main(void)
{
	const struct CMUnitTest as_root[] = {
		cmocka_unit_test(the_real_helper_decides_for_root),
		cmocka_unit_test(a_busy_database_is_told_in_time),
		cmocka_unit_test(a_mangled_request_is_never_accepted),
		cmocka_unit_test(the_real_helper_refuses_odd_calls),
	};
	const struct CMUnitTest as_user[] = {
		cmocka_unit_test(the_real_helper_refuses_odd_calls),
	};

	if (geteuid() == 0)
		return cmocka_run_group_tests(as_root, NULL, NULL);
	return cmocka_run_group_tests(as_user, NULL, NULL);
}

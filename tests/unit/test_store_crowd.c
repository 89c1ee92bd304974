/* Many processes at once, some of which die: no update is lost, nobody waits
 * in vain, and the database always opens. */
#include "tests/unit/store_kit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int
is_long(void)
{
	return getenv("AKITA_LONG") != NULL;
}

/* Run work in a child with a handle of its own. */
static pid_t
child(struct kit *k, int (*work)(struct kit *k, int arg), int arg)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		akita_store_free(&k->store);
		if (akita_store_new(&k->env, &k->store) != AKITA_OK)
			_exit(99);
		_exit(work(k, arg));
	}
	return pid;
}

static void
assert_exit(pid_t pid, int code)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
}

static int
log_alice_in(struct kit *k, int times)
{
	int bad = 0;

	while (times-- > 0)
		bad += kit_login(k, "alice", NULL) != AKITA_OK;
	return bad;
}

static void
two_processes_lose_no_update_of_one_account(void **state)
{
	struct akita_account a;
	struct kit k;
	pid_t one, two;

	(void)state;
	kit_create(&k);
	k.env.lock_timeout_ms = 20000;
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	one = child(&k, log_alice_in, 150);
	two = child(&k, log_alice_in, 150);
	assert_exit(one, 0);
	assert_exit(two, 0);
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(a.slot.last_step, 299);
	kit_free(&k);
}

static int
log_one_in(struct kit *k, int number)
{
	char user[32];
	int i, bad = 0;

	(void)snprintf(user, sizeof(user), "user%d", number);
	for (i = 0; i < 20; i++)
		bad += kit_login(k, user, NULL) != AKITA_OK;
	return bad;
}

static void
sixty_four_users_at_once_all_succeed(void **state)
{
	struct akita_account a;
	struct kit k;
	pid_t pids[64];
	char user[32];
	int i;

	(void)state;
	kit_create(&k);
	for (i = 0; i < 64; i++) {
		(void)snprintf(user, sizeof(user), "user%d", i);
		KIT_OK(kit_add(&k, user, NULL, KW));
	}
	for (i = 0; i < 64; i++)
		pids[i] = child(&k, log_one_in, i);
	for (i = 0; i < 64; i++)
		assert_exit(pids[i], 0);
	for (i = 0; i < 64; i++) {
		(void)snprintf(user, sizeof(user), "user%d", i);
		KIT_OK(kit_read(&k, user, &a, KW));
		assert_int_equal(a.slot.last_step, 19);
	}
	kit_free(&k);
}

static int
add_some(struct kit *k, int count)
{
	char user[32];
	int i, bad = 0;

	for (i = 0; i < count; i++) {
		(void)snprintf(user, sizeof(user), "new%d", i);
		bad += kit_add(k, user, NULL, NULL) != AKITA_OK;
	}
	return bad;
}

static void
logins_beside_a_growing_database_lose_nothing(void **state)
{
	struct akita_check_report report;
	struct akita_account a;
	struct kit k;
	pid_t in, more;

	(void)state;
	kit_create(&k);
	k.env.lock_timeout_ms = 20000;
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	in = child(&k, log_alice_in, 200);
	more = child(&k, add_some, 150);
	assert_exit(more, 0);
	assert_exit(in, 0);
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(a.slot.last_step, 199);
	KIT_OK(akita_store_verify(k.store, NULL, NULL, &report, KW));
	assert_int_equal(report.accounts, 151);
	assert_int_equal(report.damaged + report.missing + report.pages_bad,
	    0);
	kit_free(&k);
}

/* ---- death ---- */

/* Log in and make accounts until killed; say what was acknowledged. */
static int
work_until_killed(struct kit *k, int out)
{
	char user[32];
	int32_t said[2] = { 0, 0 };
	struct akita_account a;

	if (kit_read(k, "alice", &a, NULL) != AKITA_OK)
		return 1;
	for (;;) {
		if (kit_login(k, "alice", NULL) != AKITA_OK)
			return 2;
		said[0]++;
		if (write(out, said, sizeof(said)) != sizeof(said))
			return 3;
		(void)snprintf(user, sizeof(user), "n%d-%d", getpid(),
		    said[1]);
		if (kit_add(k, user, NULL, NULL) != AKITA_OK)
			return 4;
		said[1]++;
		if (write(out, said, sizeof(said)) != sizeof(said))
			return 5;
	}
}

/* One life: how many logins and accounts were acknowledged. */
static void
one_life(struct kit *k, int32_t ret_said[2], pid_t *ret_pid)
{
	int32_t said[2];
	int fds[2], status;
	pid_t pid;

	ret_said[0] = ret_said[1] = 0;
	assert_int_equal(pipe(fds), 0);
	pid = child(k, work_until_killed, fds[1]);
	(void)close(fds[1]);
	(void)usleep((useconds_t)(1000 + rand() % 9000));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	while (read(fds[0], said, sizeof(said)) == sizeof(said))
		memcpy(ret_said, said, sizeof(said));
	(void)close(fds[0]);
	*ret_pid = pid;
}

static void
killed_anywhere_the_database_opens_with_all_that_was_promised(void **state)
{
	struct akita_check_report report;
	struct akita_account a = { 0 };
	struct kit k;
	int64_t before = -1;
	int32_t said[2], i, n, lives = is_long() ? 400 : 60;
	char user[32];
	pid_t pid;

	(void)state;
	srand(1);
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	for (n = 0; n < lives; n++) {
		one_life(&k, said, &pid);
		KIT_OK(kit_read(&k, "alice", &a, KW));
		assert_in_range(a.slot.last_step - before, said[0],
		    said[0] + 1);
		before = a.slot.last_step;
		for (i = 0; i < said[1]; i++) {
			(void)snprintf(user, sizeof(user), "n%d-%d", pid, i);
			KIT_OK(kit_read(&k, user, &a, KW));
			assert_int_equal(a.slot.state, AKITA_STATE_ACTIVE);
		}
	}
	KIT_OK(kit_login(&k, "alice", KW));
	KIT_OK(akita_store_verify(k.store, NULL, NULL, &report, KW));
	assert_int_equal(report.damaged + report.missing + report.pages_bad,
	    0);
	kit_free(&k);
}

struct ids {
	uint32_t	seen[10000];
	int		n;
};

static bool
note_id(void *ctx, const struct akita_account *account)
{
	struct ids *ids = ctx;
	int i;

	for (i = 0; i < ids->n; i++)
		assert_int_not_equal(ids->seen[i], account->identity.user_id);
	ids->seen[ids->n++] = account->identity.user_id;
	return ids->n < 10000;
}

static void
no_user_id_is_given_twice_whoever_dies(void **state)
{
	static struct ids ids;
	struct kit k;
	int32_t said[2];
	pid_t pid;
	int i;

	(void)state;
	srand(2);
	ids.n = 0;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	for (i = 0; i < 20; i++)
		one_life(&k, said, &pid);
	KIT_OK(akita_store_each(k.store, true, note_id, &ids, KW));
	assert_true(ids.n > 1);
	kit_free(&k);
}

/* ---- stopped ---- */

static int
hold_alice(struct kit *k, int ready)
{
	struct akita_txn *txn;

	if (akita_txn_begin(k->store, "alice", AKITA_TXN_CHANGE, &txn,
	    NULL) != AKITA_OK)
		return 1;
	if (write(ready, "x", 1) != 1)
		return 2;
	for (;;)
		(void)pause();
}

static void
a_stopped_login_holds_up_its_own_account_only(void **state)
{
	struct akita_why why;
	struct kit k;
	int fds[2];
	char c;
	pid_t pid;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	KIT_OK(kit_add(&k, "bob", NULL, KW));
	assert_int_equal(pipe(fds), 0);
	pid = child(&k, hold_alice, fds[1]);
	assert_int_equal(read(fds[0], &c, 1), 1);
	assert_int_equal(kill(pid, SIGSTOP), 0);
	k.env.lock_timeout_ms = 200;
	akita_store_free(&k.store);
	kit_open(&k);
	assert_int_equal(kit_login(&k, "alice", &why), AKITA_ERR_BUSY);
	assert_non_null(why.msgid);
	KIT_OK(kit_login(&k, "bob", KW));
	KIT_OK(kit_login(&k, "nobody", KW));
	assert_int_equal(kit_add(&k, "carol", NULL, &why), AKITA_ERR_BUSY);
	KIT_OK(kit_login(&k, "bob", KW));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	KIT_OK(kit_login(&k, "alice", KW));
	KIT_OK(kit_add(&k, "carol", NULL, KW));
	(void)close(fds[0]);
	(void)close(fds[1]);
	kit_free(&k);
}

static void
a_child_forked_inside_does_not_keep_the_lock(void **state)
{
	struct akita_txn *txn = NULL;
	struct kit k;
	pid_t pid;

	(void)state;
	kit_create(&k);
	k.env.lock_timeout_ms = 300;
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	KIT_OK(akita_txn_begin(k.store, "alice", AKITA_TXN_CHANGE, &txn, KW));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		for (;;)
			(void)pause();
	akita_txn_end(&txn);
	KIT_OK(kit_login(&k, "alice", KW));
	KIT_OK(kit_add(&k, "bob", NULL, KW));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	kit_free(&k);
}

static void
signals_are_held_back_inside_and_let_in_again_after(void **state)
{
	sigset_t before, inside, after;
	struct akita_txn *txn = NULL;
	struct kit k;
	int i;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	(void)sigemptyset(&before);
	(void)sigaddset(&before, SIGUSR2);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
	KIT_OK(akita_txn_begin(k.store, "alice", AKITA_TXN_CHANGE, &txn, KW));
	assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &inside), 0);
	akita_txn_end(&txn);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &after), 0);
	assert_true(sigismember(&inside, SIGTERM) == 1 &&
	    sigismember(&inside, SIGINT) == 1);
	for (i = 1; i < 32; i++)
		assert_int_equal(sigismember(&after, i) == 1, i == SIGUSR2);
	kit_free(&k);
}

static int
log_in_limited(struct kit *k, int size)
{
	struct rlimit limit = { (rlim_t)size, (rlim_t)size };
	struct akita_why why = { 0 };
	enum akita_rc rc;

	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	rc = kit_login(k, "alice", &why);
	return rc == AKITA_ERR_DATABASE && why.msgid != NULL &&
	    strstr(why.msgid, "RLIMIT_FSIZE") != NULL ? 0 : 2;
}

static void
a_limit_on_file_sizes_is_an_error_not_a_signal(void **state)
{
	struct akita_account a;
	struct kit k;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	assert_exit(child(&k, log_in_limited, 4096), 0);
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(a.slot.last_step, -1);
	KIT_OK(kit_login(&k, "alice", KW));
	kit_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_processes_lose_no_update_of_one_account),
		cmocka_unit_test(sixty_four_users_at_once_all_succeed),
		cmocka_unit_test(logins_beside_a_growing_database_lose_nothing),
		cmocka_unit_test(
	    killed_anywhere_the_database_opens_with_all_that_was_promised),
		cmocka_unit_test(no_user_id_is_given_twice_whoever_dies),
		cmocka_unit_test(a_stopped_login_holds_up_its_own_account_only),
		cmocka_unit_test(a_child_forked_inside_does_not_keep_the_lock),
		cmocka_unit_test(
		    signals_are_held_back_inside_and_let_in_again_after),
		cmocka_unit_test(
		    a_limit_on_file_sizes_is_an_error_not_a_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

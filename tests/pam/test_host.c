/*
 * test_host.c: the module as a guest in somebody's process: it leaves nothing
 * behind and changes nothing, however often, from threads, across fork.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <locale.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/pam/run.h"
#include "tests/pam/world.h"

#define MANY	10000
#define LOADS	1000
/* Bytes that the allocator may keep.  One forgotten block a login, 24 at the
 * least, would be three times that. */
#define SLACK	65536
#define THREADS	8
#define ROUNDS	20

#ifdef __SANITIZE_ADDRESS__
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif
#ifndef HAVE_ASAN
#define HAVE_ASAN 0
#endif

static const char *const lines[] = {
	"auth required MODULE config=CONFIG",
	"account required MODULE config=CONFIG",
};

static struct world world;

static int
make_world(void **state)
{
	static const char *const extra[] = { "policy max_failures 1000" };

	(void)state;
	world_make(&world, extra, 1);
	world_account(&world, "alice", "active", NULL);
	world_account(&world, "bob", "active", NULL);
	world_account(&world, "carol", "active", NULL);
	return 0;
}

static int
remove_world(void **state)
{
	(void)state;
	world_remove(&world);
	return 0;
}

static void
start(struct run *run, const char *user)
{
	run_start(run, world.dir, "akita-test", lines, 2, world.config, user);
}

/* One login with this answer, from beginning to end; its code. */
static int
login(const char *user, const char *answer)
{
	struct run run;
	int code;

	start(&run, user);
	run_expect(&run, PAM_PROMPT_ECHO_ON, "", RUN_TEXT, answer);
	code = pam_authenticate(run.pamh, 0);
	/* An application would stop at a refusal; the module must not mind. */
	(void)pam_acct_mgmt(run.pamh, 0);
	(void)pam_setcred(run.pamh, PAM_ESTABLISH_CRED);
	run_end(&run);
	return code;
}

static unsigned int
count_entries(const char *dir)
{
	unsigned int n = 0;
	DIR *d;

	assert_non_null(d = opendir(dir));
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n;
}

static unsigned int
count_lines(const char *path)
{
	unsigned int n = 0;
	FILE *f;
	int c;

	assert_non_null(f = fopen(path, "r"));
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	(void)fclose(f);
	return n;
}

/* What a host would miss. */
struct host {
	bool			blocked[NSIG];
	bool			blocked_there[NSIG][NSIG];
	void			(*handler[NSIG])(int);
	int			flags[NSIG];
	mode_t			umask;
	char			locale[256];
	char			**env;
	unsigned int		n_env;
	char			cwd[1024];
	unsigned int		n_fds;
	struct itimerval	timer;
	struct rlimit		core, fsize;
	uid_t			uid, euid;
};

static void
look_at(struct host *h)
{
	struct sigaction act;
	sigset_t mask;
	int i, k;

	memset(h, 0, sizeof(*h));
	(void)sigemptyset(&mask);
	(void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
	for (i = 1; i < NSIG; i++) {
		memset(&act, 0, sizeof(act));
		(void)sigaction(i, NULL, &act);
		h->blocked[i] = sigismember(&mask, i) == 1;
		h->handler[i] = act.sa_handler;
		h->flags[i] = act.sa_flags;
		for (k = 1; k < NSIG; k++)
			h->blocked_there[i][k] = sigismember(&act.sa_mask, k) == 1;
	}
	h->umask = umask(0);
	(void)umask(h->umask);
	(void)snprintf(h->locale, sizeof(h->locale), "%s",
	    setlocale(LC_ALL, NULL));
	h->env = environ;
	while (environ[h->n_env] != NULL)
		h->n_env++;
	assert_non_null(getcwd(h->cwd, sizeof(h->cwd)));
	h->n_fds = count_entries("/proc/self/fd");
	(void)getitimer(ITIMER_REAL, &h->timer);
	(void)getrlimit(RLIMIT_CORE, &h->core);
	(void)getrlimit(RLIMIT_FSIZE, &h->fsize);
	h->uid = getuid();
	h->euid = geteuid();
}

static void
a_host_finds_everything_as_it_was(void **state)
{
	struct host *before = malloc(sizeof(*before));
	struct host *after = malloc(sizeof(*after));
	char code[AKITA_DIGITS_MAX + 1];
	sigset_t some, old;

	(void)state;
	assert_true(before != NULL && after != NULL);
	(void)sigemptyset(&some);
	(void)sigaddset(&some, SIGUSR1);
	(void)pthread_sigmask(SIG_BLOCK, &some, &old);
	(void)login("alice", "warm up");
	look_at(before);
	world_code(&world, "alice", NULL, 0, code);
	assert_int_equal(login("alice", code), PAM_SUCCESS);
	assert_int_equal(login("alice", code), PAM_AUTH_ERR);
	assert_int_equal(login("alice", ""), PAM_AUTH_ERR);
	look_at(after);
	assert_memory_equal(before, after, sizeof(*before));
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	free(before);
	free(after);
}

static size_t
in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/* The allocator's own caches fill up during the first thousand. */
static void
many_logins_in_one_process_leave_nothing(void **state)
{
	unsigned int fds = 0;
	size_t bytes = 0;
	int i, accepted = 0;

	(void)state;
	for (i = 0; i < MANY; i++) {
		if (i == MANY / 10) {
			fds = count_entries("/proc/self/fd");
			bytes = in_use();
		}
		accepted += login(i % 2 == 0 ? "bob" : "mallory",
		    i % 3 == 0 ? "abc" : "000000") == PAM_SUCCESS;
	}
	assert_int_equal(accepted, 0);
	assert_int_equal(count_entries("/proc/self/fd"), fds);
	if (!HAVE_ASAN)
		assert_in_range(in_use(), bytes / 2, bytes + SLACK);
}

static void
one_handle_can_be_used_again_and_again(void **state)
{
	struct run run;
	size_t bytes = 0;
	int i;

	(void)state;
	start(&run, "mallory");
	for (i = 0; i < 1000; i++) {
		run_expect(&run, PAM_PROMPT_ECHO_ON, "", RUN_TEXT, "000000");
		assert_int_equal(pam_authenticate(run.pamh, 0), PAM_AUTH_ERR);
		assert_string_equal(run.complaint, "");
		run_reset(&run);
		if (i == 50)
			bytes = in_use();
	}
	if (!HAVE_ASAN)
		assert_in_range(in_use(), bytes / 2, bytes + SLACK / 8);
	run_end(&run);
}

static void
loading_and_unloading_leaves_nothing(void **state)
{
	unsigned int fds = 0, maps = 0;
	struct run run;
	int i;

	(void)state;
	for (i = 0; i < LOADS; i++) {
		start(&run, "alice");
		assert_int_equal(pam_setcred(run.pamh, PAM_ESTABLISH_CRED),
		    PAM_SUCCESS);
		run_end(&run);
		if (i == 10) {
			fds = count_entries("/proc/self/fd");
			maps = count_lines("/proc/self/maps");
		}
	}
	assert_int_equal(count_entries("/proc/self/fd"), fds);
	if (!HAVE_ASAN)
		assert_in_range(count_lines("/proc/self/maps"), maps - 10,
		    maps + 10);
}

/* One code, handed in by all threads at once. */
static char shared_code[AKITA_DIGITS_MAX + 1];
static pthread_barrier_t barrier;

static void *
one_thread(void *arg)
{
	intptr_t accepted = 0;
	struct run *run = arg;
	int i;

	(void)pthread_barrier_wait(&barrier);
	for (i = 0; i < ROUNDS; i++) {
		run_expect(run, PAM_PROMPT_ECHO_ON, "", RUN_TEXT, shared_code);
		accepted += pam_authenticate(run->pamh, 0) == PAM_SUCCESS;
		run_reset(run);
	}
	return (void *)accepted;
}

static void
threads_open_once_with_one_code(void **state)
{
	pthread_t threads[THREADS];
	struct run *runs = calloc(THREADS, sizeof(*runs));
	intptr_t accepted = 0;
	void *one;
	int i;

	(void)state;
	assert_non_null(runs);
	world_code(&world, "carol", NULL, 0, shared_code);
	(void)pthread_barrier_init(&barrier, NULL, THREADS);
	for (i = 0; i < THREADS; i++) {
		start(&runs[i], "carol");
		assert_int_equal(pthread_create(&threads[i], NULL, one_thread,
		    &runs[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &one), 0);
		accepted += (intptr_t)one;
		run_end(&runs[i]);
	}
	(void)pthread_barrier_destroy(&barrier);
	free(runs);
	assert_int_equal(accepted, 1);
}

static void
a_forked_child_and_its_parent_both_go_on(void **state)
{
	struct run run;
	int status = -1;
	pid_t pid;

	(void)state;
	start(&run, "mallory");
	run_expect(&run, PAM_PROMPT_ECHO_ON, "", RUN_TEXT, "000000");
	assert_int_equal(pam_authenticate(run.pamh, 0), PAM_AUTH_ERR);
	run_reset(&run);
	run_expect(&run, PAM_PROMPT_ECHO_ON, "", RUN_TEXT, "000000");
	if ((pid = fork()) == 0)
		_exit(pam_authenticate(run.pamh, 0) == PAM_AUTH_ERR &&
		    pam_end(run.pamh, PAM_DATA_SILENT) == PAM_SUCCESS ? 0 : 1);
	assert_int_equal(pam_authenticate(run.pamh, 0), PAM_AUTH_ERR);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	run_end(&run);
}

static void
a_handle_without_a_conversation_is_refused(void **state)
{
	const struct pam_conv none = { NULL, NULL };
	struct run run;

	(void)state;
	start(&run, "alice");
	assert_int_equal(pam_set_item(run.pamh, PAM_CONV, &none), PAM_SUCCESS);
	assert_int_equal(pam_authenticate(run.pamh, 0), PAM_CONV_ERR);
	run_end(&run);
}

static void
ending_without_anything_is_quiet(void **state)
{
	struct run run;

	(void)state;
	run_log_clear();
	start(&run, "alice");
	run_end(&run);
	start(&run, "alice");
	assert_int_equal(pam_setcred(run.pamh, PAM_DELETE_CRED), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(run.pamh, 0), PAM_SUCCESS);
	run_end(&run);
	assert_int_equal(run_log_n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_finds_everything_as_it_was),
		cmocka_unit_test(many_logins_in_one_process_leave_nothing),
		cmocka_unit_test(one_handle_can_be_used_again_and_again),
		cmocka_unit_test(loading_and_unloading_leaves_nothing),
		cmocka_unit_test(threads_open_once_with_one_code),
		cmocka_unit_test(a_forked_child_and_its_parent_both_go_on),
		cmocka_unit_test(a_handle_without_a_conversation_is_refused),
		cmocka_unit_test(ending_without_anything_is_quiet),
	};

	return cmocka_run_group_tests(tests, make_world, remove_world);
}

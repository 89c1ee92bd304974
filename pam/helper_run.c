#include "pam/helper_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process like fork's, but without an exit signal and without the handlers
 * of pthread_atfork: the host's memory may be in any state. */
static pid_t
split(void)
{
	return (pid_t)syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
}

/* In the child: no handler of the host may run here. */
static void
reset_signals(void)
{
	struct sigaction act = { .sa_handler = SIG_DFL };
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &act, NULL);
}

static void
close_from(unsigned int first)
{
#ifdef SYS_close_range
	(void)syscall(SYS_close_range, first, ~0U, 0U);
#else
	/* What is not close-on-exec the helper closes itself. */
	(void)first;
#endif
}

/*
 * su and sudo run with the caller's real user and root's effective one; the
 * helper must see that root asks.  By system call: the C library would tell
 * threads that do not exist in this process.
 */
static int
become_root(void)
{
	if (geteuid() != 0)
		return 0;
#ifdef SYS_setresuid32
	return (int)syscall(SYS_setresuid32, 0, 0, 0);
#else
	return (int)syscall(SYS_setresuid, 0, 0, 0);
#endif
}

/* The helper's own process, up to exec. */
static void
run_helper(const char *path, int fd)
{
	static char name[] = "akita-otp-helper";
	char *argv[] = { name, NULL }, *envp[] = { NULL };
	sigset_t none;
	int null;

	if ((fd = fcntl(fd, F_DUPFD, 3)) < 0)
		return;
	if ((null = open("/dev/null", O_RDWR)) < 0)
		return;
	if (dup2(null, STDERR_FILENO) < 0 || dup2(fd, STDIN_FILENO) < 0 ||
	    dup2(fd, STDOUT_FILENO) < 0 || become_root() != 0)
		return;
	close_from(3);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)execve(path, argv, envp);
}

/* The middle process: start the helper, wait, go.  All signals are blocked. */
static void
stand_between(const char *path, int fd)
{
	int status;
	pid_t pid;

	reset_signals();
	if ((pid = split()) == 0) {
		run_helper(path, fd);
		_exit(127);
	}
	close_from(0);
	while (pid > 0 && waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		continue;
	_exit(0);
}

enum akita_rc
akita_helper_run_start(const char *path, struct akita_helper_run *ret)
{
	sigset_t all, before;
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return AKITA_ERR_IO;
	(void)sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) {
		(void)close(pair[0]);
		(void)close(pair[1]);
		return AKITA_ERR_IO;
	}
	if ((pid = split()) == 0)
		stand_between(path, pair[1]);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)close(pair[1]);
	if (pid < 0) {
		(void)close(pair[0]);
		return AKITA_ERR_IO;
	}
	ret->fd = pair[0];
	ret->pid = pid;
	return AKITA_OK;
}

void
akita_helper_run_end(struct akita_helper_run *run, int timeout_ms)
{
	struct pollfd end = { .fd = run->fd };
	int n, status;

	do
		n = poll(&end, 1, timeout_ms);
	while (n < 0 && errno == EINTR);
	(void)close(run->fd);
	if (n != 1)
		(void)kill(run->pid, SIGKILL);
	while (waitpid(run->pid, &status, __WALL) < 0 && errno == EINTR)
		continue;
}

/*
 * helper_main.c: akita-otp-helper, setuid root: one question about one
 * account, for callers who cannot read the database themselves.
 *
 * Its rules.  It MUST be started with no argument, an empty environment and a
 * socket as standard input; it answers nobody else.  It MUST NOT take a lock
 * before nothing of the caller's can stop or starve it: user IDs, session,
 * limits, timers, signals are its own by then.  It tells the caller nothing
 * but one reply (wire.h) and writes the reasons to syslog.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <syslog.h>
#include <unistd.h>

#include "pam/helper_serve.h"

#define EXIT_REFUSED	2	/* called as it must not be */
#define EXIT_TROUBLE	3	/* could not put its own process in order */

#define REQUEST_WAIT_S	5	/* for the request to arrive */
#define SERVE_MORE_S	3	/* beyond the time for the lock */
#define CPU_LIMIT_S	30
#define FILES_LIMIT	256

/* Standard output and error exist, so that no file opened later becomes one;
 * nothing else is open. */
static int
own_descriptors(void)
{
	int fd;

	do {
		if ((fd = open("/dev/null", O_RDWR)) < 0)
			return -1;
	} while (fd <= STDERR_FILENO);
	/* Whatever the caller has for stderr, we do not write to it. */
	if (dup2(fd, STDERR_FILENO) < 0)
		return -1;
#ifdef SYS_close_range
	if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0)
		return 0;
#endif
	for (fd = 3; fd < (int)sysconf(_SC_OPEN_MAX); fd++)
		(void)close(fd);
	return 0;
}

/*
 * Root may set any limit, but for root in a container without the right to: it
 * gets as far as the caller's hard limit.  If that is too little, the store
 * refuses before it writes.
 */
static int
set_limit(__rlimit_resource_t what, rlim_t value)
{
	struct rlimit limit = { value, value };

	if (setrlimit(what, &limit) == 0)
		return 0;
	if (getrlimit(what, &limit) != 0)
		return -1;
	limit.rlim_cur = value < limit.rlim_max ? value : limit.rlim_max;
	return setrlimit(what, &limit);
}

/* The caller may have set limits that stop a write in its middle. */
static int
own_limits(void)
{
	if (set_limit(RLIMIT_CORE, 0) != 0 ||
	    set_limit(RLIMIT_FSIZE, RLIM_INFINITY) != 0 ||
	    set_limit(RLIMIT_AS, RLIM_INFINITY) != 0 ||
	    set_limit(RLIMIT_DATA, RLIM_INFINITY) != 0 ||
	    set_limit(RLIMIT_NOFILE, FILES_LIMIT) != 0 ||
	    set_limit(RLIMIT_CPU, CPU_LIMIT_S) != 0)
		return -1;
	/* Being nice costs time, nothing else. */
	(void)setpriority(PRIO_PROCESS, 0, 0);
	return 0;
}

/* Default actions, nothing blocked, no timer left over from the caller. */
static void
own_signals(void)
{
	const struct sigaction act = { .sa_handler = SIG_DFL };
	const struct itimerval off = { 0 };
	sigset_t none;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &act, NULL);
	(void)setitimer(ITIMER_REAL, &off, NULL);
	(void)setitimer(ITIMER_VIRTUAL, &off, NULL);
	(void)setitimer(ITIMER_PROF, &off, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* All user and group IDs root's: from here on the caller cannot send us
 * signals, trace us, or see us as its own. */
static int
own_ids(void)
{
	if (setgroups(0, NULL) != 0 || setresgid(0, 0, 0) != 0 ||
	    setresuid(0, 0, 0) != 0)
		return -1;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* Everything of this process that came from the caller. */
static int
own_process(void)
{
	own_signals();
	(void)alarm(REQUEST_WAIT_S);
	if (own_ids() != 0 || own_descriptors() != 0 || own_limits() != 0 ||
	    chdir("/") != 0)
		return -1;
	(void)umask(077);
	/* A process group's leader has no session to leave but to fork. */
	if (setsid() < 0 && getsid(0) != getpid())
		return -1;
	return 0;
}

/* Called as the module calls us, and as nobody does by hand. */
static bool
is_proper_call(int argc)
{
	struct stat st;

	return argc == 1 && (environ == NULL || environ[0] == NULL) &&
	    fstat(STDIN_FILENO, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    fstat(STDOUT_FILENO, &st) == 0 && S_ISSOCK(st.st_mode);
}

static enum akita_rc
receive(struct akita_wire_request *request)
{
	uint8_t buf[AKITA_WIRE_REQUEST + 1];
	enum akita_rc rc = AKITA_ERR_MALFORMED;
	ssize_t n;

	do
		n = recv(STDIN_FILENO, buf, sizeof(buf), 0);
	while (n < 0 && errno == EINTR);
	if (n > 0 && (size_t)n < sizeof(buf))
		rc = akita_wire_get_request(buf, (size_t)n, request);
	akita_wipe(buf, sizeof(buf));
	return rc;
}

static int
send_reply(const struct akita_wire_reply *reply)
{
	uint8_t buf[AKITA_WIRE_REPLY];
	ssize_t n;

	akita_wire_put_reply(reply, buf);
	do
		n = send(STDOUT_FILENO, buf, sizeof(buf), MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(buf) ? 0 : EXIT_TROUBLE;
}

/* Beyond this time nobody waits for us any more.  The store blocks signals
 * while it writes, so this never ends a write in its middle. */
static void
watch(unsigned int lock_timeout_ms)
{
	(void)alarm(lock_timeout_ms / 1000 + SERVE_MORE_S);
}

int
main(int argc, char **argv)
{
	struct akita_wire_request request AKITA_WIRE_AUTO = { 0 };
	struct akita_wire_reply reply = { 0 };
	struct akita_caller caller = { 0 };
	uid_t uid = getuid();
	bool is_root = geteuid() == 0, is_proper = is_proper_call(argc);

	(void)argv;
	(void)clearenv();
	openlog("akita-otp-helper", LOG_PID, LOG_AUTHPRIV);
	if (!is_root || !is_proper) {
		syslog(LOG_ERR, "called by user ID %lu %s", (unsigned long)uid,
		    is_root ? "by hand: only the module calls this program" :
		    "without root's rights: make it setuid root");
		return EXIT_REFUSED;
	}
	if (own_process() != 0) {
		syslog(LOG_ERR, "cannot leave the caller's limits: %m");
		return EXIT_TROUBLE;
	}
	if (akita_caller_find(uid, &caller) != AKITA_OK) {
		syslog(LOG_ERR, "the name service does not answer");
		return EXIT_TROUBLE;
	}
	if (receive(&request) != AKITA_OK) {
		syslog(LOG_ERR, "user ID %lu sent no request of ours",
		    (unsigned long)uid);
		return EXIT_REFUSED;
	}
	akita_helper_serve(&request, &caller, watch, &reply);
	return send_reply(&reply);
}

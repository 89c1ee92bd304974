/* Handing one mail to sendmail: akita_outbox_send of outbox.h. */
#include "common/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_MS	10

static char *const clean_env[] = {
	(char[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin" },
	(char[]){ "LC_ALL=C" },
	NULL
};

/* Input from fd, nothing else open, signals as a fresh process has them. */
static int
spawn(const struct akita_outbox *box, int fd, const char *to, pid_t *ret_pid)
{
	const char *argv[] = { "sendmail", "-i", "-f", box->from, "--", to,
	    NULL };
	const char *bare[] = { "sendmail", "-i", "--", to, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	if ((err = posix_spawn_file_actions_init(&actions)) != 0)
		return err;
	if ((err = posix_spawnattr_init(&attr)) != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return err;
	}
	err = posix_spawn_file_actions_adddup2(&actions, fd, 0);
	if (err == 0)
		err = posix_spawn_file_actions_addopen(&actions, 1,
		    "/dev/null", O_WRONLY, 0);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(&actions, 1, 2);
	if (err == 0)
		err = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	if (err == 0)
		err = posix_spawnattr_setsigmask(&attr, &none);
	if (err == 0)
		err = posix_spawnattr_setsigdefault(&attr, &all);
	if (err == 0)
		err = posix_spawnattr_setflags(&attr,
		    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	/* posix_spawn takes char *const[] and changes nothing. */
	if (err == 0)
		err = posix_spawn(ret_pid, box->sendmail, &actions, &attr,
		    (char *const *)(uintptr_t)(box->from[0] != '\0' ? argv :
		    bare), clean_env);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return err;
}

/* Wait for it to end; after the time is over it is ended. */
static enum akita_rc
wait_for(const struct akita_outbox *box, pid_t pid, struct akita_why *why)
{
	const struct akita_clock *clock = box->clock;
	int64_t end_ms = clock->mono_ms(clock->ctx) + box->timeout_ms;
	char text[16];
	int status = 0;
	pid_t got;

	while ((got = waitpid(pid, &status, WNOHANG)) == 0 ||
	    (got < 0 && errno == EINTR)) {
		if (clock->mono_ms(clock->ctx) >= end_ms) {
			(void)kill(pid, SIGKILL);
			(void)waitpid(pid, &status, 0);
			return akita_fail(why, AKITA_ERR_IO, AKITA_N("%s took "
			    "too long over a mail and was ended."),
			    box->sendmail, NULL);
		}
		clock->sleep_ms(clock->ctx, POLL_MS);
	}
	if (got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return AKITA_OK;
	(void)snprintf(text, sizeof(text), "%d", got == pid &&
	    WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return akita_fail(why, AKITA_ERR_IO, AKITA_N("%s did not take the "
	    "mail (exit status %s). It will be tried again."), box->sendmail,
	    text, NULL);
}

enum akita_rc
akita_outbox_send(const struct akita_outbox *box, int fd, const char *to,
    struct akita_why *why)
{
	pid_t pid = -1;
	int err;

	if (akita_mail_check(to, why) != AKITA_OK ||
	    (box->from[0] != '\0' && akita_mail_check(box->from, why) !=
	    AKITA_OK))
		return AKITA_ERR_IO;
	if (lseek(fd, 0, SEEK_SET) != 0)
		err = errno;
	else
		err = spawn(box, fd, to, &pid);
	if (err != 0)
		return akita_fail(why, AKITA_ERR_IO,
		    AKITA_N("%s cannot be started (%s)."), box->sendmail,
		    akita_trust_errno(err), NULL);
	return wait_for(box, pid, why);
}

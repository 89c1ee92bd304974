#include "cli/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* The signals that end or stop a program at a terminal. */
static const int ends[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU
};
#define ENDS	(sizeof(ends) / sizeof(ends[0]))

static volatile sig_atomic_t caught;

static void
note_signal(int sig)
{
	caught = sig;
}

bool
akita_ask_is_terminal(void)
{
	return isatty(STDIN_FILENO) == 1;
}

/*
 * One line from fd, byte by byte: what follows belongs to the next question,
 * or to whoever reads stdin after us.  mask: signals that may interrupt the
 * wait; NULL: do not wait with poll.  1: a line; 0: the end; -1: errno.
 */
static int
read_line(int fd, const sigset_t *mask, struct akita_answer *ret)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	bool is_bad = false, is_any = false;
	char c;
	ssize_t n;

	ret->len = 0;
	for (;;) {
		if (mask != NULL && ppoll(&pfd, 1, NULL, mask) == -1)
			return -1;
		do
			n = read(fd, &c, 1);
		while (n == -1 && errno == EINTR && mask == NULL);
		if (n == -1)
			return -1;
		if (n == 0 && !is_any)
			return 0;
		if (n == 0 || c == '\n')
			break;
		is_any = true;
		if (c == '\0' || ret->len == AKITA_ANSWER_MAX)
			is_bad = true;
		else
			ret->text[ret->len++] = c;
	}
	if (ret->len > 0 && ret->text[ret->len - 1] == '\r')
		ret->len--;
	ret->text[ret->len] = '\0';
	if (is_bad) {
		akita_answer_wipe(ret);
		(void)akita_answer_set(ret, "?");
	}
	return 1;
}

static void
put(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n == -1 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

/* A terminal while it is asked: what has to be put back. */
struct terminal {
	int		 in, out;
	bool		 is_hidden;
	struct termios	 termios;
	sigset_t	 mask;
	struct sigaction actions[ENDS];
};

static void
terminal_enter(struct terminal *t, enum akita_echo echo)
{
	struct sigaction action = { .sa_handler = note_signal };
	struct termios hidden;
	sigset_t block;
	size_t i;

	caught = 0;
	(void)sigemptyset(&action.sa_mask);
	(void)sigemptyset(&block);
	for (i = 0; i < ENDS; i++)
		(void)sigaddset(&block, ends[i]);
	(void)sigprocmask(SIG_BLOCK, &block, &t->mask);
	for (i = 0; i < ENDS; i++)
		(void)sigaction(ends[i], &action, &t->actions[i]);
	t->is_hidden = echo == AKITA_ECHO_OFF &&
	    tcgetattr(t->in, &t->termios) == 0;
	if (t->is_hidden) {
		hidden = t->termios;
		hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
		(void)tcsetattr(t->in, TCSAFLUSH, &hidden);
	}
}

static void
terminal_leave(struct terminal *t)
{
	size_t i;

	if (t->is_hidden) {
		(void)tcsetattr(t->in, TCSAFLUSH, &t->termios);
		put(t->out, "\n");
	}
	for (i = 0; i < ENDS; i++)
		(void)sigaction(ends[i], &t->actions[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &t->mask, NULL);
}

/* Ask once.  Results of read_line; a signal is raised again when the terminal
 * is as it was, and *ret_again says that the question is to be repeated. */
static int
ask_terminal(struct terminal *t, const char *prompt, enum akita_echo echo,
    struct akita_answer *ret, bool *ret_again)
{
	int result, saved;

	terminal_enter(t, echo);
	put(t->out, prompt);
	result = read_line(t->in, &t->mask, ret);
	saved = errno;
	terminal_leave(t);
	*ret_again = result == -1 && saved == EINTR;
	if (*ret_again && caught != 0)
		(void)kill(getpid(), caught);
	errno = saved;
	return result;
}

static int
ask_tty(const char *prompt, enum akita_echo echo, struct akita_answer *ret)
{
	struct terminal t = { .in = STDIN_FILENO, .out = STDERR_FILENO };
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	int result;
	bool again;

	if (fd != -1)
		t.in = t.out = fd;
	do
		result = ask_terminal(&t, prompt, echo, ret, &again);
	while (again);
	if (fd != -1)
		(void)close(fd);
	return result;
}

enum akita_rc
akita_ask(const struct akita_cli *cli, const char *prompt,
    enum akita_echo echo, struct akita_answer *ret, struct akita_why *why)
{
	int result;

	(void)cli;
	if (akita_ask_is_terminal())
		result = ask_tty(prompt, echo, ret);
	else
		result = read_line(STDIN_FILENO, NULL, ret);
	if (result == 1)
		return AKITA_OK;
	akita_answer_wipe(ret);
	if (result == 0)
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("an answer is "
		    "missing (one line each on standard input); nothing was "
		    "changed"), NULL);
	return akita_fail(why, AKITA_ERR_IO, AKITA_N("the answer could not be "
	    "read: %s"), akita_trust_errno(errno), NULL);
}

/* Both entries on a terminal.  AKITA_OK and *ret_good, or a failure. */
static enum akita_rc
ask_twice(const struct akita_cli *cli, struct akita_answer *ret,
    bool *ret_good, struct akita_why *why)
{
	AKITA_ANSWER_AUTO struct akita_answer first = { 0 }, second = { 0 };
	AKITA_ANSWER_AUTO struct akita_answer again = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	*ret_good = false;
	rc = akita_ask(cli, akita_tr(cli->lang, "Activation password, chosen "
	    "by the customer (4 to 8 digits): "), AKITA_ECHO_OFF, &first, why);
	if (rc != AKITA_OK)
		return rc;
	if (!akita_password_parse(first.text, ret)) {
		AKITA_CLI_TELL(cli, AKITA_N("an activation password is 4 to 8 "
		    "digits; once more, please"), NULL);
		return AKITA_OK;
	}
	rc = akita_ask(cli, akita_tr(cli->lang, "Activation password, once "
	    "more: "), AKITA_ECHO_OFF, &second, why);
	if (rc != AKITA_OK)
		return rc;
	if (!akita_password_parse(second.text, &again) ||
	    again.len != ret->len ||
	    !akita_equal(again.text, ret->text, ret->len))
		AKITA_CLI_TELL(cli, AKITA_N("the two entries differ; once "
		    "more, please"), NULL);
	else
		*ret_good = true;
	return AKITA_OK;
}

enum akita_rc
akita_ask_new_password(const struct akita_cli *cli, struct akita_answer *ret,
    struct akita_why *why)
{
	AKITA_ANSWER_AUTO struct akita_answer line = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	bool is_good = false;
	int i;

	if (akita_ask_is_terminal()) {
		for (i = 0; i < 3 && !is_good; i++)
			if ((rc = ask_twice(cli, ret, &is_good, why)) !=
			    AKITA_OK)
				return rc;
	} else {
		rc = akita_ask(cli, "", AKITA_ECHO_OFF, &line, why);
		if (rc != AKITA_OK)
			return rc;
		is_good = akita_password_parse(line.text, ret);
	}
	if (is_good)
		return AKITA_OK;
	akita_answer_wipe(ret);
	return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("that is no activation "
	    "password: it is 4 to 8 digits, entered twice; nothing was "
	    "changed"), NULL);
}

static bool
is_yes(const struct akita_answer *answer)
{
	static const char *const words[] = { "yes", "y", "はい" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(answer->text, words[i]) == 0)
			return true;
	return false;
}

enum akita_rc
akita_ask_sure(const struct akita_cli *cli, const char *question,
    struct akita_why *why)
{
	AKITA_ANSWER_AUTO struct akita_answer answer = { 0 };
	char prompt[512];
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (!akita_ask_is_terminal() || akita_cli_has(cli, AKITA_OPT_YES))
		return AKITA_OK;
	(void)snprintf(prompt, sizeof(prompt), akita_tr(cli->lang,
	    "%s Go on? (yes/no): "), question);
	rc = akita_ask(cli, prompt, AKITA_ECHO_ON, &answer, why);
	if (rc != AKITA_OK)
		return rc;
	if (!is_yes(&answer))
		return akita_fail(why, AKITA_ERR_REFUSED, AKITA_N("not "
		    "confirmed; nothing was changed"), NULL);
	return AKITA_OK;
}

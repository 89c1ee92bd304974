#include "cli/sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/fdio.h"
#include "cli/sheet_wire.h"
#include "common/secret.h"
#include "common/trust.h"

#define DETAIL_SIZE	256

/* A program to run, and how it ended. */
struct job {
	char	*const	*argv;
	char	*const	*envp;
	const char	*input;		/* for its standard input, or NULL: */
	size_t		 input_len;
	int		 in;		/* its standard input */
	int		 out;		/* its standard output; -1: as error */
	char		 detail[DETAIL_SIZE]; /* first line of its standard
						 error */
	int		 status;	/* as waitpid gives it */
};

/* Ends of channels; a child's descriptors are above 2, so that none is
 * overwritten before it is put into its place. */
struct channels {
	int	child_in, child_out, child_err;
	int	to, from;
};

#define NO_CHANNELS	{ -1, -1, -1, -1, -1 }

static void
shut(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void
shut_child_ends(struct channels *c)
{
	shut(&c->child_in);
	shut(&c->child_out);
	shut(&c->child_err);
}

static int
copy_above(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

/* false: errno.  Whatever was opened is in *c. */
static bool
open_channels(const struct job *job, struct channels *c)
{
	int in[2] = { -1, -1 }, err[2] = { -1, -1 };

	/* A socket, because a program that ends before it has read all then
	 * gives an error here and no signal. */
	if (job->input != NULL && socketpair(AF_UNIX,
	    SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0)
		return false;
	c->to = in[0];
	if (pipe2(err, O_CLOEXEC) != 0) {
		shut(&in[1]);
		return false;
	}
	c->from = err[0];
	c->child_in = copy_above(job->input != NULL ? in[1] : job->in);
	c->child_err = copy_above(err[1]);
	c->child_out = copy_above(job->out >= 0 ? job->out : err[1]);
	shut(&in[1]);
	shut(&err[1]);
	return c->child_in >= 0 && c->child_err >= 0 && c->child_out >= 0;
}

/*
 * In the child, where only async-signal-safe calls are allowed: become the
 * program, with three descriptors and without a core.
 */
static void __attribute__((noreturn))
become(const struct job *job, const struct channels *c)
{
	const struct rlimit none = { 0, 0 };
	sigset_t no_signals;

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)sigemptyset(&no_signals);
	(void)sigprocmask(SIG_SETMASK, &no_signals, NULL);
	if (dup2(c->child_in, STDIN_FILENO) < 0 ||
	    dup2(c->child_out, STDOUT_FILENO) < 0 ||
	    dup2(c->child_err, STDERR_FILENO) < 0 ||
	    close_range(STDERR_FILENO + 1, ~0U, 0) != 0)
		_exit(AKITA_SHEET_EXIT_NO_START);
	(void)execve(job->argv[0], job->argv, job->envp);
	_exit(errno == ENOENT ? AKITA_SHEET_EXIT_NOT_FOUND :
	    AKITA_SHEET_EXIT_NO_START);
}

/* All of the input, or as much as the program wants. */
static void
send_input(const struct job *job, int fd)
{
	size_t sent = 0;
	ssize_t n;

	while (sent < job->input_len) {
		n = send(fd, job->input + sent, job->input_len - sent,
		    MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0)
			sent += (size_t)n;
	}
}

/* Standard error to its end; the first line is kept. */
static void
receive_detail(struct job *job, int fd)
{
	char buf[DETAIL_SIZE];
	size_t used = 0, i;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		for (i = 0; i < (size_t)n && used < DETAIL_SIZE - 1; i++)
			job->detail[used++] = buf[i];
	}
	job->detail[used] = '\0';
	job->detail[strcspn(job->detail, "\n")] = '\0';
}

/* Run the program to its end. */
static enum akita_rc
run(struct job *job, struct akita_why *why)
{
	struct channels c = NO_CHANNELS;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	pid_t pid = -1, ended;

	if (!open_channels(job, &c) || (pid = fork()) < 0)
		goto out;
	if (pid == 0)
		become(job, &c);
	shut_child_ends(&c);
	if (job->input != NULL)
		send_input(job, c.to);
	shut(&c.to);
	receive_detail(job, c.from);
	do {
		ended = waitpid(pid, &job->status, 0);
	} while (ended < 0 && errno == EINTR);
	if (ended == pid)
		rc = AKITA_OK;
out:
	if (rc != AKITA_OK)
		rc = akita_fail(why, AKITA_ERR_IO,
		    AKITA_N("%s cannot be run: %s"), job->argv[0],
		    akita_trust_errno(errno), NULL);
	shut_child_ends(&c);
	shut(&c.to);
	shut(&c.from);
	return rc;
}

/* What the end of akita-otp-sheet means. */
static enum akita_rc
judge_sheet(const struct job *job, struct akita_why *why)
{
	const char *program = job->argv[0];
	char signal_number[16];

	if (WIFSIGNALED(job->status)) {
		(void)snprintf(signal_number, sizeof(signal_number), "%d",
		    WTERMSIG(job->status));
		return akita_fail(why, AKITA_ERR_INTERNAL,
		    AKITA_N("%s was ended by signal %s"), program,
		    signal_number, NULL);
	}
	switch (WEXITSTATUS(job->status)) {
	case AKITA_SHEET_EXIT_DONE:
		return AKITA_OK;
	case AKITA_SHEET_EXIT_USAGE:
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("The entry "
		    "\"%s\" of the sheet is missing, too long or no plain "
		    "text"), job->detail, NULL);
	case AKITA_SHEET_EXIT_GLYPH:
		return akita_fail(why, AKITA_ERR_MISSING, AKITA_N("No font "
		    "on this machine has the character \"%s\" of the sheet: "
		    "install the package fonts-ipafont or fonts-noto-cjk"),
		    job->detail, NULL);
	case AKITA_SHEET_EXIT_OVERFLOW:
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("The sheet "
		    "does not fit one page: shorten the name of the service "
		    "or the contact in the configuration"), NULL);
	case AKITA_SHEET_EXIT_WRITE:
		return akita_fail(why, AKITA_ERR_IO, AKITA_N("The sheet "
		    "cannot be written: %s"), job->detail, NULL);
	case AKITA_SHEET_EXIT_NOT_FOUND:
		return akita_fail(why, AKITA_ERR_MISSING, AKITA_N("%s is not "
		    "installed: sheets cannot be made without it"), program,
		    NULL);
	case AKITA_SHEET_EXIT_NO_START:
		return akita_fail(why, AKITA_ERR_IO, AKITA_N("%s cannot be "
		    "started: look at its mode and its libraries"), program,
		    NULL);
	default:
		return akita_fail(why, AKITA_ERR_INTERNAL,
		    AKITA_N("%s failed: %s"), program, job->detail, NULL);
	}
}

enum akita_rc
akita_sheet_write(const struct akita_sheet *sheet, const char *helper_path,
    int fd, struct akita_why *why)
{
	char program[] = AKITA_SHEET_PROGRAM;
	char *argv[] = { program, NULL };
	char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C.UTF-8";
	char *const envp[] = { path, locale, NULL };
	char text[AKITA_SHEET_WIRE_MAX];
	struct job job = { .argv = argv, .envp = envp, .input = text,
		.in = -1, .out = fd };
	const char *entry = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (akita_sheet_wire_encode(sheet, text, &job.input_len, &entry) !=
	    AKITA_OK)
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("The entry "
		    "\"%s\" of the sheet is missing, too long or no plain "
		    "text"), entry, NULL);
	/* execve does not write to it; its type says it might. */
	if (helper_path != NULL)
		memcpy(&argv[0], &helper_path, sizeof(argv[0]));
	rc = run(&job, why);
	akita_wipe(text, sizeof(text));
	return rc == AKITA_OK ? judge_sheet(&job, why) : rc;
}

/* The print client's path: lp itself if it names one, else where it is found.
 * AKITA_OK; AKITA_ERR_MISSING with why. */
static enum akita_rc
find_lp(const char *lp, char buf[256], const char **ret,
    struct akita_why *why)
{
	static const char *const folders[] = { "/usr/bin", "/bin",
		"/usr/local/bin" };
	const bool is_path = lp != NULL && strchr(lp, '/') != NULL;
	int n;

	if (is_path && access(lp, X_OK) == 0) {
		*ret = lp;
		return AKITA_OK;
	}
	for (size_t i = 0; !is_path && i < sizeof(folders) /
	    sizeof(folders[0]); i++) {
		n = snprintf(buf, 256, "%s/%s", folders[i],
		    lp != NULL ? lp : "lp");
		if (n > 0 && n < 256 && access(buf, X_OK) == 0) {
			*ret = buf;
			return AKITA_OK;
		}
	}
	return akita_fail(why, AKITA_ERR_MISSING, AKITA_N("The print command "
	    "lp is not installed: install the package cups-client"), NULL);
}

enum akita_rc
akita_sheet_print_check(const char *lp, struct akita_why *why)
{
	const char *path = NULL;
	char buf[256];

	return find_lp(lp, buf, &path, why);
}

/* The variables of our environment by which a person says which printer. */
static void
lp_environment(char *envp[8])
{
	static const char *const names[] = { "HOME=", "USER=", "PRINTER=",
		"LPDEST=", "CUPS_SERVER=" };
	size_t used = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (char **p = environ; p != NULL && *p != NULL; p++)
			if (strncmp(*p, names[i], strlen(names[i])) == 0) {
				envp[used++] = *p;
				break;
			}
	envp[used] = NULL;
}

static enum akita_rc
run_lp(const char *lp, int in, struct akita_why *why)
{
	char name[] = "", title_option[] = "-t", title[] = "akita-otp";
	char silent[] = "-s", option[] = "-o", media[] = "media=A4";
	char option_2[] = "-o", sides[] = "sides=one-sided";
	char *argv[] = { name, silent, title_option, title, option, media,
		option_2, sides, NULL };
	char *envp[8];
	struct job job = { .argv = argv, .envp = envp, .in = in, .out = -1 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	memcpy(&argv[0], &lp, sizeof(argv[0]));
	lp_environment(envp);
	if ((rc = run(&job, why)) != AKITA_OK)
		return rc;
	if (WIFEXITED(job.status) && WEXITSTATUS(job.status) == 0)
		return AKITA_OK;
	return akita_fail(why, AKITA_ERR_IO, AKITA_N("%s did not take the "
	    "sheet: %s"), lp, job.detail, NULL);
}

enum akita_rc
akita_sheet_print(const struct akita_sheet *sheet, const char *helper_path,
    const char *lp, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char buf[256];
	int fd = -1;

	if ((rc = find_lp(lp, buf, &lp, why)) != AKITA_OK)
		return rc;
	/* Memory and no file: what is never on a disk is never left there. */
	fd = memfd_create("akita-otp", MFD_CLOEXEC);
	if (fd < 0)
		return akita_fail(why, AKITA_ERR_IO,
		    AKITA_N("%s cannot be run: %s"), lp,
		    akita_trust_errno(errno), NULL);
	rc = akita_sheet_write(sheet, helper_path, fd, why);
	if (rc == AKITA_OK && lseek(fd, 0, SEEK_SET) != 0)
		rc = akita_fail(why, AKITA_ERR_IO,
		    AKITA_N("%s cannot be run: %s"), lp,
		    akita_trust_errno(errno), NULL);
	if (rc == AKITA_OK)
		rc = run_lp(lp, fd, why);
	shut(&fd);
	return rc;
}

/* worker.c: see worker.h. */
#include <sys/mman.h>
#include <sys/wait.h>

#include <security/pam_appl.h>

#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

static void
all(int fd, void *buf, size_t len, int is_write)
{
	char *at = buf;

	while (len > 0) {
		ssize_t n = is_write ? write(fd, at, len) : read(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			exit(is_write ? 98 : 0);
		at += n;
		len -= (size_t)n;
	}
}

void
worker_start(struct worker *worker, const char *program, const char *library,
    const char *log, const char *confdir, const char *module)
{
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
		err(99, "pipe");
	worker->pid = fork();
	if (worker->pid < 0)
		err(99, "fork");
	if (worker->pid == 0) {
		char asan[512];

		snprintf(asan, sizeof(asan), "%s", library);
		setenv("LD_PRELOAD", asan, 1);
		setenv("CUT_LOG", log, 1);
		if (dup2(to[0], 0) < 0 || dup2(from[1], 3) < 0)
			_exit(99);
		execl(program, program, "worker", confdir, module,
		    (char *)NULL);
		_exit(99);
	}
	close(to[0]);
	close(from[1]);
	worker->to = to[1];
	worker->from = from[0];
}

void
worker_stop(struct worker *worker)
{
	close(worker->to);
	close(worker->from);
	(void)waitpid(worker->pid, NULL, 0);
}

void
worker_run(struct worker *worker, const struct attempt *attempts,
    unsigned int n, int *ret_results)
{
	struct attempt copy[BATCH_MAX];

	memcpy(copy, attempts, n * sizeof(*attempts));
	all(worker->to, &n, sizeof(n), 1);
	all(worker->to, copy, n * sizeof(*copy), 1);
	all(worker->from, ret_results, n * sizeof(*ret_results), 0);
}

static int
converse(int n, const struct pam_message **msg, struct pam_response **ret,
    void *ctx)
{
	const char *code = ctx;
	struct pam_response *answers = calloc((size_t)n, sizeof(*answers));

	if (answers == NULL)
		return (PAM_BUF_ERR);
	for (int i = 0; i < n; i++)
		if (msg[i]->msg_style == PAM_PROMPT_ECHO_ON ||
		    msg[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			answers[i].resp = strdup(code);
	*ret = answers;
	return (PAM_SUCCESS);
}

/* libpam would sleep after each refusal. */
static void
no_delay(int rc, unsigned int us, void *ctx)
{
	(void)rc;
	(void)us;
	(void)ctx;
}

static int
login(const char *confdir, const struct attempt *attempt)
{
	char code[32];
	const struct pam_conv conv = { converse, code };
	pam_handle_t *pamh = NULL;
	int rc;

	snprintf(code, sizeof(code), "%s", attempt->code);
	rc = pam_start_confdir("login", attempt->user, &conv, confdir, &pamh);
	if (rc != PAM_SUCCESS)
		return (rc);
	(void)pam_set_item(pamh, PAM_FAIL_DELAY, (const void *)&no_delay);
	rc = pam_authenticate(pamh, 0);
	(void)pam_end(pamh, rc);
	return (rc);
}

int
worker_main(int argc, char **argv)
{
	void (*arm)(int, int);
	volatile int *results;
	struct attempt attempts[BATCH_MAX];
	pid_t pids[BATCH_MAX];
	unsigned int n;

	if (argc != 4)
		return (99);
	*(void **)&arm = dlsym(RTLD_DEFAULT, "cut_arm_self");
	if (arm == NULL || dlopen(argv[3], RTLD_NOW) == NULL)
		return (99);
	results = mmap(NULL, BATCH_MAX * sizeof(*results),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED)
		return (99);
	for (;;) {
		all(0, &n, sizeof(n), 0);
		if (n > BATCH_MAX)
			return (99);
		all(0, attempts, n * sizeof(attempts[0]), 0);
		for (unsigned int i = 0; i < n; i++) {
			results[i] = RESULT_KILLED;
			pids[i] = fork();
			if (pids[i] != 0)
				continue;
			arm(attempts[i].calls_left, attempts[i].is_power);
			results[i] = login(argv[2], &attempts[i]);
			_exit(0);
		}
		for (unsigned int i = 0; i < n; i++)
			(void)waitpid(pids[i], NULL, 0);
		for (unsigned int i = 0; i < n; i++) {
			int one = results[i];

			all(3, &one, sizeof(one), 1);
		}
	}
}

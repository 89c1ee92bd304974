/*
 * worker.h: logins in processes of their own, several at once, through the
 * real libpam and the shipped module, each of which can be made to die at a
 * chosen call.  The worker is this program started again under the
 * interposing library; it forks one child a login.
 */
#ifndef AKITA_TEST_WORKER_H
#define AKITA_TEST_WORKER_H

#include <sys/types.h>

#define BATCH_MAX	64
#define RESULT_KILLED	(-1)	/* died before it said anything */

struct attempt {
	char	user[32];
	char	code[32];
	int	calls_left;	/* die before this many-th call; -1: live */
	int	is_power;
};

struct worker {
	pid_t	pid;
	int	to, from;
};

/* Start the worker: program is argv[0] of this process. */
void	worker_start(struct worker *worker, const char *program,
	    const char *library, const char *log, const char *confdir,
	    const char *module);
void	worker_stop(struct worker *worker);
/* Carry out n attempts at once; ret_results[i] is a PAM code or
 * RESULT_KILLED. */
void	worker_run(struct worker *worker, const struct attempt *attempts,
	    unsigned int n, int *ret_results);
/* What the worker process does with its life. */
int	worker_main(int argc, char **argv);

#endif

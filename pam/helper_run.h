/*
 * helper_run.h: starting the helper and having it gone again, unnoticed by the
 * host.
 *
 * A host may ignore SIGCHLD, wait for any child in its handler, run threads,
 * or have none of the descriptors 0 to 2.  So a middle process stands between:
 * it is made without an exit signal, so that no SIGCHLD is sent and no
 * waitpid(-1) of the host finds it; it starts the helper, waits for it, and
 * goes.  Nothing between clone and exec allocates, locks or runs a handler.
 */
#ifndef AKITA_HELPER_RUN_H
#define AKITA_HELPER_RUN_H

#include <stdint.h>
#include <sys/types.h>

#include "common/result.h"

struct akita_helper_run {
	int	fd;	/* SEQPACKET socket to the helper's stdin and stdout */
	pid_t	pid;	/* of the middle process */
};

/*
 * Start the program at path with one argument, its name, and an empty
 * environment; standard error is /dev/null.  Where the effective user is root
 * the real user becomes root too.  AKITA_OK; AKITA_ERR_IO: no socket or no
 * process.  That the program cannot be run shows as an end of file.
 */
enum akita_rc	akita_helper_run_start(const char *path,
		    struct akita_helper_run *ret) AKITA_MUST_CHECK;

/* Wait until the helper has closed its end, at most timeout_ms, then close
 * ours and collect the middle process, which is killed if need be; the helper
 * itself then finishes alone. */
void		akita_helper_run_end(struct akita_helper_run *run,
		    int timeout_ms);

#endif

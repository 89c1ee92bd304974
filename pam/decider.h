/*
 * decider.h: who looks into the database: this process, or the helper.
 *
 * The helper is asked where the system does not let this process read key or
 * database and it is not root's (a screen locker, a web server), and always
 * with `isolate`.  Both give the same answers.
 */
#ifndef AKITA_DECIDER_H
#define AKITA_DECIDER_H

#include "common/verify.h"

#include "pam/report.h"

/* Zero-initialise it; akita_decider_end frees it. */
struct akita_decider {
	struct akita_site	 site;		/* settings, if loaded */
	const char		*config;
	const char		*helper;	/* path of the program */
	bool			 is_open;	/* key and store, too */
	bool			 asks_helper;
	bool			 helper_logs;	/* it has logged the verdict */
};

/*
 * Read the configuration.  helper: the program's path.  log must outlive *d.
 * AKITA_OK, also where the configuration may not be read by this process but
 * by the helper: d->site.settings is then NULL.  AKITA_ERR_SETTINGS,
 * AKITA_ERR_NOMEM with why.
 */
enum akita_rc	akita_decider_load(struct akita_decider *d, const char *config,
		    bool isolate, const char *helper,
		    const struct akita_log *log, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * akita_verify_peek; scene names the service, and source is for the grace
 * (NULL: none).  Results as there, and AKITA_ERR_PERMISSION where the helper
 * refuses, AKITA_ERR_IO where it cannot be run or gives no good answer.
 */
enum akita_rc	akita_decider_peek(struct akita_decider *d,
		    const struct akita_scene *scene, const char *source,
		    struct akita_peek *ret_peek, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* akita_verify_attempt, likewise. */
enum akita_rc	akita_decider_attempt(struct akita_decider *d,
		    const struct akita_scene *scene,
		    const struct akita_attempt *attempt,
		    struct akita_outcome *ret_outcome, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Digits of a code where no account says otherwise. */
unsigned int	akita_decider_digits(const struct akita_decider *d);

/* Wipe and free everything. */
void		akita_decider_end(struct akita_decider *d);

#endif

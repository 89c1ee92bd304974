/*
 * pamstack.h: the stack of a service in pam.d, read and walked as libpam does.
 *
 * Reading follows libpam 1.5: includes, substacks, Debian's @include, controls
 * in brackets, lines that fail by being wrong, `other` where a service has no
 * line for a stage.  Walking tries every answer that each module may give, and
 * asks whether one way ends in success although ours never said yes.
 */
#ifndef AKITA_PAMSTACK_H
#define AKITA_PAMSTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/result.h"

#define AKITA_PAM_CODES		32	/* return values of PAM */
#define AKITA_PAM_LEVELS	16	/* of includes and substacks */

/* What we have to know by name of PAM's return values. */
enum akita_pam_code {
	AKITA_PAM_SUCCESS = 0,
	AKITA_PAM_SERVICE_ERR = 3,
	AKITA_PAM_PERM_DENIED = 6,
	AKITA_PAM_AUTH_ERR = 7,
	AKITA_PAM_AUTHINFO_UNAVAIL = 9,
	AKITA_PAM_MAXTRIES = 11,
	AKITA_PAM_NEW_AUTHTOK_REQD = 12,
	AKITA_PAM_ACCT_EXPIRED = 13,
	AKITA_PAM_CONV_ERR = 19,
	AKITA_PAM_IGNORE = 25,
	AKITA_PAM_MODULE_UNKNOWN = 28,
	AKITA_PAM_INCOMPLETE = 31
};

enum akita_pam_stage { AKITA_PAM_AUTH, AKITA_PAM_ACCOUNT, AKITA_PAM_OTHER };

/* What a control does with a return value; above 0: jump over so many. */
enum akita_pam_action {
	AKITA_PAM_DO_IGNORE = 0,
	AKITA_PAM_DO_OK = -1,
	AKITA_PAM_DO_DONE = -2,
	AKITA_PAM_DO_BAD = -3,
	AKITA_PAM_DO_DIE = -4,
	AKITA_PAM_DO_RESET = -5,
	AKITA_PAM_DO_UNSET = -6
};

enum akita_pam_kind {
	AKITA_PAM_MODULE,
	AKITA_PAM_SUBSTACK,	/* only marks where one begins */
	AKITA_PAM_MUST_FAIL	/* wrong in itself: libpam lets it fail */
};

struct akita_pam_line {
	char		*where;		/* "/etc/pam.d/sshd:4" */
	char		*control;	/* as written, without the brackets */
	char		*module;	/* as written; NULL where there is none */
	char		*args;		/* the rest of the line, or "" */
	enum akita_pam_stage stage;
	enum akita_pam_kind kind;
	bool		 is_missing;	/* the module's file is */
	unsigned int	 level;		/* of substacks */
	int		 action[AKITA_PAM_CODES];
};

struct akita_pam_stack {
	const char *const *conf_dirs;	/* ended by NULL */
	const char *const *module_dirs;
	struct akita_pam_line *lines;
	size_t		 count;
};

/* Debian's places: /etc/pam.d, /usr/lib/pam.d; the directories that libpam
 * may take modules from. */
extern const char *const akita_pam_conf_dirs[];
extern const char *const akita_pam_module_dirs[];

/*
 * Read one stage of a service into *ret: its own lines, or those of `other`
 * where it has none.  ret->conf_dirs and ret->module_dirs are set by the
 * caller, all else is zero; akita_pam_stack_free() afterwards, whatever comes.
 * AKITA_OK; AKITA_ERR_USAGE: no name of a service; AKITA_ERR_MISSING: neither
 * the service nor `other` has a file; AKITA_ERR_SETTINGS: libpam cannot start
 * with it, why says by which line; AKITA_ERR_NOMEM, AKITA_ERR_IO.
 */
enum akita_rc	akita_pam_stack_read(const char *service,
		    enum akita_pam_stage stage, struct akita_pam_stack *ret,
		    struct akita_why *why) AKITA_MUST_CHECK;

void		akita_pam_stack_free(struct akita_pam_stack *stack);

/* Set all of action[] by a control as written.  false: it is malformed, and
 * counts as bad whatever comes. */
bool		akita_pam_control_read(const char *control,
		    int action[AKITA_PAM_CODES]);

/* The file of a module as a line names it, in ret of PATH_MAX bytes; false:
 * there is none. */
bool		akita_pam_module_find(const struct akita_pam_stack *stack,
		    const char *module, char *ret, size_t size);

/* line has this word among its arguments. */
bool		akita_pam_line_has(const struct akita_pam_line *line,
		    const char *word);
/* line is of the module of this name ("pam_unix"), wherever it lies. */
bool		akita_pam_line_is(const struct akita_pam_line *line,
		    const char *name);
/* line is ours and may say yes: no decoy. */
bool		akita_pam_line_decides(const struct akita_pam_line *line);

/* What lets a login in without us. */
enum akita_pam_flaw {
	AKITA_PAM_SAFE,		/* nothing does */
	AKITA_PAM_ABSENT,	/* no line of ours */
	AKITA_PAM_ENDED,	/* guilty ends the stack before ours */
	AKITA_PAM_JUMPED,	/* guilty jumps over ours */
	AKITA_PAM_IGNORED,	/* guilty is ours, and its arguments let pass */
	AKITA_PAM_OVERRULED,	/* guilty is ours: its control lets pass */
	AKITA_PAM_UNKNOWN,	/* guilty is ours, and the module is missing */
	AKITA_PAM_CHOSEN,	/* only those whom guilty chooses */
	AKITA_PAM_ROOT,		/* only whoever is root already, by guilty */
	AKITA_PAM_CLOSED,	/* nobody gets in */
	AKITA_PAM_TOO_COMPLEX
};

struct akita_pam_verdict {
	enum akita_pam_flaw flaw;
	const struct akita_pam_line *guilty;	/* or NULL */
	const struct akita_pam_line *ours;	/* the line it passes, or NULL */
};

/*
 * Walk all ways through one stage.  In the auth stage: does one end in success
 * without a yes of ours?  In the account stage: does one although ours refuses
 * (a password that has to be changed first is success)?
 * AKITA_OK, AKITA_ERR_NOMEM.
 */
enum akita_rc	akita_pam_stack_judge(const struct akita_pam_stack *stack,
		    enum akita_pam_stage stage, struct akita_pam_verdict *ret)
		    AKITA_MUST_CHECK;

#endif

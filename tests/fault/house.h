/*
 * house.h: a private installation for the fault tests, commands and logins in
 * processes of their own that follow a plan of faults (fault.h), and a copy of
 * everything to go back to.  A function ends the program when something fails
 * that no fault was planned for.
 */
#ifndef AKITA_TEST_HOUSE_H
#define AKITA_TEST_HOUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/otp.h"

#include "fault.h"

#define HOUSE_PASSWORD	"4649"		/* activation password */
#define HOUSE_OUTPUT	16384
#define HOUSE_PATH	512
/* Beside PAM codes and exit statuses: */
#define HOUSE_HUNG	(-1000)		/* killed by the watchdog */
#define HOUSE_DIED(sig)	(-(sig))	/* by this signal */
#define HOUSE_SILENT	(-2000)		/* ended without a result */

struct house {
	char		 dir[HOUSE_PATH];
	char		 root[HOUSE_PATH];	/* what faults are about */
	char		 config[HOUSE_PATH];
	char		 database[HOUSE_PATH];
	char		 confdir[HOUSE_PATH];	/* PAM services: "login";
						   "ignore": unregistered=
						   ignore */
	char		 otpadm[HOUSE_PATH];
	char		 module[HOUSE_PATH];
	char		 said[HOUSE_OUTPUT];	/* of the last command, stderr
						   behind stdout */
	size_t		 said_out;		/* bytes of stdout in it */
	struct fault	*plan;			/* of commands */
	struct akita_crypto *crypto;
	int		 watchdog_ms;
	int64_t		 kept_size;	/* of the database, at house_keep */
};

struct person {
	char		name[32];
	struct akita_secret key;
	bool		is_totp;
	int64_t		next;		/* HOTP: next counter */
};

/*
 * Start main() under the interposing library, if it is not.  Under a
 * sanitizer: print TAP's word for skipping the program, and exit.
 */
void	house_preload(int argc, char **argv);
/* dir/name. */
void	house_join(char ret[HOUSE_PATH], const char *dir, const char *name);
/* Where it can be had, a directory in memory: mkdtemp. */
void	house_scratch(char ret[HOUSE_PATH]);

/* dir: where key, database and audit log are to lie; NULL: with the rest, in a
 * new directory in memory.  settings: more lines of [storage]. */
void	house_make(struct house *h, const char *dir, const char *settings);
void	house_remove(struct house *h);
/* Keep a copy of the database, its neighbours and the audit log under a name;
 * put it in their place again. */
void	house_keep(struct house *h, const char *name);
void	house_restore(struct house *h, const char *name);

/* Run otpadm with words up to NULL; its exit status or HOUSE_*. */
int	house_adm(struct house *h, const char *input, ...)
	    __attribute__((sentinel));
/* The same with a plan to follow (kinds 0: none). */
int	house_adm_fault(struct house *h, const struct fault *plan,
	    const char *input, const char *const *words);
/* As a child that is not waited for; house_wait takes its end. */
pid_t	house_adm_start(struct house *h, const struct fault *plan,
	    const char *const *words);
/* Exit 0 or end the program. */
#define house_must(h, ...) \
	house_need(h, house_adm(h, __VA_ARGS__, (char *)NULL), __LINE__)
void	house_need(struct house *h, int status, int line);

/* An account in use, HOTP or TOTP. */
void	house_enrol(struct house *h, struct person *p, const char *name,
	    bool is_totp);
/* One that waits for its start of use. */
void	house_issue(struct house *h, struct person *p, const char *name,
	    bool is_totp);
/* The code of a counter; of a time step, from now. */
void	house_code(struct house *h, const struct person *p, int64_t at,
	    char ret[16]);
/* A code never used before, a used one (that of the start of use), a wrong
 * one.  HOTP: that of p->next + ahead. */
void	house_fresh(struct house *h, const struct person *p, int ahead,
	    char ret[16]);
void	house_used(struct house *h, const struct person *p, char ret[16]);
void	house_wrong(struct house *h, const struct person *p, char ret[16]);

/* A login in this process, by the shipped module.  Threads may call it.
 * "CODE\nPASSWORD": what a hidden prompt gets. */
int	house_login_here(const struct house *h, const char *service,
	    const char *user, const char *code);
/* In a forked child that follows a plan (NULL: none): PAM code or HOUSE_*. */
int	house_login(struct house *h, const char *service, const char *user,
	    const char *code, struct fault *plan);
/* Start one; ret_result in shared memory (house_shared). */
pid_t	house_login_start(struct house *h, const char *service,
	    const char *user, const char *code, struct fault *plan,
	    int *ret_result);
/* Wait for a child, at most ms; kills it then.  *result as above. */
int	house_wait(pid_t pid, int ms, const int *result);
/* Memory shared with children, zeroed. */
void   *house_shared(size_t size);

/* `show`'s object without times and user ID, "" if there is no such account. */
void	house_show(struct house *h, const char *user,
	    char ret[HOUSE_OUTPUT]);
/* Records about user in the audit log. */
unsigned int house_audited(const struct house *h, const char *user);
/* Mails in the outbox with this line. */
unsigned int house_mails(const struct house *h, const char *line);
/* The database's file is another one than at the last house_keep. */
bool	house_grew(const struct house *h);
/* "key": number in the last output, -1 if it is not there. */
long	house_number(const struct house *h, const char *key);
/* verify-db finds nothing, and the audit log's chain is whole. */
bool	house_is_sound(struct house *h);

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t	house_ms(void);
/* A number from the environment, or this one. */
unsigned long house_many(const char *variable, unsigned long otherwise);

/* ---- TAP ---- */

void	tap_plan(unsigned int n);
/* One test point; diagnostics first with tap_note. */
void	tap_ok(bool is_ok, const char *name);
void	tap_note(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));
int	tap_end(void);

#endif

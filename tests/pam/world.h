/*
 * world.h: a private installation for a test: configuration, key, database
 * and accounts in every state, made with the product's own library in a
 * directory of its own.  Every function ends the process with a message when
 * something does not work: a test without its world is no test.
 */
#ifndef AKITA_TESTS_WORLD_H
#define AKITA_TESTS_WORLD_H

#include "common/admin.h"

#define WORLD_PASSWORD	"4649"		/* activation password of issues */
#define WORLD_TEXT	64

struct world {
	char			 dir[128];
	char			 config[160];
	int64_t			 offset_s;	/* of its clock, for set-up */
	struct akita_clock	 clock;
	struct akita_site	 site;
};

/* Kinds of token; zero values mean the configuration's. */
struct world_token {
	enum akita_token_type	type;
	unsigned int		digits;
	enum akita_hash		algorithm;
};

/* Print a message in the manner of TAP's diagnostics, and exit. */
void	world_die(const char *format, ...)
	    __attribute__((format(printf, 1, 2), noreturn));

/* Make a world; extra (may be NULL) are lines for its configuration, each
 * "section key value". */
void	world_make(struct world *w, const char *const *extra, size_t n_extra);
/* Remove it all. */
void	world_remove(struct world *w);

/*
 * An account in a state: unregistered, registered, issued, active, locked,
 * suspended, expired, released, or one with a history: burnt (registered by
 * five wrong activation passwords), reissued (issued after having been in
 * use), rereleased (registered anew after a release).  Codes that set it up
 * lie an hour back.
 */
void	world_account(struct world *w, const char *user, const char *state,
	    const struct world_token *token);

/* The code of user's token, steps from the current one (HOTP: from the next
 * counter).  token: as at world_account. */
void	world_code(struct world *w, const char *user,
	    const struct world_token *token, int steps,
	    char ret[AKITA_DIGITS_MAX + 1]);
/* A code of the right form that no step near now has. */
void	world_wrong(struct world *w, const char *user,
	    const struct world_token *token, char ret[AKITA_DIGITS_MAX + 1]);
/* The i-th recovery code (0 to 9), with hyphens; world_recovery sets them. */
void	world_recovery_code(unsigned int i, char ret[16]);
void	world_recovery(struct world *w, const char *user);

/* Administrative acts. */
void	world_suspend(struct world *w, const char *user);
void	world_unlock(struct world *w, const char *user);

/* The account as it is in the database. */
void	world_read(struct world *w, const char *user,
	    struct akita_account *ret);

#endif

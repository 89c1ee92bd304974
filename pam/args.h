/*
 * args.h: the words that stand behind the module's name in pam.d.
 *
 * An argument is NAME or NAME=VALUE; a name may stand once.  Whatever is
 * unknown, repeated, malformed or out of range is an error: a typing mistake
 * in pam.d must not turn into a weaker check.
 *
 * To add an argument: a field below, a row in the table in args.c, and
 * pam_akita_otp(8); tests/pam/test_args compares the table with the manual.
 */
#ifndef AKITA_ARGS_H
#define AKITA_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/result.h"

/* The most bytes of prompt= (PAM_MAX_MSG_SIZE) and seconds of grace=. */
#define AKITA_ARGS_PROMPT_MAX	511
#define AKITA_ARGS_GRACE_MAX	86400

/* unregistered= */
enum akita_args_unregistered { AKITA_UNREGISTERED_DENY,
	AKITA_UNREGISTERED_IGNORE };
/* start_of_use= */
enum akita_args_start { AKITA_START_LOGIN, AKITA_START_COUNTER,
	AKITA_START_IGNORE };
/* locked= */
enum akita_args_locked { AKITA_LOCKED_REFUSE, AKITA_LOCKED_MAXTRIES };
/* account_locked= */
enum akita_args_account { AKITA_ACCOUNT_IGNORE, AKITA_ACCOUNT_DENY };
/* echo=; not given: on, but off where a password is in the answer too */
enum akita_args_echo { AKITA_ECHO_UNSET, AKITA_ECHO_OFF, AKITA_ECHO_ON };
/* publickey= */
enum akita_args_publickey { AKITA_PUBLICKEY_REQUIRE, AKITA_PUBLICKEY_SKIP };

struct akita_args {
	const char	*config;	/* file; points into argv */
	const char	*prompt;	/* text, or NULL; points into argv */
	unsigned int	 unregistered;	/* the enums above */
	unsigned int	 start_of_use;
	unsigned int	 locked;
	unsigned int	 account_locked;
	unsigned int	 echo;
	unsigned int	 publickey;
	unsigned int	 grace_s;
	bool		 decoy;
	bool		 try_first_pass;
	bool		 use_first_pass;
	bool		 forward_pass;
	bool		 isolate;
	bool		 debug;
};

enum akita_arg_type {
	AKITA_ARG_FLAG,		/* NAME: a bool becomes true */
	AKITA_ARG_FIXED,	/* NAME: another row's NAME=VALUE, in short */
	AKITA_ARG_CHOICE,	/* NAME=one of words */
	AKITA_ARG_NUMBER,	/* NAME=decimal from 0 to max */
	AKITA_ARG_PATH,		/* NAME=absolute path of at most max bytes */
	AKITA_ARG_TEXT		/* NAME=UTF-8 without control characters, 1 to
				   max bytes */
};

/* One argument. */
struct akita_arg {
	const char	*name;
	enum akita_arg_type type;
	size_t		 offset;	/* of the field in akita_args */
	const char	*words;		/* CHOICE: "deny|ignore", value 0, 1 … */
	unsigned int	 max;		/* NUMBER, PATH, TEXT; FIXED: value */
	unsigned int	 first;		/* CHOICE: value of the first word */
};

/* The table, *ret_n arguments in the order of the manual. */
const struct akita_arg *akita_args_table(size_t *ret_n);

/*
 * Read argv (argc words; argv must outlive *ret) into *ret, which is first
 * set to the defaults.  wrong is called with a sentence for each error.
 * AKITA_OK; AKITA_ERR_SETTINGS: at least one error, *ret is not to be used.
 */
enum akita_rc	akita_args_parse(int argc, const char *const *argv,
		    void (*wrong)(void *ctx, const struct akita_why *why),
		    void *ctx, struct akita_args *ret) AKITA_MUST_CHECK;

/* The answer to the code prompt is shown while it is typed. */
bool		akita_args_echo(const struct akita_args *args);

/* Password and code may come in one answer. */
bool		akita_args_has_pass(const struct akita_args *args);

#endif

/*
 * cli.h: otpadm's command table and what every command is handed.
 *
 * To add a command: a cmd_NAME.c with its function, a prototype below, one
 * line in the table of main.c, the file in local.mk, a section in
 * man/otpadm.8 (a test compares table, help and manual page).
 * To add an option: a value of enum akita_opt, one line in the table of
 * options.c, its value in the list of each command that takes it.
 */
#ifndef AKITA_CLI_H
#define AKITA_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/admin.h"
#include "common/nss.h"
#include "common/words.h"

/* Every option there is. */
enum akita_opt {
	AKITA_OPT_NONE = 0,	/* ends a command's list */
	/* before or after the command */
	AKITA_OPT_CONFIG,
	AKITA_OPT_LANG,
	AKITA_OPT_JSON,
	AKITA_OPT_HELP,
	AKITA_OPT_VERSION,
	/* after it */
	AKITA_OPT_ALGORITHM,
	AKITA_OPT_ALL,
	AKITA_OPT_APP,
	AKITA_OPT_BRANCH,
	AKITA_OPT_CLOCK,
	AKITA_OPT_COUNT_CODES,
	AKITA_OPT_DIGITS,
	AKITA_OPT_FAILED,
	AKITA_OPT_FORM,
	AKITA_OPT_FORMAT,
	AKITA_OPT_FOUND,
	AKITA_OPT_MAIL,
	AKITA_OPT_MAIL_DEVICE,
	AKITA_OPT_NAME,
	AKITA_OPT_NOTE,
	AKITA_OPT_OUT,
	AKITA_OPT_PAM,
	AKITA_OPT_PERIOD,
	AKITA_OPT_PRINT,
	AKITA_OPT_QR,
	AKITA_OPT_QR_FILE,
	AKITA_OPT_REASON,
	AKITA_OPT_RELEASE_REASON,
	AKITA_OPT_REPLACE,
	AKITA_OPT_SEARCH,
	AKITA_OPT_SHEET,
	AKITA_OPT_STATE,
	AKITA_OPT_TYPE,
	AKITA_OPT_YES,
	AKITA_OPT_COUNT
};

struct akita_option {
	const char	*name;		/* without the dashes */
	const char	*arg;		/* "ADDR"; NULL: a switch */
	const char	*choices;	/* "a|b|c", or NULL: any text */
	unsigned int	 min, max;	/* where max is not 0: a number */
	const char	*doc;		/* message id */
};

/* The option's description; never NULL for a value of the enum. */
const struct akita_option *akita_option_get(enum akita_opt opt);

enum akita_operand {
	AKITA_OPERAND_NONE,
	AKITA_OPERAND_USER,
	AKITA_OPERAND_FILE,
	AKITA_OPERAND_COMMAND,	/* optional, of `help` */
	AKITA_OPERAND_ADDRESS,	/* of mail */
	AKITA_OPERAND_EVENT	/* a kind of mail */
};

/* How much is made ready before a command's function is called. */
enum akita_need {
	AKITA_NEED_NOTHING,
	AKITA_NEED_SETTINGS,	/* configuration read */
	AKITA_NEED_SITE		/* key ring and store opened too */
};

struct akita_cli;

struct akita_command {
	const char	*name;		/* one word or two: "config check" */
	enum akita_operand operand;
	enum akita_need	 need;
	bool		 changes;	/* settle what others left first */
	enum akita_rc	(*run)(struct akita_cli *cli, struct akita_why *why);
	const char	*doc;		/* message id: one line */
	enum akita_opt	 required[3];	/* ended by NONE */
	enum akita_opt	 options[20];	/* the rest; ended by NONE */
};

/* The table, ended by a NULL name. */
extern const struct akita_command akita_commands[];

struct akita_cli {
	const struct akita_command *command;
	const char	*opt[AKITA_OPT_COUNT];	/* "" : a switch that is on */
	const char	*operand;
	const char	*operand2;
	enum akita_lang	 lang;
	bool		 is_json;
	bool		 answer_is_no;	/* done, and the answer is no: exit 1 */
	struct akita_site site;
	struct akita_actor actor;
	struct akita_nss nss;		/* of operand USER */
};

/* Which options are on. */
static inline bool
akita_cli_has(const struct akita_cli *cli, enum akita_opt opt)
{
	return cli->opt[opt] != NULL;
}

/* The number of a numeric option that was given (its range is checked). */
unsigned int	akita_cli_number(const struct akita_cli *cli,
		    enum akita_opt opt);

/* Parse argv by the tables.  AKITA_OK, or AKITA_ERR_USAGE with why.
 * command stays NULL where none was named (--help, --version). */
enum akita_rc	akita_options_parse(struct akita_cli *cli, int argc,
		    char *const argv[], struct akita_why *why)
		    AKITA_MUST_CHECK;

/* A request about cli's user, for the audit log. */
struct akita_request akita_cli_request(const struct akita_cli *cli);

/* Who runs us: login uid, real user, sudo's user (a claim), terminal. */
void		akita_actor_collect(struct akita_actor *ret);

/* Unix seconds by the site's clock. */
int64_t		akita_cli_now(const struct akita_cli *cli);

/* Exit code and, for a why that was left empty, a sentence. */
int		akita_exit_code(enum akita_rc rc);
const char     *akita_exit_sentence(enum akita_rc rc);

/* A sentence on stderr, after "otpadm: ". */
void		akita_cli_tell(const struct akita_cli *cli,
		    const struct akita_why *why);

/* The same at once: arguments as akita_fail's. */
#define AKITA_CLI_TELL(cli, ...) do {					\
	struct akita_why tell_ = { 0 };					\
	(void)akita_fail(&tell_, AKITA_OK, __VA_ARGS__);		\
	akita_cli_tell((cli), &tell_);					\
} while (0)

/* Help: all commands (command NULL) or one, to out. */
void		akita_help_print(enum akita_lang lang,
		    const struct akita_command *command, FILE *out);
/* "usage: otpadm issue [OPTIONS] USER" */
void		akita_help_usage(enum akita_lang lang,
		    const struct akita_command *command, FILE *out);
/* The command of one or two words; NULL: there is none. */
const struct akita_command *akita_command_find(const char *word,
		    const char *second, bool *ret_used_second);

/* Commands. */
typedef enum akita_rc akita_cmd_fn(struct akita_cli *cli,
	    struct akita_why *why);
akita_cmd_fn	akita_cmd_activate, akita_cmd_config_check, akita_cmd_doctor,
		akita_cmd_help, akita_cmd_import, akita_cmd_init,
		akita_cmd_issue, akita_cmd_list, akita_cmd_mail_flush,
		akita_cmd_mail_list, akita_cmd_mail_preview,
		akita_cmd_mail_test, akita_cmd_recovery,
		akita_cmd_register, akita_cmd_release, akita_cmd_repair,
		akita_cmd_resync, akita_cmd_show, akita_cmd_suspend,
		akita_cmd_unlock, akita_cmd_verify, akita_cmd_verify_db;

#endif

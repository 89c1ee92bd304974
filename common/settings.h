/*
 * settings.h (rank 2): akita-otp.conf.
 *
 * INI: a line is blank, a comment (first character # or ;), [section], or
 * NAME = VALUE.  UTF-8.  Spaces around name and value do not count; there are
 * no quotes, no escapes, no continuation lines, no comments behind a value.
 * At most 1023 bytes a line and 64 KiB in all; a NUL, any other control
 * character than tab, a carriage return, a byte order mark are errors.  Every
 * key may stand once.  An empty file serves: every key has a default.
 *
 * One table (akita_settings_table) says what there is; the parser, the
 * defaults, `otpadm config check`, and the tests that compare manual page and
 * example file with it all read that table.  To add a key: a field below, a
 * line in the table, akita-otp.conf(5), etc/akita-otp.conf.
 */
#ifndef AKITA_SETTINGS_H
#define AKITA_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/names.h"
#include "common/result.h"
#include "common/token.h"
#include "common/trust.h"

#ifndef AKITA_SYSCONFDIR
#define AKITA_SYSCONFDIR	"/etc"
#endif
#ifndef AKITA_LOCALSTATEDIR
#define AKITA_LOCALSTATEDIR	"/var"
#endif

#define AKITA_SETTINGS_FILE	AKITA_SYSCONFDIR "/akita-otp/akita-otp.conf"

#define AKITA_SERVICE_ID_MAX	16	/* bytes, as all of these */
#define AKITA_SERVICE_NAME_MAX	128
#define AKITA_ISSUER_MAX	64
#define AKITA_LABEL_MAX		64
#define AKITA_CONTACT_MAX	256
#define AKITA_CALLERS_MAX	960
#define AKITA_PATH_MAX		960

/* [service] lang */
enum akita_settings_lang {
	AKITA_SETTINGS_LANG_AUTO,	/* by the locale */
	AKITA_SETTINGS_LANG_JA,
	AKITA_SETTINGS_LANG_EN
};

struct akita_settings {
	/* [service] */
	char		 service_id[AKITA_SERVICE_ID_MAX + 1];
	char		 service_name[AKITA_SERVICE_NAME_MAX + 1];
	char		 issuer[AKITA_ISSUER_MAX + 1];
	char		 label[AKITA_LABEL_MAX + 1];	/* %u, %i */
	char		 contact[AKITA_CONTACT_MAX + 1];	/* may be "" */
	int		 lang;		/* enum akita_settings_lang */
	/* [token] */
	int		 algorithm;	/* enum akita_hash */
	unsigned int	 digits;
	unsigned int	 period_s;
	unsigned int	 window;	/* steps to each side */
	unsigned int	 max_drift;	/* steps to each side */
	unsigned int	 hotp_lookahead;
	unsigned int	 resync_window;	/* steps to each side */
	/* [policy] */
	unsigned int	 max_failures;
	unsigned int	 issue_valid_days;
	bool		 activation_password;	/* required, else off */
	bool		 require_registration;
	bool		 require_form;
	bool		 unlock_requires_suspend;
	char		 trusted_callers[AKITA_CALLERS_MAX + 1]; /* as written:
					 * see akita_settings_is_caller */
	/* [storage] */
	char		 database[AKITA_PATH_MAX + 1];	/* path, without gdbm: */
	char		 key_file[AKITA_PATH_MAX + 1];
	unsigned int	 lock_timeout_ms;
	/* [mail] */
	bool		 mail_enabled;
	char		 mail_from[AKITA_MAIL_MAX + 1];	/* may be "" */
	char		 sendmail[AKITA_PATH_MAX + 1];
	/* [audit] */
	char		 audit_file[AKITA_PATH_MAX + 1];
	int		 audit_syslog;	/* LOG_AUTHPRIV, ... */
};

enum akita_setting_type {
	AKITA_SETTING_TEXT,	/* UTF-8 without control characters */
	AKITA_SETTING_WORD,	/* A-Z a-z 0-9 _ - */
	AKITA_SETTING_LABEL,	/* text with %u or %i and no other % */
	AKITA_SETTING_NUMBER,	/* decimal, min to max */
	AKITA_SETTING_CHOICE,	/* one of choices: an int */
	AKITA_SETTING_SWITCH,	/* one of two choices: a bool */
	AKITA_SETTING_PATH,	/* absolute path */
	AKITA_SETTING_DATABASE,	/* gdbm: and an absolute path */
	AKITA_SETTING_USERS,	/* account names, by spaces or commas */
	AKITA_SETTING_MAIL	/* one mail address */
};

/* A word that a choice may be, and its value; ended by a NULL word. */
struct akita_setting_choice {
	const char	*word;
	int		 value;
};

/* One key. */
struct akita_setting {
	const char	*section;
	const char	*name;
	enum akita_setting_type type;
	unsigned int	 min;	/* numbers: value; texts: bytes (0: may be
				 * empty) */
	unsigned int	 max;
	const struct akita_setting_choice *choices;	/* else NULL */
	const char	*fallback;	/* the default, as written in a file */
	size_t		 offset;	/* of the field in akita_settings */
	const char	*doc;	/* one line in English, marked for gettext */
};

/* The table, *ret_n keys by section in the order of the manual. */
const struct akita_setting *akita_settings_table(size_t *ret_n);

/* Everything that is wrong, for `config check`. */
#define AKITA_SETTINGS_PROBLEMS	20

struct akita_settings_problem {
	unsigned int	 line;		/* 0: not about one line */
	bool		 is_warning;	/* does not keep the file from use */
	struct akita_why why;		/* names file and line */
};

struct akita_settings_report {
	size_t		 n;		/* of problem[] */
	size_t		 left_out;	/* more than fit */
	struct akita_settings_problem problem[AKITA_SETTINGS_PROBLEMS];
};

/*
 * Read the configuration at path, judged by policy.  *ret is owned by the
 * caller.  report may be NULL; else it is filled, on success too (warnings).
 * The environment and the locale are not looked at.
 *
 * AKITA_OK; AKITA_ERR_SETTINGS: missing, not trusted, unreadable or wrong: why
 * has the first error; AKITA_ERR_PERMISSION: the system does not let us read
 * it; AKITA_ERR_NOMEM.
 */
enum akita_rc	akita_settings_load(const char *path,
		    const struct akita_trust *policy,
		    struct akita_settings_report *report,
		    struct akita_settings **ret_settings,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* The same for len bytes in memory; path is only for messages. */
enum akita_rc	akita_settings_parse(const char *text, size_t len,
		    const char *path, struct akita_settings_report *report,
		    struct akita_settings **ret_settings,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Free *settings and set it to NULL; NULL and NULL settings are accepted. */
void		akita_settings_free(struct akita_settings **settings);
#define AKITA_SETTINGS_AUTO __attribute__((cleanup(akita_settings_free)))

/* The value of one key as it would be written in a file.  Returns buf. */
char	       *akita_settings_text(const struct akita_settings *settings,
		    const struct akita_setting *setting, char *buf,
		    size_t buf_size);

/* name is one of trusted_callers. */
bool		akita_settings_is_caller(const struct akita_settings *settings,
		    const char *name);

#endif

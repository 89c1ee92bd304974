/*
 * otpadm: the command table, and the way from argv to an exit code.
 */
#include "config.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>

#include "cli/cli.h"
#include "cli/output.h"

#define O(name) AKITA_OPT_ ## name

const struct akita_command akita_commands[] = {
	{ "init", AKITA_OPERAND_NONE, AKITA_NEED_SETTINGS, false,
	    akita_cmd_init,
	    AKITA_N("make directories, master key and an empty database"),
	    { 0 }, { 0 } },
	{ "register", AKITA_OPERAND_USER, AKITA_NEED_SITE, true,
	    akita_cmd_register, AKITA_N("take an application"),
	    { O(MAIL) }, { O(NAME), O(BRANCH), O(FORM), O(NOTE) } },
	{ "issue", AKITA_OPERAND_USER, AKITA_NEED_SITE, true,
	    akita_cmd_issue, AKITA_N("issue a token, with its QR code"),
	    { 0 }, { O(MAIL_DEVICE), O(TYPE), O(DIGITS), O(PERIOD),
	    O(ALGORITHM), O(APP), O(REPLACE), O(QR), O(QR_FILE), O(SHEET),
	    O(PRINT), O(FORM), O(NOTE), O(YES) } },
	{ "activate", AKITA_OPERAND_USER, AKITA_NEED_SITE, true,
	    akita_cmd_activate,
	    AKITA_N("start of use: activation password, then a code"),
	    { 0 }, { 0 } },
	{ "suspend", AKITA_OPERAND_USER, AKITA_NEED_SITE, true,
	    akita_cmd_suspend, AKITA_N("suspend an account at once"),
	    { O(REASON) }, { O(FORM), O(NOTE) } },
	{ "unlock", AKITA_OPERAND_USER, AKITA_NEED_SITE, true,
	    akita_cmd_unlock, AKITA_N("take an account back into use"),
	    { 0 }, { O(FOUND), O(FORM), O(NOTE) } },
	{ "release", AKITA_OPERAND_USER, AKITA_NEED_SITE, true,
	    akita_cmd_release, AKITA_N("end the service for an account"),
	    { 0 }, { O(RELEASE_REASON), O(FORM), O(YES) } },
	{ "verify", AKITA_OPERAND_USER, AKITA_NEED_SITE, true,
	    akita_cmd_verify, AKITA_N("try a code as a login would"),
	    { 0 }, { 0 } },
	{ "resync", AKITA_OPERAND_USER, AKITA_NEED_SITE, true,
	    akita_cmd_resync,
	    AKITA_N("find a token's clock or counter again by two codes"),
	    { 0 }, { O(CLOCK) } },
	{ "recovery", AKITA_OPERAND_USER, AKITA_NEED_SITE, true,
	    akita_cmd_recovery,
	    AKITA_N("print new recovery codes, once"),
	    { 0 }, { O(COUNT_CODES), O(FORM), O(YES) } },
	{ "show", AKITA_OPERAND_USER, AKITA_NEED_SITE, false,
	    akita_cmd_show, AKITA_N("show an account"), { 0 }, { 0 } },
	{ "list", AKITA_OPERAND_NONE, AKITA_NEED_SITE, false,
	    akita_cmd_list, AKITA_N("list accounts"),
	    { 0 }, { O(STATE), O(BRANCH), O(SEARCH) } },
	{ "import", AKITA_OPERAND_FILE, AKITA_NEED_SITE, true,
	    akita_cmd_import, AKITA_N("issue tokens in bulk from a file"),
	    { O(FORMAT), O(OUT) }, { O(FAILED) } },
	{ "mail list", AKITA_OPERAND_NONE, AKITA_NEED_SETTINGS, false,
	    akita_cmd_mail_list, AKITA_N("list mails that wait to be sent"),
	    { 0 }, { 0 } },
	{ "mail flush", AKITA_OPERAND_NONE, AKITA_NEED_SITE, true,
	    akita_cmd_mail_flush, AKITA_N("send the mails that are due"),
	    { 0 }, { O(ALL) } },
	{ "mail test", AKITA_OPERAND_ADDRESS, AKITA_NEED_SETTINGS, false,
	    akita_cmd_mail_test, AKITA_N("send a mail to try the mail system"),
	    { 0 }, { 0 } },
	{ "mail preview", AKITA_OPERAND_EVENT, AKITA_NEED_SETTINGS, false,
	    akita_cmd_mail_preview,
	    AKITA_N("show what a mail of a kind looks like"),
	    { 0 }, { 0 } },
	{ "config check", AKITA_OPERAND_NONE, AKITA_NEED_NOTHING, false,
	    akita_cmd_config_check,
	    AKITA_N("say what is wrong with the configuration"),
	    { 0 }, { 0 } },
	{ "verify-db", AKITA_OPERAND_NONE, AKITA_NEED_SITE, false,
	    akita_cmd_verify_db,
	    AKITA_N("read and authenticate every record"), { 0 }, { 0 } },
	{ "repair", AKITA_OPERAND_NONE, AKITA_NEED_SITE, false,
	    akita_cmd_repair,
	    AKITA_N("rebuild the database from what is good"),
	    { 0 }, { 0 } },
	{ "doctor", AKITA_OPERAND_NONE, AKITA_NEED_NOTHING, false,
	    akita_cmd_doctor, AKITA_N("look over the installation"),
	    { 0 }, { O(PAM) } },
	{ "help", AKITA_OPERAND_COMMAND, AKITA_NEED_NOTHING, false,
	    akita_cmd_help, AKITA_N("explain otpadm or a command"),
	    { 0 }, { 0 } },
	{ 0 }
};

#undef O

const struct akita_command *
akita_command_find(const char *word, const char *second,
    bool *ret_used_second)
{
	const struct akita_command *command;
	size_t len;

	for (command = akita_commands; command->name != NULL; command++) {
		len = strcspn(command->name, " ");
		if (strlen(word) != len ||
		    strncmp(command->name, word, len) != 0)
			continue;
		*ret_used_second = command->name[len] == ' ';
		if (!*ret_used_second ||
		    (second != NULL &&
		    strcmp(command->name + len + 1, second) == 0))
			return command;
	}
	return NULL;
}

/* No dump of this process may hold a key, and nothing we make is readable by
 * others. */
static void
harden(void)
{
	static const struct rlimit no_core = { 0, 0 };

	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)setrlimit(RLIMIT_CORE, &no_core);
	(void)umask(077);
}

/* What we write is UTF-8; libsmartcols and strftime must know. */
static void
set_locale(void)
{
	if (setlocale(LC_CTYPE, "") == NULL ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
}

/* --lang, then the configuration, then the locale. */
static void
choose_lang(struct akita_cli *cli, const struct akita_settings *settings)
{
	if (akita_cli_has(cli, AKITA_OPT_LANG))
		cli->lang = strcasecmp(cli->opt[AKITA_OPT_LANG], "ja") == 0 ?
		    AKITA_LANG_JA : AKITA_LANG_EN;
	else if (settings != NULL && settings->lang == AKITA_SETTINGS_LANG_JA)
		cli->lang = AKITA_LANG_JA;
	else if (settings != NULL && settings->lang == AKITA_SETTINGS_LANG_EN)
		cli->lang = AKITA_LANG_EN;
	else
		cli->lang = akita_lang_from_locale(getenv("LC_ALL"),
		    getenv("LC_MESSAGES"), getenv("LANG"));
}

/* For words before, or without, a configuration that has to be good. */
static void
choose_early_lang(struct akita_cli *cli)
{
	static const struct akita_trust trust = { .root_only = false };
	AKITA_SETTINGS_AUTO struct akita_settings *settings = NULL;
	const char *path = cli->opt[AKITA_OPT_CONFIG];

	if (akita_cli_has(cli, AKITA_OPT_LANG) ||
	    akita_settings_load(path != NULL ? path : AKITA_SETTINGS_FILE,
	    &trust, NULL, &settings, NULL) != AKITA_OK)
		settings = NULL;
	choose_lang(cli, settings);
}

/*
 * Finish what others left.  Where only the log or the outbox is in the way,
 * that waits on and keeps no customer out: a code at the counter is judged like
 * one in a login.
 */
static enum akita_rc
settle(struct akita_cli *cli, struct akita_why *why)
{
	const struct akita_command *command = cli->command;
	struct akita_why trouble = { .msgid = NULL };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_admin_settle(&cli->site, &cli->actor, &trouble);
	if ((rc == AKITA_ERR_LOG || rc == AKITA_ERR_IO) &&
	    (command->run == akita_cmd_verify ||
	    command->run == akita_cmd_activate))
		return AKITA_OK;
	if (rc != AKITA_OK)
		*why = trouble;
	return rc;
}

/* What the command needs, then the command. */
static enum akita_rc
run(struct akita_cli *cli, const struct akita_log *log, int *facility,
    struct akita_why *why)
{
	static const struct akita_trust trust = { .root_only = false };
	const struct akita_command *command = cli->command;
	const char *config = cli->opt[AKITA_OPT_CONFIG];
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (command->need == AKITA_NEED_NOTHING)
		return command->run(cli, why);
	rc = akita_site_load(&cli->site, config != NULL ? config :
	    AKITA_SETTINGS_FILE, &trust, &akita_os_clock, &akita_os_random,
	    log, why);
	if (rc != AKITA_OK)
		return rc;
	choose_lang(cli, cli->site.settings);
	*facility = cli->site.settings->audit_syslog;
	if (command->operand == AKITA_OPERAND_USER &&
	    (rc = akita_nss_lookup(cli->operand, &cli->nss, why)) != AKITA_OK)
		return rc;
	akita_actor_collect(&cli->actor);
	if (command->need == AKITA_NEED_SITE) {
		if ((rc = akita_site_open(&cli->site, why)) != AKITA_OK)
			return rc;
		if (command->changes && (rc = settle(cli, why)) != AKITA_OK)
			return rc;
	}
	return command->run(cli, why);
}

static enum akita_rc
print_version(void)
{
	(void)printf("otpadm (akita-otp) %s\n", PACKAGE_VERSION);
	return AKITA_OK;
}

int
main(int argc, char *argv[])
{
	struct akita_cli cli = { 0 };
	struct akita_why why = { 0 };
	int facility = LOG_AUTHPRIV;
	struct akita_log log = akita_event_syslog(&facility);
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int code;

	harden();
	set_locale();
	rc = akita_options_parse(&cli, argc, argv, &why);
	if (rc != AKITA_OK || cli.command == NULL ||
	    akita_cli_has(&cli, AKITA_OPT_HELP) ||
	    cli.command->need == AKITA_NEED_NOTHING)
		choose_early_lang(&cli);
	else
		choose_lang(&cli, NULL);
	cli.is_json = akita_cli_has(&cli, AKITA_OPT_JSON);
	akita_output_start(cli.is_json);
	if (rc == AKITA_OK && akita_cli_has(&cli, AKITA_OPT_VERSION))
		rc = print_version();
	else if (rc == AKITA_OK && akita_cli_has(&cli, AKITA_OPT_HELP))
		akita_help_print(cli.lang, cli.command, stdout);
	else if (rc == AKITA_OK)
		rc = run(&cli, &log, &facility, &why);
	else if (cli.command != NULL)
		akita_help_usage(cli.lang, cli.command, stderr);
	akita_site_close(&cli.site);
	code = akita_output_finish(&cli, rc, &why);
	return code;
}

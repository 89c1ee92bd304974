#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"

static const struct akita_option options[AKITA_OPT_COUNT] = {
	[AKITA_OPT_NONE] = { .name = "" },
	[AKITA_OPT_CONFIG] = { "config", "FILE", NULL, 0, 0,
	    AKITA_N("the configuration to use") },
	[AKITA_OPT_LANG] = { "lang", "LANG", "ja|en", 0, 0,
	    AKITA_N("the language: ja or en") },
	[AKITA_OPT_JSON] = { "json", NULL, NULL, 0, 0,
	    AKITA_N("print one JSON object") },
	[AKITA_OPT_HELP] = { "help", NULL, NULL, 0, 0,
	    AKITA_N("explain the command") },
	[AKITA_OPT_VERSION] = { "version", NULL, NULL, 0, 0,
	    AKITA_N("print the version") },
	[AKITA_OPT_ALGORITHM] = { "algorithm", "A", "SHA1|SHA256|SHA512", 0, 0,
	    AKITA_N("SHA1, SHA256 or SHA512, in place of the configured one") },
	[AKITA_OPT_ALL] = { "all", NULL, NULL, 0, 0,
	    AKITA_N("also what is to be tried again later") },
	[AKITA_OPT_APP] = { "app", "NAME", NULL, 0, 0,
	    AKITA_N("the customer's app: refuses what it cannot do") },
	[AKITA_OPT_BRANCH] = { "branch", "CODE", NULL, 0, 0,
	    AKITA_N("the branch's code") },
	[AKITA_OPT_CLOCK] = { "clock-was-wrong", NULL, NULL, 0, 0,
	    AKITA_N("this machine's clock ran ahead: go back to now") },
	[AKITA_OPT_COUNT_CODES] = { "count", "N", NULL, 1, AKITA_RECOVERY_MAX,
	    AKITA_N("how many codes, 1 to 32 (10)") },
	[AKITA_OPT_DIGITS] = { "digits", "N", NULL, AKITA_DIGITS_MIN,
	    AKITA_DIGITS_MAX, AKITA_N("digits of a code, 6 to 8") },
	[AKITA_OPT_FAILED] = { "failed", "FILE", NULL, 0, 0,
	    AKITA_N("write refused rows with the reason to a new FILE") },
	[AKITA_OPT_FORM] = { "form", "NO", NULL, 0, 0,
	    AKITA_N("the number of the paper form") },
	[AKITA_OPT_FORMAT] = { "format", "NAME", "csv", 0, 0,
	    AKITA_N("the format of the file: csv") },
	[AKITA_OPT_FOUND] = { "found", NULL, NULL, 0, 0,
	    AKITA_N("the lost device was found again") },
	[AKITA_OPT_MAIL] = { "mail", "ADDR", NULL, 0, 0,
	    AKITA_N("the customer's mail address of record") },
	[AKITA_OPT_MAIL_DEVICE] = { "mail", "ADDR", NULL, 0, 0,
	    AKITA_N("the mail address of the phone") },
	[AKITA_OPT_NAME] = { "name", "NAME", NULL, 0, 0,
	    AKITA_N("the customer's name") },
	[AKITA_OPT_NOTE] = { "note", "TEXT", NULL, 0, 0,
	    AKITA_N("a remark for the audit log") },
	[AKITA_OPT_OUT] = { "out", "FILE", NULL, 0, 0,
	    AKITA_N("write what was issued, with secrets, to a new FILE") },
	[AKITA_OPT_PAM] = { "pam", "SERVICE", NULL, 0, 0,
	    AKITA_N("can a login succeed without a code, by pam.d?") },
	[AKITA_OPT_PERIOD] = { "period", "S", NULL, AKITA_PERIOD_MIN,
	    AKITA_PERIOD_MAX,
	    AKITA_N("seconds that a code lasts, 15 to 120") },
	[AKITA_OPT_PRINT] = { "print", NULL, NULL, 0, 0,
	    AKITA_N("print the sheet for the customer, by lp") },
	[AKITA_OPT_QR] = { "qr", "STYLE", "utf8|ansi|ascii|none", 0, 0,
	    AKITA_N("draw the QR code: utf8, ansi, ascii or none") },
	[AKITA_OPT_QR_FILE] = { "qr-file", "FILE", NULL, 0, 0,
	    AKITA_N("write the QR code to a new FILE.png or FILE.svg") },
	[AKITA_OPT_REASON] = { "reason", "R",
	    "lost|stolen|locked|request|other", 0, 0,
	    AKITA_N("lost, stolen, locked, request or other") },
	[AKITA_OPT_RELEASE_REASON] = { "reason", "TEXT", NULL, 0, 0,
	    AKITA_N("the reason, for the audit log") },
	[AKITA_OPT_REPLACE] = { "replace", NULL, NULL, 0, 0,
	    AKITA_N("a new phone: the old token works until the new one "
	    "is in use") },
	[AKITA_OPT_SEARCH] = { "search", "TEXT", NULL, 0, 0,
	    AKITA_N("only where user, name, user ID or mail has TEXT") },
	[AKITA_OPT_SHEET] = { "sheet", "FILE", NULL, 0, 0,
	    AKITA_N("write the sheet for the customer to a new FILE.pdf") },
	[AKITA_OPT_STATE] = { "state", "S", "registered|issued|active|locked|"
	    "suspended|expired|released", 0, 0,
	    AKITA_N("only accounts in this state") },
	[AKITA_OPT_TYPE] = { "type", "TYPE", "totp|hotp", 0, 0,
	    AKITA_N("totp (by time) or hotp (by counter)") },
	[AKITA_OPT_YES] = { "yes", NULL, NULL, 0, 0,
	    AKITA_N("do not ask whether it is meant") },
};

/* Options that every command takes. */
static const enum akita_opt everywhere[] = {
	AKITA_OPT_CONFIG, AKITA_OPT_LANG, AKITA_OPT_JSON, AKITA_OPT_HELP,
	AKITA_OPT_VERSION
};

const struct akita_option *
akita_option_get(enum akita_opt opt)
{
	return &options[opt];
}

unsigned int
akita_cli_number(const struct akita_cli *cli, enum akita_opt opt)
{
	uint32_t n = 0;

	/* Checked when it was parsed. */
	if (!akita_parse_u32(cli->opt[opt], options[opt].min,
	    options[opt].max, &n))
		return 0;
	return n;
}

static bool
is_named(enum akita_opt opt, const char *name, size_t len)
{
	return strlen(options[opt].name) == len &&
	    memcmp(options[opt].name, name, len) == 0;
}

/* The option of that name which the command takes; NONE: it takes none. */
static enum akita_opt
find_option(const struct akita_command *command, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(everywhere) / sizeof(everywhere[0]); i++)
		if (is_named(everywhere[i], name, len))
			return everywhere[i];
	if (command == NULL)
		return AKITA_OPT_NONE;
	for (i = 0; command->required[i] != AKITA_OPT_NONE; i++)
		if (is_named(command->required[i], name, len))
			return command->required[i];
	for (i = 0; command->options[i] != AKITA_OPT_NONE; i++)
		if (is_named(command->options[i], name, len))
			return command->options[i];
	return AKITA_OPT_NONE;
}

/* value is one of the words in choices ("a|b|c"), in any case. */
static bool
is_choice(const char *choices, const char *value)
{
	size_t len;

	for (;;) {
		len = strcspn(choices, "|");
		if (strlen(value) == len && len > 0 &&
		    strncasecmp(choices, value, len) == 0)
			return true;
		if (choices[len] == '\0')
			return false;
		choices += len + 1;
	}
}

static enum akita_rc
check_value(const struct akita_option *option, const char *value,
    struct akita_why *why)
{
	char min[16], max[16];
	uint32_t n;

	if (option->max != 0 &&
	    !akita_parse_u32(value, option->min, option->max, &n)) {
		(void)snprintf(min, sizeof(min), "%u", option->min);
		(void)snprintf(max, sizeof(max), "%u", option->max);
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("\"%s\" will "
		    "not do for --%s: it takes a number from %s to %s"),
		    value, option->name, min, max, NULL);
	}
	if (option->choices != NULL && !is_choice(option->choices, value))
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("\"%s\" will "
		    "not do for --%s: it takes one of %s"), value,
		    option->name, option->choices, NULL);
	return AKITA_OK;
}

/* One option at argv[*i]; *i moves on over its value. */
static enum akita_rc
take_option(struct akita_cli *cli, int argc, char *const argv[], int *i,
    struct akita_why *why)
{
	const char *name = argv[*i] + 2, *value = "";
	size_t len = strcspn(name, "=");
	enum akita_opt opt = find_option(cli->command, name, len);

	if (opt == AKITA_OPT_NONE)
		return akita_fail(why, AKITA_ERR_USAGE, cli->command != NULL ?
		    AKITA_N("%2$s takes no option %1$s; \"otpadm %2$s --help\" "
		    "lists them") :
		    AKITA_N("before the command there is no option %s; "
		    "\"otpadm help\" lists what there is"), argv[*i],
		    cli->command != NULL ? cli->command->name : NULL, NULL);
	if (akita_cli_has(cli, opt))
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("--%s is "
		    "given twice; give it once"), options[opt].name, NULL);
	if (options[opt].arg == NULL) {
		if (name[len] == '=')
			return akita_fail(why, AKITA_ERR_USAGE, AKITA_N(
			    "--%s takes no value"), options[opt].name, NULL);
	} else if (name[len] == '=') {
		value = name + len + 1;
	} else if (*i + 1 < argc) {
		value = argv[++*i];
	} else {
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("--%s lacks "
		    "its value (%s)"), options[opt].name, options[opt].arg,
		    NULL);
	}
	cli->opt[opt] = value;
	return options[opt].arg == NULL ? AKITA_OK :
	    check_value(&options[opt], value, why);
}

/* A word that is no option: the command, or its operand. */
static enum akita_rc
take_word(struct akita_cli *cli, int argc, char *const argv[], int *i,
    struct akita_why *why)
{
	bool used_second = false;

	if (cli->command == NULL) {
		cli->command = akita_command_find(argv[*i],
		    *i + 1 < argc ? argv[*i + 1] : NULL, &used_second);
		if (cli->command == NULL)
			return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("there "
			    "is no command \"%s\"; \"otpadm help\" lists them"),
			    argv[*i], NULL);
		*i += used_second;
		return AKITA_OK;
	}
	if (cli->command->operand == AKITA_OPERAND_NONE ||
	    (cli->operand != NULL && (cli->operand2 != NULL ||
	    cli->command->operand != AKITA_OPERAND_COMMAND)))
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("\"%s\" is one "
		    "argument too many; \"otpadm %s --help\" explains the "
		    "command"), argv[*i], cli->command->name, NULL);
	if (cli->operand == NULL)
		cli->operand = argv[*i];
	else
		cli->operand2 = argv[*i];
	return AKITA_OK;
}

/* All that a command cannot do without is there. */
static enum akita_rc
check_operand(const struct akita_cli *cli, struct akita_why *why)
{
	const char *name = cli->command->name;

	if (cli->operand != NULL)
		return AKITA_OK;
	switch (cli->command->operand) {
	case AKITA_OPERAND_USER:
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("%s lacks the "
		    "account's name (USER)"), name, NULL);
	case AKITA_OPERAND_FILE:
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("%s lacks the "
		    "file's name (FILE)"), name, NULL);
	case AKITA_OPERAND_ADDRESS:
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("%s lacks the "
		    "mail address (ADDRESS)"), name, NULL);
	case AKITA_OPERAND_EVENT:
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("%s lacks the "
		    "kind of mail (EVENT)"), name, NULL);
	case AKITA_OPERAND_NONE:
	case AKITA_OPERAND_COMMAND:
	default:
		return AKITA_OK;
	}
}

static enum akita_rc
check_complete(const struct akita_cli *cli, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const struct akita_command *command = cli->command;
	size_t i;

	if (akita_cli_has(cli, AKITA_OPT_HELP) ||
	    akita_cli_has(cli, AKITA_OPT_VERSION))
		return AKITA_OK;
	if (command == NULL)
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("what is to be "
		    "done? \"otpadm help\" lists the commands"), NULL);
	if ((rc = check_operand(cli, why)) != AKITA_OK)
		return rc;
	for (i = 0; command->required[i] != AKITA_OPT_NONE; i++)
		if (!akita_cli_has(cli, command->required[i]))
			return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("%s "
			    "lacks --%s %s"), command->name,
			    options[command->required[i]].name,
			    options[command->required[i]].arg, NULL);
	return AKITA_OK;
}

enum akita_rc
akita_options_parse(struct akita_cli *cli, int argc, char *const argv[],
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;
	bool only_words = false;
	int i;

	for (i = 1; i < argc && rc == AKITA_OK; i++) {
		if (!only_words && strcmp(argv[i], "--") == 0)
			only_words = true;
		else if (!only_words && strncmp(argv[i], "--", 2) == 0)
			rc = take_option(cli, argc, argv, &i, why);
		else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0')
			rc = akita_fail(why, AKITA_ERR_USAGE, AKITA_N("there "
			    "is no option %s; options are words, like --help"),
			    argv[i], NULL);
		else
			rc = take_word(cli, argc, argv, &i, why);
	}
	if (rc != AKITA_OK)
		return rc;
	return check_complete(cli, why);
}

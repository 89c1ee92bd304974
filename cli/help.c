/* Usage and help, all of it from the tables. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "common/text.h"

static const char *
operand_text(enum akita_operand operand)
{
	switch (operand) {
	case AKITA_OPERAND_USER:
		return " USER";
	case AKITA_OPERAND_FILE:
		return " FILE";
	case AKITA_OPERAND_COMMAND:
		return " [COMMAND]";
	case AKITA_OPERAND_ADDRESS:
		return " ADDRESS";
	case AKITA_OPERAND_EVENT:
		return " EVENT";
	case AKITA_OPERAND_NONE:
	default:
		return "";
	}
}

void
akita_help_usage(enum akita_lang lang, const struct akita_command *command,
    FILE *out)
{
	const struct akita_option *option;
	size_t i;

	if (command == NULL) {
		(void)fprintf(out, akita_tr(lang, "usage: otpadm [--config "
		    "FILE] [--lang ja|en] [--json] COMMAND [OPTIONS] [USER]\n"));
		return;
	}
	(void)fprintf(out, akita_tr(lang, "usage: otpadm %s"), command->name);
	for (i = 0; command->required[i] != AKITA_OPT_NONE; i++) {
		option = akita_option_get(command->required[i]);
		(void)fprintf(out, " --%s %s", option->name, option->arg);
	}
	if (command->options[0] != AKITA_OPT_NONE)
		(void)fprintf(out, "%s", akita_tr(lang, " [OPTIONS]"));
	(void)fprintf(out, "%s\n", operand_text(command->operand));
}

/* "  WORDS      what they mean"; what is wider than the column takes a line. */
static void
print_item(enum akita_lang lang, const char *words, const char *doc,
    size_t column, FILE *out)
{
	size_t width = akita_text_width(words);

	(void)fprintf(out, "  %s", words);
	if (width + 2 > column) {
		(void)fputc('\n', out);
		width = 0;
		(void)fputs("  ", out);
	}
	for (; width < column; width++)
		(void)fputc(' ', out);
	(void)fprintf(out, "%s\n", akita_words(lang, doc));
}

static void
print_option(enum akita_lang lang, enum akita_opt opt, FILE *out)
{
	const struct akita_option *option = akita_option_get(opt);
	char words[64];

	(void)snprintf(words, sizeof(words), "--%s%s%s", option->name,
	    option->arg != NULL ? " " : "",
	    option->arg != NULL ? option->arg : "");
	print_item(lang, words, option->doc, 18, out);
}

static void
print_options(enum akita_lang lang, const enum akita_opt *opts, FILE *out)
{
	for (; *opts != AKITA_OPT_NONE; opts++)
		print_option(lang, *opts, out);
}

static const enum akita_opt everywhere[] = {
	AKITA_OPT_CONFIG, AKITA_OPT_LANG, AKITA_OPT_JSON, AKITA_OPT_HELP,
	AKITA_OPT_VERSION, AKITA_OPT_NONE
};

static void
print_commands(enum akita_lang lang, FILE *out)
{
	const struct akita_command *command;

	(void)fputs(akita_tr(lang, "\nCommands:\n"), out);
	for (command = akita_commands; command->name != NULL; command++)
		print_item(lang, command->name, command->doc, 14, out);
}

void
akita_help_print(enum akita_lang lang, const struct akita_command *command,
    FILE *out)
{
	akita_help_usage(lang, command, out);
	if (command == NULL) {
		print_commands(lang, out);
	} else {
		(void)fprintf(out, "%s\n", akita_words(lang, command->doc));
		if (command->required[0] != AKITA_OPT_NONE) {
			(void)fputs(akita_tr(lang, "\nRequired:\n"), out);
			print_options(lang, command->required, out);
		}
		if (command->options[0] != AKITA_OPT_NONE) {
			(void)fputs(akita_tr(lang, "\nOptions:\n"), out);
			print_options(lang, command->options, out);
		}
	}
	(void)fputs(akita_tr(lang, "\nWith every command:\n"), out);
	print_options(lang, everywhere, out);
}

enum akita_rc
akita_cmd_help(struct akita_cli *cli, struct akita_why *why)
{
	const struct akita_command *command = NULL;
	bool used_second = false;

	if (cli->operand != NULL) {
		command = akita_command_find(cli->operand, cli->operand2,
		    &used_second);
		if (command == NULL ||
		    (cli->operand2 != NULL && !used_second))
			return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("there "
			    "is no command \"%s\"; \"otpadm help\" lists them"),
			    cli->operand, NULL);
	}
	akita_help_print(cli->lang, command, stdout);
	return AKITA_OK;
}

#include "pam/args.h"

#include <stdio.h>
#include <string.h>

#include "common/settings.h"
#include "common/text.h"

#define FIELD(name) offsetof(struct akita_args, name)

static const struct akita_arg table[] = {
	{ "config", AKITA_ARG_PATH, FIELD(config), NULL, AKITA_PATH_MAX, 0 },
	{ "unregistered", AKITA_ARG_CHOICE, FIELD(unregistered),
	    "deny|ignore", 0, AKITA_UNREGISTERED_DENY },
	{ "nullok", AKITA_ARG_FIXED, FIELD(unregistered), NULL,
	    AKITA_UNREGISTERED_IGNORE, 0 },
	{ "start_of_use", AKITA_ARG_CHOICE, FIELD(start_of_use),
	    "login|counter|ignore", 0, AKITA_START_LOGIN },
	{ "decoy", AKITA_ARG_FLAG, FIELD(decoy), NULL, 0, 0 },
	{ "locked", AKITA_ARG_CHOICE, FIELD(locked), "refuse|maxtries", 0,
	    AKITA_LOCKED_REFUSE },
	{ "account_locked", AKITA_ARG_CHOICE, FIELD(account_locked),
	    "ignore|deny", 0, AKITA_ACCOUNT_IGNORE },
	{ "prompt", AKITA_ARG_TEXT, FIELD(prompt), NULL,
	    AKITA_ARGS_PROMPT_MAX, 0 },
	{ "echo", AKITA_ARG_CHOICE, FIELD(echo), "off|on", 0, AKITA_ECHO_OFF },
	{ "try_first_pass", AKITA_ARG_FLAG, FIELD(try_first_pass), NULL, 0,
	    0 },
	{ "use_first_pass", AKITA_ARG_FLAG, FIELD(use_first_pass), NULL, 0,
	    0 },
	{ "forward_pass", AKITA_ARG_FLAG, FIELD(forward_pass), NULL, 0, 0 },
	{ "publickey", AKITA_ARG_CHOICE, FIELD(publickey), "require|skip", 0,
	    AKITA_PUBLICKEY_REQUIRE },
	{ "grace", AKITA_ARG_NUMBER, FIELD(grace_s), NULL,
	    AKITA_ARGS_GRACE_MAX, 0 },
	{ "isolate", AKITA_ARG_FLAG, FIELD(isolate), NULL, 0, 0 },
	{ "debug", AKITA_ARG_FLAG, FIELD(debug), NULL, 0, 0 },
};

#define TABLE_N	(sizeof(table) / sizeof(table[0]))

const struct akita_arg *
akita_args_table(size_t *ret_n)
{
	*ret_n = TABLE_N;
	return table;
}

static const struct akita_arg *
find(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < TABLE_N; i++) {
		if (strlen(table[i].name) == len &&
		    strncmp(table[i].name, word, len) == 0)
			return &table[i];
	}
	return NULL;
}

/* The place of value among words ("a|b|c"), from 0; -1: it is not there. */
static int
find_choice(const char *words, const char *value)
{
	size_t len = strlen(value), n;
	int i;

	for (i = 0;; i++) {
		n = strcspn(words, "|");
		if (n == len && strncmp(words, value, len) == 0)
			return i;
		if (words[n] == '\0')
			return -1;
		words += n + 1;
	}
}

static enum akita_rc
set_choice(const struct akita_arg *arg, const char *value, unsigned int *field,
    struct akita_why *why)
{
	int choice;

	if ((choice = find_choice(arg->words, value)) < 0)
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("argument %s: its value must be one of %s"),
		    arg->name, arg->words, NULL);
	*field = arg->first + (unsigned int)choice;
	return AKITA_OK;
}

static enum akita_rc
set_number(const struct akita_arg *arg, const char *value, unsigned int *field,
    struct akita_why *why)
{
	char max[16];
	uint32_t number;

	if (!akita_parse_u32(value, 0, arg->max, &number)) {
		(void)snprintf(max, sizeof(max), "%u", arg->max);
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("argument %s: its value must be a number from 0 "
		    "to %s"), arg->name, max, NULL);
	}
	*field = number;
	return AKITA_OK;
}

static enum akita_rc
set_text(const struct akita_arg *arg, const char *value, const char **field,
    struct akita_why *why)
{
	size_t len = strnlen(value, (size_t)arg->max + 1);
	char max[16];

	(void)snprintf(max, sizeof(max), "%u", arg->max);
	if (len == 0 || len > arg->max || akita_text_has_control(value))
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("argument %s: its value must be 1 to %s bytes of "
		    "UTF-8 without control characters"), arg->name, max,
		    NULL);
	if (arg->type == AKITA_ARG_PATH && value[0] != '/')
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("argument %s: its value must be an absolute path"),
		    arg->name, NULL);
	*field = value;
	return AKITA_OK;
}

/* Give arg's field its value (NULL: the argument stands without one). */
static enum akita_rc
set(const struct akita_arg *arg, const char *value, struct akita_args *args,
    struct akita_why *why)
{
	void *field = (char *)args + arg->offset;
	bool takes_none = arg->type == AKITA_ARG_FLAG ||
	    arg->type == AKITA_ARG_FIXED;

	if (takes_none && value != NULL)
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("argument %s takes no value"), arg->name, NULL);
	if (!takes_none && value == NULL)
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("argument %s needs a value"), arg->name, NULL);
	switch (arg->type) {
	case AKITA_ARG_FLAG:
		*(bool *)field = true;
		return AKITA_OK;
	case AKITA_ARG_FIXED:
		*(unsigned int *)field = arg->max;
		return AKITA_OK;
	case AKITA_ARG_CHOICE:
		return set_choice(arg, value, field, why);
	case AKITA_ARG_NUMBER:
		return set_number(arg, value, field, why);
	case AKITA_ARG_PATH:
	case AKITA_ARG_TEXT:
		return set_text(arg, value, field, why);
	}
	return AKITA_ERR_INTERNAL;
}

/* What was read so far: one bit a field, by its first row in the table. */
static bool
is_repeated(const struct akita_arg *arg, unsigned int *seen)
{
	unsigned int bit = 0;

	while (table[bit].offset != arg->offset)
		bit++;
	if ((*seen & 1u << bit) != 0)
		return true;
	*seen |= 1u << bit;
	return false;
}

static enum akita_rc
parse_word(const char *word, unsigned int *seen, struct akita_args *args,
    struct akita_why *why)
{
	size_t len = strcspn(word, "=");
	const struct akita_arg *arg;

	if ((arg = find(word, len)) == NULL)
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("argument %s is unknown: see pam_akita_otp(8)"),
		    word, NULL);
	if (is_repeated(arg, seen))
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("argument %s is there twice"), arg->name, NULL);
	return set(arg, word[len] == '=' ? word + len + 1 : NULL, args, why);
}

enum akita_rc
akita_args_parse(int argc, const char *const *argv,
    void (*wrong)(void *ctx, const struct akita_why *why), void *ctx,
    struct akita_args *ret)
{
	struct akita_args args = { .config = AKITA_SETTINGS_FILE };
	struct akita_why why = { 0 };
	enum akita_rc rc = AKITA_OK;
	unsigned int seen = 0;
	int i;

	for (i = 0; i < argc; i++) {
		if (parse_word(argv[i], &seen, &args, &why) != AKITA_OK) {
			wrong(ctx, &why);
			rc = AKITA_ERR_SETTINGS;
		}
	}
	if (args.echo == AKITA_ECHO_ON && akita_args_has_pass(&args)) {
		rc = akita_fail(&why, AKITA_ERR_SETTINGS,
		    AKITA_N("argument echo must not be on together with %s: "
		    "the answer holds a password"),
		    "try_first_pass, use_first_pass, forward_pass", NULL);
		wrong(ctx, &why);
	}
	if (rc == AKITA_OK)
		*ret = args;
	return rc;
}

bool
akita_args_has_pass(const struct akita_args *args)
{
	return args->try_first_pass || args->use_first_pass ||
	    args->forward_pass;
}

bool
akita_args_echo(const struct akita_args *args)
{
	if (args->echo == AKITA_ECHO_UNSET)
		return !akita_args_has_pass(args);
	return args->echo == AKITA_ECHO_ON;
}

#include "common/settings_value.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"

#define SCHEME	"gdbm:"

/* What a setter works on. */
struct value {
	const struct akita_setting *setting;
	const char	*text;
	char		*field;
	const char	*msgid;		/* what is wrong with it */
	char		*range;
};

static enum akita_rc
bad(struct value *v, const char *msgid)
{
	v->msgid = msgid;
	return AKITA_ERR_SETTINGS;
}

/* What is wrong is the number, or the length. */
static enum akita_rc
out_of_range(struct value *v, const char *msgid)
{
	(void)snprintf(v->range, AKITA_SETTINGS_RANGE, "%u-%u",
	    v->setting->min, v->setting->max);
	return bad(v, msgid);
}

static void
store(struct value *v, const char *text)
{
	memcpy(v->field, text, strlen(text) + 1);
}

static enum akita_rc
set_number(struct value *v)
{
	const struct akita_setting *s = v->setting;
	uint32_t number;
	unsigned int made;

	if (v->text[0] == '\0' || strlen(v->text) > 10 ||
	    !akita_parse_u32(v->text, s->min, s->max, &number))
		return out_of_range(v,
		    AKITA_N("%s, line %s: %s must be a number in the range "
		    "%s"));
	made = number;
	memcpy(v->field, &made, sizeof(made));
	return AKITA_OK;
}

/* The choice that text is; NULL: none, and the range lists them. */
static const struct akita_setting_choice *
find_choice(struct value *v)
{
	const struct akita_setting_choice *choice;
	size_t used = 0;

	for (choice = v->setting->choices; choice->word != NULL; choice++)
		if (strcmp(choice->word, v->text) == 0)
			return choice;
	for (choice = v->setting->choices; choice->word != NULL; choice++) {
		size_t room = AKITA_SETTINGS_RANGE - used;
		int n = snprintf(v->range + used, room, "%s%s",
		    used > 0 ? ", " : "", choice->word);

		if (n < 0 || (size_t)n >= room)
			break;
		used += (size_t)n;
	}
	v->msgid = AKITA_N("%s, line %s: %s must be one of: %s");
	return NULL;
}

static enum akita_rc
set_choice(struct value *v)
{
	const struct akita_setting_choice *choice = find_choice(v);

	if (choice == NULL)
		return AKITA_ERR_SETTINGS;
	memcpy(v->field, &choice->value, sizeof(choice->value));
	return AKITA_OK;
}

static enum akita_rc
set_switch(struct value *v)
{
	const struct akita_setting_choice *choice = find_choice(v);
	bool is_on;

	if (choice == NULL)
		return AKITA_ERR_SETTINGS;
	is_on = choice->value != 0;
	memcpy(v->field, &is_on, sizeof(is_on));
	return AKITA_OK;
}

/* Text of a length in range, which is given in bytes, without controls. */
static enum akita_rc
set_text(struct value *v)
{
	const struct akita_setting *s = v->setting;
	size_t len = strlen(v->text);

	if (len < s->min || len > s->max)
		return out_of_range(v,
		    AKITA_N("%s, line %s: %s must have a length in the range "
		    "%s bytes (UTF-8)"));
	if (akita_text_has_control(v->text))
		return bad(v,
		    AKITA_N("%s, line %s: %s may not hold control "
		    "characters"));
	store(v, v->text);
	return AKITA_OK;
}

static enum akita_rc
set_word(struct value *v)
{
	static const char ok[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_-";

	if (v->text[strspn(v->text, ok)] != '\0')
		return bad(v,
		    AKITA_N("%s, line %s: %s may hold only A-Z, a-z, 0-9, "
		    "_ and -"));
	return set_text(v);
}

static enum akita_rc
set_label(struct value *v)
{
	const char *p = v->text;
	bool has_name = false;

	while ((p = strchr(p, '%')) != NULL) {
		if (p[1] != 'u' && p[1] != 'i')
			return bad(v,
			    AKITA_N("%s, line %s: in %s, only u or i may "
			    "follow a %% sign"));
		has_name = true;
		p += 2;
	}
	if (!has_name)
		return bad(v,
		    AKITA_N("%s, line %s: %s must hold %%u (login name) or "
		    "%%i (user ID)"));
	return set_text(v);
}

static enum akita_rc
set_path(struct value *v)
{
	size_t len = strlen(v->text);

	if (v->text[0] != '/' || v->text[len - 1] == '/')
		return bad(v,
		    AKITA_N("%s, line %s: %s must be an absolute path of a "
		    "file"));
	return set_text(v);
}

static enum akita_rc
set_database(struct value *v)
{
	if (strncmp(v->text, SCHEME, sizeof(SCHEME) - 1) != 0)
		return bad(v,
		    AKITA_N("%s, line %s: %s must be gdbm: and an absolute "
		    "path, as in gdbm:/var/lib/akita-otp/tokens.gdbm"));
	v->text += sizeof(SCHEME) - 1;
	return set_path(v);
}

/* Names by spaces, tabs and commas become names by one space. */
static enum akita_rc
set_users(struct value *v)
{
	static const char between[] = " \t,";
	char names[AKITA_CALLERS_MAX + 1] = "";
	char name[AKITA_ACCOUNT_MAX + 1];
	const char *p = v->text;
	size_t len, used = 0;

	while (*(p += strspn(p, between)) != '\0') {
		len = strcspn(p, between);
		if (len >= sizeof(name) || used + 1 + len >= sizeof(names))
			return bad(v,
			    AKITA_N("%s, line %s: %s holds too long a name, "
			    "or too many"));
		memcpy(name, p, len);
		name[len] = '\0';
		if (akita_account_check(name, NULL) != AKITA_OK)
			return bad(v,
			    AKITA_N("%s, line %s: %s must be login names, "
			    "separated by spaces or commas"));
		if (used > 0)
			names[used++] = ' ';
		memcpy(names + used, name, len + 1);
		used += len;
		p += len;
	}
	store(v, names);
	return AKITA_OK;
}

static enum akita_rc
set_mail(struct value *v)
{
	if (v->text[0] == '\0' && v->setting->min == 0) {
		store(v, "");
		return AKITA_OK;
	}
	if (akita_mail_check(v->text, NULL) != AKITA_OK)
		return bad(v,
		    AKITA_N("%s, line %s: %s must be a mail address, as in "
		    "otp@example.jp"));
	store(v, v->text);
	return AKITA_OK;
}

static enum akita_rc
set(struct value *v)
{
	switch (v->setting->type) {
	case AKITA_SETTING_TEXT:
		return set_text(v);
	case AKITA_SETTING_WORD:
		return set_word(v);
	case AKITA_SETTING_LABEL:
		return set_label(v);
	case AKITA_SETTING_NUMBER:
		return set_number(v);
	case AKITA_SETTING_CHOICE:
		return set_choice(v);
	case AKITA_SETTING_SWITCH:
		return set_switch(v);
	case AKITA_SETTING_PATH:
		return set_path(v);
	case AKITA_SETTING_DATABASE:
		return set_database(v);
	case AKITA_SETTING_USERS:
		return set_users(v);
	case AKITA_SETTING_MAIL:
		return set_mail(v);
	}
	return AKITA_ERR_INTERNAL;
}

/* " #" or " ;" in a value that is wrong: somebody meant a comment. */
static bool
has_comment(const char *text)
{
	const char *p;

	for (p = text; (p = strpbrk(p, "#;")) != NULL; p++)
		if (p == text || p[-1] == ' ' || p[-1] == '\t')
			return true;
	return false;
}

enum akita_rc
akita_settings_set(struct akita_settings *settings,
    const struct akita_setting *setting, const char *text,
    const char **ret_msgid, char ret_range[AKITA_SETTINGS_RANGE])
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct value v = { .setting = setting, .text = text,
		.field = (char *)settings + setting->offset,
		.range = ret_range };

	ret_range[0] = '\0';
	if ((rc = set(&v)) == AKITA_OK)
		return AKITA_OK;
	if (setting->type != AKITA_SETTING_TEXT &&
	    setting->type != AKITA_SETTING_LABEL && has_comment(text))
		v.msgid = AKITA_N("%s, line %s: %s is wrong: a comment needs "
		    "a line of its own");
	*ret_msgid = v.msgid;
	return rc;
}

/* The word for a choice's value; "" if there is none. */
static const char *
choice_word(const struct akita_setting *setting, int value)
{
	const struct akita_setting_choice *choice;

	for (choice = setting->choices; choice->word != NULL; choice++)
		if (choice->value == value)
			return choice->word;
	return "";
}

char *
akita_settings_text(const struct akita_settings *settings,
    const struct akita_setting *setting, char *buf, size_t buf_size)
{
	const char *field = (const char *)settings + setting->offset;
	unsigned int number;
	bool is_on;
	int value;

	switch (setting->type) {
	case AKITA_SETTING_NUMBER:
		memcpy(&number, field, sizeof(number));
		(void)snprintf(buf, buf_size, "%u", number);
		break;
	case AKITA_SETTING_CHOICE:
		memcpy(&value, field, sizeof(value));
		(void)snprintf(buf, buf_size, "%s",
		    choice_word(setting, value));
		break;
	case AKITA_SETTING_SWITCH:
		memcpy(&is_on, field, sizeof(is_on));
		(void)snprintf(buf, buf_size, "%s",
		    choice_word(setting, is_on));
		break;
	default:
		(void)snprintf(buf, buf_size, "%s%s",
		    setting->type == AKITA_SETTING_DATABASE ? SCHEME : "",
		    field);
	}
	return buf;
}

#include "common/names.h"

#include <stdbool.h>
#include <string.h>

/* What is said of a text that breaks a rule; %s in too_long is its limit. */
struct rule {
	size_t		 min, max;
	const char	*limit;
	const char	*empty;
	const char	*too_long;
	const char	*bad;
};

static enum akita_rc
check_text(const char *text, const struct rule *rule, struct akita_why *why)
{
	size_t len = strnlen(text, rule->max + 1);

	if (len < rule->min)
		return akita_fail(why, AKITA_ERR_USAGE, rule->empty, NULL);
	if (len > rule->max)
		return akita_fail(why, AKITA_ERR_USAGE, rule->too_long,
		    rule->limit, NULL);
	if (akita_text_has_control(text))
		return akita_fail(why, AKITA_ERR_USAGE, rule->bad, NULL);
	return AKITA_OK;
}

enum akita_rc
akita_account_check(const char *name, struct akita_why *why)
{
	static const struct rule rule = { 1, AKITA_ACCOUNT_MAX, "64",
		AKITA_N("The user name is empty."),
		AKITA_N("The user name is longer than %s bytes."),
		AKITA_N("The user name holds a control character or is not "
		    "valid UTF-8.") };

	return check_text(name, &rule, why);
}

enum akita_rc
akita_name_check(const char *name, struct akita_why *why)
{
	static const struct rule rule = { 0, AKITA_NAME_MAX, "96", NULL,
		AKITA_N("The name is longer than %s bytes."),
		AKITA_N("The name holds a control character or is not valid "
		    "UTF-8.") };

	return check_text(name, &rule, why);
}

enum akita_rc
akita_form_check(const char *form, struct akita_why *why)
{
	static const struct rule rule = { 1, AKITA_FORM_MAX, "32",
		AKITA_N("The form number is empty."),
		AKITA_N("The form number is longer than %s bytes."),
		AKITA_N("The form number holds a control character or is not "
		    "valid UTF-8.") };

	return check_text(form, &rule, why);
}

enum akita_rc
akita_note_check(const char *note, struct akita_why *why)
{
	static const struct rule rule = { 0, AKITA_NOTE_MAX, "200", NULL,
		AKITA_N("The note is longer than %s bytes."),
		AKITA_N("The note holds a control character or is not valid "
		    "UTF-8.") };

	return check_text(note, &rule, why);
}

/* c is an ASCII letter or digit, in any locale. */
static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z');
}

enum akita_rc
akita_branch_check(const char *branch, struct akita_why *why)
{
	size_t i;

	if (branch[0] == '\0')
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("The branch code is empty."), NULL);
	for (i = 0; branch[i] != '\0'; i++) {
		if (i == AKITA_BRANCH_MAX)
			return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("The "
			    "branch code is longer than %s bytes."), "16",
			    NULL);
		if (!is_alnum(branch[i]) && strchr("._-", branch[i]) == NULL)
			return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("A "
			    "branch code is made of the letters A-Z and a-z, "
			    "digits, '.', '_' and '-'."), NULL);
	}
	return AKITA_OK;
}

/* The characters of an address: NULL if they will do, else the reason. */
static const char *
judge_characters(const char *mail)
{
	const char *p;

	for (p = mail; *p != '\0'; p++) {
		if (*p <= ' ' || *p > '~')	/* char may be signed */
			return AKITA_N("The mail address holds a space, a "
			    "control character or one that is not ASCII.");
		if (strchr("<>,;:\"()\\[]", *p) != NULL)
			return AKITA_N("The mail address holds one of < > , ; "
			    ": \" ( ) \\ [ ]; give one plain address.");
	}
	if (strstr(mail, "=?") != NULL)
		return AKITA_N("The mail address looks like an encoded word "
		    "(=?...?=).");
	return NULL;
}

/* The part before the @. */
static const char *
judge_local(const char *local, size_t len)
{
	if (len == 0)
		return AKITA_N("The mail address has nothing before the @.");
	if (len > 64)
		return AKITA_N("The mail address has more than 64 characters "
		    "before the @.");
	if (strchr("-/|.", local[0]) != NULL)
		return AKITA_N("The mail address starts with '-', '/', '|' or "
		    "'.'.");
	return NULL;
}

/* The part after the @: labels between dots. */
static const char *
judge_domain(const char *domain)
{
	const char *bad = AKITA_N("The mail address has no proper domain after "
	    "the @.");
	const char *p = domain;

	for (;;) {
		size_t len = strcspn(p, "."), digits = strspn(p, "0123456789");
		size_t i;

		if (len < 1 || len > 63 || p[0] == '-' || p[len - 1] == '-')
			return bad;
		for (i = 0; i < len; i++)
			if (!is_alnum(p[i]) && p[i] != '-')
				return bad;
		if (p[len] == '\0')
			return digits == len ? bad : NULL;
		p += len + 1;
	}
}

enum akita_rc
akita_mail_check(const char *mail, struct akita_why *why)
{
	const char *at, *bad;

	if (mail[0] == '\0')
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("The mail address is empty."), NULL);
	if (strnlen(mail, AKITA_MAIL_MAX + 1) > AKITA_MAIL_MAX)
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("The mail "
		    "address is longer than %s bytes."), "254", NULL);
	if ((bad = judge_characters(mail)) != NULL)
		return akita_fail(why, AKITA_ERR_USAGE, bad, NULL);
	at = strchr(mail, '@');
	if (at == NULL || strchr(at + 1, '@') != NULL)
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("A mail address has exactly one @."), NULL);
	if ((bad = judge_local(mail, (size_t)(at - mail))) != NULL ||
	    (bad = judge_domain(at + 1)) != NULL)
		return akita_fail(why, AKITA_ERR_USAGE, bad, NULL);
	return AKITA_OK;
}

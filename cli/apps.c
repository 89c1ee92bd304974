#include "cli/apps.h"

#include <stdio.h>
#include <string.h>

#include "cli/apps_table.h"

#define APPS	(sizeof(apps) / sizeof(apps[0]))
#define PERIOD_EVERYWHERE	30	/* what every app does */

const struct akita_app *
akita_app_find(const char *name, struct akita_why *why)
{
	char names[AKITA_WHY_ARG_SIZE];
	size_t i, used = 0;

	names[0] = '\0';
	for (i = 0; i < APPS; i++) {
		if (strcmp(apps[i].name, name) == 0)
			return &apps[i];
		if (used < sizeof(names))
			used += (size_t)snprintf(names + used,
			    sizeof(names) - used, "%s%s", i > 0 ? ", " : "",
			    apps[i].name);
	}
	(void)akita_fail(why, AKITA_ERR_USAGE, AKITA_N("no app \"%s\" is "
	    "known; known are: %s"), name, names, NULL);
	return NULL;
}

static bool
uses(const struct akita_token *token, enum akita_app_feature feature)
{
	switch (feature) {
	case AKITA_APP_PERIOD:
		return token->type == AKITA_TOTP &&
		    token->period_s != PERIOD_EVERYWHERE;
	case AKITA_APP_SHA256:
		return token->algorithm == AKITA_HASH_SHA256;
	case AKITA_APP_SHA512:
		return token->algorithm == AKITA_HASH_SHA512;
	case AKITA_APP_DIGITS7:
		return token->digits == 7;
	case AKITA_APP_DIGITS8:
		return token->digits == 8;
	case AKITA_APP_HOTP:
		return token->type == AKITA_HOTP;
	case AKITA_APP_FEATURES:
	default:
		return false;
	}
}

/* What of the token a feature is, in options of `issue`. */
static void
describe(const struct akita_token *token, enum akita_app_feature feature,
    char *ret, size_t size)
{
	switch (feature) {
	case AKITA_APP_PERIOD:
		(void)snprintf(ret, size, "--period %u", token->period_s);
		return;
	case AKITA_APP_SHA256:
	case AKITA_APP_SHA512:
		(void)snprintf(ret, size, "--algorithm %s",
		    akita_hash_name(token->algorithm));
		return;
	case AKITA_APP_DIGITS7:
	case AKITA_APP_DIGITS8:
		(void)snprintf(ret, size, "--digits %u", token->digits);
		return;
	case AKITA_APP_HOTP:
	case AKITA_APP_FEATURES:
	default:
		(void)snprintf(ret, size, "--type %s",
		    akita_token_type_name(token->type));
		return;
	}
}

/* The option that would do instead. */
static const char *
remedy(enum akita_app_feature feature)
{
	switch (feature) {
	case AKITA_APP_PERIOD:
		return "--period 30";
	case AKITA_APP_SHA256:
	case AKITA_APP_SHA512:
		return "--algorithm SHA1";
	case AKITA_APP_DIGITS7:
	case AKITA_APP_DIGITS8:
		return "--digits 6";
	case AKITA_APP_HOTP:
	case AKITA_APP_FEATURES:
	default:
		return "--type totp";
	}
}

enum akita_rc
akita_app_check(const struct akita_app *app, const struct akita_token *token,
    struct akita_why *ret_warning, struct akita_why *why)
{
	char refused[128] = "", instead[128] = "", unknown[128] = "", one[32];
	size_t used = 0, used_instead = 0, used_unknown = 0;
	int feature;

	for (feature = 0; feature < AKITA_APP_FEATURES; feature++) {
		if (!uses(token, (enum akita_app_feature)feature) ||
		    app->fact[feature] == AKITA_APP_YES)
			continue;
		describe(token, (enum akita_app_feature)feature, one,
		    sizeof(one));
		if (app->fact[feature] == AKITA_APP_UNKNOWN) {
			used_unknown += (size_t)snprintf(unknown +
			    used_unknown, sizeof(unknown) - used_unknown,
			    "%s%s", used_unknown > 0 ? " " : "", one);
			continue;
		}
		used += (size_t)snprintf(refused + used, sizeof(refused) -
		    used, "%s%s", used > 0 ? " " : "", one);
		used_instead += (size_t)snprintf(instead + used_instead,
		    sizeof(instead) - used_instead, "%s%s",
		    used_instead > 0 ? " " : "",
		    remedy((enum akita_app_feature)feature));
	}
	if (used > 0)
		return akita_fail(why, AKITA_ERR_REFUSED, AKITA_N("%s does not "
		    "work with %s: issue with %s, or take another app"),
		    app->name, refused, instead, NULL);
	if (used_unknown > 0)
		(void)akita_fail(ret_warning, AKITA_OK, AKITA_N("warning: it "
		    "is not known whether %s works with %s; the start of use "
		    "will show it"), app->name, unknown, NULL);
	return AKITA_OK;
}

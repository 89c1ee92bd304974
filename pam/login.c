#include "pam/module.h"

#include <security/pam_ext.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "pam/conv.h"
#include "pam/helper_client.h"

enum akita_reply
akita_reply_of(enum akita_rc rc)
{
	switch ((int)rc) {
	case AKITA_ERR_SETTINGS:
		return AKITA_REPLY_SETTINGS;
	case AKITA_ERR_CONV:
		return AKITA_REPLY_CONV;
	case AKITA_ERR_CONV_AGAIN:
		return AKITA_REPLY_CONV_AGAIN;
	default:
		return AKITA_REPLY_TROUBLE;
	}
}

/* libpam's own line: "pam_akita_otp(sshd:auth): ..." under authpriv. */
static void
log_line(void *ctx, int priority, const char *text)
{
	const struct akita_login *login = ctx;
	struct akita_log other;

	if (login->facility == LOG_AUTHPRIV) {
		pam_syslog(login->pamh, priority, "%s", text);
		return;
	}
	/* pam_syslog knows no other facility. */
	other = akita_event_syslog(&login->facility);
	other.line(other.ctx, priority, text);
}

static void
wrong_argument(void *ctx, const struct akita_why *why)
{
	const struct akita_login *login = ctx;

	(void)akita_login_trouble(login, AKITA_ERR_SETTINGS, why);
}

/* The value of a locale variable: PAM's, which is the session's to come, or
 * this process's unless that is not to be believed. */
static const char *
locale_variable(pam_handle_t *pamh, const char *name)
{
	const char *value = pam_getenv(pamh, name);

	return value != NULL ? value : secure_getenv(name);
}

static enum akita_lang
choose_lang(const struct akita_login *login)
{
	const struct akita_settings *settings = login->decider.site.settings;

	if (settings != NULL && settings->lang == AKITA_SETTINGS_LANG_JA)
		return AKITA_LANG_JA;
	if (settings != NULL && settings->lang == AKITA_SETTINGS_LANG_EN)
		return AKITA_LANG_EN;
	return akita_lang_from_locale(locale_variable(login->pamh, "LC_ALL"),
	    locale_variable(login->pamh, "LC_MESSAGES"),
	    locale_variable(login->pamh, "LANG"));
}

enum akita_rc
akita_login_prepare(struct akita_login *login, pam_handle_t *pamh,
    const char *stage, int flags, int argc, const char **argv)
{
	struct akita_why why = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const void *service = NULL;

	login->pamh = pamh;
	login->stage = stage;
	login->flags = flags;
	login->facility = LOG_AUTHPRIV;
	login->log.line = log_line;
	login->log.ctx = login;
	if (pam_get_item(pamh, PAM_SERVICE, &service) == PAM_SUCCESS)
		login->service = service;
	akita_source_get(pamh, &login->source);
	rc = akita_args_parse(argc, argv, wrong_argument, login, &login->args);
	if (rc != AKITA_OK)
		return rc;
	rc = akita_decider_load(&login->decider, login->args.config,
	    login->args.isolate, AKITA_HELPER_FILE, &login->log, &why);
	if (rc != AKITA_OK) {
		(void)akita_login_trouble(login, rc, &why);
		return rc;
	}
	if (login->decider.site.settings != NULL)
		login->facility = login->decider.site.settings->audit_syslog;
	login->lang = choose_lang(login);
	return AKITA_OK;
}

/* PAM_USER; *ret_user is NULL where there is none. */
static enum akita_rc
get_user(struct akita_login *login, bool may_ask, const char **ret_user)
{
	const void *item = NULL;
	int code;

	if (may_ask) {
		code = pam_get_user(login->pamh, ret_user, NULL);
	} else {
		code = pam_get_item(login->pamh, PAM_USER, &item);
		*ret_user = item;
	}
	return code == PAM_SUCCESS ? AKITA_OK : akita_conv_result(code);
}

enum akita_rc
akita_login_identify(struct akita_login *login, bool may_ask)
{
	struct akita_why why = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const char *user = NULL;

	if ((rc = get_user(login, may_ask, &user)) != AKITA_OK) {
		(void)akita_login_trouble(login, rc, &why);
		return rc;
	}
	rc = akita_nss_lookup(user != NULL ? user : "", &login->nss, &why);
	if (rc == AKITA_ERR_USAGE) {
		/* Asked and refused like any other, so that it tells nothing. */
		akita_login_debug(login, "the user's name is no account name",
		    NULL);
		memset(&login->nss, 0, sizeof(login->nss));
		return AKITA_OK;
	}
	if (rc != AKITA_OK) {
		(void)akita_login_trouble(login, rc, &why);
		return rc;
	}
	login->has_name = true;
	return AKITA_OK;
}

void
akita_login_end(struct akita_login *login)
{
	akita_decider_end(&login->decider);
}

struct akita_scene
akita_login_scene(const struct akita_login *login)
{
	return (struct akita_scene){
		.event = login->stage,
		.user = login->has_name ? login->nss.name : NULL,
		.is_known = login->has_name && login->nss.is_known,
		.service = login->service,
		.rhost = login->source.address[0] != '\0' ?
		    login->source.address : login->source.rhost,
	};
}

enum akita_reply
akita_login_trouble(const struct akita_login *login, enum akita_rc rc,
    const struct akita_why *why)
{
	const struct akita_scene scene = akita_login_scene(login);

	akita_report_trouble(&login->log, &scene, rc, why);
	return akita_reply_of(rc);
}

void
akita_login_debug(const struct akita_login *login, const char *format,
    const char *value)
{
	struct akita_log_event line = { .event = "debug", .failures = -1 };
	struct akita_why why = { 0 };

	if (!login->args.debug)
		return;
	(void)akita_fail(&why, AKITA_OK, format, value, NULL);
	line.service = login->service;
	line.why = &why;
	akita_event_send(&login->log, LOG_DEBUG, &line);
}

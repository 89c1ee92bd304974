/* The mails that come with what happens to an account. */
#include "common/admin_int.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#ifndef AKITA_DATADIR
#define AKITA_DATADIR	"/usr/share"
#endif

#define SENDMAIL_MS	60000
#define MAIL_ID		60	/* with NUL; ".eml" still fits */

static enum akita_lang
lang_of(const struct akita_site *site)
{
	return site->settings->lang == AKITA_SETTINGS_LANG_EN ?
	    AKITA_LANG_EN : AKITA_LANG_JA;
}

/* An expiry as a customer reads it, in local time; "" where there is none. */
static void
expiry_text(const struct akita_account *account, enum akita_lang lang,
    char *ret, size_t size)
{
	const struct akita_token *token = account->has_waiting ?
	    &account->waiting : &account->token;
	time_t at = (time_t)token->expires_at;
	struct tm tm;

	ret[0] = '\0';
	if ((!account->has_token && !account->has_waiting) || at == 0 ||
	    localtime_r(&at, &tm) == NULL)
		return;
	(void)snprintf(ret, size, lang == AKITA_LANG_JA ?
	    "%d年%d月%d日 %d時%02d分" : "%d-%02d-%02d %02d:%02d",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min);
}

static enum akita_rc
render(struct akita_site *site, enum akita_mail_kind kind,
    const struct akita_account *account, const char *to, int64_t at_s,
    const char *id, char ret[AKITA_MAIL_TEXT], struct akita_why *why)
{
	const struct akita_settings *s = site->settings;
	const char *const dirs[] = {
		site->mail_dir, AKITA_DATADIR "/akita-otp/mail", NULL
	};
	const struct akita_identity *who = &account->identity;
	char template[AKITA_MAIL_TEMPLATE], user_id[16] = "", expires[64];
	struct akita_mail mail = {
		.from = s->mail_from, .from_name = s->service_name, .to = to,
		.date_s = at_s, .id = id, .service_name = s->service_name,
		.service_id = s->service_id, .user_id = user_id,
		.user = who->user, .contact = s->contact, .expires = expires,
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (s->mail_from[0] == '\0')
		return akita_fail(why, AKITA_ERR_SETTINGS, AKITA_N("No sender "
		    "of mails is set: give [mail] from in the configuration."),
		    NULL);
	mail.name = who->name[0] != '\0' ? who->name : who->user;
	if (who->user_id != 0)
		(void)snprintf(user_id, sizeof(user_id), "%lu",
		    (unsigned long)who->user_id);
	expiry_text(account, lang_of(site), expires, sizeof(expires));
	rc = akita_mailtext_template(kind, lang_of(site), dirs, &site->trust,
	    template, why);
	if (rc == AKITA_OK)
		rc = akita_mailtext_render(template, &mail, ret, why);
	return rc;
}

/*
 * A name nobody else has, for the file and the Message-ID.  Mails leave in the
 * order of their names: by the second, then as the account's changes came.
 */
static enum akita_rc
make_id(struct akita_site *site, enum akita_mail_kind kind,
    const struct akita_account *account, int64_t at_s, char ret[MAIL_ID])
{
	uint64_t random = 0;
	enum akita_rc rc;

	rc = site->random->fill(site->random->ctx, &random, sizeof(random));
	if (rc == AKITA_OK)
		(void)snprintf(ret, MAIL_ID, "%lld-%08lx-%s-%016llx",
		    (long long)at_s,
		    (unsigned long)(account->slot.sequence & 0xffffffff),
		    akita_mail_kind_name(kind), (unsigned long long)random);
	return rc;
}

enum akita_rc
akita_admin_mail(struct akita_site *site, enum akita_mail_kind kind,
    const struct akita_account *account, const char *to, int64_t at_s,
    char ret[AKITA_MAIL_TEXT], struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char id[MAIL_ID];

	if ((rc = make_id(site, kind, account, at_s, id)) != AKITA_OK)
		return rc;
	return render(site, kind, account, to, at_s, id, ret, why);
}

struct akita_outbox
akita_admin_outbox(const struct akita_site *site, char dir[AKITA_PATH_MAX + 1])
{
	const char *path = site->settings->database;
	const char *slash = strrchr(path, '/');
	struct akita_outbox box = {
		.dir = dir, .trust = &site->trust, .clock = site->clock,
		.sendmail = site->settings->sendmail,
		.from = site->settings->mail_from, .timeout_ms = SENDMAIL_MS,
	};

	(void)snprintf(dir, AKITA_PATH_MAX + 1, "%.*s/outbox",
	    slash != NULL ? (int)(slash - path) : 0, path);
	return box;
}

/* ---- with a deed ---- */

static void
add_mail(struct akita_site *site, const struct akita_deed *deed,
    enum akita_mail_kind kind, const char *to,
    struct akita_companions *companions)
{
	struct akita_why why = { .msgid = NULL };
	unsigned int n = companions->n_mails;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char id[MAIL_ID];

	if (to[0] == '\0' || n == AKITA_MAILS_MAX)
		return;
	rc = make_id(site, kind, deed->after, deed->at_s, id);
	if (rc == AKITA_OK)
		rc = render(site, kind, deed->after, to, deed->at_s, id,
		    companions->mail[n].text, &why);
	if (rc != AKITA_OK) {
		akita_admin_warn(site, "mail", deed->after, &why);
		return;
	}
	(void)snprintf(companions->mail[n].file,
	    sizeof(companions->mail[n].file), "%s.eml", id);
	companions->n_mails++;
}

/* Service ID and user ID go to the phone; the address of record is told that
 * this happened. */
static void
add_issue_mails(struct akita_site *site, const struct akita_deed *deed,
    struct akita_companions *companions)
{
	const struct akita_identity *who = &deed->after->identity;
	bool is_apart = who->device_mail[0] != '\0' &&
	    strcmp(who->device_mail, who->mail) != 0;

	add_mail(site, deed, AKITA_MAIL_ISSUED, is_apart ? who->device_mail :
	    who->mail, companions);
	if (is_apart)
		add_mail(site, deed, AKITA_MAIL_ISSUED_NOTICE, who->mail,
		    companions);
}

void
akita_companions_mails(struct akita_site *site, const struct akita_deed *deed,
    struct akita_companions *companions)
{
	static const struct {
		const char		*event;
		enum akita_mail_kind	 kind;
	} kinds[] = {
		{ "register", AKITA_MAIL_REGISTERED },
		{ "activate", AKITA_MAIL_ACTIVATED },
		{ "lock", AKITA_MAIL_LOCKED },
		{ "suspend", AKITA_MAIL_SUSPENDED },
		{ "unlock", AKITA_MAIL_RESUMED },
		{ "release", AKITA_MAIL_RELEASED },
	};
	const struct akita_identity *who = &deed->after->identity;
	size_t i;

	if (!site->settings->mail_enabled)
		return;
	if (strcmp(deed->event, "issue") == 0 ||
	    strcmp(deed->event, "replace") == 0)
		add_issue_mails(site, deed, companions);
	/* A graver reason for a suspension is no second one. */
	if (strcmp(deed->event, "suspend") == 0 &&
	    strcmp(deed->from, deed->to) == 0)
		return;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(deed->event, kinds[i].event) == 0)
			add_mail(site, deed, kinds[i].kind,
			    who->mail[0] != '\0' ? who->mail :
			    who->device_mail, companions);
}
